//! Punctuation that the language of the translation sets otherwise.
//!
//! Only what is certain: marks of another script's set between letters of this one, spaces French puts before tall
//! marks, direction marks without their pair. Every finding brings its fix.

use std::ops::Range;

use edisi_article::{Finding, FindingKind, Fix, Severity};
use edisi_text::script::{Script, is_dense, script_of};

use super::segment::Segment;

/// Findings told of one segment.
const MOST: usize = 8;
/// What French sets before `;`, `!` and `?`: a space that is narrow and does not break.
const NARROW: &str = "\u{202f}";
/// What it sets before `:` and inside guillemets.
const FIXED: &str = "\u{a0}";

pub(super) fn check(segment: &Segment<'_>) -> Vec<Finding> {
    let text = segment.target.text;
    let mut changes = match segment.target.lang.code() {
        "fr" => french(text),
        "zh" => {
            full_width(text, &[(',', "，"), (';', "；"), ('!', "！"), ('?', "？"), (':', "："), ('.', "。")])
        }
        "ja" => full_width(text, &[(',', "、"), ('!', "！"), ('?', "？"), ('.', "。"), ('，', "、")]),
        "ar" => arabic(text),
        _ => Vec::new(),
    };
    changes.extend(directions(text));
    changes.sort_by_key(|c| c.0.start);
    changes.truncate(MOST);
    changes.into_iter().map(|(range, new)| finding(segment, range, new)).collect()
}

fn finding(segment: &Segment<'_>, range: Range<usize>, new: String) -> Finding {
    let old = &segment.target.text[range.clone()];
    let lang = segment.target.lang.english_name();
    let shown = |s: &str| s.replace([' ', '\u{a0}', '\u{202f}'], "␣");
    let message = match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("{lang} sets a space (`{}`) here.", shown(&new)),
        (_, true) => "A direction mark here has no counterpart.".to_owned(),
        _ => format!("{lang} writes `{}` here, not `{}`.", shown(&new), shown(old)),
    };
    let mut finding = Finding::new(FindingKind::Punctuation, Severity::Warning, message);
    finding.target = vec![range.clone().into()];
    finding.expected = Some(new.clone());
    finding.found = Some(old.to_owned());
    finding.confidence = Some(0.95);
    finding.fix = Some(Fix { span: range.into(), text: new });
    finding
}

type Change = (Range<usize>, String);

/// A space before `; : ! ?` and inside `« »`; any space will do, none will not.
fn french(text: &str) -> Vec<Change> {
    let mut out = Vec::new();
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |n| n.1);
        let end = next.is_whitespace() || "»\"”)]".contains(next);
        match c {
            '!' | '?' | ';' if before.is_alphabetic() && end => out.push((at..at, NARROW.to_owned())),
            ':' if before.is_alphabetic() && next.is_whitespace() => out.push((at..at, FIXED.to_owned())),
            '»' if !before.is_whitespace() => out.push((at..at, FIXED.to_owned())),
            '«' if !next.is_whitespace() => {
                out.push((at + c.len_utf8()..at + c.len_utf8(), FIXED.to_owned()))
            }
            _ => {}
        }
        before = c;
    }
    out
}

/// ASCII marks between Chinese or Japanese characters.
fn full_width(text: &str, marks: &[(char, &str)]) -> Vec<Change> {
    let mut out = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if let Some((_, wide)) = marks.iter().find(|m| m.0 == c) {
            let rest = &text[at + c.len_utf8()..];
            let next = rest.trim_start_matches(' ').chars().next();
            // A full stop must end the text or a run of it; `..` and `…` are another mark.
            let follows =
                next.is_none_or(|n| is_dense(n) || "”』」".contains(n)) && !(c == '.' && before == '.');
            if is_dense(before) && follows {
                let spaces = rest.len() - rest.trim_start_matches(' ').len();
                out.push((at..at + c.len_utf8() + spaces, (*wide).to_owned()));
            }
        }
        before = c;
    }
    out
}

/// ASCII comma, semicolon and question mark behind an Arabic letter.
fn arabic(text: &str) -> Vec<Change> {
    let mut out = Vec::new();
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let wide = match c {
            ',' => "،",
            ';' => "؛",
            '?' => "؟",
            _ => {
                before = c;
                continue;
            }
        };
        let next = chars.peek().map_or(' ', |n| n.1);
        if script_of(before) == Script::Arabic && !next.is_ascii_alphanumeric() {
            out.push((at..at + 1, wide.to_owned()));
        }
        before = c;
    }
    out
}

/// Direction marks that open or close nothing.
fn directions(text: &str) -> Vec<Change> {
    let mut open: Vec<(bool, Range<usize>)> = Vec::new();
    let mut lone: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| ('\u{202a}'..='\u{2069}').contains(c)) {
        let range = at..at + c.len_utf8();
        match c {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => open.push((false, range)),
            '\u{2066}'..='\u{2068}' => open.push((true, range)),
            '\u{202c}' | '\u{2069}' => match open.pop() {
                Some((isolate, _)) if isolate == (c == '\u{2069}') => {}
                Some(other) => {
                    open.push(other);
                    lone.push(range);
                }
                None => lone.push(range),
            },
            _ => {}
        }
    }
    lone.extend(open.into_iter().map(|o| o.1));
    lone.into_iter().map(|range| (range, String::new())).collect()
}
