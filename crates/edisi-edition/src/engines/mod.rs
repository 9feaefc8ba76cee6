//! The engines that come with Edisi, as [`Translator`](crate::Translator)s.

mod files;
mod llm;
mod marian;
mod prompt;

pub use llm::{LlmEngine, LlmOptions};
pub use marian::MarianEngine;
