//! Learns the word links of `data/lexicon` from parallel sentences.
//!
//!     cargo run --release -p edisi-quality --example train_lexicon -- multiway.tsv OUT [leave-out]
//!
//! `multiway.tsv` has the columns `source split id en zh ja ar fr`; rows with `split=dev` are not used. With
//! `leave-out` 0 to 4, neither is every fifth row from that one on, so that checks can be judged on unseen rows.
//!
//! IBM model 1 (Brown et al. 1993) in both directions; the geometric mean of both expected counts decides which
//! links are kept. Their strength is the logarithm of how much likelier the other word is in the translation of a
//! sentence with this one; `absent` is how much likelier it is to see none of a word's links where the word was
//! not translated. Both are smoothed for rare words.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use edisi_quality::lexicon::keys;

const LANGS: [&str; 6] = ["id", "en", "zh", "ja", "ar", "fr"];
/// Lines of the file whose French belongs to other rows.
const FRENCH_ELSEWHERE: [std::ops::RangeInclusive<usize>; 2] = [463..=736, 1088..=1122];
const ROUNDS: usize = 6;
/// Words and links seen less often than this teach nothing.
const SEEN: u32 = 2;
/// A link takes at least this share of the occurrences of one of its words.
const SHARE: f64 = 0.09;
/// Evidence is capped here, in nats.
const MOST: f64 = 4.0;

type Row = [Vec<String>; 6];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("name multiway.tsv")?;
    let out = PathBuf::from(args.next().ok_or("name the folder to write")?);
    let left_out: Option<usize> = args.next().map(|a| a.parse()).transpose()?;
    let text = std::fs::read_to_string(path)?;
    let mut rows: Vec<Row> = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() != 8 || cells[1] != "train" || left_out.is_some_and(|k| at % 5 == k) {
            continue;
        }
        let moved = |lang: &str| lang == "fr" && FRENCH_ELSEWHERE.iter().any(|r| r.contains(&(at + 1)));
        let cell = |i: usize| {
            let lang = LANGS[i];
            if moved(lang) { Vec::new() } else { keys(cells[i + 2], lang.parse().expect("a tag")) }
        };
        rows.push(std::array::from_fn(cell));
    }
    std::fs::create_dir_all(&out)?;
    for (a, first) in LANGS.iter().enumerate() {
        for (b, second) in LANGS.iter().enumerate().skip(a + 1) {
            let file = out.join(format!("{first}-{second}.tsv"));
            let table = learn(&rows, a, b);
            println!("{} {} bytes", file.display(), table.len());
            std::fs::write(file, table)?;
        }
    }
    Ok(())
}

/// Words as numbers.
#[derive(Default)]
struct Words {
    ids: HashMap<String, u32>,
    names: Vec<String>,
    /// In how many sentences.
    seen: Vec<u32>,
}

impl Words {
    fn ids(&mut self, keys: &[String]) -> Vec<u32> {
        let ids: Vec<u32> = keys
            .iter()
            .map(|key| {
                *self.ids.entry(key.clone()).or_insert_with(|| {
                    self.names.push(key.clone());
                    self.seen.push(0);
                    self.names.len() as u32 - 1
                })
            })
            .collect();
        for &id in ids.iter().collect::<HashSet<_>>() {
            self.seen[id as usize] += 1;
        }
        ids
    }
}

type Counts = HashMap<(u32, u32), f64>;

/// Expected counts of `(word of a, word of b)` when every word of a comes from one of b, or from none.
fn counts(sentences: &[(Vec<u32>, Vec<u32>)]) -> Counts {
    let none = u32::MAX;
    // Every pair gets a place in a list, every sentence the places of its pairs, row by row.
    let mut places: HashMap<(u32, u32), u32> = HashMap::new();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let grids: Vec<(Vec<u32>, usize)> = sentences
        .iter()
        .map(|(a, b)| {
            let cells = a.iter().flat_map(|x| b.iter().chain([&none]).map(move |y| (*x, *y)));
            let place = |pair| {
                *places.entry(pair).or_insert_with(|| {
                    pairs.push(pair);
                    pairs.len() as u32 - 1
                })
            };
            (cells.map(place).collect(), b.len() + 1)
        })
        .collect();
    let mut chance = vec![1.0f64; pairs.len()];
    let mut expected = vec![0.0f64; pairs.len()];
    for _ in 0..ROUNDS {
        expected.fill(0.0);
        for row in grids.iter().flat_map(|(grid, width)| grid.chunks(*width)) {
            let sum: f64 = row.iter().map(|&i| chance[i as usize]).sum();
            row.iter().for_each(|&i| expected[i as usize] += chance[i as usize] / sum);
        }
        let mut totals: HashMap<u32, f64> = HashMap::new();
        for ((_, y), c) in pairs.iter().zip(&expected) {
            *totals.entry(*y).or_default() += c;
        }
        for (((_, y), c), p) in pairs.iter().zip(&expected).zip(&mut chance) {
            *p = c / totals[y];
        }
    }
    pairs.into_iter().zip(expected).collect()
}

fn learn(rows: &[Row], a: usize, b: usize) -> String {
    let (mut first, mut second) = (Words::default(), Words::default());
    let sentences: Vec<(Vec<u32>, Vec<u32>)> = rows
        .iter()
        .filter(|r| !r[a].is_empty() && !r[b].is_empty())
        .map(|r| (first.ids(&r[a]), second.ids(&r[b])))
        .collect();
    let all = sentences.len() as f64;
    let known = |words: &Words, ids: &[u32]| {
        ids.iter().copied().filter(|&i| words.seen[i as usize] >= SEEN).collect()
    };
    let sentences: Vec<(Vec<u32>, Vec<u32>)> =
        sentences.iter().map(|(a, b)| (known(&first, a), known(&second, b))).collect();
    let forward = counts(&sentences);
    let turned: Vec<_> = sentences.iter().map(|(a, b)| (b.clone(), a.clone())).collect();
    let backward = counts(&turned);
    let mut together: HashMap<(u32, u32), u32> = HashMap::new();
    let mut strong: Counts = HashMap::new();
    for (&(x, y), &c) in &forward {
        if y == u32::MAX {
            continue;
        }
        let both = (c * backward.get(&(y, x)).copied().unwrap_or(0.0)).sqrt();
        let rarer = f64::from(first.seen[x as usize].min(second.seen[y as usize]));
        if both >= 0.7 && both / rarer >= SHARE {
            strong.insert((x, y), both);
            together.insert((x, y), 0);
        }
    }
    for (a, b) in &sentences {
        for x in a.iter().collect::<HashSet<_>>() {
            for y in b.iter().collect::<HashSet<_>>() {
                if let Some(n) = together.get_mut(&(*x, *y)) {
                    *n += 1;
                }
            }
        }
    }
    // Ordered, so that the same rows give the same bytes.
    let mut links: BTreeMap<u32, Vec<(u32, f64)>> = BTreeMap::new();
    for (&(x, y), &n) in &together {
        let (nx, ny, n) =
            (f64::from(first.seen[x as usize]), f64::from(second.seen[y as usize]), f64::from(n));
        let strength = ((n - 0.5) * all / (nx * ny)).ln();
        if n >= f64::from(SEEN) && strength >= 0.4 {
            links.entry(x).or_default().push((y, strength.min(MOST)));
        }
    }
    let there: Vec<(HashSet<u32>, HashSet<u32>)> =
        sentences.iter().map(|(a, b)| (a.iter().copied().collect(), b.iter().copied().collect())).collect();
    let mut back: BTreeMap<u32, Vec<(u32, f64)>> = BTreeMap::new();
    for (&x, list) in &links {
        list.iter().for_each(|&(y, s)| back.entry(y).or_default().push((x, s)));
    }
    let from_first = absent(&links, there.iter().map(|(a, b)| (a, b)), &first.seen, &second.seen, all);
    let from_second = absent(&back, there.iter().map(|(a, b)| (b, a)), &second.seen, &first.seen, all);
    write(&links, &first, &second, &from_first, &from_second)
}

/// Per linked word: the evidence of seeing none of its links.
fn absent<'a>(
    links: &BTreeMap<u32, Vec<(u32, f64)>>,
    sentences: impl Iterator<Item = (&'a HashSet<u32>, &'a HashSet<u32>)>,
    seen: &[u32],
    other_seen: &[u32],
    all: f64,
) -> HashMap<u32, f64> {
    let mut hits: HashMap<u32, f64> = HashMap::new();
    for (here, other) in sentences {
        for word in here {
            if links.get(word).is_some_and(|l| l.iter().any(|(y, _)| other.contains(y))) {
                *hits.entry(*word).or_default() += 1.0;
            }
        }
    }
    let evidence = |(&word, list): (&u32, &Vec<(u32, f64)>)| {
        let n = f64::from(seen[word as usize]);
        let rate = (hits.get(&word).copied().unwrap_or(0.0) - 0.5 * list.len() as f64).max(0.0) / (n + 1.5);
        let chance: f64 =
            list.iter().map(|(y, _)| (1.0 - f64::from(other_seen[*y as usize]) / all).ln()).sum();
        (word, (chance - (1.0 - rate).ln()).clamp(0.0, MOST))
    };
    links.iter().map(evidence).collect()
}

fn write(
    links: &BTreeMap<u32, Vec<(u32, f64)>>,
    first: &Words,
    second: &Words,
    from_first: &HashMap<u32, f64>,
    from_second: &HashMap<u32, f64>,
) -> String {
    let tenths = |x: f64| (x * 10.0).round() as u32;
    let mut out = String::new();
    let mut others: Vec<&u32> = from_second.keys().collect();
    others.sort_by_key(|y| &second.names[**y as usize]);
    for y in others {
        let _ = writeln!(out, "={}\t{}", second.names[*y as usize], tenths(from_second[y]));
    }
    let mut words: Vec<&u32> = links.keys().collect();
    words.sort_by_key(|x| &first.names[**x as usize]);
    for x in words {
        let mut list = links[x].clone();
        list.sort_by(|a, b| {
            b.1.total_cmp(&a.1).then_with(|| second.names[a.0 as usize].cmp(&second.names[b.0 as usize]))
        });
        let list: Vec<String> =
            list.iter().map(|(y, s)| format!("{}:{}", second.names[*y as usize], tenths(*s))).collect();
        let _ = writeln!(out, "{}\t{}\t{}", first.names[*x as usize], tenths(from_first[x]), list.join(" "));
    }
    out
}
