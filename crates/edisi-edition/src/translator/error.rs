//! What can go wrong in an engine.

/// What kind of thing went wrong in an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineErrorKind {
    /// Someone asked to stop.
    Cancelled,
    /// The model's files are not there.
    ModelMissing,
    /// The model's files are not what they should be.
    ModelDamaged,
    /// The engine does not translate this pair.
    Unsupported,
    /// Too much is waiting already.
    Busy,
    /// Anything else inside the engine.
    Internal,
}

/// Why an engine could not work.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct EngineError {
    kind: EngineErrorKind,
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl EngineError {
    /// An error of this kind, told in one sentence.
    pub fn new(kind: EngineErrorKind, message: impl Into<String>) -> EngineError {
        EngineError { kind, message: message.into(), source: None }
    }

    /// The same with what caused it.
    pub fn with_source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> EngineError {
        self.source = Some(Box::new(source));
        self
    }

    /// The answer to a cancelled [`Control`](super::Control).
    pub fn cancelled() -> EngineError {
        EngineError::new(EngineErrorKind::Cancelled, "stopped on request")
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> EngineErrorKind {
        self.kind
    }
}
