//! What can be wrong with a model's files.

use std::path::PathBuf;

/// Why an engine could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file could not be opened or mapped.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The model file is damaged, or not a Marian model.
    #[error("{path} is not a usable Marian model: {source}")]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: ModelError,
    },
    /// A vocabulary is damaged.
    #[error("{path} is not a usable vocabulary: {source}")]
    Vocabulary {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: crate::vocabulary::VocabularyError,
    },
    /// The shortlist is damaged.
    #[error("{path} is not a usable shortlist: {source}")]
    Shortlist {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: crate::shortlist::ShortlistError,
    },
    /// A folder does not hold one model.
    #[error("{path} holds {found} files that could be the {what}; name the files one by one")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
        /// How many there are.
        found: usize,
    },
    /// The files are not of one model.
    #[error("the files do not belong together: {0}; take model, vocabulary and shortlist from one release")]
    Mismatch(String),
    /// `EDISI_KERNEL` names instructions that this processor does not have.
    #[error("EDISI_KERNEL={wanted} is not possible on this processor; it has {}", available.join(", "))]
    Kernel {
        /// What was asked for.
        wanted: String,
        /// What there is.
        available: Vec<&'static str>,
    },
}

/// What is wrong with a model file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// It ends too early, or says of itself that it is larger than it is.
    #[error("{what} at byte {at} reaches beyond the end of the file; fetch it again")]
    Truncated {
        /// What was being read.
        what: &'static str,
        /// Where.
        at: usize,
    },
    /// It is another kind of file.
    #[error("{0}")]
    Format(String),
    /// A tensor that the network needs is not there.
    #[error("it has no tensor {0:?}")]
    Missing(String),
    /// A tensor is not what the network needs.
    #[error("tensor {name:?} {problem}")]
    Tensor {
        /// Its name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A network of another kind than this engine runs.
    #[error("its {key} is {found:?}, and only {wanted} can be run")]
    Unsupported {
        /// The setting in the model's own configuration.
        key: &'static str,
        /// What it says.
        found: String,
        /// What would do.
        wanted: &'static str,
    },
}
