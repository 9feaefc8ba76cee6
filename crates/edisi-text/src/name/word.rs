//! The words of a text, as names are looked for in them.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::fold;
use crate::Lang;

/// A word in letters, or a run of katakana.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// As compared: Latin in `a` to `z`, Arabic without vowel signs, katakana as it is.
    pub key: String,
    /// The kind of letters.
    pub letters: Letters,
    /// Whether it begins with a capital.
    pub capital: bool,
    /// Whether it is all capitals, two or more.
    pub upper: bool,
    /// Whether it begins a sentence, or what is set like one: after a full stop, a colon, an opening quote.
    pub first: bool,
    /// Whether anything but one space, hyphen or apostrophe stands before it.
    pub apart: bool,
}

/// What a word is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Letters {
    /// Latin letters.
    Latin,
    /// Arabic letters.
    Arabic,
    /// Katakana.
    Kana,
    /// A stretch of Han characters.
    Han,
}

fn letters_of(c: char) -> Option<Letters> {
    if c.is_ascii() {
        return c.is_ascii_alphabetic().then_some(Letters::Latin);
    }
    match c {
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{300}'..='\u{36f}' if c != '×' && c != '÷' => {
            Some(Letters::Latin)
        }
        _ if fold::is_arabic(c) => Some(Letters::Arabic),
        _ if fold::is_kana(c) => Some(Letters::Kana),
        _ if fold::is_han(c) => Some(Letters::Han),
        _ => None,
    }
}

/// Cuts a text into words; what is in other scripts, digits and punctuation is left out.
pub fn words(text: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut between = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let Some(letters) = letters_of(c) else {
            between.push(c);
            continue;
        };
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            if letters_of(next) != Some(letters) {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        let (first, apart) = if out.is_empty() { (true, true) } else { gap(&between) };
        between.clear();
        let word = &text[start..end];
        let key = match letters {
            Letters::Latin => fold::latin(word),
            Letters::Arabic => fold::arabic(word),
            Letters::Kana => word.to_owned(),
            Letters::Han => word.chars().map(fold::han_char).collect(),
        };
        if key.is_empty() {
            continue;
        }
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let upper = key.len() > 1 && !word.chars().any(char::is_lowercase) && capital;
        out.push(Word { range: start..end, key, letters, capital, upper, first, apart });
    }
    out
}

/// What a gap between two words says of the second: whether it begins a sentence, and whether it stands apart.
fn gap(between: &str) -> (bool, bool) {
    let first = between.contains([
        '.', '!', '?', ':', ';', '…', '"', '“', '«', '„', '(', '[', '–', '—', '\n', '*', '•', '|',
    ]) && !matches!(between, ". " | ".");
    let apart = !matches!(between, " " | "-" | "'" | "’" | "\u{a0}" | "\u{2011}" | "・" | "·" | "");
    // A full stop ends a sentence unless the caller sees an initial before it.
    (first || between.starts_with('.') && between.len() > 1, apart)
}

macro_rules! list {
    ($name:ident, $file:literal) => {
        static $name: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!($file).lines().collect());
    };
}
list!(EN, "../../data/names/words-en.txt");
list!(ID, "../../data/names/words-id.txt");
list!(FR, "../../data/names/words-fr.txt");
list!(JA, "../../data/names/words-ja.txt");
list!(ZH, "../../data/names/words-zh.txt");
/// As words are compared: without vowel signs and spelling variants.
static AR: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("../../data/names/words-ar.txt").lines();
    lines.map(fold::arabic).filter(|w| !w.is_empty()).collect()
});
static PLAIN: LazyLock<HashSet<&str>> =
    LazyLock::new(|| listed(include_str!("../../data/names/plain.txt")).collect());

/// The words of a list whose comments are lines that begin with `#`.
pub(super) fn listed(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

/// Ordinary Arabic words, as words are compared.
pub(super) fn arabic_words() -> impl Iterator<Item = &'static str> {
    AR.iter().map(String::as_str)
}

/// Whether a word has two letters side by side that no ordinary word of the language has: Hsieh in Indonesian.
/// `false` for languages whose words are not listed.
pub(super) fn is_foreign(key: &str, lang: Lang) -> bool {
    let pairs = match lang.code() {
        "id" => &*ID_PAIRS,
        "fr" => &*FR_PAIRS,
        _ => return false,
    };
    letter_pairs(key).any(|p| !pairs.contains(&p))
}

static ID_PAIRS: LazyLock<HashSet<[u8; 2]>> =
    LazyLock::new(|| ID.iter().flat_map(|w| letter_pairs(w)).collect());
static FR_PAIRS: LazyLock<HashSet<[u8; 2]>> =
    LazyLock::new(|| FR.iter().flat_map(|w| letter_pairs(w)).collect());

/// Letters side by side, with `^` before the first and `$` behind the last.
fn letter_pairs(key: &str) -> impl Iterator<Item = [u8; 2]> {
    let ends = key.bytes().skip(1).chain([b'$']);
    [b'^'].into_iter().chain(key.bytes()).zip(key.bytes().take(1).chain(ends)).map(|(a, b)| [a, b])
}

/// Whether a word is written with a capital though it is translated: a day, a post, an institution.
pub(super) fn is_designation(key: &str) -> bool {
    PLAIN.contains(key)
}

/// Whether a katakana word is one of the language, or made of two.
fn is_loanword(key: &str) -> bool {
    if JA.contains(key) {
        return true;
    }
    let cuts = key.char_indices().map(|(at, _)| at).skip(2);
    cuts.into_iter().any(|at| JA.contains(&key[..at]) && JA.contains(&key[at..]))
}

/// A Roman numeral, with the ending French gives it.
fn is_century(key: &str) -> bool {
    let digits = key.trim_end_matches(['e', 'r']).trim_end_matches("em");
    !digits.is_empty() && digits.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'))
}

/// Whether a word, in the form of [`Word::key`], is an ordinary word of the language: lower case letters in
/// running text, or a name of weekdays, posts and institutions that is translated.
pub fn is_ordinary(key: &str, lang: Lang) -> bool {
    let list: &HashSet<&str> = match lang.code() {
        "en" => &EN,
        "id" => &ID,
        "fr" => &FR,
        "ar" => return AR.contains(key),
        "ja" => return is_loanword(key),
        "zh" => return ZH.contains(key),
        _ => return false,
    };
    if list.contains(key) || PLAIN.contains(key) || is_century(key) {
        return true;
    }
    // What Indonesian derives from verbs and adjectives.
    if lang == Lang::ID
        && key.len() >= 8
        && (key.starts_with("meng")
            || key.starts_with("meny")
            || key.ends_with("an") && key.starts_with(['p', 'k']) && key[1..].starts_with('e'))
    {
        return true;
    }
    let endings: &[&str] = match lang.code() {
        "en" => &["s", "ed", "ing", "ly", "es", "d"],
        "id" => &["nya", "an", "kan", "lah", "i", "ku", "mu"],
        _ => &["s", "es", "e", "x", "nt", "r"],
    };
    let stem = |key: &str| {
        endings.iter().any(|e| key.strip_suffix(e).is_some_and(|s| s.len() > 2 && list.contains(s)))
    };
    if stem(key) {
        return true;
    }
    let beginnings: &[&str] = match lang.code() {
        "en" => &["un", "non", "re", "anti", "inter", "pre", "over", "co", "multi", "super"],
        "id" => {
            &["meng", "meny", "mem", "men", "me", "ber", "ter", "di", "peng", "pem", "pen", "pe", "ke", "se"]
        }
        _ => &["re", "in", "anti", "pre", "inter"],
    };
    beginnings
        .iter()
        .any(|b| key.strip_prefix(b).is_some_and(|s| s.len() > 3 && (list.contains(s) || stem(s))))
}
