//! Names recognised by capitals and by titles, in Latin and Arabic letters.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::word::{Letters, Word, is_designation, is_foreign, is_ordinary};
use super::{Cue, Name, NameKind, Taken};
use crate::Lang;

static TITLES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/names/titles.txt").lines().filter(|l| !l.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// Adds capitalised words that are no known names and no ordinary words: one name a run of them.
pub(super) fn latin(text: &str, words: &[Word], lang: Lang, taken: &mut Taken, names: &mut Vec<Name>) {
    let latin: Vec<&Word> = words.iter().filter(|w| w.letters == Letters::Latin).collect();
    // In a headline every word has a capital, which then says nothing.
    let capitals = latin.iter().filter(|w| w.capital).count();
    let headline = latin.len() >= 4 && capitals * 10 > latin.len() * 7;
    let mut at = 0;
    while at < latin.len() {
        let mut end = at + 1;
        if is_part(latin[at], lang) && !taken.has(&latin[at].range) {
            while end < latin.len() {
                let next = latin[end];
                let whole = &text[latin[end - 1].range.end..next.range.start];
                let initial = whole == ". " && latin[end - 1].key.len() <= 2;
                if next.apart && !initial || !is_part(next, lang) || taken.has(&next.range) {
                    break;
                }
                end += 1;
            }
            let run = &latin[at..end];
            if let Some(cue) =
                strength(run, headline, lang, at > 0 && TITLES.contains(latin[at - 1].key.as_str()))
            {
                let range = latin[before(&latin, at, taken)].range.start..run[run.len() - 1].range.end;
                let kind = if cue == Cue::Title { NameKind::Person } else { NameKind::Unknown };
                names.push(Name { range, kind, cue, entries: Vec::new() });
            }
        }
        at = end;
    }
}

/// Where a name begins whose first part is also an ordinary word: Martin, Rose.
fn before(latin: &[&Word], at: usize, taken: &Taken) -> usize {
    let Some(word) = at.checked_sub(1).map(|i| latin[i]) else { return at };
    let key = word.key.as_str();
    let given =
        word.capital && !word.first && !latin[at].apart && !TITLES.contains(key) && !is_designation(key);
    if given && !taken.has(&word.range) { at - 1 } else { at }
}

/// Whether a word can be part of a name: with a capital and no ordinary word.
fn is_part(word: &Word, lang: Lang) -> bool {
    if !word.capital || word.key.is_empty() {
        return false;
    }
    let ordinary = |lang| is_ordinary(&word.key, lang);
    // English words stand in names of any language: titles of works, firms.
    !ordinary(lang) && !ordinary(Lang::EN)
}

fn strength(run: &[&Word], headline: bool, lang: Lang, titled: bool) -> Option<Cue> {
    let letters: usize = run.iter().map(|w| w.key.len()).sum();
    if letters < 3 {
        return None;
    }
    if run.len() == 1 && run[0].upper {
        return Some(Cue::Acronym);
    }
    if titled {
        return Some(Cue::Title);
    }
    if matches!(lang.code(), "zh" | "ja" | "ar") {
        return Some(Cue::Weak);
    }
    let begins = run[0].first && run.len() == 1 && !is_foreign(&run[0].key, lang);
    Some(if begins || headline { Cue::Weak } else { Cue::Capital })
}

/// Adds what follows an Arabic title and is no ordinary word: one or two words.
pub(super) fn arabic(words: &[Word], taken: &mut Taken, names: &mut Vec<Name>) {
    let arabic: Vec<&Word> = words.iter().filter(|w| w.letters == Letters::Arabic).collect();
    let fits = |w: &Word, taken: &Taken| {
        let key = w.key.as_str();
        w.key.chars().count() > 2
            && !w.key.starts_with("ال")
            && !is_ordinary(key, Lang::AR)
            && !TITLES.contains(key)
            && !taken.has(&w.range)
    };
    for at in 0..arabic.len().saturating_sub(1) {
        if !TITLES.contains(arabic[at].key.as_str()) {
            continue;
        }
        let mut range: Option<Range<usize>> = None;
        for next in arabic[at + 1..].iter().take(3) {
            if next.apart || !fits(next, taken) {
                break;
            }
            range = Some(range.map_or(next.range.start, |r| r.start)..next.range.end);
        }
        if let Some(range) = range {
            taken.take(&range);
            names.push(Name { range, kind: NameKind::Person, cue: Cue::Title, entries: Vec::new() });
        }
    }
}
