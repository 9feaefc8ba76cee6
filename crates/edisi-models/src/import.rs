//! Models from disk: Marian files as their publishers name them, and copies of installed models.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use edisi_text::Lang;
use serde::Deserialize;

use crate::catalogue::Entry;
use crate::error::io_error;
use crate::files::{check_hash, sync_folder, write_durably};
use crate::marian::{
    MODEL, SHORTLIST, SOURCE_VOCABULARY, TARGET_VOCABULARY, VOCABULARY, check, complete, most,
};
use crate::registry::{pair_name, parse_pair};
use crate::staging::Lock;
use crate::store::{check_name, read_manifest};
use crate::{
    Coverage, Engine, Error, FileSource, Installed, Licence, Manifest, Progress, Score, Step, Store, Tier,
    Trust, inflate,
};

/// The registry's description of one model, beside its files.
const METADATA: &str = "metadata.json";
/// The largest description that is read.
const MAX_METADATA: u64 = 1 << 20;

/// How to [import](Store::import_files) models from disk.
#[derive(Debug, Clone, Default)]
pub struct FileImport {
    /// The languages of the model, where the files' names do not tell.
    pub pair: Option<(Lang, Lang)>,
    /// The name to install it under, instead of its pair's.
    pub name: Option<String>,
    /// Whether to replace an installed model.
    pub force: bool,
    /// Whether to wait for another process that is installing.
    pub wait: bool,
}

/// The files of one model, as they are on the disk.
struct Found {
    /// What to call it in messages.
    label: String,
    pair: Option<(Lang, Lang)>,
    /// By the name they get.
    files: BTreeMap<&'static str, PathBuf>,
    metadata: Option<Metadata>,
}

/// What Edisi uses of `metadata.json`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metadata {
    architecture: Option<String>,
    /// SHA-256 of the unpacked model.
    hash: Option<String>,
    source_language: Option<String>,
    target_language: Option<String>,
    flores: BTreeMap<String, serde_json::Value>,
}

/// What a file's name says.
enum Kind {
    Part(&'static str),
    Metadata,
    Checkpoint,
    Other,
}

impl Store {
    /// Installs models from disk. A folder may hold the files of one or more Marian models, packed (`.gz`) or not,
    /// in itself or in folders in it, or be the copy of an installed model's folder; files that are named make one
    /// model.
    ///
    /// # Errors
    /// [`Error::BadImport`], [`Error::BadFile`], [`Error::WrongHash`], [`Error::AlreadyInstalled`],
    /// [`Error::Locked`]. Models before the one that fails stay installed.
    pub fn import_files(
        &self,
        paths: &[PathBuf],
        options: &FileImport,
        progress: &mut dyn Progress,
    ) -> Result<Vec<Installed>, Error> {
        let bad = |reason: &str| Error::BadImport { what: label(paths), reason: reason.into() };
        for path in paths {
            fs::metadata(path).map_err(|e| io_error("reading", path, e))?;
        }
        let mut copies = Vec::new();
        let mut found = Vec::new();
        let (folders, files): (Vec<_>, Vec<_>) = paths.iter().cloned().partition(|path| path.is_dir());
        for folder in &folders {
            let (mut inside, mut deeper) = (Vec::new(), vec![]);
            for path in entries(folder)? {
                if path.is_dir() { deeper.push(path) } else { inside.push(path) }
            }
            for (folder, files) in std::iter::once((folder, inside))
                .chain(deeper.iter().map(|sub| Ok((sub, entries(sub)?))).collect::<Result<Vec<_>, Error>>()?)
            {
                match files.iter().any(|path| path.ends_with(Manifest::FILE)) {
                    true => copies.push(folder.clone()),
                    false => found.extend(group(folder, &files)?),
                }
            }
        }
        if !files.is_empty() {
            found.extend(one(label(&files), &files)?);
        }
        match (copies.len() + found.len(), options.pair.is_some() || options.name.is_some()) {
            (0, _) => {
                return Err(bad("there is no model in it: no model*.bin with its *.spm, packed or not"));
            }
            (1, _) | (_, false) => {}
            (n, true) => {
                let reason =
                    format!("--pair and --name are for one model, there are {n}; import them one by one");
                return Err(bad(&reason));
            }
        }
        let copies = copies.iter().map(|folder| self.import_copy(folder, options, progress));
        let mut installed = copies.collect::<Result<Vec<_>, _>>()?;
        for model in &found {
            installed.push(self.import_marian(model, options, progress)?);
        }
        Ok(installed)
    }

    fn import_marian(
        &self,
        found: &Found,
        options: &FileImport,
        progress: &mut dyn Progress,
    ) -> Result<Installed, Error> {
        let bad = |reason: String| Error::BadImport { what: found.label.clone(), reason };
        let metadata = found.metadata.as_ref();
        let described = || {
            let metadata = metadata?;
            let from = metadata.source_language.as_deref()?.parse().ok()?;
            Some((from, metadata.target_language.as_deref()?.parse().ok()?))
        };
        let Some((from, to)) = options.pair.or_else(described).or(found.pair) else {
            return Err(bad(
                "its languages cannot be told; give them with --pair, such as --pair en-fr".into()
            ));
        };
        complete(|name| found.files.contains_key(name)).map_err(|what| bad(format!("it lacks {what}")))?;
        let name = options.name.clone().unwrap_or_else(|| pair_name(from, to));
        let lock = self.lock_for(&name, options, progress)?;
        let staging = lock.stage(&name)?;
        let mut sources = BTreeMap::new();
        let mut version = String::new();
        // The shortlist comes last: it is held against the vocabularies.
        let order = [MODEL, VOCABULARY, SOURCE_VOCABULARY, TARGET_VOCABULARY, SHORTLIST];
        for (part, path) in order.into_iter().filter_map(|part| Some((part, found.files.get(part)?))) {
            let shown = path.display().to_string();
            let total = fs::metadata(path).map_err(|e| io_error("reading", path, e))?.len();
            let mut done = 0;
            let target = staging.model().join(part);
            let (sha256, _) = inflate::unpack(path, &shown, &target, most(part), |bytes| {
                done += bytes;
                progress.advance(Step::Unpack, done, total.max(done));
                if progress.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
            })?;
            let published = metadata.and_then(|m| m.hash.as_ref()).filter(|_| part == MODEL);
            if let Some(hash) = published {
                check_hash(&shown, &hash.to_ascii_lowercase(), &sha256)?;
            }
            check::check(&staging.model(), part, &shown)?;
            if part == MODEL {
                version = sha256[..12].to_owned();
            }
            let from = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let trust = if published.is_some() { Trust::Published } else { Trust::FirstUse };
            sources.insert(part.to_owned(), FileSource { from, trust });
        }
        let stated = metadata.and_then(|m| m.architecture.clone());
        let family = check::family(&staging.model().join(MODEL))?.unwrap_or("unknown");
        let architecture = stated.unwrap_or_else(|| family.to_owned());
        let entry = Entry {
            name: name.clone(),
            version,
            description: format!(
                "{} to {} ({architecture}), imported",
                from.english_name(),
                to.english_name()
            ),
            tier: Tier::Production,
            engine: Engine::Marian { architecture },
            coverage: Coverage::Pairs(vec![(from, to)]),
            through_english: Vec::new(),
            scores: metadata.map(Metadata::scores).unwrap_or_default(),
            licence: None,
            result: None,
            wheels: Vec::new(),
            base: None,
        };
        let licence =
            Licence { name: "not stated".into(), url: "as the files came".into(), file: None, notice: None };
        self.finish(&entry, staging, licence, None, sources)
    }

    /// Installs a copy of an installed model's folder, every file as its manifest says.
    fn import_copy(
        &self,
        folder: &Path,
        options: &FileImport,
        progress: &mut dyn Progress,
    ) -> Result<Installed, Error> {
        let bad = |reason: String| Error::BadImport { what: folder.display().to_string(), reason };
        let manifest = read_manifest(folder, None).map_err(|why| bad(format!("manifest.json: {why}")))?;
        if let Some(name) = options.name.as_ref().filter(|name| **name != manifest.name) {
            return Err(bad(format!("it is a copy of `{}` and cannot become `{name}`", manifest.name)));
        }
        check_name(&manifest.name)?;
        let lock = self.lock_for(&manifest.name, options, progress)?;
        let staging = lock.stage(&manifest.name)?;
        let total = manifest.files.iter().map(|f| f.bytes).sum();
        let mut done = 0;
        for file in &manifest.files {
            let (from, to) = (folder.join(&file.name), staging.model().join(&file.name));
            let shown = from.display().to_string();
            let (sha256, _) = inflate::copy(&from, &shown, &to, file.bytes, |bytes| {
                done += bytes;
                progress.advance(Step::Unpack, done, total);
                if progress.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
            })?;
            check_hash(&shown, &file.sha256, &sha256)?;
        }
        let json = fs::read(folder.join(Manifest::FILE)).map_err(|e| io_error("reading", folder, e))?;
        write_durably(&staging.model().join(Manifest::FILE), |out| std::io::Write::write_all(out, &json))?;
        sync_folder(&staging.model())?;
        let folder = staging.commit()?;
        Ok(Installed { manifest, folder })
    }

    fn lock_for(
        &self,
        name: &str,
        options: &FileImport,
        progress: &mut dyn Progress,
    ) -> Result<Lock<'_>, Error> {
        check_name(name)?;
        let lock = Lock::take_for(&self.models, options.wait, progress)?;
        match !options.force && self.models.join(name).exists() {
            true => Err(Error::AlreadyInstalled { name: name.to_owned() }),
            false => Ok(lock),
        }
    }
}

impl Metadata {
    fn read(path: &Path) -> Result<Self, Error> {
        let bad = |reason: String| Error::BadImport { what: path.display().to_string(), reason };
        let len = fs::metadata(path).map_err(|e| io_error("reading", path, e))?.len();
        if len > MAX_METADATA {
            return Err(bad("it is too large for a description".into()));
        }
        let bytes = fs::read(path).map_err(|e| io_error("reading", path, e))?;
        serde_json::from_slice(&bytes).map_err(|e| bad(e.to_string()))
    }

    fn scores(&self) -> Vec<Score> {
        let score = |(metric, value): (&String, &serde_json::Value)| {
            Some(Score { metric: metric.clone(), data: "flores".into(), value: value.as_f64()? })
        };
        self.flores.iter().filter_map(score).collect()
    }
}

/// The models among a folder's files: one for each pair in their names.
fn group(folder: &Path, files: &[PathBuf]) -> Result<Vec<Found>, Error> {
    let label = folder.display().to_string();
    let tags: Vec<_> =
        files.iter().filter(|path| matches!(kind(path), Kind::Part(_))).map(|p| tag(p)).collect();
    let mut pairs: Vec<_> = tags.iter().flatten().copied().collect();
    pairs.sort();
    pairs.dedup();
    if pairs.len() < 2 {
        let of_folder = folder.file_name().and_then(|name| pair_of(&name.to_string_lossy()));
        let found = one(label, files)?;
        return Ok(found
            .into_iter()
            .map(|model| Found { pair: model.pair.or(of_folder), ..model })
            .collect());
    }
    let mut all = Vec::new();
    for pair in pairs {
        let own: Vec<_> = files.iter().filter(|path| tag(path) == Some(pair)).cloned().collect();
        all.extend(one(format!("{label} ({})", pair_name(pair.0, pair.1)), &own)?);
    }
    Ok(all)
}

/// The one model that files make, if there is one.
fn one(label: String, files: &[PathBuf]) -> Result<Option<Found>, Error> {
    let mut found = Found { label, pair: None, files: BTreeMap::new(), metadata: None };
    for path in files {
        match kind(path) {
            Kind::Part(part) => {
                found.pair = found.pair.or_else(|| tag(path));
                if let Some(other) = found.files.insert(part, path.clone()) {
                    let reason =
                        format!("{} and {} would both be its {part}", other.display(), path.display());
                    return Err(Error::BadImport { what: found.label, reason });
                }
            }
            Kind::Metadata => found.metadata = Some(Metadata::read(path)?),
            Kind::Checkpoint => {
                let reason = "it is a training checkpoint; convert it with `marian-conv --gemm-type intgemm8 -f \
                              model.npz -t model.bin` first";
                return Err(Error::BadImport { what: path.display().to_string(), reason: reason.into() });
            }
            Kind::Other => {}
        }
    }
    Ok((!found.files.is_empty()).then_some(found))
}

fn kind(path: &Path) -> Kind {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let is = |start: &str, end: &str| name.starts_with(start) && name.ends_with(end);
    match name {
        METADATA => Kind::Metadata,
        _ if name.ends_with(".npz") => Kind::Checkpoint,
        _ if is("lex", ".bin") => Kind::Part(SHORTLIST),
        _ if is("model", ".bin") => Kind::Part(MODEL),
        _ if is("srcvocab", ".spm") => Kind::Part(SOURCE_VOCABULARY),
        _ if is("trgvocab", ".spm") => Kind::Part(TARGET_VOCABULARY),
        _ if name.ends_with(".spm") => Kind::Part(VOCABULARY),
        _ => Kind::Other,
    }
}

/// The pair in a file's name, between dots: `model.enfr.intgemm.alphas.bin`.
fn tag(path: &Path) -> Option<(Lang, Lang)> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let mut steps = name.split('.');
    steps.next();
    steps.find_map(pair_of)
}

/// `enfr`, `en-fr`, `zh_hanten`: where it could be cut in several places, so that one side is English.
fn pair_of(text: &str) -> Option<(Lang, Lang)> {
    if text.contains('-') {
        return parse_pair(text);
    }
    if !(4..=16).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_') {
        return None;
    }
    let known = |pair: &(Lang, Lang)| pair.0 == Lang::EN || pair.1 == Lang::EN;
    let cuts = (2..=text.len() - 2).filter_map(|at| {
        let (from, to) = text.split_at(at);
        let pair = (from.parse::<Lang>().ok()?, to.parse::<Lang>().ok()?);
        (pair.0 != pair.1).then_some(pair)
    });
    let cuts: Vec<_> = cuts.collect();
    let even = || (text.len() == 4).then(|| cuts.first().copied()).flatten();
    cuts.iter().copied().find(known).or_else(even)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let fail = |e| io_error("reading", folder, e);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        paths.push(entry.map_err(fail)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn label(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_from_names() {
        let pair = |name: &str| tag(Path::new(name)).map(|(from, to)| pair_name(from, to));
        for (name, expected) in [
            ("model.enfr.intgemm.alphas.bin", Some("en-fr")),
            ("model.enfr.intgemm.alphas.bin.gz", Some("en-fr")),
            ("lex.50.50.ptid.s2t.bin", Some("pt-id")),
            ("vocab.hbsen.spm", Some("hbs-en")),
            ("trgvocab.enzh.spm", Some("en-zh")),
            ("srcvocab.zh_hanten.spm", Some("zh-hant-en")),
            ("model.en-id.bin", Some("en-id")),
            ("model.bin", None),
            ("vocab.spm", None),
        ] {
            assert_eq!(pair(name).as_deref(), expected, "{name}");
        }
    }
}
