//! What was seen in a source.

use std::collections::HashMap;
use std::time::Duration;

use edisi_extract::Validators;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Entries of a source that are remembered.
pub(super) const MOST: usize = 10_000;
/// Tries at a page that cannot be had just now, one a look.
const TRIES: u32 = 20;
/// Pages are not asked for again when they are older than this.
const OLD: i64 = 7 * 24 * 3600;

/// The entries of a source, in its order.
pub(super) struct Seen {
    order: Vec<String>,
    entries: HashMap<String, Entry>,
    /// Whether the source was never looked at.
    pub(super) is_first: bool,
}

/// An entry, as it was when it was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// What tells its state from another, as far as the source says.
    #[serde(rename = "m")]
    pub(super) mark: String,
    /// When it was first read, in seconds; 0 for what is not a page that may change.
    #[serde(rename = "f", default, skip_serializing_if = "is_zero")]
    pub(super) first: i64,
    /// When it was last read.
    #[serde(rename = "c", default, skip_serializing_if = "is_zero")]
    pub(super) checked: i64,
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub(super) etag: Option<String>,
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub(super) last_modified: Option<String>,
    /// Failed tries at this state of it.
    #[serde(rename = "t", default, skip_serializing_if = "is_none_failed")]
    pub(super) tries: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none_failed(tries: &u32) -> bool {
    *tries == 0
}

impl Entry {
    /// What its server is asked with.
    pub(super) fn validators(&self) -> Validators {
        Validators { etag: self.etag.clone(), last_modified: self.last_modified.clone() }
    }

    /// Whether it may be tried (again) in this state.
    fn is_open(&self) -> bool {
        (1..TRIES).contains(&self.tries)
    }

    /// Whether the page may have been changed quietly by now.
    pub(super) fn is_due(&self, recheck: Duration, now: Timestamp) -> bool {
        let (now, least) = (now.as_second(), i64::try_from(recheck.as_secs()).unwrap_or(i64::MAX));
        let known = self.checked - self.first;
        self.first > 0 && self.tries == 0 && now - self.first < OLD && now - self.checked >= known.max(least)
    }
}

impl Seen {
    pub(super) fn read(rows: &[(String, String)]) -> Seen {
        let mut seen = Seen { order: Vec::new(), entries: HashMap::new(), is_first: rows.is_empty() };
        for (key, state) in rows {
            // What another program wrote is seen all the same.
            let entry = serde_json::from_str(state)
                .unwrap_or_else(|_| Entry { mark: state.clone(), ..Entry::default() });
            seen.set(key, entry);
        }
        seen
    }

    pub(super) fn written(&self) -> Vec<(String, String)> {
        let row = |key: &String| {
            let entry = self.entries.get(key)?;
            Some((key.clone(), serde_json::to_string(entry).expect("texts and numbers")))
        };
        self.order.iter().filter_map(row).collect()
    }

    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// Whether an entry is not known in this state, or should be tried again.
    pub(super) fn is_new(&self, key: &str, mark: &str) -> bool {
        self.get(key).is_none_or(|entry| entry.mark != mark || entry.is_open())
    }

    pub(super) fn set(&mut self, key: &str, entry: Entry) {
        if self.entries.insert(key.to_owned(), entry).is_none() {
            self.order.push(key.to_owned());
        }
    }

    /// Whether there is something to try again.
    pub(super) fn is_open(&self) -> bool {
        self.entries.values().any(Entry::is_open)
    }

    /// One more failed try at this state of an entry.
    pub(super) fn failed(&mut self, key: &str, mark: &str) {
        let before = self.get(key).filter(|entry| entry.mark == mark).map_or(0, |entry| entry.tries);
        self.set(key, Entry { mark: mark.to_owned(), tries: before + 1, ..Entry::default() });
    }

    /// Forgets what is not listed any more.
    pub(super) fn keep(&mut self, listed: &[String]) {
        let listed: std::collections::HashSet<&String> = listed.iter().take(MOST).collect();
        self.order.retain(|key| listed.contains(key));
        self.entries.retain(|key, _| listed.contains(key));
    }

    /// The entries, in order.
    pub(super) fn keys(&self) -> Vec<String> {
        self.order.clone()
    }
}
