//! Where words, digits and clause ends are in a text. Nothing here knows more of numbers than their digits.

use std::ops::Range;

use edisi_text::script::{Script, is_dense, script_of};
use edisi_text::{Lang, capitalised};

use crate::lists::Row;

/// A form of a list found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Which row of the list.
    pub row: usize,
    /// Which form of the row.
    pub form: usize,
}

pub(crate) fn char_before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

pub(crate) fn char_after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// Letters that Arabic writes in front of a word without a space.
fn is_arabic_prefix(text: &str, at: usize) -> bool {
    let Some(c) = char_before(text, at) else { return false };
    let alone = |at: usize| char_before(text, at).is_none_or(|c| !c.is_alphabetic());
    matches!(c, 'و' | 'ب' | 'ل' | 'ف' | 'ك') && alone(at - c.len_utf8())
}

/// Whether `range` of `text` is a word of its own. Where words are not spaced, everything is; signs are too.
pub(crate) fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let word = &text[range.clone()];
    let (Some(first), Some(last)) = (word.chars().next(), word.chars().next_back()) else { return false };
    let joins = |inside: char, outside: Option<char>| {
        let Some(outside) = outside else { return false };
        let katakana = |c: char| script_of(c) == Script::Katakana;
        let letters = inside.is_alphabetic() && outside.is_alphabetic();
        katakana(inside) && katakana(outside)
            || letters && !is_dense(inside) && !is_dense(outside)
            || inside.is_numeric() && inside.is_ascii() && outside.is_ascii_digit()
    };
    let left = joins(first, char_before(text, range.start)) && !is_arabic_prefix(text, range.start);
    let right = joins(last, char_after(text, range.end));
    !left && !right
}

/// The forms of `rows` that stand in `text`, longest first where they overlap, in order.
pub(crate) fn forms<'r>(text: &str, rows: impl IntoIterator<Item = &'r Row>) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    for (row, forms) in rows.into_iter().enumerate() {
        for (form, word) in forms.iter().enumerate() {
            for at in occurrences(text, word) {
                let range = at..at + word.len();
                if stands_alone(text, &range) {
                    hits.push(Hit { range, row, form });
                }
            }
        }
    }
    hits.sort_by_key(|h| (std::cmp::Reverse(h.range.len()), h.range.start, h.row, h.form));
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits {
        if kept.iter().all(|k| k.range.end <= hit.range.start || hit.range.end <= k.range.start) {
            kept.push(hit);
        }
    }
    kept.sort_by_key(|h| h.range.start);
    kept
}

/// Where `word` stands in `text`, also with a capital letter.
fn occurrences(text: &str, word: &str) -> Vec<usize> {
    let mut out: Vec<usize> = text.match_indices(word).map(|m| m.0).collect();
    let capital = capitalised(word);
    if capital != word && capital.len() == word.len() {
        out.extend(text.match_indices(&capital).map(|m| m.0));
    }
    out
}

/// `word`, capitalised when `like` is.
pub(crate) fn in_case_of(word: &str, like: &str) -> String {
    let upper = like.chars().next().is_some_and(char::is_uppercase);
    if upper { capitalised(word) } else { word.to_owned() }
}

/// A run of digits with the marks between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Digits {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// The digits as 0–9, without marks.
    pub digits: String,
}

fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '٠'..='٩' => char::from_digit(c as u32 - '٠' as u32, 10),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    }
}

/// `value` (0–9) in the digits that `like` belongs to.
pub(crate) fn digit_like(value: u32, like: char) -> char {
    let zero = match like {
        '٠'..='٩' => '٠',
        '０'..='９' => '０',
        _ => '0',
    };
    char::from_u32(zero as u32 + value).unwrap_or('0')
}

/// The runs of digits of `text`, in order: `9.900`, `٩٬٩٠٠`, `9 900`, `11.20`.
pub(crate) fn digit_runs(text: &str) -> Vec<Digits> {
    let mut out: Vec<Digits> = Vec::new();
    for (at, c) in text.char_indices() {
        let Some(value) = digit(c) else { continue };
        let end = at + c.len_utf8();
        match out.last_mut() {
            Some(last) if last.range.end == at || joins(text, last, at) => {
                last.range.end = end;
                last.digits.push(value);
            }
            _ => out.push(Digits { range: at..end, digits: value.to_string() }),
        }
    }
    out
}

/// Whether the mark between `last` and the digit at `at` is part of one number.
fn joins(text: &str, last: &Digits, at: usize) -> bool {
    let mark = &text[last.range.end..at];
    match mark {
        "." | "," | "٫" | "٬" | "٬\u{200f}" => true,
        " " | "\u{a0}" | "\u{202f}" => {
            let run = |text: &str| text.chars().take_while(|c| digit(*c).is_some()).count();
            let head = text[last.range.clone()].chars().rev().take_while(|c| digit(*c).is_some()).count();
            run(&text[at..]) == 3 && head <= 3
        }
        _ => false,
    }
}

/// The word before byte `at` and whether anything but spaces stands between.
pub(crate) fn word_before(text: &str, at: usize) -> &str {
    let head = text[..at].trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    let start = head.char_indices().rev().take_while(|(_, c)| c.is_alphanumeric() || "'’-".contains(*c));
    start.last().map_or("", |(i, _)| &head[i..])
}

/// The word behind byte `at`, spaces aside.
pub(crate) fn word_after(text: &str, at: usize) -> &str {
    let tail = text[at..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let end = tail.char_indices().find(|(_, c)| !c.is_alphanumeric()).map_or(tail.len(), |(i, _)| i);
    &tail[..end]
}

/// `text` with `range` replaced.
pub(crate) fn replaced(text: &str, range: &Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..range.start], &text[range.end..])
}

/// `text` without `range`, spaces and marks left over tidied up.
pub(crate) fn removed(text: &str, range: &Range<usize>) -> String {
    let (head, tail) = (&text[..range.start], &text[range.end..]);
    let spaced = head.ends_with([' ', '\u{a0}']) || head.is_empty();
    let closes = tail.trim_start().starts_with(|c: char| ",.;:!?،؛؟)».".contains(c));
    let tail = if spaced { tail.trim_start_matches([' ', '\u{a0}']) } else { tail };
    let head = if closes { head.trim_end_matches([' ', '\u{a0}']) } else { head };
    format!("{head}{tail}")
}

/// Characters that are not white space.
pub(crate) fn weight(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Where a clause may begin: behind a mark, or before one of `words`. Byte offsets of the first character of what
/// begins, in order, the start of the text not among them.
pub(crate) fn clause_starts(text: &str, lang: Lang, words: &[&str]) -> Vec<usize> {
    let mut out = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let next = char_after(text, end);
        let marked = match c {
            '，' | '；' | '：' | '،' | '؛' => true,
            '、' => lang.code() == "ja" && !next.is_some_and(|c| script_of(c) == Script::Katakana),
            ',' | ';' | ':' | '–' | '—' => next.is_some_and(char::is_whitespace),
            _ => false,
        };
        if marked {
            out.push(end + text[end..].len() - text[end..].trim_start().len());
        } else if c == ' ' && words.contains(&word_after(text, end).to_lowercase().as_str()) {
            out.push(end);
        }
    }
    out.retain(|at| *at < text.len());
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_with_marks_are_one_run() {
        let runs = |text: &str| digit_runs(text).into_iter().map(|d| d.digits).collect::<Vec<_>>();
        assert_eq!(runs("9.900 orang, 12,5 persen; 3, 4"), ["9900", "125", "3", "4"]);
        assert_eq!(runs("٩٬٩٠٠ و 9 900 en 2008 100"), ["9900", "9900", "2008", "100"]);
        assert_eq!(runs("１２人と3万"), ["12", "3"]);
    }

    #[test]
    fn words_stand_alone() {
        let rows = vec![vec!["Iran"], vec!["إيران"], vec!["中国"], vec!["イラン"]];
        let hits = |text: &str| forms(text, &rows).len();
        assert_eq!(hits("Iranian Iran"), 1);
        assert_eq!(hits("في إيران وإيران الإيرانية"), 2);
        assert_eq!(hits("在中国的イランとイランイラン島"), 2);
    }

    #[test]
    fn clauses_begin_behind_marks_and_before_conjunctions() {
        let text = "Warga mengungsi, kata polisi, karena banjir naik";
        let starts = clause_starts(text, Lang::ID, &["karena"]);
        let heads: Vec<&str> = starts.iter().map(|&at| word_after(text, at)).collect();
        assert_eq!(heads, ["kata", "karena"]);
    }

    #[test]
    fn what_is_removed_leaves_no_double_space() {
        assert_eq!(removed("a b, c", &(2..3)), "a, c");
        assert_eq!(removed("a b c", &(2..3)), "a c");
    }
}
