//! The corruptions: each takes a clean pair and gives a translation that says something else.
//!
//! They know the languages through the lists in `data/` and share nothing with the checks but `edisi-text`.

mod name;
mod quantity;
mod statement;
mod text;
mod time;

use std::collections::HashSet;
use std::fmt;

use edisi_text::Lang;
use serde::{Deserialize, Serialize};

use crate::Random;
use crate::lists::{self, Lists};

/// What is done to a translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A number is another one.
    Value,
    /// A number has lost a digit.
    Digit,
    /// Thousands are millions, or the other way round.
    Scale,
    /// Kilometres are metres.
    Unit,
    /// Dollars are euros.
    Currency,
    /// Another day, month, weekday or year.
    Date,
    /// Another name of the same kind.
    NameSwapped,
    /// A name is left out.
    NameDropped,
    /// A third of the sentence or more is left out, from one clause boundary to another.
    Clause,
    /// One of several sentences is left out.
    Sentence,
    /// What is denied is said, or the other way round.
    Negation,
    /// The source over again.
    Untranslated,
    /// A phrase or sentence several times.
    Repeated,
    /// A sentence in another language.
    Language,
    /// A word is its opposite: a rise a fall, a victory a defeat.
    Opposite,
    /// A word that limits what is claimed is gone: *former*, *allegedly*, *at least*.
    Qualifier,
}

impl Kind {
    /// All kinds, in the order of the table.
    pub const ALL: [Kind; 16] = [
        Kind::Value,
        Kind::Digit,
        Kind::Scale,
        Kind::Unit,
        Kind::Currency,
        Kind::Date,
        Kind::NameSwapped,
        Kind::NameDropped,
        Kind::Clause,
        Kind::Sentence,
        Kind::Negation,
        Kind::Untranslated,
        Kind::Repeated,
        Kind::Language,
        Kind::Opposite,
        Kind::Qualifier,
    ];

    /// The name used in tables and `--kinds`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Value => "value",
            Kind::Digit => "digit",
            Kind::Scale => "scale",
            Kind::Unit => "unit",
            Kind::Currency => "currency",
            Kind::Date => "date",
            Kind::NameSwapped => "name-swapped",
            Kind::NameDropped => "name-dropped",
            Kind::Clause => "clause",
            Kind::Sentence => "sentence",
            Kind::Negation => "negation",
            Kind::Untranslated => "untranslated",
            Kind::Repeated => "repeated",
            Kind::Language => "language",
            Kind::Opposite => "opposite",
            Kind::Qualifier => "qualifier",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A corrupted translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corruption {
    /// The translation as it is now.
    pub target: String,
    /// What was done, for a person: `1.500 → 1.700`.
    pub what: String,
}

impl Corruption {
    fn new(target: String, what: impl Into<String>) -> Corruption {
        Corruption { target, what: what.into() }
    }
}

/// A clean pair and what is known around it.
#[derive(Debug, Clone, Copy)]
pub struct Clean<'a> {
    /// The source.
    pub source: &'a str,
    /// The human translation.
    pub target: &'a str,
    /// The language of the source.
    pub from: Lang,
    /// The language of the translation.
    pub to: Lang,
    /// What is known of all pairs.
    pub corpus: &'a Corpus,
}

/// What the whole set of pairs says.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    /// Words of the translations that are also written small.
    pub small: HashSet<String>,
    /// Sentences in languages that are neither the source's nor the translation's.
    pub other: Vec<(Lang, Vec<String>)>,
}

impl Corpus {
    /// Reads all translations once. `other` are sentences in further languages; without any, built-in ones are
    /// used.
    pub fn new<'t>(
        targets: impl IntoIterator<Item = &'t str>,
        pair: (Lang, Lang),
        other: Vec<(Lang, Vec<String>)>,
    ) -> Corpus {
        let mut small = HashSet::new();
        for text in targets {
            let words = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
            small.extend(words.filter(|w| w.starts_with(char::is_lowercase)).map(str::to_owned));
        }
        let mut other: Vec<(Lang, Vec<String>)> = other
            .into_iter()
            .filter(|o| o.0.code() != pair.0.code() && o.0.code() != pair.1.code())
            .collect();
        if other.is_empty() {
            let langs = lists::codes().filter_map(|c| c.parse::<Lang>().ok());
            let foreign = langs.filter(|l| l.code() != pair.0.code() && l.code() != pair.1.code());
            other = foreign
                .filter_map(|l| Some((l, lists::of(l)?.sentences.iter().map(|s| (*s).to_owned()).collect())))
                .collect();
        }
        Corpus { small, other }
    }
}

/// Corrupts `clean`, or `None` when it has nothing that the kind could change.
///
/// The result differs from the clean translation in what it says, not only in how it is written. For
/// [`Kind::Sentence`] the pair must be a passage of several sentences; `parts` are the translations of each, as
/// they stand in `clean.target`.
pub fn corrupt(kind: Kind, clean: &Clean<'_>, parts: &[&str], random: &mut Random) -> Option<Corruption> {
    let lists = lists::of(clean.to)?;
    let made = match kind {
        Kind::Value => quantity::value(clean, lists, random),
        Kind::Digit => quantity::digit(clean, lists, random),
        Kind::Scale => quantity::scale(clean, lists, random),
        Kind::Unit => quantity::unit(clean, lists, random),
        Kind::Currency => quantity::currency(clean, lists, random),
        Kind::Date => time::date(clean, lists, random),
        Kind::NameSwapped => name::swapped(clean, lists, random),
        Kind::NameDropped => name::dropped(clean, lists, random),
        Kind::Clause => statement::clause(clean, lists, random),
        Kind::Sentence => statement::sentence(clean, parts, random),
        Kind::Negation => statement::negation(clean, lists, random),
        Kind::Untranslated => text::untranslated(clean),
        Kind::Repeated => text::repeated(clean, random),
        Kind::Language => text::language(clean, random),
        Kind::Opposite => statement::opposite(clean, lists, random),
        Kind::Qualifier => statement::qualifier(clean, lists, random),
    }?;
    (made.target.trim() != clean.target.trim()).then_some(made)
}

/// The other form for what `form` of `row` is in `text`: the same place of another row, in the same case.
fn counterpart(row: &lists::Row, form: usize, like: &str) -> Option<String> {
    let word = row.get(form).or_else(|| row.last())?;
    Some(crate::find::in_case_of(word, like))
}

/// Whether the forms of two rows have none in common.
fn disjoint(a: &lists::Row, b: &lists::Row) -> bool {
    a.iter().all(|form| !b.contains(form))
}

/// What stands between two sentences of a language.
pub(crate) fn between(lang: Lang) -> &'static str {
    if lang.is_unspaced() { "" } else { " " }
}

type ListsRef = &'static Lists;
