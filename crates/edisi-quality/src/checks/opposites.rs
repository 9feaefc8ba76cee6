//! Senses turned round: the source says *lost*, the translation *won*.
//!
//! `data/opposites` lists words that exclude each other. Where every word of a group that one side uses has one
//! sense, and every word that the other side uses has another, the translation says something else, unless the word
//! links ([`crate::lexicon`]) know that one of the words is answered on the other side, or something is denied:
//! *not allowed* is *forbidden*.

use std::ops::Range;
use std::sync::LazyLock;

use edisi_article::{Finding, FindingKind, Severity};

use super::clause::Cover;
use super::segment::{Segment, Side};
use super::senses::{Group, Senses};
use super::statements::{Class, Hit, Words};

static OPPOSITES: LazyLock<Senses> =
    LazyLock::new(|| Senses::read(include_str!("../../data/opposites/opposites.txt")));

/// Tokens between a denial and a word that it may deny.
const REACH: usize = 4;
/// Tokens between a denial and the word that it surely denies.
const NEXT: usize = 2;

pub(super) fn check(segment: &Segment<'_>, words: &Words, cover: &Cover) -> Vec<Finding> {
    let denies = |hits: &[Hit]| hits.iter().any(|h| h.is(Class::Denial));
    if denies(&words.source) != denies(&words.target) {
        return Vec::new();
    }
    let Some((here, there)) = OPPOSITES.said(segment, cover) else { return Vec::new() };
    let turned = OPPOSITES.groups.iter().enumerate().filter_map(|(at, group)| {
        let ((sense, said), (other, instead)) = (here.only(at)?, there.only(at)?);
        let plain = sense != other
            && !is_denied(&segment.source, &said, &words.source)
            && !is_denied(&segment.target, &instead, &words.target);
        plain.then(|| finding(segment, group, (sense, said), (other, instead)))
    });
    turned.collect()
}

/// A word denied on one side only: *promised not to raise*, *promised to raise*. Surer than what [`super::denial`] can
/// weigh, which does not know whether the other side says the same of it or the opposite.
pub(super) fn denied(segment: &Segment<'_>, words: &Words, cover: &Cover) -> Option<Finding> {
    let speaks = |hits: &[Hit]| {
        hits.iter()
            .any(|h| [Class::Denial, Class::Near, Class::Emphasis, Class::Neither].iter().any(|c| h.is(*c)))
    };
    let (lost, added) = (!speaks(&words.target), !speaks(&words.source));
    if lost == added {
        return None;
    }
    let (side, hits) = if lost { (&segment.source, &words.source) } else { (&segment.target, &words.target) };
    let mut denials = hits.iter().filter(|h| h.is(Class::Denial));
    let denial = denials.next().filter(|_| denials.next().is_none())?;
    let (source, target) = OPPOSITES.said(segment, cover)?;
    let (here, there) = if lost { (source, target) } else { (target, source) };
    // A character is not a word: what lies between two of them may be a part of either.
    let (unspaced, behind) = (side.lang.is_unspaced(), side.lang.code() == "ja");
    let next = if unspaced { 1 } else { NEXT };
    let same = |group: usize| {
        let ((sense, word), (other, _)) = (here.single(group)?, there.single(group)?);
        let apart = denial.range.end <= word.start || behind && word.end <= denial.range.start;
        (sense == other && apart && side.between(&denial.range, &word) < next).then_some(word)
    };
    let word = (0..OPPOSITES.groups.len()).find_map(same)?;
    let range = denial.range.start.min(word.start)..denial.range.end.max(word.end);
    let said = &side.text[range.clone()];
    let severity = if unspaced { Severity::Warning } else { Severity::Error };
    let mut finding = if lost {
        let message = format!("The source says `{said}`, the translation says it without the denial.");
        let mut finding = Finding::new(FindingKind::NegationMissing, severity, message);
        finding.expected = Some(said.to_owned());
        (finding.source, finding.target) = (vec![range.into()], vec![segment.target.range().into()]);
        finding
    } else {
        let message = format!("The translation says `{said}`, the source says it without the denial.");
        let mut finding = Finding::new(FindingKind::NegationAdded, severity, message);
        finding.found = Some(said.to_owned());
        (finding.source, finding.target) = (vec![segment.source.range().into()], vec![range.into()]);
        finding
    };
    finding.confidence = Some(0.85);
    Some(finding)
}

/// Whether a denial stands near enough to the word at `range` to turn it round.
fn is_denied(side: &Side<'_>, range: &Range<usize>, hits: &[Hit]) -> bool {
    let mut denials = hits.iter().filter(|h| h.is(Class::Denial) || h.is(Class::Emphasis));
    denials.any(|denial| side.between(&denial.range, range) < REACH)
}

fn finding(
    segment: &Segment<'_>,
    group: &Group,
    (sense, source): (usize, Range<usize>),
    (other, target): (usize, Range<usize>),
) -> Finding {
    let (said, instead) = (&segment.source.text[source.clone()], &segment.target.text[target.clone()]);
    let message = format!(
        "The source says `{said}` ({}), the translation `{instead}` ({}).",
        group.names[sense], group.names[other]
    );
    let mut finding = Finding::new(FindingKind::SenseReversed, group.severity, message);
    finding.expected = Some(said.to_owned());
    finding.found = Some(instead.to_owned());
    finding.source = vec![source.into()];
    finding.target = vec![target.into()];
    finding.confidence = Some(0.8);
    finding
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_group_has_its_senses_in_every_language() {
        super::OPPOSITES.assert_whole();
    }
}
