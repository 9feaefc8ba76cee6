//! The readers' pages and feeds.
//!
//! | address | what is there |
//! |---|---|
//! | `/` | leads to the front page in the reader's language |
//! | `/{lang}/` | the front page; older stories behind it at `/{lang}/before/{moment}` |
//! | `/{lang}/{slug}` | a version of a story; as files at `….md` and `….ninjs.json` |
//! | `/{lang}/feed.rss`, `feed.atom`, `feed.json` | feeds |
//! | `/sitemap.xml`, `/{lang}/sitemap.xml`, `/robots.txt` | for search engines |
//! | `/about`, `/about/{lang}` | how the editions are made |
//! | `/assets/…` | the style sheet, named by its content |
//!
//! `content` reads what is at an address from the store and makes the answer from it by a function of plain values;
//! `live` keeps finished answers in memory, by the version the site had; [`export`] writes the same answers as files.
//! Nothing on the pages runs in the browser, and no cookie is set.

mod address;
mod content;
mod export;
mod feed;
mod finished;
mod handlers;
mod live;
mod negotiate;
mod sanitise;
mod shown;
mod sitemap;
mod story;
#[cfg(test)]
mod tests;
pub mod websub;

pub use address::{Address, FeedKind, Form};
pub use content::{Content, answer, read};
pub use export::{ExportError, Exported, export};
pub use finished::Finished;
pub use handlers::routes;
pub use live::{Site, SiteError};
pub use shown::Shown;
pub use story::Published;

use std::path::Path;

use edisi_edition::render::{RenderError, Renderer};

/// The folder, in a newsroom's own, of templates in place of those compiled in.
pub const THEME: &str = "theme";

impl Site {
    /// The site of the newsroom in the folder `data`, with the theme in it.
    ///
    /// # Errors
    /// When a template of the theme does not work; the message names the file and the line.
    pub fn open(data: &Path) -> Result<Site, RenderError> {
        Site::new(Renderer::themed(&data.join(THEME))?)
    }
}
