//! The dates and quantities of a text as another language writes them.

use std::ops::Range;

use super::amount::amount;
use super::clock::write_time;
use super::digits::digit;
use super::lexicon::{self, fold};
use super::write::{decimal_mark, group_mark, grouped};
use super::{Decimal, Number, NumberKind, numbers};
use crate::Lang;

/// The dates, weekdays and quantities of `text` that `to` writes otherwise than `from`, each with what `to` writes for
/// it: months and weekdays by name or number, days and years in its order, large numbers with its own scale words,
/// digits with its own marks, times of day in English with their half of the day. In order and without overlaps; what has no
/// one form (times of day in other languages, ranges, words that may mean something else) is left out. Amounts have the
/// name of their currency behind them, where only one currency is meant (`data/established/currencies.tsv`).
pub fn rewrite(text: &str, from: Lang, to: Lang) -> Vec<(Range<usize>, String)> {
    if from == to || [from, to].iter().any(|lang| !Lang::EDITIONS.contains(lang)) {
        return Vec::new();
    }
    let found = numbers(text, from);
    let mut out = Vec::new();
    let mut at = 0;
    while at < found.len() {
        let n = &found[at];
        let dated = matches!(n.kind, NumberKind::Month | NumberKind::DatePart | NumberKind::Year);
        let (length, new) = if dated {
            date(text, &found[at..], from, to)
        } else {
            let new = match n.kind {
                NumberKind::Weekday => weekday(text, n, from, to),
                NumberKind::Plain | NumberKind::Currency => {
                    money(text, n, from, to).or_else(|| Some((n.span.clone(), quantity(n, from, to)?)))
                }
                NumberKind::Time => time(text, n, from, to),
                NumberKind::Percent => percent(n, to).map(|new| (n.span.clone(), new)),
                _ => None,
            };
            (1, new)
        };
        // The sign of an amount may stand where the number before it ended.
        let end = out.last().map_or(0, |(range, _): &(Range<usize>, String)| range.end);
        out.extend(new.filter(|(range, new)| range.start >= end && text[range.clone()] != *new));
        at += length;
    }
    out
}

/// A time of day, in English: the halves of the day have names there, and what stands without one gets the wrong one.
fn time(text: &str, n: &Number, from: Lang, to: Lang) -> Option<(Range<usize>, String)> {
    let clock = n.clock.filter(|_| to == Lang::EN && n.raw.contains(|c| digit(c).is_some()))?;
    let range = lexicon::of(from).with_part(text, &n.span).map_or(n.span.clone(), |(range, _)| range);
    let zone = text[range.end..].trim_start_matches(' ');
    let universal = ["UTC", "GMT"].iter().any(|z| zone.starts_with(z));
    (!universal && !is_an_end(text, &range)).then(|| (range, write_time(clock, to)))
}

/// A number that is no amount: with the scale words or the marks of the other language.
fn quantity(n: &Number, from: Lang, to: Lang) -> Option<String> {
    let head = &n.raw[..n.raw.find(|c| digit(c).is_some()).unwrap_or(0)];
    scaled(n, to).or_else(|| marks(n, from, to)).map(|number| format!("{head}{number}"))
}

/// Whether what stands at `range` is one end of something from here to there: `Rp5-10 juta`, `7-8 Mei`.
fn is_an_end(text: &str, range: &Range<usize>) -> bool {
    const TO: [char; 8] = ['-', '–', '—', '~', '～', '至', '到', '/'];
    text[..range.start].trim_end().ends_with(TO) || text[range.end..].trim_start().starts_with(TO)
}

/// An amount of money.
fn money(text: &str, n: &Number, from: Lang, to: Lang) -> Option<(Range<usize>, String)> {
    if is_an_end(text, &n.span) {
        return None;
    }
    let written = match scaled(n, to) {
        None if !n.is_word => digits(n.value, to),
        written => written?,
    };
    amount(text, n, (from, to), &written)
}

/// The date that begins with the first of `found`: of how many numbers it is made, and how `to` writes it.
fn date(text: &str, found: &[Number], from: Lang, to: Lang) -> (usize, Option<(Range<usize>, String)>) {
    let han = |lang: Lang| matches!(lang.code(), "zh" | "ja");
    let mut length = 1;
    while let Some(next) = found.get(length) {
        let between = &text[found[length - 1].span.end..next.span.start];
        let joined = if han(from) {
            matches!(between, "年" | "月")
        } else {
            matches!(between.trim_matches([' ', '\u{a0}']), "" | ",") && !between.contains('\n')
        };
        let more = matches!(next.kind, NumberKind::Month | NumberKind::DatePart | NumberKind::Year);
        // A day before another (`7-8 Mei`) or a part said twice is more than one date.
        if !more || !joined || found[..length].iter().any(|n| n.kind == next.kind) {
            break;
        }
        length += 1;
    }
    let parts = &found[..length];
    let of = |kind| parts.iter().find(|n| n.kind == kind);
    let value = |n: &Number| n.value.to_integer().and_then(|v| u16::try_from(v).ok());
    let Some(month) = of(NumberKind::Month) else { return (length, None) };
    let (start, mut end) = (parts[0].span.start, parts[length - 1].span.end);
    if han(from) {
        let Some(mark) = text[end..].chars().next().filter(|c| "年月日号".contains(*c)) else {
            return (length, None);
        };
        end += mark.len_utf8();
    }
    if is_an_end(text, &(start..end)) {
        return (length, None);
    }
    // `may` alone, and words such as `Sept` that may be cut from another.
    if length == 1 && (!month.is_word || month.is_word_small) {
        return (length, None);
    }
    let plain = |n: &&Number| n.raw.starts_with(|c| digit(c).is_some()) && !n.raw.contains(['-', '–', '/']);
    if [NumberKind::DatePart, NumberKind::Year].into_iter().filter_map(of).any(|n| !plain(&n)) {
        return (length, None);
    }
    let (day, year) = (of(NumberKind::DatePart).and_then(value), of(NumberKind::Year).and_then(value));
    let Some(number) = value(month).filter(|m| (1..=12).contains(m)) else { return (length, None) };
    let new = if han(to) {
        let year = year.map(|y| format!("{y}年")).unwrap_or_default();
        let day = day.map(|d| format!("{d}日")).unwrap_or_default();
        format!("{year}{number}月{day}")
    } else {
        let name = lexicon::of(to).calendar_name(NumberKind::Month, number as i8).map(str::to_owned);
        let Some(name) = name else { return (length, None) };
        let day = day.map(|d| if d == 1 && to == Lang::FR { "1er".to_owned() } else { d.to_string() });
        [day, Some(name), year.map(|y| y.to_string())].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    (length, Some((start..end, new)))
}

/// A day of the week, with the word for day that stands with it.
fn weekday(text: &str, n: &Number, from: Lang, to: Lang) -> Option<(Range<usize>, String)> {
    if n.is_word_small {
        return None;
    }
    let name = lexicon::of(to).calendar_name(n.kind, i8::try_from(n.value.to_integer()?).ok()?)?;
    let mut range = n.span.clone();
    match from.code() {
        "ja" if text[range.end..].starts_with('日') => range.end += '日'.len_utf8(),
        "id" | "ar" => {
            let before = text[..range.start].trim_end_matches(' ');
            let word = &before[before.rfind(' ').map_or(0, |at| at + 1)..];
            if matches!(fold(word).as_str(), "hari" | "يوم") {
                range.start = before.len() - word.len();
            }
        }
        _ => {}
    }
    // 星期四 is found in calendars, 周四 in newspapers.
    let name = match to.code() {
        "ja" => format!("{name}日"),
        "zh" => name.replace("星期", "周"),
        _ => name.to_owned(),
    };
    Some((range, name))
}

/// A number said with a scale word, or in words and ten thousand or more; without what stands before its digits.
fn scaled(n: &Number, to: Lang) -> Option<String> {
    let number = &n.raw[n.raw.find(|c| digit(c).is_some()).unwrap_or(0)..];
    if !number.chars().any(char::is_alphabetic) || n.is_word_small {
        return None;
    }
    let whole = n.value.to_integer().filter(|v| *v >= if n.is_word { 10_000 } else { 1_000 })?;
    match to.code() {
        "zh" => in_one_myriad(n.value, whole),
        "ja" => Some(in_myriads(whole)),
        _ => in_thousands(n.value, whole, to),
    }
}

/// As Chinese newspapers write: `3.2万亿`, `950万`.
fn in_one_myriad(value: Decimal, whole: i128) -> Option<String> {
    let (unit, word) = match whole {
        1_000_000_000_000.. => (1_000_000_000_000, "万亿"),
        100_000_000.. => (100_000_000, "亿"),
        10_000.. => (10_000, "万"),
        _ => (1, ""),
    };
    Some(format!("{}{word}", in_units(value, unit)?))
}

/// As Japanese newspapers write: `3兆2000億`.
fn in_myriads(whole: i128) -> String {
    const CHO: i128 = 1_000_000_000_000;
    let units = [(CHO, "兆"), (100_000_000, "億"), (10_000, "万"), (1, "")];
    let part = |unit| if unit == CHO { whole / unit } else { whole / unit % 10_000 };
    let parts = units.into_iter().map(|(unit, word)| (part(unit), word)).filter(|(part, _)| *part > 0);
    parts.map(|(part, word)| format!("{part}{word}")).collect()
}

/// With a word for a thousand, a million, a milliard or a billion of the long scale, where the language uses one.
fn in_thousands(value: Decimal, whole: i128, to: Lang) -> Option<String> {
    let [thousand, million, milliard, billion] = match to.code() {
        "id" => ["ribu", "juta", "miliar", "triliun"],
        "en" => ["", "million", "billion", "trillion"],
        "fr" => ["", "million", "milliard", ""],
        "ar" => ["ألف", "مليون", "مليار", "تريليون"],
        _ => return None,
    };
    let mut units =
        [(1_000_000_000_000, billion), (1_000_000_000, milliard), (1_000_000, million), (1_000, thousand)]
            .into_iter();
    let (unit, word) = units.find(|(unit, word)| whole >= *unit && !word.is_empty()).unwrap_or((1, ""));
    let many = in_units(value, unit)?;
    let three_to_ten = many.to_integer().is_some_and(|v| (3..=10).contains(&v));
    let word = match (to.code(), word) {
        ("fr", word) if !word.is_empty() && many.to_f64() >= 2.0 => format!("{word}s"),
        ("ar", "ألف") if three_to_ten => "آلاف".to_owned(),
        ("ar", "مليون") if three_to_ten => "ملايين".to_owned(),
        ("ar", "مليار") if three_to_ten => "مليارات".to_owned(),
        (_, word) => word.to_owned(),
    };
    Some(format!("{} {word}", digits(many, to)).trim_end().to_owned())
}

/// Digits with other marks: `9.900` for `9,900`; without what stands before them.
fn marks(n: &Number, from: Lang, to: Lang) -> Option<String> {
    let first = n.raw.find(|c| digit(c).is_some()).filter(|_| !n.is_word)?;
    let written = &n.raw[first..];
    let marked = written.contains(['.', ',', ' ', '\u{a0}', '\u{202f}']);
    let plain = written.chars().all(|c| c.is_ascii_digit() || " .,\u{a0}\u{202f}".contains(c));
    (marked && plain && group_mark(from) != group_mark(to)).then(|| digits(n.value, to))
}

fn percent(n: &Number, to: Lang) -> Option<String> {
    let starts = n.raw.starts_with(|c: char| c.is_ascii_digit());
    let sign = match to.code() {
        "id" => " persen",
        "fr" => "\u{a0}%",
        "zh" | "ja" | "en" | "ar" => "%",
        _ => return None,
    };
    starts.then(|| format!("{}{sign}", digits(n.value, to)))
}

fn digits(value: Decimal, lang: Lang) -> String {
    grouped(value, Some(group_mark(lang)), decimal_mark(lang))
}

/// `value` in units of a power of ten, if it has at most two decimals then.
fn in_units(value: Decimal, unit: i128) -> Option<Decimal> {
    let power = i32::try_from(unit.checked_ilog10()?).ok()?;
    let (mantissa, exponent) = value.parts();
    let value = Decimal::new(mantissa, exponent - power);
    (value.parts().1 >= -2).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, from: Lang, to: Lang) -> String {
        crate::substituted(text, rewrite(text, from, to))
    }

    #[test]
    fn dates_take_the_order_and_names_of_the_other_language() {
        let id = "Pada hari Kamis, 8 Januari 2022, dan sejak Maret 2021.";
        for (to, want) in [
            (Lang::ZH, "Pada 周四, 2022年1月8日, dan sejak 2021年3月."),
            (Lang::JA, "Pada 木曜日, 2022年1月8日, dan sejak 2021年3月."),
            (Lang::AR, "Pada الخميس, 8 يناير 2022, dan sejak مارس 2021."),
            (Lang::FR, "Pada jeudi, 8 janvier 2022, dan sejak mars 2021."),
            (Lang::EN, "Pada Thursday, 8 January 2022, dan sejak March 2021."),
        ] {
            assert_eq!(all(id, Lang::ID, to), want);
        }
        assert_eq!(
            all("On Thursday, January 8, 2022, it rained.", Lang::EN, Lang::ID),
            "On Kamis, 8 Januari 2022, it rained."
        );
        assert_eq!(
            all("2022年1月8日，星期四，3月底。", Lang::ZH, Lang::FR),
            "8 janvier 2022，jeudi，3月底。"
        );
        assert_eq!(all("1月1日木曜日に", Lang::JA, Lang::FR), "1er janvierjeudiに");
    }

    #[test]
    fn times_name_their_half_of_the_day_in_english() {
        let id = "pukul 05.00, pukul 17.30 WIB, pukul 9.15, pukul 14.00 UTC, pukul 08.00-10.00";
        assert_eq!(
            all(id, Lang::ID, Lang::EN),
            "pukul 5 a.m., pukul 5:30 p.m. WIB, pukul 9.15, pukul 14.00 UTC, pukul 08.00-10.00"
        );
        assert_eq!(all("pukul 3 sore", Lang::ID, Lang::EN), "pukul 3 p.m.");
        assert_eq!(all("它从下午5点30分开始", Lang::ZH, Lang::EN), "它从5:30 p.m.开始");
        assert_eq!(all(id, Lang::ID, Lang::FR), id);
    }

    #[test]
    fn what_is_more_than_one_date_stays() {
        for text in
            ["Pada 7-8 Mei 2022.", "Januari–Maret 2022.", "Dari 5/1/2022.", "Tahun 2022.", "Pukul 09.30 WIB."]
        {
            assert_eq!(all(text, Lang::ID, Lang::ZH), text);
        }
        assert_eq!(all("It may rain.", Lang::EN, Lang::ZH), "It may rain.");
    }

    #[test]
    fn large_numbers_take_the_scale_words_of_the_other_language() {
        let id = "9,5 juta warga, Rp 3,2 triliun, dua juta, 12 ribu, 5 miliar";
        for (to, want) in [
            (Lang::ZH, "950万 warga, 3.2万亿印尼盾, 200万, 1.2万, 50亿"),
            (Lang::JA, "950万 warga, 3兆2000億ルピア, 200万, 1万2000, 50億"),
            (Lang::AR, "9.5 مليون warga, 3.2 تريليون روبية, 2 مليون, 12 ألف, 5 مليارات"),
            (
                Lang::FR,
                "9,5 millions warga, 3\u{a0}200 milliards de roupies, 2 millions, 12\u{a0}000, 5 milliards",
            ),
            (Lang::EN, "9.5 million warga, 3.2 trillion rupiah, 2 million, 12,000, 5 billion"),
        ] {
            assert_eq!(all(id, Lang::ID, to), want);
        }
        assert_eq!(all("3兆2000億円", Lang::JA, Lang::ID), "3,2 triliun yen");
        assert_eq!(all("satu orang, seribu alasan", Lang::ID, Lang::ZH), "satu orang, seribu alasan");
    }

    #[test]
    fn amounts_name_their_currency() {
        let id = "Rp48,5 miliar, 5 juta dolar AS, US$1.200, Rp 75.000 per kilogram, $9, Rp5-10 juta";
        for (to, want) in [
            (Lang::ZH, "485亿印尼盾, 500万美元, 1,200美元, 75,000印尼盾 per kilogram, $9, Rp5-10 juta"),
            (
                Lang::EN,
                "48.5 billion rupiah, 5 million US dollars, 1,200 US dollars, 75,000 rupiah per kilogram, $9, Rp5-10 juta",
            ),
            (
                Lang::FR,
                "48,5 milliards de roupies, 5 millions de dollars américains, 1\u{a0}200 dollars américains, \
                 75\u{a0}000 roupies per kilogram, $9, Rp5-10 juta",
            ),
        ] {
            assert_eq!(all(id, Lang::ID, to), want);
        }
        assert_eq!(all("costs €3.5 million", Lang::EN, Lang::FR), "costs 3,5 millions d'euros");
        assert_eq!(all("他花了500万美元买房", Lang::ZH, Lang::ID), "他花了5 juta dolar AS买房");
    }

    #[test]
    fn digits_take_the_marks_of_the_other_language() {
        assert_eq!(
            all("9.900 orang, 3,5 persen, Rp9.500", Lang::ID, Lang::EN),
            "9,900 orang, 3.5%, 9,500 rupiah"
        );
        assert_eq!(all("9,900 people, 3.5%", Lang::EN, Lang::FR), "9\u{a0}900 people, 3,5\u{a0}%");
        assert_eq!(all("9,900人", Lang::ZH, Lang::EN), "9,900人");
        assert_eq!(all("2022 orang", Lang::ID, Lang::EN), "2022 orang");
    }
}
