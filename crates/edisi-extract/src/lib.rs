//! Being built.

pub mod bench;
pub mod date;
pub mod html;
pub mod news;
