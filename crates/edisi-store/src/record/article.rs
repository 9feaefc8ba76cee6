use edisi_article::Article;
use edisi_text::Lang;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Id;

/// A story the newsroom has taken in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleRow {
    /// What it is called.
    pub id: Id,
    /// What makes it the same story when it comes again: its canonical address, else what the sender calls it.
    pub origin: String,
    /// Its name in addresses of the site; unique.
    pub slug: String,
    /// Where it was published, if that is an address of the web.
    pub url: Option<String>,
    /// Its headline at the current revision.
    pub title: String,
    /// The language it is written in.
    pub lang: Lang,
    /// The watched source it came from, if any.
    pub source: Option<Id>,
    /// Its current revision.
    pub revision: Id,
    /// When it was taken in.
    pub created: Timestamp,
    /// When its current revision was taken in.
    pub updated: Timestamp,
}

/// A state of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// What it is called.
    pub id: Id,
    /// Whose state it is.
    pub article: Id,
    /// 1 for the first.
    pub number: i64,
    /// SHA-256 of its texts, hexadecimal; see `edisi_edition::pipeline::revision`.
    pub hash: String,
    /// The text and what the page says about it.
    pub content: Article,
    /// When it was taken in.
    pub created: Timestamp,
}

/// An article on its way in.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// See [`ArticleRow::origin`].
    pub origin: String,
    /// What its slug should be; a number is appended when it is taken.
    pub slug: String,
    /// Its language.
    pub lang: Lang,
    /// The watched source it came from, if any.
    pub source: Option<Id>,
    /// See [`Revision::hash`].
    pub hash: String,
    /// The text.
    pub content: Article,
}

/// What became of an incoming article.
#[derive(Debug, Clone, PartialEq)]
pub enum Ingested {
    /// It is new.
    Created(ArticleRow),
    /// It is another state of a known one.
    Revised(ArticleRow),
    /// It is known as it is; nothing was written.
    Unchanged(ArticleRow),
}

/// Which articles to list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ArticleFilter {
    /// Words of the title; all when empty.
    pub search: String,
    /// Those taken in before this one, for the next page.
    pub before: Option<Id>,
    /// At most so many.
    pub limit: i64,
}
