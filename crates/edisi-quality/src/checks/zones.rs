//! The time zone that a time of day is said in: `17.30 WIB` is not `17:30 UTC`.
//!
//! `data/zones` lists the zones by their names. Where both sides name zones and have none in common, the hour has
//! changed; where only the translation names one, and the source says nothing of any, the zone is made up.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use edisi_article::{Finding, FindingKind, Severity, Span};
use edisi_text::number::{Number, NumberKind, numbers};

use super::phrases::{Affixes, Phrases};
use super::segment::{Segment, Side};

/// Fits every zone.
const LOCAL: &str = "local";
/// Says that some zone is meant.
const WORD: &str = "word";
/// Bytes between a time of day and the abbreviation of its zone: `5:30 p.m. (WIB`.
const BESIDE: usize = 12;

/// The zones of each language, by their names.
static ZONES: LazyLock<HashMap<&'static str, Phrases<Name>>> = LazyLock::new(|| {
    let mut names: HashMap<&str, Vec<(&str, Name)>> = HashMap::new();
    let mut zone = "";
    for line in include_str!("../../data/zones/zones.txt").lines().filter(|l| !l.is_empty()) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            zone = name;
        } else {
            let (lang, list) = line.split_once(": ").expect("a language and its names");
            let named = list.split(',').map(str::trim);
            names.entry(lang).or_default().extend(named.map(|name| (name, Name { zone, name })));
        }
    }
    let affixes = |lang| Affixes {
        before: if lang == "ar" { &["ب", "ال", "بال", "ل"] } else { &[] },
        behind: &[],
    };
    names.into_iter().map(|(lang, list)| (lang, Phrases::new(list, affixes(lang)))).collect()
});

#[derive(Debug, Clone, Copy)]
struct Name {
    zone: &'static str,
    name: &'static str,
}

/// A zone named in a text.
struct Mention {
    zone: &'static str,
    range: Range<usize>,
}

pub(super) fn check(segment: &Segment<'_>) -> Option<Finding> {
    let (source, target) = (&segment.source, &segment.target);
    let (ours, theirs) = (mentions(source)?, mentions(target)?);
    let has = |list: &[Mention], zone: &str| list.iter().any(|m| m.zone == zone);
    let is_zone = |m: &&Mention| m.zone != LOCAL && m.zone != WORD;
    let there = theirs.iter().filter(is_zone).find(|m| !has(&ours, m.zone))?;
    let found = &target.text[there.range.clone()];
    let (kind, severity, here, message, confidence);
    if ours.is_empty() {
        // Without a time the zone is a part of something else.
        let time = times(source).into_iter().next()?;
        message = format!("The source does not say that {} is {found}.", time.raw);
        (kind, severity, confidence) = (FindingKind::TimeAdded, Severity::Warning, 0.8);
        here = time.span;
    } else {
        if has(&ours, LOCAL) || has(&theirs, LOCAL) {
            return None;
        }
        here = ours.iter().filter(is_zone).find(|m| !has(&theirs, m.zone))?.range.clone();
        let expected = &source.text[here.clone()];
        message = format!("The source gives the time in {expected}, the translation in {found}.");
        (kind, severity, confidence) = (FindingKind::TimeMissing, Severity::Error, 0.9);
    }
    let mut finding = Finding::new(kind, severity, message);
    finding.expected = (kind == FindingKind::TimeMissing).then(|| source.text[here.clone()].to_owned());
    finding.source = vec![here.into()];
    finding.target = vec![there.range.clone().into()];
    finding.found = Some(found.to_owned());
    finding.confidence = Some(confidence);
    Some(finding)
}

/// The places of a segment where both sides name the same zone.
#[derive(Default)]
pub(super) struct Shared {
    source: Vec<Range<usize>>,
    target: Vec<Range<usize>>,
}

impl Shared {
    pub(super) fn of(segment: &Segment<'_>) -> Shared {
        let Some((ours, theirs)) = mentions(&segment.source).zip(mentions(&segment.target)) else {
            return Shared::default();
        };
        let common = |list: &[Mention], other: &[Mention]| {
            let known = list.iter().filter(|m| m.zone != WORD && other.iter().any(|o| o.zone == m.zone));
            known.map(|m| m.range.clone()).collect()
        };
        Shared { source: common(&ours, &theirs), target: common(&theirs, &ours) }
    }

    /// Whether `finding` misses or adds words of such a name, which may be a word here and three there, with a place in
    /// it.
    pub(super) fn explains(&self, finding: &Finding) -> bool {
        let (spans, names) = match finding.kind {
            FindingKind::NameAdded | FindingKind::ClauseAdded => (&finding.target, &self.target),
            FindingKind::NameMissing | FindingKind::ClauseMissing => (&finding.source, &self.source),
            _ => return false,
        };
        let within = |span: &Span| {
            let common =
                |name: &Range<usize>| span.end.min(name.end).saturating_sub(span.start.max(name.start));
            names.iter().map(common).sum::<usize>() * 2 > span.end - span.start
        };
        !spans.is_empty() && spans.iter().all(within)
    }
}

/// The zones of a text; `None` where one is counted from another (`GMT+7`), which may be any.
fn mentions(side: &Side<'_>) -> Option<Vec<Mention>> {
    let Some(zones) = ZONES.get(side.lang.code()) else { return Some(Vec::new()) };
    let found = zones.find(side.text);
    if found.is_empty() {
        return Some(Vec::new());
    }
    let times = OnceCell::new();
    let follows = |at: usize| {
        let times = times.get_or_init(|| self::times(side));
        times.iter().any(|t| t.span.end <= at && at - t.span.end <= BESIDE)
    };
    let mut out = Vec::new();
    for (range, names) in found {
        let written = &side.text[range.clone()];
        for Name { zone, name } in names {
            let short = name.chars().all(|c| c.is_ascii_uppercase());
            if short && (written != *name || !follows(range.start)) {
                continue;
            }
            if side.text[range.end..].trim_start().starts_with(['+', '-', '−']) && *zone == "UTC" {
                return None;
            }
            out.push(Mention { zone, range: range.clone() });
        }
    }
    Some(out)
}

fn times(side: &Side<'_>) -> Vec<Number> {
    let mut found = numbers(side.text, side.lang);
    found.retain(|n| n.kind == NumberKind::Time);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_listed() {
        assert_eq!(ZONES.len(), 6);
    }
}
