//! Frequent words of the languages in Latin letters.

use std::collections::HashMap;
use std::sync::LazyLock;

use whatlang::Lang as Guess;

use crate::Lang;

/// A language in Latin letters that has a word list.
pub(super) struct Latin {
    pub code: &'static str,
    /// What trigrams call it.
    pub guess: Option<Guess>,
    list: &'static str,
}

macro_rules! latin {
    ($($code:literal $guess:ident),*) => {
        &[$(Latin {
            code: $code,
            guess: Some(Guess::$guess),
            list: include_str!(concat!("../../data/detect/", $code, ".txt")),
        }),*]
    };
}

/// The languages with word lists; Malay counts as Indonesian until [`indonesian_or_malay`] is asked.
pub(super) const LATIN: &[Latin] = latin!["id" Ind, "en" Eng, "fr" Fra, "pt" Por, "es" Spa, "de" Deu, "nl" Nld, "it" Ita, "tr" Tur, "vi" Vie];

const MALAY: &str = include_str!("../../data/detect/ms.txt");

/// For each word the languages that use it, as bits, and how many they are.
static WORDS: LazyLock<HashMap<&'static str, (u16, u8)>> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, (u16, u8)> = HashMap::new();
    let lists = LATIN.iter().map(|l| l.list).enumerate().chain([(0, MALAY)]);
    for (i, list) in lists {
        for (word, _) in entries(list) {
            let bits = &mut words.entry(word).or_default().0;
            *bits |= 1 << i;
        }
    }
    for (bits, shared) in words.values_mut() {
        *shared = bits.count_ones() as u8;
    }
    words
});

/// Words of one of the two, the other lacking them: +1 Indonesian, -1 Malay.
static TELLING: LazyLock<HashMap<&'static str, i32>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (list, side) in [(LATIN[0].list, 1), (MALAY, -1)] {
        for (word, telling) in entries(list) {
            if telling {
                *words.entry(word).or_insert(0) += side;
            }
        }
    }
    words
});

/// The words of a list and whether their line is marked `+`.
fn entries(list: &'static str) -> impl Iterator<Item = (&'static str, bool)> {
    list.lines().filter(|l| !l.starts_with('#')).flat_map(|line| {
        let telling = line.starts_with('+');
        line.trim_start_matches('+').split_whitespace().map(move |w| (w, telling))
    })
}

fn tokens(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

/// Letters only one of the languages of [`LATIN`] writes (or hardly any other), by its place there.
const LETTERS: &[(&str, usize)] = &[
    ("ãõ", 3),
    ("ñ¿¡", 4),
    ("ß", 5),
    ("œêûë", 2),
    ("ìò", 7),
    ("ğış", 8),
    ("đơưạảấầẩậắằặẹẻếềểệỉịọỏốồổộớờởợụủứừửựỳỹ", 9),
];

/// For each language of [`LATIN`] how many words of `text` are on its list (a word several languages share
/// counts as a part in each), and the number of words.
pub(super) fn score(text: &str) -> (Vec<f32>, usize) {
    let mut hits = vec![0.0; LATIN.len()];
    let mut count = 0;
    for word in tokens(text) {
        count += 1;
        if let Some((bits, shared)) = WORDS.get(word.as_str()) {
            for (i, hit) in hits.iter_mut().enumerate() {
                if bits & (1 << i) != 0 {
                    *hit += 1.0 / f32::from(*shared);
                }
            }
        }
        for (letters, i) in LETTERS {
            if !word.is_ascii() && word.contains(|c| letters.contains(c)) {
                hits[*i] += 0.7;
            }
        }
    }
    (hits, count)
}

/// Indonesian or Malay, and how sure (0–1). Indonesian when nothing tells.
pub(super) fn indonesian_or_malay(text: &str) -> (Lang, f32) {
    let (mut id, mut ms) = (0, 0);
    for word in tokens(text) {
        match TELLING.get(word.as_str()) {
            Some(1) => id += 1,
            Some(-1) => ms += 1,
            _ => {}
        }
    }
    let margin = (id - ms) as f32 / (id + ms + 1) as f32;
    match ms {
        0 => (Lang::ID, 0.8 + margin * 0.2),
        _ if ms > id => (super::tag("ms"), -margin),
        _ => (Lang::ID, 0.5 + margin / 2.0),
    }
}
