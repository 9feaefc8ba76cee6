//! SentencePiece vocabularies.
