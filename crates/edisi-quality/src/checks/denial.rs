//! Denials lost and denials added.
//!
//! A denial of one side is found by the words of `data/statements`. Where the other side denies nothing, translators
//! may still have said the same: with a verb of refusing, an antonym, a change of view. Whether they did is weighed
//! by a logistic regression from what the word links show ([`features`]): is what is denied said on the other side,
//! is there something on the other side that nothing here explains, how often is this very word reworded. Its weights
//! are in `data/denial/weights.tsv`, fitted by the script beside it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::Lang;

use super::clause::{Cover, Stretch, stretch};
use super::length;
use super::opposites;
use super::segment::{Segment, Side};
use super::statements::{Class, Hit, Words};

/// Tokens that a denial reaches.
const REACH: usize = 4;
/// Evidence beyond this says no more.
const MOST_NATS: f32 = 4.0;

pub(super) fn check(segment: &Segment<'_>, words: &Words, cover: &Cover) -> Vec<Finding> {
    let (source, target) = (&segment.source, &segment.target);
    let length = length::deviation(segment);
    let lost = View { here: source, there: target, hits: &words.source, answers: &words.target, length };
    let added =
        View { here: target, there: source, hits: &words.target, answers: &words.source, length: -length };
    let mut out = Vec::new();
    if let Some((word, score)) = lost.lone(&cover.source, &cover.target) {
        let said = &source.text[word.clone()];
        let message = format!("The source denies something (`{said}`), the translation does not.");
        let mut lost = finding(FindingKind::NegationMissing, score, message, word, target.range());
        lost.expected = Some(said.to_owned());
        out.push(lost);
    }
    if let Some((word, score)) = added.lone(&cover.target, &cover.source) {
        let said = &target.text[word.clone()];
        let message = format!("The translation denies something (`{said}`), the source does not.");
        let mut added = finding(FindingKind::NegationAdded, score, message, source.range(), word.clone());
        added.found = Some(said.to_owned());
        out.push(added);
    }
    if let Some(sure) = opposites::denied(segment, words, cover) {
        out.retain(|finding| finding.kind != sure.kind);
        out.push(sure);
    }
    out
}

fn finding(
    kind: FindingKind,
    score: f32,
    message: String,
    source: Range<usize>,
    target: Range<usize>,
) -> Finding {
    let severity = if score > 0.0 { Severity::Warning } else { Severity::Note };
    let mut finding = Finding::new(kind, severity, message);
    finding.source = vec![source.into()];
    finding.target = vec![target.into()];
    let sure = 1.0 / (1.0 + (-score).exp());
    finding.confidence = Some(((0.2 + 0.75 * sure) * 100.0).round() / 100.0);
    finding
}

/// The two sides as seen from the one that denies.
struct View<'s> {
    here: &'s Side<'s>,
    there: &'s Side<'s>,
    hits: &'s [Hit],
    answers: &'s [Hit],
    /// How much longer than usual the other side is, in standard deviations.
    length: f32,
}

impl View<'_> {
    /// The first denial, if the other side has none, and how far the score of its being lost is above the limit.
    fn lone(&self, here: &[f32], there: &[f32]) -> Option<(Range<usize>, f32)> {
        let answered = self.answers.iter().any(|h| h.is(Class::Denial));
        let hit = self.hits.iter().find(|h| h.is(Class::Denial)).filter(|_| !answered)?;
        let (numbers, names) = self.features(hit, here, there)?;
        let score = WEIGHTS.score(&numbers, &names);
        let limits = WEIGHTS.limits.get(&(self.here.lang.code(), self.there.lang.code()))?;
        (score > limits.note).then(|| (hit.range.clone(), score - limits.warn))
    }

    /// What the regression weighs of a denial: numbers by the names of [`NUMBERS`], and features that are there;
    /// nothing where the word itself has a counterpart.
    fn features(
        &self,
        hit: &Hit,
        here: &[f32],
        there: &[f32],
    ) -> Option<([f32; NUMBERS.len()], Vec<String>)> {
        let tokens = &self.here.tokens;
        let first = tokens.iter().position(|t| t.range.end > hit.range.start)?;
        let last = tokens.iter().rposition(|t| t.range.start < hit.range.end)?;
        // Japanese denies behind the verb, the others before it.
        let reach = if self.here.lang.code() == "ja" {
            &here[first.saturating_sub(REACH + 2)..first]
        } else {
            &here[last + 1..(last + 1 + REACH).min(here.len())]
        };
        let found = |values: &[f32]| -values.iter().copied().fold(0.0, f32::min).max(-MOST_NATS);
        let gone = |values: &[f32]| values.iter().copied().fold(0.0, f32::max).min(MOST_NATS);
        let share = |s: &Stretch| s.known.1 as f32 / (s.known.0 + s.known.1 + 1) as f32;
        let (own, other) = (stretch(self.here, here), stretch(self.there, there));
        let is = |class| f32::from(u8::from(self.answers.iter().any(|h| h.is(class))));
        let sum: f32 = reach.iter().map(|v| v.clamp(-MOST_NATS, MOST_NATS)).sum();
        let numbers = [
            is(Class::Near),
            is(Class::Emphasis),
            found(&here[first..=last]),
            found(reach),
            gone(reach),
            -sum / REACH as f32,
            other.weight.ln_1p(),
            share(&other),
            share(&own),
            self.length.clamp(-3.0, 3.0),
            (tokens.len() as f32).ln_1p(),
        ];
        let cue = self.here.text[hit.range.clone()].to_lowercase();
        let (from, to) = (self.here.lang.code(), self.there.lang.code());
        Some((numbers, vec![format!("cue {from} {cue}"), format!("from {from}"), format!("to {to}")]))
    }
}

/// Names of the numbers of a denial, in order: whether the other side has a word near to a denial, or a phrase with
/// one that denies nothing; evidence that the word itself is there; that what it reaches is there, is gone, and
/// their mean; the longest stretch of the other side that nothing explains, the share of its words without
/// counterpart, the same on this side; length; number of words.
const NUMBERS: [&str; 11] =
    ["near", "emphasis", "itself", "said", "unsaid", "reach", "surplus", "unknown", "own", "length", "words"];

/// Scores above which an editor is asked to look, and above which a note is made.
struct Limits {
    warn: f32,
    note: f32,
}

struct Weights {
    /// By the language that denies and the other one.
    limits: HashMap<(&'static str, &'static str), Limits>,
    numbers: [f32; NUMBERS.len()],
    bias: f32,
    named: HashMap<&'static str, f32>,
}

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let rows = include_str!("../../data/denial/weights.tsv").lines().filter(|l| !l.starts_with('#'));
    let named: HashMap<&str, f32> = rows
        .map(|row| {
            let (name, weight) = row.split_once('\t').expect("a name and a weight");
            (name, weight.parse().expect("a number"))
        })
        .collect();
    Weights {
        limits: Lang::EDITIONS
            .iter()
            .flat_map(|here| Lang::EDITIONS.iter().map(|there| (here.code(), there.code())))
            .filter(|(here, there)| here != there)
            .map(|pair| {
                let limit = |kind| named[format!("limit {kind} {} {}", pair.0, pair.1).as_str()];
                (pair, Limits { warn: limit("warn"), note: limit("note") })
            })
            .collect(),
        numbers: NUMBERS.map(|name| named[name]),
        bias: named["bias"],
        named,
    }
});

impl Weights {
    fn score(&self, numbers: &[f32], names: &[String]) -> f32 {
        let known: f32 = names.iter().filter_map(|name| self.named.get(name.as_str())).sum();
        self.bias + known + self.numbers.iter().zip(numbers).map(|(w, x)| w * x).sum::<f32>()
    }
}

/// For fitting: the features of denials in two texts that translate each other. `true` marks a denial whose answer
/// was taken out of the other side, `false` one that never had an answer.
pub fn features(source: &str, target: &str, pair: (Lang, Lang)) -> Vec<(bool, Vec<(String, f32)>)> {
    let mut out = Vec::new();
    for back in [false, true] {
        let (own, other, pair) =
            if back { (target, source, (pair.1, pair.0)) } else { (source, target, pair) };
        let segment = Segment::new(own, other, pair);
        let words = Words::new(&segment);
        let answers: Vec<Range<usize>> =
            words.target.iter().filter(|h| h.is(Class::Denial)).map(|h| h.range.clone()).collect();
        let mut rest = other.to_owned();
        for range in answers.iter().rev() {
            rest.replace_range(range.clone(), "");
        }
        let segment = Segment::new(own, &rest, pair);
        let words = Words::new(&segment);
        let cover = Cover::of(&segment);
        let view = View {
            here: &segment.source,
            there: &segment.target,
            hits: &words.source,
            answers: &words.target,
            length: length::deviation(&segment),
        };
        let Some(hit) = words.source.iter().find(|h| h.is(Class::Denial)) else { continue };
        if let Some((numbers, names)) = view.features(hit, &cover.source, &cover.target) {
            let numbers = NUMBERS.iter().map(|n| (*n).to_owned()).zip(numbers);
            let names = names.into_iter().map(|n| (n, 1.0));
            out.push((!answers.is_empty(), numbers.chain(names).collect()));
        }
    }
    out
}
