//! Translates with Marian int8 models (Firefox Translations, Bergamot) on a CPU.

pub mod shortlist;
pub mod vocabulary;
