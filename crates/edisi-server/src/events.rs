//! What changes, told to whoever watches: the desk's pages, webhooks, tests.

use edisi_store::{EditionState, Id};
use edisi_text::Lang;
use serde::Serialize;
use tokio::sync::broadcast;

/// Something that changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// An edition is being made.
    Progress {
        /// The edition's article.
        article: Id,
        /// The edition.
        edition: Id,
        /// Its language.
        lang: Lang,
        /// Steps done.
        done: usize,
        /// Of so many.
        steps: usize,
    },
    /// An edition changed state, or fell behind its article.
    Edition {
        /// The edition's article.
        article: Id,
        /// The edition.
        edition: Id,
        /// Its language.
        lang: Lang,
        /// The state it has now.
        state: EditionState,
        /// Whether it is behind.
        stale: bool,
    },
    /// A segment was changed.
    Segment {
        /// The segment's edition.
        edition: Id,
        /// The segment.
        segment: Id,
        /// Its version now.
        version: i64,
        /// Who did.
        by: String,
    },
    /// An article was taken in, or a new revision of it.
    Article {
        /// The article.
        article: Id,
    },
}

/// Passes events on. Those who are too slow miss some; they load the page again.
#[derive(Debug, Clone)]
pub struct Events(broadcast::Sender<Event>);

impl Default for Events {
    fn default() -> Events {
        Events(broadcast::channel(1024).0)
    }
}

impl Events {
    /// Tells whoever watches, if anybody does.
    pub fn tell(&self, event: Event) {
        // An error means that nobody watches.
        let _ = self.0.send(event);
    }

    /// Watches from now on.
    pub fn watch(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}
