//! Translates with Marian int8 models (Firefox Translations, Bergamot) on a CPU.

mod error;
mod kernels;
mod model;
mod network;
mod pack;
pub mod shortlist;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod vocabulary;

pub use error::{LoadError, ModelError};
