//! What happens to articles and editions.

use std::sync::Arc;

use edisi_article::{Article, Finding};
use edisi_edition::Pipeline;
use edisi_store::{Approval, EditionRow, Id, Ingested, Publication, SegmentRow, Store, StoreError};
use edisi_text::Lang;

use crate::events::Events;
use crate::settings::Settings;

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NewsroomError {
    /// The store would not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was asked for makes no sense here; the message says what would.
    #[error("{0}")]
    Refused(String),
    /// The engine, or something else that should work, did not.
    #[error("{0}")]
    Failed(String),
}

/// An editor at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    /// Their user row.
    pub user: Id,
    /// What they sign in with; what the audit log says.
    pub login: String,
    /// Their name; what approvals say.
    pub name: String,
}

/// What an editor does about a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// It is right as it stands.
    Accept,
    /// It should be this.
    Edit(String),
    /// It is wrong; the original sentence stands in its place until somebody writes another.
    Reject,
    /// Back to what it was before the last change.
    Undo,
}

/// Where an article comes from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Origin {
    /// What makes it the same when it comes again; its canonical address, else its input's name, when `None`.
    pub key: Option<String>,
    /// The watched source.
    pub source: Option<Id>,
    /// What the newsroom says about the change, when it is another revision.
    pub note: Option<String>,
}

/// The newsroom's business. Cheap to clone.
#[derive(Clone)]
pub struct Newsroom(Arc<Inner>);

struct Inner {
    store: Store,
    events: Events,
}

type Result<T> = std::result::Result<T, NewsroomError>;

impl Newsroom {
    /// The store.
    pub fn store(&self) -> &Store {
        &self.0.store
    }
    /// What tells of changes.
    pub fn events(&self) -> &Events {
        &self.0.events
    }
    /// The settings as they are now.
    pub fn settings(&self) -> Arc<Settings> {
        todo!()
    }
    /// Changes the settings.
    pub async fn set_settings(&self, settings: Settings, actor: &str) -> Result<()> {
        todo!()
    }
    /// The pipeline as it is now: models, glossary, name book, memory, policy.
    pub fn pipeline(&self) -> Arc<Pipeline> {
        todo!()
    }

    /// Takes an article in; editions are made, or follow, in the background.
    pub async fn ingest(&self, article: Article, origin: Origin, actor: &str) -> Result<Ingested> {
        todo!()
    }
    /// Has an edition made (again), in a language the article has none in, or after new models or terms. What editors did stays.
    pub async fn translate(&self, article: Id, lang: Lang, actor: &str) -> Result<EditionRow> {
        todo!()
    }

    /// Does something about a segment, on the version of it that the editor saw. `Conflict` when somebody else was faster.
    pub async fn act(
        &self,
        editor: &Editor,
        segment: Id,
        version: i64,
        action: Action,
    ) -> Result<SegmentRow> {
        todo!()
    }
    /// Accepts every segment without a finding that nobody has touched.
    pub async fn accept_clean(&self, editor: &Editor, edition: Id) -> Result<u64> {
        todo!()
    }
    /// What the checks would say of a text for a segment, before it is saved.
    pub async fn check(&self, segment: Id, text: &str) -> Result<Vec<Finding>> {
        todo!()
    }
    /// Takes responsibility for an edition as it is at these versions: all its segments count as reviewed, and go into the
    /// memory. Refused while a sentence is rejected or failed. Published next, when `publish`.
    pub async fn approve(
        &self,
        editor: &Editor,
        edition: Id,
        version: i64,
        content_version: i64,
        publish: bool,
    ) -> Result<EditionRow> {
        todo!()
    }
    /// The edition is not to be published.
    pub async fn reject(
        &self,
        editor: &Editor,
        edition: Id,
        version: i64,
        reason: &str,
    ) -> Result<EditionRow> {
        todo!()
    }
    /// Publishes an approved edition, or, by an editor's decision, one with the label of a machine translation.
    pub async fn publish(&self, editor: &Editor, edition: Id, version: i64) -> Result<Publication> {
        todo!()
    }
    /// Takes a version off the site.
    pub async fn withdraw(&self, editor: &Editor, article: Id, lang: Lang) -> Result<()> {
        todo!()
    }
    /// The edition as it stands, put together from its segments.
    pub async fn edition(&self, id: Id) -> Result<(EditionRow, edisi_edition::Edition)> {
        todo!()
    }
}

/// See [`Newsroom::approve`].
pub type ApprovedBy = Approval;
