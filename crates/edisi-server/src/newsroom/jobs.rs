//! The jobs that changes leave behind.

use edisi_store::{Id, Job, NewJob};
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

/// Times that a job is begun before it is taken for one that brings the program down. A program that is killed again and
/// again for other reasons does not get there: what it has done of a job stays done.
pub(crate) const MAX_BEGUN: i64 = 200;

fn job(kind: &'static str, key: String, payload: Value) -> NewJob {
    NewJob { kind, key, payload, due: Timestamp::now(), max_attempts: MAX_BEGUN }
}

fn value(payload: &impl Serialize) -> Value {
    serde_json::to_value(payload).expect("payloads are plain data")
}

pub(crate) fn make(payload: &MakePayload) -> NewJob {
    let langs: Vec<String> = payload.langs.iter().map(Lang::to_string).collect();
    let key = format!("{}/{}", payload.revision, langs.join(","));
    job(kind::MAKE, key, value(payload))
}

pub(crate) fn publish(edition: Id, version: i64) -> NewJob {
    job(kind::PUBLISH, format!("{edition}/{version}"), value(&PublishPayload { edition, version }))
}

pub(crate) fn original(article: Id, revision: Id) -> NewJob {
    job(kind::ORIGINAL, format!("{article}/{revision}"), value(&OriginalPayload { article }))
}

pub(crate) fn learn(edition: Id, content_version: i64) -> NewJob {
    job(
        kind::LEARN,
        format!("{edition}/{content_version}"),
        value(&serde_json::json!({ "edition": edition })),
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
    job(kind::ANNOUNCE, id.to_string(), value(&payload))
}

/// A message for one receiver.
pub(crate) fn delivery(kind: &'static str, key: String, payload: Value) -> NewJob {
    job(kind, key, payload)
}

/// Tries that a job gets at least.
const TRIES: i64 = 12;
/// How long it is tried at least: what is broken is put right by then, or somebody has to see it.
const PATIENCE: SignedDuration = SignedDuration::from_mins(30);
/// The same for messages to others, whose servers may be down for a night.
const PATIENCE_WITH_OTHERS: SignedDuration = SignedDuration::from_hours(24);

/// Whether a job that failed just now is tried no more.
pub(crate) fn is_hopeless(job: &Job, now: Timestamp) -> bool {
    let patience = match job.kind.as_str() {
        kind::WEBHOOK | kind::WEBSUB => PATIENCE_WITH_OTHERS,
        _ => PATIENCE,
    };
    job.attempts >= job.max_attempts || job.attempts >= TRIES && now.duration_since(job.created) >= patience
}

/// How long to wait after so many tries: five seconds, doubled each time, an hour at most.
pub(crate) fn backoff(attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(10);
    SignedDuration::from_secs((5_i64 << doublings).min(3600))
}

#[cfg(test)]
mod tests {
    use edisi_store::JobState;

    use super::*;

    #[test]
    fn what_fails_for_long_is_given_up_and_what_was_interrupted_often_is_not() {
        let now = Timestamp::now();
        let job = |kind: &str, attempts, age: SignedDuration| Job {
            id: Id::new(),
            kind: kind.into(),
            key: String::new(),
            payload: Value::Null,
            state: JobState::Running,
            attempts,
            max_attempts: MAX_BEGUN,
            due: now,
            leased_until: None,
            error: None,
            created: now - age,
            updated: now,
        };
        let minutes = SignedDuration::from_mins;
        assert!(!is_hopeless(&job(kind::MAKE, 60, minutes(1)), now), "killed sixty times in a minute");
        assert!(!is_hopeless(&job(kind::MAKE, 3, minutes(600)), now));
        assert!(is_hopeless(&job(kind::MAKE, 12, minutes(45)), now));
        assert!(!is_hopeless(&job(kind::WEBHOOK, 30, minutes(600)), now));
        assert!(is_hopeless(&job(kind::WEBHOOK, 30, minutes(25 * 60)), now));
        assert!(is_hopeless(&job(kind::MAKE, MAX_BEGUN, minutes(1)), now));
    }

    #[test]
    fn pauses_grow_to_an_hour() {
        assert_eq!([1, 2, 3, 99].map(|n| backoff(n).as_secs()), [5, 10, 20, 3600]);
    }
}
