//! Dates as pages write them → RFC 3339.
//!
//! Read are ISO 8601, RFC 2822, numeric dates (`08/01/2022, 06:31 WIB`), dates with a month's name in the
//! languages of `data/dates.toml`, and Chinese and Japanese dates. An offset is taken only from what is
//! written: `+07:00`, `GMT+7`, or a zone abbreviation with one meaning. RFC 3339 has no form for a time
//! without an offset, so [`parse`] gives nothing where none is stated.

use std::collections::HashMap;
use std::sync::LazyLock;

use edisi_text::Lang;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use regex::{Captures, Regex};

/// Longer texts are no date lines; only this many bytes are looked at.
const MAX_TEXT: usize = 400;
/// A time of day stands at most this many bytes from its date.
const MAX_GAP: usize = 48;

/// A date as written: what it does not state is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) date: Date,
    pub(crate) time: Option<Time>,
    pub(crate) offset: Option<Offset>,
}

impl Stamp {
    /// RFC 3339, when time and offset are known.
    pub(crate) fn rfc3339(&self) -> Option<String> {
        let (time, offset) = (self.time?, self.offset?);
        let s = offset.seconds();
        let (sign, minutes) = (if s < 0 { '-' } else { '+' }, s.abs() / 60);
        let at = DateTime::from_parts(self.date, time).strftime("%Y-%m-%dT%H:%M:%S");
        Some(format!("{at}{sign}{:02}:{:02}", minutes / 60, minutes % 60))
    }

    /// The moment, when time and offset are known.
    pub(crate) fn instant(&self) -> Option<jiff::Timestamp> {
        self.offset?.to_timestamp(DateTime::from_parts(self.date, self.time?)).ok()
    }
}

/// Reads the first date in a text that states day, time and offset, as RFC 3339 with that offset.
///
/// `lang` is the language of the text, when known; it decides between day/month and month/day where the
/// digits leave that open. In English, where both are in use, such a date gives nothing unless its zone
/// tells.
pub fn parse(text: &str, lang: Option<Lang>) -> Option<String> {
    read(text, lang)?.rfc3339()
}

/// As [`parse`], with what is stated however little.
pub(crate) fn read(text: &str, lang: Option<Lang>) -> Option<Stamp> {
    let text = ascii_digits(text);
    let (date, place) = find_date(&text, lang)?;
    let after = clip(&text[place.end..], 0, MAX_GAP);
    let before_start = place.start.saturating_sub(MAX_GAP);
    let before = clip(&text[..place.start], before_start, place.start);
    let found = find_time(after).or_else(|| find_time(before));
    let Some((time, rest)) = found else { return Some(Stamp { date, time: None, offset: None }) };
    let offset = find_offset(rest, DateTime::from_parts(date, time));
    Some(Stamp { date, time: Some(time), offset })
}

/// `text[from..to]`, moved to character borders.
fn clip(text: &str, from: usize, to: usize) -> &str {
    let (mut from, mut to) = (from.min(text.len()), to.min(text.len()));
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[from..to.max(from)]
}

/// Arabic, Persian and full-width digits (and the full-width colon) as ASCII.
fn ascii_digits(text: &str) -> String {
    clip(text, 0, MAX_TEXT)
        .chars()
        .map(|c| match c {
            '\u{660}'..='\u{669}' => (b'0' + (c as u32 - 0x660) as u8) as char,
            '\u{6f0}'..='\u{6f9}' => (b'0' + (c as u32 - 0x6f0) as u8) as char,
            '\u{ff10}'..='\u{ff19}' => (b'0' + (c as u32 - 0xff10) as u8) as char,
            '：' => ':',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect()
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

fn number<T: std::str::FromStr>(c: &Captures<'_>, group: usize) -> Option<T> {
    c.get(group)?.as_str().parse().ok()
}

fn find_date(text: &str, lang: Option<Lang>) -> Option<(Date, std::ops::Range<usize>)> {
    static YEAR_FIRST: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?:^|\D)((?:19|20)\d\d)\s?(?:[-/.]|年)\s?(\d{1,2})\s?(?:[-/.]|月)\s?(\d{1,2})(?:日|\b|T)")
    });
    static YEAR_LAST: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\b(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?((?:19|20)\d\d)\b"));
    let months = &*MONTHS;
    let mut found: Vec<(Date, std::ops::Range<usize>)> = Vec::new();
    let mut add = |c: &Captures<'_>, year: Option<i16>, month: Option<i8>, day: Option<i8>| {
        if let (Some(y), Some(m), Some(d), Some(all)) = (year, month, day, c.get(0))
            && let Ok(date) = Date::new(y, m, d)
        {
            found.push((date, all.range()));
        }
    };
    if let Some(c) = YEAR_FIRST.captures(text) {
        add(&c, number(&c, 1), number(&c, 2), number(&c, 3));
    }
    if let Some(c) = YEAR_LAST.captures(text)
        && let Some((day, month)) = order(number(&c, 1)?, number(&c, 2)?, text, lang)
    {
        add(&c, number(&c, 3), Some(month), Some(day));
    }
    if let Some(c) = months.day_first.captures(text) {
        add(&c, number(&c, 3), months.number(&c[2]), number(&c, 1));
    }
    if let Some(c) = months.month_first.captures(text) {
        add(&c, number(&c, 3), months.number(&c[1]), number(&c, 2));
    }
    found.into_iter().min_by_key(|(_, place)| place.start)
}

/// Which of two numbers is the day, which the month.
fn order(a: i8, b: i8, text: &str, lang: Option<Lang>) -> Option<(i8, i8)> {
    static AMERICAN: LazyLock<Regex> = LazyLock::new(|| regex(r"\b(?:[ECMP]S?T|[ECMP]DT)\b|[AaPp]\.?[Mm]\b"));
    match (a > 12, b > 12) {
        (true, true) => None,
        (true, false) => Some((a, b)),
        (false, true) => Some((b, a)),
        (false, false) if a == b => Some((a, b)),
        _ if ["WIB", "WITA", "WIT", "CET", "GMT+"].iter().any(|z| text.contains(z)) => Some((a, b)),
        _ if AMERICAN.is_match(text) && lang.is_none_or(|l| l == Lang::EN) => Some((b, a)),
        _ if lang.is_some_and(|l| l != Lang::EN) => Some((a, b)),
        _ => None,
    }
}

/// A time of day and the text after it.
fn find_time(text: &str) -> Option<(Time, &str)> {
    static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)(午前|午後|上午|下午)?\s?(\d{1,2})\s?(?:[:.時时点]|\s?[hH]\s?)\s?(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:分|\b|Z)\s?([ap]\.?m\b\.?|[صم]\b)?",
        )
    });
    static HOUR: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b(\d{1,2})\s?([ap])\.?m\b\.?"));
    if let Some(c) = CLOCK.captures(text)
        && let (Some(hour), Some(minute)) = (number::<i8>(&c, 2), number::<i8>(&c, 3))
    {
        let half = c.get(5).or(c.get(1)).and_then(|m| half_of_day(m.as_str()));
        let time = Time::new(on_clock(hour, half)?, minute, number(&c, 4).unwrap_or(0), 0).ok()?;
        // `Z` belongs to the offset, not to the time.
        let end = c.get(0)?.end() - usize::from(c[0].ends_with('Z'));
        return Some((time, &text[end..]));
    }
    let c = HOUR.captures(text)?;
    let hour = on_clock(number(&c, 1)?, half_of_day(&c[2]))?;
    Some((Time::new(hour, 0, 0, 0).ok()?, &text[c.get(0)?.end()..]))
}

/// Whether a word means the second half of the day.
fn half_of_day(word: &str) -> Option<bool> {
    match word.chars().next()?.to_ascii_lowercase() {
        'a' | 'ص' => Some(false),
        'p' | 'م' => Some(true),
        _ => Some(word.ends_with('後') || word.starts_with('下')),
    }
}

fn on_clock(hour: i8, afternoon: Option<bool>) -> Option<i8> {
    match afternoon {
        None => Some(hour),
        Some(pm) if (1..=12).contains(&hour) => Some(hour % 12 + if pm { 12 } else { 0 }),
        // `午後13時` says it twice.
        Some(pm) => (pm && hour < 24).then_some(hour),
    }
}

/// The offset written right after a time.
fn find_offset(rest: &str, at: DateTime) -> Option<Offset> {
    static NUMERIC: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^[\s(]*(?:GMT|UTC)?\s?([+\u{2212}-])\s?(\d{1,2})(?::?(\d{2}))?\b"));
    static WORD: LazyLock<Regex> = LazyLock::new(|| regex(r"^[\s(,]*([\p{L}]+(?: [\p{L}]+)?)"));
    if let Some(c) = NUMERIC.captures(rest) {
        let (hours, minutes): (i32, i32) = (number(&c, 2)?, number(&c, 3).unwrap_or(0));
        let seconds = (hours * 60 + minutes) * 60;
        if hours > 14 || minutes > 59 {
            return None;
        }
        return Offset::from_seconds(if &c[1] == "+" { seconds } else { -seconds }).ok();
    }
    let zones = &*ZONES;
    let phrase = WORD.captures(rest)?.get(1)?.as_str();
    let word = phrase.split(' ').next().unwrap_or(phrase);
    for name in [phrase, word] {
        let key = name.to_lowercase();
        // Short Latin abbreviations are ordinary words in some language: `est`, `pt`.
        let capital = name.chars().all(|c| c.is_uppercase() || !c.is_lowercase());
        if !capital && !key.starts_with("wi") {
            continue;
        }
        if let Some(&minutes) = zones.fixed.get(&key) {
            return Offset::from_seconds(minutes * 60).ok();
        }
        if let Some(zone) = zones.rules.get(&key) {
            return TimeZone::get(zone)
                .ok()
                .map(|tz| tz.to_ambiguous_timestamp(at).compatible().ok().map(|t| tz.to_offset(t)))?;
        }
    }
    None
}

#[derive(serde::Deserialize)]
struct Data {
    months: HashMap<String, Vec<String>>,
    zones: HashMap<String, i32>,
    rules: HashMap<String, String>,
}

static DATA: LazyLock<Data> =
    LazyLock::new(|| toml::from_str(include_str!("../data/dates.toml")).expect("data/dates.toml is valid"));

struct Months {
    names: HashMap<String, i8>,
    /// Day, month's name, year.
    day_first: Regex,
    /// Month's name, day, year.
    month_first: Regex,
}

impl Months {
    fn number(&self, name: &str) -> Option<i8> {
        self.names.get(&name.to_lowercase()).copied()
    }
}

static MONTHS: LazyLock<Months> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for list in DATA.months.values() {
        for (month, forms) in (1i8..).zip(list) {
            for form in forms.split(' ') {
                names.insert(form.replace('_', " "), month);
            }
        }
    }
    let mut forms: Vec<String> = names.keys().map(|n| regex::escape(n)).collect();
    forms.sort_by_key(|f| (std::cmp::Reverse(f.len()), f.clone()));
    let name = format!("({})", forms.join("|"));
    let year = r"((?:19|20)\d\d)\b";
    Months {
        names,
        day_first: regex(&format!(
            r"(?i)\b(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?[\s-]*(?:de\s+|of\s+)?\b{name}\b\.?,?[\s/-]*(?:de\s+|del\s+)?{year}"
        )),
        month_first: regex(&format!(r"(?i)\b{name}\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{year}")),
    }
});

static ZONES: LazyLock<Zones> = LazyLock::new(|| Zones { fixed: &DATA.zones, rules: &DATA.rules });

struct Zones {
    /// Abbreviation, lower case → minutes east of UTC.
    fixed: &'static HashMap<String, i32>,
    /// Abbreviation, lower case → name in the time zone database.
    rules: &'static HashMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_with_an_offset() {
        let id = Some(Lang::ID);
        for (text, lang, want) in [
            ("2022-01-08T06:31:00+07:00", None, "2022-01-08T06:31:00+07:00"),
            ("2022-01-08T06:31:00Z", None, "2022-01-08T06:31:00+00:00"),
            ("2022-01-08T06:31:12.345Z", None, "2022-01-08T06:31:12+00:00"),
            ("2022-01-08 06:31:00 +0700", None, "2022-01-08T06:31:00+07:00"),
            ("2019-11-18T20:05-05:00", None, "2019-11-18T20:05:00-05:00"),
            ("Sat, 08 Jan 2022 06:31:00 GMT", None, "2022-01-08T06:31:00+00:00"),
            ("Kompas.com - 08/01/2022, 06:31 WIB", None, "2022-01-08T06:31:00+07:00"),
            ("Sabtu, 8 Januari 2022 | 06:31 WIB", id, "2022-01-08T06:31:00+07:00"),
            ("Senin, 22 Nov 2021 10.30 WITA", id, "2021-11-22T10:30:00+08:00"),
            ("Jumat 7 Agustus 2020 pukul 23.05 wib", id, "2020-08-07T23:05:00+07:00"),
            ("06:31 WIB, 8 Januari 2022", id, "2022-01-08T06:31:00+07:00"),
            ("Published November 20th, 2019 - 07:50 GMT", None, "2019-11-20T07:50:00+00:00"),
            ("Nov. 18, 2019 at 8:05 p.m. EST", Some(Lang::EN), "2019-11-18T20:05:00-05:00"),
            ("July 4, 2022 12:15 am ET", Some(Lang::EN), "2022-07-04T00:15:00-04:00"),
            ("Dec 4, 2022 9 pm ET", Some(Lang::EN), "2022-12-04T21:00:00-05:00"),
            ("20 novembre 2019 à 14h30 (GMT+1)", Some(Lang::FR), "2019-11-20T14:30:00+01:00"),
            ("8 de janeiro de 2022 às 06h31 BRT", Some(Lang::PT), "2022-01-08T06:31:00-03:00"),
            ("2022年1月8日 午後6時31分 JST", Some(Lang::JA), "2022-01-08T18:31:00+09:00"),
            ("8 يناير 2022 - ٠٦:٣١ بتوقيت غرينتش", Some(Lang::AR), "2022-01-08T06:31:00+00:00"),
        ] {
            assert_eq!(parse(text, lang).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn what_is_not_stated_is_not_guessed() {
        for text in [
            "8 Januari 2022, 06:31",
            "8 Januari 2022",
            "06:31 WIB",
            "20 novembre 2019 à 14h30 est une date",
            "31 Februari 2022, 06:31 WIB",
            "Nov 18, 2019 8:05 CST",
            "2022-01-08T06:31:00",
            "2022-01-08T26:31:00Z",
            "",
        ] {
            assert_eq!(parse(text, None), None, "{text}");
        }
    }

    #[test]
    fn day_and_month_are_told_apart_or_left() {
        let day = |text, lang| read(text, lang).map(|s| s.date.to_string());
        assert_eq!(day("03/04/2022", Some(Lang::ID)).as_deref(), Some("2022-04-03"));
        assert_eq!(day("03/04/2022", Some(Lang::EN)), None);
        assert_eq!(day("03/04/2022 8:05 PM EST", Some(Lang::EN)).as_deref(), Some("2022-03-04"));
        assert_eq!(day("13/04/2022", Some(Lang::EN)).as_deref(), Some("2022-04-13"));
        assert_eq!(day("03-04-2022 10:00 WIB", None).as_deref(), Some("2022-04-03"));
    }

    #[test]
    fn a_month_form_means_one_month() {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (lang, months) in &DATA.months {
            assert_eq!(months.len(), 12, "{lang}");
            for (month, forms) in months.iter().enumerate() {
                for form in forms.split(' ') {
                    assert_eq!(*seen.entry(form).or_insert(month), month, "{form} in {lang}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "[ 0-9A-Za-z:.,/年月日午後+Z-]{0,80}") {
            if let Some(at) = parse(&text, Some(Lang::EN)) {
                proptest::prop_assert!(at.parse::<jiff::Timestamp>().is_ok(), "{at}");
            }
        }
    }
}
