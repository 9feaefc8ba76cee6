//! What the site's memory knows of a segment: an editor's translation, which stands instead of an engine's, or
//! translations of sentences like it, which are shown to the editor.

use edisi_memory::{Match, Memory, MemoryError, Review};
use serde::{Deserialize, Serialize};

use crate::translator::{Draft, FinishReason, Pair};

/// Sentences less like a segment than this are not shown.
const LEAST: f32 = 0.75;
/// How many are shown.
const SHOWN: usize = 3;

/// How a translation was taken from the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reuse {
    /// As an editor reviewed it.
    Reviewed,
    /// With other numbers than an editor reviewed it with.
    Adapted,
}

/// Where a segment's translation is from, when it is from the memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recalled {
    /// How it was taken.
    pub reuse: Reuse,
    /// What the memory calls the unit.
    pub id: String,
    /// Who reviewed the unit, and when.
    #[serde(flatten)]
    pub review: Review,
    /// Where the memory has it from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub origin: String,
}

/// A reviewed translation of a sentence like a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// How like, 0 to 1; see [`edisi_memory::score`].
    pub score: f32,
    /// The sentence.
    pub source: String,
    /// Its translation.
    pub target: String,
    /// The translation with the segment's numbers, where the two differ in numbers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapted: Option<String>,
    /// What the memory calls the unit.
    pub id: String,
    /// Who reviewed it, and when.
    #[serde(flatten)]
    pub review: Review,
}

/// What a look-up gave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    /// Translations to take, the first that has no errors; a reviewed one in any case.
    pub drafts: Vec<(Recalled, Draft)>,
    /// Translations to show.
    pub suggestions: Vec<Suggestion>,
}

impl Found {
    /// Looks up a segment.
    pub fn of(memory: &Memory, pair: Pair, text: &str) -> Result<Found, MemoryError> {
        let mut found = Found::default();
        for one in memory.fuzzy((pair.source, pair.target), text, LEAST, SHOWN)? {
            if one.score >= 1.0 {
                // The best answer to the same sentence, and nothing beside it.
                found.drafts = vec![taken(&one, Reuse::Reviewed, &one.unit.target)];
                return Ok(found);
            }
            if let Some(text) = &one.adapted {
                found.drafts.push(taken(&one, Reuse::Adapted, text));
            }
            found.suggestions.push(suggestion(one));
        }
        Ok(found)
    }
}

fn taken(found: &Match, reuse: Reuse, text: &str) -> (Recalled, Draft) {
    let unit = &found.unit;
    let recalled =
        Recalled { reuse, id: unit.id(), review: unit.review.clone(), origin: unit.origin.clone() };
    (recalled, Draft { finish: FinishReason::Memory, ..Draft::copied(text) })
}

fn suggestion(found: Match) -> Suggestion {
    let id = found.unit.id();
    Suggestion {
        score: (found.score * 1000.0).round() / 1000.0,
        source: found.unit.source,
        target: found.unit.target,
        adapted: found.adapted,
        id,
        review: found.unit.review,
    }
}
