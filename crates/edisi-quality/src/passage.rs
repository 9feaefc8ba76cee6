//! Checks of several sentences at once: what a sentence alone cannot show is another one that is missing.

use std::ops::Range;

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::{Lang, sentences};

use crate::align::{Piece, align};
use crate::checks::{CheckOptions, check_segment};

/// What [`check_segment`] says of `translation`, and which sentences of either side have no counterpart on the
/// other. Spans are byte ranges into `source` and `translation`.
pub fn check_passage(
    source: &str,
    translation: &str,
    pair: (Lang, Lang),
    options: &CheckOptions,
) -> Vec<Finding> {
    let mut findings = check_segment(source, translation, pair, options);
    let is_source = |f: &Finding| f.kind == FindingKind::Untranslated && f.severity == Severity::Error;
    if !options.statements || findings.iter().any(is_source) || translation.trim().is_empty() {
        return findings;
    }
    let unmatched = unmatched(source, translation, pair);
    let says = |kind| unmatched.iter().any(|f| f.kind == kind);
    let (missing, added) = (says(FindingKind::SentenceMissing), says(FindingKind::SentenceAdded));
    // The same told with less certainty.
    findings.retain(|f| match f.kind {
        FindingKind::ClauseMissing => !missing,
        FindingKind::ClauseAdded => !added,
        FindingKind::LengthOutOfBounds => !missing && !added,
        _ => true,
    });
    findings.extend(unmatched);
    findings
}

/// The sentences of `source` without a counterpart in `translation` and the other way round.
pub fn unmatched(source: &str, translation: &str, pair: (Lang, Lang)) -> Vec<Finding> {
    let (here, there) = (pieces(source, pair.0), pieces(translation, pair.1));
    if here.len() < 2 && there.len() < 2 {
        return Vec::new();
    }
    let beads = align(&as_pieces(source, &here), &as_pieces(translation, &there), pair);
    let mut findings = Vec::new();
    for bead in beads {
        if bead.target.is_empty() {
            findings.extend(bead.source.map(|i| missing(&source[here[i].clone()], here[i].clone())));
        } else if bead.source.is_empty() {
            findings.extend(bead.target.map(|i| added(&translation[there[i].clone()], there[i].clone())));
        }
    }
    findings
}

fn pieces(text: &str, lang: Lang) -> Vec<Range<usize>> {
    sentences(text, lang).into_iter().filter(|r| text[r.clone()].contains(char::is_alphanumeric)).collect()
}

fn as_pieces<'t>(text: &'t str, ranges: &[Range<usize>]) -> Vec<Piece<'t>> {
    ranges.iter().map(|range| Piece { text: &text[range.clone()], opens: false }).collect()
}

/// A sentence at `span` of the source that the translation lacks.
pub(crate) fn missing(sentence: &str, span: Range<usize>) -> Finding {
    let mut finding = Finding::new(
        FindingKind::SentenceMissing,
        Severity::Error,
        "A sentence of the source is not in the translation.",
    );
    finding.source = vec![span.into()];
    finding.expected = Some(sentence.trim().to_owned());
    finding
}

/// A sentence at `span` of the translation that the source lacks.
pub(crate) fn added(sentence: &str, span: Range<usize>) -> Finding {
    let mut finding = Finding::new(
        FindingKind::SentenceAdded,
        Severity::Warning,
        "A sentence of the translation has no counterpart in the source.",
    );
    finding.target = vec![span.into()];
    finding.found = Some(sentence.trim().to_owned());
    finding
}
