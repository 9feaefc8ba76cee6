//! What a desk keeps of an edition, and how the edition is put together again after editors have changed it.

use edisi_article::{Article, Finding, GlossaryVersion};
use edisi_memory::Review;
use edisi_text::Lang;
use serde::{Deserialize, Serialize};

use crate::assemble;
use crate::edition::{Edition, EditionSegment};
use crate::policy::Decision;
use crate::recall::{Recalled, Reuse};
use crate::router::LegReport;
use crate::translator::{Alignment, Failure, FailureReason, Tier};
use crate::units::{self, Place};

/// A segment as it was made, with all that is needed to show it and to put it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptSegment {
    /// The segment. Its ranges are not kept: they follow from the texts.
    #[serde(flatten)]
    pub segment: EditionSegment,
    /// See [`EditionSegment::links`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Vec<Alignment>>,
    /// See [`EditionSegment::alternatives`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
}

/// The segments of an edition, in reading order: the text each stands in, and its number there.
pub fn keep(edition: &Edition) -> Vec<(Place, usize, KeptSegment)> {
    let unit = |u: &crate::EditionUnit| {
        let place = u.place;
        let one = move |(index, s): (usize, &EditionSegment)| {
            let mut segment = s.clone();
            let (links, alternatives) = (segment.links.take(), std::mem::take(&mut segment.alternatives));
            (segment.source_range, segment.range) = (0..0, 0..0);
            (place, index, KeptSegment { segment, links, alternatives })
        };
        u.segments.iter().enumerate().map(one).collect::<Vec<_>>()
    };
    edition.units.iter().flat_map(unit).collect()
}

/// What stands in an edition for a segment.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// What was made.
    Made,
    /// What an editor found right or wrote.
    Reviewed {
        /// The text.
        text: String,
        /// Who, and when.
        review: Review,
        /// What the checks say of it.
        findings: Vec<Finding>,
    },
    /// The original sentence: an editor refused what was made.
    Refused,
}

/// The frame of an edition: all of it but its texts.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Its language.
    pub lang: Lang,
    /// The lowest tier of the engines on the way.
    pub tier: Tier,
    /// Which engines made it.
    pub route: Vec<LegReport>,
    /// The glossaries it was made with.
    pub glossaries: Vec<GlossaryVersion>,
}

/// Kept segments that are not those of the article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("segment {number} of the edition is not that of the article; translate the article again")]
pub struct Mismatch {
    /// The first that differs, from 0.
    pub number: usize,
}

/// Puts an edition of `article`, written in `source`, together from its segments in reading order.
///
/// # Errors
/// When the segments are not those of the article: it is another revision, or an Edisi that cuts sentences in
/// another way made them.
pub fn assemble(
    article: &Article,
    source: Lang,
    frame: Frame,
    segments: impl IntoIterator<Item = (KeptSegment, Standing)>,
) -> Result<Edition, Mismatch> {
    let mut given = segments.into_iter();
    let (mut number, mut units) = (0, Vec::new());
    for unit in units::units(article, source) {
        let mut segments = Vec::with_capacity(unit.segments.len());
        for range in &unit.segments {
            let (kept, standing) = given.next().ok_or(Mismatch { number })?;
            if kept.segment.source != unit.text[range.clone()] {
                return Err(Mismatch { number });
            }
            number += 1;
            segments.push(EditionSegment { source_range: range.clone(), ..standing_segment(kept, standing) });
        }
        units.push(assemble::put_together(&unit, segments, frame.lang));
    }
    if given.next().is_some() {
        return Err(Mismatch { number });
    }
    assemble::compare_wording(&mut units);
    let Frame { lang, tier, route, glossaries } = frame;
    Ok(Edition { lang, tier, route, detour: Vec::new(), units, glossaries, engine_micros: 0, fresh: 0 })
}

fn standing_segment(kept: KeptSegment, standing: Standing) -> EditionSegment {
    let KeptSegment { mut segment, links, alternatives } = kept;
    segment.alternatives = alternatives;
    match standing {
        Standing::Made => segment.links = links,
        Standing::Reviewed { text, review, findings } => {
            // The engine's links are between its own words and the sentence's.
            segment.links = links.filter(|_| segment.failed.is_none() && segment.text == text);
            segment.memory = Some(Box::new(Recalled {
                reuse: Reuse::Reviewed,
                id: String::new(),
                review,
                origin: String::new(),
            }));
            segment.text = text;
            segment.findings = findings;
            segment.failed = None;
            segment.decision = Decision::Publish;
        }
        Standing::Refused => {
            segment.failed = Some(Failure {
                reason: FailureReason::Unacceptable,
                message: "an editor refused the translation".into(),
            });
            segment.text.clone_from(&segment.source);
            segment.decision = Decision::Original;
            assemble::mark_gap(&mut segment);
        }
    }
    segment
}

#[cfg(test)]
mod tests;
