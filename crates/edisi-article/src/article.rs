use edisi_text::Lang;
use serde::{Deserialize, Serialize};

use crate::Finding;

/// Version of the JSON form of [`Article`]; raised when a field changes meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// One story in one language, with what its page says about it.
///
/// A field the input does not state is `None` or empty: nothing here is guessed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Article {
    /// Where it came from: a file name, `-`, or a URL.
    pub input: String,
    /// The article's own address, as the page states it (canonical link, feed link, ninjs `uri`).
    pub url: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// A stand-first or abstract that is not part of the body.
    pub description: Option<String>,
    /// Who wrote it, one name each.
    pub byline: Vec<String>,
    /// Who edited it, one name each.
    pub editors: Vec<String>,
    /// The place the story is filed from, as written: `ASTANA, Kazakhstan`.
    pub dateline: Option<String>,
    /// Agencies and papers the story names as its source.
    pub credited_sources: Vec<String>,
    /// The publication.
    pub site_name: Option<String>,
    /// Section or category on the site.
    pub section: Option<String>,
    /// Keywords the page states.
    pub keywords: Vec<String>,
    /// When it was published, RFC 3339 with the page's own zone offset.
    pub published: Option<String>,
    /// When it was last changed, RFC 3339 with the page's own zone offset.
    pub modified: Option<String>,
    /// The language the text is in.
    pub language: Option<Lang>,
    /// The language the publication writes in: another than `language` when the page says it is a translation.
    pub main_language: Option<Lang>,
    /// Whether the page says a machine translated it; `None` when it says nothing either way.
    pub machine_translated: Option<bool>,
    /// The body, in reading order.
    pub blocks: Vec<Block>,
    /// The pictures of the story.
    pub images: Vec<Image>,
    /// The links inside the story.
    pub links: Vec<Link>,
    /// What the extraction noticed.
    pub findings: Vec<Finding>,
}

impl Article {
    /// The text of all paragraphs, headings, quotes and list items, one a line; no captions.
    pub fn body_text(&self) -> String {
        let blocks: Vec<&str> =
            self.blocks.iter().filter(|b| b.kind != BlockKind::Caption).map(|b| b.text.as_str()).collect();
        blocks.join("\n")
    }
}

/// What a block is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    /// Running text.
    #[default]
    Paragraph,
    /// A heading inside the body; never the headline.
    Heading,
    /// A quotation set apart.
    Quote,
    /// One item of a list.
    ListItem,
    /// One row of a table, cells separated by tabs.
    TableRow,
    /// The caption of a picture or video.
    Caption,
    /// Preformatted text.
    Preformatted,
}

/// One piece of the body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Heading level 2–6, or list nesting depth from 1; 0 elsewhere.
    pub level: u8,
    /// Whether a list item belongs to a numbered list.
    pub ordered: bool,
    /// Plain text, white space collapsed; what spans and segments count in.
    pub text: String,
    /// The same text with its inline markup (`a`, `strong`, `em`, `code`, `sub`, `sup`, `br`), safe to embed.
    pub html: String,
}

impl Block {
    /// A block without inline markup.
    pub fn plain(kind: BlockKind, text: impl Into<String>) -> Block {
        let text = text.into();
        let html = escape_html(&text);
        Block { kind, text, html, ..Block::default() }
    }
}

/// A picture of the story.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Image {
    /// Absolute URL where the base is known, else as written.
    pub url: String,
    /// Alternative text.
    pub alt: Option<String>,
    /// Caption without the credit.
    pub caption: Option<String>,
    /// Photographer or agency.
    pub credit: Option<String>,
}

/// A link inside the story.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// Absolute URL where the base is known, else as written.
    pub url: String,
    /// The linked text.
    pub text: String,
}

/// Escapes text for use as HTML content or a quoted attribute value.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
