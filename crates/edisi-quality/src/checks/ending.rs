//! Translations that break off, and words of the page that got into them.

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::clean::{EncodingDamage, suspect_encoding};

use super::segment::{Segment, Side};
use super::statements::{Class, Hit, Words};

pub(super) fn check(segment: &Segment<'_>, words: &Words) -> Vec<Finding> {
    [truncated(segment, words), chrome(segment, words), damage(segment)].into_iter().flatten().collect()
}

/// Marks a sentence may end with, quotes and brackets behind them left aside.
fn ends(side: &Side<'_>) -> bool {
    let text = side
        .text
        .trim_end_matches(|c: char| c.is_whitespace() || "\"'”’»」』)）]】\u{200e}\u{200f}".contains(c));
    text.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '۔', '．', ':', '：', ';', '；'])
}

/// The source ends like a sentence; the translation ends in a comma, an open bracket, or a word no sentence ends with.
fn truncated(segment: &Segment<'_>, words: &Words) -> Option<Finding> {
    let (source, target) = (&segment.source, &segment.target);
    if !ends(source) || ends(target) {
        return None;
    }
    let range = target.range();
    let text = &target.text[range.clone()];
    let mark = text.ends_with([',', '،', '、', '，', '(', '（', '-', '–', '«', '“', '「']);
    let last = words.target.iter().rfind(|h| h.range.end == range.end);
    let hanging = last.is_some_and(|h| h.is(Class::Unfinished));
    if !mark && !hanging {
        return None;
    }
    let start =
        last.filter(|_| hanging).map_or(range.end - text.chars().next_back()?.len_utf8(), |h| h.range.start);
    let end = &target.text[start..range.end];
    let message = format!("The translation breaks off after `{end}`.");
    let mut finding = Finding::new(FindingKind::TruncatedEnd, Severity::Error, message);
    finding.source = vec![source.range().into()];
    finding.target = vec![(start..range.end).into()];
    finding.found = Some(end.to_owned());
    finding.confidence = Some(0.9);
    Some(finding)
}

/// `READ:`, `BACA JUGA:`: a phrase of the page at the start, followed by a colon or nothing.
fn chrome(segment: &Segment<'_>, words: &Words) -> Option<Finding> {
    let source = on_page(&segment.source, &words.source);
    let target = on_page(&segment.target, &words.target);
    let range = target.clone().or(source.clone())?;
    let here = if target.is_some() { &segment.target } else { &segment.source };
    let words = &here.text[range.clone()];
    let message = format!("`{words}` belongs to the page around the story, not to the story.");
    let mut finding = Finding::new(FindingKind::PageChrome, Severity::Warning, message);
    finding.source = source.into_iter().map(Into::into).collect();
    finding.target = vec![target.unwrap_or_else(|| segment.target.range()).into()];
    finding.found = Some(words.to_owned());
    finding.confidence = Some(0.9);
    Some(finding)
}

fn on_page(side: &Side<'_>, hits: &[Hit]) -> Option<std::ops::Range<usize>> {
    let range = side.range();
    let hit = hits.iter().find(|h| h.is(Class::Page))?.range.clone();
    let lead = side.text[range.start..hit.start].chars().all(|c| !c.is_alphanumeric());
    let rest = side.text[hit.end..].trim_start();
    let alone = rest.is_empty() || rest.starts_with([':', '：', '|', '»', '>', '）', ')', '】', ']']);
    (lead && alone).then_some(hit)
}

/// Letters garbled on the way, which the source does not have. A name without its first letter is too often just a
/// name.
fn damage(segment: &Segment<'_>) -> Option<Finding> {
    let text = segment.target.text;
    let (range, damage) = suspect_encoding(text, segment.target.lang)
        .into_iter()
        .filter(|(_, damage)| *damage != EncodingDamage::LostInitial)
        .find(|(range, _)| !segment.source.text.contains(&text[range.clone()]))?;
    let word = &text[range.clone()];
    let message = format!("`{word}` looks damaged: {damage}.");
    let mut finding = Finding::new(FindingKind::EncodingDamage, Severity::Error, message);
    finding.source = vec![segment.source.range().into()];
    finding.target = vec![range.clone().into()];
    finding.found = Some(word.to_owned());
    finding.confidence = Some(0.8);
    Some(finding)
}
