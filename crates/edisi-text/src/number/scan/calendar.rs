//! Words of the calendar, and the days that stand with months.

use super::super::digits::digit;
use super::super::lexicon::{self, CalendarWord, Lexicon, fold};
use super::super::words::{self, is_word_char};
use super::super::{Decimal, Number, NumberKind};
use super::{Scanner, relate};
use crate::Lang;

/// What may stand between a day and the month behind it.
const OF: [&str; 9] = ["", "-", "of", "de", "من", "من شهر", "bulan", "st", "."];

impl Scanner<'_> {
    /// The month, weekday or day from today that the word `at..end` names; returns where it ends.
    pub(super) fn calendar_word(&mut self, at: usize, end: usize) -> Option<usize> {
        if end - at > 40 {
            return None;
        }
        let text = self.text;
        let word = fold(&text[at..end]);
        let look_up =
            |word: &str| words::look_up(self.lexicon, word, Lexicon::calendar).map(|(entry, _)| entry);
        let begins = |l: &'static Lexicon, word: &str| l.begins_calendar_phrase(word).then_some(());
        let phrase = words::look_up(self.lexicon, &word, begins)
            .and_then(|_| words::next_word(&text[end..]))
            .and_then(|(_, len, next)| look_up(&format!("{word} {next}")).map(|entry| (entry, end + len)));
        let capital = text[at..].starts_with(char::is_uppercase);
        let own = phrase.or_else(|| look_up(&word).map(|entry| (entry, end)));
        let Some((entry, end)) = own else {
            // Saturday Night Live, Black Friday: English names stay as they are.
            let english = lexicon::of(Lang::EN).calendar(&word).filter(|_| capital && word.len() > 3)?;
            self.push_calendar(at, end, english, false);
            return Some(end);
        };
        let certain = entry.is_certain || self.is_dated(at, end, entry);
        // "may", "march" and "mon" are other words where names of months have capitals.
        if !certain && !capital && self.lexicon.capital_months {
            return None;
        }
        if certain && !entry.is_certain && !capital && self.lexicon.capital_months {
            return None;
        }
        self.push_calendar(at, end, entry, certain);
        Some(end)
    }

    fn push_calendar(&mut self, start: usize, end: usize, entry: CalendarWord, certain: bool) {
        self.push(start, end, Decimal::new(entry.value.into(), 0), Vec::new(), entry.kind);
        self.mark_last(|n| (n.is_word, n.is_word_small) = (true, !certain));
    }

    /// Whether what stands around the word `at..end` makes it one of the calendar.
    fn is_dated(&self, at: usize, end: usize, entry: CalendarWord) -> bool {
        let text = self.text;
        let before = text[..at].trim_end_matches([' ', '\u{A0}', '-']);
        let word = &before[before.trim_end_matches(is_word_char).len()..];
        if word.len() < 40 && self.lexicon.announces(&fold(word), entry.kind) {
            return true;
        }
        let inside = before.ends_with(|c: char| c.is_alphanumeric() || c == ',');
        let capital = text[at..].starts_with(char::is_uppercase);
        match entry.kind {
            // Mars is a planet, mars a month.
            NumberKind::Month if self.lexicon.lower_months => !capital,
            NumberKind::Month => {
                let number = |c: char| digit(c).is_some();
                before.ends_with(number)
                    || text[end..].trim_start_matches(['.', ' ', '\u{A0}']).starts_with(number)
            }
            NumberKind::Weekday => capital && inside && !self.lexicon.capital_months,
            _ => false,
        }
    }

    /// The same in text without spaces; returns where the word ends.
    pub(super) fn unspaced_calendar(&mut self, at: usize) -> Option<usize> {
        let (len, entry) = self.lexicon.calendar_at(&self.text[at..])?;
        let (before, behind) = (&self.text[..at], &self.text[at + len..]);
        // 一周三次, 每周三天, 三周一次: three times a week.
        let counted = entry.kind == NumberKind::Weekday
            && !entry.is_certain
            && (behind.starts_with(['次', '天', '年', '期', '个', '個', '回', '集', '场', '場'])
                || before.ends_with(['一', '两', '二', '三', '四', '五', '六', '几', '数']));
        if counted {
            return None;
        }
        let certain = entry.is_certain || self.text[at..].starts_with(['周', '週']);
        self.push_calendar(at, at + len, entry, certain);
        Some(at + len)
    }

    /// Makes days of the numbers that stand with a month.
    pub(super) fn date_days(&mut self) {
        for i in (1..self.out.len()).rev() {
            let (head, tail) = self.out.split_at_mut(i);
            let (day, next) = (&mut head[i - 1], &tail[0]);
            let between = self.text[day.span.end..next.span.start].trim();
            let dated = match next.kind {
                NumberKind::Month => OF.contains(&between),
                NumberKind::DatePart => next.is_day() && (relate::joins(between) || is_and(between)),
                _ => false,
            };
            if dated && day.is_day() {
                day.kind = NumberKind::DatePart;
            }
        }
        // English writes the month first.
        for i in 1..self.out.len() {
            let (head, tail) = self.out.split_at_mut(i);
            let (before, day) = (&head[i - 1], &mut tail[0]);
            let between = &self.text[before.span.end..day.span.start];
            let dated = match before.kind {
                NumberKind::Month => self.lexicon.capital_months && matches!(between, " " | "\u{A0}" | ". "),
                NumberKind::DatePart => {
                    self.lexicon.capital_months && before.is_day() && relate::joins(between.trim())
                }
                _ => false,
            };
            if dated && day.is_day() {
                day.kind = NumberKind::DatePart;
            }
        }
    }
}

fn is_and(between: &str) -> bool {
    matches!(between, "and" | "dan" | "et" | "e" | "و")
}

impl Number {
    /// Whether it may be a day of a month.
    fn is_day(&self) -> bool {
        let day = self.value.to_integer().is_some_and(|v| (1..=31).contains(&v));
        let kind = matches!(
            self.kind,
            NumberKind::Plain
                | NumberKind::Ordinal
                | NumberKind::Range
                | NumberKind::Score
                | NumberKind::DatePart
        );
        day && kind
    }
}
