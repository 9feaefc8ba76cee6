use std::path::PathBuf;

/// Why a model could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file is no readable GGUF file.
    #[error("{path} is not a usable model file: {source}; install the model again")]
    File {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        source: edisi_gguf::Error,
    },
    /// The file reads as GGUF, but what is in it does not fit together.
    #[error("the model file is damaged: {0}; install the model again")]
    Damaged(String),
    /// The file is sound, but for another kind of model.
    #[error("the model uses {found}, this engine needs {needed}")]
    Unsupported {
        /// What the file has.
        found: String,
        /// What the engine runs.
        needed: String,
    },
    /// `EDISI_KERNEL` names a kernel this processor does not have.
    #[error("EDISI_KERNEL={wanted}: this processor has {}", available.join(", "))]
    NoSuchKernel {
        /// The name given.
        wanted: String,
        /// The names there are.
        available: Vec<&'static str>,
    },
}

impl ModelError {
    pub(crate) fn damaged(what: impl Into<String>) -> ModelError {
        ModelError::Damaged(what.into())
    }

    pub(crate) fn unsupported(found: impl Into<String>, needed: impl Into<String>) -> ModelError {
        ModelError::Unsupported { found: found.into(), needed: needed.into() }
    }
}

impl From<edisi_gguf::Error> for ModelError {
    fn from(source: edisi_gguf::Error) -> ModelError {
        ModelError::Damaged(source.to_string())
    }
}

/// Why nothing could be generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The threads could not be started.
    #[error("cannot start {threads} threads: {reason}; ask for fewer")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
}
