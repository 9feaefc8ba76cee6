//! Puts drafts back into the article's shape, and does with what the checks noticed as the policy says.

use edisi_article::{Finding, FindingKind, Link, Severity};
use edisi_text::Lang;

use crate::edition::{EditionSegment, EditionUnit, Pivot, Score};
use crate::markup::{self, Aligned};
use crate::pipeline::Made;
use crate::policy::{Decision, Policy};
use crate::translator::{Failure, FailureReason, Tier};
use crate::units::{self, Unit};

/// How segments are judged.
pub(crate) struct Judge<'a> {
    /// The edition's language.
    pub target: Lang,
    pub tier: Tier,
    pub policy: &'a Policy,
}

/// One text of an edition from the drafts of its segments.
pub(crate) fn unit(source: &Unit, made: Vec<Made>, judge: &Judge<'_>) -> EditionUnit {
    let segments = made
        .into_iter()
        .zip(&source.segments)
        .map(|(made, range)| {
            let original = &source.text[range.clone()];
            let failed = made.draft.failed.clone();
            let mut segment = EditionSegment {
                links: markup::links::of(&made),
                alternatives: made.draft.alternatives.iter().map(|a| a.text.clone()).collect(),
                source: original.to_owned(),
                source_range: range.clone(),
                text: if failed.is_some() { original.to_owned() } else { made.draft.text.trim().to_owned() },
                range: 0..0,
                finish: made.draft.finish,
                score: Score::of(&made.draft),
                detour: made.detour,
                memory: made.memory,
                suggestions: made.suggestions,
                repair: made.repair,
                decision: Decision::Publish,
                pivot: made.pivot.map(|p| Pivot { score: Score::of(&p), text: p.text }),
                failed,
                findings: made.findings,
            };
            judge.judge(&mut segment);
            if segment.decision == Decision::Original {
                segment.links = None;
            }
            segment
        })
        .collect();
    put_together(source, segments, judge.target)
}

/// One text of an edition from its segments; their ranges and the places of their findings are filled in.
pub(crate) fn put_together(source: &Unit, mut segments: Vec<EditionSegment>, target: Lang) -> EditionUnit {
    let texts: Vec<&str> = segments.iter().map(|s| s.text.as_str()).collect();
    let (text, ranges) = units::join(source, &texts, target);
    for (index, (segment, range)) in segments.iter_mut().zip(ranges).enumerate() {
        segment.range = range;
        for finding in &mut segment.findings {
            finding.block = source.place.block();
            finding.segment = Some(index);
        }
    }
    let (markup, lost_links, findings) = carry_markup(source, &segments, &text);
    EditionUnit { place: source.place, text, markup, segments, lost_links, findings }
}

impl Judge<'_> {
    /// Does with a segment what the policy says.
    fn judge(&self, segment: &mut EditionSegment) {
        let found = segment.findings.iter().map(|f| f.severity).max();
        let worst = if segment.failed.is_some() { Some(Severity::Error) } else { found };
        segment.decision = self.policy.decide(self.tier, worst);
        // An editor's translation is never taken out by a program.
        if segment.decision == Decision::Original && segment.memory.is_some() {
            segment.decision = Decision::Hold;
        }
        if segment.decision == Decision::Original && segment.failed.is_none() {
            let first = segment.findings.iter().find(|f| Some(f.severity) == worst);
            let why = first.map_or_else(String::new, |f| f.message.trim_end_matches('.').to_owned());
            segment.failed = Some(Failure { reason: FailureReason::Unacceptable, message: why });
            segment.text.clone_from(&segment.source);
        }
        mark_gap(segment);
    }
}

/// Leaves a segment that failed with one finding: that it did.
pub(crate) fn mark_gap(segment: &mut EditionSegment) {
    if let Some(failure) = &segment.failed {
        let message =
            format!("Not translated: {}; the original sentence stands in its place.", failure.message);
        let mut finding = Finding::new(FindingKind::SegmentFailed, Severity::Error, message);
        finding.source = vec![(0..segment.source.len()).into()];
        finding.target = vec![(0..segment.text.len()).into()];
        segment.findings = vec![finding];
    }
}

/// Finds sentences that stand in the article more than once and were translated in more than one way.
pub(crate) fn compare_wording(units: &mut [EditionUnit]) {
    let translated = |s: &EditionSegment| s.failed.is_none();
    let all: Vec<(usize, usize)> = units
        .iter()
        .enumerate()
        .flat_map(|(u, unit)| {
            let segments = unit.segments.iter().enumerate().filter(|(_, s)| translated(s));
            segments.map(move |(s, _)| (u, s))
        })
        .collect();
    let texts: Vec<(&str, &str)> = all
        .iter()
        .map(|&(u, s)| (units[u].segments[s].source.as_str(), units[u].segments[s].text.as_str()))
        .collect();
    let found = edisi_quality::glossary::consistency(&texts);
    for (at, mut finding) in found {
        let (u, s) = all[at];
        finding.block = units[u].place.block();
        finding.segment = Some(s);
        units[u].segments[s].findings.push(finding);
    }
}

fn carry_markup(
    source: &Unit,
    segments: &[EditionSegment],
    text: &str,
) -> (Vec<markup::Inline>, Vec<Link>, Vec<Finding>) {
    let aligned: Vec<Aligned> = segments
        .iter()
        .map(|s| Aligned {
            source: s.source_range.clone(),
            target: s.range.clone(),
            same: s.text == s.source,
            links: s.links.clone(),
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
