//! How much an engine did and where its time went.

use std::time::Duration;

/// Work since an engine was opened; times are summed over threads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// Texts, or parts of texts, that were decoded.
    pub sentences: u64,
    /// Source tokens, end marks included.
    pub source_tokens: u64,
    /// Target tokens, end marks included.
    pub target_tokens: u64,
    /// Tokens that could be chosen, summed over sentences.
    pub candidates: u64,
    /// Steps of the decoder, for however many sentences each.
    pub steps: u64,
    /// Splitting into tokens, and joining them.
    pub text: Duration,
    /// The encoder and what the decoder looks at.
    pub encoder: Duration,
    /// Choosing candidates and gathering their embeddings.
    pub shortlist: Duration,
    /// The decoder's layers.
    pub decoder: Duration,
    /// Logits and choice of the next token.
    pub output: Duration,
}

impl Statistics {
    /// Adds another's work.
    pub(crate) fn add(&mut self, other: &Statistics) {
        self.sentences += other.sentences;
        self.source_tokens += other.source_tokens;
        self.target_tokens += other.target_tokens;
        self.candidates += other.candidates;
        self.steps += other.steps;
        self.text += other.text;
        self.encoder += other.encoder;
        self.shortlist += other.shortlist;
        self.decoder += other.decoder;
        self.output += other.output;
    }
}
