//! What the numbers of a segment count: units and currencies, which must stay the same, and measures said in
//! another unit.

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::number::unit::{Unit, may_name, named, units};
use edisi_text::number::{Decimal, Number, NumberKind, may_be_equal, numbers};

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
        let currencies = currency::mentions(side, &numbers);
        Counted { side, numbers, units, currencies }
    }

    /// Whether the number at `i` says when, not how many.
    pub(super) fn is_time(&self, i: usize) -> bool {
        use NumberKind::{DatePart, Month, RelativeDay, Time, Weekday, Year};
        match self.numbers[i].kind {
            Year => self.units[i].is_empty(),
            kind => matches!(kind, DatePart | Month | Weekday | RelativeDay | Time),
        }
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
    let amount = amounts(segment, source, target);
    out.extend(amount.or_else(|| currency::check(segment, &source.currencies, &target.currencies)));
    let both = |(i, j)| (Some(i), j);
    let unit = other_unit(source, target)
        .map(both)
        .or_else(|| strange_unit(source, target))
        .or_else(|| no_money(source, target))
        .or_else(|| bare(source, target).map(both))
        .or_else(|| bare(target, source).map(|(j, i)| (Some(i), j)));
    if let Some((i, j)) = unit {
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

/// A number of the translation in a unit the source does not know, where the source has a unit of the same kind
/// that the translation does not know: "a week" and `1 second`. With the number of the source, if it has one.
fn strange_unit(source: &Counted<'_>, target: &Counted<'_>) -> Option<(Option<usize>, usize)> {
    let knows = |side: &Counted<'_>, unit: &Unit| {
        side.units.iter().any(|units| units.iter().any(|u| u.may_be(unit)))
            || may_name(side.side.text, side.side.lang, unit)
    };
    (0..target.numbers.len().min(MOST)).find_map(|j| {
        let unit = target.units[j].first().filter(|u| MEASURED.contains(&u.dimension()))?;
        if target.units[j].iter().any(|unit| knows(source, unit)) {
            return None;
        }
        let long = |unit: &Unit| LONG.contains(&unit.name());
        let equal_value = |&i: &usize| may_be_equal(&source.numbers[i], &target.numbers[j]);
        let same = (0..source.numbers.len().min(MOST)).find(equal_value);
        if same.is_none() && !target.numbers[j].is_word_small {
            // It is told as a number the source does not have.
            return None;
        }
        // At 9 in the morning it is 9 hours in French.
        if unit.name() == "h" && same.is_some_and(|i| source.numbers[i].kind == NumberKind::Time) {
            return None;
        }
        // "Jones, 52" may become 52 years, but not 52 weeks.
        if let Some(i) = same.filter(|&i| source.units[i].is_empty() && source.currency(i).is_none())
            && unit.dimension() == "time"
            && !long(unit)
        {
            return Some((Some(i), j));
        }
        let fits = |other: &Unit| {
            other.dimension() == unit.dimension()
                && (!long(other) || !long(unit))
                && !other.equals(Decimal::from(1), unit, target.numbers[j].value, ROUNDING)
                && !knows(target, other)
        };
        let counted = |&i: &usize| source.units[i].first().is_some_and(fits) && !equal(source, i, target, j);
        if let Some(i) = (0..source.numbers.len().min(MOST)).find(counted) {
            return Some((Some(i), j));
        }
        // Measures that say the same in other words have numbers on both sides.
        let converted = (0..source.numbers.len().min(MOST)).any(|i| equal(source, i, target, j));
        let named = named(source.side.text, source.side.lang);
        let named = named.iter().any(|other| fits(other) && !OTHER_WORDS.contains(&other.name()));
        (named && !converted).then_some((None, j))
    })
}

/// A percentage or measure of `one` whose number `other` has, but only without a unit, and whose unit `other` does not
/// name at all.
fn bare(one: &Counted<'_>, other: &Counted<'_>) -> Option<(usize, usize)> {
    let (ours, theirs) = (one.numbers.len().min(MOST), other.numbers.len().min(MOST));
    let (text, lang) = (other.side.text, other.side.lang);
    (0..ours).find_map(|i| {
        let sure = |u: &&Unit| BARE.contains(&u.dimension()) && !OTHER_WORDS.contains(&u.name());
        let unit = one.units[i].first().filter(sure)?;
        let mut same = (0..theirs).filter(|&j| may_be_equal(&one.numbers[i], &other.numbers[j])).peekable();
        let first = *same.peek()?;
        let plain = |j: usize| other.units[j].is_empty() && other.numbers[j].kind == NumberKind::Plain;
        let share = unit.name() == "pct" && SHARES.iter().any(|word| text.contains(word));
        let named = || {
            share || may_name(text, lang, unit) || (0..theirs).any(|j| may_be(one.units[i], other.units[j]))
        };
        (same.all(plain) && !named()).then_some((i, first))
    })
}

/// Dimensions without whose unit a number says something else. How old somebody is, is often said without one.
const BARE: [&str; 5] = ["length", "area", "volume", "mass", "share"];
/// What speaks of percentages besides the names of the unit.
const SHARES: [&str; 8] = ["%", "％", "٪", "百分", "pourcent", "مئوي", "المئة", "المائة"];
/// Dimensions whose units are compared without a number on both sides.
const MEASURED: [&str; 5] = ["length", "area", "volume", "mass", "time"];
/// Ten years are a decade.
const LONG: [&str; 3] = ["year", "decade", "century"];
/// Units whose names are as often other words: the second time, pounds of money, a foot.
const OTHER_WORDS: [&str; 4] = ["s", "lb", "ft", "mi"];

/// An amount of money that became a measure, or a measure that became money.
fn no_money(source: &Counted<'_>, target: &Counted<'_>) -> Option<(Option<usize>, usize)> {
    let (ours, theirs) = (source.numbers.len().min(MOST), target.numbers.len().min(MOST));
    // Pounds are of both kinds.
    let measure = |side: &Counted<'_>, i: usize| {
        let unit = side.units[i].first();
        unit.is_some_and(|u| MEASURED.contains(&u.dimension()) && u.name() != "lb")
    };
    let money = |side: &Counted<'_>, i: usize| side.units[i].is_empty() && side.currency(i).is_some();
    (0..ours).find_map(|i| {
        let (paid, measured) = (money(source, i), measure(source, i));
        if !paid && !measured {
            return None;
        }
        let mut same =
            (0..theirs).filter(|&j| may_be_equal(&source.numbers[i], &target.numbers[j])).peekable();
        let first = *same.peek()?;
        same.all(|j| if paid { measure(target, j) } else { money(target, j) }).then_some((Some(i), first))
    })
}

/// An amount in a currency in which the other side has no equal amount, but has it in another.
fn amounts(segment: &Segment<'_>, source: &Counted<'_>, target: &Counted<'_>) -> Option<Finding> {
    if source.currencies.is_empty() || target.currencies.is_empty() {
        return None;
    }
    let money = |side: &Counted<'_>| -> Vec<usize> {
        (0..side.numbers.len().min(MOST)).filter(|&i| side.currency(i).is_some()).collect()
    };
    let (ours, theirs) = (money(source), money(target));
    let other = |(a, i): (&Counted<'_>, usize), (b, list): (&Counted<'_>, &[usize])| {
        let is = a.currency(i)?;
        let equal = |&&j: &&usize| may_be_equal(&a.numbers[i], &b.numbers[j]);
        let mut same = list.iter().filter(equal).peekable();
        let first = **same.peek()?;
        same.all(|&j| b.currency(j).is_some_and(|was| !was.may_mean(is))).then_some(first)
    };
    let theirs_other = theirs.iter().find_map(|&j| Some((other((target, j), (source, &ours))?, j)));
    let pair =
        theirs_other.or_else(|| ours.iter().find_map(|&i| Some((i, other((source, i), (target, &theirs))?))));
    let (i, j) = pair?;
    Some(currency::changed(segment, source.currency(i)?, target.currency(j)?))
}

fn unit_changed(source: &Counted<'_>, i: Option<usize>, target: &Counted<'_>, j: usize) -> Finding {
    let is = with_unit(target, j);
    let found = &target.side.text[is.clone()];
    let message = format!("The source does not measure in the unit of {found}.");
    let mut finding = Finding::new(FindingKind::UnitChanged, Severity::Warning, message);
    finding.found = Some(found.to_owned());
    finding.target = vec![is.into()];
    finding.confidence = Some(0.7);
    if let Some(i) = i {
        let was = with_unit(source, i);
        let expected = &source.side.text[was.clone()];
        finding.message = format!("The source says {expected}, the translation {found}.");
        finding.severity = Severity::Error;
        finding.expected = Some(expected.to_owned());
        finding.source = vec![was.into()];
        finding.confidence = Some(0.9);
    }
    finding
}

/// The number at `i` with the word behind it that is its unit or the currency.
fn with_unit(counted: &Counted<'_>, i: usize) -> std::ops::Range<usize> {
    let span = &counted.numbers[i].span;
    let alone = counted.units[i].is_empty() && counted.currency(i).is_none();
    if alone || counted.numbers[i].kind == NumberKind::Percent {
        return span.clone();
    }
    let token =
        counted.side.tokens.iter().find(|t| t.range.start >= span.end && t.range.start - span.end <= 4);
    span.start..token.filter(|t| !t.dense).map_or(span.end, |t| t.range.end)
}
