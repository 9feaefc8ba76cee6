//! What speaks for a name being gone from a place of a text that seems to have lost a word.

use std::ops::Range;

use edisi_article::{Finding, FindingKind};

use super::evidence::Evidence;
use super::model::{self, Limits};
use super::presence::{NO_GAP, View};
use super::{Looked, Lost, Setting, confidence, severity};
use crate::gaps::Gap;

/// What the trees ask for; see `features`.
pub const FEATURES: usize = 20;

/// Gaps of a text that are looked at: a translation seldom loses more names.
const MOST: usize = 2;

/// How far a word of the other side may be from where a gap is, as shares of the texts.
const NEAR: f32 = 0.15;

/// A place of the translation that a name is gone from.
pub(super) struct Gone {
    at: usize,
    /// By how much the log odds exceed the limit.
    score: f32,
    sure: bool,
}

/// The place of the other side that a name of `looked` is surest gone from.
pub(super) fn find(looked: &Looked<'_>, setting: Setting<'_>, limits: Limits) -> Option<Gone> {
    let scored = |(gap, features): (Gap, [f32; FEATURES])| {
        let odds = model::score_of_gap(looked.other.lang, &features)?;
        Some(Gone { at: gap.at, score: odds - limits.lost, sure: odds > limits.sure })
    };
    let gaps = seen(looked, setting).into_iter().filter_map(scored);
    gaps.filter(|gone| gone.score > 0.0).max_by(|a, b| a.score.total_cmp(&b.score))
}

impl Gone {
    /// The finding; of the names that nearly count as lost, the likeliest is taken to be the one.
    pub(super) fn finding(&self, nearly: &[Lost<'_>], source: &View<'_>, translation: &View<'_>) -> Finding {
        let around = around(translation.text, self.at);
        let place = translation.text[around.clone()].trim();
        let name = nearly.iter().max_by(|a, b| a.score.total_cmp(&b.score)).map(|lost| lost.range.clone());
        let likely = name.as_ref().map_or("a name", |range| &source.text[range.clone()]);
        let message = format!("A word is gone from the translation at “{place}”, likely {likely}.");
        let mut finding = Finding::new(FindingKind::NameMissing, severity(self.sure), message);
        finding.expected = name.as_ref().map(|range| source.text[range.clone()].to_owned());
        finding.source = name.into_iter().map(Into::into).collect();
        finding.target = vec![around.into()];
        finding.confidence = Some(confidence(self.score));
        finding
    }
}

/// The bytes of the words or marks before and behind a place; in Chinese and Japanese, which have no spaces, of a few
/// characters.
fn around(text: &str, at: usize) -> Range<usize> {
    const CHARACTERS: usize = 4;
    let (head, tail) = text.split_at(at);
    let dense = |c: &char| edisi_text::script::is_dense(*c);
    let reach = |word: &str| if word.contains(|c| dense(&c)) { CHARACTERS } else { word.chars().count() };
    let before = head.split_whitespace().next_back().unwrap_or_default();
    let behind = tail.split_whitespace().next().unwrap_or_default();
    let start = head.trim_end().char_indices().rev().take(reach(before)).last().map_or(0, |(i, _)| i);
    let space = tail.len() - tail.trim_start().len();
    let length: usize = behind.chars().take(reach(behind)).map(char::len_utf8).sum();
    start..at + space + length
}

/// The surest gaps of the other side, the surest first, with what speaks for a name of `looked` being gone there.
pub(super) fn seen(looked: &Looked<'_>, setting: Setting<'_>) -> Vec<(Gap, [f32; FEATURES])> {
    let mut gaps = looked.other.gaps.clone();
    gaps.sort_by(|a, b| b.odds.total_cmp(&a.odds));
    let second = gaps.get(1).map_or(NO_GAP, |gap| gap.odds);
    gaps.truncate(MOST);
    gaps.into_iter().map(|gap| (gap, features(gap, second, looked, setting))).collect()
}

/// `second` are the log odds of the second surest gap.
fn features(gap: Gap, second: f32, looked: &Looked<'_>, setting: Setting<'_>) -> [f32; FEATURES] {
    let (own, other) = (looked.own, looked.other);
    let place = other.place(gap.at);
    let missing = || looked.all.iter().filter(|e| !e.is_there());
    let distance = |e: &Evidence<'_>| (own.place(e.name.range.start) - place).abs();
    let idle = missing().filter(|e| e.is_idle());
    let near: Vec<f32> = own
        .tokens
        .iter()
        .zip(own.cover)
        .filter(|(token, _)| (own.place(token.range.start) - place).abs() < NEAR)
        .map(|(_, evidence)| *evidence)
        .collect();
    let (before, behind) = other.beside(&(gap.at..gap.at));
    [
        gap.odds,
        gap.odds - second,
        (other.text.len() as f32).ln(),
        place,
        missing().count().min(5) as f32,
        missing().map(distance).fold(1.0, f32::min),
        idle.clone().count().min(5) as f32,
        idle.map(distance).fold(1.0, f32::min),
        missing().map(|e| e.best.score()).fold(1.0, f32::min),
        setting.length.clamp(-3.0, 3.0),
        own.spare.absent.ln_1p(),
        own.spare.found,
        other.spare.absent.ln_1p(),
        other.spare.found,
        near.iter().copied().fold(0.0, f32::max),
        near.iter().filter(|e| **e > 0.0).sum(),
        near.iter().filter(|e| **e == 0.0).count() as f32 / near.len().max(1) as f32,
        before,
        behind,
        own.surest_gap(None),
    ]
}
