//! Being built.

pub mod bench;
pub mod html;
pub mod news;
