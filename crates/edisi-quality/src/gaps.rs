//! Where a sentence seems to have lost a word: `They met in, the capital`.
//!
//! A logistic regression per language looks at the two words or marks before a place and the two behind it. Its weights
//! are in `data/gaps/<lang>.tsv`, learned by the script beside them from sentences out of which names were taken.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::LazyLock;

use edisi_text::Lang;
use edisi_text::script::{Script, is_dense, script_of};

/// A place between two words of a text, or at one of its ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Byte of the text: the next word or mark starts here.
    pub at: usize,
    /// Log odds that a word is gone here, where one place in 25 has lost one.
    pub odds: f32,
}

/// What the regression looks at of a word or mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aspect {
    /// Its small letters; `0` for numbers.
    Word,
    /// Its last letters, in Arabic its first and last ones.
    Ending,
    /// Whether it has a capital, which script it is in; marks themselves.
    Shape,
}

use Aspect::{Ending, Shape, Word};

/// Combinations that have weights, named by letters from `a` on: aspects of the words two before (0), right before (1),
/// right behind (2), and two behind (3) the place.
const FEATURES: [&[(usize, Aspect)]; 18] = [
    &[(1, Word)],
    &[(2, Word)],
    &[(1, Word), (2, Word)],
    &[(0, Word), (1, Word)],
    &[(2, Word), (3, Word)],
    &[(1, Ending)],
    &[(2, Ending)],
    &[(1, Ending), (2, Ending)],
    &[(1, Shape), (2, Shape)],
    &[(1, Shape), (2, Word)],
    &[(1, Word), (2, Shape)],
    &[(1, Word), (2, Ending)],
    &[(1, Ending), (2, Word)],
    &[(0, Shape), (1, Shape), (2, Shape), (3, Shape)],
    &[(1, Word), (2, Shape), (3, Shape)],
    &[(0, Shape), (1, Shape), (2, Word)],
    &[(1, Word), (3, Word)],
    &[(0, Word), (2, Word)],
];

/// The weights for a language.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    base: f32,
    /// By the hash of what they are for.
    by_feature: HashMap<u64, f32, BuildHasherDefault<Hashed>>,
    /// Hashes of everything that features are of; what else a text has is not looked up.
    parts: HashSet<u64, BuildHasherDefault<Hashed>>,
}

/// Takes a key that is a hash as it is.
#[derive(Debug, Clone, Copy, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |h, b| mixed(h, u64::from(*b)));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// A line of a file of weights that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the weights is not `feature word …<TAB>hundredths`; learn them anew")]
pub struct WeightsError {
    /// Line, from 1.
    pub line: usize,
}

impl Weights {
    /// Reads lines of a feature's letter, what it is of, separated by spaces, a tab, and its weight in hundredths; the
    /// feature `=` always counts. Lines that begin with `#` are passed over.
    ///
    /// # Errors
    /// When a line has another form.
    pub fn parse(text: &str) -> Result<Weights, WeightsError> {
        let mut weights = Weights::default();
        for (at, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#')) {
            let fail = || WeightsError { line: at + 1 };
            let (feature, weight) = line.split_once('\t').ok_or_else(fail)?;
            let weight = f32::from(weight.parse::<i16>().map_err(|_| fail())?) / 100.0;
            let mut parts = feature.split(' ');
            let name = parts.next().ok_or_else(fail)?;
            if name == "=" {
                weights.base = weight;
                continue;
            }
            let index = name.bytes().next().and_then(|b| b.checked_sub(b'a')).map(usize::from);
            let index = index.filter(|i| name.len() == 1 && *i < FEATURES.len()).ok_or_else(fail)?;
            let parts: Vec<u64> = parts.map(hash).collect();
            if parts.len() != FEATURES[index].len() {
                return Err(fail());
            }
            weights.parts.extend(&parts);
            weights.by_feature.insert(parts.into_iter().fold(index as u64, mixed), weight);
        }
        Ok(weights)
    }

    /// Every place of a text in `lang`, in its order.
    pub fn gaps(&self, text: &str, lang: Lang) -> Vec<Gap> {
        let pieces = padded(text, lang);
        let mut spelt = String::new();
        let hashed = |piece: &Piece<'_>| {
            [Word, Ending, Shape].map(|aspect| {
                spelt.clear();
                piece.spell(aspect, lang, &mut spelt);
                Some(hash(&spelt)).filter(|part| self.parts.contains(part))
            })
        };
        let hashes: Vec<[Option<u64>; 3]> = pieces.iter().map(hashed).collect();
        let odds = |around: &[[Option<u64>; 3]]| {
            let weight = |(index, parts): (usize, &&[(usize, Aspect)])| {
                let mut parts = parts.iter().map(|(at, aspect)| around[*at][*aspect as usize]);
                let key = parts.try_fold(index as u64, |key, part| Some(mixed(key, part?)))?;
                self.by_feature.get(&key).copied()
            };
            self.base + FEATURES.iter().enumerate().filter_map(weight).sum::<f32>()
        };
        let places = pieces[2..].iter().zip(hashes.windows(4));
        places.map(|(next, around)| Gap { at: next.range.start, odds: odds(around) }).collect()
    }
}

/// What the regression sees of every place of a text: its byte and the features that may have weights. For learning
/// them.
pub fn features(text: &str, lang: Lang) -> Vec<(usize, Vec<String>)> {
    let pieces = padded(text, lang);
    let seen = |around: &[Piece<'_>]| {
        let named = |(index, parts): (usize, &&[(usize, Aspect)])| {
            let mut name = char::from(b'a' + index as u8).to_string();
            for (at, aspect) in *parts {
                name.push(' ');
                around[*at].spell(*aspect, lang, &mut name);
            }
            name
        };
        (around[2].range.start, FEATURES.iter().enumerate().map(named).collect())
    };
    pieces.windows(4).map(seen).collect()
}

macro_rules! built_in {
    ($($lang:literal),*) => {
        [$(($lang, LazyLock::new(|| {
            Weights::parse(include_str!(concat!("../data/gaps/", $lang, ".tsv"))).expect("weights this crate wrote")
        }))),*]
    };
}

static BUILT_IN: [(&str, LazyLock<Weights>); 6] = built_in!["id", "en", "zh", "ja", "ar", "fr"];

/// The built-in weights for a language.
pub(crate) fn weights(lang: Lang) -> Option<&'static Weights> {
    BUILT_IN.iter().find(|w| w.0 == lang.code()).map(|w| &*w.1)
}

/// FNV-1a, 64 bits: the same on every machine.
fn hash(part: &str) -> u64 {
    part.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

fn mixed(so_far: u64, part: u64) -> u64 {
    (so_far.rotate_left(23) ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A word, number or mark.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece<'t> {
    /// Bytes of the text.
    range: Range<usize>,
    /// Itself with straight apostrophes; `^` before the text and `$` behind it.
    text: Cow<'t, str>,
}

impl Piece<'_> {
    /// Appends an aspect.
    fn spell(&self, aspect: Aspect, lang: Lang, out: &mut String) {
        let first = self.text.chars().next().unwrap_or(' ');
        if first.is_numeric() {
            out.push('0');
            return;
        }
        let small = || self.text.chars().flat_map(char::to_lowercase);
        let last = |count| {
            let skipped = small().count().saturating_sub(count);
            small().skip(skipped)
        };
        match (aspect, lang.code()) {
            _ if !first.is_alphabetic() => out.extend(small()),
            (Word, _) => out.extend(small()),
            (Ending, "zh" | "ja") => out.extend(last(1)),
            (Ending, "ar") => out.extend(small().take(2).chain(['_']).chain(last(2))),
            (Ending, _) => out.extend(last(3)),
            (Shape, _) => out.push(self.shape(first)),
        }
    }

    fn shape(&self, first: char) -> char {
        match script_of(first) {
            Script::Katakana => 'K',
            Script::Hiragana => 'H',
            _ if !first.is_uppercase() => 'l',
            _ if self.text.len() > first.len_utf8() && !self.text.contains(char::is_lowercase) => 'A',
            _ => 'C',
        }
    }
}

/// The pieces of a text, two more before it and two behind it.
fn padded(text: &str, lang: Lang) -> Vec<Piece<'_>> {
    let edge = |at: usize, mark: &'static str| Piece { range: at..at, text: mark.into() };
    let mut out = vec![edge(0, "^"), edge(0, "^")];
    pieces(text, lang, &mut out);
    out.extend([edge(text.len(), "$"), edge(text.len(), "$")]);
    out
}

fn pieces<'t>(text: &'t str, lang: Lang, out: &mut Vec<Piece<'t>>) {
    let chars: Vec<(usize, char)> =
        text.char_indices().map(|(at, c)| (at, if c == '’' { '\'' } else { c })).collect();
    let letter = |i: usize| chars.get(i).is_some_and(|(_, c)| c.is_alphabetic());
    let kana = |i: usize| chars.get(i).is_some_and(|(_, c)| script_of(*c) == Script::Katakana);
    // A run of letters; marks that stand on letters belong to it.
    let spaced = |i: usize| {
        chars
            .get(i)
            .is_some_and(|(_, c)| (c.is_alphabetic() || is_mark(*c)) && !(lang.is_unspaced() && is_dense(*c)))
    };
    let apostrophe = |i: usize| chars.get(i).is_some_and(|(_, c)| *c == '\'');
    // `'s`, which is a word of its own in English.
    let possessive = |i: usize| {
        lang == Lang::EN
            && apostrophe(i)
            && matches!(chars.get(i + 1), Some((_, 's' | 'S')))
            && !letter(i + 2)
    };
    let mut i = 0;
    while let Some(&(start, c)) = chars.get(i) {
        let from = i;
        i += 1;
        if c.is_whitespace() {
            continue;
        }
        if c.is_numeric() {
            while chars.get(i).is_some_and(|(_, c)| c.is_numeric() || matches!(c, '.' | ',')) {
                i += 1;
            }
        } else if possessive(from) {
            i += 1;
        } else if lang.is_unspaced() && kana(from) {
            while kana(i) {
                i += 1;
            }
        } else if spaced(from) {
            while spaced(i) || apostrophe(i) && !possessive(i) {
                i += 1;
                // `d'Arles` is two words.
                if lang == Lang::FR && apostrophe(i - 1) {
                    break;
                }
            }
        }
        let end = chars.get(i).map_or(text.len(), |c| c.0);
        let own = &text[start..end];
        let text = if own.contains('’') { own.replace('’', "'").into() } else { own.into() };
        out.push(Piece { range: start..end, text });
    }
}

/// Marks that stand on letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn surest(text: &str, lang: Lang) -> Gap {
        let gaps = weights(lang).expect("weights").gaps(text, lang);
        gaps.into_iter().max_by(|a, b| a.odds.total_cmp(&b.odds)).expect("a place")
    }

    #[test]
    fn pieces_of_each_language() {
        let cut = |text, lang| -> Vec<String> {
            let mut out = Vec::new();
            pieces(text, lang, &mut out);
            out.into_iter().map(|p| p.text.into_owned()).collect()
        };
        assert_eq!(cut("Dewi’s 1,200 books", Lang::EN), ["Dewi", "'s", "1,200", "books"]);
        assert_eq!(cut("l’eau d'Arles.", Lang::FR), ["l'", "eau", "d'", "Arles", "."]);
        assert_eq!(cut("ジャワ島のVPN、", Lang::JA), ["ジャワ", "島", "の", "VPN", "、"]);
        assert_eq!(cut("Jum'at (3/4)", Lang::ID), ["Jum'at", "(", "3", "/", "4", ")"]);
    }

    #[test]
    fn holes_are_surprising() {
        let more = |hole: &str, whole: &str, lang| {
            assert!(surest(hole, lang).odds > surest(whole, lang).odds + 1.0, "{hole}");
        };
        more("They met in, the capital.", "They met in Ankara, the capital.", Lang::EN);
        more("The reporters heard of 's plan.", "The reporters heard of Dewi's plan.", Lang::EN);
        more("Kapal berlayar dari ke.", "Kapal berlayar dari Makassar ke Ambon.", Lang::ID);
        more("Le port de, fermé hier.", "Le port de Brest, fermé hier.", Lang::FR);
        more("Le maire d', hier.", "Le maire d'Arles, hier.", Lang::FR);
        more("渔民在的港口看到了船。", "渔民在泗水的港口看到了船。", Lang::ZH);
        more("代表団はの港に着いた。", "代表団はスラバヤの港に着いた。", Lang::JA);
        more("وصل الوفد إلى.", "وصل الوفد إلى سورابايا.", Lang::AR);
    }

    #[test]
    fn the_place_is_told() {
        let text = "They met in, the capital.";
        assert_eq!(&text[surest(text, Lang::EN).at..][..1], ",");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        assert!(Weights::parse("c in ,\t120\n=\t-500\n").is_ok());
        for bad in ["c in ,", "c in\t120", "z in\t120", "c in ,\tmuch", "cc in ,\t120"] {
            assert_eq!(Weights::parse(bad).err(), Some(WeightsError { line: 1 }), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_places(text in "\\PC{0,40}", lang in prop::sample::select(Lang::EDITIONS.to_vec())) {
            let gaps = weights(lang).expect("weights").gaps(&text, lang);
            prop_assert_eq!(gaps.last().map(|g| g.at), Some(text.len()));
            prop_assert!(gaps.iter().all(|g| text.is_char_boundary(g.at) && g.odds.is_finite()));
            prop_assert_eq!(gaps.len(), features(&text, lang).len());
        }
    }
}
