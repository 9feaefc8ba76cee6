//! The walk over a text that finds its numbers.

use super::digits::{self, Numeral, digit};
use super::lexicon::{self, Lexicon, Word, fold};
use super::words::{self, is_word_char, word_len};
use super::{Decimal, Number, NumberKind, han};
use crate::Lang;

/// Letters that stand right before an amount.
const CURRENCY_PREFIXES: [&str; 22] = [
    "Rp", "IDR", "RM", "MYR", "USD", "US", "AS", "EUR", "GBP", "JPY", "CNY", "RMB", "AUD", "SGD", "S", "A",
    "HK", "NT", "R", "BRL", "SAR", "AED",
];
/// What is counted right behind a Han numeral: without one a single sign is more often part of a word.
const COUNTERS: &str = "人名歳岁天台匹頭辆輛艘架隻";
const CURRENCY_SIGNS: &str = "$€£¥￥₩₹฿₽₺₫₱₦＄";
/// Units written right behind digits; a number before one is no name.
#[rustfmt::skip]
const UNITS: [&str; 50] = [
    "km", "m", "cm", "mm", "kg", "g", "mg", "t", "lb", "lbs", "ft", "in", "mi", "mph", "kmh", "kph", "ha", "l", "L", "ml", "s",
    "min", "hr", "hrs", "sec", "x", "C", "F", "K", "V", "W", "kW", "MW", "GW", "kWh", "MWh", "Hz", "kHz", "MHz", "GHz", "MB", "GB",
    "TB", "px", "p", "AD", "BC", "BCE", "CE", "SM",
];

/// Units of length, which digits right behind make units of area and volume.
const EXPONENT_UNITS: [&str; 10] = ["m", "km", "cm", "mm", "dm", "ft", "م", "كم", "سم", "مم"];
/// Names with digits that are called something else in other languages.
const RENAMED: &str = include_str!("../../data/number/names.txt");
/// What stands between the two ends of a range.
#[rustfmt::skip]
const RANGE_WORDS: [&str; 20] = [
    "-", "–", "—", "‑", "~", "〜", "～", "－", "to", "or", "sampai", "hingga", "atau", "à", "ou", "a", "إلى", "至", "到", "から",
];

pub(super) struct Scanner<'t> {
    text: &'t str,
    lexicon: &'static Lexicon,
    out: Vec<Number>,
    /// Where the last word that announces a time of day ended.
    clock_end: usize,
    /// Where the last capitalised word ended.
    capital_end: usize,
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
        Scanner { text, lexicon, out: Vec::new(), clock_end: usize::MAX, capital_end: usize::MAX }
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

    /// `90-an`, `'90s`, `années 90`: two digits that stand for a decade, with the years they may mean.
    fn decade(&self, at: usize, end: usize, value: Decimal) -> Option<[Decimal; 2]> {
        let tens = value.to_integer().filter(|v| (10..100).contains(v) && v % 10 == 0)?;
        let behind = &self.text[end..];
        let before = &self.text[..at];
        let said = behind.starts_with("-an")
            || behind.starts_with("年代")
            || behind.starts_with("'s")
            || behind.starts_with("’s")
            || self.text[at..end].ends_with('s')
            || ["années", "anos", "tahun"].iter().any(|w| before.trim_end().ends_with(w));
        said.then(|| [Decimal::new(1900 + tens, 0), Decimal::new(1800 + tens, 0)])
    }

    fn suffix(&self, suffix: &str, numeral: &Numeral) -> Suffix {
        let lower = suffix.to_lowercase();
        if !numeral.marked
            && matches!(
                lower.as_str(),
                "st" | "nd"
                    | "rd"
                    | "th"
                    | "er"
                    | "ère"
                    | "re"
                    | "e"
                    | "ème"
                    | "eme"
                    | "ième"
                    | "nde"
                    | "o"
                    | "a"
                    | "º"
                    | "ª"
            )
        {
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

    /// `9h30`, `9 h 30`, `9h`, `9am`: the digits end at `end`, the letters are `letters` bytes long.
    fn hour(&mut self, at: usize, end: usize, letters: usize, value: Decimal) -> usize {
        let after = end + letters;
        let space = space_len(&self.text[after..]);
        let behind = &self.text[after + space..];
        if let Some(minutes) = two_digits(behind).filter(|m| m.0 < 60) {
            let end = after + space + minutes.1;
            self.push_time(at, end, value, minutes.0);
            return end;
        }
        self.push_time(at, after, value, 0);
        after
    }

    fn push_time(&mut self, start: usize, end: usize, hour: Decimal, minutes: u64) {
        let minutes = Decimal::new(i128::from(minutes), -2);
        let time = |h: Decimal| h.checked_add(minutes).unwrap_or(h);
        let hours = hour.to_integer().unwrap_or(0);
        let other: &[i128] = match hours {
            0 | 24 => &[0, 12, 24],
            1..12 => &[hours + 12],
            12 => &[0, 24],
            _ => &[hours - 12],
        };
        let mut alternatives: Vec<Decimal> = other.iter().map(|h| time(Decimal::new(*h, 0))).collect();
        alternatives.retain(|a| *a != time(hour));
        self.push(start, end, time(hour), alternatives, NumberKind::Time);
    }

    /// A time of day at `at`: `9:30`, `9h30`, `pukul 9.30`, `9.30 WIB`.
    fn clock_time(&mut self, at: usize, numeral: &Numeral, before: Before) -> Option<usize> {
        let text = self.text;
        let hour = two_digits(&text[at..]).filter(|h| h.0 <= 24)?;
        let end = at + hour.1;
        let value = Decimal::from(hour.0);
        if before.kind != NumberKind::Plain || numeral.first > 2 {
            return None;
        }
        let mark = text[end..].chars().next()?;
        if matches!(mark, ':' | '：') {
            let minutes = two_digits(&text[end + mark.len_utf8()..]).filter(|m| m.0 < 60 && m.2 == 2)?;
            let mut end = end + mark.len_utf8() + minutes.1;
            // Seconds are left to stand as a number of their own only behind a point.
            if let Some(seconds) = text[end..].strip_prefix(':').and_then(two_digits) {
                end += 1 + seconds.1;
            }
            self.push_time(at, end, value, minutes.0);
            return Some(end);
        }
        let announced = self.clock_end != usize::MAX && text[self.clock_end..at].trim().is_empty();
        if mark == '.' && !self.lexicon.han {
            let minutes = two_digits(&text[end + 1..]).filter(|m| m.0 < 60 && m.2 == 2)?;
            let end = end + 1 + minutes.1;
            let zone = text[end..].trim_start_matches([' ', '\u{A0}']);
            let zoned = ["WIB", "WITA", "WIT", "GMT", "UTC", "am", "pm", "a.m", "p.m", "waktu"]
                .iter()
                .any(|z| zone.starts_with(z));
            if announced || zoned {
                self.push_time(at, end, value, minutes.0);
                return Some(end);
            }
            return None;
        }
        if numeral.marked {
            return None;
        }
        // "9 h 30", "9 am", "pukul 9"
        let space = space_len(&text[end..]);
        let word = &text[end + space..end + space + word_len(&text[end + space..])];
        if space == 0 && !word.is_empty() {
            return None;
        }
        let dotted = ["a.m", "p.m"].iter().any(|z| text[end + space..].starts_with(z));
        match word {
            "h" | "H" if space > 0 => Some(self.hour(at, end, space + 1, value)),
            "am" | "pm" | "AM" | "PM" if space > 0 => {
                self.push_time(at, end, value, 0);
                Some(end)
            }
            _ if dotted || (announced && self.clock_is_certain()) => {
                self.push_time(at, end, value, 0);
                Some(end)
            }
            _ => None,
        }
    }

    /// Whether the word before was one that hardly announces anything but a time.
    fn clock_is_certain(&self) -> bool {
        let before = &self.text[..self.clock_end];
        ["ukul", "pkl", "الساعة", "às"].iter().any(|w| before.ends_with(w))
    }

    /// A date all in digits at `at`: `7/1/2022`, `26.11.2008`, `2022-01-08`.
    fn date(&mut self, at: usize) -> Option<usize> {
        let a = ascii_digits(self.text, at)?;
        let mark = self.char_at(a.1).filter(|c| matches!(c, '/' | '.' | '-'))?;
        let b = ascii_digits(self.text, a.1 + 1)?;
        if self.char_at(b.1) != Some(mark) {
            return None;
        }
        let c = ascii_digits(self.text, b.1 + 1)?;
        let lens = (a.1 - at, b.1 - a.1 - 1, c.1 - b.1 - 1);
        let plausible = match (mark, lens) {
            ('-', (4, 2, 2)) | ('/' | '.', (4, 1 | 2, 1 | 2)) => b.0 <= 12 && c.0 <= 31,
            ('/' | '.', (1 | 2, 1 | 2, 4)) | ('/', (1 | 2, 1 | 2, 2)) => a.0 <= 31 && b.0 <= 31,
            _ => false,
        };
        if !plausible {
            return None;
        }
        for (start, (value, end), len) in [(at, a, lens.0), (a.1 + 1, b, lens.1), (b.1 + 1, c, lens.2)] {
            let kind = if len == 4 { NumberKind::Year } else { NumberKind::DatePart };
            let short = len == 2 && start > at && lens.0 < 4 && start == b.1 + 1;
            let years =
                if short { vec![Decimal::from(2000 + value), Decimal::from(1900 + value)] } else { vec![] };
            self.push(start, end, Decimal::from(value), years, kind);
        }
        Some(c.1)
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

    /// Reads the word at `at`: a number in words, or what stands before digits; returns where to go on.
    fn word(&mut self, at: usize) -> usize {
        let text = self.text;
        let end = at + word_len(&text[at..]);
        let token = &text[at..end];
        let rest = &text[end..];
        let next = rest.chars().next();
        if next.is_some_and(|c| digit(c).is_some()) {
            return self.digits_after(at, end, end);
        }
        if let Some(hyphen @ ('-' | '‑')) = next
            && rest[hyphen.len_utf8()..].chars().next().is_some_and(|c| digit(c).is_some())
        {
            return self.digits_after(at, end, end + hyphen.len_utf8());
        }
        if let Some(mut found) = words::read(&text[at..], self.lexicon) {
            let mut none = [];
            if found.kind == NumberKind::Plain
                && let Some((value, len)) =
                    self.scaled(&text[at + found.len..], found.value, &mut none, false)
            {
                found.small &= value == found.value;
                found.value = value;
                found.len += len;
            }
            // "satu per lima": a fraction.
            if found.small && text[..at].ends_with("per ") {
                found.kind = NumberKind::Loose;
            }
            let space = space_len(&text[at + found.len..]);
            if let Some(len) = self.lexicon.percent_at(&text[at + found.len + space..]) {
                (found.kind, found.small) = (NumberKind::Percent, false);
                found.len += space + len;
            }
            return self.push_word(at, found);
        }
        // XXe siècle
        let numeral =
            token.strip_suffix('e').filter(|n| self.lexicon.space_groups && *n != "L").unwrap_or(token);
        let alone = token.len() == 1 && self.capital_end.checked_add(1) != Some(at);
        if !alone && let Some(value) = words::roman(numeral) {
            let kind = NumberKind::Ordinal;
            let value = Decimal::from(value);
            let found = words::Found { len: token.len(), value, alternatives: Vec::new(), kind, small: true };
            return self.push_word(at, found);
        }
        if token.len() < 40 && self.lexicon.is_clock(&fold(token)) {
            self.clock_end = end;
        }
        if token.starts_with(char::is_uppercase) {
            self.capital_end = end;
        }
        end
    }

    /// Digits at `digits` right behind the letters `at..end`, with or without a hyphen between.
    fn digits_after(&mut self, at: usize, end: usize, digits: usize) -> usize {
        let token = &self.text[at..end];
        let direct = digits == end;
        let number = |kind, start| Before { start, kind };
        if direct
            && EXPONENT_UNITS.contains(&token)
            && two_digits(&self.text[digits..]).is_some_and(|d| matches!(d.0, 2 | 3))
        {
            // km2, m3: the digit is an exponent.
            return digits + self.char_at(digits).map_or(1, char::len_utf8);
        }
        if token.chars().all(|c| !c.is_lowercase() && !c.is_uppercase()) {
            // Arabic particles are written together with digits.
            return self.digits(digits, number(NumberKind::Plain, digits));
        }
        if direct && CURRENCY_PREFIXES.contains(&token) {
            return self.digits(digits, number(NumberKind::Currency, at));
        }
        if direct && matches!(token, "x" | "X") {
            return self.digits(digits, number(NumberKind::Plain, digits));
        }
        let lower = token.to_lowercase();
        if !direct && matches!(lower.as_str(), "ke" | "se") {
            return self.digits(digits, number(NumberKind::Ordinal, at));
        }
        if !direct {
            let year = digits::read(&self.text[digits..], self.lexicon).is_some_and(|n| is_year(&n));
            if token.chars().all(char::is_lowercase) || (year && token.len() > 3) {
                return self.digits(digits, number(NumberKind::Plain, digits));
            }
        }
        self.name(at, digits)
    }

    /// A name with digits in it, from `start`; its first digits are at `digits`.
    fn name(&mut self, start: usize, digits: usize) -> usize {
        let inside = |c: char| digit(c).is_some() || (is_word_char(c) && c.is_alphabetic());
        let mut start = start;
        // SARS-CoV-2: the parts before belong to it too.
        for _ in 0..3 {
            let Some(head) = self.text[..start].strip_suffix('-') else { break };
            let part = head.len() - head.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
            if part == 0 || part > 20 || self.out.last().is_some_and(|n| n.span.end > head.len() - part) {
                break;
            }
            start = head.len() - part;
        }
        let mut end = digits;
        while let Some(c) = self.char_at(end) {
            let joins = matches!(c, '-' | '‑')
                && self.char_at(end + c.len_utf8()).is_some_and(inside)
                && !self.text[end..].starts_with("-an");
            if !inside(c) && !joins {
                break;
            }
            end += c.len_utf8();
        }
        let run: String =
            self.text[digits..end].chars().map_while(digit).map(|d| char::from(b'0' + d)).collect();
        if let Some(value) = Decimal::from_digits(&run, 0) {
            self.push(start, end, value, Vec::new(), NumberKind::Name);
            self.mark_last(|n| n.is_word_small = RENAMED.lines().any(|name| name == n.raw));
        }
        end
    }

    /// A character of Chinese or Japanese text at `at`.
    fn unspaced(&mut self, at: usize, c: char) -> usize {
        if let Some(rest) = self.text[at..].strip_prefix("百分之") {
            let start = self.text.len() - rest.len();
            if let Some(reading) = han::read(rest, self.lexicon) {
                let end = start + reading.len;
                self.push(at, end, reading.value, Vec::new(), NumberKind::Percent);
                return end;
            }
            return start;
        }
        if han::is_numeral(c) {
            return self.han_number(at, self.before(at));
        }
        let values = self.lexicon.loose_at(&self.text[at..]);
        if let Some((len, [value, rest @ ..])) = values {
            let alternatives = rest.to_vec();
            let found =
                words::Found { len, value: *value, alternatives, kind: NumberKind::Loose, small: true };
            return self.push_word(at, found);
        }
        at + c.len_utf8()
    }

    /// A number of digits and Han numerals at `at`.
    fn han_number(&mut self, at: usize, before: Before) -> usize {
        let text = self.text;
        let Some(reading) = han::read(&text[at..], self.lexicon) else {
            return at + self.char_at(at).map_or(1, char::len_utf8);
        };
        let end = at + reading.len;
        let suffix = &text[end..end + latin_len(&text[end..])];
        let numeral = digits::read(&text[at..], self.lexicon);
        let pure = numeral.as_ref().filter(|n| n.len == reading.len);
        if let Some(numeral) = pure
            && !suffix.is_empty()
            && matches!(self.suffix(suffix, numeral), Suffix::Name)
        {
            return self.name(before.start, at);
        }
        let rest = text[end..].trim_start_matches([' ', '\u{A0}']);
        if pure.is_some() && han::in_unit(rest) {
            self.push(before.start, end, reading.value, Vec::new(), before.kind);
            return text.len() - rest.len() + '千'.len_utf8();
        }
        if let Some(end) = self.han_time(at, end, reading.value, rest) {
            return end;
        }
        let mut alternatives: Vec<Decimal> =
            pure.and_then(|n| n.other).or(reading.other).into_iter().collect();
        let starts = |set: &[&str]| set.iter().any(|s| rest.starts_with(s));
        let mut value = reading.value;
        let mut kind = before.kind;
        let mut end = end;
        if kind == NumberKind::Plain {
            if let Some(len) = self.lexicon.percent_at(rest) {
                kind = NumberKind::Percent;
                end = text.len() - rest.len() + len;
            } else if starts(&["世纪", "世紀"]) {
                kind = NumberKind::Ordinal;
            } else if starts(&["年"]) && (reading.positional || pure.is_some_and(|n| n.first == 4)) {
                kind = NumberKind::Year;
            } else if starts(&["月", "日", "号", "號"]) {
                kind = NumberKind::DatePart;
            }
        }
        // 20世纪70年代: the century and the decade are one number.
        if starts(&["世纪", "世紀"])
            && let Some(century) = value.to_integer().filter(|c| (1..40).contains(c))
        {
            let spaced = rest["世纪".len()..].trim_start_matches([' ', '\u{A0}']);
            let behind = text.len() - spaced.len();
            let decade = han::read(&text[behind..], self.lexicon);
            if let Some(decade) = decade.filter(|d| text[behind + d.len..].trim_start().starts_with("年代"))
            {
                let years = decade.value.to_integer().unwrap_or(0);
                value = Decimal::new((century - 1) * 100 + years, 0);
                kind = NumberKind::Year;
                end = behind + decade.len;
            }
        } else if starts(&["年代"])
            && let Some(years) = self.decade(at, text.len() - rest.len(), value)
        {
            kind = NumberKind::Year;
            alternatives.extend(years);
        }
        let vague =
            self.char_before(at).is_some_and(|c| matches!(c, '数' | '數' | '几' | '幾' | '何' | '上'));
        let fraction = starts(&["分の", "分之"]) || ["分の", "分之"].iter().any(|f| text[..at].ends_with(f));
        let long = value.to_integer().is_none_or(|v| v > 12);
        // Counting one of something, or things by つ, is a manner of speaking.
        let day =
            kind == NumberKind::DatePart && rest.starts_with('日') && self.char_before(at) != Some('月');
        let counted = day || (kind == NumberKind::Plain && !rest.starts_with(['.', ',', '位']));
        let one = value == Decimal::from(1) && counted;
        let passing = fraction || one || (value < Decimal::from(10) && rest.starts_with('つ'));
        let han = !reading.digits;
        let counted = reading.signs == 1 && text[end..].starts_with(|c| COUNTERS.contains(c));
        let no_numeral = (reading.signs == 1 && !counted) || reading.bare || vague;
        let no_numeral = han && (no_numeral || (reading.positional && kind != NumberKind::Year));
        let small = passing || no_numeral || (han && !long);
        if no_numeral && kind == NumberKind::Plain {
            kind = NumberKind::Loose;
        }
        self.push(before.start, end, value, alternatives, kind);
        let ambiguous = pure.is_some_and(|n| n.other.is_some());
        self.mark_last(|n| {
            (n.is_word, n.is_word_small, n.is_ambiguous) = (!reading.digits, small, ambiguous);
        });
        end
    }

    /// 9時30分, 9点半: `rest` is what stands behind the hour.
    fn han_time(&mut self, at: usize, end: usize, hour: Decimal, rest: &str) -> Option<usize> {
        hour.to_integer().filter(|h| (0..=24).contains(h))?;
        let mark = rest.chars().next().filter(|c| matches!(c, '時' | '时' | '点' | '點'))?;
        let behind = &rest[mark.len_utf8()..];
        let position = |tail: &str| self.text.len() - tail.len();
        if behind.starts_with(['間', '间']) {
            return None;
        }
        if let Some(tail) = behind.strip_prefix('半') {
            let stop = position(tail);
            self.push_time(at, stop, hour, 30);
            return Some(stop);
        }
        let spaced = behind.trim_start_matches(' ');
        if let Some(minutes) = han::read(spaced, self.lexicon)
            && let Some(m) =
                minutes.value.to_integer().and_then(|m| u64::try_from(m).ok()).filter(|m| *m < 60)
            && spaced[minutes.len..].trim_start_matches(' ').starts_with('分')
        {
            let stop = position(spaced[minutes.len..].trim_start_matches(' ')) + '分'.len_utf8();
            self.push_time(at, stop, hour, m);
            return Some(stop);
        }
        let clock = matches!(mark, '時' | '时')
            || self.char_before(at).is_some_and(|c| matches!(c, '午' | '晨' | '晚' | '上'));
        if !clock {
            return None;
        }
        self.push_time(at, end, hour, 0);
        self.mark_last(|n| n.is_word_small = n.raw.chars().all(|c| digit(c).is_none()));
        Some(end)
    }

    /// Looks at each two numbers that stand together: scores, ranges, and what one says of the other.
    fn relate(&mut self) {
        for i in 1..self.out.len() {
            let (head, tail) = self.out.split_at_mut(i);
            let (a, b) = (&mut head[i - 1], &mut tail[0]);
            let between = &self.text[a.span.end..b.span.start];
            if between.len() > 24 {
                continue;
            }
            if RANGE_WORDS.contains(&between.trim()) {
                range(a, b, between);
            } else if b.kind == NumberKind::Loose {
                quantified(a, b, between);
            }
        }
    }
}

/// The two ends of a range, or the two sides of a score.
fn range(a: &mut Number, b: &mut Number, between: &str) {
    let whole = |n: &Number| n.value.to_integer().filter(|v| (0..10_000).contains(v));
    let plain = |n: &Number| matches!(n.kind, NumberKind::Plain | NumberKind::Range);
    // "2–3 juta", "deux à trois millions": the scale holds for both.
    let (_, power) = b.value.parts();
    if power >= 3
        && a.value < Decimal::from(1000)
        && b.value > a.value
        && b.raw.chars().any(char::is_alphabetic)
    {
        let scales = [3, 4, 6, 8, 9, 12].map(|p| Decimal::new(1, p));
        a.alternatives
            .extend(scales.iter().filter_map(|s| a.value.checked_mul(*s)).filter(|v| *v <= b.value));
    }
    if between.trim().chars().any(char::is_alphanumeric) {
        return;
    }
    let tight = between.trim().len() == between.len();
    match (whole(a), whole(b)) {
        (Some(x), Some(y)) if (1000..2200).contains(&x) && a.raw.len() == 4 && y < 100 && x % 100 < y => {
            b.alternatives.push(Decimal::new(x / 100 * 100 + y, 0));
            (a.kind, b.kind) = (NumberKind::Year, NumberKind::Year);
        }
        (Some(x), Some(y)) if tight && plain(a) && plain(b) && x < 100 && y <= x => {
            (a.kind, b.kind) = (NumberKind::Score, NumberKind::Score);
            for n in [a, b] {
                n.is_word_small &= n.is_word;
            }
        }
        _ => {
            for n in [a, b] {
                if n.kind == NumberKind::Plain {
                    n.kind = NumberKind::Range;
                }
            }
        }
    }
}

/// "two decades", "two dozen", "1時間半": the word behind counts in tens, dozens, hundreds, or adds a half.
fn quantified(a: &mut Number, b: &Number, between: &str) {
    if a.kind != NumberKind::Plain || between.contains(|c: char| c.is_ascii_punctuation() && c != '-') {
        return;
    }
    let half = Decimal::new(5, -1);
    let value = if b.value == half {
        a.value.checked_add(half)
    } else if matches!(between, " " | "-" | "\u{A0}") && b.value >= Decimal::from(10) {
        a.value.checked_mul(b.value)
    } else {
        None
    };
    if a.is_word_small && value.is_some() {
        a.kind = NumberKind::Loose;
    }
    a.alternatives.extend(value);
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

/// Whether `text` starts with one of the names that change in translation.
fn renamed_at(text: &str) -> bool {
    let names = RENAMED.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_digit()));
    names.filter_map(|name| text.strip_prefix(name)).any(|rest| !rest.starts_with(char::is_alphanumeric))
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
    let year = numeral.value.to_integer().is_some_and(|v| (1000..2200).contains(&v));
    numeral.first == 4 && !numeral.marked && year
}

/// Length of the run of letters `text` starts with, Latin or with case of any kind.
fn latin_len(text: &str) -> usize {
    text.find(|c: char| !(c.is_lowercase() || c.is_uppercase())).unwrap_or(text.len())
}

fn space_len(text: &str) -> usize {
    text.chars().next().filter(|c| matches!(c, ' ' | '\u{A0}' | '\u{202F}' | '-')).map_or(0, char::len_utf8)
}

/// One or two digits and nothing more of them: the value, their length in bytes and how many they are.
fn two_digits(text: &str) -> Option<(u64, usize, usize)> {
    let (mut value, mut len, mut count) = (0, 0, 0);
    for d in text.chars().map_while(|c| digit(c).map(|d| (d, c.len_utf8()))) {
        count += 1;
        if count > 2 {
            return None;
        }
        value = value * 10 + u64::from(d.0);
        len += d.1;
    }
    (count > 0).then_some((value, len, count))
}

/// Up to four digits at `at`: the value and where they end.
fn ascii_digits(text: &str, at: usize) -> Option<(u64, usize)> {
    let rest = text.get(at..)?;
    let (mut value, mut end, mut count) = (0, at, 0);
    for c in rest.chars() {
        let Some(d) = digit(c) else { break };
        count += 1;
        if count > 4 {
            return None;
        }
        value = value * 10 + u64::from(d);
        end += c.len_utf8();
    }
    (count > 0).then_some((value, end))
}
