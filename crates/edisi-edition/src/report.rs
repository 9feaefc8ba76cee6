//! `report.json`: what was done, by whom, how surely, and what an editor must look at.

use std::collections::BTreeMap;

use edisi_article::{Finding, GlossaryVersion, Link, Severity};
use edisi_text::Lang;
use serde::{Deserialize, Serialize};

use crate::edition::{Edition, EditionSegment, EditionSet};
use crate::recall::Reuse;
use crate::repair::Way;
use crate::router::LegReport;
use crate::translator::Tier;
use crate::units::Place;

/// Version of the report's layout; raised when a field changes meaning.
pub const SCHEMA: u32 = 1;

/// The report on an [`EditionSet`].
///
/// Everything but `timings` is decided by the article, the languages, the models, their
/// settings and the memory. Timings are those of the making: segments from the cache bring theirs along, so that a second
/// run gives the same bytes.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    schema: u32,
    edisi: &'static str,
    article: Original<'a>,
    editions: Vec<EditionReport<'a>>,
    timings: Timings,
}

#[derive(Debug, Serialize)]
struct Original<'a> {
    input: &'a str,
    url: Option<&'a str>,
    title: Option<&'a str>,
    language: Lang,
    main_language: Option<Lang>,
    machine_translated: Option<bool>,
    revision: &'a str,
    findings: &'a [Finding],
}

#[derive(Debug, Serialize)]
struct EditionReport<'a> {
    language: Lang,
    tier: Tier,
    route: &'a [LegReport],
    #[serde(skip_serializing_if = "<[LegReport]>::is_empty")]
    detour: &'a [LegReport],
    #[serde(skip_serializing_if = "<[GlossaryVersion]>::is_empty")]
    glossaries: &'a [GlossaryVersion],
    counts: Counts,
    units: Vec<UnitReport<'a>>,
}

/// How much of what there is in an edition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Sentences.
    pub segments: usize,
    /// Sentences left in the original language, shown as gaps.
    pub failed: usize,
    /// Findings that must be dealt with before publishing.
    pub errors: usize,
    /// Findings worth a look before publishing.
    pub warnings: usize,
    /// Findings worth knowing.
    pub notes: usize,
    /// Sentences from the memory, as an editor reviewed them.
    pub reviewed: usize,
    /// Sentences from the memory, with other numbers.
    pub adapted: usize,
    /// Sentences held for review by the site's policy.
    pub held: usize,
    /// Sentences tried again because the first try failed or had errors.
    pub retried: usize,
    /// Those of them for which another try was better.
    pub repaired: usize,
    /// Findings of severity error, and failed sentences, before repair.
    pub errors_before: usize,
}

impl Counts {
    /// What is counted when a part that counted `before` counts `after` instead.
    pub fn exchange(self, before: &Counts, after: &Counts) -> Counts {
        let new = |all: usize, before: usize, after: usize| (all + after).saturating_sub(before);
        Counts {
            segments: new(self.segments, before.segments, after.segments),
            failed: new(self.failed, before.failed, after.failed),
            errors: new(self.errors, before.errors, after.errors),
            warnings: new(self.warnings, before.warnings, after.warnings),
            notes: new(self.notes, before.notes, after.notes),
            reviewed: new(self.reviewed, before.reviewed, after.reviewed),
            adapted: new(self.adapted, before.adapted, after.adapted),
            held: new(self.held, before.held, after.held),
            retried: new(self.retried, before.retried, after.retried),
            repaired: new(self.repaired, before.repaired, after.repaired),
            errors_before: new(self.errors_before, before.errors_before, after.errors_before),
        }
    }

    /// Counts an edition.
    pub fn of(edition: &Edition) -> Counts {
        let repairs = || edition.segments().filter_map(|s| Some((s, s.repair.as_ref()?)));
        let errors = |findings: &[Finding]| findings.iter().filter(|f| f.severity == Severity::Error).count();
        // A first try that failed has no findings of its own, but is one.
        let change = repairs().map(|(s, r)| errors(&r.before).max(1) as isize - errors(&s.findings) as isize);
        let now = edition.count(Severity::Error);
        Counts {
            reviewed: edition.recalled(Reuse::Reviewed),
            adapted: edition.recalled(Reuse::Adapted),
            held: edition.held(),
            retried: repairs().count(),
            repaired: repairs().filter(|(_, r)| r.chosen != Way::Route).count(),
            errors_before: now.saturating_add_signed(change.sum()),
            segments: edition.segments().count(),
            failed: edition.failed(),
            errors: now,
            warnings: edition.count(Severity::Warning),
            notes: edition.count(Severity::Note),
        }
    }
}

#[derive(Debug, Serialize)]
struct UnitReport<'a> {
    #[serde(flatten)]
    place: Place,
    segments: &'a [EditionSegment],
    #[serde(skip_serializing_if = "<[Link]>::is_empty")]
    links_not_placed: &'a [Link],
    #[serde(skip_serializing_if = "<[Finding]>::is_empty")]
    findings: &'a [Finding],
}

#[derive(Debug, Serialize)]
struct Timings {
    engine_seconds: f64,
    editions: BTreeMap<String, f64>,
}

impl<'a> Report<'a> {
    /// The report on `set`.
    pub fn new(set: &'a EditionSet) -> Report<'a> {
        let a = &set.article;
        Report {
            schema: SCHEMA,
            edisi: env!("CARGO_PKG_VERSION"),
            article: Original {
                input: &a.input,
                url: a.url.as_deref(),
                title: a.title.as_deref(),
                language: set.source,
                main_language: a.main_language,
                machine_translated: a.machine_translated,
                revision: &set.revision,
                findings: &a.findings,
            },
            editions: set.editions.iter().map(edition).collect(),
            timings: Timings {
                engine_seconds: seconds(set.editions.iter().map(|e| e.engine_micros).sum()),
                editions: set
                    .editions
                    .iter()
                    .map(|e| (e.lang.to_string(), seconds(e.engine_micros)))
                    .collect(),
            },
        }
    }

    /// The report as indented JSON with a final newline.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("a report has a JSON form");
        json.push('\n');
        json
    }
}

fn edition(edition: &Edition) -> EditionReport<'_> {
    let units = edition.units.iter().map(|u| UnitReport {
        place: u.place,
        segments: &u.segments,
        links_not_placed: &u.lost_links,
        findings: &u.findings,
    });
    EditionReport {
        language: edition.lang,
        tier: edition.tier,
        route: &edition.route,
        detour: &edition.detour,
        glossaries: &edition.glossaries,
        counts: Counts::of(edition),
        units: units.collect(),
    }
}

fn seconds(micros: u64) -> f64 {
    (micros as f64 / 1e4).round() / 100.0
}
