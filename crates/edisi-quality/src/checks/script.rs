//! Translations in a script that their language is not written in.

use edisi_article::{Finding, FindingKind, Severity, Span};
use edisi_text::expected_scripts;
use edisi_text::script::{Script, is_dense, script_of};

use super::segment::Segment;

/// Fewer letters than this prove nothing about a script.
const ENOUGH: usize = 8;

/// Whether most of what the translation does not share with the source is in another script.
///
/// Words copied from the source do not count: names and brands keep their letters. An ideograph counts as three
/// letters.
pub(super) fn mostly_foreign(segment: &Segment<'_>) -> bool {
    let expected = expected_scripts(segment.target.lang);
    let copied: std::collections::HashSet<&str> =
        segment.source.tokens.iter().map(|t| t.key.as_str()).collect();
    let (mut own, mut foreign) = (0, 0);
    for token in &segment.target.tokens {
        let is_copy = copied.contains(token.key.as_str());
        for c in segment.target.text[token.range.clone()].chars().filter(|c| c.is_alphabetic()) {
            let weight = if is_dense(c) { 3 } else { 1 };
            if expected.contains(&script_of(c)) {
                own += weight;
            } else if !is_copy {
                foreign += weight;
            }
        }
    }
    foreign >= ENOUGH && foreign > 2 * own
}

/// Runs of letters that neither the target language nor, for Latin ones, any language's names use there.
fn stray(segment: &Segment<'_>) -> Vec<Span> {
    let expected = expected_scripts(segment.target.lang);
    let mut out: Vec<Span> = Vec::new();
    for (at, c) in segment.target.text.char_indices() {
        if !c.is_alphabetic() {
            continue;
        }
        let script = script_of(c);
        // Greek letters are symbols in every language.
        let allowed = matches!(script, Script::Latin | Script::Greek | Script::Common | Script::Inherited);
        if allowed || expected.contains(&script) {
            continue;
        }
        let end = at + c.len_utf8();
        match out.last_mut() {
            Some(last) if segment.target.text[last.end..at].chars().all(|c| !c.is_alphanumeric()) => {
                last.end = end
            }
            _ => out.push(Span { start: at, end }),
        }
    }
    out
}

pub(super) fn check(segment: &Segment<'_>) -> Option<Finding> {
    let lang = segment.target.lang;
    let wrong = |severity, message: String, target| {
        let mut finding = Finding::new(FindingKind::WrongScript, severity, message);
        finding.source = vec![segment.source.range().into()];
        finding.target = target;
        finding
    };
    if mostly_foreign(segment) {
        let message = format!("Most of the translation is not in the script of {}.", lang.english_name());
        return Some(wrong(Severity::Error, message, vec![segment.target.range().into()]));
    }
    let strays = stray(segment);
    let quoted = strays.iter().filter(|s| s.end - s.start > 3).count();
    (quoted > 0).then(|| {
        let message =
            format!("The translation has letters that {} is not written with.", lang.english_name());
        let mut finding = wrong(Severity::Warning, message, strays);
        let first: std::ops::Range<usize> = finding.target[0].into();
        finding.found = Some(segment.target.text[first].to_owned());
        finding
    })
}
