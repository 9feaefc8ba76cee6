//! Learns `data/names/translit.tsv`: which Latin letters the characters of other scripts stand for in names.
//!
//!     cargo run --release -p edisi-text --example train_sounds -- pairs.tsv > data/names/translit.tsv
//!
//! `pairs.tsv`, which `data/names/build.py` writes, has lines `script<TAB>latin<TAB>form`; the script is `kana`,
//! `arab` or `han`, the Latin name is in `a` to `z`.
//!
//! Many-to-many alignment by expectation maximisation (Jiampojamarn et al. 2007): every unit of the other script
//! stands for none to four letters, and letters may be written by no unit. Printed is, for a unit and its letters,
//! how much likelier the letters are there than anywhere in a name, in hundredths of a nat.

use std::collections::HashMap;

use edisi_text::name::{MOST_LETTERS, sound_units};

/// Share of letters that no unit writes, to begin with and at least.
const UNWRITTEN: f64 = 0.02;
/// What a unit stands for less often than this share is not kept.
const SHARE: f64 = 0.004;
/// The least share of a unit that stands for nothing.
const SILENT: f64 = 0.006;
const ROUNDS: usize = 8;
/// Pairs whose letters are, on average, less likelier than this many nats by their alignment than alone are names
/// in another language and teach nothing.
const TRANSLATED: f64 = 0.35;

struct Pair {
    name: Vec<u8>,
    units: Vec<usize>,
}

/// Probabilities of letters by unit, and of letters that no unit writes.
struct Model {
    said: Vec<HashMap<Vec<u8>, f64>>,
    unwritten: HashMap<u8, f64>,
    /// How likely a stretch of letters is among those of its length.
    anywhere: HashMap<Vec<u8>, f64>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name pairs.tsv")?;
    let text = std::fs::read_to_string(path)?;
    println!(
        "# script, unit (- for none), its letters (- for none), 100 × log odds against the same letters anywhere"
    );
    for script in ["kana", "arab", "han"] {
        let mut names: Vec<String> = Vec::new();
        let mut ids: HashMap<String, usize> = HashMap::new();
        let mut pairs = Vec::new();
        for line in text.lines() {
            let [kind, latin, form] = line.split('\t').collect::<Vec<_>>()[..] else {
                return Err(format!("three columns, not: {line}").into());
            };
            let units = sound_units(form);
            if kind != script
                || latin.len() < 2
                || units.is_empty()
                || latin.len() > units.len() * MOST_LETTERS
            {
                continue;
            }
            let unit = |unit: String| {
                *ids.entry(unit.clone()).or_insert_with(|| {
                    names.push(unit);
                    names.len() - 1
                })
            };
            pairs.push(Pair { name: latin.bytes().collect(), units: units.into_iter().map(unit).collect() });
        }
        let model = train(&pairs, names.len(), script);
        print(script, &names, &model);
    }
    Ok(())
}

fn train(pairs: &[Pair], units: usize, script: &str) -> Model {
    let mut model =
        Model { said: vec![HashMap::new(); units], unwritten: HashMap::new(), anywhere: anywhere(pairs) };
    for round in 0..ROUNDS {
        let mut said: Vec<HashMap<Vec<u8>, f64>> = vec![HashMap::new(); units];
        let mut unwritten: HashMap<u8, f64> = HashMap::new();
        let (mut used, mut letters) = (0, 0.0);
        for pair in pairs {
            let counts = align(pair, &model, round == 0);
            let Some(counts) = counts.filter(|c| round < 2 || c.odds > TRANSLATED * pair.name.len() as f64)
            else {
                continue;
            };
            used += 1;
            letters += pair.name.len() as f64;
            for (unit, chunk, share) in counts.said {
                *said[unit].entry(chunk).or_default() += share;
            }
            for (letter, share) in counts.unwritten {
                *unwritten.entry(letter).or_default() += share;
            }
        }
        for (unit, chunks) in said.into_iter().enumerate() {
            let sum: f64 = chunks.values().sum();
            // A rare unit is less sure of what it stands for.
            model.said[unit] = chunks.into_iter().map(|(c, n)| (c, n / (sum + 0.5))).collect();
            let silent = model.said[unit].entry(Vec::new()).or_default();
            *silent = silent.max(SILENT);
        }
        model.unwritten = (b'a'..=b'z')
            .map(|l| (l, (unwritten.get(&l).copied().unwrap_or(0.0) / letters).max(UNWRITTEN / 60.0)))
            .collect();
        eprintln!("{script} round {round}: {used} of {} pairs", pairs.len());
    }
    model
}

/// How likely each stretch of letters is among those of its length.
fn anywhere(pairs: &[Pair]) -> HashMap<Vec<u8>, f64> {
    let mut counts: HashMap<Vec<u8>, f64> = HashMap::new();
    let mut sums = [0.0; MOST_LETTERS + 1];
    for pair in pairs {
        for (length, sum) in sums.iter_mut().enumerate().skip(1) {
            for chunk in pair.name.windows(length) {
                *counts.entry(chunk.to_vec()).or_default() += 1.0;
                *sum += 1.0;
            }
        }
    }
    counts.into_iter().map(|(chunk, n)| (chunk.clone(), (n + 1.0) / (sums[chunk.len()] + 1.0))).collect()
}

struct Counts {
    said: Vec<(usize, Vec<u8>, f64)>,
    unwritten: Vec<(u8, f64)>,
    /// Log odds of the name given the units against the name alone.
    odds: f64,
}

/// Expected counts of a pair; `None` when it cannot be aligned.
fn align(pair: &Pair, model: &Model, first: bool) -> Option<Counts> {
    let (n, m) = (pair.name.len(), pair.units.len());
    let chance = |unit: usize, chunk: &[u8]| {
        if first {
            [0.05, 1.0, 1.0, 0.5, 0.2][chunk.len()] * 26f64.powi(-(chunk.len() as i32))
        } else {
            model.said[unit].get(chunk).copied().unwrap_or(0.0)
        }
    };
    let bare = |letter: u8| if first { UNWRITTEN / 26.0 } else { model.unwritten[&letter] };
    let at = |i: usize, j: usize| i * (m + 1) + j;
    let mut forward = vec![0.0; (n + 1) * (m + 1)];
    forward[0] = 1.0;
    let mut backward = vec![0.0; (n + 1) * (m + 1)];
    backward[at(n, m)] = 1.0;
    for i in 0..=n {
        for j in 0..=m {
            let here = forward[at(i, j)];
            if here == 0.0 {
                continue;
            }
            if i < n {
                forward[at(i + 1, j)] += here * bare(pair.name[i]);
            }
            if j < m {
                for length in 0..=MOST_LETTERS.min(n - i) {
                    forward[at(i + length, j + 1)] += here * chance(pair.units[j], &pair.name[i..i + length]);
                }
            }
        }
    }
    let total = forward[at(n, m)];
    if total <= 0.0 {
        return None;
    }
    let mut counts = Counts { said: Vec::new(), unwritten: Vec::new(), odds: total.ln() };
    for i in (0..=n).rev() {
        for j in (0..=m).rev() {
            let mut sum = backward[at(i, j)];
            if i < n {
                let p = bare(pair.name[i]) * backward[at(i + 1, j)];
                sum += p;
                counts.unwritten.push((pair.name[i], forward[at(i, j)] * p / total));
            }
            if j < m {
                for length in 0..=MOST_LETTERS.min(n - i) {
                    let chunk = &pair.name[i..i + length];
                    let p = chance(pair.units[j], chunk) * backward[at(i + length, j + 1)];
                    sum += p;
                    let share = forward[at(i, j)] * p / total;
                    if share > 1e-4 {
                        counts.said.push((pair.units[j], chunk.to_vec(), share));
                    }
                }
            }
            backward[at(i, j)] = sum;
        }
    }
    counts.odds -= pair.name.iter().map(|l| model.anywhere[&vec![*l]].ln()).sum::<f64>();
    Some(counts)
}

fn print(script: &str, names: &[String], model: &Model) {
    let hundredths = |x: f64| (x * 100.0).round() as i32;
    for (letter, chance) in model.unwritten.iter().collect::<std::collections::BTreeMap<_, _>>() {
        let odds = chance.ln() - model.anywhere.get(&vec![*letter]).copied().unwrap_or(1e-3).ln();
        println!("{script}\t-\t{}\t{}", *letter as char, hundredths(odds.min(-0.5)));
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|a, b| names[*a].cmp(&names[*b]));
    for unit in order {
        let mut chunks: Vec<(&Vec<u8>, &f64)> = model.said[unit].iter().filter(|c| *c.1 >= SHARE).collect();
        chunks.sort_by_key(|c| c.0);
        for (chunk, chance) in chunks {
            let letters = if chunk.is_empty() { "-" } else { std::str::from_utf8(chunk).expect("letters") };
            let odds = chance.ln() - model.anywhere.get(chunk).map_or(0.0, |q| q.ln());
            println!("{script}\t{}\t{letters}\t{}", names[unit], hundredths(odds));
        }
    }
}
