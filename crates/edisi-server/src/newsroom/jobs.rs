//! The jobs that changes leave behind.

use edisi_store::{Id, NewJob};
use edisi_text::Lang;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What there is to do.
pub mod kind {
    /// Makes editions of a revision; the engine's work.
    pub const MAKE: &str = "make";
    /// Publishes an edition that is ready.
    pub const PUBLISH: &str = "publish";
    /// Publishes the original.
    pub const ORIGINAL: &str = "original";
    /// Puts an approved edition into the memory.
    pub const LEARN: &str = "learn";
    /// Tells whoever wants to know: makes a delivery for each of them.
    pub const ANNOUNCE: &str = "announce";
    /// Delivers a message to a webhook.
    pub const WEBHOOK: &str = "webhook";
    /// Tells a WebSub hub of a change.
    pub const WEBSUB: &str = "websub";
    /// Looks at a watched source.
    pub const POLL: &str = "poll";
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MakePayload {
    pub article: Id,
    pub revision: Id,
    pub langs: Vec<Lang>,
    /// Who asked for it; what the audit log says.
    pub actor: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PublishPayload {
    pub edition: Id,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OriginalPayload {
    pub article: Id,
}

/// What webhooks are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Announcement {
    /// What it is called, however often it is told.
    pub id: Id,
    /// `edition.ready`, `edition.held`, `edition.published`, `edition.stale`.
    pub event: String,
    pub article: Id,
    pub edition: Option<Id>,
    pub lang: Lang,
    /// The publication, for `edition.published`.
    pub number: Option<i64>,
    pub at: Timestamp,
}

fn job(kind: &'static str, key: String, payload: Value, max_attempts: i64) -> NewJob {
    NewJob { kind, key, payload, due: Timestamp::now(), max_attempts }
}

fn value(payload: &impl Serialize) -> Value {
    serde_json::to_value(payload).expect("payloads are plain data")
}

pub(crate) fn make(payload: &MakePayload) -> NewJob {
    let langs: Vec<String> = payload.langs.iter().map(Lang::to_string).collect();
    let key = format!("{}/{}", payload.revision, langs.join(","));
    job(kind::MAKE, key, value(payload), 12)
}

pub(crate) fn publish(edition: Id, version: i64) -> NewJob {
    job(kind::PUBLISH, format!("{edition}/{version}"), value(&PublishPayload { edition, version }), 8)
}

pub(crate) fn original(article: Id, revision: Id) -> NewJob {
    job(kind::ORIGINAL, format!("{article}/{revision}"), value(&OriginalPayload { article }), 8)
}

pub(crate) fn learn(edition: Id, content_version: i64) -> NewJob {
    job(
        kind::LEARN,
        format!("{edition}/{content_version}"),
        value(&serde_json::json!({ "edition": edition })),
        8,
    )
}

pub(crate) fn announce(
    event: &str,
    article: Id,
    edition: Option<Id>,
    lang: Lang,
    number: Option<i64>,
) -> NewJob {
    let at = Timestamp::now();
    let id = Id::new();
    let payload = Announcement { id, event: event.into(), article, edition, lang, number, at };
    job(kind::ANNOUNCE, id.to_string(), value(&payload), 8)
}

/// A message for one receiver, tried for about a day.
pub(crate) fn delivery(kind: &'static str, key: String, payload: Value) -> NewJob {
    job(kind, key, payload, 12)
}

/// How long to wait after so many tries: five seconds, doubled each time, an hour at most.
pub(crate) fn backoff(attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(10);
    SignedDuration::from_secs((5_i64 << doublings).min(3600))
}
