//! The store's surface: what can be asked of it, one method a question.

use std::path::Path;
use std::time::Duration;

use edisi_article::Term;
use edisi_edition::publish::Snapshot;
use edisi_memory::Unit;
use edisi_text::Lang;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::*;

/// The newsroom's database. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Store {}

type Result<T> = std::result::Result<T, StoreError>;

impl Store {
    /// Opens the database at `url`, bringing it up to this program's schema: `sqlite:PATH` (made when it is not there) or
    /// `postgres://…`.
    pub async fn open(url: &str) -> Result<Store> {
        todo!()
    }
    /// Writes everything to a file that [`Store::restore`] reads into an empty database of either kind; the store may be
    /// in use. Atomic: the file appears whole or not at all.
    pub async fn backup(&self, file: &Path) -> Result<BackupSummary> {
        todo!()
    }
    /// Fills an empty database from a backup; all or nothing.
    pub async fn restore(&self, file: &Path) -> Result<BackupSummary> {
        todo!()
    }
    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        todo!()
    }

    // settings: any serde value under a name
    pub async fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        todo!()
    }
    pub async fn set_setting<T: Serialize + Sync>(
        &self,
        name: &str,
        value: &T,
        effects: Effects,
    ) -> Result<()> {
        todo!()
    }

    // people
    pub async fn create_user(&self, user: &User, effects: Effects) -> Result<()> {
        todo!()
    }
    pub async fn update_user(&self, user: &User, effects: Effects) -> Result<()> {
        todo!()
    }
    pub async fn user(&self, id: Id) -> Result<User> {
        todo!()
    }
    pub async fn user_by_login(&self, login: &str) -> Result<Option<User>> {
        todo!()
    }
    pub async fn users(&self) -> Result<Vec<User>> {
        todo!()
    }
    pub async fn create_session(&self, session: &Session) -> Result<()> {
        todo!()
    }
    /// The session and its user, unless it has expired at `now` or the user is disabled.
    pub async fn session(&self, hash: &str, now: Timestamp) -> Result<Option<(Session, User)>> {
        todo!()
    }
    /// Moves the end of a session.
    pub async fn renew_session(&self, hash: &str, expires: Timestamp) -> Result<()> {
        todo!()
    }
    pub async fn delete_session(&self, hash: &str) -> Result<()> {
        todo!()
    }
    /// Ends all sessions of a user: a new password, a disabled account.
    pub async fn delete_sessions(&self, user: Id) -> Result<()> {
        todo!()
    }
    pub async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64> {
        todo!()
    }
    pub async fn create_token(&self, token: &ApiToken, effects: Effects) -> Result<()> {
        todo!()
    }
    pub async fn tokens(&self) -> Result<Vec<ApiToken>> {
        todo!()
    }
    /// Neither revoked nor expired at `now`; notes the use.
    pub async fn token(&self, hash: &str, now: Timestamp) -> Result<Option<ApiToken>> {
        todo!()
    }
    pub async fn revoke_token(&self, id: Id, effects: Effects) -> Result<()> {
        todo!()
    }

    // articles
    /// Takes an article in: new by its origin, or another revision by its hash, or known. Editions that exist become stale
    /// with a new revision, and a row of `corrections` is written when `correction` is given (not for the first revision).
    /// `effects` is told what became of it and says what follows; nothing follows from `Unchanged`.
    pub async fn ingest(
        &self,
        incoming: &Incoming,
        correction: Option<(String, Vec<(String, String)>)>,
        effects: impl FnOnce(&Ingested) -> Effects + Send,
    ) -> Result<Ingested> {
        todo!()
    }
    pub async fn article(&self, id: Id) -> Result<ArticleRow> {
        todo!()
    }
    pub async fn article_by_origin(&self, origin: &str) -> Result<Option<ArticleRow>> {
        todo!()
    }
    pub async fn articles(&self, filter: &ArticleFilter) -> Result<Vec<ArticleRow>> {
        todo!()
    }
    pub async fn revision(&self, id: Id) -> Result<Revision> {
        todo!()
    }
    /// The latest first.
    pub async fn revisions(&self, article: Id) -> Result<Vec<Revision>> {
        todo!()
    }
    /// The latest first.
    pub async fn corrections(&self, article: Id) -> Result<Vec<Correction>> {
        todo!()
    }
    /// Replaces what the newsroom says about a correction.
    pub async fn set_correction_note(&self, id: Id, note: &str, effects: Effects) -> Result<()> {
        todo!()
    }
    pub async fn delete_article(&self, id: Id, effects: Effects) -> Result<()> {
        todo!()
    }

    // the desk
    /// The edition of an article in a language, made in state `Translating` when there is none.
    pub async fn open_edition(&self, article: Id, lang: Lang) -> Result<EditionRow> {
        todo!()
    }
    pub async fn edition(&self, id: Id) -> Result<EditionRow> {
        todo!()
    }
    pub async fn edition_of(&self, article: Id, lang: Lang) -> Result<Option<EditionRow>> {
        todo!()
    }
    pub async fn editions(&self, article: Id) -> Result<Vec<EditionRow>> {
        todo!()
    }
    pub async fn queue(&self, filter: &QueueFilter) -> Result<Vec<Queued>> {
        todo!()
    }
    /// How many editions there are in each state.
    pub async fn queue_counts(&self) -> Result<Vec<(EditionState, i64)>> {
        todo!()
    }
    /// Replaces the segments of an edition; `Conflict` when its version or its content version is not the one read.
    pub async fn save_made(
        &self,
        made: &MadeEdition,
        content_version: i64,
        effects: Effects,
    ) -> Result<EditionRow> {
        todo!()
    }
    pub async fn segments(&self, edition: Id) -> Result<Vec<SegmentRow>> {
        todo!()
    }
    pub async fn segment(&self, id: Id) -> Result<SegmentRow> {
        todo!()
    }
    /// Changes a segment, keeps the state before in its history, raises the edition's content version, sets the edition's
    /// counts and urgency, and takes an approval away (state back to `Review`).
    pub async fn change_segment(
        &self,
        change: &SegmentChange,
        counts: &edisi_edition::report::Counts,
        urgency: i64,
        effects: Effects,
    ) -> Result<SegmentRow> {
        todo!()
    }
    /// The latest first.
    pub async fn segment_history(&self, id: Id) -> Result<Vec<SegmentHistory>> {
        todo!()
    }
    pub async fn change_edition(&self, change: &EditionChange, effects: Effects) -> Result<EditionRow> {
        todo!()
    }

    // the site
    /// Publishes; sets the edition to `Published`. `Conflict` when the edition has changed. When the revision, approval and
    /// content are those of the current publication nothing is written (and no effects): the current one is returned.
    pub async fn publish(
        &self,
        new: &NewPublication,
        effects: impl FnOnce(&Publication) -> Effects + Send,
    ) -> Result<Publication> {
        todo!()
    }
    /// Takes a version off the site.
    pub async fn withdraw(&self, article: Id, lang: Lang, effects: Effects) -> Result<()> {
        todo!()
    }
    /// The current version in a language.
    pub async fn publication(&self, article: Id, lang: Lang) -> Result<Option<Publication>> {
        todo!()
    }
    pub async fn publication_by_slug(&self, slug: &str, lang: Lang) -> Result<Option<Publication>> {
        todo!()
    }
    /// The current versions of an article, the original first.
    pub async fn publications(&self, article: Id) -> Result<Vec<Publication>> {
        todo!()
    }
    pub async fn published(&self, filter: &PublishedFilter) -> Result<Vec<Publication>> {
        todo!()
    }
    /// Every current version, oldest first, without its content: for sitemaps and static sites. (article, slug, lang, published)
    pub async fn published_index(&self) -> Result<Vec<(Id, String, Lang, Timestamp)>> {
        todo!()
    }
    /// Raised by every publication and withdrawal, and by every new revision; what pages in memory are keyed by.
    pub async fn site_version(&self) -> Result<i64> {
        todo!()
    }

    // sources, webhooks
    pub async fn add_source(&self, source: &SourceRow, effects: Effects) -> Result<()> {
        todo!()
    }
    pub async fn update_source(&self, source: &SourceRow, effects: Effects) -> Result<()> {
        todo!()
    }
    pub async fn source(&self, id: Id) -> Result<SourceRow> {
        todo!()
    }
    pub async fn sources(&self) -> Result<Vec<SourceRow>> {
        todo!()
    }
    pub async fn remove_source(&self, id: Id, effects: Effects) -> Result<()> {
        todo!()
    }
    pub async fn add_webhook(&self, hook: &Webhook, effects: Effects) -> Result<()> {
        todo!()
    }
    pub async fn webhooks(&self) -> Result<Vec<Webhook>> {
        todo!()
    }
    pub async fn remove_webhook(&self, id: Id, effects: Effects) -> Result<()> {
        todo!()
    }

    // glossary, name book, memory
    /// The current terms of `glossary` or `names`, with their version number; 0 when there never were any.
    pub async fn terms(&self, book: &str) -> Result<(Vec<Term>, i64)> {
        todo!()
    }
    /// Replaces them; `Conflict` when `version` is not the current one. Earlier versions stay.
    pub async fn set_terms(&self, book: &str, terms: &[Term], version: i64, effects: Effects) -> Result<i64> {
        todo!()
    }
    /// Units that editors reviewed; the same unit (its id) again replaces the one before.
    pub async fn remember(&self, units: &[Unit], effects: Effects) -> Result<()> {
        todo!()
    }
    pub async fn forget(&self, ids: &[String], effects: Effects) -> Result<u64> {
        todo!()
    }
    pub async fn memory_count(&self) -> Result<i64> {
        todo!()
    }
    /// A page of units in the order of their ids, after `after`.
    pub async fn memory_units(&self, after: Option<&str>, limit: i64) -> Result<Vec<Unit>> {
        todo!()
    }

    // jobs
    pub async fn enqueue(&self, job: NewJob) -> Result<()> {
        todo!()
    }
    /// Takes the job of these kinds that has been due longest; also one whose lease has run out.
    pub async fn claim(&self, kinds: &[&str], lease: Duration, now: Timestamp) -> Result<Option<Job>> {
        todo!()
    }
    /// Prolongs a lease; `NotFound` when the job is no longer this worker's (by its number of attempts).
    pub async fn renew(&self, job: &Job, lease: Duration, now: Timestamp) -> Result<()> {
        todo!()
    }
    pub async fn finish(&self, job: &Job, effects: Effects) -> Result<()> {
        todo!()
    }
    /// A try failed: queued again at `retry`, or parked when that is `None` or the tries are used up.
    pub async fn fail(
        &self,
        job: &Job,
        error: &str,
        retry: Option<Timestamp>,
        effects: Effects,
    ) -> Result<JobState> {
        todo!()
    }
    /// Hands a job back untouched: its try does not count.
    pub async fn release(&self, job: &Job) -> Result<()> {
        todo!()
    }
    /// Hands back all running jobs: for a program that alone uses the database and has just started.
    pub async fn release_all(&self) -> Result<u64> {
        todo!()
    }
    pub async fn jobs(&self, state: Option<JobState>, limit: i64) -> Result<Vec<Job>> {
        todo!()
    }
    pub async fn job_counts(&self) -> Result<Vec<(String, JobState, i64)>> {
        todo!()
    }
    /// Sets a parked job going again.
    pub async fn unpark(&self, id: Id, effects: Effects) -> Result<()> {
        todo!()
    }
    /// Deletes done jobs that last changed before this.
    pub async fn delete_done_jobs(&self, before: Timestamp) -> Result<u64> {
        todo!()
    }

    // audit
    pub async fn audit(&self, object: Option<&str>, before: Option<Id>, limit: i64) -> Result<Vec<AuditRow>> {
        todo!()
    }
    pub async fn record(&self, effects: Effects) -> Result<()> {
        todo!()
    }
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupSummary {
    /// The schema it is of.
    pub schema: i64,
    /// Rows by table.
    pub rows: Vec<(String, u64)>,
}
