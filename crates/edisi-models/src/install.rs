//! Installing: pulling from the catalogue, importing adapters.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use edisi_gguf::GgufFile;

use crate::adapter::Adapter;
use crate::catalogue::{Entry, Folder};
use crate::error::io_error;
use crate::files::{check_hash, inventory, sync_folder, write_durably};
use crate::merge::{MergeError, merge};
use crate::staging::{Lock, Staging};
use crate::store::check_name;
use crate::vocabulary::Kept;
use crate::{
    Carried, Engine, Error, Expected, FileSource, ImportOptions, Installed, Licence, Manifest, Origin,
    Progress, Prompt, PullOptions, SCHEMA, Source, Store, Trust, Wheel, packages,
};

/// The file with the notice that the licence asks to be passed on, and what was changed.
const NOTICE: &str = "NOTICE.txt";

impl Store {
    /// Installs a model of the catalogue. One that is installed in the catalogue's version is left alone
    /// unless `force` is set; a damaged one is replaced.
    ///
    /// # Errors
    /// [`Error::UnknownModel`], [`Error::Locked`], those of fetching and of merging, [`Error::WrongHash`] when
    /// the result is not what the catalogue expects. Nothing is installed then.
    pub fn pull(
        &self,
        name: &str,
        options: &PullOptions,
        progress: &mut dyn Progress,
    ) -> Result<Installed, Error> {
        check_name(name)?;
        let Some((entry, folder)) = self.catalogue.find(name) else {
            return Err(self.unknown(name)?);
        };
        let lock = Lock::take_for(&self.models, options.wait, progress)?;
        if !options.force
            && let Ok(installed) = self.get(name)
            && is_current(&installed, entry)
        {
            return Ok(installed);
        }
        let staging = lock.stage(name)?;
        match &entry.base {
            None => packages::unpack(entry, &options.source, &staging.scratch(), &staging.model(), progress)
                .and_then(|licence| self.finish(entry, staging, licence, None, packaged(entry))),
            Some(base) => self.adapt(entry, folder, base, &options.source, staging, progress),
        }
    }

    /// Merges an adapter folder into the model `base` and installs the result as `name`. A `model.toml` in the
    /// folder describes the result; without one it is a draft for the languages of the base.
    ///
    /// # Errors
    /// [`Error::AlreadyInstalled`], [`Error::BadAdapter`], [`Error::UnknownModel`] for the base,
    /// [`Error::Locked`], those of fetching the base when it is not installed. Nothing is installed then.
    pub fn import(
        &self,
        folder: &Path,
        name: &str,
        base: &str,
        options: &ImportOptions,
        progress: &mut dyn Progress,
    ) -> Result<Installed, Error> {
        check_name(name)?;
        let folder = Folder::read(folder)?;
        let lock = Lock::take(&self.models)?;
        if !options.force && self.models.join(name).exists() {
            return Err(Error::AlreadyInstalled { name: name.to_owned() });
        }
        let entry = match folder.entry()? {
            Some(entry) => Entry { name: name.to_owned(), ..entry },
            None => self.describe_import(name, base)?,
        };
        let staging = lock.stage(name)?;
        self.adapt(&entry, &folder, base, &options.source, staging, progress)
    }

    /// What an adapter without a description is taken to be.
    fn describe_import(&self, name: &str, base: &str) -> Result<Entry, Error> {
        let (engine, coverage) = match (self.get(base), self.catalogue.get(base)) {
            (Ok(installed), _) => (installed.manifest.engine, installed.manifest.coverage),
            (Err(_), Some(entry)) => (entry.engine.clone(), entry.coverage.clone()),
            (Err(e), None) => return Err(e),
        };
        let Engine::GgufGemma3 { .. } = engine else {
            let reason = format!("`{base}` is no language model; name one with --base");
            return Err(Error::BadAdapter { folder: name.to_owned(), reason });
        };
        Ok(Entry {
            name: name.to_owned(),
            version: "0".into(),
            description: format!("An adapter imported into {base}"),
            tier: crate::Tier::Draft,
            engine: Engine::GgufGemma3 { prompt: Prompt::Plain },
            coverage,
            through_english: Vec::new(),
            scores: Vec::new(),
            licence: None,
            result: None,
            wheels: Vec::new(),
            base: Some(base.to_owned()),
        })
    }

    fn adapt(
        &self,
        entry: &Entry,
        folder: &Folder,
        base: &str,
        source: &Source,
        staging: Staging<'_>,
        progress: &mut dyn Progress,
    ) -> Result<Installed, Error> {
        let misfit = |reason| Error::BadAdapter { folder: folder.label.clone(), reason };
        let adapter = Adapter::read(folder)?;
        let base = self.base(base, source, &staging, progress)?;
        let licence = entry.licence.clone().unwrap_or(base.licence);
        let model = GgufFile::open(&base.folder.join(Manifest::MODEL))?;
        let kept = folder.get(Folder::KEPT).map(|list| Kept::parse(list, model.metadata()));
        let kept = kept.transpose().map_err(|e| misfit(format!("{}: {e}", Folder::KEPT)))?;
        let merged = merge(&model, &adapter, kept.as_ref(), &entry.name, progress).map_err(|e| match e {
            MergeError::Misfit(reason) => misfit(reason),
            MergeError::Other(e) => e,
        })?;
        drop(model);
        let target = staging.model();
        write_durably(&target.join(Manifest::MODEL), |out| merged.write_to(out))?;
        for name in base.texts.iter().filter(|name| *name != NOTICE) {
            let from = base.folder.join(name);
            fs::copy(&from, target.join(name)).map_err(|e| io_error("copying", &from, e))?;
        }
        for (name, bytes) in folder.texts() {
            // The base's licence and notices stay; the adapter's own come beside them.
            let free = !target.join(name).exists() && name != NOTICE;
            let name = if free { name.to_owned() } else { format!("adapter-{name}") };
            write_durably(&target.join(name), |out| out.write_all(bytes))?;
        }
        let vocabulary = match &kept {
            Some(kept) => format!("cut to {} entries", kept.len()),
            None => "kept whole".into(),
        };
        let origin = Derivation {
            changes: format!(
                "Modified from {}: a LoRA adapter was merged into it, its vocabulary {vocabulary}, its matrices \
                 quantised to 8 bits.",
                base.origin.name
            ),
            base: base.origin,
            adapter: Origin { name: entry.name.clone(), sha256: adapter.sha256 },
        };
        self.finish(entry, staging, licence, Some(origin), BTreeMap::new())
    }

    /// The base model's files: the installed ones when intact, else fetched for this installation only.
    fn base(
        &self,
        name: &str,
        source: &Source,
        staging: &Staging<'_>,
        progress: &mut dyn Progress,
    ) -> Result<Base, Error> {
        match self.verify(name, progress) {
            Ok(model) => {
                let files = model.manifest.files.iter().map(|f| f.name.clone());
                return Ok(Base {
                    origin: Origin {
                        name: name.to_owned(),
                        sha256: model.manifest.model_sha256().unwrap_or_default().to_owned(),
                    },
                    texts: files.filter(|f| f != Manifest::MODEL).collect(),
                    licence: model.manifest.licence,
                    folder: model.folder,
                });
            }
            Err(Error::NotInstalled { .. }) => {}
            Err(e) => return Err(e),
        }
        let entry = self.catalogue.get(name).expect("only what the catalogue has is `NotInstalled`");
        let Some(expected) = entry.result.as_ref().filter(|_| entry.base.is_none()) else {
            let reason = format!("its base `{name}` is itself adapted; install that first");
            return Err(Error::BadEntry { name: staging.name().to_owned(), reason });
        };
        let folder = staging.scratch().join("base");
        fs::create_dir_all(&folder).map_err(|e| io_error("creating", &folder, e))?;
        let licence = packages::unpack(entry, source, &staging.scratch(), &folder, progress)?;
        Ok(Base {
            origin: Origin { name: name.to_owned(), sha256: expected.sha256.clone() },
            texts: entry.wheels.iter().flat_map(|w| w.files.values().cloned()).collect(),
            licence,
            folder,
        })
    }

    /// Writes the notice and the manifest, and puts the folder in its place.
    pub(crate) fn finish(
        &self,
        entry: &Entry,
        staging: Staging<'_>,
        licence: Licence,
        derivation: Option<Derivation>,
        mut sources: BTreeMap<String, FileSource>,
    ) -> Result<Installed, Error> {
        let folder = staging.model();
        let changes = derivation.as_ref().map(|d| d.changes.clone());
        let notice: Vec<_> = licence.notice.iter().chain(&changes).map(String::as_str).collect();
        if !notice.is_empty() {
            write_durably(&folder.join(NOTICE), |out| writeln!(out, "{}", notice.join("\n")))?;
        }
        let mut files = inventory(&folder)?;
        let model = files.iter().find(|f| f.name == Manifest::MODEL);
        if let (Some(expected), Some(model)) = (&entry.result, model) {
            check_hash(&format!("{} of {}", Manifest::MODEL, entry.name), &expected.sha256, &model.sha256)?;
        }
        for file in &mut files {
            file.source = sources.remove(&file.name);
        }
        let (base, adapter) = derivation.map(|d| (d.base, d.adapter)).unzip();
        let manifest = Manifest {
            schema: SCHEMA,
            name: entry.name.clone(),
            version: entry.version.clone(),
            description: entry.description.clone(),
            tier: entry.tier,
            engine: entry.engine.clone(),
            coverage: entry.coverage.clone(),
            through_english: entry.through_english.clone(),
            scores: entry.scores.clone(),
            base,
            adapter,
            changes,
            licence,
            files,
        };
        write_durably(&folder.join(Manifest::FILE), |out| {
            serde_json::to_writer_pretty(&mut *out, &manifest)?;
            out.write_all(b"\n")
        })?;
        sync_folder(&folder)?;
        let folder = staging.commit()?;
        Ok(Installed { manifest, folder })
    }
}

struct Base {
    origin: Origin,
    licence: Licence,
    folder: PathBuf,
    /// Names of the licence's and other texts in `folder`.
    texts: Vec<String>,
}

/// What was made from another model, and how.
pub(crate) struct Derivation {
    base: Origin,
    adapter: Origin,
    changes: String,
}

/// Where the files come from that an entry's wheels carry.
fn packaged(entry: &Entry) -> BTreeMap<String, FileSource> {
    let source = |(wheel, file): (&Wheel, &Carried)| {
        let from = format!("Python package {} {}, {}", wheel.package, wheel.version, file.path);
        (file.name.clone(), FileSource { from, trust: Trust::Published })
    };
    entry.carried().map(source).collect()
}

fn is_current(installed: &Installed, entry: &Entry) -> bool {
    let same = |expected: &Expected| installed.manifest.model_sha256() == Some(&expected.sha256);
    let same_file = |file: &Carried| {
        installed.manifest.file(&file.name).is_some_and(|installed| installed.sha256 == file.sha256)
    };
    installed.manifest.version == entry.version
        && entry.result.as_ref().is_none_or(same)
        && entry.carried().all(|(_, file)| same_file(file))
}
