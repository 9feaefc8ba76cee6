//! Translates with Marian int8 models (Firefox Translations, Bergamot) on a CPU.

pub mod vocabulary;
