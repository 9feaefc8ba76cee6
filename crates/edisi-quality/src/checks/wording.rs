//! Denials, questions, quotations, who said it: what a sentence claims and on whose word.
//!
//! Each is looked for by the words and marks of the language (`data/statements`). A translator may turn any of them
//! into something else without harm, so a finding needs a clear sign on one side and none at all on the other.

use std::ops::Range;

use edisi_article::{Finding, FindingKind, Severity};

use super::clause::Cover;
use super::phrases::{Class, Hit, Words};
use super::segment::{Segment, Side};

pub(super) fn check(segment: &Segment<'_>, words: &Words, cover: &Cover) -> Vec<Finding> {
    let mut findings = denial(segment, words, cover);
    findings.extend(question(segment));
    findings.extend(quotation(segment));
    findings.extend(attribution(segment, words));
    findings
}

fn finding(
    kind: FindingKind,
    confidence: f32,
    message: String,
    source: Range<usize>,
    target: Range<usize>,
) -> Finding {
    let mut finding = Finding::new(kind, Severity::Warning, message);
    finding.source = vec![source.into()];
    finding.target = vec![target.into()];
    finding.confidence = Some(confidence);
    finding
}

/// A denial on one side, and nothing like one on the other.
fn denial(segment: &Segment<'_>, words: &Words, cover: &Cover) -> Vec<Finding> {
    let (source, target) = (&segment.source, &segment.target);
    let mut out = Vec::new();
    if let Some((word, sure)) = lone_denial(source, &words.source, &words.target, &cover.source) {
        let said = &source.text[word.clone()];
        let message = format!("The source denies something (`{said}`), the translation does not.");
        let confidence = if sure { 0.7 } else { 0.3 };
        let mut lost = finding(FindingKind::NegationMissing, confidence, message, word, target.range());
        lost.expected = Some(said.to_owned());
        lost.severity = if sure { Severity::Warning } else { Severity::Note };
        out.push(lost);
    }
    if let Some((word, sure)) = lone_denial(target, &words.target, &words.source, &cover.target) {
        let said = &target.text[word.clone()];
        let message = format!("The translation denies something (`{said}`), the source does not.");
        let confidence = if sure { 0.7 } else { 0.3 };
        let mut added =
            finding(FindingKind::NegationAdded, confidence, message, source.range(), word.clone());
        added.found = Some(said.to_owned());
        added.severity = if sure { Severity::Warning } else { Severity::Note };
        out.push(added);
    }
    out
}

/// The first denial among `here`, if `there` has nothing that could stand for it, and whether what it denies is said
/// on the other side: `not fair` against `unfair` is no loss, against `fair` it is.
fn lone_denial(side: &Side<'_>, here: &[Hit], there: &[Hit], cover: &[f32]) -> Option<(Range<usize>, bool)> {
    /// Tokens that a denial reaches, and evidence that one of them has a counterpart or has none, in nats.
    const REACH: usize = 4;
    const SAID: f32 = -1.2;
    const UNSAID: f32 = 0.4;
    let answered = there.iter().any(|h| h.is(Class::Denial) || h.is(Class::Near) || h.is(Class::Emphasis));
    let word = here.iter().find(|h| h.is(Class::Denial)).filter(|_| !answered)?.range.clone();
    let first = side.tokens.iter().position(|t| t.range.end > word.start)?;
    let last = side.tokens.iter().rposition(|t| t.range.start < word.end)?;
    if cover[first..=last].iter().any(|v| *v <= SAID) {
        return None;
    }
    // Japanese denies behind the verb, the others before it.
    let reach = if side.lang.code() == "ja" {
        &cover[first.saturating_sub(REACH + 2)..first]
    } else {
        &cover[last + 1..(last + 1 + REACH).min(cover.len())]
    };
    let said = reach.iter().any(|v| *v <= SAID) && !reach.iter().any(|v| *v >= UNSAID);
    Some((word, said))
}

/// Whether a text asks, as far as its marks say; `None` where its language can ask without them.
fn asks(side: &Side<'_>) -> Option<bool> {
    if side.text.contains(['?', '？', '؟', '⁇', '⁉', '‽']) {
        return Some(true);
    }
    let end = side.text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let ending: &[&str] = match side.lang.code() {
        "ja" => &["か", "の", "かな", "かね", "だろう", "でしょう", "かしら"],
        "zh" => &["吗", "呢", "么", "吧"],
        _ => &[],
    };
    let inside = side.lang.code() == "ja"
        && ["か」", "か』", "か。", "かと", "かを", "かが", "かは"].iter().any(|m| side.text.contains(m));
    if inside || ending.iter().any(|e| end.ends_with(e)) { None } else { Some(false) }
}

fn question(segment: &Segment<'_>) -> Option<Finding> {
    let (source, target) = (asks(&segment.source)?, asks(&segment.target)?);
    let (is, was) = match (source, target) {
        (true, false) => ("is not", "is"),
        (false, true) => ("is", "is not"),
        _ => return None,
    };
    let message = format!("The source {was} a question, the translation {is}.");
    Some(finding(FindingKind::QuestionChanged, 0.8, message, segment.source.range(), segment.target.range()))
}

/// Marks around quoted words.
const QUOTES: &str = "\"“”„‟«»「」『』〝〞＂《》〈〉";
/// The same where they may be apostrophes as well.
const SINGLE: &str = "'‘’‚‹›‛＇";

/// The first run of quoted words that is more than a name: from mark to mark.
fn quoted(text: &str) -> Option<Range<usize>> {
    const LONG: &str = "\"“”„«»「」『』";
    let mut marks = text.char_indices().filter(|(_, c)| LONG.contains(*c));
    while let (Some((start, _)), Some((end, close))) = (marks.next(), marks.next()) {
        let words = &text[start..end];
        let dense = words.chars().filter(|c| super::segment::is_dense(*c)).count();
        if words.split_whitespace().count() >= 4 || dense >= 8 {
            return Some(start..end + close.len_utf8());
        }
    }
    None
}

fn quotation(segment: &Segment<'_>) -> Option<Finding> {
    let has = |text: &str| text.contains(|c| QUOTES.contains(c) || SINGLE.contains(c));
    let (source, target) = (&segment.source, &segment.target);
    let mut finding = if let Some(range) = quoted(source.text).filter(|_| !has(target.text)) {
        let message = "Words quoted in the source are not marked as quoted in the translation.".to_owned();
        finding(FindingKind::QuoteChanged, 0.7, message, range, target.range())
    } else {
        let range = quoted(target.text).filter(|_| !has(source.text))?;
        let message = "The translation quotes words that the source does not mark as quoted.".to_owned();
        finding(FindingKind::QuoteChanged, 0.6, message, source.range(), range)
    };
    // Where other marks or none are usual, one translator in a hundred does without.
    const LOOSE: [&str; 3] = ["id", "ja", "ar"];
    if [source.lang, target.lang].iter().any(|l| LOOSE.contains(&l.code())) {
        (finding.severity, finding.confidence) = (Severity::Note, Some(0.4));
    }
    Some(finding)
}

/// The source names whose report or word it is; the translation has no word for that.
fn attribution(segment: &Segment<'_>, words: &Words) -> Option<Finding> {
    let answered = words.target.iter().any(|h| h.is(Class::Said) || h.is(Class::Source) || h.is(Class::Cite));
    if answered {
        return None;
    }
    let word = words.source.iter().find(|h| h.is(Class::Cite))?.range.clone();
    let said = &segment.source.text[word.clone()];
    let message = format!("The source says on whose word it reports (`{said}`), the translation does not.");
    let mut lost = finding(FindingKind::AttributionMissing, 0.6, message, word, segment.target.range());
    lost.expected = Some(said.to_owned());
    Some(lost)
}
