//! Numbers that are missing, changed or added.
//!
//! What a number says, in whatever notation, is `edisi_text::number`'s knowledge; here is only what an editor is
//! told about the difference.

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::number::{Number, differences, numbers};

use super::segment::Segment;

pub(super) fn check(segment: &Segment<'_>) -> Vec<Finding> {
    let source = numbers(segment.source.text, segment.source.lang);
    let target = numbers(segment.target.text, segment.target.lang);
    let found = differences(&source, &target);
    let missing: Vec<&Number> = found.missing.iter().map(|&i| &source[i]).collect();
    let mut extra: Vec<&Number> = found.extra.iter().map(|&i| &target[i]).collect();
    let mut findings = Vec::new();
    for number in missing {
        // A number of the same kind that only the translation has is what this one became.
        let instead = extra.iter().position(|e| e.kind == number.kind).or(if extra.is_empty() {
            None
        } else {
            Some(0)
        });
        findings.push(gone(number, instead.map(|i| extra.remove(i))));
    }
    findings.extend(extra.into_iter().map(added));
    findings
}

/// Numbers in words are rounded and rephrased more freely than digits.
fn severity(number: &Number) -> Severity {
    if number.is_word { Severity::Warning } else { Severity::Error }
}

fn gone(number: &Number, instead: Option<&Number>) -> Finding {
    let message = match instead {
        Some(other) => format!("The source says {}, the translation {}.", number.raw, other.raw),
        None => format!("{} of the source is not in the translation.", number.raw),
    };
    let mut finding = Finding::new(FindingKind::NumberMissing, severity(number), message);
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
    let severity = if number.is_word { Severity::Note } else { Severity::Warning };
    let mut finding = Finding::new(FindingKind::NumberAdded, severity, message);
    finding.target = vec![number.span.clone().into()];
    finding.found = Some(number.raw.clone());
    finding
}
