use edisi_article::Finding;
use edisi_edition::kept::KeptSegment;
use edisi_edition::report::Counts;
use edisi_edition::router::LegReport;
use edisi_edition::units::Place;
use edisi_edition::{Decision, Tier};
use edisi_text::Lang;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Id;

/// How far an edition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditionState {
    /// Waiting for the engine, or with it.
    Translating,
    /// Made; an editor must look at it before it is published.
    Review,
    /// An editor approved it.
    Approved,
    /// It is on the site as it is here.
    Published,
    /// An editor refused it; it is not to be published.
    Rejected,
    /// It could not be made; see its job.
    Failed,
}

/// One language version of an article, as the desk has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditionRow {
    /// What it is called.
    pub id: Id,
    /// Whose edition it is.
    pub article: Id,
    /// Its language.
    pub lang: Lang,
    /// The revision of the article that its segments are of.
    pub revision: Id,
    /// Whether the article has a later revision than the one the edition is of.
    pub stale: bool,
    /// How far it is.
    pub state: EditionState,
    /// Raised by every change of the edition, and of one of its segments, whose counts it has; see
    /// [`StoreError::Conflict`](crate::StoreError::Conflict).
    pub version: i64,
    /// Raised by every change of one of its segments too; what is approved is approved at one of these.
    pub content_version: i64,
    /// The lowest tier of the engines on the way; `None` before it was made.
    pub tier: Option<Tier>,
    /// Which engines made it.
    pub route: Vec<LegReport>,
    /// How much of what there is in it; `None` before it was made.
    pub counts: Option<Counts>,
    /// How soon an editor should look at it; the higher the sooner.
    pub urgency: i64,
    /// Who approved it, and when.
    pub approved: Option<Approval>,
    /// Number of its latest publication; 0 when it has none.
    pub published_number: i64,
    /// When it was last made by the engine.
    pub made: Option<Timestamp>,
    /// When anything about it was last changed.
    pub updated: Timestamp,
}

/// Who took responsibility for an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The editor.
    pub user: Id,
    /// The editor's name, as it was then.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// How many sentences the editors changed.
    pub edited: i64,
    /// How many they accepted as the machine made them.
    pub accepted: i64,
}

/// What an editor has done about a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SegmentState {
    /// Nothing yet: it is as the engine (or the memory) made it.
    Machine,
    /// Found right as it is.
    Accepted,
    /// Written anew or changed.
    Edited,
    /// Found wrong and not yet put right: the original sentence stands in its place.
    Rejected,
}

/// A sentence of an edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentRow {
    /// What it is called.
    pub id: Id,
    /// Whose segment it is.
    pub edition: Id,
    /// Its number in the edition, from 0, in reading order.
    pub number: i64,
    /// The text of the article it belongs to.
    pub place: Place,
    /// Its number in that text, from 0.
    pub index: i64,
    /// The original sentence.
    pub source: String,
    /// What stands in the edition.
    pub text: String,
    /// What an editor has done about it.
    pub state: SegmentState,
    /// What the checks say of `text`.
    pub findings: Vec<Finding>,
    /// What the site's policy says of it as it is.
    pub decision: Decision,
    /// What the engine made of it, with scores, alternatives and suggestions.
    pub machine: KeptSegment,
    /// Who last changed it, and when.
    pub by: Option<By>,
    /// Raised by every change.
    pub version: i64,
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The user.
    pub user: Id,
    /// The user's name, as it was then.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

/// A segment of an edition that was made anew.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSegment {
    /// The text of the article it belongs to.
    pub place: Place,
    /// Its number in that text, from 0.
    pub index: i64,
    /// The original sentence.
    pub source: String,
    /// What stands in the edition.
    pub text: String,
    /// What an editor has done about it before, where its sentence has not changed.
    pub state: SegmentState,
    /// See [`SegmentRow::findings`].
    pub findings: Vec<Finding>,
    /// See [`SegmentRow::decision`].
    pub decision: Decision,
    /// See [`SegmentRow::machine`].
    pub machine: KeptSegment,
    /// Who changed it before, where its sentence has not changed.
    pub by: Option<By>,
}

/// An edition as the engine made it.
#[derive(Debug, Clone, PartialEq)]
pub struct MadeEdition {
    /// The edition.
    pub id: Id,
    /// The version of the edition it was made on.
    pub version: i64,
    /// The revision it is of.
    pub revision: Id,
    /// What state it has now.
    pub state: EditionState,
    /// See [`EditionRow::tier`].
    pub tier: Tier,
    /// See [`EditionRow::route`].
    pub route: Vec<LegReport>,
    /// See [`EditionRow::counts`].
    pub counts: Counts,
    /// See [`EditionRow::urgency`].
    pub urgency: i64,
    /// All its segments, in reading order; they replace those it had.
    pub segments: Vec<NewSegment>,
}

/// A change to a segment. The state before is kept, so that it can be undone.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentChange {
    /// The segment.
    pub id: Id,
    /// The version it was made on.
    pub version: i64,
    /// What stands in the edition now.
    pub text: String,
    /// See [`SegmentRow::state`].
    pub state: SegmentState,
    /// See [`SegmentRow::findings`].
    pub findings: Vec<Finding>,
    /// See [`SegmentRow::decision`].
    pub decision: Decision,
    /// Who; `None` when a change is undone back to what the machine made.
    pub by: Option<By>,
}

/// A state a segment had before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentHistory {
    /// The version it had.
    pub version: i64,
    /// What stood there.
    pub text: String,
    /// What an editor had done.
    pub state: SegmentState,
    /// Who had, and when.
    pub by: Option<By>,
}

/// A change to an edition.
#[derive(Debug, Clone, PartialEq)]
pub struct EditionChange {
    /// The edition.
    pub id: Id,
    /// The version it was made on.
    pub version: i64,
    /// The state it gets.
    pub state: EditionState,
    /// The approval it gets; `None` takes away one it has.
    pub approved: Option<Approval>,
    /// See [`EditionRow::counts`].
    pub counts: Option<Counts>,
    /// See [`EditionRow::urgency`].
    pub urgency: i64,
}

/// Which editions to list, the most urgent first, then the oldest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QueueFilter {
    /// Only these states; all when empty.
    pub states: Vec<EditionState>,
    /// Only this language.
    pub lang: Option<Lang>,
    /// Only those that are behind their article.
    pub stale: Option<bool>,
    /// How many to pass over.
    pub offset: i64,
    /// At most so many.
    pub limit: i64,
}

/// An edition in a list, with its article's headline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Queued {
    /// The edition.
    pub edition: EditionRow,
    /// The article.
    pub article: ArticleRow,
}

use crate::ArticleRow;
