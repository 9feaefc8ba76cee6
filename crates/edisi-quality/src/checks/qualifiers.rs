//! Words that say how far something is claimed, lost or added: *former*, *allegedly*, *at least*.
//!
//! `data/qualifiers` lists them, with all that translators put for them. Where one side has such a word and the
//! other has nothing that may answer it, the claim has changed: a suspect has become a culprit.

use std::ops::Range;
use std::sync::LazyLock;

use edisi_article::{Finding, FindingKind};
use edisi_text::number::numbers;

use super::clause::Cover;
use super::segment::{Segment, Side};
use super::senses::{Group, Said, Senses};

static QUALIFIERS: LazyLock<Senses> =
    LazyLock::new(|| Senses::read(include_str!("../../data/qualifiers/qualifiers.txt")));

/// Tokens between a word and the number it limits.
const REACH: usize = 3;

pub(super) fn check(segment: &Segment<'_>, cover: &Cover) -> Vec<Finding> {
    let Some((here, there)) = QUALIFIERS.said(segment, cover) else { return Vec::new() };
    let (source, target) = (&segment.source, &segment.target);
    let mut out = Vec::new();
    for (at, group) in QUALIFIERS.groups.iter().enumerate() {
        let name = group.names[0];
        let lone = |side: &Side<'_>, said: &Said, other: &Said| {
            let (_, word) = said.only(at).filter(|_| !other.has(at))?;
            (!group.of_number || is_of_number(side, &word)).then_some(word)
        };
        if let Some(range) = lone(source, &here, &there) {
            let word = &source.text[range.clone()];
            let message = format!("The source says `{word}` ({name}), the translation does not.");
            let mut lost =
                finding(FindingKind::QualifierMissing, group, message, range.clone(), target.range());
            lost.expected = Some(word.to_owned());
            out.push(lost);
        }
        if let Some(range) = lone(target, &there, &here) {
            let word = &target.text[range.clone()];
            let message = format!("The translation says `{word}` ({name}), the source does not.");
            let mut added =
                finding(FindingKind::QualifierAdded, group, message, source.range(), range.clone());
            added.found = Some(word.to_owned());
            out.push(added);
        }
    }
    out
}

fn finding(
    kind: FindingKind,
    group: &Group,
    message: String,
    source: Range<usize>,
    target: Range<usize>,
) -> Finding {
    let mut finding = Finding::new(kind, group.severity, message);
    finding.source = vec![source.into()];
    finding.target = vec![target.into()];
    finding.confidence = Some(0.7);
    finding
}

/// Whether a number stands beside the word.
fn is_of_number(side: &Side<'_>, word: &Range<usize>) -> bool {
    numbers(side.text, side.lang).iter().any(|number| side.between(&number.span, word) < REACH)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_qualifier_has_words_in_every_language() {
        super::QUALIFIERS.assert_whole();
    }
}
