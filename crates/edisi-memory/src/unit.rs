//! What a memory remembers.

use std::fmt::Write as _;

use edisi_text::clean::collapse_whitespace;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use crate::Pair;

/// A sentence, or a few, with the translation that an editor found right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// From which language into which.
    pub pair: Pair,
    /// The original.
    pub source: String,
    /// Its translation.
    pub target: String,
    /// Who found it right.
    pub review: Review,
    /// Where it is from: a file, an article; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub origin: String,
    /// The sentence before the original.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

/// Who reviewed a translation, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// A name or account.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Unit {
    /// What the unit is called: 32 hexadecimal digits of a hash of pair, source and translation. White space and the
    /// way letters are encoded do not count.
    pub fn id(&self) -> String {
        digest(&[&tag(self.pair), &plain(&self.source), &plain(&self.target)])
    }

    /// What all units with the same source in the same pair have in common.
    pub(crate) fn key(&self) -> String {
        key(self.pair, &plain(&self.source))
    }
}

/// What units with the [plain](plain) source `text` are found by.
pub(crate) fn key(pair: Pair, text: &str) -> String {
    digest(&[&tag(pair), text])
}

/// `id-en`, with scripts: `zh-Hans`.
pub(crate) fn tag(pair: Pair) -> String {
    format!("{}>{}", pair.0, pair.1)
}

/// A text as it is compared: composed letters, single spaces.
pub(crate) fn plain(text: &str) -> String {
    collapse_whitespace(&text.nfc().collect::<String>())
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()[..16].iter().fold(String::with_capacity(32), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
