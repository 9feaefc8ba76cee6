//! Numbers that are missing, changed or added.
//!
//! What a number says, in whatever notation, is `edisi_text::number`'s knowledge. Here is which differences between
//! two texts good translators make all the time, and what an editor is told about the others.

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::number::{Decimal, Number, NumberKind, differences, numbers};

use super::segment::{Segment, Side};

/// Differences told on either side of one segment; beyond that it is not the numbers that are wrong.
const MOST: usize = 40;

pub(super) fn check(segment: &Segment<'_>) -> Vec<Finding> {
    let source = numbers(segment.source.text, segment.source.lang);
    let target = numbers(segment.target.text, segment.target.lang);
    let found = differences(&source, &target);
    let missing =
        found.missing.iter().take(MOST).map(|&i| &source[i]).filter(|n| !usual(n, &target, &segment.target));
    let extra =
        found.extra.iter().take(MOST).map(|&i| &target[i]).filter(|n| !usual(n, &source, &segment.source));
    let mut extra: Vec<&Number> = extra.collect();
    let mut findings = Vec::new();
    for number in missing {
        // A number that only the translation has, best of the same kind, is what this one became.
        let same = extra.iter().position(|e| e.kind == number.kind);
        let instead = same.or((!extra.is_empty()).then_some(0)).map(|i| extra.remove(i));
        findings.push(gone(number, instead));
    }
    findings.extend(extra.into_iter().map(added));
    findings
}

/// Whether `number`, which the other side does not state, is what that side's language says without a number.
fn usual(number: &Number, other: &[Number], side: &Side<'_>) -> bool {
    // Two of a thing is a form of the noun.
    if side.lang.code() == "ar" && number.value == Decimal::from(2) && number.kind == NumberKind::Plain {
        return true;
    }
    // The twentieth century against 1970, the twenties against 1920.
    let Some(value) = number.value.to_integer() else { return false };
    other.iter().filter(|o| o.kind == NumberKind::Year).filter_map(|o| o.value.to_integer()).any(|year| {
        (2..=21).contains(&value) && (year - 1) / 100 + 1 == value
            || value < 100 && value % 10 == 0 && year % 100 == value
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

fn gone(number: &Number, instead: Option<&Number>) -> Finding {
    let message = match instead {
        Some(other) => format!("The source says {}, the translation {}.", number.raw, other.raw),
        None => format!("{} of the source is not in the translation.", number.raw),
    };
    let mut finding = Finding::new(FindingKind::NumberMissing, severity(number, instead.is_some()), message);
    finding.source = vec![number.span.clone().into()];
    finding.expected = Some(number.raw.clone());
    if let Some(other) = instead {
        finding.target = vec![other.span.clone().into()];
        finding.found = Some(other.raw.clone());
    }
    finding
}

fn added(number: &Number) -> Finding {
    let message = format!("{} is not in the source.", number.raw);
    let severity =
        severity(number, false).min(if number.is_word { Severity::Note } else { Severity::Warning });
    let mut finding = Finding::new(FindingKind::NumberAdded, severity, message);
    finding.target = vec![number.span.clone().into()];
    finding.found = Some(number.raw.clone());
    finding
}
