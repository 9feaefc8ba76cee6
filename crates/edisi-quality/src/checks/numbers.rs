//! Numbers and dates that are missing, changed or added.
//!
//! What a number says, in whatever notation, is `edisi_text::number`'s knowledge. Here is which differences between
//! two texts good translators make all the time, and what an editor is told about the others.

use edisi_article::{Finding, FindingKind, Fix, Severity};
use edisi_text::number::{Decimal, Number, NumberKind, differences, write};

use super::measures::{self, Counted};
use super::segment::{Segment, Side};

/// Differences told on either side of one segment; beyond that it is not the numbers that are wrong.
const MOST: usize = 40;

pub(super) fn check(segment: &Segment<'_>) -> Vec<Finding> {
    let (source, target) = (Counted::new(&segment.source), Counted::new(&segment.target));
    let (ours, theirs) = (&source.numbers, &target.numbers);
    let found = differences(ours, theirs);
    let missing = found.missing.into_iter().take(MOST);
    let mut missing: Vec<usize> = missing.filter(|&i| !usual(&source, i, &target)).collect();
    let extra = found.extra.into_iter().take(MOST);
    let mut extra: Vec<usize> = extra.filter(|&j| !usual(&target, j, &source)).collect();
    measures::convert(&source, &target, &mut missing, &mut extra);
    let mut findings = Vec::new();
    let alone = missing.len() == 1 && extra.len() == 1;
    for i in missing {
        // A number that only the translation has, best of the same kind, is what this one became.
        let same = extra.iter().position(|&j| theirs[j].kind == ours[i].kind);
        let near = || extra.iter().position(|&j| target.is_time(j) == source.is_time(i));
        let instead = same.or_else(near).map(|at| &theirs[extra.remove(at)]);
        let mut finding = gone(&source, i, instead);
        if instead.is_none() && couple(&source, i) {
            continue;
        }
        if let Some(other) = instead.filter(|_| alone) {
            finding.fix = fix(&ours[i], other, &segment.target);
        }
        findings.push(finding);
    }
    let mut passed = found.passed.into_iter();
    for j in extra {
        // A couple that nobody counted, unless something else was.
        if !couple(&target, j) {
            findings.push(added(&target, j));
        } else if let Some(i) = passed.next() {
            findings.push(gone(&source, i, Some(&theirs[j])));
        }
    }
    findings.extend(found.changed.into_iter().map(|(i, j)| {
        let mut finding = gone(&source, i, Some(&theirs[j]));
        finding.severity = Severity::Warning;
        finding
    }));
    findings.extend(measures::check(segment, &source, &target));
    findings
}

/// One or two of something, which translators put for an article, "both" and "the couple".
fn couple(counted: &Counted<'_>, i: usize) -> bool {
    let number = &counted.numbers[i];
    let few = [1, 2].map(Decimal::from).contains(&number.value);
    number.kind == NumberKind::Plain && few && counted.units[i].is_empty()
}

/// `was` in place of `is`, the only difference, if both are plain figures or names of the calendar.
fn fix(was: &Number, is: &Number, target: &Side<'_>) -> Option<Fix> {
    if was.kind != is.kind
        || was.is_ambiguous && was.value != is.value && was.alternatives.contains(&is.value)
    {
        return None;
    }
    let text = write(was.value, is, target.lang)?;
    Some(Fix { span: is.span.clone().into(), text })
}

/// Whether the number at `i`, which the other side does not state, is what that side's language says without one.
fn usual(counted: &Counted<'_>, i: usize, other: &Counted<'_>) -> bool {
    let number = &counted.numbers[i];
    // Two of a thing is a form of the noun.
    if other.side.lang.code() == "ar" && number.value == Decimal::from(2) && number.kind == NumberKind::Plain
    {
        return true;
    }
    // The twentieth century against 1970, the twenties against 1920.
    let Some(value) = number.value.to_integer() else { return false };
    let years = other.numbers.iter().filter(|o| o.kind == NumberKind::Year);
    let measured = !counted.units[i].is_empty();
    years.filter_map(|o| o.value.to_integer()).any(|year| {
        let century = number.kind == NumberKind::Ordinal && (year - 1) / 100 + 1 == value;
        let decade = !measured && value < 100 && value % 10 == 0 && year % 100 == value;
        (2..=21).contains(&value) && century || decade
    })
}

/// How much a difference in `number` matters: numbers in words are rounded and rephrased more freely than digits,
/// and names with digits have other names in other languages (`COVID-19`, `新冠肺炎`).
fn severity(number: &Number, replaced: bool) -> Severity {
    match number.kind {
        NumberKind::Name if !replaced => Severity::Note,
        _ if number.is_word => Severity::Warning,
        _ => Severity::Error,
    }
}

/// How sure it is that a difference in `number` is a mistake, from the human translations the checks were measured
/// on: what is in digits is seldom rephrased.
fn confidence(number: &Number, is_time: bool) -> f32 {
    if !number.is_word {
        0.95
    } else if is_time || !number.is_word_small {
        0.8
    } else {
        0.6
    }
}

/// A time of day as it is written, and on the clock of 24 hours, where half a day is hard to see: `5:00 (17:00)`.
fn clock(number: &Number, time: u16) -> String {
    format!("{} ({:02}:{:02})", number.raw, time / 60, time % 60)
}

fn gone(source: &Counted<'_>, i: usize, instead: Option<&Number>) -> Finding {
    let number = &source.numbers[i];
    let message = match instead {
        Some(other) => {
            let (ours, theirs) = match number.clock.zip(other.clock) {
                Some((a, b)) => (clock(number, a), clock(other, b)),
                None => (number.raw.clone(), other.raw.clone()),
            };
            format!("The source says {ours}, the translation {theirs}.")
        }
        None => format!("{} of the source is not in the translation.", number.raw),
    };
    let kind = if source.is_time(i) { FindingKind::TimeMissing } else { FindingKind::NumberMissing };
    let mut finding = Finding::new(kind, severity(number, instead.is_some()), message);
    finding.confidence =
        Some(confidence(number, source.is_time(i)) * if instead.is_some() { 1.0 } else { 0.9 });
    finding.source = vec![number.span.clone().into()];
    finding.expected = Some(number.raw.clone());
    if let Some(other) = instead {
        finding.target = vec![other.span.clone().into()];
        finding.found = Some(other.raw.clone());
    }
    finding
}

fn added(target: &Counted<'_>, j: usize) -> Finding {
    let number = &target.numbers[j];
    let message = format!("{} is not in the source.", number.raw);
    let severity = severity(number, false).min(Severity::Warning);
    let kind = if target.is_time(j) { FindingKind::TimeAdded } else { FindingKind::NumberAdded };
    let mut finding = Finding::new(kind, severity, message);
    finding.confidence = Some(confidence(number, target.is_time(j)) * 0.8);
    finding.target = vec![number.span.clone().into()];
    finding.found = Some(number.raw.clone());
    finding
}
