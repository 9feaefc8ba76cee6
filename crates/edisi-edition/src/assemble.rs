//! Puts drafts back into the article's shape and has them checked.

use edisi_article::{Finding, FindingKind, Link, Severity};
use edisi_quality::CheckOptions;

use crate::checks;
use crate::edition::{EditionSegment, EditionUnit, Pivot, Score};
use crate::markup::{self, Aligned};
use crate::pipeline::Made;
use crate::translator::{Alignment, FinishReason, Pair};
use crate::units::{self, Unit};

/// One text of an edition from the drafts of its segments.
pub(crate) fn unit(source: &Unit, made: Vec<Made>, pair: Pair, checks: &CheckOptions) -> EditionUnit {
    let links: Vec<Option<Vec<Alignment>>> = made.iter().map(markup::links::of).collect();
    let mut segments: Vec<EditionSegment> = made
        .into_iter()
        .zip(&source.segments)
        .map(|(made, range)| {
            let original = &source.text[range.clone()];
            let failed = made.draft.failed.clone();
            EditionSegment {
                source: original.to_owned(),
                source_range: range.clone(),
                text: if failed.is_some() { original.to_owned() } else { made.draft.text.trim().to_owned() },
                range: 0..0,
                finish: made.draft.finish,
                score: Score::of(&made.draft),
                detour: made.detour,
                pivot: made.pivot.map(|p| Pivot { score: Score::of(&p), text: p.text }),
                failed,
                findings: Vec::new(),
            }
        })
        .collect();
    let texts: Vec<&str> = segments.iter().map(|s| s.text.as_str()).collect();
    let (text, ranges) = units::join(source, &texts, pair.target);
    for (index, (segment, range)) in segments.iter_mut().zip(ranges).enumerate() {
        segment.range = range;
        segment.findings = findings(segment, pair, checks);
        for finding in &mut segment.findings {
            finding.block = source.place.block();
            finding.segment = Some(index);
        }
    }
    let (markup, lost_links, findings) = carry_markup(source, &segments, links, &text);
    EditionUnit { place: source.place, text, markup, segments, lost_links, findings }
}

fn findings(segment: &EditionSegment, pair: Pair, checks: &CheckOptions) -> Vec<Finding> {
    match &segment.failed {
        Some(failure) => {
            let message =
                format!("Not translated: {}; the original sentence stands in its place.", failure.message);
            let mut finding = Finding::new(FindingKind::SegmentFailed, Severity::Error, message);
            finding.source = vec![(0..segment.source.len()).into()];
            finding.target = vec![(0..segment.text.len()).into()];
            vec![finding]
        }
        None if segment.finish == FinishReason::Copied => Vec::new(),
        None => checks::findings(&segment.source, &segment.text, pair, checks),
    }
}

fn carry_markup(
    source: &Unit,
    segments: &[EditionSegment],
    links: Vec<Option<Vec<Alignment>>>,
    text: &str,
) -> (Vec<markup::Inline>, Vec<Link>, Vec<Finding>) {
    let aligned: Vec<Aligned> = segments
        .iter()
        .zip(links)
        .map(|(s, links)| Aligned {
            source: s.source_range.clone(),
            target: s.range.clone(),
            same: s.text == s.source,
            links,
        })
        .collect();
    let (placed, lost) = markup::project(&source.markup, &aligned, &source.text, text);
    let (mut links, mut findings) = (Vec::new(), Vec::new());
    for span in lost {
        let marked = &source.text[span.range.clone()];
        let what = if span.tag == "a" { "link" } else { "emphasis" };
        let message = format!("The {what} on “{marked}” has no certain place in the translation.");
        let mut finding = Finding::new(FindingKind::MarkupNotPlaced, Severity::Note, message);
        finding.block = source.place.block();
        finding.source = vec![span.range.clone().into()];
        finding.expected = span.href.clone();
        findings.push(finding);
        if let Some(url) = &span.href {
            links.push(Link { url: url.clone(), text: marked.to_owned() });
        }
    }
    (placed, links, findings)
}
