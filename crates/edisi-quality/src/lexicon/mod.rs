//! Which words of a text have a counterpart in its translation.
//!
//! The links are in `data/lexicon/A-B.tsv`, learned from parallel sentences by `examples/train_lexicon.rs`; its
//! README says from which and under what licence. They are evidence, not a dictionary: a word without a link may
//! well be translated.

mod matching;
mod stem;
mod units;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use edisi_text::Lang;

use crate::checks::Token;

pub(crate) use matching::{Crowd, Forms, Looked, matched};
pub use units::Unit;
pub(crate) use units::units;

/// Evidence, in nats, of a word that stands on both sides in the same letters.
const SAME: f32 = 3.0;
/// The same of a word that only begins alike.
const ALIKE: f32 = 1.5;
/// Bytes that such a beginning has.
const STEM: usize = 4;

/// Cuts `text` into the units that links are between, by the keys they are looked up with. For learning links.
pub fn keys(text: &str, lang: Lang) -> Vec<String> {
    let tokens = crate::checks::tokens(text);
    units(text, &tokens, lang).into_iter().map(|u| u.key.into_owned()).collect()
}

/// A word of one side of a [`Table`].
#[derive(Debug, Default)]
struct Word {
    id: u32,
    /// Evidence that the word's translation is missing when none of its links is there, in nats.
    absent: f32,
    links: Range<usize>,
}

/// The links of two languages.
#[derive(Debug, Default)]
pub struct Table<'a> {
    sides: [HashMap<&'a str, Word>; 2],
    links: [Vec<(u32, f32)>; 2],
}

/// A line of a table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the word table is not `word<TAB>tenths[<TAB>other:tenths …]`; learn the table anew")]
pub struct TableError {
    /// Line, from 1.
    pub line: usize,
}

impl<'a> Table<'a> {
    /// Reads a table: first the words of the second language, `=word<TAB>absent`; then those of the first,
    /// `word<TAB>absent<TAB>other:strength other:strength`. Evidence is in tenths of a nat.
    ///
    /// # Errors
    /// When a line has another form or names a word of the second language that is not listed.
    pub fn parse(text: &'a str) -> Result<Table<'a>, TableError> {
        let mut table = Table::default();
        let mut back: Vec<Vec<(u32, f32)>> = Vec::new();
        let tenths = |cell: &str| cell.parse::<u16>().ok().map(|n| f32::from(n) / 10.0);
        for (at, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#')) {
            let fail = || TableError { line: at + 1 };
            let mut cells = line.split('\t');
            let word = cells.next().ok_or_else(fail)?;
            let absent = cells.next().and_then(tenths).ok_or_else(fail)?;
            if let Some(word) = word.strip_prefix('=') {
                let id = back.len() as u32;
                back.push(Vec::new());
                table.sides[1].insert(word, Word { id, absent, links: 0..0 });
                continue;
            }
            let (id, start) = (table.sides[0].len() as u32, table.links[0].len());
            for link in cells.next().unwrap_or_default().split(' ').filter(|l| !l.is_empty()) {
                let (other, strength) = link.rsplit_once(':').ok_or_else(fail)?;
                let other = table.sides[1].get(other).ok_or_else(fail)?.id;
                let strength = tenths(strength).ok_or_else(fail)?;
                table.links[0].push((other, strength));
                back[other as usize].push((id, strength));
            }
            let links = start..table.links[0].len();
            table.sides[0].insert(word, Word { id, absent, links });
        }
        for word in table.sides[1].values_mut() {
            let start = table.links[1].len();
            table.links[1].append(&mut back[word.id as usize]);
            word.links = start..table.links[1].len();
        }
        Ok(table)
    }

    /// How many words and links there are.
    pub fn size(&self) -> (usize, usize) {
        (self.sides[0].len() + self.sides[1].len(), self.links[0].len())
    }
}

macro_rules! tables {
    ($($a:literal $b:literal),+ $(,)?) => {
        [$((($a, $b), LazyLock::new(|| {
            Table::parse(include_str!(concat!("../../data/lexicon/", $a, "-", $b, ".tsv"))).expect("a table this crate wrote")
        }))),+]
    };
}

type Lazy = ((&'static str, &'static str), LazyLock<Table<'static>>);

static TABLES: [Lazy; 15] = tables![
    "id" "en", "id" "zh", "id" "ja", "id" "ar", "id" "fr", "en" "zh", "en" "ja", "en" "ar", "en" "fr", "zh" "ja",
    "zh" "ar", "zh" "fr", "ja" "ar", "ja" "fr", "ar" "fr",
];

/// A table and which of its sides the source is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Direction<'t> {
    table: &'t Table<'t>,
    from: usize,
}

impl<'t> Direction<'t> {
    /// Reads `table` from its first language (`from` 0) or its second (1).
    pub(crate) fn new(table: &'t Table<'t>, from: usize) -> Direction<'t> {
        Direction { table, from }
    }

    /// The built-in table for a pair.
    pub(crate) fn of(from: Lang, to: Lang) -> Option<Direction<'static>> {
        let (from, to) = (from.code(), to.code());
        let find = |a: &str, b: &str| TABLES.iter().find(|t| t.0 == (a, b)).map(|t| &*t.1);
        let forward = find(from, to).map(|table| Direction { table, from: 0 });
        forward.or_else(|| find(to, from).map(|table| Direction { table, from: 1 }))
    }

    /// The same table read the other way.
    pub(crate) fn back(self) -> Direction<'t> {
        Direction { from: 1 - self.from, ..self }
    }

    /// Per token of the source: above 0 where its translation seems to be missing, below where it is there, in
    /// nats; 0 where nothing is known.
    pub(crate) fn evidence(self, tokens: &[Token], source: &[Unit<'_>], target: &[Unit<'_>]) -> Vec<f32> {
        let (here, there) = (&self.table.sides[self.from], &self.table.sides[1 - self.from]);
        let mut present: Vec<u32> = target.iter().filter_map(|u| Some(there.get(&*u.key)?.id)).collect();
        present.sort_unstable();
        let mut forms: Vec<&str> = target.iter().map(|u| &*u.form).filter(|f| !f.is_empty()).collect();
        forms.sort_unstable();
        let keys: std::collections::HashSet<&str> =
            target.iter().filter(|u| u.form.is_empty()).map(|u| &*u.key).collect();
        // Per token: the best sign that it is there, the best that it is not.
        let mut signs = vec![(0.0f32, 0.0f32); tokens.len()];
        for unit in source {
            let word = here.get(&*unit.key);
            let linked = word.map_or(0.0, |w| {
                let links = &self.table.links[self.from][w.links.clone()];
                links.iter().filter(|l| present.binary_search(&l.0).is_ok()).map(|l| l.1).fold(0.0, f32::max)
            });
            let same = if unit.form.is_empty() {
                if keys.contains(&*unit.key) { SAME } else { 0.0 }
            } else {
                alike(&unit.form, &forms)
            };
            let there = linked.max(same);
            let absent = if there > 0.0 { 0.0 } else { word.map_or(0.0, |w| w.absent) };
            for sign in &mut signs[unit.tokens.0..unit.tokens.0 + unit.tokens.1] {
                sign.0 = sign.0.max(there);
                sign.1 = sign.1.max(absent);
            }
        }
        signs.into_iter().map(|(there, absent)| if there > 0.0 { -there } else { absent }).collect()
    }
}

/// How sure it is that `form` stands among `forms`, which are sorted.
fn alike(form: &str, forms: &[&str]) -> f32 {
    let at = forms.partition_point(|f| *f < form);
    if forms.get(at) == Some(&form) {
        return SAME;
    }
    if form.len() < STEM || !form.is_char_boundary(STEM) {
        return 0.0;
    }
    let near = [at.checked_sub(1), Some(at)];
    let near = near.into_iter().flatten().filter_map(|i| forms.get(i));
    if near.into_iter().any(|f| f.starts_with(&form[..STEM])) { ALIKE } else { 0.0 }
}
