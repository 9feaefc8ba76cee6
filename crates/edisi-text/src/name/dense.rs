//! Names in Chinese and Japanese that are not known: katakana, and Han characters that write foreign sounds.

use std::ops::Range;

use super::word::{Letters, Word};
use super::{Cue, Name, NameKind, Taken, fold, han};
use crate::Lang;

/// What stands behind a person's name in Japanese.
const JAPANESE_TITLES: [&str; 16] = [
    "氏",
    "さん",
    "大統領",
    "首相",
    "選手",
    "監督",
    "教授",
    "博士",
    "議員",
    "長官",
    "知事",
    "市長",
    "容疑者",
    "被告",
    "上院",
    "州",
];

/// Adds names in scripts without spaces.
pub(super) fn unknown(text: &str, words: &[Word], lang: Lang, taken: &mut Taken, names: &mut Vec<Name>) {
    if lang.code() == "ja" {
        katakana(text, words, taken, names);
    } else {
        transcribed(text, words, taken, names);
    }
}

/// One name a run of katakana; dots within a run are what names are joined with.
fn katakana(text: &str, words: &[Word], taken: &mut Taken, names: &mut Vec<Name>) {
    let kana: Vec<&Word> = words.iter().filter(|w| w.letters == Letters::Kana).collect();
    let mut at = 0;
    while at < kana.len() {
        let mut end = at + 1;
        while end < kana.len() {
            let between = &text[kana[end - 1].range.end..kana[end].range.start];
            if !matches!(between, "・" | "＝" | "=" | "･") {
                break;
            }
            end += 1;
        }
        let range = kana[at].range.start..kana[end - 1].range.end;
        let dotted = end - at > 1;
        let titled = JAPANESE_TITLES.iter().any(|t| text[range.end..].starts_with(t));
        if !taken.has(&range) && text[range.clone()].chars().count() >= 3 {
            let cue = if titled {
                Cue::Title
            } else if dotted {
                Cue::Transcribed
            } else {
                Cue::Weak
            };
            taken.take(&range);
            names.push(Name { range, kind: NameKind::Unknown, cue, entries: Vec::new() });
        }
        at = end;
    }
}

/// Runs of Han characters that are likelier in transcriptions of foreign names than in other text.
fn transcribed(text: &str, words: &[Word], taken: &mut Taken, names: &mut Vec<Name>) {
    /// Ten times the log odds that a run must have.
    const ENOUGH: i32 = 55;
    for word in words.iter().filter(|w| w.letters == Letters::Han) {
        let chars: Vec<(usize, i32)> = text[word.range.clone()]
            .char_indices()
            .map(|(i, c)| {
                (word.range.start + i, han::CHARACTERS.get(&c).map_or(-45, |h| i32::from(h.foreign)))
            })
            .collect();
        // Every stretch whose sum is largest, from left to right.
        let (mut sum, mut from, mut best): (i32, usize, Option<(i32, Range<usize>)>) = (0, 0, None);
        for i in 0..=chars.len() {
            let odds = chars.get(i).map_or(i32::MIN / 2, |c| c.1);
            if sum + odds.max(-1000) <= 0 || sum - best.as_ref().map_or(0, |b| b.0) < -25 {
                if let Some((_, run)) = best.take().filter(|b| b.0 >= ENOUGH && b.1.len() >= 3) {
                    push(text, chars[run.start].0..end(text, chars[run.end - 1].0), taken, names);
                }
                (sum, from) = (0, i + 1);
                if odds > 0 {
                    (sum, from) = (odds, i);
                    best = Some((sum, i..i + 1));
                }
                continue;
            }
            sum += odds;
            if best.as_ref().is_none_or(|b| sum > b.0) {
                best = Some((sum, from..i + 1));
            }
        }
    }
}

fn end(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(0, char::len_utf8)
}

fn push(text: &str, range: Range<usize>, taken: &mut Taken, names: &mut Vec<Name>) {
    if taken.has(&range) {
        return;
    }
    taken.take(&range);
    // Parts joined by dots are one name.
    if let Some(last) = names.last_mut()
        && last.cue == Cue::Transcribed
        && last.range.end <= range.start
        && matches!(&text[last.range.end..range.start], "·" | "•" | "・" | "‧")
    {
        last.range.end = range.end;
        return;
    }
    debug_assert!(text[range.clone()].chars().all(fold::is_han));
    names.push(Name { range, kind: NameKind::Unknown, cue: Cue::Transcribed, entries: Vec::new() });
}
