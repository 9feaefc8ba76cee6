//! Finds the story in a page, feed, wire file or text dump.
//!
//! ```
//! let page = "Warta Sukamaju - 03/02/2025, 06:31 WIB\n\nSUKAMAJU - Jembatan tua itu dibuka lagi pada Senin setelah diperbaiki selama tiga minggu.";
//! let articles = edisi_extract::extract_bytes("jembatan.txt", page.as_bytes(), None, &Default::default())?;
//! assert_eq!(articles[0].dateline.as_deref(), Some("SUKAMAJU"));
//! # Ok::<(), edisi_extract::ExtractError>(())
//! ```

pub mod bench;
mod damage;
pub mod date;
mod dump;
mod encoding;
mod error;
mod feed;
mod fetch;
pub mod html;
mod input;
mod json;
mod markdown;
pub mod news;
mod ninjs;
pub mod reach;
pub mod render;
pub mod robots;
pub mod sitemap;
mod sniff;
mod unwrap;

pub use error::{ErrorKind, ExtractError, NetworkError};
pub use feed::FeedEntry;
pub use fetch::{Fetched, Page, Validators, fetch};
pub use input::{Input, Options, extract, extract_bytes, feed_entries};
pub use reach::Reach;
pub use sniff::Format;
pub use url::Url;
