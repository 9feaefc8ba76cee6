//! What can be said about a translation without reading it: scores against a reference, and checks against the
//! source.

pub mod align;
pub mod checks;
pub mod gaps;
pub mod glossary;
pub mod lexicon;
pub mod metrics;
mod passage;
pub mod review;

pub use checks::{
    CheckOptions, NameBook, NameBookError, RejectReason, acceptable, check_segment, consistent_names,
};
pub use passage::{check_passage, unmatched};
pub use review::Review;
