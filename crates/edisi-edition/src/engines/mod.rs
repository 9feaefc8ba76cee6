//! The engines that come with Edisi, as [`Translator`](crate::Translator)s.

mod llm;
mod prompt;

pub use llm::{LlmEngine, LlmOptions};
