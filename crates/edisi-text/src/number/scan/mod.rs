//! The walk over a text that finds its numbers.

mod calendar;
mod cjk;
mod relate;
mod time;
mod word;

use std::cell::OnceCell;

use super::digits::{self, Numeral, digit};
use super::lexicon::{self, Lexicon, Word, fold};
use super::words::{self, is_word_char, word_len};
use super::{Decimal, Number, NumberKind};
use crate::Lang;
pub(super) use relate::joins;
use word::renamed_at;

/// Letters behind digits that make them a place in an order, in English, French and Portuguese.
const ORDINAL_SUFFIXES: [&str; 16] =
    ["st", "nd", "rd", "th", "er", "ère", "re", "e", "ème", "eme", "ième", "nde", "o", "a", "º", "ª"];
/// Letters that stand right before an amount.
const CURRENCY_PREFIXES: [&str; 19] = [
    "Rp", "IDR", "RM", "MYR", "USD", "US", "AS", "EUR", "GBP", "JPY", "CNY", "RMB", "AUD", "SGD", "HK", "NT",
    "BRL", "SAR", "AED",
];
const CURRENCY_SIGNS: &str = "$€£¥￥₩₹฿₽₺₫₱₦＄";
/// Units written right behind digits; a number before one is no name.
#[rustfmt::skip]
const UNITS: [&str; 50] = [
    "km", "m", "cm", "mm", "kg", "g", "mg", "t", "lb", "lbs", "ft", "in", "mi", "mph", "kmh", "kph", "ha", "l", "L", "ml", "s",
    "min", "hr", "hrs", "sec", "x", "C", "F", "K", "V", "W", "kW", "MW", "GW", "kWh", "MWh", "Hz", "kHz", "MHz", "GHz", "MB", "GB",
    "TB", "px", "p", "AD", "BC", "BCE", "CE", "SM",
];

pub(super) struct Scanner<'t> {
    text: &'t str,
    lexicon: &'static Lexicon,
    out: Vec<Number>,
    /// Where the last word that announces a time of day ended.
    clock_end: usize,
    /// Where the last capitalised word ended.
    capital_end: usize,
    /// Whether the text speaks of another part of the day than the morning; looked up once.
    is_late: OnceCell<bool>,
}

/// What is known of a numeral before it is read.
#[derive(Clone, Copy)]
struct Before {
    /// Where the number begins, with the sign or word part before the digits.
    start: usize,
    kind: NumberKind,
}

impl<'t> Scanner<'t> {
    pub fn new(text: &'t str, lang: Lang) -> Scanner<'t> {
        let lexicon = lexicon::of(lang);
        let (clock_end, capital_end) = (usize::MAX, usize::MAX);
        Scanner { text, lexicon, out: Vec::new(), clock_end, capital_end, is_late: OnceCell::new() }
    }

    pub fn run(mut self) -> Vec<Number> {
        let mut at = 0;
        while let Some(c) = self.char_at(at) {
            at = if digit(c).is_some() {
                self.digits(at, self.before(at))
            } else if self.lexicon.han && !is_word_char(c) && !c.is_ascii() {
                self.unspaced(at, c)
            } else if is_word_char(c) {
                self.word(at)
            } else {
                at + c.len_utf8()
            };
        }
        self.relate();
        self.out
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    fn char_before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    fn push(
        &mut self,
        start: usize,
        end: usize,
        value: Decimal,
        alternatives: Vec<Decimal>,
        kind: NumberKind,
    ) {
        let raw = self.text[start..end].to_owned();
        self.out.push(Number {
            span: start..end,
            raw,
            value,
            alternatives,
            is_ambiguous: false,
            kind,
            clock: None,
            is_word: false,
            is_word_small: false,
        });
    }

    fn mark_last(&mut self, set: impl FnOnce(&mut Number)) {
        if let Some(last) = self.out.last_mut() {
            set(last);
        }
    }

    fn push_word(&mut self, start: usize, found: words::Found) -> usize {
        let end = start + found.len;
        self.push(start, end, found.value, found.alternatives, found.kind);
        self.mark_last(|n| (n.is_word, n.is_word_small) = (true, found.small));
        end
    }

    /// What the character before the digits at `at` says of them.
    fn before(&self, at: usize) -> Before {
        match self.char_before(at) {
            Some(c) if CURRENCY_SIGNS.contains(c) => {
                Before { start: at - c.len_utf8(), kind: NumberKind::Currency }
            }
            Some('第') => Before { start: at - '第'.len_utf8(), kind: NumberKind::Ordinal },
            _ if self.follows_currency(at) => Before { start: at, kind: NumberKind::Currency },
            _ => Before { start: at, kind: NumberKind::Plain },
        }
    }

    /// Whether a currency sign or code stands before `at`, a space between: `R$ 5`, `Rp 980`.
    fn follows_currency(&self, at: usize) -> bool {
        let head = self.text[..at].strip_suffix([' ', '\u{A0}']).unwrap_or_default();
        let codes = CURRENCY_PREFIXES.iter().filter(|c| c.len() > 1 && !["US", "AS", "HK", "NT"].contains(c));
        let mut before = codes.filter_map(|c| head.strip_suffix(c));
        head.ends_with(|c| CURRENCY_SIGNS.contains(c))
            || before.any(|rest| !rest.ends_with(char::is_alphanumeric))
    }

    /// Reads the number whose digits begin at `at`; returns where to go on.
    fn digits(&mut self, at: usize, before: Before) -> usize {
        let text = self.text;
        if renamed_at(&text[at..]) {
            return self.name(before.start, at);
        }
        let Some(numeral) = digits::read(&text[at..], self.lexicon) else {
            return at + text[at..].find(|c| digit(c).is_none()).unwrap_or(text.len() - at);
        };
        if let Some(end) = self.date(at).or_else(|| self.clock_time(at, &numeral, before)) {
            return end;
        }
        if self.lexicon.han {
            return self.han_number(at, before);
        }
        let mut end = at + numeral.len;
        let mut value = numeral.value;
        let mut alternatives: Vec<Decimal> = numeral.other.into_iter().collect();
        let mut kind = before.kind;
        let suffix = &text[end..end + latin_len(&text[end..])];
        if !suffix.is_empty() {
            match self.suffix(suffix, &numeral) {
                _ if kind == NumberKind::Currency && short_scale(suffix).is_some() => {
                    let scale = short_scale(suffix).unwrap_or(Decimal::from(1));
                    value = value.checked_mul(scale).unwrap_or(value);
                    end += suffix.len();
                }
                Suffix::Kind(k) => {
                    end += suffix.len();
                    kind = k;
                }
                Suffix::Scale => {}
                Suffix::Hour => return self.hour(at, end, suffix.len(), value),
                Suffix::Unit => end += if is_year(&numeral) || suffix == "x" { 0 } else { suffix.len() },
                Suffix::Name => return self.name(before.start, at),
            }
        }
        if let Some((scaled, len)) = self.scaled(&text[end..], value, &mut alternatives, true) {
            value = scaled;
            end += len;
        }
        if kind == NumberKind::Plain {
            let space = space_len(&text[end..]);
            if let Some(len) = self.lexicon.percent_at(&text[end + space..]) {
                kind = NumberKind::Percent;
                end += space + len;
            } else if text[end..].chars().next().is_some_and(|c| CURRENCY_SIGNS.contains(c)) {
                kind = NumberKind::Currency;
            } else if is_year(&numeral) && end == at + numeral.len {
                kind = NumberKind::Year;
            }
        }
        if let Some(decade) = self.decade(at, end, value) {
            kind = NumberKind::Year;
            alternatives.extend(decade);
        }
        self.push(before.start, end, value, alternatives, kind);
        self.mark_last(|n| n.is_ambiguous = numeral.other.is_some());
        end
    }

    fn suffix(&self, suffix: &str, numeral: &Numeral) -> Suffix {
        let lower = suffix.to_lowercase();
        if !numeral.marked && ORDINAL_SUFFIXES.contains(&lower.as_str()) {
            return Suffix::Kind(NumberKind::Ordinal);
        }
        match lower.as_str() {
            "s" if numeral.first == 4
                || numeral.value.to_integer().is_some_and(|v| v % 10 == 0 && v < 100) =>
            {
                Suffix::Kind(NumberKind::Year)
            }
            "am" | "pm" => Suffix::Hour,
            "h" | "hs" | "u" => Suffix::Hour,
            _ if matches!(self.lexicon.word(&lower), Some(Word::Scale(_) | Word::Plural(_))) => Suffix::Scale,
            _ if !suffix.is_ascii() || UNITS.contains(&suffix) => Suffix::Unit,
            _ => Suffix::Name,
        }
    }

    /// The scale words behind a number, with a half between: `2,5 juta`, `two and a half million`. Behind `digits`
    /// tens and hundreds are scales too: `4 puluh`.
    fn scaled(
        &self,
        text: &str,
        value: Decimal,
        alternatives: &mut [Decimal],
        digits: bool,
    ) -> Option<(Decimal, usize)> {
        let (mut value, mut len) = (value, 0);
        if let Some((half, more)) = self.half(text, value) {
            (value, len) = (half, more);
        }
        let mut last = Decimal::ZERO;
        loop {
            let (rest_len, word) = match words::next_word(&text[len..]) {
                Some((_, end, word)) => (end, word),
                None if len == 0 => {
                    let end = word_len(text);
                    (end, fold(&text[..end]))
                }
                None => break,
            };
            let scale = words::look_up(self.lexicon, &word, Lexicon::word);
            let scale = match scale {
                Some((Word::Scale(scale) | Word::Plural(scale), false)) => *scale,
                Some((Word::Hundred, false)) if digits && !self.lexicon.arabic && last == Decimal::ZERO => {
                    Decimal::from(100)
                }
                Some((Word::Ten, false)) if digits && last == Decimal::ZERO => Decimal::from(10),
                _ => break,
            };
            // "mil milhões" goes on upwards, "10 mil 500" does not.
            if scale <= last {
                break;
            }
            last = scale;
            value = value.checked_mul(scale)?;
            for other in alternatives.iter_mut() {
                *other = other.checked_mul(scale)?;
            }
            len += rest_len;
        }
        (len > 0).then_some((value, len))
    }

    /// The scale word behind a fraction, with an article between or not.
    fn part_of_scale(&self, text: &str, part: Decimal) -> Option<(Decimal, usize)> {
        let mut len = 0;
        for _ in 0..2 {
            let (_, end, word) = words::next_word(&text[len..])?;
            len += end;
            if let Some((Word::Scale(scale), false)) = words::look_up(self.lexicon, &word, Lexicon::word) {
                return Some((part.checked_mul(*scale)?, len));
            }
            if word != "a" {
                return None;
            }
        }
        None
    }

    /// `and a half`, `setengah`, `et demi`, `ونصف` behind a number.
    fn half(&self, text: &str, value: Decimal) -> Option<(Decimal, usize)> {
        value.to_integer()?;
        let mut len = 0;
        for step in 0..3 {
            let (_, end, word) = words::next_word(&text[len..])?;
            len += end;
            let half = words::look_up(self.lexicon, &word, Lexicon::loose);
            if let Some((values, joined)) = half {
                let joined = joined || step > 0 || matches!(word.as_str(), "setengah");
                let half = Decimal::new(5, -1);
                return (joined && values[0] == half).then(|| Some((value.checked_add(half)?, len)))?;
            }
            let and = self.lexicon.word(&word) == Some(&Word::And);
            if !(and && step == 0 || word == "a" && step == 1) {
                return None;
            }
        }
        None
    }
}

/// What the letter behind an amount of money multiplies it by: `£125m`.
fn short_scale(suffix: &str) -> Option<Decimal> {
    Some(match suffix {
        "k" | "K" => Decimal::from(1000),
        "m" | "M" => Decimal::new(1, 6),
        "b" | "B" => Decimal::new(1, 9),
        _ => return None,
    })
}

/// What the letters right behind digits say.
enum Suffix {
    Kind(NumberKind),
    Scale,
    Hour,
    Unit,
    Name,
}

fn is_year(numeral: &Numeral) -> bool {
    let year = numeral.value.to_integer().is_some_and(|v| (1300..2101).contains(&v));
    numeral.first == 4 && !numeral.marked && year
}

/// Length of the run of letters `text` starts with, Latin or with case of any kind.
fn latin_len(text: &str) -> usize {
    text.find(|c: char| !(c.is_lowercase() || c.is_uppercase())).unwrap_or(text.len())
}

fn space_len(text: &str) -> usize {
    text.chars().next().filter(|c| matches!(c, ' ' | '\u{A0}' | '\u{202F}' | '-')).map_or(0, char::len_utf8)
}
