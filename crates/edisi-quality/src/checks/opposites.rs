//! Senses turned round: the source says *lost*, the translation *won*.
//!
//! `data/opposites` lists words that exclude each other. Where every word of a group that one side uses has one
//! sense, and every word that the other side uses has another, the translation says something else, unless the word
//! links ([`crate::lexicon`]) know that one of the words is answered on the other side, or something is denied:
//! *not allowed* is *forbidden*.

use std::ops::Range;
use std::sync::LazyLock;

use edisi_article::{Finding, FindingKind};

use super::clause::Cover;
use super::segment::{Segment, Side};
use super::senses::{Group, Senses};
use super::statements::{Class, Hit, Words};

static OPPOSITES: LazyLock<Senses> =
    LazyLock::new(|| Senses::read(include_str!("../../data/opposites/opposites.txt")));

/// Tokens between a denial and a word that it may deny.
const REACH: usize = 4;

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
