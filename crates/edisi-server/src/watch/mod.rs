//! Looks at watched sources for new articles: feeds, sitemaps, folders.
//!
//! What a look found is remembered with the source, so that nothing is read twice for nothing: what tells one state of
//! an entry from another, and what to ask its server with. A page that is still listed is asked for again, less and less
//! often, in case it was corrected quietly. A site is visited by one at a time, with a pause in between, as its
//! `robots.txt` and `Retry-After` ask; sources that fail are looked at less often.

mod feed;
mod folder;
mod pages;
mod seen;
mod visit;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use edisi_article::Article;
use edisi_extract::{ExtractError, Url, Validators};
use edisi_store::{Ingested, SourceKind, SourceLook, SourceRow, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::newsroom::{Newsroom, NewsroomError, Origin};
use seen::Seen;

/// The longest time between two looks at a source that fails.
const LONGEST_BACKOFF: SignedDuration = SignedDuration::from_hours(6);
/// The shortest.
const SHORTEST_BACKOFF: SignedDuration = SignedDuration::from_secs(60);
/// When there was more than one look takes in, the next one comes as soon as this.
const SOON: SignedDuration = SignedDuration::from_secs(5);
/// Who did it, in the audit log.
const ACTOR: &str = "edisi";

/// How sources are looked at.
#[derive(Debug, Clone)]
pub struct WatchOptions {
    /// Whether sources may be on private addresses: the operator's word.
    pub private_addresses: bool,
    /// Between two requests to a site.
    pub pause: Duration,
    /// Pages or files that one look reads. The first look at a source reads so many of the newest, and leaves what is
    /// older.
    pub at_most: usize,
    /// How long after it was read a page that is still listed is asked for again; then after twice as long, and so on.
    pub recheck: Duration,
    /// A file must be this old before it is read: it may still be being written.
    pub settled: Duration,
    /// When no further page is begun with.
    pub time: Duration,
    /// Set when the program is to stop.
    pub stop: Arc<AtomicBool>,
}

impl Default for WatchOptions {
    fn default() -> WatchOptions {
        WatchOptions {
            private_addresses: false,
            pause: Duration::from_secs(1),
            at_most: 20,
            recheck: Duration::from_secs(15 * 60),
            settled: Duration::from_secs(2),
            time: Duration::from_secs(120),
            stop: Arc::default(),
        }
    }
}

/// What a look came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Polled {
    /// New articles.
    pub created: usize,
    /// New states of known articles.
    pub revised: usize,
    /// Articles that were read and are known as they are.
    pub unchanged: usize,
    /// Entries that gave no article.
    pub failed: usize,
}

/// Looks at a source: takes in what is new, and notes what was seen and when to look again. That a source cannot be
/// read is noted with it, and no error.
///
/// # Errors
/// When the store fails.
pub async fn poll(
    newsroom: &Newsroom,
    source: &SourceRow,
    options: &WatchOptions,
) -> Result<Polled, NewsroomError> {
    let mut look = Look::new(newsroom, source, options);
    let done = match source.kind {
        SourceKind::Feed => feed::look(&mut look).await,
        SourceKind::Sitemap => pages::look_at_sitemap(&mut look).await,
        SourceKind::Folder => folder::look(&mut look).await,
    };
    if look.is_more || look.wait.is_some() || look.seen.is_open() {
        // The list is needed again, also when it has not changed.
        look.validators = Validators::default();
    }
    let now = Timestamp::now();
    let note = match done {
        Ok(()) => SourceLook {
            etag: look.validators.etag.take(),
            last_modified: look.validators.last_modified.take(),
            seen: look.seen.written(),
            due: now + look.next(),
            failures: 0,
            error: look.trouble.take(),
        },
        Err(LookError::Newsroom(error)) => return Err(error),
        // What was taken in before it failed is still remembered.
        Err(LookError::Source { problem, wait }) => SourceLook {
            etag: source.etag.clone(),
            last_modified: source.last_modified.clone(),
            seen: look.seen.written(),
            due: now + backoff(source, wait),
            failures: source.failures + 1,
            error: Some(problem),
        },
    };
    match newsroom.store().note_look(source.id, &note).await {
        // It was removed meanwhile.
        Ok(()) | Err(StoreError::NotFound { .. }) => Ok(look.polled),
        Err(error) => Err(error.into()),
    }
}

/// Why a look ended.
enum LookError {
    /// The source cannot be read.
    Source {
        problem: String,
        /// How long its server asks to be left alone.
        wait: Option<Duration>,
    },
    /// The newsroom cannot go on.
    Newsroom(NewsroomError),
}

impl LookError {
    fn source(problem: impl ToString) -> LookError {
        LookError::Source { problem: problem.to_string(), wait: None }
    }
}

impl From<ExtractError> for LookError {
    fn from(error: ExtractError) -> LookError {
        LookError::Source { problem: error.to_string(), wait: error.retry_after() }
    }
}

/// A look in progress.
struct Look<'a> {
    newsroom: &'a Newsroom,
    source: &'a SourceRow,
    options: &'a WatchOptions,
    begun: Instant,
    /// What the source's server says of its state.
    validators: Validators,
    seen: Seen,
    /// Pages or files that were read.
    read: usize,
    /// Whether there is more than was read.
    is_more: bool,
    /// How long a server asks to be left alone.
    wait: Option<Duration>,
    /// What went wrong with an entry, while the source itself is well.
    trouble: Option<String>,
    polled: Polled,
}

impl<'a> Look<'a> {
    fn new(newsroom: &'a Newsroom, source: &'a SourceRow, options: &'a WatchOptions) -> Look<'a> {
        let (etag, last_modified) = (source.etag.clone(), source.last_modified.clone());
        Look {
            newsroom,
            source,
            options,
            begun: Instant::now(),
            validators: Validators { etag, last_modified },
            seen: Seen::read(&source.seen),
            read: 0,
            is_more: false,
            wait: None,
            trouble: None,
            polled: Polled::default(),
        }
    }

    /// The source's address.
    fn address(&self) -> Result<Url, LookError> {
        Url::parse(&self.source.location).map_err(|e| {
            LookError::source(format!(
                "{} is no address: {e}; remove it and add another",
                self.source.location
            ))
        })
    }

    /// Whether there is room and time for another entry; what is left comes with the next look.
    fn has_room(&mut self) -> bool {
        let has = self.read < self.options.at_most
            && self.wait.is_none()
            && self.begun.elapsed() < self.options.time
            && !self.options.stop.load(Ordering::Relaxed);
        self.is_more |= !has;
        has
    }

    /// How long until the next look.
    fn next(&self) -> SignedDuration {
        let interval = SignedDuration::from_secs(self.source.interval.max(1));
        match self.wait {
            Some(wait) => interval.max(SignedDuration::try_from(wait).unwrap_or(LONGEST_BACKOFF)),
            None if self.is_more => interval.min(SOON),
            None => interval,
        }
    }

    /// Takes an article in, under the name that tells it from others.
    async fn take_in(&mut self, article: Article, key: String) -> Result<(), LookError> {
        let origin = Origin { key: Some(key.clone()), source: Some(self.source.id), note: None };
        match self.newsroom.ingest(article, origin, ACTOR).await {
            Ok(Ingested::Created(_)) => self.polled.created += 1,
            Ok(Ingested::Revised(_)) => self.polled.revised += 1,
            Ok(Ingested::Unchanged(_)) => self.polled.unchanged += 1,
            Err(NewsroomError::Refused(problem)) => self.fail(format!("{key}: {problem}")),
            Err(error) => return Err(LookError::Newsroom(error)),
        }
        Ok(())
    }

    /// Notes that an entry gave no article.
    fn fail(&mut self, problem: String) {
        tracing::warn!(source = self.source.location, "{problem}");
        self.polled.failed += 1;
        self.trouble = Some(problem);
    }
}

/// How long a source that failed is left alone.
fn backoff(source: &SourceRow, wait: Option<Duration>) -> SignedDuration {
    let doublings = u32::try_from(source.failures.clamp(0, 16)).unwrap_or(16);
    let seconds = source.interval.max(1).saturating_mul(1 << doublings);
    let backoff = SignedDuration::from_secs(seconds).clamp(SHORTEST_BACKOFF, LONGEST_BACKOFF);
    match wait.and_then(|wait| SignedDuration::try_from(wait).ok()) {
        Some(wait) => backoff.max(wait),
        None => backoff,
    }
}

#[cfg(test)]
mod tests;
