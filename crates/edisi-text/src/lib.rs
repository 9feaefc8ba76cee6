//! Text without articles: language tags, scripts, sentences, numbers.
//!
//! Every position this crate returns is a byte range into the string the caller passed in.

pub mod clean;
pub mod detect;
mod lang;
pub mod number;
pub mod script;
pub mod segment;

pub use detect::detect;
pub use lang::{Lang, LangError};
pub use number::{Decimal, Number, NumberKind, numbers};
pub use script::{expected_scripts, script_counts, script_share};
pub use segment::sentences;
