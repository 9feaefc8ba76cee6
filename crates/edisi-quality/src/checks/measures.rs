//! What the numbers of a segment count: units and currencies, which must stay the same, and measures said in
//! another unit.

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::number::unit::{Unit, units};
use edisi_text::number::{Number, may_be_equal, numbers};

use super::currency::{self, Mention};
use super::segment::{Segment, Side};

/// How far a measure in another unit may be off when both are said to more than one digit.
const ROUNDING: f64 = 0.04;
/// The same for round figures: translators say what readers can picture.
const ROUND_FIGURES: f64 = 0.08;
/// Numbers of one side whose units are compared: a text with more is no sentence.
const MOST: usize = 60;

/// The numbers of one side and what stands with them.
pub(super) struct Counted<'a> {
    pub side: &'a Side<'a>,
    pub numbers: Vec<Number>,
    pub units: Vec<&'static [Unit]>,
    pub currencies: Vec<Mention>,
}

impl<'a> Counted<'a> {
    pub(super) fn new(side: &'a Side<'a>) -> Counted<'a> {
        let numbers = numbers(side.text, side.lang);
        let units = units(side.text, side.lang, &numbers);
        Counted { side, numbers, units, currencies: currency::mentions(side) }
    }

    /// The currency that stands with the number at `i`.
    fn currency(&self, i: usize) -> Option<&Mention> {
        let span = &self.numbers[i].span;
        let near = |a: usize, b: usize| {
            a <= b
                && b - a <= 4
                && self.side.text[a..b].chars().all(|c| c.is_whitespace() || c == '-' || c == '多')
        };
        let inside = |m: &&Mention| m.range.start < span.end && span.start < m.range.end;
        let touches = |m: &&Mention| near(m.range.end, span.start) || near(span.end, m.range.start);
        let all = &self.currencies;
        all.iter().find(inside).or_else(|| all.iter().find(touches)).or_else(|| {
            // millions de dollars
            let rest = &self.side.text[span.end..];
            let of = ["de ", "d'", "d’", "من "].iter().find_map(|of| rest.trim_start().strip_prefix(of))?;
            let at = self.side.text.len() - of.len();
            all.iter().find(|m| m.range.start == at)
        })
    }

    /// The numbers with a unit that no equal number of `other` may have.
    fn alone_in_unit<'c>(&'c self, other: &'c Counted<'_>) -> impl Iterator<Item = usize> + 'c {
        let (ours, theirs) = (self.numbers.len().min(MOST), other.numbers.len().min(MOST));
        (0..ours).filter(|&i| !self.units[i].is_empty()).filter(move |&i| {
            !(0..theirs).any(|j| {
                let fits = other.units[j].is_empty() || may_be(self.units[i], other.units[j]);
                fits && may_be_equal(&self.numbers[i], &other.numbers[j])
            })
        })
    }

    /// Whether any number of `list` is counted in a unit that may be one of `units`.
    fn any_in(&self, list: &[usize], units: &[Unit]) -> bool {
        list.iter().any(|&i| may_be(self.units[i], units))
    }
}

fn may_be(a: &[Unit], b: &[Unit]) -> bool {
    a.iter().any(|a| b.iter().any(|b| a.may_be(b)))
}

/// Takes out of `missing` and `extra` what says the same in another unit: 30 miles and 48 km.
pub(super) fn convert(
    source: &Counted<'_>,
    target: &Counted<'_>,
    missing: &mut Vec<usize>,
    extra: &mut Vec<usize>,
) {
    missing.retain(|&i| {
        let same = extra.iter().position(|&j| equal(source, i, target, j));
        same.map(|at| extra.remove(at)).is_none()
    });
    // One of two units may be left out, but not next to a wrong figure in it.
    let (gone, new) = (missing.clone(), extra.clone());
    let elsewhere = |a: &Counted<'_>, i: usize, b: &Counted<'_>| {
        (0..b.numbers.len().min(MOST)).any(|j| !may_be(a.units[i], b.units[j]) && equal(a, i, b, j))
    };
    missing.retain(|&i| target.any_in(&new, source.units[i]) || !elsewhere(source, i, target));
    extra.retain(|&j| source.any_in(&gone, target.units[j]) || !elsewhere(target, j, source));
}

fn equal(a: &Counted<'_>, i: usize, b: &Counted<'_>, j: usize) -> bool {
    let (x, y) = (a.numbers[i].value, b.numbers[j].value);
    let round = x.parts().0.abs() < 10 || y.parts().0.abs() < 10;
    let tolerance = if round { ROUND_FIGURES } else { ROUNDING };
    a.units[i].iter().any(|u| b.units[j].iter().any(|v| !u.may_be(v) && u.equals(x, v, y, tolerance)))
}

/// Numbers that are the same and count something else.
pub(super) fn check(segment: &Segment<'_>, source: &Counted<'_>, target: &Counted<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    if let Some(finding) = amounts(segment, source, target) {
        out.push(finding);
    } else {
        out.extend(currency::check(segment, &source.currencies, &target.currencies));
    }
    if let Some((i, j)) = other_unit(source, target) {
        out.push(unit_changed(source, i, target, j));
    }
    out
}

/// The first number that the other side has too, but only with units that cannot be the same.
fn other_unit(source: &Counted<'_>, target: &Counted<'_>) -> Option<(usize, usize)> {
    source.alone_in_unit(target).find_map(|i| {
        let same = |&j: &usize| may_be_equal(&source.numbers[i], &target.numbers[j]);
        let mut others = target.alone_in_unit(source).filter(same);
        others.find(|&j| !equal(source, i, target, j)).map(|j| (i, j))
    })
}

fn amounts(segment: &Segment<'_>, source: &Counted<'_>, target: &Counted<'_>) -> Option<Finding> {
    if source.currencies.is_empty() || target.currencies.is_empty() {
        return None;
    }
    let (ours, theirs) = (source.numbers.len().min(MOST), target.numbers.len().min(MOST));
    let money: Vec<Option<&Mention>> = (0..theirs).map(|j| target.currency(j)).collect();
    (0..ours).find_map(|i| {
        let was = source.currency(i)?;
        let mut same =
            (0..theirs).filter(|&j| may_be_equal(&source.numbers[i], &target.numbers[j])).peekable();
        let is = money[*same.peek()?]?;
        let other = |j: usize| money[j].is_some_and(|is| !is.may_mean(was));
        same.all(other).then(|| currency::changed(segment, was, is))
    })
}

fn unit_changed(source: &Counted<'_>, i: usize, target: &Counted<'_>, j: usize) -> Finding {
    let (was, is) = (with_unit(source, i), with_unit(target, j));
    let (expected, found) = (&source.side.text[was.clone()], &target.side.text[is.clone()]);
    let message = format!("The source says {expected}, the translation {found}.");
    let mut finding = Finding::new(FindingKind::UnitChanged, Severity::Error, message);
    finding.expected = Some(expected.to_owned());
    finding.found = Some(found.to_owned());
    finding.source = vec![was.into()];
    finding.target = vec![is.into()];
    finding.confidence = Some(0.9);
    finding
}

/// The number at `i` with the word behind it.
fn with_unit(counted: &Counted<'_>, i: usize) -> std::ops::Range<usize> {
    let span = &counted.numbers[i].span;
    let token =
        counted.side.tokens.iter().find(|t| t.range.start >= span.end && t.range.start - span.end <= 4);
    span.start..token.filter(|t| !t.dense).map_or(span.end, |t| t.range.end)
}
