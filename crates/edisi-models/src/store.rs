//! The models on this machine.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::io_error;
use crate::files::hash_file;
use crate::staging::Lock;
use crate::{Catalogue, Damage, Error, Manifest, Network, Progress, SCHEMA, Source, Step};

/// The models installed in one data directory, and the catalogue of those that can be.
#[derive(Debug)]
pub struct Store {
    pub(crate) home: PathBuf,
    pub(crate) models: PathBuf,
    pub(crate) catalogue: Catalogue,
}

/// An installed model.
#[derive(Debug, Clone, PartialEq)]
pub struct Installed {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its folder.
    pub folder: PathBuf,
}

impl Installed {
    /// The file with the weights.
    pub fn path(&self) -> PathBuf {
        self.folder.join(self.manifest.engine.model_file())
    }
}

/// What [`Store::list`] found.
#[derive(Debug, Default)]
pub struct Listing {
    /// Models whose files are there, ordered by name.
    pub models: Vec<Installed>,
    /// Folders that hold no usable model, by name, and why.
    pub damaged: Vec<(String, Error)>,
}

/// How to [`pull`](Store::pull).
#[derive(Debug, Clone, Default)]
pub struct PullOptions {
    /// Where packages come from.
    pub source: Source,
    /// Whether to install anew what is installed already.
    pub force: bool,
    /// How to talk to the registry.
    pub network: Network,
    /// Whether to wait for another process that is installing, instead of failing with [`Error::Locked`].
    pub wait: bool,
}

/// How to [`import`](Store::import).
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Where the base model's packages come from when it is not installed.
    pub source: Source,
    /// Whether to replace an installed model of that name.
    pub force: bool,
}

impl Store {
    /// The store in the user's data directory ([`data_dir`](crate::data_dir)), with the built-in catalogue.
    /// Nothing is created before something is installed.
    ///
    /// # Errors
    /// [`Error::NoHome`].
    pub fn open_default() -> Result<Self, Error> {
        Ok(Self::open(&crate::data_dir()?))
    }

    /// The store in `home`, with the built-in catalogue.
    pub fn open(home: &Path) -> Self {
        Self::with_catalogue(home, Catalogue::embedded())
    }

    /// The store in `home`, with another catalogue.
    pub fn with_catalogue(home: &Path, catalogue: Catalogue) -> Self {
        Store { home: home.to_owned(), models: home.join("models"), catalogue }
    }

    /// The models that can be installed by name.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The folder that holds the models' folders; it may not exist yet.
    pub fn folder(&self) -> &Path {
        &self.models
    }

    /// The installed models. Sizes are compared with the manifests, contents are not ([`verify`](Self::verify)).
    ///
    /// # Errors
    /// The folder cannot be read. A damaged model is no error here but listed as such.
    pub fn list(&self) -> Result<Listing, Error> {
        let mut listing = Listing::default();
        for name in self.names()? {
            match self.read(&name) {
                Ok(model) => listing.models.push(model),
                Err(e) => listing.damaged.push((name, e)),
            }
        }
        Ok(listing)
    }

    /// The installed model called `name`, its files there with the right sizes.
    ///
    /// # Errors
    /// [`Error::NotInstalled`], [`Error::UnknownModel`], [`Error::Damaged`].
    pub fn get(&self, name: &str) -> Result<Installed, Error> {
        check_name(name)?;
        if self.models.join(name).is_dir() {
            return self.read(name);
        }
        Err(match self.catalogue.get(name) {
            Some(_) => Error::NotInstalled { name: name.to_owned() },
            None => self.unknown(name)?,
        })
    }

    /// Compares every byte of an installed model with its manifest.
    ///
    /// # Errors
    /// Those of [`get`](Self::get); [`Error::Damaged`] names every damage; [`Error::Cancelled`].
    pub fn verify(&self, name: &str, progress: &mut dyn Progress) -> Result<Installed, Error> {
        let model = self.get(name)?;
        let total = model.manifest.files.iter().map(|f| f.bytes).sum();
        let (mut done, mut damage) = (0, Vec::new());
        progress.advance(Step::Verify, 0, total);
        for file in &model.manifest.files {
            let (sha256, _) = hash_file(&model.folder.join(&file.name), |bytes| {
                done += bytes;
                progress.advance(Step::Verify, done, total);
                if progress.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
            })?;
            if sha256 != file.sha256 {
                damage.push(Damage::Content(file.name.clone()));
            }
        }
        match damage.is_empty() {
            true => Ok(model),
            false => Err(Error::Damaged { name: name.to_owned(), damage }),
        }
    }

    /// Removes an installed model, damaged or not.
    ///
    /// # Errors
    /// [`Error::NotInstalled`], [`Error::UnknownModel`], [`Error::Locked`], or the files cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), Error> {
        match self.get(name) {
            Ok(_) | Err(Error::Damaged { .. }) => Lock::take(&self.models)?.remove(name),
            Err(e) => Err(e),
        }
    }

    pub(crate) fn unknown(&self, name: &str) -> Result<Error, Error> {
        let mut known: Vec<_> = self.catalogue.entries().map(|e| e.name.clone()).collect();
        known.extend(self.names()?);
        known.sort();
        known.dedup();
        Ok(Error::UnknownModel { name: name.to_owned(), known })
    }

    /// Names of the folders that are, or were, models; ordered.
    fn names(&self) -> Result<Vec<String>, Error> {
        let fail = |e| io_error("reading", &self.models, e);
        let entries = match fs::read_dir(&self.models) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(fail)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(fail)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if check_name(&name).is_ok() && entry.path().is_dir() {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn read(&self, name: &str) -> Result<Installed, Error> {
        let folder = self.models.join(name);
        let damaged = |damage| Error::Damaged { name: name.to_owned(), damage };
        let manifest =
            read_manifest(&folder, Some(name)).map_err(|why| damaged(vec![Damage::Manifest(why)]))?;
        let damage: Vec<_> = manifest
            .files
            .iter()
            .filter_map(|file| match fs::metadata(folder.join(&file.name)) {
                Ok(meta) if meta.is_file() && meta.len() == file.bytes => None,
                Ok(meta) if meta.is_file() => {
                    Some(Damage::Size { file: file.name.clone(), expected: file.bytes, got: meta.len() })
                }
                _ => Some(Damage::Missing(file.name.clone())),
            })
            .collect();
        if damage.is_empty() { Ok(Installed { manifest, folder }) } else { Err(damaged(damage)) }
    }
}

/// The manifest of the model in a folder, which must be called `name` if that is given.
pub(crate) fn read_manifest(folder: &Path, name: Option<&str>) -> Result<Manifest, String> {
    #[derive(serde::Deserialize)]
    struct Schema {
        schema: u32,
    }
    let bytes = fs::read(folder.join(Manifest::FILE)).map_err(|e| e.to_string())?;
    let Schema { schema } = serde_json::from_slice(&bytes).map_err(|e| e.to_string())?;
    if schema != SCHEMA {
        return Err(format!("its layout is version {schema}, this edisi reads version {SCHEMA}"));
    }
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|e| e.to_string())?;
    if name.is_some_and(|name| manifest.name != name) {
        return Err(format!("it is of `{}`", manifest.name));
    }
    if let Some(what) = manifest.lacks() {
        return Err(format!("it does not list {what}"));
    }
    match manifest.files.iter().find(|f| !is_plain(&f.name)) {
        Some(file) => Err(format!("`{}` is not a file in the model's folder", file.name)),
        None => Ok(manifest),
    }
}

/// Whether a name is that of a file in a folder, and not a way out of it.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\', ':', '\0']) && name != "." && name != ".."
}

pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    let fine = name.len() <= 64
        && name.chars().all(allowed)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if fine && !name.ends_with('.') { Ok(()) } else { Err(Error::BadName(name.to_owned())) }
}
