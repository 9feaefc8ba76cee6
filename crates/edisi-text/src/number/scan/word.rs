//! Words: numbers written out, names with digits in them, what stands before digits.

use super::super::digits::{self, digit};
use super::super::lexicon::fold;
use super::super::words::{self, is_word_char, word_len};
use super::super::{Decimal, NumberKind};
use super::time::two_digits;
use super::{Before, CURRENCY_PREFIXES, Scanner, is_year, space_len};

/// Units of length, which digits right behind make units of area and volume.
const EXPONENT_UNITS: [&str; 10] = ["m", "km", "cm", "mm", "dm", "ft", "م", "كم", "سم", "مم"];
/// Names with digits that are called something else in other languages.
const RENAMED: &str = include_str!("../../../data/number/names.txt");

impl Scanner<'_> {
    /// Reads the word at `at`: a number in words, or what stands before digits; returns where to go on.
    pub(super) fn word(&mut self, at: usize) -> usize {
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
        if let Some(end) = self.calendar_word(at, end) {
            return end;
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
            // "half a million", "setengah juta"
            if found.kind == NumberKind::Loose
                && found.value < Decimal::from(1)
                && let Some((value, len)) = self.part_of_scale(&text[at + found.len..], found.value)
            {
                (found.value, found.kind, found.small) = (value, NumberKind::Plain, false);
                found.alternatives.clear();
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
        let numeral = ["ième", "ème", "eme", "e"]
            .iter()
            .find_map(|suffix| token.strip_suffix(suffix))
            .filter(|n| self.lexicon.space_groups && *n != "L")
            .unwrap_or(token);
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
    pub(super) fn digits_after(&mut self, at: usize, end: usize, digits: usize) -> usize {
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
    pub(super) fn name(&mut self, start: usize, digits: usize) -> usize {
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
}

/// Whether `text` starts with one of the names that change in translation.
pub(super) fn renamed_at(text: &str) -> bool {
    let names = RENAMED.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_digit()));
    names.filter_map(|name| text.strip_prefix(name)).any(|rest| !rest.starts_with(char::is_alphanumeric))
}
