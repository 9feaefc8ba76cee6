use edisi_edition::publish::Snapshot;
use edisi_text::Lang;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Approval, Id};

/// A language version of an article as it stands on the site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// What it is called.
    pub id: Id,
    /// Whose version it is.
    pub article: Id,
    /// The article's name in addresses.
    pub slug: String,
    /// Its language.
    pub lang: Lang,
    /// The edition it is of; `None` for the original.
    pub edition: Option<Id>,
    /// 1 for the first of this article in this language.
    pub number: i64,
    /// The revision of the article it shows.
    pub revision: Id,
    /// Whether the article has a later revision than the one shown.
    pub stale: bool,
    /// Its headline.
    pub title: String,
    /// What is shown.
    pub content: Snapshot,
    /// Who took responsibility for it; only then may it be called reviewed.
    pub approved: Option<Approval>,
    /// When the article first stood on the site in this language.
    pub first_published: Timestamp,
    /// When this state of it was published.
    pub published: Timestamp,
}

/// A publication on its way. The one before it in the same language ends with it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPublication {
    /// The article.
    pub article: Id,
    /// Its language.
    pub lang: Lang,
    /// The edition, with the version it was read at; `None` for the original.
    pub edition: Option<(Id, i64)>,
    /// The revision it shows.
    pub revision: Id,
    /// Its headline.
    pub title: String,
    /// What is shown.
    pub content: Snapshot,
    /// Who took responsibility for it.
    pub approved: Option<Approval>,
}

/// What readers are told about a change of the original.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// What it is called.
    pub id: Id,
    /// The article.
    pub article: Id,
    /// The revision that brought it.
    pub revision: Id,
    /// What the newsroom says about it, in the language of the article; may be empty.
    pub note: String,
    /// The sentences that changed: before and after; one of them empty where a sentence is new or gone.
    pub changes: Vec<(String, String)>,
    /// When.
    pub at: Timestamp,
}

/// What is watched for new articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// An RSS, Atom or JSON feed; the articles are the pages it links to, or what it carries in full.
    Feed,
    /// A sitemap, or a list of them.
    Sitemap,
    /// A folder of files.
    Folder,
}

/// A watched source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceRow {
    /// What it is called inside.
    pub id: Id,
    /// What it is.
    pub kind: SourceKind,
    /// Its address or folder; unique.
    pub location: String,
    /// The language its articles are in, where that is known.
    pub lang: Option<Lang>,
    /// Seconds between two looks.
    pub interval: i64,
    /// What the server called its state when it was last read.
    pub etag: Option<String>,
    /// When the server said it was last changed.
    pub last_modified: Option<String>,
    /// What was seen in it, so that it is not read again: address or file name, and what told one state from another.
    pub seen: Vec<(String, String)>,
    /// Not before this.
    pub due: Timestamp,
    /// Failures in a row.
    pub failures: i64,
    /// Why the last look failed.
    pub error: Option<String>,
    /// Whether it is not looked at.
    pub paused: bool,
    /// Since when.
    pub created: Timestamp,
}

/// What a look at a source leaves behind.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceLook {
    /// See [`SourceRow::etag`].
    pub etag: Option<String>,
    /// See [`SourceRow::last_modified`].
    pub last_modified: Option<String>,
    /// See [`SourceRow::seen`].
    pub seen: Vec<(String, String)>,
    /// See [`SourceRow::due`].
    pub due: Timestamp,
    /// See [`SourceRow::failures`].
    pub failures: i64,
    /// See [`SourceRow::error`].
    pub error: Option<String>,
}

/// Somebody who wants to be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    /// What it is called inside.
    pub id: Id,
    /// Where to.
    pub url: String,
    /// What the messages are signed with.
    #[serde(skip)]
    pub secret: String,
    /// Of what: `edition.ready`, `edition.held`, `edition.published`, `edition.stale`; all when empty.
    pub events: Vec<String>,
    /// Since when.
    pub created: Timestamp,
}

/// Which published versions to list, the latest first.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedFilter {
    /// Their language.
    pub lang: Lang,
    /// Those first published before this, for the next page.
    pub before: Option<Timestamp>,
    /// At most so many.
    pub limit: i64,
}
