//! Text without articles: language tags, scripts, sentences, numbers.
//!
//! Every position this crate returns is a byte range into the string the caller passed in.

mod lang;
pub mod segment;

pub use lang::{Lang, LangError};
pub use segment::sentences;
