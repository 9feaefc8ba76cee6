//! People, places and organisations that a translation lost, swapped or made up.
//!
//! The names of both sides ([`edisi_text::name`]) are looked for on the other side: as known names in any of their
//! forms, letter by letter between languages in Latin script, by their sound between scripts, by the word links.
//! Boosted trees weigh what is found for a name and what is not; they, and from which score on a name counts as lost,
//! are in `data/names`, fitted by the script beside them.

mod beside;
mod book;
mod consistent;
mod evidence;
mod gone;
mod model;
mod presence;

use std::collections::HashSet;
use std::ops::Range;

use edisi_article::{Finding, FindingKind, Fix, Severity};
use edisi_text::Lang;
use edisi_text::name::{Cue, Name, NameKind, gazetteer};

pub use book::{NameBook, NameBookError};
pub use consistent::consistent_names;
pub use evidence::FEATURES;
use evidence::{Evidence, Idle};
use presence::View;

use super::clause::Cover;
use super::length;
use super::segment::Segment;
use crate::gaps::{self, Weights};
use crate::lexicon::{Direction, Table};

/// Names of a side that are looked for: a sentence has fewer, and what is no sentence must not cost more.
const MOST: usize = 64;

/// How far below the limit a name may be that another one stands for.
const NEAR: f32 = -2.0;

/// A name that is little accounted for on the other side.
struct Lost<'a> {
    name: &'a Name,
    /// Bytes of its text: more than the name where the parts beside it are gone too.
    range: Range<usize>,
    /// By how much the log odds of its being absent exceed the limit.
    score: f32,
    /// Whether it counts as surely absent.
    sure: bool,
}

/// The names of one side with what the other side has of them.
struct Looked<'a> {
    own: &'a View<'a>,
    other: &'a View<'a>,
    all: Vec<Evidence<'a>>,
}

impl<'a> Looked<'a> {
    fn of(own: &'a View<'_>, other: &'a View<'_>) -> Looked<'a> {
        let all = own.scan.names.iter().take(MOST).map(|name| Evidence::of(name, own, other)).collect();
        Looked { own, other, all }
    }
}

/// What else bears on the names of a side.
#[derive(Clone, Copy)]
struct Setting<'a> {
    /// The names of both sides, its own first, that nothing answers to.
    idle: [&'a Idle; 2],
    /// How much longer the other side is than usual, in standard deviations.
    length: f32,
}

/// The names of both sides of a segment, the source's first, each with what else bears on them.
fn on_both_sides<R>(
    segment: &Segment<'_>,
    cover: &Cover,
    weights: [Option<&Weights>; 2],
    judge: impl FnOnce([(&Looked<'_>, Setting<'_>); 2]) -> R,
) -> R {
    let source = View::of(&segment.source, &cover.source, weights[0]);
    let target = View::of(&segment.target, &cover.target, weights[1]);
    let (here, there) = (Looked::of(&source, &target), Looked::of(&target, &source));
    let idle = [Idle::of(&here.all, &source), Idle::of(&there.all, &target)];
    let length = length::deviation(segment);
    let of_source = Setting { idle: [&idle[0], &idle[1]], length };
    let of_target = Setting { idle: [&idle[1], &idle[0]], length: -length };
    judge([(&here, of_source), (&there, of_target)])
}

/// Names of a side that are not on the other or nearly count so, one of each.
fn lost<'a>(looked: &'a Looked<'_>, setting: Setting<'_>, limits: model::Limits) -> Vec<Lost<'a>> {
    let (own, other) = (looked.own, looked.other);
    let mut out: Vec<Lost<'a>> = Vec::new();
    for one in &looked.all {
        let features = one.features(own, other, setting.idle, setting.length);
        let Some(score) = model::score(one.name, own, other.lang, &features) else { continue };
        let range = one.name.range.clone();
        let (score, sure) = (score - limits.lost, score > limits.sure);
        // News say the capital for the country.
        if score <= NEAR || one.best.kin {
            continue;
        }
        match out.last_mut().filter(|l| are_joined(own.text, &l.range, &range)) {
            Some(last) => {
                last.range.end = range.end;
                last.score = last.score.max(score);
                last.sure |= sure;
            }
            None => out.push(Lost { name: one.name, range, score, sure }),
        }
    }
    let mut said = HashSet::new();
    out.retain(|l| said.insert(&own.text[l.range.clone()]));
    out
}

/// Whether two names are parts of one: `Dewi Sartika`, `艾米·亚当斯`.
fn are_joined(text: &str, first: &Range<usize>, second: &Range<usize>) -> bool {
    matches!(text.get(first.end..second.start), Some("" | " " | "-" | "·" | "・" | "•" | "‧" | "＝" | "="))
}

/// A name as [`rows`] shows it, or a gap of the other side, where a name may be gone.
#[derive(Debug, Clone)]
pub struct Row {
    /// The group whose trees judge it.
    pub group: String,
    /// Whether it stands in the translation; whether a name of it may be gone from the source.
    pub in_target: bool,
    /// Bytes of its text.
    pub range: Range<usize>,
    /// How well it fits what fits best, 0 to 1.
    pub fit: f32,
    /// What the trees ask for.
    pub features: Vec<f32>,
}

/// The names of a pair of texts with what speaks for each being absent on the other side, with the links of `table`,
/// whose first language is the source's unless `backward`, and the gaps by the `weights` of both languages. For fitting
/// the trees.
pub fn rows(
    (source, target): (&str, &str),
    pair: (Lang, Lang),
    (table, backward): (&Table<'_>, bool),
    weights: [Option<&Weights>; 2],
) -> Vec<Row> {
    let segment = Segment::new(source, target, pair);
    let cover = Cover::by(&segment, Direction::new(table, usize::from(backward)));
    on_both_sides(&segment, &cover, weights, |sides| {
        let mut out = Vec::new();
        for (in_target, (looked, setting)) in [false, true].into_iter().zip(sides) {
            for one in looked.all.iter().filter(|one| !one.best.kin) {
                let Some(group) = model::group(one.name, looked.own, looked.other.lang) else { continue };
                out.push(Row {
                    group: group.join("-"),
                    in_target,
                    range: one.name.range.clone(),
                    fit: one.best.score(),
                    features: one.features(looked.own, looked.other, setting.idle, setting.length).to_vec(),
                });
            }
            for (gap, features) in gone::seen(looked, setting) {
                out.push(Row {
                    group: model::group_of_gaps(looked.other.lang),
                    in_target,
                    range: gap.at..gap.at,
                    fit: 0.0,
                    features: features.to_vec(),
                });
            }
        }
        out
    })
}

/// Whether one may stand where the other stood.
fn same_kind(a: NameKind, b: NameKind) -> bool {
    let group = |k: NameKind| if k.is_place() { NameKind::City } else { k };
    a == NameKind::Unknown || b == NameKind::Unknown || group(a) == group(b)
}

pub(super) fn check(segment: &Segment<'_>, cover: &Cover) -> Vec<Finding> {
    let (from, to) = (segment.source.lang, segment.target.lang);
    let (Some(of_source), Some(of_target)) = (model::limits(from, to), model::limits(to, from)) else {
        return Vec::new();
    };
    let weights = [from, to].map(gaps::weights);
    on_both_sides(segment, cover, weights, |[(here, of_here), (there, of_there)]| {
        let mut missing = lost(here, of_here, of_source);
        let added = lost(there, of_there, of_target);
        let mut findings = compared(&mut missing, added, here.own, there.own);
        let told = |f: &Finding| matches!(f.kind, FindingKind::NameMissing | FindingKind::NameChanged);
        if !findings.iter().any(told)
            && let Some(gone) = gone::find(here, of_here, of_source)
        {
            findings.push(gone.finding(&missing, here.own, there.own));
        }
        findings
    })
}

/// The findings for names lost by the source and added by the target; what is left in `missing` was not exchanged.
fn compared(
    missing: &mut Vec<Lost<'_>>,
    mut added: Vec<Lost<'_>>,
    source: &View<'_>,
    target: &View<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    // The surest first; each name is swapped for one other.
    missing.sort_by(|a, b| b.score.total_cmp(&a.score));
    added.sort_by(|a, b| b.score.total_cmp(&a.score));
    missing.retain(|was| {
        // A word such as `Embassy` is no other name unless it is lost by itself.
        let stands = |lost: &Lost<'_>| lost.name.cue != Cue::Common || lost.score > 0.0;
        let fits = |is: &Lost<'_>| {
            same_kind(was.name.kind, is.name.kind)
                && was.score.max(is.score) > 0.0
                && stands(was)
                && stands(is)
        };
        let Some(at) = added.iter().position(fits) else { return true };
        let is = added.remove(at);
        findings.push(changed((source, was), (target, &is)));
        false
    });
    findings.extend(missing.iter().filter(|l| l.score > 0.0).map(|l| {
        let name = &source.text[l.range.clone()];
        one_sided(FindingKind::NameMissing, format!("{name} is not in the translation."), name, l)
    }));
    findings.extend(added.iter().filter(|l| l.score > 0.0).map(|l| {
        let name = &target.text[l.range.clone()];
        one_sided(FindingKind::NameAdded, format!("{name} is not in the source."), name, l)
    }));
    findings
}

/// How sure a finding is whose score exceeds the limit by so much, 0.3 to 0.95: at the limit as likely wrong as right.
fn confidence(score: f32) -> f32 {
    (0.95 - 0.45 * (-score / 2.0).exp()).clamp(0.3, 0.95)
}

fn severity(sure: bool) -> Severity {
    if sure { Severity::Error } else { Severity::Warning }
}

fn changed((source, was): (&View<'_>, &Lost<'_>), (target, is): (&View<'_>, &Lost<'_>)) -> Finding {
    let sure = 1.0 - (1.0 - confidence(was.score)) * (1.0 - confidence(is.score));
    let (old, new) = (&source.text[was.range.clone()], &target.text[is.range.clone()]);
    let message = format!("The source names {old}, the translation {new}.");
    let mut finding = Finding::new(FindingKind::NameChanged, severity(was.sure || is.sure), message);
    finding.source = vec![was.range.clone().into()];
    finding.target = vec![is.range.clone().into()];
    finding.found = Some(new.to_owned());
    finding.confidence = Some(sure);
    let known = was.name.entries.first().filter(|_| was.range == was.name.range);
    let form = known.and_then(|e| gazetteer().entries[*e as usize].form(target.lang));
    finding.expected = Some(form.unwrap_or(old).to_owned());
    // In these languages a name stands as it is, whatever the sentence.
    if let Some(form) = form
        && sure >= 0.95
        && matches!(target.lang.code(), "id" | "en" | "zh" | "ja")
    {
        finding.fix = Some(Fix { span: is.range.clone().into(), text: form.to_owned() });
    }
    finding
}

fn one_sided(kind: FindingKind, message: String, name: &str, lost: &Lost<'_>) -> Finding {
    let mut finding = Finding::new(kind, severity(lost.sure), message);
    let range = lost.range.clone();
    if kind == FindingKind::NameMissing {
        finding.source = vec![range.into()];
        finding.expected = Some(name.to_owned());
    } else {
        finding.target = vec![range.into()];
        finding.found = Some(name.to_owned());
    }
    finding.confidence = Some(confidence(lost.score));
    finding
}
