//! The news layer: what on a news page is not the story, and what it says about the story.
//!
//! All patterns live in `data/news/*.toml`, one file a language; `data/news/README.md` explains them.

mod attribution;
mod credits;
mod data;
mod dateline;
mod filter;
mod layer;
mod outlets;
mod phrase;
#[cfg(test)]
mod tests;
mod translation;

pub use attribution::Attributed;
pub(crate) use credits::looks_like_person;
pub use credits::{Credit, Role};
pub use data::Class;
pub use dateline::{Dateline, read as read_dateline};
pub use filter::filter_blocks;
pub(crate) use filter::{Fate, Said, sort, state};
pub use layer::{Chrome, Layer};
pub(crate) use outlets::{is_known as is_known_outlet, is_outlet_like};
pub(crate) use phrase::{is_prose, is_unspaced, normalise, width};
