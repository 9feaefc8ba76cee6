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
use super::senses::Senses;

static QUALIFIERS: LazyLock<Senses> =
    LazyLock::new(|| Senses::read(include_str!("../../data/qualifiers/qualifiers.txt")));

/// Tokens between a word and the number it limits.
const REACH: usize = 3;

pub(super) fn check(segment: &Segment<'_>, cover: &Cover) -> Vec<Finding> {
    let Some((here, there)) = QUALIFIERS.said(segment, cover) else { return Vec::new() };
    let mut out = Vec::new();
    for (at, group) in QUALIFIERS.groups.iter().enumerate() {
        let name = group.names[0];
        let counts = |side: &Side<'_>, word: &Range<usize>| !group.of_number || is_of_number(side, word);
        let lost = here.only(at).filter(|(_, word)| !there.has(at) && counts(&segment.source, word));
        if let Some((_, said)) = lost {
            let word = &segment.source.text[said.clone()];
            let message = format!("The source says `{word}` ({name}), the translation does not.");
            let mut lost = Finding::new(FindingKind::QualifierMissing, group.severity, message);
            lost.expected = Some(word.to_owned());
            lost.source = vec![said.into()];
            lost.target = vec![segment.target.range().into()];
            lost.confidence = Some(0.7);
            out.push(lost);
        }
        let added = there.only(at).filter(|(_, word)| !here.has(at) && counts(&segment.target, word));
        if let Some((_, said)) = added {
            let word = &segment.target.text[said.clone()];
            let message = format!("The translation says `{word}` ({name}), the source does not.");
            let mut added = Finding::new(FindingKind::QualifierAdded, group.severity, message);
            added.found = Some(word.to_owned());
            added.source = vec![segment.source.range().into()];
            added.target = vec![said.into()];
            added.confidence = Some(0.7);
            out.push(added);
        }
    }
    out
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
