//! Names recognised by capitals and by titles, in Latin and Arabic letters.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::gazetteer::starts;
use super::part::is_part as is_listed;
use super::shape::{arabic_name_odds, is_definite};
use super::word::{Letters, Word, is_designation, is_foreign, is_ordinary, listed};
use super::{Cue, Name, NameKind, Taken};
use crate::Lang;

static TITLES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| listed(include_str!("../../data/names/titles.txt")).collect());
static HEADS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| listed(include_str!("../../data/names/heads.txt")).collect());

/// Whether a word stands before the name of a place, a building or an institution: `Jalan`, `Pasar`, `Mount`.
pub(crate) fn is_head(key: &str) -> bool {
    HEADS.contains(key)
}

/// Adds capitalised words that are no known names and no ordinary words: each word of a run one name.
pub(super) fn latin(text: &str, words: &[Word], lang: Lang, taken: &mut Taken, names: &mut Vec<Name>) {
    let latin: Vec<&Word> = words.iter().filter(|w| w.letters == Letters::Latin).collect();
    let headline = is_headline(words.iter());
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
                let kind = if cue == Cue::Title { NameKind::Person } else { NameKind::Unknown };
                let parts = run.iter().filter(|w| w.key.len() > 2 || run.len() == 1);
                names.extend(parts.map(|w| {
                    // `Hadiah Atkinson`: what begins the sentence would have its capital anyhow.
                    let chance =
                        w.first && cue == Cue::Capital && !is_listed(&w.key) && !is_foreign(&w.key, lang);
                    let cue = if chance { Cue::Weak } else { cue };
                    Name { range: w.range.clone(), kind, cue, entries: Vec::new() }
                }));
            }
        }
        at = end;
    }
}

/// Adds words that look like names and are ordinary words: `Flake`, `Hazard`, titles of papers.
pub(super) fn common(words: &[Word], lang: Lang, names: &mut Vec<Name>) {
    if matches!(lang.code(), "zh" | "ja" | "ar") || is_headline(words.iter()) {
        return;
    }
    let fits = |w: &&Word| {
        w.letters == Letters::Latin
            && w.capital
            && !w.upper
            && !w.first
            && w.key.len() > 3
            && !is_designation(&w.key)
            && !TITLES.contains(w.key.as_str())
    };
    let free = |w: &&Word| names.iter().all(|n| w.range.end <= n.range.start || n.range.end <= w.range.start);
    let found: Vec<Name> = words
        .iter()
        .filter(fits)
        .filter(free)
        .map(|w| Name {
            range: w.range.clone(),
            kind: NameKind::Unknown,
            cue: Cue::Common,
            entries: Vec::new(),
        })
        .collect();
    names.extend(found);
    names.sort_by_key(|n| n.range.start);
}

/// In a headline every word has a capital, which then says nothing.
fn is_headline<'w>(latin: impl Iterator<Item = &'w Word>) -> bool {
    let (mut all, mut capitals) = (0, 0);
    for word in latin.filter(|w| w.letters == Letters::Latin) {
        (all, capitals) = (all + 1, capitals + usize::from(word.capital));
    }
    all >= 4 && capitals * 10 > all * 7
}

/// Whether a word can be part of a name: with a capital and no ordinary word.
fn is_part(word: &Word, lang: Lang) -> bool {
    if !word.capital || word.key.is_empty() {
        return false;
    }
    // In a text in other letters every Latin word is taken over from somewhere.
    if matches!(lang.code(), "zh" | "ja" | "ar") {
        return true;
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

/// Adds Arabic words that follow a title or are no ordinary words.
pub(super) fn arabic(text: &str, words: &[Word], taken: &mut Taken, names: &mut Vec<Name>) {
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
        for next in arabic[at + 1..].iter().take(3) {
            if next.apart || !fits(next, taken) {
                break;
            }
            taken.take(&next.range);
            let range = next.range.clone();
            names.push(Name { range, kind: NameKind::Person, cue: Cue::Title, entries: Vec::new() });
        }
    }
    // What is no ordinary word, with or without the short words written on to it, may be a name.
    for word in arabic.iter().filter(|w| w.key.chars().count() > 3) {
        let ordinary =
            starts(word).any(|at| is_ordinary(&word.key[at..], Lang::AR) || TITLES.contains(&word.key[at..]));
        // Names do not take the ending of indefinite words.
        let indefinite = text[word.range.clone()].contains('\u{64b}');
        if !ordinary && !indefinite && !taken.has(&word.range) {
            taken.take(&word.range);
            let range = word.range.clone();
            // Many given names are words of the language; what is left has the letters of a foreign one.
            let named = |at: usize| {
                let key = &word.key[at..];
                !key.starts_with("ال") && is_listed(key) && arabic_name_odds(key) > 1.0
            };
            let cue =
                if !is_definite(word) && starts(word).any(named) { Cue::Transcribed } else { Cue::Weak };
            names.push(Name { range, kind: NameKind::Unknown, cue, entries: Vec::new() });
        }
    }
}
