//! What a number measures: the unit that stands with it.
//!
//! The units are in `data/unit/units.txt` with their sizes, what languages call them in `data/unit/<lang>.txt`,
//! and the signs all languages share in `data/unit/common.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lexicon::fold;
use super::scan::joins;
use super::words::{is_word_char, word_len};
use super::{Decimal, Number, NumberKind};
use crate::Lang;

/// A unit of measure.
#[derive(Debug, Clone, Copy)]
pub struct Unit(&'static Definition);

#[derive(Debug)]
struct Definition {
    name: &'static str,
    dimension: &'static str,
    size: f64,
    zero: f64,
}

impl Unit {
    /// Its sign, or its English name where it has none: `km`, `year`.
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// What it measures: two units of the same are converted into each other.
    pub fn dimension(&self) -> &'static str {
        self.0.dimension
    }

    /// Whether a text may write the one for the other: they are the same, or one is a degree of either scale.
    pub fn may_be(&self, other: &Unit) -> bool {
        let degree = |a: &Unit, b: &Unit| a.name() == "deg" && b.0.dimension == "temperature";
        self.name() == other.name() || degree(self, other) || degree(other, self)
    }

    /// Whether so many of this unit are about so many of `other`: equal but for at most `tolerance` of the value.
    pub fn equals(&self, value: Decimal, other: &Unit, others: Decimal, tolerance: f64) -> bool {
        let dimension = |unit: &Unit| if unit.name() == "deg" { "temperature" } else { unit.0.dimension };
        if dimension(self) != dimension(other) {
            return false;
        }
        let in_base = |unit: &Unit, value: Decimal| value.to_f64() * unit.0.size + unit.0.zero;
        let (a, b) = (in_base(self, value), in_base(other, others));
        // Degrees are rounded to whole ones, wherever zero lies.
        let least = if dimension(self) == "temperature" { 3.0 } else { 0.0 };
        (a - b).abs() <= (a.abs().max(b.abs()) * tolerance).max(least)
    }
}

/// What may stand between two numbers that share the unit behind the second.
const AND: [&str; 15] =
    ["and", "dan", "et", "e", "و", "和", "与", "と", "、", ",", "by", "kali", "sur", "x", "×"];

static UNITS: LazyLock<HashMap<&str, Unit>> = LazyLock::new(|| {
    lines(include_str!("../../data/unit/units.txt"))
        .map(|line| {
            let mut fields = line.split(' ');
            let mut field = || fields.next().expect("name, dimension, size");
            let (name, dimension, size) = (field(), field(), field().parse().expect("a size"));
            let zero = fields.next().map_or(0.0, |zero| zero.parse().expect("where zero lies"));
            let definition: &'static Definition =
                Box::leak(Box::new(Definition { name, dimension, size, zero }));
            (name, Unit(definition))
        })
        .collect()
});

/// The signs of `common.txt`, longest first.
static SIGNS: LazyLock<Vec<(&str, Vec<Unit>)>> = LazyLock::new(|| {
    let mut signs: Vec<_> = forms(include_str!("../../data/unit/common.txt")).collect();
    signs.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
    signs
});

static WORDS: LazyLock<HashMap<&str, HashMap<String, Vec<Unit>>>> = LazyLock::new(|| {
    [
        ("id", include_str!("../../data/unit/id.txt")),
        ("en", include_str!("../../data/unit/en.txt")),
        ("zh", include_str!("../../data/unit/zh.txt")),
        ("ja", include_str!("../../data/unit/ja.txt")),
        ("ar", include_str!("../../data/unit/ar.txt")),
        ("fr", include_str!("../../data/unit/fr.txt")),
        ("pt", include_str!("../../data/unit/pt.txt")),
    ]
    .map(|(lang, file)| (lang, forms(file).map(|(form, units)| (fold(form), units)).collect()))
    .into()
});

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'))
}

fn forms(file: &'static str) -> impl Iterator<Item = (&'static str, Vec<Unit>)> {
    lines(file).flat_map(|line| {
        let (names, forms) = line.split_once(' ').expect("units and forms");
        let units: Vec<Unit> = names.split(',').map(|name| UNITS[name]).collect();
        forms.split('|').map(move |form| (form, units.clone()))
    })
}

/// The units each of `numbers` may be counted in, in their order; none where none stands with a number.
///
/// `numbers` are those of `text`, as [`super::numbers`] finds them.
pub fn units(text: &str, lang: Lang, numbers: &[Number]) -> Vec<&'static [Unit]> {
    let Some(words) = WORDS.get(lang.code()) else { return vec![&[]; numbers.len()] };
    let mut out: Vec<&[Unit]> = numbers.iter().map(|n| of(text, words, n).unwrap_or_default()).collect();
    // 2 to 4 inches: the unit holds for both.
    for i in (1..numbers.len()).rev() {
        let between = text[numbers[i - 1].span.end..numbers[i].span.start].trim();
        let alone = matches!(numbers[i - 1].kind, NumberKind::Year | NumberKind::Ordinal);
        if out[i - 1].is_empty()
            && (joins(between) || AND.contains(&between))
            && counts(&numbers[i - 1])
            && !alone
        {
            out[i - 1] = out[i];
        }
    }
    out
}

fn counts(number: &Number) -> bool {
    matches!(
        number.kind,
        NumberKind::Plain
            | NumberKind::Range
            | NumberKind::Loose
            | NumberKind::Percent
            | NumberKind::Score
            | NumberKind::Ordinal
            | NumberKind::Year
    )
}

fn of(text: &str, words: &'static HashMap<String, Vec<Unit>>, number: &Number) -> Option<&'static [Unit]> {
    if !counts(number) {
        return None;
    }
    if number.kind == NumberKind::Year {
        // 1600 km; but 2008 hours hardly stands for anything.
        let found = behind(&text[number.span.end..], words, false)?;
        return Some(found).filter(|units| units[0].0.dimension != "time");
    }
    if number.kind == NumberKind::Percent {
        let raw = fold(&number.raw);
        let points =
            words.iter().find(|(form, units)| units[0].name() == "pp" && raw.contains(form.as_str()));
        return Some(points.map_or(std::slice::from_ref(&UNITS["pct"]), |p| p.1));
    }
    // Arabic says two of a thing in one word.
    if number.kind == NumberKind::Loose
        && number.value == Decimal::from(2)
        && let Some(units) = words.get(&fold(&number.raw))
    {
        return Some(units);
    }
    let letters = number.raw.trim_end_matches(char::is_alphabetic).len();
    if letters > 0
        && letters < number.raw.len()
        && !number.is_word
        && let Some(units) = sign(&text[number.span.start + letters..])
    {
        return Some(units);
    }
    behind(&text[number.span.end..], words, number.kind == NumberKind::Loose)
}

/// The units `text` names in words of their own, with or without a number; none in languages that are not spaced,
/// where their names are parts of too many words.
pub fn named(text: &str, lang: Lang) -> Vec<Unit> {
    let Some(words) = WORDS.get(lang.code()).filter(|_| !lang.is_unspaced()) else { return Vec::new() };
    let mut out: Vec<Unit> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(is_word_char).map(|found| at + found) {
        at = start + word_len(&text[start..]);
        let bare = text[start..].strip_prefix("ال").unwrap_or(&text[start..]);
        for unit in spaced(bare, words).unwrap_or_default() {
            if !out.iter().any(|u| u.name() == unit.name()) {
                out.push(*unit);
            }
        }
    }
    out
}

/// Whether `text` may name `unit` anywhere, if only within another word (`weekend`, `seminggu`).
pub fn may_name(text: &str, lang: Lang, unit: &Unit) -> bool {
    let Some(words) = WORDS.get(lang.code()) else { return true };
    let (text, unspaced) = (fold(text), lang.is_unspaced());
    // Indonesian and Arabic put what belongs to a word in front of it, too.
    let inside = unspaced || matches!(lang.code(), "id" | "ar");
    let stands = |(at, _): (usize, &str)| inside || !text[..at].ends_with(is_word_char);
    let least = if unspaced { 1 } else { 3 };
    let own = words.iter().filter(|(form, _)| form.chars().count() >= least);
    // English names stay as they are: "60 Minutes".
    let mut forms = own.chain(&WORDS["en"]).filter(|(_, units)| units.iter().any(|u| u.may_be(unit)));
    forms.any(|(form, _)| text.match_indices(form.as_str()).any(stands))
}

/// The unit at the start of `text`, which stands behind a number.
fn behind(text: &str, words: &'static HashMap<String, Vec<Unit>>, loose: bool) -> Option<&'static [Unit]> {
    let text = text.strip_prefix([' ', '\u{A0}', '\u{202F}', '-', '‑']).unwrap_or(text);
    let text = text.strip_prefix(' ').unwrap_or(text);
    let first = text.chars().next()?;
    if !is_word_char(first) && first.is_alphabetic() {
        // 3分の2, 半分: parts, not minutes.
        if ["分の", "分之"].iter().any(|part| text.starts_with(part)) || (loose && text.starts_with('分'))
        {
            return None;
        }
        // 30多公里, 300余吨
        let text = text.strip_prefix(['多', '余', '餘']).unwrap_or(text);
        let ends = text.char_indices().map(|(i, c)| i + c.len_utf8()).take(11);
        let ends: Vec<usize> = ends.collect();
        return ends.into_iter().rev().find_map(|end| words.get(&text[..end])).map(Vec::as_slice);
    }
    spaced(text, words).or_else(|| sign(text)).or_else(|| {
        let of: &[&str] = if loose { &["a ", "an ", "of a ", "of an "] } else { &[] };
        let of = ["de ", "d'", "d’", "من "].iter().chain(of);
        of.filter_map(|of| text.strip_prefix(of)).find_map(|rest| spaced(rest, words))
    })
}

/// The longest unit of up to four words.
fn spaced(text: &str, words: &'static HashMap<String, Vec<Unit>>) -> Option<&'static [Unit]> {
    let mut key = String::new();
    let mut found = None;
    let mut end = 0;
    for _ in 0..4 {
        let len = word_len(&text[end..]);
        if len == 0 || len > 60 {
            break;
        }
        key.push_str(&fold(&text[end..end + len]));
        end += len;
        let squared = text[end..].starts_with(['²', '³']);
        found = words.get(&key).filter(|_| !squared).or(found);
        let Some(gap) = text[end..].chars().next().filter(|c| matches!(c, ' ' | '\u{A0}' | '-' | '\'' | '’'))
        else {
            break;
        };
        key.push(' ');
        end += gap.len_utf8();
    }
    found.map(Vec::as_slice)
}

fn sign(text: &str) -> Option<&'static [Unit]> {
    let letter = |c: char| is_word_char(c) || matches!(c, '²' | '³');
    SIGNS
        .iter()
        .find(|(form, _)| text.strip_prefix(form).is_some_and(|rest| !rest.starts_with(letter)))
        .map(|(_, units)| units.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers;

    fn found(text: &str, lang: Lang) -> String {
        let numbers = numbers(text, lang);
        let units = units(text, lang, &numbers);
        let name = |u: &&[Unit]| u.first().map_or("-", Unit::name);
        units.iter().map(name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_list_is_read() {
        assert!(WORDS.values().all(|words| words.len() > 60));
        assert!(SIGNS.len() > 40);
    }

    #[test]
    fn units_behind_numbers() {
        for (lang, text, want) in [
            (Lang::EN, "30 miles, a 25-year-old, 5km, 3 sq km and 12 people", "mi year km km2 -"),
            (Lang::EN, "2 to 4 inches in 2019, half an hour", "in in - h"),
            (Lang::EN, "up 3 percentage points to 7 percent", "pp pct"),
            (Lang::ID, "30 kilometer persegi, 25 tahun, 3 poin persentase, 7%", "km2 year pp pct"),
            (Lang::FR, "1,5 million de tonnes, 12 km², 30 °C", "t km2 degC"),
            (Lang::AR, "استمرت ساعتين و30 كيلومترًا مربعًا", "h km2"),
            (Lang::ZH, "30多公里，2个小时，3个百分点，5%", "km h pp pct"),
            (Lang::JA, "30キロ、2時間、25歳、3ポイント、5km", "km h year pp km"),
            (Lang::JA, "3分の2、半分、3分", "- - - min"),
        ] {
            assert_eq!(found(text, lang), want, "{text}");
        }
    }

    #[test]
    fn measures_are_converted() {
        let equal = |a: &str, x: u64, b: &str, y: u64| {
            UNITS[a].equals(Decimal::from(x), &UNITS[b], Decimal::from(y), 0.08)
        };
        assert!(equal("mi", 30, "km", 48));
        assert!(!equal("mi", 30, "km", 60));
        assert!(!equal("mi", 30, "kg", 48));
        assert!(equal("degF", 90, "degC", 32));
        assert!(equal("h", 24, "day", 1));
    }
}
