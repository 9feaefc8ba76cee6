//! The time zone that a time of day is said in: `17.30 WIB` is not `17:30 UTC`.
//!
//! `data/zones` lists the zones by their names. Where the translation names one that the source does not, in place of one
//! of the source's, the hour has changed; where the source says nothing of any, the zone is made up.

use std::cell::OnceCell;
use std::ops::Range;

use edisi_article::{Finding, FindingKind, Severity, Span};
use edisi_text::number::{Number, NumberKind, numbers};

use super::phrases::{Affixes, ByLang, Phrases};
use super::segment::{Segment, Side};

/// Fits every zone.
const LOCAL: &str = "local";
/// Says that some zone is meant.
const WORD: &str = "word";
/// Bytes between a time of day and the abbreviation of its zone: `5:30 p.m. (WIB`.
const BESIDE: usize = 12;

static ZONES: ByLang<Name> = ByLang::new();

/// The names of zones in the language of this code.
fn names(lang: &str) -> Vec<(&'static str, Name)> {
    let (mut out, mut zone) = (Vec::new(), "");
    for line in include_str!("../../data/zones/zones.txt").lines().filter(|l| !l.is_empty()) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            zone = name;
        } else {
            let (of, list) = line.split_once(": ").expect("a language and its names");
            let named = list.split(',').map(str::trim).filter(|_| of == lang);
            out.extend(named.map(|name| (name, Name { zone, name })));
        }
    }
    out
}

fn phrases(lang: &'static str) -> Phrases<Name> {
    let before: &[&str] = if lang == "ar" { &["ب", "ال", "بال", "ل"] } else { &[] };
    Phrases::new(names(lang), Affixes { before, behind: &[] })
}

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

/// The zones that both sides of a segment name.
pub(super) struct Zones<'s> {
    segment: &'s Segment<'s>,
    source: Vec<Mention>,
    target: Vec<Mention>,
}

impl<'s> Zones<'s> {
    /// `None` where a side counts a zone from another.
    pub(super) fn of(segment: &'s Segment<'s>) -> Option<Zones<'s>> {
        Some(Zones { segment, source: mentions(&segment.source)?, target: mentions(&segment.target)? })
    }

    /// A zone that was changed or made up.
    pub(super) fn check(&self) -> Option<Finding> {
        let (source, target) = (&self.segment.source, &self.segment.target);
        let (ours, theirs) = (&self.source, &self.target);
        let is_zone = |m: &&Mention| m.zone != LOCAL && m.zone != WORD;
        let there = theirs.iter().filter(is_zone).find(|m| !has(ours, m.zone))?;
        let found = &target.text[there.range.clone()];
        let (kind, severity, here, message, confidence);
        if ours.is_empty() {
            // Without a time the zone is a part of something else.
            let time = times(source).into_iter().next()?;
            message = format!("The source does not say that {} is {found}.", time.raw);
            (kind, severity, confidence) = (FindingKind::TimeAdded, Severity::Warning, 0.8);
            here = time.span;
        } else {
            if has(ours, LOCAL) || has(theirs, LOCAL) {
                return None;
            }
            here = ours.iter().filter(is_zone).find(|m| !has(theirs, m.zone))?.range.clone();
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

    /// Whether `finding` misses or adds words of the name of a zone that both sides have, which may be a word here and
    /// three there, with a place in it.
    pub(super) fn explains(&self, finding: &Finding) -> bool {
        let (spans, names, others) = match finding.kind {
            FindingKind::NameAdded | FindingKind::ClauseAdded => {
                (&finding.target, &self.target, &self.source)
            }
            FindingKind::NameMissing | FindingKind::ClauseMissing => {
                (&finding.source, &self.source, &self.target)
            }
            _ => return false,
        };
        let within = |span: &Span| {
            let shared = names.iter().filter(|m| m.zone != WORD && has(others, m.zone));
            let common =
                |m: &Mention| span.end.min(m.range.end).saturating_sub(span.start.max(m.range.start));
            shared.map(common).sum::<usize>() * 2 > span.end - span.start
        };
        !spans.is_empty() && spans.iter().all(within)
    }
}

fn has(mentions: &[Mention], zone: &str) -> bool {
    mentions.iter().any(|m| m.zone == zone)
}

/// The zones of a text; `None` where one is counted from another (`GMT+7`), which may be any.
fn mentions(side: &Side<'_>) -> Option<Vec<Mention>> {
    let Some(zones) = ZONES.get(side.lang, phrases) else { return Some(Vec::new()) };
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
    use std::collections::BTreeSet;

    use super::super::phrases::LANGS;
    use super::*;

    #[test]
    fn every_zone_is_listed() {
        let zones = |lang: &&str| names(lang).into_iter().map(|(_, name)| name.zone).collect::<BTreeSet<_>>();
        let all: Vec<BTreeSet<&str>> = LANGS.iter().map(zones).collect();
        assert_eq!(all.len(), 6);
        assert!(!all[0].is_empty() && all.iter().all(|zones| *zones == all[0]), "{all:?}");
    }
}
