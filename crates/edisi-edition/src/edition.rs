//! An edition: an article in another language, with all that is known of how it came about.

use std::ops::Range;

use edisi_article::{Article, Finding, GlossaryVersion, Link, Severity};
use edisi_text::Lang;
use serde::{Deserialize, Serialize};

use crate::markup::Inline;
use crate::policy::Decision;
use crate::recall::{Recalled, Reuse, Suggestion};
use crate::repair::Repair;
use crate::router::LegReport;
use crate::translator::{Alignment, Draft, Failure, FinishReason, Tier};
use crate::units::Place;

/// An article and its editions.
#[derive(Debug, Clone)]
pub struct EditionSet {
    /// The original, its language filled in.
    pub article: Article,
    /// The language translated from.
    pub source: Lang,
    /// What state of the article this is: SHA-256 of its texts, hexadecimal.
    pub revision: String,
    /// One edition per target, in the order asked for.
    pub editions: Vec<Edition>,
}

/// One language version of one article revision.
#[derive(Debug, Clone)]
pub struct Edition {
    /// Its language.
    pub lang: Lang,
    /// The lowest tier of the engines on the way.
    pub tier: Tier,
    /// Which engines made it.
    pub route: Vec<LegReport>,
    /// Which engines made the segments that the route failed on and this one did not; empty without any.
    pub detour: Vec<LegReport>,
    /// Its texts, in reading order.
    pub units: Vec<EditionUnit>,
    /// The glossaries it was made with.
    pub glossaries: Vec<GlossaryVersion>,
    /// Engine time when its segments were made, in microseconds.
    pub engine_micros: u64,
    /// How many of its segments the engine translated in this run, not the cache.
    pub fresh: usize,
}

/// One translated text.
#[derive(Debug, Clone)]
pub struct EditionUnit {
    /// Where it stands.
    pub place: Place,
    /// The text; segments that failed stand in it in the original language.
    pub text: String,
    /// The inline markup that could be carried over, in order and properly nested.
    pub markup: Vec<Inline>,
    /// Its segments, in order.
    pub segments: Vec<EditionSegment>,
    /// Links of the source that found no place in the text.
    pub lost_links: Vec<Link>,
    /// Findings on the text as a whole.
    pub findings: Vec<Finding>,
}

/// One translated sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditionSegment {
    /// The original sentence.
    pub source: String,
    /// Its bytes in the source text.
    #[serde(skip)]
    pub source_range: Range<usize>,
    /// The translation; the original sentence where it failed.
    pub text: String,
    /// Its bytes in the edition's text.
    #[serde(skip)]
    pub range: Range<usize>,
    /// Why decoding ended.
    pub finish: FinishReason,
    /// How sure the last engine was; `None` for copies and engines without scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// Whether another route than the edition's own made it, because that one failed or made errors.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub detour: bool,
    /// Where the memory has it from, when no engine made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Box<Recalled>>,
    /// Reviewed translations of sentences like it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<Suggestion>,
    /// What was tried, and what the checks noticed before, where the first try was found wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<Box<Repair>>,
    /// What the site's policy says of it.
    #[serde(default, skip_serializing_if = "Decision::is_publish")]
    pub decision: Decision,
    /// The English in between, on a route through English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pivot: Option<Pivot>,
    /// Why there is no translation: the sentence is a visible gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Failure>,
    /// What the checks noticed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Which words of the translation came from which of the sentence, where the engine says so. Not in reports.
    #[serde(skip)]
    pub links: Option<Vec<Alignment>>,
    /// What else the engine's search ended with, the likelier first. Not in reports.
    #[serde(skip)]
    pub alternatives: Vec<String>,
}

/// How sure an engine was of a segment: natural logarithms of token probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Mean over the tokens.
    pub mean: f32,
    /// The least sure token.
    pub min: f32,
    /// How many tokens.
    pub tokens: usize,
}

impl Score {
    /// The score of a draft, if it has token scores.
    pub fn of(draft: &Draft) -> Option<Score> {
        Some(Score { mean: draft.mean_logprob()?, min: draft.min_logprob()?, tokens: draft.tokens.len() })
    }
}

/// What a segment was in English on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pivot {
    /// The English sentence.
    pub text: String,
    /// How sure the first engine was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
}

impl Edition {
    /// The text at `place`, if it was translated.
    pub fn unit(&self, place: Place) -> Option<&EditionUnit> {
        self.units.iter().find(|u| u.place == place)
    }

    /// All segments, in reading order.
    pub fn segments(&self) -> impl Iterator<Item = &EditionSegment> {
        self.units.iter().flat_map(|u| &u.segments)
    }

    /// How many segments have no translation.
    pub fn failed(&self) -> usize {
        self.segments().filter(|s| s.failed.is_some()).count()
    }

    /// How many segments are from the memory in this way.
    pub fn recalled(&self, reuse: Reuse) -> usize {
        self.segments().filter(|s| s.memory.as_ref().is_some_and(|m| m.reuse == reuse)).count()
    }

    /// Whether every segment is as an editor reviewed it: none was made by an engine, or failed.
    pub fn is_reviewed(&self) -> bool {
        let reviewed = |s: &EditionSegment| s.memory.as_ref().is_some_and(|m| m.reuse == Reuse::Reviewed);
        let copied = |s: &EditionSegment| s.finish == FinishReason::Copied && s.failed.is_none();
        self.segments().any(reviewed) && self.segments().all(|s| reviewed(s) || copied(s))
    }

    /// How many segments an editor must look at before they are published.
    pub fn held(&self) -> usize {
        self.segments().filter(|s| s.decision == Decision::Hold).count()
    }

    /// All findings with their place, in reading order; block and segment are filled in.
    pub fn findings(&self) -> impl Iterator<Item = (Place, &Finding)> {
        self.units.iter().flat_map(|u| {
            u.findings.iter().chain(u.segments.iter().flat_map(|s| &s.findings)).map(|f| (u.place, f))
        })
    }

    /// How many findings there are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings().filter(|(_, f)| f.severity == severity).count()
    }
}
