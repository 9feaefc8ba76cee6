use edisi_store::StoreError;

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NewsroomError {
    /// The store would not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was asked for makes no sense here; the message says what would.
    #[error("{0}")]
    Refused(String),
    /// The engine, or something else that should work, did not.
    #[error("{0}")]
    Failed(String),
    /// The program is shutting down; what is finished is kept.
    #[error("stopped; what is finished is kept")]
    Cancelled,
}

impl NewsroomError {
    /// Something that should work did not.
    pub(crate) fn failed(error: impl std::fmt::Display) -> NewsroomError {
        NewsroomError::Failed(error.to_string())
    }
}
