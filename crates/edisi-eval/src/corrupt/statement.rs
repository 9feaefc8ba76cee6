//! Clauses, sentences and qualifying words that are gone, denials and senses that are turned round.

use std::collections::HashMap;
use std::ops::Range;

use edisi_text::{capitalised, sentences};

use super::{Clean, Corruption, ListsRef};
use crate::Random;
use crate::find::{
    self, char_after, char_before, clause_starts, removed, replaced, weight, word_after, word_before,
};
use crate::lists::{Row, Swap};

/// Sentences shorter than this, in characters (three times as many where words are spaced), have no clauses to
/// spare.
const LONG_ENOUGH: usize = 18;

pub(super) fn clause(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let text = clean.target;
    let all = weight(text);
    let dense = if clean.to.is_unspaced() { 1 } else { 3 };
    if all < LONG_ENOUGH * dense || sentences(text, clean.to).len() != 1 {
        return None;
    }
    let end = text.trim_end_matches(|c: char| c.is_whitespace() || ".。！？!?؟…”\"」』»".contains(c)).len();
    let mut bounds = vec![0];
    bounds.extend(clause_starts(text, clean.to, &lists.breaks).into_iter().filter(|at| *at < end));
    bounds.push(end);
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (i, &start) in bounds.iter().enumerate() {
        for &stop in &bounds[i + 1..] {
            let gone = weight(&text[start..stop]);
            let enough = gone * 3 >= all && gone * 3 <= all * 2;
            if enough && is_balanced(&text[start..stop]) {
                ranges.push(start..stop);
            }
        }
    }
    let range = random.pick(&ranges)?;
    let gone = text[range.clone()].trim().to_owned();
    let head = text[..range.start].trim_end();
    let target = if range.start == 0 {
        capitalised(text[range.end..].trim_start_matches([' ', ',', '、', '，', '،']))
    } else if range.end == end {
        let head = head.trim_end_matches([',', ';', ':', '、', '，', '；', '：', '،', '؛', '–', '—', ' ']);
        format!("{head}{}", &text[end..])
    } else {
        format!("{}{}", &text[..range.start], &text[range.end..])
    };
    Some(Corruption::new(target, format!("− {gone}")))
}

/// Whether brackets and quotation marks that open also close.
fn is_balanced(text: &str) -> bool {
    const PAIRS: [(char, char); 7] =
        [('(', ')'), ('（', '）'), ('「', '」'), ('『', '』'), ('“', '”'), ('«', '»'), ('[', ']')];
    let count = |mark: char| text.matches(mark).count();
    PAIRS.iter().all(|(open, close)| count(*open) == count(*close)) && count('"') % 2 == 0
}

pub(super) fn sentence(clean: &Clean<'_>, parts: &[&str], random: &mut Random) -> Option<Corruption> {
    if parts.len() < 2 {
        return None;
    }
    let gone = random.below(parts.len());
    let kept: Vec<&str> = parts.iter().enumerate().filter(|(i, _)| *i != gone).map(|(_, p)| *p).collect();
    Some(Corruption::new(kept.join(super::between(clean.to)), format!("− {}", parts[gone].trim())))
}

pub(super) fn negation(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let text = clean.target;
    let kept: Vec<Range<usize>> = lists
        .keep
        .iter()
        .flat_map(|phrase| text.match_indices(phrase).map(|(at, _)| at..at + phrase.len()))
        .collect();
    let may = |range: &Range<usize>| {
        kept.iter().all(|k| k.end <= range.start || range.end <= k.start) && is_clear(text, range)
    };
    swapped(text, &lists.negation, &may, random)
}

pub(super) fn opposite(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    swapped(clean.target, &lists.opposites, &|_| true, random)
}

pub(super) fn qualifier(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    swapped(clean.target, &lists.qualifiers, &|_| true, random)
}

/// `text` with one of the words of `swaps`, at a place that `may` be changed, exchanged for its contrary.
fn swapped(
    text: &str,
    swaps: &[Swap],
    may: &dyn Fn(&Range<usize>) -> bool,
    random: &mut Random,
) -> Option<Corruption> {
    let mut to: HashMap<&str, Vec<&str>> = HashMap::new();
    for swap in swaps {
        to.entry(swap.from).or_default().push(swap.to);
    }
    let rows: Vec<Row> = swaps.iter().map(|swap| vec![swap.from]).collect();
    let hits: Vec<find::Hit> = find::forms(text, &rows).into_iter().filter(|hit| may(&hit.range)).collect();
    let hit = random.pick(&hits)?;
    let old = &text[hit.range.clone()];
    let new = *random.pick(to.get(rows[hit.row][0])?)?;
    let target = if new.is_empty() {
        removed(text, &hit.range)
    } else {
        replaced(text, &hit.range, &find::in_case_of(new, old))
    };
    Some(Corruption::new(target, format!("{old} → {new}")))
}

/// Whether nothing else around `range` denies or joins.
fn is_clear(text: &str, range: &Range<usize>) -> bool {
    const DENIALS: [&str; 30] = [
        "no", "not", "never", "nothing", "neither", "nor", "only", "n't", "pas", "plus", "jamais", "ne",
        "ni", "aucun", "aucune", "rien", "que", "tidak", "bukan", "belum", "tanpa", "لا", "لم", "لن", "ليس",
        "غير", "não", "nem", "none", "without",
    ];
    let is_denial = |word: &str| DENIALS.contains(&word.to_lowercase().as_str());
    let before = char_before(text, range.start);
    let after = char_after(text, range.end);
    let joined = matches!(before, Some('\'' | '’' | '-')) || matches!(after, Some('\'' | '’' | '-'));
    let denied = before.is_some_and(|c| "不没沒未无無非别莫".contains(c));
    !joined
        && !denied
        && !is_denial(word_before(text, range.start))
        && !is_denial(word_after(text, range.end))
}
