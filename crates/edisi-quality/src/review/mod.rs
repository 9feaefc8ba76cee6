//! A whole text beside its translation: what is checked, row by row, and how it is shown.

mod html;
mod sarif;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use edisi_article::{Finding, FindingKind, Severity};
use edisi_text::{Lang, sentences};
use serde::{Deserialize, Serialize};

use crate::align::{Bead, Piece, align};
use crate::checks::{CheckOptions, check_segment};
use crate::passage::{added, check_passage, missing};

pub use sarif::Files;

/// A piece of the source beside the piece of the translation that answers to it; one of them may be empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What the piece is called: its name in the file, or paragraph and sentence of the source (`3.2`), of the
    /// translation where the source has none (`+3.2`).
    pub id: String,
    /// The source.
    pub source: String,
    /// The translation.
    pub target: String,
    /// What was found. Spans are byte ranges into `source` and `target`.
    pub findings: Vec<Finding>,
}

/// A checked translation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The language of the source.
    pub from: Lang,
    /// The language of the translation.
    pub to: Lang,
    /// The pieces, in order.
    pub rows: Vec<Row>,
}

/// A piece of the source with its translation, as a file has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// What the file calls it.
    pub id: String,
    /// The source.
    pub source: String,
    /// The translation.
    pub target: String,
}

impl Review {
    /// Checks pieces that are aligned already: units of a TMX or XLIFF file, lines.
    pub fn of_aligned(given: Vec<Given>, pair: (Lang, Lang), options: &CheckOptions) -> Review {
        let rows = given.into_iter().map(|Given { id, source, target }| {
            let findings = if source.trim().is_empty() && !target.trim().is_empty() {
                vec![added(&target, 0..target.len())]
            } else {
                check_passage(&source, &target, pair, options)
            };
            Row { id, source, target, findings }
        });
        Review { from: pair.0, to: pair.1, rows: rows.collect() }
    }

    /// Aligns the sentences of two texts, given by paragraphs, and checks them.
    pub fn of_texts<S: AsRef<str>>(
        source: &[S],
        target: &[S],
        pair: (Lang, Lang),
        options: &CheckOptions,
    ) -> Review {
        let (here, there) = (Text::new(source, pair.0), Text::new(target, pair.1));
        let beads = align(&here.pieces(), &there.pieces(), pair);
        let rows = beads.into_iter().map(|bead| row(&here, &there, bead, pair, options)).collect();
        Review { from: pair.0, to: pair.1, rows }
    }

    /// All findings.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.rows.iter().flat_map(|row| &row.findings)
    }

    /// How many findings there are of each severity.
    pub fn counts(&self) -> BTreeMap<Severity, usize> {
        let mut counts = BTreeMap::new();
        for finding in self.findings() {
            *counts.entry(finding.severity).or_default() += 1;
        }
        counts
    }

    /// The greatest severity; `None` when nothing was found.
    pub fn worst(&self) -> Option<Severity> {
        self.findings().map(|f| f.severity).max()
    }
}

fn row(here: &Text, there: &Text, bead: Bead, pair: (Lang, Lang), options: &CheckOptions) -> Row {
    let (source, target) = (here.text(&bead.source), there.text(&bead.target));
    let findings = if bead.target.is_empty() {
        vec![missing(&source, 0..source.len())]
    } else if bead.source.is_empty() {
        vec![added(&target, 0..target.len())]
    } else {
        check_segment(&source, &target, pair, options)
    };
    let id = match here.sentences.get(bead.source.start).filter(|_| !bead.source.is_empty()) {
        Some(sentence) => sentence.id(),
        None => format!("+{}", there.sentences[bead.target.start].id()),
    };
    Row { id, source, target, findings }
}

/// A sentence of a text.
struct Sentence {
    /// Paragraph and number in it, from 0.
    at: (usize, usize),
    range: Range<usize>,
}

impl Sentence {
    fn id(&self) -> String {
        format!("{}.{}", self.at.0 + 1, self.at.1 + 1)
    }
}

/// Paragraphs and their sentences.
struct Text<'t> {
    paragraphs: Vec<&'t str>,
    sentences: Vec<Sentence>,
}

impl<'t> Text<'t> {
    fn new<S: AsRef<str>>(paragraphs: &'t [S], lang: Lang) -> Text<'t> {
        let paragraphs: Vec<&str> = paragraphs.iter().map(AsRef::as_ref).collect();
        let mut found = Vec::new();
        for (paragraph, text) in paragraphs.iter().enumerate() {
            let ranges = sentences(text, lang).into_iter().filter(|r| says_something(&text[r.clone()]));
            found.extend(ranges.enumerate().map(|(n, range)| Sentence { at: (paragraph, n), range }));
        }
        Text { paragraphs, sentences: found }
    }

    fn pieces(&self) -> Vec<Piece<'t>> {
        let piece = |s: &Sentence| Piece { text: self.slice(s), opens: s.at.1 == 0 };
        self.sentences.iter().map(piece).collect()
    }

    fn slice(&self, sentence: &Sentence) -> &'t str {
        &self.paragraphs[sentence.at.0][sentence.range.clone()]
    }

    /// Some sentences as one text, as they stand in their paragraph.
    fn text(&self, range: &Range<usize>) -> String {
        let sentences = &self.sentences[range.clone()];
        match (sentences.first(), sentences.last()) {
            (Some(first), Some(last)) if first.at.0 == last.at.0 => {
                self.paragraphs[first.at.0][first.range.start..last.range.end].to_owned()
            }
            _ => sentences.iter().map(|s| self.slice(s)).collect::<Vec<_>>().join(" "),
        }
    }
}

fn says_something(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// The name of a kind or severity as reports and JSON write it: `number-missing`.
pub fn name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// What a kind means, for people who meet it in a report.
fn describe(kind: FindingKind) -> String {
    let name = name(kind).replace('-', " ");
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
