//! Names by their sound: how well a Latin name fits a stretch of Arabic, katakana or Han characters.
//!
//! The other script is cut into what writes a sound: katakana with the small letter behind it, an Arabic letter, a
//! Han character. Each stands for none to four Latin letters; how much likelier it is to stand for some than these
//! are to stand anywhere in a name was learnt from pairs of names (`data/names/translit.tsv`, made by
//! `examples/train_sounds.rs`). The name is aligned with any stretch of the text.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::word::{Letters, Word, words};
use super::{gazetteer, han};

/// Latin letters that one unit may stand for, at most.
pub const MOST_LETTERS: usize = 4;
/// Letters of a name that are compared.
pub(super) const LONGEST: usize = 24;
/// Ten times the log odds of writing foreign sounds below which a Han character is taken to mean something.
const UNLIKELY: i16 = -20;
/// Odds of a unit that no name was seen with.
const NEVER: f32 = -9.0;

/// What a unit stands for.
#[derive(Default)]
struct Said {
    /// Letters, as [`pack`] has them, and their log odds; sorted.
    odds: Vec<(u32, f32)>,
    /// By number of letters, which letters are the last of these, a bit for each: most questions end here.
    last: [u32; MOST_LETTERS + 1],
}

/// What the units of a script stand for.
#[derive(Default)]
struct Table {
    units: HashMap<&'static str, usize>,
    said: Vec<Said>,
    /// Log odds of a letter that nothing stands for.
    unwritten: [f32; 27],
    /// The best any unit has for some letters.
    best: HashMap<u32, f32>,
}

static TABLES: LazyLock<[Table; 3]> =
    LazyLock::new(|| [Letters::Kana, Letters::Arabic, Letters::Han].map(read));

/// What the units of a script other than Latin stand for: unit, letters and log odds. No unit: letters that nothing
/// writes; no letters: a unit that writes none.
pub(super) fn rows(script: Letters) -> impl Iterator<Item = (&'static str, &'static str, f32)> {
    let script = match script {
        Letters::Arabic => "arab",
        Letters::Han => "han",
        Letters::Kana | Letters::Latin => "kana",
    };
    include_str!("../../data/names/translit.tsv").lines().filter_map(move |line| {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let [kind, unit, letters, odds] = cells.as_slice() else { return None };
        let odds = odds.parse::<f32>().ok().filter(|_| *kind == script)?;
        Some((unit.trim_matches('-'), letters.trim_matches('-'), odds / 100.0))
    })
}

fn read(script: Letters) -> Table {
    let mut table = Table { unwritten: [-4.0; 27], ..Table::default() };
    for (unit, letters, odds) in rows(script) {
        let letters = letters.as_bytes();
        if unit.is_empty() {
            table.unwritten[usize::from(letter(letters[0]))] = odds;
            continue;
        }
        let id = *table.units.entry(unit).or_insert(table.said.len());
        if id == table.said.len() {
            table.said.push(Said::default());
        }
        table.said[id].last[letters.len()] |= 1 << letters.last().map_or(0, |l| letter(*l));
        let letters = pack(letters);
        table.said[id].odds.push((letters, odds));
        let best = table.best.entry(letters).or_insert(odds);
        *best = best.max(odds);
    }
    for unit in &mut table.said {
        unit.odds.sort_by_key(|u| u.0);
    }
    table
}

/// `a` to `z` as 1 to 26.
fn letter(byte: u8) -> u8 {
    byte - b'a' + 1
}

/// The place of Han characters among the tables.
const HAN: usize = 2;

/// Up to four letters as one number.
fn pack(letters: &[u8]) -> u32 {
    letters.iter().fold(0, |sum, l| sum << 5 | u32::from(letter(*l)))
}

impl Table {
    fn odds(&self, unit: Option<usize>, letters: u32, length: usize) -> Option<f32> {
        let Some(unit) = unit else { return (letters == 0).then_some(NEVER) };
        let said = &self.said[unit];
        if said.last[length] & 1 << (letters & 31) == 0 {
            return None;
        }
        said.odds.binary_search_by_key(&letters, |s| s.0).ok().map(|at| said.odds[at].1)
    }

    /// What the best conceivable transliteration of a name would score.
    fn top(&self, name: &[u8]) -> f32 {
        let mut top = vec![0.0f32; name.len() + 1];
        for i in 1..=name.len() {
            top[i] = top[i - 1];
            for length in 1..=MOST_LETTERS.min(i) {
                if let Some(odds) = self.best.get(&pack(&name[i - length..i])) {
                    top[i] = top[i].max(top[i - length] + odds);
                }
            }
        }
        top[name.len()]
    }
}

/// The units of a form in katakana, Arabic letters or Han characters, as the tables name them; other characters are
/// left out. For learning the tables.
pub fn sound_units(form: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in words(form) {
        match word.letters {
            Letters::Kana => out.extend(kana_units(form, &word).map(|r| form[r].to_owned())),
            Letters::Arabic => out.extend(gazetteer::bare(&word).chars().map(String::from)),
            Letters::Han => out.extend(word.key.chars().map(String::from)),
            Letters::Latin => {}
        }
    }
    out
}

/// Katakana, each with the small letter behind it: bytes of the text.
fn kana_units<'a>(text: &'a str, word: &Word) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut chars = text[word.range.clone()].char_indices().peekable();
    let start = word.range.start;
    std::iter::from_fn(move || {
        let (at, c) = chars.next()?;
        let mut end = at + c.len_utf8();
        if let Some((next, small)) = chars.next_if(|(_, c)| "ァィゥェォャュョ".contains(*c)) {
            end = next + small.len_utf8();
        }
        Some(start + at..start + end)
    })
}

/// A text's stretches in one script, in units that can be compared with Latin names.
#[derive(Debug, Clone, Default)]
pub struct Sounds {
    units: Vec<Unit>,
    script: usize,
}

#[derive(Debug, Clone)]
struct Unit {
    id: Option<usize>,
    /// Whether a name may begin here, and end here.
    begins: bool,
    ends: bool,
    range: Range<usize>,
}

/// How well a name fits a stretch of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Share of what a perfect transliteration of the name would score: 1 is perfect, below 0.2 chance.
    pub share: f32,
    /// Log odds: how much likelier the name is with these units beside it than alone.
    pub odds: f32,
    /// The stretch of the text.
    pub range: Range<usize>,
}

impl Sounds {
    /// The words of a text that are written in `letters`, which are not [`Letters::Latin`].
    pub fn new(text: &str, words: &[Word], letters: Letters) -> Sounds {
        let script = match letters {
            Letters::Arabic => 1,
            Letters::Han => HAN,
            _ => 0,
        };
        let mut out = Sounds { units: Vec::new(), script };
        let ids = &TABLES[script].units;
        for word in words.iter().filter(|w| w.letters == letters) {
            match letters {
                Letters::Kana => out.units.extend(kana_units(text, word).map(|range| Unit {
                    id: ids.get(&text[range.clone()]).copied(),
                    begins: true,
                    ends: true,
                    range,
                })),
                Letters::Arabic => out.arabic(word),
                Letters::Han => out.han(text, word),
                Letters::Latin => {}
            }
        }
        out
    }

    /// Whether there is nothing to compare with.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    fn arabic(&mut self, word: &Word) {
        let starts: Vec<usize> = gazetteer::starts(word).collect();
        let count = word.key.chars().count();
        // Some texts have lost their spaces: there a name begins and ends anywhere.
        let run_on = count > 13;
        let ids = &TABLES[self.script].units;
        for (i, (at, c)) in word.key.char_indices().enumerate() {
            self.units.push(Unit {
                id: ids.get(&word.key[at..at + c.len_utf8()]).copied(),
                begins: run_on || starts.contains(&at),
                ends: run_on || i + 4 > count,
                range: word.range.clone(),
            });
        }
    }

    /// Characters that hardly write foreign sounds are left out of the comparison.
    fn han(&mut self, text: &str, word: &Word) {
        let usual =
            |key: &str| key.chars().all(|c| han::CHARACTERS.get(&c).is_none_or(|h| h.foreign < UNLIKELY));
        let ids = &TABLES[self.script].units;
        let keys = word.key.char_indices().map(|(at, c)| &word.key[at..at + c.len_utf8()]);
        for ((at, c), key) in text[word.range.clone()].char_indices().zip(keys) {
            let range = word.range.start + at..word.range.start + at + c.len_utf8();
            let id = if usual(key) { None } else { ids.get(key).copied() };
            self.units.push(Unit { id, begins: id.is_some(), ends: id.is_some(), range });
        }
    }

    /// The stretch that fits `name` (in `a` to `z`) best, if any fits better than chance.
    pub fn fit(&self, name: &str) -> Option<Fit> {
        let fit = self.fit_letters(name);
        if !name.contains('q') {
            return fit;
        }
        // What is written `q` in one romanisation is `k` in others.
        let other = self.fit_letters(&name.replace("qu", "k").replace('q', "k"));
        let better = |a: &Fit, b: &Fit| a.share >= b.share;
        match (fit, other) {
            (Some(a), Some(b)) => Some(if better(&a, &b) { a } else { b }),
            (a, b) => a.or(b),
        }
    }

    fn fit_letters(&self, name: &str) -> Option<Fit> {
        let table = &TABLES[self.script];
        let name: Vec<u8> = name.bytes().filter(u8::is_ascii_lowercase).take(LONGEST).collect();
        if name.is_empty() || self.units.is_empty() {
            return None;
        }
        let chunks: Vec<[u32; MOST_LETTERS + 1]> = (0..=name.len())
            .map(|end| std::array::from_fn(|length| pack(&name[end.saturating_sub(length)..end])))
            .collect();
        // Columns of the text; each cell is the best score of the name's first letters ending here, with where the
        // stretch began.
        const NONE: f32 = -1e9;
        let mut last = vec![(NONE, 0usize); name.len() + 1];
        let mut row = last.clone();
        let mut best: Option<(f32, usize, usize)> = None;
        for (j, unit) in self.units.iter().enumerate() {
            if unit.id.is_none() && self.script == HAN {
                last.fill((NONE, 0));
                continue;
            }
            // An alignment may begin before this unit.
            if unit.begins {
                let mut score = 0.0;
                for (i, cell) in last.iter_mut().enumerate() {
                    if i > 0 {
                        score += table.unwritten[usize::from(letter(name[i - 1]))];
                    }
                    if score > cell.0 {
                        *cell = (score, j);
                    }
                }
            }
            for i in 0..=name.len() {
                let mut cell = (NONE, 0);
                for length in 0..=MOST_LETTERS.min(i) {
                    let (score, from) = last[i - length];
                    if score <= NONE / 2.0 {
                        continue;
                    }
                    if let Some(odds) = table.odds(unit.id, chunks[i][length], length)
                        && score + odds > cell.0
                    {
                        cell = (score + odds, from);
                    }
                }
                if i > 0 {
                    let skipped = row[i - 1].0 + table.unwritten[usize::from(letter(name[i - 1]))];
                    if skipped > cell.0 {
                        cell = (skipped, row[i - 1].1);
                    }
                }
                row[i] = cell;
            }
            let (score, from) = row[name.len()];
            if unit.ends && best.is_none_or(|b| score > b.0) {
                best = Some((score, from, j));
            }
            std::mem::swap(&mut last, &mut row);
        }
        let (odds, from, to) = best.filter(|b| b.0 > 0.0)?;
        let range = self.units[from].range.start..self.units[to].range.end;
        (range.start < range.end).then(|| Fit { share: odds / table.top(&name).max(1.0), odds, range })
    }
}
