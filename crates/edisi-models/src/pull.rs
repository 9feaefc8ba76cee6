//! Installing models from the registry.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use crate::catalogue::Entry;
use crate::download::{Client, Partial};
use crate::error::io_error;
use crate::files::check_hash;
use crate::registry::{MOZILLA, RemoteFile};
use crate::staging::{Lock, Staging};
use crate::{
    Coverage, Engine, Error, FileSource, Installed, Network, Progress, PullOptions, Registry, Release, Step,
    Store, Trust, config, inflate, marian,
};

/// The largest registry that is read; Mozilla's is about a megabyte.
const MAX_REGISTRY: u64 = 64 << 20;

impl Store {
    /// The registry's address: the one asked for, else `$EDISI_REGISTRY`, else `registry` in `config.toml` of the
    /// data directory, else Mozilla's.
    ///
    /// # Errors
    /// [`Error::BadConfig`].
    pub fn registry_url(&self, asked: Option<&str>) -> Result<String, Error> {
        if let Some(url) = asked {
            return Ok(url.to_owned());
        }
        if let Some(url) = std::env::var("EDISI_REGISTRY").ok().filter(|url| !url.is_empty()) {
            return Ok(url);
        }
        Ok(config::read(&self.home)?.registry.unwrap_or_else(|| MOZILLA.to_owned()))
    }

    /// Fetches the registry at `url`.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::BadRegistry`], [`Error::TooLarge`], [`Error::Cancelled`].
    pub fn registry(
        &self,
        url: &str,
        network: &Network,
        progress: &mut dyn Progress,
    ) -> Result<Registry, Error> {
        let read = Client::new(network).read(url, MAX_REGISTRY, &mut |_, _| stop(progress));
        let json = read.map_err(|e| match e {
            Error::Download { url, reason } => Error::Unreachable { url, reason },
            other => other,
        })?;
        Registry::parse(url, &json)
    }

    /// Installs a model of the registry under the name of its pair. One that is installed already, in this
    /// version, is left alone unless `force` is set. What a failed download brought is kept for the next.
    ///
    /// # Errors
    /// [`Error::Download`], [`Error::WrongHash`], [`Error::TooLarge`], [`Error::BadFile`], [`Error::Changed`],
    /// [`Error::Locked`], [`Error::DiskFull`], [`Error::Cancelled`]. Nothing is installed then.
    pub fn pull_release(
        &self,
        release: &Release,
        options: &PullOptions,
        progress: &mut dyn Progress,
    ) -> Result<Installed, Error> {
        let name = release.name();
        let lock = Lock::take_for(&self.models, options.wait, progress)?;
        let installed = self.get(&name).ok();
        if !options.force
            && let Some(installed) = &installed
            && installed.manifest.version == release.version()
        {
            return Ok(installed.clone());
        }
        progress.licence(&name, &release.licence);
        let staging = lock.stage(&name)?;
        let sources = fetch(release, &options.network, &lock.partials(), &staging, progress)?;
        check_first_use(&staging, installed.as_ref(), &sources)?;
        let unstated = release.files.iter().filter(|f| f.sha256.is_none()).count();
        if unstated > 0 {
            progress.notice(&format!(
                "{name}: the registry states no hash for {unstated} of {} files; what came now is held to from here on",
                release.files.len()
            ));
        }
        self.finish(&describe(release), staging, release.licence.clone(), None, sources)
    }
}

/// An entry of the catalogue that would make the same model.
fn describe(release: &Release) -> Entry {
    let (from, to) = (release.from, release.to);
    Entry {
        name: release.name(),
        version: release.version(),
        description: format!("{} to {} ({})", from.english_name(), to.english_name(), release.architecture),
        tier: release.tier(),
        engine: Engine::Marian { architecture: release.architecture.clone() },
        coverage: Coverage::Pairs(vec![(from, to)]),
        through_english: Vec::new(),
        scores: release.scores.clone(),
        licence: Some(release.licence.clone()),
        result: None,
        wheels: Vec::new(),
        base: None,
    }
}

/// Downloads, unpacks and checks the files of a release in the staging folder.
fn fetch(
    release: &Release,
    network: &Network,
    partials: &Path,
    staging: &Staging<'_>,
    progress: &mut dyn Progress,
) -> Result<BTreeMap<String, FileSource>, Error> {
    let client = Client::new(network);
    // The other files are small beside the model; what they add to the whole is seen when they come.
    let guess = release.files.iter().filter_map(|f| f.bytes).sum::<u64>();
    let mut before = 0;
    let mut arrived = Vec::new();
    for file in &release.files {
        let mut partial = Partial::open(partials, &file.url)?;
        match download(&client, file, &mut partial, (before, guess), progress) {
            Err(e) if e.is_about_content() => {
                partial.discard();
                return Err(e);
            }
            downloaded => downloaded?,
        }
        before += partial.have();
        arrived.push((file, partial));
    }
    let mut sources = BTreeMap::new();
    let mut used = Vec::new();
    for (file, mut partial) in arrived {
        let target = staging.model().join(file.name);
        let unpacked = match unpack(file, &partial, &target, progress) {
            // What an earlier run left may be damaged, or of another file: it is fetched once more.
            Err(e) if e.is_about_content() && partial.resumed() => {
                partial.restart(&file.url)?;
                remove_if_there(&target)?;
                download(&client, file, &mut partial, (0, guess), progress)?;
                unpack(file, &partial, &target, progress)
            }
            unpacked => unpacked,
        };
        match unpacked {
            Ok(()) => used.push(partial),
            Err(e) => {
                if e.is_about_content() {
                    partial.discard();
                }
                return Err(e);
            }
        }
        let trust = if file.sha256.is_some() { Trust::Published } else { Trust::FirstUse };
        sources.insert(file.name.to_owned(), FileSource { from: file.url.clone(), trust });
    }
    used.into_iter().for_each(Partial::discard);
    Ok(sources)
}

/// The most bytes a file may have, unpacked.
fn limit(file: &RemoteFile) -> u64 {
    file.bytes.unwrap_or(u64::MAX).min(marian::most(file.name))
}

/// Downloads what is missing of a file; `before` bytes of about `guess` have come already, of other files.
fn download(
    client: &Client,
    file: &RemoteFile,
    partial: &mut Partial,
    (before, guess): (u64, u64),
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    // Packing what cannot be packed adds to it, with some packers more than with others.
    let packed_limit = limit(file) + limit(file) / 8 + 1024;
    client.download(&file.url, partial, packed_limit, &mut |have, total| {
        let whole = before + total.unwrap_or(0).max(have);
        progress.advance(Step::Download, before + have, whole.max(guess));
        stop(progress)
    })
}

fn remove_if_there(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(io_error("removing", path, e)),
        _ => Ok(()),
    }
}

fn unpack(
    file: &RemoteFile,
    partial: &Partial,
    target: &Path,
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    let (mut done, total) = (0, file.bytes.unwrap_or(partial.have()));
    let (sha256, bytes) = inflate::unpack(partial.path(), &file.url, target, limit(file), |bytes| {
        done += bytes;
        progress.advance(Step::Unpack, done, total.max(done));
        stop(progress)
    })?;
    if let Some(expected) = file.bytes.filter(|expected| *expected != bytes) {
        let reason = format!("it has {bytes} bytes unpacked, the registry says {expected}");
        return Err(Error::BadFile { what: file.url.clone(), reason });
    }
    if let Some(expected) = &file.sha256 {
        check_hash(&file.url, expected, &sha256)?;
    }
    let folder = target.parent().unwrap_or(target);
    marian::check::check(folder, file.name, &file.url)
}

/// A file without a published hash must be the one that was installed before from the same address.
fn check_first_use(
    staging: &Staging<'_>,
    installed: Option<&Installed>,
    sources: &BTreeMap<String, FileSource>,
) -> Result<(), Error> {
    let Some(installed) = installed else { return Ok(()) };
    for (name, source) in sources.iter().filter(|(_, source)| source.trust == Trust::FirstUse) {
        let Some(old) = installed.manifest.file(name).filter(|old| old.source.as_ref() == Some(source))
        else {
            continue;
        };
        let (got, _) = crate::files::hash_file(&staging.model().join(name), |_| Ok(()))?;
        if got != old.sha256 {
            return Err(Error::Changed {
                name: staging.name().to_owned(),
                url: source.from.clone(),
                expected: old.sha256.clone(),
                got,
            });
        }
    }
    Ok(())
}

fn stop(progress: &mut dyn Progress) -> Result<(), Error> {
    if progress.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
}
