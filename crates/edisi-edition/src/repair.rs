//! Second tries for sentences that the checks find wrong, and which of them is best.
//!
//! A sentence with a warning is looked for among the other hypotheses of the engine's search, which cost nothing. For one
//! that failed, or that has a finding of severity error, come after these, one after the other, until a try has no
//! error: the same route with the numbers and names that were lost demanded of an engine that takes or reads terms; two
//! halves on the same route; and the other route (through English instead of directly, or the other way round), if the
//! sentence failed or another engine is on it. The first try stays unless another has a lower [`penalty`]. Every try goes
//! through the cache, and nothing depends on time or order, so the same article gives the same edition.

use std::ops::Range;

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::Lang;
use edisi_text::name::{Name, Scan, is_ordinary};
use edisi_text::script::Script;
use serde::{Deserialize, Serialize};

use crate::clauses;
use crate::pipeline::Made;
use crate::translator::{Draft, FinishReason, Pair, Wanted};

/// A way a sentence was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Way {
    /// On the edition's own route.
    Route,
    /// Another hypothesis of the same search.
    Hypothesis,
    /// On the edition's own route, with numbers and names that were lost demanded of the engine.
    Demanded,
    /// On the other route.
    Detour,
    /// In two halves.
    Halves,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// How.
    pub way: Way,
    /// What came of it.
    pub text: String,
    /// How bad the checks find it; see [`penalty`].
    pub penalty: f32,
}

/// What was done about a sentence that the checks found wrong or doubtful.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repair {
    /// The try that stands in the edition.
    pub chosen: Way,
    /// All tries, the first one on the edition's own route.
    pub attempts: Vec<Attempt>,
    /// What the checks noticed in the first try.
    pub before: Vec<Finding>,
}

/// How bad a translation is: 1000 when it cannot stand at all; else 100 for every error, 10 for every warning and 1
/// for every note, each times how sure the finding is (0.8 where it does not say).
pub fn penalty(failed: bool, findings: &[Finding]) -> f32 {
    if failed {
        return 1000.0;
    }
    let weigh = |f: &Finding| {
        let weight = match f.severity {
            Severity::Error => 100.0,
            Severity::Warning => 10.0,
            Severity::Note => 1.0,
        };
        weight * f.confidence.unwrap_or(0.8)
    };
    findings.iter().map(weigh).sum()
}

/// A judged try.
pub(crate) struct Tried {
    pub way: Way,
    pub made: Made,
}

impl Tried {
    pub fn penalty(&self) -> f32 {
        penalty(self.made.draft.failed.is_some(), &self.made.findings)
    }

    /// Whether it needs another try.
    pub fn is_wrong(&self) -> bool {
        self.made.draft.failed.is_some() || self.made.findings.iter().any(|f| f.severity == Severity::Error)
    }

    /// Whether another hypothesis may be better.
    pub fn is_doubtful(&self) -> bool {
        self.is_wrong() || self.made.findings.iter().any(|f| f.severity == Severity::Warning)
    }
}

/// The best of the tries, the earliest of equals, with the time of all of them and a record of what was tried, unless
/// the first one stands and had no error.
///
/// # Panics
/// Without any try.
pub(crate) fn choose(tried: Vec<Tried>) -> Made {
    let attempts: Vec<Attempt> = tried
        .iter()
        .map(|t| Attempt { way: t.way, text: t.made.draft.text.clone(), penalty: t.penalty() })
        .collect();
    let (micros, fresh) = (tried.iter().map(|t| t.made.micros).sum(), tried.iter().any(|t| t.made.fresh));
    let (before, was_wrong) = (tried[0].made.findings.clone(), tried[0].is_wrong());
    let best = tried.into_iter().reduce(|a, b| if b.penalty() < a.penalty() { b } else { a }).expect("a try");
    let detour = best.way == Way::Detour;
    let changed = attempts.len() > 1 && (was_wrong || best.way != Way::Route);
    let repair = changed.then(|| Box::new(Repair { chosen: best.way, attempts, before }));
    Made { detour, micros, fresh, repair, ..best.made }
}

/// The translation of a sentence from those of its halves.
pub(crate) fn join(first: &Made, second: &Made, lang: Lang) -> Made {
    let halves = [first.draft.clone(), second.draft.clone()];
    let draft =
        Draft { finish: FinishReason::Stop, alternatives: Vec::new(), ..clauses::joined(&halves, lang) };
    Made { micros: first.micros + second.micros, fresh: first.fresh || second.fresh, ..Made::of(draft) }
}

/// What to demand of an engine that takes terms, where the checks say that a number or name of `source` was lost: the
/// form that it must have in the target language, for each place of the source that has only one such form.
pub(crate) fn demands(source: &str, findings: &[Finding], pair: Pair) -> Vec<Wanted> {
    let numbers = edisi_text::number::numbers(source, pair.source);
    let names = edisi_text::name::scan(source, pair.source);
    let form = |finding: &Finding| match finding.kind {
        FindingKind::NumberMissing | FindingKind::TimeMissing => {
            let number = numbers.iter().find(|n| finding.source.first() == Some(&n.span.clone().into()))?;
            match number.clock {
                Some(time) => Some(edisi_text::number::write_time(time, pair.target)),
                None => edisi_text::number::write(number.value, number, pair.target),
            }
        }
        FindingKind::NameBook => finding.expected.clone(),
        FindingKind::NameMissing | FindingKind::NameChanged => {
            let span = finding.source.first()?;
            name_form(source, &names, span.start..span.end, pair)
        }
        _ => None,
    };
    let mut demands: Vec<Wanted> = findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .filter_map(|f| Some(Wanted { source: *f.source.first()?, target: form(f)? }))
        .collect();
    demands.sort_by_key(|w| w.source.start);
    demands.dedup_by(|next, kept| next.source.start < kept.source.end);
    demands
}

/// How the name at `range` of `source` is surely written in the target language: in its known form, or, between languages
/// with Latin letters, as it is, where none of its words is an ordinary word that would be translated.
fn name_form(source: &str, scan: &Scan, range: Range<usize>, pair: Pair) -> Option<String> {
    let inside = |part: &Range<usize>| range.start <= part.start && part.end <= range.end;
    let parts: Vec<&Name> = scan.names.iter().filter(|n| inside(&n.range)).collect();
    if let [name] = parts[..]
        && !name.entries.is_empty()
    {
        return name.known_form(pair.target).map(str::to_owned);
    }
    let latin = |lang: Lang| edisi_text::expected_scripts(lang).contains(&Script::Latin);
    let mut words = scan.words.iter().filter(|w| inside(&w.range));
    let kept = latin(pair.source)
        && latin(pair.target)
        && !parts.is_empty()
        && parts.iter().all(|n| n.entries.is_empty() && !n.kind.is_translated())
        && !words.any(|w| is_ordinary(&w.key, pair.source));
    kept.then(|| source[range].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use edisi_article::FindingKind;

    #[test]
    fn an_error_weighs_more_than_any_few_warnings() {
        let finding = |severity| Finding::new(FindingKind::NumberMissing, severity, "");
        let warnings = vec![finding(Severity::Warning); 5];
        assert!(penalty(false, &[finding(Severity::Error)]) > penalty(false, &warnings));
        assert!(penalty(true, &[]) > penalty(false, &[finding(Severity::Error)]));
        assert_eq!(penalty(false, &[]), 0.0);
    }

    #[test]
    fn what_was_lost_is_demanded_as_the_target_writes_it() {
        let source = "Sebanyak 9.900 warga Brebes mengungsi.";
        let pair = Pair::new(Lang::ID, Lang::EN);
        let lost = |kind, range: std::ops::Range<usize>, severity| {
            let mut finding = Finding::new(kind, severity, "");
            finding.expected = Some(source[range.clone()].to_owned());
            finding.source = vec![range.into()];
            finding
        };
        let (number, name) = (9..14, 21..27);
        assert_eq!((&source[number.clone()], &source[name.clone()]), ("9.900", "Brebes"));
        let findings = [
            lost(FindingKind::NameMissing, name.clone(), Severity::Error),
            lost(FindingKind::NumberMissing, number, Severity::Error),
        ];
        let found = demands(source, &findings, pair);
        assert_eq!(found.iter().map(|w| w.target.as_str()).collect::<Vec<_>>(), ["9,900", "Brebes"]);
        assert_eq!(
            demands(source, &findings, Pair::new(Lang::ID, Lang::JA)).len(),
            1,
            "a name in another script"
        );
        let unsure = [lost(FindingKind::NameMissing, name, Severity::Warning)];
        assert_eq!(demands(source, &unsure, pair), []);
    }

    #[test]
    fn names_are_demanded_in_the_form_of_the_target_or_not_at_all() {
        let source = "Officials of Germany met Anindya Saraswati.";
        let lost = |name: &str| {
            let start = source.find(name).unwrap();
            let mut finding = Finding::new(FindingKind::NameMissing, Severity::Error, "");
            finding.expected = Some(name.to_owned());
            finding.source = vec![(start..start + name.len()).into()];
            finding
        };
        let findings = [lost("Germany"), lost("Anindya Saraswati")];
        let forms = |to| -> Vec<String> {
            demands(source, &findings, Pair::new(Lang::EN, to)).into_iter().map(|w| w.target).collect()
        };
        assert_eq!(forms(Lang::ID), ["Jerman", "Anindya Saraswati"]);
        assert_eq!(forms(Lang::PT), ["Anindya Saraswati"], "no Portuguese form is known");
    }
}
