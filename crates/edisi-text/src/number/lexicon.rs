//! The number words of a language: `data/number/<lang>.txt`.
//!
//! A file has sections in square brackets; in most of them a line is a value and the words for it. `#` starts a
//! comment. The sections:
//!
//! * `[numbers]` words that stand for a number and are added up (`twenty` `five`)
//! * `[ten]`, `[teen]` words that make the number before them tens (`puluh`) or add ten to it (`belas`)
//! * `[hundred]` words that multiply what is before them by a hundred
//! * `[scale]` words that multiply by a thousand or more, and stand alone for one of it (`mille`)
//! * `[plural]` the same, but alone they name no quantity (`thousands of`)
//! * `[and]` what may stand between the parts of a number
//! * `[ordinal]` words with the number they stand for
//! * `[month]`, `[weekday]`, `[day]` words of the calendar: months from 1, weekdays from 1 for Monday, days from
//!   today; a `?` before a word that is often another, `_` between the words of a phrase
//! * `[date]`, `[before-weekday]` words before months and weekdays, which make sure of a word with `?`
//! * `[decade]` words for the years from 20, 30 … of a century on
//! * `[loose]` words that say a number in passing (`twice`, `dozen`): found, but never asked for
//! * `[percent]` what makes the number before it a percentage, one phrase a line
//! * `[clock]` words before a time of day
//! * `[part]` phrases that say in which part of the day a time of day lies, one a line behind `morning`, `noon`,
//!   `afternoon` or `night`; they stand behind the time, in Chinese and Japanese before it

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::clock::DayPart;
use super::digits::digit;
use super::{Decimal, NumberKind};
use crate::Lang;

/// Hours in words, which say a time of day where a part of the day stands behind them.
pub(super) const HOURS: [&str; 4] = ["heures", "heure", "horas", "hora"];

/// What a number word does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// Adds its value.
    Number(u64),
    /// Makes tens of the number before it.
    Ten,
    /// Adds ten to the number before it.
    Teen,
    /// Multiplies by a hundred.
    Hundred,
    /// Multiplies by its value; may stand alone.
    Scale(Decimal),
    /// Multiplies by its value; alone it is no number.
    Plural(Decimal),
    /// Stands between parts.
    And,
}

/// A word of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CalendarWord {
    /// A month, a weekday or a day from today.
    pub kind: NumberKind,
    pub value: i8,
    /// Whether it hardly ever means anything else.
    pub is_certain: bool,
}

/// The words of one language.
#[derive(Default)]
pub(super) struct Lexicon {
    words: HashMap<String, Word>,
    ordinals: HashMap<String, u64>,
    calendar: HashMap<String, CalendarWord>,
    /// The first words of its phrases.
    calendar_phrases: HashSet<String>,
    /// The first word of each line of the calendar, as it is written.
    calendar_names: HashMap<(NumberKind, i8), String>,
    before_dates: Vec<String>,
    before_weekdays: Vec<String>,
    loose: HashMap<String, Vec<Decimal>>,
    percent: Vec<String>,
    clock: Vec<String>,
    parts: Vec<(String, DayPart)>,
    decades: HashMap<String, u64>,
    /// The parts join with a word of `[and]` or a prefix, in Arabic with units before tens.
    pub arabic: bool,
    /// The article may be written on to the end of a word.
    pub suffixed: bool,
    /// A point groups thousands and a comma marks decimals.
    pub point_groups: bool,
    /// A plain space may group thousands.
    pub space_groups: bool,
    /// A hundred is never said with "one" before it.
    pub no_one_hundred: bool,
    /// Months and weekdays are written with capitals, and a day may stand behind its month.
    pub capital_months: bool,
    /// Months are written without capitals.
    pub lower_months: bool,
    /// Numbers are also written in Han characters.
    pub han: bool,
    /// Longest word of `loose` in characters, where words are not spaced.
    longest_loose: usize,
    /// The same of `calendar`.
    longest_calendar: usize,
}

macro_rules! files {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../data/number/", $name, ".txt")))),*]
    };
}

const FILES: &[(&str, &str)] = files!["id", "en", "zh", "ja", "ar", "fr", "pt"];

static ALL: LazyLock<HashMap<&'static str, Lexicon>> =
    LazyLock::new(|| FILES.iter().map(|(code, text)| (*code, Lexicon::read(code, text))).collect());

/// A language without a list: digits in the way most of Europe writes them, or the English way.
static CONTINENTAL: LazyLock<Lexicon> = LazyLock::new(|| Lexicon {
    percent: vec!["%".to_owned()],
    point_groups: true,
    space_groups: true,
    ..Lexicon::default()
});
static OTHER: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon { percent: vec!["%".to_owned()], ..Lexicon::default() });

/// The lexicon of `lang`.
pub(super) fn of(lang: Lang) -> &'static Lexicon {
    match lang.code() {
        // Malaysia writes numbers as English does; its number words are the Indonesian ones but for few.
        "yue" => &ALL["zh"],
        "de" | "es" | "it" | "nl" | "tr" | "ru" | "uk" | "pl" | "cs" | "sk" | "sv" | "da" | "nb" | "no"
        | "fi" | "hu" | "ro" | "bg" | "hr" | "sr" | "sl" | "el" | "vi" | "ca" => &CONTINENTAL,
        code => ALL.get(code).unwrap_or(&OTHER),
    }
}

impl Lexicon {
    fn read(code: &str, text: &str) -> Lexicon {
        let mut out = Lexicon {
            arabic: code == "ar",
            suffixed: code == "id",
            point_groups: matches!(code, "id" | "fr" | "pt"),
            space_groups: matches!(code, "fr" | "pt"),
            no_one_hundred: code == "fr",
            capital_months: code == "en",
            lower_months: matches!(code, "fr" | "pt"),
            han: matches!(code, "zh" | "ja"),
            ..Lexicon::default()
        };
        let mut section = "";
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                Some(name) => section = name,
                None => out.add(section, line).unwrap_or_else(|| panic!("data/number/{code}.txt: `{line}`")),
            }
        }
        // Longer phrases first: `percentage point` before `percent`.
        out.percent.sort_by_key(|p| std::cmp::Reverse(p.len()));
        out.parts.sort_by_key(|(p, _)| std::cmp::Reverse(p.len()));
        out
    }

    /// One line of a section; `None` when it makes no sense there.
    fn add(&mut self, section: &str, line: &str) -> Option<()> {
        let plain = |out: &mut HashMap<String, Word>, word: Word| {
            out.extend(line.split_whitespace().map(|w| (fold(w), word.clone())));
        };
        match section {
            "ten" => plain(&mut self.words, Word::Ten),
            "teen" => plain(&mut self.words, Word::Teen),
            "hundred" => plain(&mut self.words, Word::Hundred),
            "and" => plain(&mut self.words, Word::And),
            "percent" => self.percent.push(fold(line)),
            "part" => {
                let (part, phrase) = line.split_once(' ')?;
                self.parts.push((fold(phrase), DayPart::named(part)?));
            }
            "clock" => self.clock.extend(line.split_whitespace().map(fold)),
            "date" => self.before_dates.extend(line.split_whitespace().map(fold)),
            "before-weekday" => self.before_weekdays.extend(line.split_whitespace().map(fold)),
            "month" => self.calendar_words(NumberKind::Month, line)?,
            "weekday" => self.calendar_words(NumberKind::Weekday, line)?,
            "day" => self.calendar_words(NumberKind::RelativeDay, line)?,
            _ => {
                let mut fields = line.split_whitespace();
                let value = fields.next()?;
                let number = match value.split_once('.') {
                    Some((w, d)) => Decimal::from_digits(&format!("{w}{d}"), d.len())?,
                    None => Decimal::from_digits(value, 0)?,
                };
                for word in fields.map(fold) {
                    match section {
                        "numbers" => drop(self.words.insert(word, Word::Number(value.parse().ok()?))),
                        "scale" => drop(self.words.insert(word, Word::Scale(number))),
                        "plural" => drop(self.words.insert(word, Word::Plural(number))),
                        "ordinal" => drop(self.ordinals.insert(word, value.parse().ok()?)),
                        "decade" => drop(self.decades.insert(word, value.parse().ok()?)),
                        "loose" => {
                            self.longest_loose = self.longest_loose.max(word.chars().count());
                            self.loose.entry(word).or_default().push(number);
                        }
                        _ => return None,
                    }
                }
            }
        }
        Some(())
    }

    fn calendar_words(&mut self, kind: NumberKind, line: &str) -> Option<()> {
        let (value, words) = line.split_once(' ')?;
        let value = value.parse().ok()?;
        for word in words.split_whitespace() {
            let plain = word.trim_start_matches('?');
            let name = plain.replace('_', " ");
            self.calendar_names.entry((kind, value)).or_insert(name);
            let entry = CalendarWord { kind, value, is_certain: plain.len() == word.len() };
            let word = fold(plain).replace('_', " ");
            self.calendar_phrases.extend(word.split_once(' ').map(|(first, _)| first.to_owned()));
            self.longest_calendar = self.longest_calendar.max(word.chars().count());
            self.calendar.insert(word, entry);
        }
        Some(())
    }

    /// What the folded `word`, or two with a space between, says of the calendar.
    pub fn calendar(&self, word: &str) -> Option<CalendarWord> {
        self.calendar.get(word).copied()
    }

    /// Whether a phrase of the calendar begins with the folded `word`.
    pub fn begins_calendar_phrase(&self, word: &str) -> bool {
        self.calendar_phrases.contains(word)
    }

    /// What the month, weekday or day is called.
    pub fn calendar_name(&self, kind: NumberKind, value: i8) -> Option<&str> {
        self.calendar_names.get(&(kind, value)).map(String::as_str)
    }

    /// The longest word of the calendar that `text`, which is not spaced, starts with, and its length in bytes.
    pub fn calendar_at(&self, text: &str) -> Option<(usize, CalendarWord)> {
        let mut found = None;
        for (i, c) in text.char_indices().take(self.longest_calendar) {
            let end = i + c.len_utf8();
            found = self.calendar(&text[..end]).map(|word| (end, word)).or(found);
        }
        found
    }

    /// Whether the folded `word` announces a word of the calendar of this kind.
    pub fn announces(&self, word: &str, kind: NumberKind) -> bool {
        let words = if kind == NumberKind::Weekday { &self.before_weekdays } else { &self.before_dates };
        words.iter().any(|w| w == word)
    }

    /// What the folded `word` does in a number.
    pub fn word(&self, word: &str) -> Option<&Word> {
        self.words.get(word)
    }

    /// The place the folded `word` names.
    pub fn ordinal(&self, word: &str) -> Option<u64> {
        self.ordinals.get(word).copied()
    }

    /// The numbers the folded `word` says in passing.
    pub fn loose(&self, word: &str) -> Option<&[Decimal]> {
        self.loose.get(word).map(Vec::as_slice)
    }

    /// The decade (20–90) the folded `word` names.
    pub fn decade(&self, word: &str) -> Option<u64> {
        self.decades.get(word).copied()
    }

    /// The longest word of `[loose]` that `text` starts with: its length in bytes and values.
    pub fn loose_at(&self, text: &str) -> Option<(usize, &[Decimal])> {
        let mut found = None;
        for (i, c) in text.char_indices().take(self.longest_loose) {
            let end = i + c.len_utf8();
            found = self.loose(&text[..end]).map(|values| (end, values)).or(found);
        }
        found
    }

    /// Length in bytes of the percent sign or phrase `text` starts with.
    pub fn percent_at(&self, text: &str) -> Option<usize> {
        self.percent.iter().find_map(|phrase| phrase_at(phrase, text))
    }

    /// The time of day at `time` with the part of the day that is named beside it: where both stand together, and the
    /// part.
    pub fn with_part(&self, text: &str, time: &Range<usize>) -> Option<(Range<usize>, DayPart)> {
        if self.han {
            let before = text[..time.start].trim_end_matches(' ');
            let (length, part) = self.part_before(before)?;
            return Some((before.len() - length..time.end, part));
        }
        // What stands behind the digits, `am` in `9am`, may be a part of the time as it was found.
        let letters = text[time.clone()].trim_end_matches(|c| digit(c).is_none()).len();
        let letters = text[time.start + letters..].trim_start_matches(' ');
        let behind = HOURS.iter().chain(&["h", "H"]).find_map(|hour| letters.strip_prefix(hour));
        let behind = behind.map(|rest| rest.trim_start_matches([' ', '\u{A0}']));
        let of =
            |rest: &str| self.part_at(rest).map(|(length, part)| (text.len() - rest.len() + length, part));
        let (end, part) = of(letters).or_else(|| of(behind?))?;
        Some((time.start..end.max(time.end), part))
    }

    /// The part of the day that `text` starts with, and its length in bytes.
    pub fn part_at(&self, text: &str) -> Option<(usize, DayPart)> {
        let whole = |end: usize| !text[end..].starts_with(char::is_alphanumeric);
        self.parts.iter().find_map(|(phrase, part)| {
            phrase_at(phrase, text).filter(|end| self.han || whole(*end)).map(|end| (end, *part))
        })
    }

    /// The part of the day that `text`, which is not spaced, ends with, and its length in bytes.
    fn part_before(&self, text: &str) -> Option<(usize, DayPart)> {
        self.parts
            .iter()
            .find(|(phrase, _)| text.ends_with(phrase.as_str()))
            .map(|(p, part)| (p.len(), *part))
    }

    /// Whether the folded `text` speaks of a part of the day other than the morning.
    pub fn is_late(&self, text: &str) -> bool {
        self.parts.iter().any(|(phrase, part)| *part != DayPart::Morning && text.contains(phrase.as_str()))
    }

    /// Whether a time of day may follow the folded `word`.
    pub fn is_clock(&self, word: &str) -> bool {
        self.clock.iter().any(|c| c == word)
    }
}

/// Length in bytes of the folded `phrase` that `text` starts with.
fn phrase_at(phrase: &str, text: &str) -> Option<usize> {
    let mut taken = 0;
    // Vowel signs are not compared.
    let mut rest = text.char_indices().filter(|(_, c)| fold_char(*c).is_some());
    for want in phrase.chars() {
        let (i, c) = rest.next()?;
        let same = c == want || fold_char(c) == Some(want) || (want == ' ' && c == '\u{A0}');
        if !same {
            return None;
        }
        taken = i + c.len_utf8();
    }
    taken += text[taken..].chars().take_while(|c| fold_char(*c).is_none()).map(char::len_utf8).sum::<usize>();
    Some(taken)
}

/// `c` in the form words are compared in; `None` for marks that are not compared.
fn fold_char(c: char) -> Option<char> {
    Some(match c {
        // Vowel signs and the tatweel of Arabic.
        '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{640}' => return None,
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' => 'ي',
        'ة' => 'ه',
        _ => c.to_lowercase().next().unwrap_or(c),
    })
}

/// A word in the form the lists are kept in.
pub(super) fn fold(word: &str) -> String {
    word.chars().filter_map(fold_char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_read() {
        for (code, _) in FILES {
            assert!(!ALL[code].percent.is_empty(), "{code}");
        }
        assert_eq!(of(Lang::AR).word(&fold("أربعةً")), Some(&Word::Number(4)));
        assert_eq!(of(Lang::EN).percent_at("per cent of"), Some(8));
        assert_eq!(of(Lang::EN).percent_at("% of"), Some(1));
        assert_eq!(of(Lang::JA).loose_at("ひとつの").map(|l| l.0), Some(9));
    }
}
