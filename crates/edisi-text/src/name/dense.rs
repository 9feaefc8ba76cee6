//! Names in Chinese and Japanese that are not known: katakana, and Han characters that write foreign sounds.

use std::ops::Range;

use super::part::is_part;
use super::word::{Letters, Word, is_ordinary};
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
        listed(text, words, taken, names);
    }
}

/// One name a run of katakana; dots within a run part names that belong together.
fn katakana(text: &str, words: &[Word], taken: &mut Taken, names: &mut Vec<Name>) {
    let kana: Vec<&Word> = words.iter().filter(|w| w.letters == Letters::Kana).collect();
    let dotted = |a: Option<&&Word>, b: Option<&&Word>| {
        let (Some(a), Some(b)) = (a, b) else { return false };
        matches!(&text[a.range.end..b.range.start], "・" | "＝" | "=" | "･")
    };
    for (at, word) in kana.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| kana.get(i));
        let joined = dotted(before, Some(word)) || dotted(Some(word), kana.get(at + 1));
        if taken.has(&word.range) || text[word.range.clone()].chars().count() < if joined { 2 } else { 3 } {
            continue;
        }
        let titled = JAPANESE_TITLES.iter().any(|t| text[word.range.end..].starts_with(t));
        let cue = if titled {
            Cue::Title
        } else if is_ordinary(&word.key, Lang::JA) && !joined {
            continue;
        } else if joined || is_part(&word.key) {
            Cue::Transcribed
        } else {
            Cue::Weak
        };
        taken.take(&word.range);
        names.push(Name { range: word.range.clone(), kind: NameKind::Unknown, cue, entries: Vec::new() });
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
    debug_assert!(text[range.clone()].chars().all(fold::is_han));
    for range in parts(text, range) {
        names.push(Name { range, kind: NameKind::Unknown, cue: Cue::Transcribed, entries: Vec::new() });
    }
}

/// The given and family names a run is made of; the run itself where it is not made of these alone.
fn parts(text: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let chars: Vec<(usize, char)> =
        text[run.clone()].char_indices().map(|(i, c)| (run.start + i, fold::han_char(c))).collect();
    let place = |i: usize| chars.get(i).map_or(run.end, |c| c.0);
    let form = |from: usize, to: usize| -> String { chars[from..to].iter().map(|c| c.1).collect() };
    // Short names are often made of characters that make shorter ones.
    let (mut out, mut at) = (Vec::new(), 0);
    if is_ordinary(&form(0, chars.len()), Lang::ZH) {
        return out;
    }
    if chars.len() < 5 {
        return vec![run];
    }
    while at < chars.len() {
        let ends = (at + 2..=chars.len().min(at + 7)).rev();
        let Some(end) = ends.into_iter().find(|end| is_part(&form(at, *end))) else { return vec![run] };
        out.push(place(at)..place(end));
        at = end;
    }
    out
}

/// Whether Han characters are a given or family name and no word.
fn is_name(form: &str) -> bool {
    is_part(form) && !is_ordinary(form, Lang::ZH)
}

/// Adds given and family names in characters that write foreign sounds, where no run was found.
fn listed(text: &str, words: &[Word], taken: &mut Taken, names: &mut Vec<Name>) {
    /// Ten times the log odds that a name must have.
    const ENOUGH: i32 = 20;
    for word in words.iter().filter(|w| w.letters == Letters::Han) {
        let places: Vec<usize> =
            text[word.range.clone()].char_indices().map(|(i, _)| word.range.start + i).collect();
        let chars: Vec<char> = word.key.chars().collect();
        let place = |i: usize| places.get(i).copied().unwrap_or(word.range.end);
        let odds = |i: usize| han::CHARACTERS.get(&chars[i]).map_or(-45, |h| i32::from(h.foreign));
        let mut at = 0;
        while at + 2 <= chars.len() {
            let found = (at + 2..=chars.len().min(at + 7)).rev().find(|&end| {
                !taken.has(&(place(at)..place(end)))
                    && (at..end).map(odds).sum::<i32>() >= ENOUGH
                    && is_name(&chars[at..end].iter().collect::<String>())
            });
            let Some(end) = found else {
                at += 1;
                continue;
            };
            let range = place(at)..place(end);
            taken.take(&range);
            names.push(Name { range, kind: NameKind::Unknown, cue: Cue::Transcribed, entries: Vec::new() });
            at = end;
        }
    }
}
