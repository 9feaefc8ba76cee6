//! What things are called on the desk's pages.

use edisi_article::{FindingKind, escape_html};
use edisi_edition::repair::Way;
use edisi_edition::units::Place;
use edisi_store::{EditionState, JobState, Role, SegmentState, SourceKind};
use jiff::Timestamp;
use serde::Serialize;

/// The name that serde gives a variant: `number-missing`.
pub fn key(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// A name as words: `number-missing` as `Number missing`.
pub fn words(key: &str) -> String {
    let text = key.replace('-', " ");
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// A finding's kind.
pub fn finding(kind: FindingKind) -> String {
    words(&key(kind))
}

/// How far an edition is.
pub fn edition(state: EditionState) -> &'static str {
    match state {
        EditionState::Translating => "Being made",
        EditionState::Review => "To review",
        EditionState::Approved => "Approved",
        EditionState::Published => "Published",
        EditionState::Rejected => "Rejected",
        EditionState::Failed => "Failed",
    }
}

/// All states, in the order that lists show them.
pub const EDITIONS: [EditionState; 6] = [
    EditionState::Review,
    EditionState::Translating,
    EditionState::Approved,
    EditionState::Published,
    EditionState::Failed,
    EditionState::Rejected,
];

/// What an editor did about a segment.
pub fn segment(state: SegmentState) -> &'static str {
    match state {
        SegmentState::Machine => "Not reviewed",
        SegmentState::Accepted => "Accepted",
        SegmentState::Edited => "Edited",
        SegmentState::Rejected => "Rejected",
    }
}

/// What a user may do.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Reader => "reader",
        Role::Editor => "editor",
        Role::Admin => "admin",
    }
}

/// How a job stands.
pub fn job(state: JobState) -> &'static str {
    match state {
        JobState::Queued => "waiting",
        JobState::Running => "running",
        JobState::Done => "done",
        JobState::Parked => "parked",
    }
}

/// What a source is.
pub fn source(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Feed => "feed",
        SourceKind::Sitemap => "sitemap",
        SourceKind::Folder => "folder",
    }
}

/// How a sentence was tried.
pub fn way(way: Way) -> &'static str {
    match way {
        Way::Route => "First try",
        Way::Hypothesis => "Second choice of the engine",
        Way::Demanded => "With names and numbers demanded",
        Way::Detour => "By another route",
        Way::Halves => "In two halves",
        _ => "Another try",
    }
}

/// Where a text stands, when that is not the running text.
pub fn place(place: Place) -> Option<&'static str> {
    match place {
        Place::Title => Some("Headline"),
        Place::Description => Some("Stand-first"),
        Place::Cell { .. } => Some("Table"),
        Place::Caption { .. } => Some("Caption"),
        Place::Alt { .. } => Some("Picture text"),
        _ => None,
    }
}

/// A time as pages show it before the script puts it into the reader's own: `28 Nov 2026, 17:20 UTC`.
pub fn time(rfc3339: &str) -> String {
    match rfc3339.parse::<Timestamp>() {
        Ok(time) => time.strftime("%-d %b %Y, %H:%M UTC").to_string(),
        Err(_) => rfc3339.to_owned(),
    }
}

/// A message as HTML, with what it has in backticks in `<q>`.
pub fn quoted(message: &str) -> String {
    let parts: Vec<&str> = message.split('`').collect();
    let last = parts.len() - 1;
    let one = |(i, part): (usize, &&str)| match i % 2 {
        1 if i < last => format!("<q>{}</q>", escape_html(part)),
        1 => format!("`{}", escape_html(part)),
        _ => escape_html(part),
    };
    parts.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_times_are_words() {
        assert_eq!(finding(FindingKind::NumberMissing), "Number missing");
        assert_eq!(time("2026-11-28T17:20:31.5Z"), "28 Nov 2026, 17:20 UTC");
        assert_eq!(time("soon"), "soon");
    }

    #[test]
    fn what_is_quoted_is_set_off() {
        assert_eq!(quoted("`<a>` as `b`"), "<q>&lt;a&gt;</q> as <q>b</q>");
        assert_eq!(quoted("one ` alone"), "one ` alone");
        assert_eq!(quoted("plain"), "plain");
    }
}
