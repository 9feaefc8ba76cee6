#![doc = include_str!("../README.md")]

mod control;
mod engine;
mod error;
mod kernels;
pub mod markup;
mod model;
mod network;
mod pack;
pub mod shortlist;
mod split;
mod statistics;
mod terms;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod translation;
pub mod vocabulary;

pub use control::Control;
pub use engine::{Engine, Files, Options, Request};
pub use error::{LoadError, ModelError};
pub use statistics::Statistics;
pub use terms::Term;
pub use translation::{Finish, Link, MIN_LINK, Token, Translation, Word, WordLink};
