//! Dates, decades and times of day in digits.

use super::super::digits::{Numeral, digit};
use super::super::lexicon::{HOURS, fold};
use super::super::words::word_len;
use super::super::{Decimal, NumberKind, clock};
use super::{Before, Scanner, space_len};

impl Scanner<'_> {
    /// `90-an`, `'90s`, `années 90`: two digits that stand for a decade, with the years they may mean.
    pub(super) fn decade(&self, at: usize, end: usize, value: Decimal) -> Option<[Decimal; 2]> {
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

    /// `9h30`, `9 h 30`, `9h`, `9am`: the digits end at `end`, the letters are `letters` bytes long.
    pub(super) fn hour(&mut self, at: usize, end: usize, letters: usize, value: Decimal) -> usize {
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

    pub(super) fn push_time(&mut self, start: usize, end: usize, hour: Decimal, minutes: u64) {
        let hundredths = Decimal::new(i128::from(minutes), -2);
        let time = |h: Decimal| h.checked_add(hundredths).unwrap_or(h);
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
        let clock = self.on_the_clock(start, end, hours, minutes);
        self.mark_last(|n| n.clock = clock);
    }

    /// Minutes since midnight of the time at `start..end`, if the half of the day is sure.
    fn on_the_clock(&self, start: usize, end: usize, hour: i128, minutes: u64) -> Option<u16> {
        let (hour, minutes) = (u16::try_from(hour).ok().filter(|h| *h <= 24)?, u16::try_from(minutes).ok()?);
        let part = self.lexicon.with_part(self.text, &(start..end));
        // `05.00` is no hour of the afternoon, unless the text speaks of one.
        let mut digits = self.text[start..end].chars().map_while(digit);
        let padded = (digits.next(), digits.next().is_some()) == (Some(0), true);
        let is_late = || *self.is_late.get_or_init(|| self.lexicon.is_late(&fold(self.text)));
        let is_full = padded && !is_late();
        clock::minutes(hour, minutes, part.map(|(_, part)| part), is_full)
    }

    /// A time of day at `at`: `9:30`, `9h30`, `pukul 9.30`, `9.30 WIB`.
    pub(super) fn clock_time(&mut self, at: usize, numeral: &Numeral, before: Before) -> Option<usize> {
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
            _ if HOURS.contains(&word) && self.names_a_part(end + space + word.len()) => {
                let end = end + space + word.len();
                self.push_time(at, end, value, 0);
                Some(end)
            }
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

    /// Whether what stands at `at` says in which part of the day, or where, a time lies: `du matin`, `, heure locale`.
    fn names_a_part(&self, at: usize) -> bool {
        let rest = self.text[at..].trim_start_matches([' ', '\u{A0}', ',', '(']);
        self.lexicon.part_at(rest).is_some() || ["heure ", "hora "].iter().any(|hour| rest.starts_with(hour))
    }

    /// Whether the word before was one that hardly announces anything but a time.
    pub(super) fn clock_is_certain(&self) -> bool {
        let before = &self.text[..self.clock_end];
        ["ukul", "pkl", "الساعة", "às"].iter().any(|w| before.ends_with(w))
    }

    /// A date all in digits at `at`: `7/1/2022`, `26.11.2008`, `2022-01-08`.
    pub(super) fn date(&mut self, at: usize) -> Option<usize> {
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
}

/// One or two digits and nothing more of them: the value, their length in bytes and how many they are.
pub(super) fn two_digits(text: &str) -> Option<(u64, usize, usize)> {
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
