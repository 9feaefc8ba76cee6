//! How fast a translation memory finds sentences, and how often it finds the one that is nearest.
//!
//! [`Sentences`] makes sentences that look like those of Indonesian news to an index: words drawn by Zipf's law from
//! tens of thousands, a few of them very frequent; names, numbers and dates among them. [`Sentences::changed`] makes of
//! one of them what the next report on the same matter would say.

use std::path::Path;
use std::time::Duration;

use edisi_memory::{Memory, MemoryError, Pair, Review, Unit, score};
use edisi_text::Lang;
use jiff::Timestamp;

use crate::clock::Clock;
use crate::random::Random;

/// What all units are in.
const PAIR: Pair = (Lang::ID, Lang::EN);
/// What editors are shown of a look-up.
const SHOWN: usize = 5;
/// Matches below this are no help.
const LEAST: f32 = 0.6;

const WORDS: &str = include_str!("../data/memory-words.tsv");
/// Words that are never built on.
const FUNCTION_WORDS: usize = 60;
const BEFORE: [&str; 10] = ["", "ber", "ter", "me", "di", "pe", "ke", "se", "memper", "diper"];
const BEHIND: [&str; 6] = ["", "an", "kan", "i", "nya", "lah"];
const BEGINNINGS: [&str; 24] = [
    "Wi", "Su", "Ra", "Har", "Bu", "De", "Sri", "Nu", "Mu", "Tan", "Li", "Jo", "Ba", "Ku", "Pra", "Si", "Lu",
    "Ha", "Yu", "Ro", "Gu", "Par", "Man", "Ke",
];
const MIDDLES: [&str; 16] =
    ["di", "ra", "to", "ni", "wa", "lu", "sa", "ta", "ri", "ma", "ku", "no", "pa", "li", "ha", "ya"];
const ENDINGS: [&str; 14] =
    ["no", "wan", "ti", "to", "yati", "man", "ng", "rat", "sih", "di", "la", "nto", "wati", "tan"];
const MONTHS: [(&str, &str); 12] = [
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
];

/// A piece of a sentence in both languages.
type Piece = (String, String);

/// Makes sentences.
#[derive(Debug)]
pub struct Sentences {
    seed: u64,
    /// By frequency.
    words: Vec<Piece>,
    /// How often a word at least as frequent is drawn, of all draws; by word.
    share: Vec<f64>,
}

impl Sentences {
    /// The sentences under a seed.
    pub fn new(seed: u64) -> Sentences {
        let lines = WORDS.lines().filter(|l| !l.starts_with('#'));
        let roots: Vec<(&str, &str)> = lines.filter_map(|l| l.split_once('\t')).collect();
        let (function, content) = roots.split_at(FUNCTION_WORDS.min(roots.len()));
        let own = |word: &(&str, &str)| (word.0.to_owned(), word.1.to_owned());
        let mut words: Vec<Piece> = function.iter().chain(content).map(own).collect();
        let mut built: Vec<Piece> = Vec::new();
        for (word, english) in content {
            for before in BEFORE {
                for behind in BEHIND.iter().filter(|b| !(before.is_empty() && b.is_empty())) {
                    built.push((format!("{before}{word}{behind}"), format!("{english}-{before}{behind}")));
                }
            }
        }
        Random::of(seed, 0, 0).shuffle(&mut built);
        words.extend(built);
        let weights = (1..=words.len()).map(|rank| 1.0 / rank as f64);
        let mut sum = 0.0;
        let mut share: Vec<f64> = weights
            .map(|w| {
                sum += w;
                sum
            })
            .collect();
        share.iter_mut().for_each(|s| *s /= sum);
        Sentences { seed, words, share }
    }

    /// Sentence number `n` and its translation, word by word.
    pub fn at(&self, n: u64) -> (String, String) {
        sentence(&self.pieces(&mut Random::of(self.seed, 1, n)))
    }

    /// Sentence number `n` with one to three changes: another number, name or word, a word more or less.
    pub fn changed(&self, n: u64) -> String {
        let mut pieces = self.pieces(&mut Random::of(self.seed, 1, n));
        let random = &mut Random::of(self.seed, 2, n);
        for _ in 0..=random.below(3) {
            let at = random.below(pieces.len());
            match random.below(6) {
                0 => pieces.insert(at, self.word(random)),
                1 if pieces.len() > 6 => drop(pieces.remove(at)),
                2 | 3 => match pieces.iter().position(|p| p.0.starts_with(|c: char| c.is_ascii_digit())) {
                    Some(number) => pieces[number] = figure(random),
                    None => pieces[at] = self.word(random),
                },
                _ => pieces[at] = self.word(random),
            }
        }
        sentence(&pieces).0
    }

    fn pieces(&self, random: &mut Random) -> Vec<Piece> {
        let length = 7 + random.below(10) + random.below(10);
        let piece = |random: &mut Random| match random.below(100) {
            0..8 => name(random),
            8..13 => figure(random),
            13..15 => date(random),
            _ => self.word(random),
        };
        (0..length).map(|_| piece(random)).collect()
    }

    fn word(&self, random: &mut Random) -> Piece {
        let draw = random.below(1 << 30) as f64 / f64::from(1 << 30);
        let at = self.share.partition_point(|s| *s < draw).min(self.words.len() - 1);
        self.words[at].clone()
    }
}

fn name(random: &mut Random) -> Piece {
    let one = |random: &mut Random| {
        let middles = random.below(2);
        let mut name = random.pick(&BEGINNINGS).copied().unwrap_or_default().to_owned();
        for _ in 0..=middles {
            name += random.pick(&MIDDLES).copied().unwrap_or_default();
        }
        name + random.pick(&ENDINGS).copied().unwrap_or_default()
    };
    let name = if random.below(2) == 0 { one(random) } else { format!("{} {}", one(random), one(random)) };
    (name.clone(), name)
}

fn figure(random: &mut Random) -> Piece {
    let most = [90, 900, 9_000_000][random.below(3)];
    let value = 2 + random.below(most);
    let digits = value.to_string();
    let grouped = |mark: char| {
        let mut out = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(mark);
            }
            out.push(c);
        }
        out
    };
    (grouped('.'), grouped(','))
}

fn date(random: &mut Random) -> Piece {
    let (day, month) = (1 + random.below(28), random.pick(&MONTHS).copied().unwrap_or_default());
    (format!("{day} {}", month.0), format!("{} {day}", month.1))
}

fn sentence(pieces: &[Piece]) -> (String, String) {
    let join = |of: fn(&Piece) -> &str| {
        let text = pieces.iter().map(of).collect::<Vec<_>>().join(" ");
        let mut letters = text.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).chain(['.']).collect::<String>()
    };
    (join(|p| &p.0), join(|p| &p.1))
}

/// What [`run`] measured.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Units in the memory.
    pub units: u64,
    /// Wall time of adding them, with all that makes them last; none when they were there.
    pub build: Duration,
    /// Size on disk, in bytes.
    pub bytes: u64,
    /// Times of look-ups, in processor time of the thread that makes them, ascending.
    pub times: Vec<Duration>,
    /// The same in wall time.
    pub wall: Vec<Duration>,
    /// Share of changed sentences whose original was the best match.
    pub first: f64,
    /// Share of changed sentences whose original was among the matches shown.
    pub shown: f64,
}

/// Fills the memory in `dir` with `units` sentences and looks up `queries` sentences: every second one a changed one of
/// the memory's, the others new.
///
/// # Errors
/// When the memory cannot be written or read.
pub fn run(dir: &Path, units: u64, queries: u64, seed: u64) -> Result<Figures, MemoryError> {
    let sentences = Sentences::new(seed);
    let memory = Memory::create(dir, "bench")?;
    let start = std::time::Instant::now();
    let mut build = Duration::ZERO;
    if memory.stats()?.units != units {
        memory.add((0..units).map(|n| unit(&sentences, n)))?;
        build = start.elapsed();
    }
    let mut random = Random::of(seed, 3, 0);
    let (mut times, mut wall) = (Vec::new(), Vec::new());
    let (mut planted, mut first, mut shown) = (0usize, 0usize, 0usize);
    for query in 0..queries {
        let n = random.below(units as usize) as u64;
        let is_planted = query % 2 == 0;
        let text = if is_planted { sentences.changed(n) } else { sentences.at(units + query).0 };
        let (clock, start) = (Clock::start(), std::time::Instant::now());
        let found = memory.fuzzy(PAIR, &text, LEAST, SHOWN)?;
        times.push(clock.elapsed());
        wall.push(start.elapsed());
        let original = sentences.at(n).0;
        if is_planted && score(&text, &original, PAIR.0) >= LEAST {
            planted += 1;
            let at = found.iter().position(|m| m.unit.source == original);
            first += usize::from(at == Some(0));
            shown += usize::from(at.is_some());
        }
    }
    times.sort_unstable();
    wall.sort_unstable();
    let stats = memory.stats()?;
    let share = |of: usize| of as f64 / planted.max(1) as f64;
    Ok(Figures {
        units: stats.units,
        build,
        bytes: stats.bytes,
        times,
        wall,
        first: share(first),
        shown: share(shown),
    })
}

fn unit(sentences: &Sentences, n: u64) -> Unit {
    let (source, target) = sentences.at(n);
    let at = Timestamp::from_second(1_700_000_000 + n as i64).expect("a second of this century");
    let review = Review { by: "bench".into(), at };
    Unit { pair: PAIR, source, target, review, origin: "bench".into(), context: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_the_same_for_the_same_seed() {
        let (a, b) = (Sentences::new(1), Sentences::new(1));
        assert_eq!(a.at(7), b.at(7));
        assert_ne!(a.at(7), Sentences::new(2).at(7));
        assert_ne!(a.at(7), a.at(8));
        assert!(a.words.len() > 10_000);
        let near = (0..200).filter(|&n| score(&a.at(n).0, &a.changed(n), Lang::ID) >= LEAST).count();
        assert!(near > 180, "{near}");
    }

    #[test]
    fn what_was_planted_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let figures = run(dir.path(), 2000, 200, 1).unwrap();
        assert_eq!((figures.units, figures.times.len()), (2000, 200));
        assert!(figures.shown > 0.97, "{}", figures.shown);
        assert!(figures.first <= figures.shown);
        let again = run(dir.path(), 2000, 20, 1).unwrap();
        assert_eq!(again.build, Duration::ZERO, "a memory of that size is not made anew");
    }
}
