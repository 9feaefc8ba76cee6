//! Translations that are far longer or shorter than their source.

use std::collections::HashMap;
use std::sync::LazyLock;

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::Lang;

use super::segment::Segment;

/// How far off is too far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Band {
    /// An editor should look.
    Warn,
    /// It cannot be the translation.
    Reject,
}

/// A length out of bounds, in characters without white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Off {
    pub expected: usize,
    pub found: usize,
}

#[derive(Debug, Clone, Copy)]
struct Usual {
    /// Median of target over source characters.
    ratio: f64,
    /// Standard deviation of the ratio's natural logarithm, for whole sentences.
    spread: f64,
}

/// For a pair that was not measured: no ratio is known, so only the absurd is out of bounds.
const UNKNOWN: Usual = Usual { ratio: 1.0, spread: 0.6 };

/// Added to both lengths, in characters of an English text, so that short segments may differ more.
const SLACK: f64 = 14.0;

static PAIRS: LazyLock<HashMap<(&str, &str), Usual>> = LazyLock::new(|| {
    let rows = include_str!("../../data/length/pairs.tsv").lines().filter(|l| !l.starts_with('#'));
    rows.map(|row| {
        let mut cells = row.split('\t');
        let mut cell = || cells.next().expect("four columns");
        let pair = (cell(), cell());
        let mut number = || cell().parse().expect("a number");
        (pair, Usual { ratio: number(), spread: number() })
    })
    .collect()
});

/// Characters of a language for one of English, at most 1.
pub(crate) fn density(lang: Lang) -> f64 {
    PAIRS.get(&("en", lang.code())).map_or(1.0, |u| u.ratio.min(1.0))
}

/// How far the translation is longer (above 0) or shorter than usual, in standard deviations of the pair.
pub(super) fn deviation(segment: &Segment<'_>) -> f32 {
    deviation_of((segment.source.chars, segment.target.chars), (segment.source.lang, segment.target.lang))
}

/// The same for two lengths, in characters without white space.
pub(crate) fn deviation_of(chars: (usize, usize), pair: (Lang, Lang)) -> f32 {
    let (_, off, usual) = compare(chars, pair);
    (off / (usual.spread + 0.04)) as f32
}

/// The expected length, the natural logarithm of how far it is off, and what is usual.
fn compare((source, target): (usize, usize), (from, to): (Lang, Lang)) -> (f64, f64, Usual) {
    let usual = PAIRS.get(&(from.code(), to.code())).copied().unwrap_or(UNKNOWN);
    let density = density(to);
    let expected = source as f64 * usual.ratio;
    let found = target as f64;
    let slack = SLACK * density;
    (expected, ((found + slack) / (expected + slack)).ln(), usual)
}

/// The length of the translation, where it is outside what is usual for the pair.
pub(super) fn find(segment: &Segment<'_>, band: Band) -> Option<Off> {
    let (source, target) = (&segment.source, &segment.target);
    let (expected, off, usual) = compare((source.chars, target.chars), (source.lang, target.lang));
    let limit = match band {
        Band::Warn => 0.18 + 2.2 * usual.spread,
        Band::Reject => 0.45 + 3.2 * usual.spread,
    };
    (off.abs() > limit).then(|| Off { expected: expected.round() as usize, found: segment.target.chars })
}

pub(super) fn check(segment: &Segment<'_>) -> Option<Finding> {
    let off = find(segment, Band::Warn)?;
    let severity = if find(segment, Band::Reject).is_some() { Severity::Error } else { Severity::Warning };
    let much = if off.found < off.expected { "shorter" } else { "longer" };
    let message = format!(
        "The translation has {} characters where about {} are usual; it is much {much} than its source.",
        off.found, off.expected
    );
    let mut finding = Finding::new(FindingKind::LengthOutOfBounds, severity, message);
    finding.source = vec![segment.source.range().into()];
    finding.target = vec![segment.target.range().into()];
    finding.expected = Some(off.expected.to_string());
    finding.found = Some(off.found.to_string());
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_the_table_is_read() {
        assert_eq!(PAIRS.len(), 42);
        for (pair, usual) in PAIRS.iter() {
            let back = &PAIRS[&(pair.1, pair.0)];
            assert!((usual.ratio * back.ratio - 1.0).abs() < 0.01, "{pair:?}");
            assert!((0.05..0.5).contains(&usual.spread), "{pair:?}");
        }
    }
}
