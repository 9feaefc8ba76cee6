//! Words by what they say, in lists of senses that `data/opposites` and `data/qualifiers` hold.
//!
//! A list has groups, `[rising | falling] error`: the senses, and the severity of a finding about them; `number`
//! behind it says that the words count only beside a number. A group has a line for each language, its words by
//! sense: `en: rise, rises | fall, falls, (down)`. A word in brackets may say other things as well: that it stands
//! somewhere shows nothing, but it answers for a word of the other side.

use std::ops::Range;

use edisi_article::Severity;
use edisi_text::Lang;

use super::clause::Cover;
use super::phrases::{Affixes, ByLang, Phrases};
use super::segment::{Segment, Side};

/// Evidence, in nats, that a word is answered on the other side, from which on it counts as answered.
const ANSWERED: f32 = 3.5;

/// What a word says: a group of a list, a sense of it, and whether the word has no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sense {
    group: usize,
    sense: usize,
    sure: bool,
}

/// Senses that belong together, and the words for them.
pub(super) struct Group {
    /// For people: *rising*, *falling*.
    pub names: Vec<&'static str>,
    /// Of a finding about them.
    pub severity: Severity,
    /// Whether the words count only beside a number.
    pub of_number: bool,
    /// Languages and, for each sense, the words.
    words: Vec<(&'static str, Vec<Vec<&'static str>>)>,
}

/// A list and the means to find its words.
pub(super) struct Senses {
    pub groups: Vec<Group>,
    words: ByLang<Sense>,
}

impl Senses {
    /// Reads a list that is part of the program.
    pub(super) fn read(list: &'static str) -> Senses {
        let mut groups: Vec<Group> = Vec::new();
        for line in list.lines().filter(|l| !l.is_empty()) {
            if let Some((names, severity)) = line.strip_prefix('[').and_then(|l| l.split_once("] ")) {
                let names = names.split('|').map(str::trim).collect();
                let (severity, of_number) = match severity {
                    "error" => (Severity::Error, false),
                    "warning" => (Severity::Warning, false),
                    "note" => (Severity::Note, false),
                    "warning number" => (Severity::Warning, true),
                    other => panic!("`{other}` says nothing of a group"),
                };
                groups.push(Group { names, severity, of_number, words: Vec::new() });
            } else {
                let (lang, words) = line.split_once(": ").expect("a language and its words");
                let senses = words.split(" | ").map(|sense| sense.split(',').map(str::trim).collect());
                groups
                    .last_mut()
                    .expect("a group begins with its senses")
                    .words
                    .push((lang, senses.collect()));
            }
        }
        Senses { groups, words: ByLang::new() }
    }

    /// What both sides of `segment` say; nothing for languages without words.
    pub(super) fn said(&self, segment: &Segment<'_>, cover: &Cover) -> Option<(Said, Said)> {
        let of = |lang: Lang| self.words.get(lang, |code| phrases(code, &self.groups));
        let (here, there) = (of(segment.source.lang)?, of(segment.target.lang)?);
        Some((
            Said::of(&segment.source, here, &cover.source),
            Said::of(&segment.target, there, &cover.target),
        ))
    }
}

/// Articles, prepositions and conjunctions.
const ARABIC_BEFORE: &[&str] =
    &["ال", "و", "ف", "ب", "ل", "ك", "س", "لل", "وال", "فال", "بال", "كال", "ول", "وب", "وس", "ولل", "وبال"];
const INDONESIAN_BEHIND: &[&str] = &["nya", "lah", "kah", "pun"];

fn phrases(lang: &'static str, groups: &[Group]) -> Phrases<Sense> {
    let mut all = Vec::new();
    for (group, entry) in groups.iter().enumerate() {
        for (_, senses) in entry.words.iter().filter(|w| w.0 == lang) {
            for (sense, words) in senses.iter().enumerate() {
                all.extend(words.iter().map(|word| {
                    let inner = word.strip_prefix('(').and_then(|w| w.strip_suffix(')'));
                    (inner.unwrap_or(word), Sense { group, sense, sure: inner.is_none() })
                }));
            }
        }
    }
    let none: &[&str] = &[];
    let (before, behind) = match lang {
        "ar" => (ARABIC_BEFORE, none),
        "id" => (none, INDONESIAN_BEHIND),
        _ => (none, none),
    };
    Phrases::new(all, Affixes { before, behind })
}

/// A word of a list in a text.
struct Hit {
    range: Range<usize>,
    sense: Sense,
    /// Whether the word links find it on the other side.
    answered: bool,
}

/// What a side says.
pub(super) struct Said {
    hits: Vec<Hit>,
}

impl Said {
    fn of(side: &Side<'_>, phrases: &Phrases<Sense>, cover: &[f32]) -> Said {
        let answered = |range: &Range<usize>| {
            let tokens = side.tokens.iter().zip(cover);
            let mut within =
                tokens.filter(|(t, _)| t.range.start < range.end && range.start < t.range.end).peekable();
            within.peek().is_some() && within.all(|(_, nats)| *nats <= -ANSWERED)
        };
        let found = phrases.find(side.text).into_iter();
        let hits = found.flat_map(|(range, senses)| {
            let answered = answered(&range);
            senses.iter().map(move |sense| Hit { range: range.clone(), sense: *sense, answered })
        });
        Said { hits: hits.collect() }
    }

    /// Whether any word may say something of `group`.
    pub(super) fn has(&self, group: usize) -> bool {
        self.hits.iter().any(|h| h.sense.group == group)
    }

    /// The only sense of `group` that is said, with the first word sure to say it; nothing where that word is
    /// answered.
    pub(super) fn only(&self, group: usize) -> Option<(usize, Range<usize>)> {
        let mut hits = self.hits.iter().filter(|h| h.sense.group == group);
        let first = hits.clone().find(|h| h.sense.sure)?;
        let alone = hits.all(|h| h.sense.sense == first.sense.sense);
        (alone && !first.answered).then(|| (first.sense.sense, first.range.clone()))
    }

    /// The word of `group`, if the side has one only, and it is sure to say its sense: the sense and the word.
    pub(super) fn single(&self, group: usize) -> Option<(usize, Range<usize>)> {
        let mut hits = self.hits.iter().filter(|h| h.sense.group == group);
        let only = hits.next().filter(|h| h.sense.sure)?;
        hits.next().is_none().then(|| (only.sense.sense, only.range.clone()))
    }
}

#[cfg(test)]
impl Senses {
    /// Panics where a language lacks a group or a sense, or a word cannot be read.
    pub(super) fn assert_whole(&self) {
        for group in &self.groups {
            let langs: Vec<&str> = group.words.iter().map(|w| w.0).collect();
            assert_eq!(langs, super::phrases::LANGS, "{:?}", group.names);
            for (lang, senses) in &group.words {
                assert_eq!(senses.len(), group.names.len(), "{lang} {:?}", group.names);
                for words in senses {
                    assert!(words.iter().any(|w| !w.starts_with('(')), "{lang} {:?}", group.names);
                    for word in words {
                        assert_eq!(word.starts_with('('), word.ends_with(')'), "{lang} {word}");
                        assert!(!word.trim_matches(['-', '(', ')']).is_empty(), "{lang} {:?}", group.names);
                    }
                }
            }
        }
    }
}
