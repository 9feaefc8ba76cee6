//! Why a vocabulary file could not be read.

/// Why a SentencePiece file could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VocabularyError {
    /// The bytes are not a SentencePiece model, or are cut short or damaged.
    #[error(
        "damaged vocabulary at byte {at}: {what}; fetch the file again, or check that it is a SentencePiece .spm"
    )]
    Malformed {
        /// What is wrong.
        what: String,
        /// Byte offset in the file where it was noticed.
        at: usize,
    },
    /// The file is well-formed, but what it holds contradicts itself.
    #[error("inconsistent vocabulary: {0}")]
    Inconsistent(String),
    /// The file asks for something of SentencePiece that no Marian vocabulary uses.
    #[error("this vocabulary needs {0}, which is not supported: only SentencePiece unigram vocabularies are")]
    Unsupported(&'static str),
    /// The file is larger than any vocabulary.
    #[error(
        "a vocabulary of {0} bytes is larger than any SentencePiece model; check that it is an .spm file"
    )]
    TooLarge(usize),
}

impl VocabularyError {
    pub(super) fn malformed(at: usize, what: impl Into<String>) -> Self {
        Self::Malformed { what: what.into(), at }
    }
}
