//! House style that needs more than one sentence or a list: glossary terms, and the same words for the same thing.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use edisi_article::{Finding, FindingKind, Fix, Severity, Term};
use edisi_text::Lang;
use edisi_text::script::is_dense;

/// The terms of a pair of languages, ready to be looked for.
///
/// Built once per glossary and pair; a look-up takes one pass over each text, however many terms there are.
#[derive(Debug)]
pub struct Glossary {
    entries: Vec<Entry>,
    source: Option<Forms>,
    target: Option<Forms>,
}

/// A term as this pair sees it.
#[derive(Debug)]
struct Entry {
    id: String,
    /// Forms that may stand in the translation; the preferred one first.
    wanted: Vec<String>,
    keep: bool,
}

/// What a form means on its side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Term,
    Forbidden,
}

/// All forms of one side.
#[derive(Debug)]
struct Forms {
    matcher: AhoCorasick,
    /// What the matcher's patterns are, in its order.
    patterns: Vec<Pattern>,
}

/// A form and the entries it belongs to.
#[derive(Debug)]
struct Pattern {
    text: String,
    of: Vec<(usize, Role)>,
    /// Whether case matters.
    exact: bool,
}

/// A form found in a text.
struct Hit {
    entry: usize,
    role: Role,
    range: Range<usize>,
}

/// Why a glossary cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the glossary has more text than can be searched at once ({0}); split it by section")]
pub struct GlossaryError(#[from] aho_corasick::BuildError);

/// A term that a text speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Its bytes in the source.
    pub source: Range<usize>,
    /// What the glossary wants for it: the preferred form, or the source's own words where they are to stay.
    pub target: String,
}

impl Glossary {
    /// The terms that say something of the pair, for a section of the site (`None` for terms of all sections only).
    ///
    /// # Errors
    /// When there are more forms than a search machine can hold (gigabytes of text).
    pub fn new(terms: &[Term], pair: (Lang, Lang), section: Option<&str>) -> Result<Glossary, GlossaryError> {
        let mut entries = Vec::new();
        let mut source: BTreeMap<(&str, bool), Vec<(usize, Role)>> = BTreeMap::new();
        let mut target: BTreeMap<(&str, bool), Vec<(usize, Role)>> = BTreeMap::new();
        let here =
            |t: &&Term| t.sections.is_empty() || t.sections.iter().any(|s| Some(s.as_str()) == section);
        for term in terms.iter().filter(here) {
            let (from, to) = (term.name(pair.0), term.name(pair.1));
            let Some(from) = from.or_else(|| term.names.first().filter(|_| term.keep)) else { continue };
            if to.is_none() && !term.keep {
                continue;
            }
            let entry = entries.len();
            for form in said(&from.forms) {
                source.entry((form, from.case_sensitive || term.keep)).or_default().push((entry, Role::Term));
            }
            let mut wanted: Vec<String> = Vec::new();
            if let Some(to) = to {
                wanted.extend(said(&to.forms).map(str::to_owned));
                for form in said(&to.forms) {
                    target.entry((form, to.case_sensitive)).or_default().push((entry, Role::Term));
                }
                for form in said(&to.forbidden) {
                    target.entry((form, to.case_sensitive)).or_default().push((entry, Role::Forbidden));
                }
            }
            entries.push(Entry { id: term.id.clone(), wanted, keep: term.keep });
        }
        Ok(Glossary { entries, source: Forms::new(source)?, target: Forms::new(target)? })
    }

    /// How many terms the pair has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the pair has no terms.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The terms that `source` speaks of and what the glossary wants for them, in order and without overlaps.
    pub fn mentions(&self, source: &str) -> Vec<Mention> {
        let mut out: Vec<Mention> = Vec::new();
        for Hit { entry, range, .. } in find(&self.source, source) {
            let entry = &self.entries[entry];
            let word = &source[range.clone()];
            let wanted = if entry.keep { Some(word) } else { entry.wanted.first().map(String::as_str) };
            let Some(target) = wanted.filter(|_| out.last().is_none_or(|m| m.source.end <= range.start))
            else {
                continue;
            };
            out.push(Mention { target: target.to_owned(), source: range });
        }
        out
    }

    /// What in `translation` is against the glossary: forbidden forms, terms without any of their forms, and words that
    /// should have stayed as they are. Spans are byte ranges into the two texts.
    pub fn check(&self, source: &str, translation: &str) -> Vec<Finding> {
        let terms = find(&self.source, source);
        let there = find(&self.target, translation);
        let mut out = Vec::new();
        let mut told = HashSet::new();
        for term in &terms {
            let entry = &self.entries[term.entry];
            if !told.insert(term.entry) {
                continue;
            }
            let word = &source[term.range.clone()];
            let of = |role| there.iter().filter(move |h| h.entry == term.entry && h.role == role);
            for bad in of(Role::Forbidden) {
                out.push(forbidden(entry, term, bad, translation));
            }
            let kept = entry.keep && translation.contains(word);
            if kept || of(Role::Term).next().is_some() || of(Role::Forbidden).next().is_some() {
                continue;
            }
            let (kind, message, expected) = match entry.wanted.first() {
                _ if entry.keep => {
                    let message = format!("`{word}` must stay as it is.");
                    (FindingKind::TermTranslated, message, word)
                }
                Some(form) => {
                    let message = format!("The glossary translates `{word}` as `{form}` ({}).", entry.id);
                    (FindingKind::TermMissing, message, form.as_str())
                }
                None => continue,
            };
            let mut finding = Finding::new(kind, Severity::Warning, message);
            finding.source = vec![term.range.clone().into()];
            finding.target = vec![(0..translation.len()).into()];
            finding.expected = Some(expected.to_owned());
            finding.confidence = Some(0.9);
            out.push(finding);
        }
        out
    }
}

/// The forms that say something.
fn said(forms: &[String]) -> impl Iterator<Item = &str> {
    forms.iter().map(String::as_str).filter(|form| !form.trim().is_empty())
}

fn forbidden(entry: &Entry, term: &Hit, bad: &Hit, translation: &str) -> Finding {
    let found = &translation[bad.range.clone()];
    let message = format!("The glossary forbids `{found}` here ({}).", entry.id);
    let mut finding = Finding::new(FindingKind::TermForbidden, Severity::Warning, message);
    finding.source = vec![term.range.clone().into()];
    finding.target = vec![bad.range.clone().into()];
    finding.found = Some(found.to_owned());
    finding.expected = entry.wanted.first().cloned();
    finding.confidence = Some(0.95);
    // One form may stand: nothing to choose, and nothing to inflect.
    if let [only] = &entry.wanted[..] {
        finding.fix = Some(Fix { span: bad.range.clone().into(), text: only.clone() });
    }
    finding
}

impl Forms {
    fn new(forms: BTreeMap<(&str, bool), Vec<(usize, Role)>>) -> Result<Option<Forms>, GlossaryError> {
        if forms.is_empty() {
            return Ok(None);
        }
        let pattern = |((text, exact), of): ((&str, bool), _)| Pattern { text: text.to_owned(), of, exact };
        let patterns: Vec<Pattern> = forms.into_iter().map(pattern).collect();
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(patterns.iter().map(|p| &p.text))?;
        Ok(Some(Forms { matcher, patterns }))
    }
}

/// Every form that stands in `text` as words of its own, longer ones before those inside them.
fn find(forms: &Option<Forms>, text: &str) -> Vec<Hit> {
    let Some(forms) = forms else { return Vec::new() };
    let mut found: Vec<(Range<usize>, usize)> = forms
        .matcher
        .find_overlapping_iter(text)
        .map(|m| (m.range(), m.pattern().as_usize()))
        .filter(|(range, p)| {
            let pattern = &forms.patterns[*p];
            (!pattern.exact || text[range.clone()] == pattern.text) && is_word(text, range)
        })
        .collect();
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    // A form inside a longer one is part of that; the same words may belong to several entries.
    let mut whole = 0..0;
    found.retain(|(range, _)| {
        let inside = range.end <= whole.end && *range != whole;
        if !inside {
            whole = range.clone();
        }
        !inside
    });
    let hits = found.into_iter().flat_map(|(range, p)| {
        let of = &forms.patterns[p].of;
        of.iter().map(move |(entry, role)| Hit { entry: *entry, role: *role, range: range.clone() })
    });
    hits.collect()
}

/// Whether no letter of a spaced script goes on where the range begins or ends.
fn is_word(text: &str, range: &Range<usize>) -> bool {
    let letter = |c: char| c.is_alphanumeric() && !is_dense(c);
    let inner = &text[range.clone()];
    let opens = inner.chars().next().is_some_and(letter)
        && text[..range.start].chars().next_back().is_some_and(letter);
    let closes =
        inner.chars().next_back().is_some_and(letter) && text[range.end..].chars().next().is_some_and(letter);
    !opens && !closes
}

/// Sentences of one article that are equal in the source and differ in the translation, later against first.
///
/// `segments` are the sentences with their translations, in reading order. The result names the index of the later
/// one; spans are byte ranges into its two texts. Takes time linear in the text.
pub fn consistency(segments: &[(&str, &str)]) -> Vec<(usize, Finding)> {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut out = Vec::new();
    for (at, (source, translation)) in segments.iter().enumerate() {
        if source.trim().is_empty() || translation.trim().is_empty() {
            continue;
        }
        let before = *first.entry(plain(source)).or_insert(translation);
        if plain(before) != plain(translation) {
            let message = format!("The same words were translated as `{before}` before.");
            let mut finding = Finding::new(FindingKind::InconsistentWording, Severity::Warning, message);
            finding.source = vec![(0..source.len()).into()];
            finding.target = vec![(0..translation.len()).into()];
            finding.expected = Some(before.to_owned());
            finding.found = Some((*translation).to_owned());
            finding.confidence = Some(0.7);
            out.push((at, finding));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use edisi_article::TermName;

    fn name(lang: Lang, forms: &[&str], forbidden: &[&str]) -> TermName {
        let own = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        TermName { lang, forms: own(forms), forbidden: own(forbidden), case_sensitive: false }
    }

    fn terms() -> Vec<Term> {
        vec![
            Term {
                id: "DPR".into(),
                names: vec![
                    name(Lang::ID, &["DPR", "Dewan Perwakilan Rakyat"], &[]),
                    name(Lang::EN, &["House of Representatives", "the House"], &["parliament"]),
                    name(Lang::ZH, &["国会"], &["议会"]),
                ],
                ..Term::default()
            },
            Term {
                id: "GoRide".into(),
                names: vec![name(Lang::ID, &["GoRide"], &[])],
                keep: true,
                ..Term::default()
            },
        ]
    }

    fn kinds(source: &str, translation: &str, to: Lang) -> Vec<(FindingKind, Option<String>)> {
        let terms = terms();
        let glossary = Glossary::new(&terms, (Lang::ID, to), None).unwrap();
        let found = glossary.check(source, translation);
        found.into_iter().map(|f| (f.kind, f.fix.map(|f| f.text))).collect()
    }

    #[test]
    fn terms_are_required_forbidden_and_kept() {
        let source = "Anggota DPR naik GoRide ke kantor DPR.";
        assert_eq!(kinds(source, "Members of the House took GoRide to work.", Lang::EN), []);
        assert_eq!(
            kinds(source, "Members of Parliament took a motorbike taxi.", Lang::EN),
            [(FindingKind::TermForbidden, None), (FindingKind::TermTranslated, None)]
        );
        assert_eq!(
            kinds(source, "Members took GoRide to work.", Lang::EN),
            [(FindingKind::TermMissing, None)]
        );
        assert_eq!(
            kinds("Sidang DPR ditunda.", "议会会议推迟。", Lang::ZH),
            [(FindingKind::TermForbidden, Some("国会".into()))]
        );
        // No entry for the language, and a word that only contains a form.
        assert_eq!(kinds("Sidang DPR ditunda.", "La séance est reportée.", Lang::FR), []);
        assert_eq!(kinds("DPRD bersidang.", "The council met.", Lang::EN), []);
    }

    #[test]
    fn mentions_are_for_engines() {
        let mut terms = terms();
        terms.push(Term {
            names: vec![name(Lang::ID, &["Rakyat"], &[]), name(Lang::EN, &["people"], &[])],
            ..Term::default()
        });
        let glossary = Glossary::new(&terms, (Lang::ID, Lang::EN), None).unwrap();
        let source = "Dewan Perwakilan Rakyat naik GoRide, kata rakyat DPRD.";
        let found = glossary.mentions(source);
        let shown: Vec<_> = found.iter().map(|m| (&source[m.source.clone()], m.target.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("Dewan Perwakilan Rakyat", "House of Representatives"),
                ("GoRide", "GoRide"),
                ("rakyat", "people")
            ]
        );
    }

    #[test]
    fn terms_of_another_section_are_left_aside() {
        let mut terms = terms();
        terms[0].sections = vec!["politik".into()];
        let count = |section| Glossary::new(&terms, (Lang::ID, Lang::EN), section).unwrap().len();
        assert_eq!((count(None), count(Some("politik")), count(Some("olahraga"))), (1, 2, 1));
    }

    #[test]
    fn equal_sentences_are_translated_alike() {
        let found =
            consistency(&[("Harga naik.", "Prices rise."), ("x", "y"), ("harga  naik.", "The price is up.")]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0, found[0].1.expected.as_deref()), (2, Some("Prices rise.")));
        assert!(consistency(&[("Harga naik.", "Prices rise."), ("Harga naik.", "prices rise.")]).is_empty());
    }
}
