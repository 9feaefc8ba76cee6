//! Translations in a language nobody asked for.

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::Lang;

use super::segment::{Segment, Side};

/// Words below which detection is a guess.
const ENOUGH_WORDS: usize = 6;
/// The same in Chinese and Japanese characters, many of which serve both.
const ENOUGH_CHARACTERS: usize = 12;

/// The language a side reads as, when that is dependable and not the language it should be in.
pub(super) fn other(side: &Side<'_>, sure: f32) -> Option<Lang> {
    // Capitalised words are mostly names, which say nothing about the language around them.
    let plain = side.tokens.iter().filter(|t| t.has_letters() && !t.capital).count();
    let dense = side.tokens.iter().filter(|t| t.dense).count();
    if plain < if 2 * dense > plain { ENOUGH_CHARACTERS } else { ENOUGH_WORDS } {
        return None;
    }
    let (found, confidence) = side.detected()?;
    (found.code() != side.lang.code() && confidence >= sure && !akin(found, side.lang)).then_some(found)
}

/// Languages that a detector cannot be trusted to tell apart in one sentence.
fn akin(a: Lang, b: Lang) -> bool {
    const KIN: [&[&str]; 2] = [&["id", "ms", "jv", "su"], &["pt", "gl"]];
    KIN.iter().any(|k| k.contains(&a.code()) && k.contains(&b.code()))
}

/// A language that is neither the source's nor the target's.
pub(super) fn neither(segment: &Segment<'_>) -> Option<Lang> {
    other(&segment.target, 0.35).filter(|found| found.code() != segment.source.lang.code())
}

pub(super) fn check(segment: &Segment<'_>) -> Option<Finding> {
    let found = neither(segment)?;
    let (is, should) = (found.english_name(), segment.target.lang.english_name());
    let message = format!("The translation reads as {is} rather than {should}.");
    let mut finding = Finding::new(FindingKind::WrongLanguage, Severity::Error, message);
    finding.source = vec![segment.source.range().into()];
    finding.target = vec![segment.target.range().into()];
    finding.expected = Some(segment.target.lang.to_string());
    finding.found = Some(found.to_string());
    Some(finding)
}
