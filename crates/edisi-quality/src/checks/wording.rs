//! Questions and quotations: what a sentence claims and whose words it marks as such.
//!
//! Each is looked for by the words and marks of the language (`data/statements`). A translator may turn any of them
//! into something else without harm, so a finding needs a clear sign on one side and none at all on the other.

use std::ops::Range;

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::script::is_dense;

use super::segment::{Segment, Side};
use super::statements::{Class, Words};

pub(super) fn check(segment: &Segment<'_>, words: &Words) -> Vec<Finding> {
    question(segment).into_iter().chain(quotation(segment, words)).collect()
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
        let dense = words.chars().filter(|c| is_dense(*c)).count();
        // Chinese sets the names of things in quotation marks.
        let says = dense >= 20 || dense >= 8 && words.contains(['，', '。', '、', '？', '！']);
        if dense == 0 && words.split_whitespace().count() >= 4 || says {
            return Some(start..end + close.len_utf8());
        }
    }
    None
}

fn quotation(segment: &Segment<'_>, words: &Words) -> Option<Finding> {
    let has = |text: &str| text.contains(|c| QUOTES.contains(c) || SINGLE.contains(c));
    let (source, target) = (&segment.source, &segment.target);
    let lost = quoted(source.text).filter(|_| !has(target.text));
    let is_lost = lost.is_some();
    let mut finding = if let Some(range) = lost {
        let message = "Words quoted in the source are not marked as quoted in the translation.".to_owned();
        finding(FindingKind::QuoteChanged, 0.7, message, range, target.range())
    } else {
        let range = quoted(target.text).filter(|_| !has(source.text))?;
        let message = "The translation quotes words that the source does not mark as quoted.".to_owned();
        finding(FindingKind::QuoteChanged, 0.6, message, source.range(), range)
    };
    // Where other marks or none are usual, one translator in a hundred does without; and direct speech becomes
    // reported speech where someone still says it.
    const LOOSE: [&str; 3] = ["id", "ja", "ar"];
    let loose = [source.lang, target.lang].iter().any(|l| LOOSE.contains(&l.code()));
    let reported = [&words.source, &words.target].iter().all(|side| side.iter().any(|h| h.is(Class::Said)));
    if loose || is_lost && reported {
        (finding.severity, finding.confidence) = (Severity::Note, Some(0.4));
    }
    Some(finding)
}
