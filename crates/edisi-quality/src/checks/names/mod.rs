//! People, places and organisations that a translation lost, swapped or made up.
//!
//! The names of both sides ([`edisi_text::name`]) are looked for on the other side: as known names in any of their
//! forms, letter by letter between languages in Latin script, by their sound between scripts. How unlike
//! everything a name must be to count as missing depends on what it was recognised by and on the scripts:
//! `data/names/limits.tsv`, set so that human translations rarely fall below.

mod book;
mod consistent;
mod limits;
mod presence;

use std::ops::Range;

use edisi_article::{Finding, FindingKind, Fix, Severity};
use edisi_text::Lang;
use edisi_text::name::{Cue, Name, NameKind, gazetteer};

pub use book::{NameBook, NameBookError};
pub use consistent::consistent_names;
use limits::Limit;
use presence::{View, look};

use super::segment::Segment;

/// Names of a side that are looked for: a sentence has fewer, and what is no sentence must not cost more.
const MOST: usize = 64;

/// A name that is little accounted for on the other side.
struct Lost<'a> {
    name: &'a Name,
    text: &'a str,
    score: f32,
    limit: Limit,
}

impl Lost<'_> {
    fn alone(&self) -> bool {
        self.limit.alone.is_some_and(|l| self.score < l)
    }
}

/// Names of `own` that may not be in `other`, one of each.
fn lost<'a>(own: &'a View<'_>, other: &View<'_>) -> Vec<Lost<'a>> {
    let mut out: Vec<Lost<'a>> = Vec::new();
    for name in own.scan.names.iter().take(MOST) {
        let limit = limits::of(name, own, other.lang);
        let highest = limit.highest();
        if highest <= 0.0 {
            continue;
        }
        let score = look(name, own, other).score;
        let text = &own.text[name.range.clone()];
        if score < highest && !out.iter().any(|l| l.text == text) {
            out.push(Lost { name, text, score, limit });
        }
    }
    out
}

/// Whether one may stand where the other stood.
fn same_kind(a: NameKind, b: NameKind) -> bool {
    let group = |k: NameKind| if k.is_place() { NameKind::City } else { k };
    a == NameKind::Unknown || b == NameKind::Unknown || group(a) == group(b)
}

pub(super) fn check(segment: &Segment<'_>) -> Vec<Finding> {
    let source = View::new(segment.source.text, segment.source.lang);
    let target = View::new(segment.target.text, segment.target.lang);
    let mut missing = lost(&source, &target);
    let mut added = lost(&target, &source);
    let mut findings = Vec::new();
    // The surest first; each name is swapped for one other.
    missing.sort_by(|a, b| a.score.total_cmp(&b.score));
    added.sort_by(|a, b| a.score.total_cmp(&b.score));
    missing.retain(|was| {
        if was.limit.swapped.is_none_or(|l| was.score >= l) {
            return true;
        }
        let fits = |is: &Lost<'_>| {
            is.limit.swapped.is_some_and(|l| is.score < l) && same_kind(was.name.kind, is.name.kind)
        };
        let Some(at) = added.iter().position(fits) else { return true };
        let is = added.remove(at);
        findings.push(changed(was, &is, target.lang));
        false
    });
    findings.extend(missing.iter().filter(|l| l.alone()).map(|l| {
        let message = format!("{} is not in the translation.", l.text);
        one_sided(FindingKind::NameMissing, message, l)
    }));
    findings.extend(added.iter().filter(|l| l.alone()).map(|l| {
        let message = format!("{} is not in the source.", l.text);
        one_sided(FindingKind::NameAdded, message, l)
    }));
    findings
}

/// How sure a finding is: names recognised by little, and those that fit something a little, less so.
fn confidence(lost: &Lost<'_>) -> f32 {
    let most: f32 = match lost.name.cue {
        Cue::Known => 0.95,
        Cue::Title | Cue::Capital => 0.85,
        _ => 0.7,
    };
    (most - 0.4 * lost.score).max(0.3)
}

fn severity(confidence: f32) -> Severity {
    if confidence >= 0.75 { Severity::Error } else { Severity::Warning }
}

fn changed(was: &Lost<'_>, is: &Lost<'_>, to: Lang) -> Finding {
    let sure = 1.0 - (1.0 - confidence(was)) * (1.0 - confidence(is));
    let message = format!("The source names {}, the translation {}.", was.text, is.text);
    let mut finding = Finding::new(FindingKind::NameChanged, severity(sure), message);
    finding.source = vec![was.name.range.clone().into()];
    finding.target = vec![is.name.range.clone().into()];
    finding.found = Some(is.text.to_owned());
    finding.confidence = Some(sure);
    let form = was.name.entries.first().and_then(|e| gazetteer().entries[*e as usize].form(to));
    finding.expected = Some(form.unwrap_or(was.text).to_owned());
    // In these languages a name stands as it is, whatever the sentence.
    if let Some(form) = form
        && sure >= 0.95
        && matches!(to.code(), "id" | "en" | "zh" | "ja")
    {
        finding.fix = Some(Fix { span: is.name.range.clone().into(), text: form.to_owned() });
    }
    finding
}

fn one_sided(kind: FindingKind, message: String, lost: &Lost<'_>) -> Finding {
    let sure = confidence(lost);
    let mut finding = Finding::new(kind, severity(sure), message);
    let range: Range<usize> = lost.name.range.clone();
    if kind == FindingKind::NameMissing {
        finding.source = vec![range.into()];
        finding.expected = Some(lost.text.to_owned());
    } else {
        finding.target = vec![range.into()];
        finding.found = Some(lost.text.to_owned());
    }
    finding.confidence = Some(sure);
    finding
}
