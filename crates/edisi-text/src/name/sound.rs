//! Names by their sound: how well a Latin name fits a stretch of Arabic, katakana or Han characters.
//!
//! The other script is read in Latin letters (katakana by its syllables, Han characters in pinyin) or letter by
//! letter (Arabic), and the name is aligned with any stretch of it. What a letter against a letter, or against
//! nothing, says for one name being the other's transliteration was learnt from pairs of place names: log odds in
//! `data/names/translit.tsv` (Ristad and Yianilos, Learning string-edit distance, 1998; see `build.py`).

use std::ops::Range;
use std::sync::LazyLock;

use super::word::{Letters, Word};
use super::{fold, gazetteer, han};

/// Log odds by Latin letter and letter of the other script; row and column 0 stand for nothing.
struct Table {
    odds: Vec<[f32; WIDTH]>,
    /// The best a letter can score.
    top: [f32; 27],
}

const WIDTH: usize = 64;

static TABLES: LazyLock<[Table; 3]> = LazyLock::new(|| ["kana", "arab", "han"].map(read));

fn read(script: &str) -> Table {
    let mut odds = vec![[-4.0; WIDTH]; 27];
    for line in include_str!("../../data/names/translit.tsv").lines() {
        let mut cells = line.split('\t');
        if cells.next() != Some(script) {
            continue;
        }
        let mut code = || cells.next().and_then(|c| c.chars().next()).map_or(0, code);
        let (latin, other) = (code(), code());
        let value: f32 = cells.next().and_then(|c| c.parse().ok()).unwrap_or(-400.0);
        odds[usize::from(latin).min(26)][usize::from(other)] = value / 100.0;
    }
    let top = std::array::from_fn(|i| odds[i][1..].iter().copied().fold(0.0, f32::max));
    Table { odds, top }
}

/// A letter's place in the tables: `a` to `z` are 1 to 26, Arabic letters 27 and up, everything else 0.
fn code(c: char) -> u8 {
    match c {
        'a'..='z' => c as u8 - b'a' + 1,
        'ا'..='ي' => ((c as u32 - 'ا' as u32) as u8 + 27).min(WIDTH as u8 - 1),
        _ => 0,
    }
}

/// A text's stretches in one script, in letters that can be compared with Latin names.
#[derive(Debug, Clone, Default)]
pub struct Sounds {
    letters: Vec<Letter>,
    script: usize,
}

#[derive(Debug, Clone)]
struct Letter {
    code: u8,
    /// Whether a name may begin here, and end here.
    begins: bool,
    ends: bool,
    /// Bytes of the text.
    range: Range<usize>,
}

/// How well a name fits, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Share of what a perfect transliteration of the name would score: 1 is perfect, below 0.2 chance.
    pub share: f32,
    /// Sum of log odds: what it says for a transliteration against chance.
    pub odds: f32,
    /// The stretch of the text.
    pub range: Range<usize>,
}

impl Sounds {
    /// The words of a text that are written in `letters`, which are not [`Letters::Latin`].
    pub fn new(text: &str, words: &[Word], letters: Letters) -> Sounds {
        let mut out = Sounds { letters: Vec::new(), script: 0 };
        for word in words.iter().filter(|w| w.letters == letters) {
            match letters {
                Letters::Kana => out.kana(text, word),
                Letters::Arabic => out.arabic(word),
                Letters::Han => out.han(text, word),
                Letters::Latin => {}
            }
        }
        out.script = match letters {
            Letters::Arabic => 1,
            Letters::Han => 2,
            _ => 0,
        };
        out
    }

    /// Whether there is nothing to compare with.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    fn unit(&mut self, sound: &str, range: Range<usize>, begins: bool, ends: bool) {
        let last = sound.chars().count().saturating_sub(1);
        for (i, c) in sound.chars().enumerate() {
            let letter = Letter {
                code: code(c),
                begins: begins && i == 0,
                ends: ends && i == last,
                range: range.clone(),
            };
            self.letters.push(letter);
        }
    }

    fn kana(&mut self, text: &str, word: &Word) {
        let mut sounds: Vec<(String, Range<usize>)> = Vec::new();
        for (at, c) in text[word.range.clone()].char_indices() {
            let range = word.range.start + at..word.range.start + at + c.len_utf8();
            let (sound, replaces) = fold::kana(c, sounds.last().map(|s| s.0.as_str()));
            match sounds.last_mut() {
                Some(last) if replaces => *last = (sound, last.1.start..range.end),
                _ => sounds.push((sound, range)),
            }
        }
        for (sound, range) in sounds {
            self.unit(&sound, range, true, true);
        }
    }

    fn arabic(&mut self, word: &Word) {
        let starts: Vec<usize> = gazetteer::starts(word).collect();
        let count = word.key.chars().count();
        // Some texts have lost their spaces: there a name begins and ends anywhere.
        let run_on = count > 13;
        for (i, (at, c)) in word.key.char_indices().enumerate() {
            let begins = run_on || starts.contains(&at);
            let ends = run_on || i + 4 > count;
            self.letters.push(Letter { code: code(c), begins, ends, range: word.range.clone() });
        }
    }

    fn han(&mut self, text: &str, word: &Word) {
        for (at, c) in text[word.range.clone()].char_indices() {
            let range = word.range.start + at..word.range.start + at + c.len_utf8();
            let pinyin = han::CHARACTERS.get(&c).map_or("", |h| h.pinyin);
            self.unit(pinyin, range, true, true);
        }
    }

    /// The stretch that fits `name` (in `a` to `z`) best, if any fits better than chance.
    pub fn fit(&self, name: &str) -> Option<Fit> {
        let table = &TABLES[self.script];
        let name: Vec<usize> =
            name.bytes().filter(u8::is_ascii_lowercase).take(24).map(|b| usize::from(b - b'a' + 1)).collect();
        let top: f32 = name.iter().map(|c| table.top[*c]).sum();
        if name.is_empty() || self.letters.is_empty() {
            return None;
        }
        // Columns of the text; each cell is the best score of the name's first letters ending here, with where the
        // stretch began.
        const NONE: f32 = -1e9;
        let mut last = vec![(NONE, 0usize); name.len() + 1];
        let mut row = last.clone();
        let mut best: Option<(f32, usize, usize)> = None;
        for (j, letter) in self.letters.iter().enumerate() {
            // An alignment may begin before this letter.
            if letter.begins {
                let mut score = 0.0;
                for (i, cell) in last.iter_mut().enumerate() {
                    if i > 0 {
                        score += table.odds[name[i - 1]][0];
                    }
                    if score > cell.0 {
                        *cell = (score, j);
                    }
                }
            }
            let y = usize::from(letter.code);
            row[0] = (last[0].0 + table.odds[0][y], last[0].1);
            for i in 1..=name.len() {
                let x = name[i - 1];
                let both = last[i - 1].0 + table.odds[x][y];
                let skip_other = last[i].0 + table.odds[0][y];
                let skip_name = row[i - 1].0 + table.odds[x][0];
                row[i] = if both >= skip_other && both >= skip_name {
                    (both, last[i - 1].1)
                } else if skip_other >= skip_name {
                    (skip_other, last[i].1)
                } else {
                    (skip_name, row[i - 1].1)
                };
            }
            let (score, from) = row[name.len()];
            if letter.ends && best.is_none_or(|b| score > b.0) {
                best = Some((score, from, j));
            }
            std::mem::swap(&mut last, &mut row);
        }
        let (odds, from, to) = best.filter(|b| b.0 > 0.0)?;
        let range = self.letters[from].range.start..self.letters[to].range.end;
        (range.start < range.end).then(|| Fit { share: odds / top.max(0.1), odds, range })
    }
}
