//! Clauses of the source that the translation lacks, and clauses it has on top.
//!
//! Two kinds of evidence, neither enough alone: the length of the translation against what is usual for the pair,
//! and the longest stretch of words without a counterpart on the other side ([`crate::lexicon`]). A logistic
//! regression per pair weighs them; its weights are in `data/clause/weights.tsv`, fitted by the script beside it.
//! An added clause is a missing one seen from the translation, judged with the weights of the other direction.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::Lang;

use super::length;
use super::segment::{Segment, Side, Token};
use crate::lexicon::{Direction, Table, units};

/// What the regression weighs; see `Evidence::features`.
pub const FEATURES: usize = 13;

/// A stretch of one side without counterpart on the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Stretch {
    /// Bytes of the text; empty where every word may have a counterpart.
    pub range: Range<usize>,
    /// How much speaks for its having none, in nats.
    pub weight: f32,
    /// Its share of the side's characters, 0 to 1.
    pub share: f32,
    /// Words of the side whose counterpart was found, and those whose counterpart seems missing.
    pub known: (usize, usize),
}

/// What speaks for a dropped or an added clause.
#[derive(Debug, Clone, Default, PartialEq)]
struct Evidence {
    /// How far the translation is longer (above 0) or shorter than usual, in the pair's standard deviations.
    pub length: f32,
    /// The likeliest gap on the source side.
    pub missing: Stretch,
    /// The likeliest surplus on the target side.
    pub added: Stretch,
    /// Marks that part clauses, source and target.
    pub marks: (usize, usize),
    /// Characters of the source and of the target.
    pub chars: (usize, usize),
}

impl Evidence {
    /// The same seen from the translation.
    fn turned(self) -> Evidence {
        Evidence {
            length: -self.length,
            missing: self.added,
            added: self.missing,
            marks: (self.marks.1, self.marks.0),
            chars: (self.chars.1, self.chars.0),
        }
    }

    /// What speaks for something missing, as numbers that a linear model can weigh.
    fn features(&self) -> [f32; FEATURES] {
        let z = self.length.clamp(-6.0, 2.0);
        let (gap, surplus) = (&self.missing, &self.added);
        let log = |n: usize| (n as f32 + 1.0).ln();
        let unknown = |s: &Stretch| s.known.1 as f32 / (s.known.0 + s.known.1 + 1) as f32;
        let known = |s: &Stretch| s.known.0 + s.known.1;
        let weight = gap.weight.ln_1p();
        [
            z,
            -z.min(0.0).powi(2),
            gap.weight.sqrt(),
            gap.share,
            unknown(gap),
            if gap.share > 0.25 { weight } else { 0.0 },
            -surplus.weight.sqrt(),
            -unknown(surplus),
            log(self.marks.0) - log(self.marks.1),
            (self.chars.0.max(1) as f32).ln(),
            log(known(gap)) - log(known(surplus)),
            log(gap.known.0) - log(surplus.known.0),
            z * weight,
        ]
    }
}

/// What the word links say of every token of both sides; see [`Direction::evidence`].
#[derive(Debug, Default)]
pub(super) struct Cover {
    pub source: Vec<f32>,
    pub target: Vec<f32>,
}

impl Cover {
    /// The cover by the built-in links; nothing is known of pairs without any.
    pub(super) fn of(segment: &Segment<'_>) -> Cover {
        match Direction::of(segment.source.lang, segment.target.lang) {
            Some(links) => Cover::by(segment, links),
            None => Cover {
                source: vec![0.0; segment.source.tokens.len()],
                target: vec![0.0; segment.target.tokens.len()],
            },
        }
    }

    pub(super) fn by(segment: &Segment<'_>, links: Direction<'_>) -> Cover {
        let (source, target) = (&segment.source, &segment.target);
        let here = units(source.text, &source.tokens, source.lang);
        let there = units(target.text, &target.tokens, target.lang);
        Cover {
            source: links.evidence(&source.tokens, &here, &there),
            target: links.back().evidence(&target.tokens, &there, &here),
        }
    }
}

fn evidence(segment: &Segment<'_>, cover: &Cover) -> Evidence {
    let (source, target) = (&segment.source, &segment.target);
    Evidence {
        length: length::deviation(segment),
        missing: stretch(source, &cover.source),
        added: stretch(target, &cover.target),
        marks: (marks(source.text), marks(target.text)),
        chars: (source.chars, target.chars),
    }
}

/// The stretch of tokens with the greatest sum.
pub(super) fn stretch(side: &Side<'_>, evidence: &[f32]) -> Stretch {
    let (mut best, mut sum, mut start) = ((0.0f32, 0..0), 0.0f32, 0);
    for (at, value) in evidence.iter().enumerate() {
        if sum <= 0.0 {
            (sum, start) = (0.0, at);
        }
        sum += value;
        if sum > best.0 {
            best = (sum, start..at + 1);
        }
    }
    let known = evidence
        .iter()
        .fold((0, 0), |(there, not), v| (there + usize::from(*v < 0.0), not + usize::from(*v > 0.0)));
    let (weight, tokens) = best;
    let range = match (side.tokens.get(tokens.start), tokens.end.checked_sub(1)) {
        (Some(first), Some(last)) if weight > 0.0 => first.range.start..side.tokens[last].range.end,
        _ => return Stretch { known, ..Stretch::default() },
    };
    let chars = |tokens: &[Token]| tokens.iter().map(|t| t.key.chars().count()).sum::<usize>() as f32;
    let share = chars(&side.tokens[tokens]) / chars(&side.tokens).max(1.0);
    Stretch { range, weight, share, known }
}

/// Commas, colons, dashes, brackets and full stops inside the text.
fn marks(text: &str) -> usize {
    text.chars().filter(|c| ",;:，、；：،؛。！？!?؟—–(（".contains(*c)).count()
}

/// The features of a pair of texts, with the links of `table`, whose first language is the source's unless
/// `backward`. For fitting the weights.
pub fn features(
    source: &str,
    target: &str,
    pair: (Lang, Lang),
    table: &Table<'_>,
    backward: bool,
) -> [f32; FEATURES] {
    let segment = Segment::new(source, target, pair);
    let cover = Cover::by(&segment, Direction::new(table, usize::from(backward)));
    evidence(&segment, &cover).features()
}

/// A fitted pair.
struct Model {
    bias: f32,
    /// Scores above which a clause is missing, above which that is sure, and above which one is added.
    limits: [f32; 3],
    weights: [f32; FEATURES],
}

impl Model {
    fn score(&self, features: &[f32; FEATURES]) -> f32 {
        self.bias + self.weights.iter().zip(features).map(|(w, x)| w * x).sum::<f32>()
    }
}

static MODELS: LazyLock<HashMap<(&str, &str), Model>> = LazyLock::new(|| {
    let rows = include_str!("../../data/clause/weights.tsv").lines().filter(|l| !l.starts_with('#'));
    rows.map(|row| {
        let mut cells = row.split('\t');
        let pair = (cells.next().expect("a source"), cells.next().expect("a target"));
        let mut number = || cells.next().and_then(|c| c.parse().ok()).expect("numbers");
        let bias = number();
        (
            pair,
            Model {
                bias,
                limits: std::array::from_fn(|_| number()),
                weights: std::array::from_fn(|_| number()),
            },
        )
    })
    .collect()
});

/// Texts shorter than this, in characters of an English text, have no clauses to lose.
const SHORT: f64 = 24.0;

pub(super) fn check(segment: &Segment<'_>, cover: &Cover) -> Vec<Finding> {
    let (from, to) = (segment.source.lang, segment.target.lang);
    let models = (MODELS.get(&(from.code(), to.code())), MODELS.get(&(to.code(), from.code())));
    let (Some(there), Some(back)) = models else { return Vec::new() };
    let evidence = evidence(segment, cover);
    let long = |side: &Side<'_>| side.chars as f64 >= SHORT * length::density(side.lang);
    let mut findings = Vec::new();
    if long(&segment.source) {
        let score = there.score(&evidence.features());
        if score > there.limits[0] {
            let severity = if score > there.limits[1] { Severity::Error } else { Severity::Warning };
            let place = place(&evidence.missing, &segment.source);
            let words = excerpt(&segment.source.text[place.clone()]);
            let message =
                format!("A part of the source seems to be missing from the translation, perhaps `{words}`.");
            let mut finding = Finding::new(FindingKind::ClauseMissing, severity, message);
            finding.source = vec![place.into()];
            finding.target = vec![segment.target.range().into()];
            finding.expected = Some(words);
            finding.confidence = Some(confidence(score));
            findings.push(finding);
        }
    }
    if long(&segment.target) {
        let evidence = evidence.turned();
        let score = back.score(&evidence.features());
        if score > back.limits[2] {
            let place = place(&evidence.missing, &segment.target);
            let words = excerpt(&segment.target.text[place.clone()]);
            let message = format!("The translation seems to say more than its source, perhaps `{words}`.");
            let mut finding = Finding::new(FindingKind::ClauseAdded, Severity::Warning, message);
            finding.source = vec![segment.source.range().into()];
            finding.target = vec![place.into()];
            finding.found = Some(words);
            finding.confidence = Some(confidence(score));
            findings.push(finding);
        }
    }
    findings
}

/// Where the gap is, if that can be said; otherwise the whole text.
fn place(stretch: &Stretch, side: &Side<'_>) -> Range<usize> {
    if stretch.weight >= 1.0 && stretch.share >= 0.1 { stretch.range.clone() } else { side.range() }
}

/// The chance of a gap if half of the segments had one, 0.5 to 1 in hundredths.
fn confidence(score: f32) -> f32 {
    ((1.0 / (1.0 + (-score).exp())).clamp(0.5, 0.99) * 100.0).round() / 100.0
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_weights() {
        for from in Lang::EDITIONS {
            for to in Lang::EDITIONS.into_iter().filter(|to| *to != from) {
                let model = &MODELS[&(from.code(), to.code())];
                assert!(model.limits[0] < model.limits[1], "{from}-{to}");
                assert!(Direction::of(from, to).is_some());
            }
        }
    }
}
