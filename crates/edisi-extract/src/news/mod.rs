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
pub use credits::{Credit, Role};
pub use data::Class;
pub use dateline::{Dateline, read as read_dateline};
pub use filter::filter_blocks;
pub use layer::{Chrome, Layer};
