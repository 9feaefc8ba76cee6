//! Amounts of money as another language writes them.

use std::ops::Range;
use std::sync::LazyLock;

use super::Number;
use super::digits::digit;
use crate::Lang;
use crate::name::COLUMNS;

struct Currency {
    signs: Vec<&'static str>,
    /// By column; the first is the one to write.
    names: Vec<Vec<&'static str>>,
}

static CURRENCIES: LazyLock<Vec<Currency>> = LazyLock::new(|| {
    let lines = include_str!("../../data/established/currencies.tsv").lines().filter(|l| !l.starts_with('#'));
    let read = |line: &'static str| {
        let mut cells = line.split('\t').skip(1).map(|cell| cell.split('|').collect());
        Currency { signs: cells.next().unwrap_or_default(), names: cells.collect() }
    };
    lines.map(read).collect()
});

/// The amount of which `n` is the number: bytes of `text`, with the sign or name of its currency, and what `to` writes for
/// it when the number is written `written`. `None` where no one currency is said.
pub(super) fn amount(
    text: &str,
    n: &Number,
    (from, to): (Lang, Lang),
    written: &str,
) -> Option<(Range<usize>, String)> {
    let column = |lang: Lang| COLUMNS.iter().position(|c| *c == lang.code());
    let (from, column) = (column(from)?, column(to)?);
    let digits = n.span.start + n.raw.find(|c| digit(c).is_some()).unwrap_or(0);
    let (currency, range) = match signed(text, digits) {
        Some((currency, start)) => (currency, start..n.span.end),
        None if digits == n.span.start => {
            let (currency, end) = named(text, n.span.end, from)?;
            (currency, n.span.start..end)
        }
        None => return None,
    };
    let name = *currency.names.get(column)?.first()?;
    let written = match to.code() {
        "zh" | "ja" => format!("{written}{name}"),
        // *48,5 milliards de roupies*
        "fr" if written.ends_with(char::is_alphabetic) => {
            let of = if name.starts_with(['a', 'e', 'i', 'o', 'u', 'y']) { "d'" } else { "de " };
            format!("{written} {of}{name}")
        }
        _ => format!("{written} {name}"),
    };
    Some((range, written))
}

/// The currency whose sign stands before `at`, and where the sign begins: the longest of those that fit.
fn signed(text: &str, at: usize) -> Option<(&'static Currency, usize)> {
    let before = text[..at].trim_end_matches([' ', '\u{a0}']);
    let fits =
        |sign: &str| before.strip_suffix(sign).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric));
    let signs = CURRENCIES.iter().flat_map(|c| c.signs.iter().map(move |sign| (c, *sign)));
    let (currency, sign) = signs.filter(|(_, sign)| fits(sign)).max_by_key(|(_, sign)| sign.len())?;
    Some((currency, before.len() - sign.len()))
}

/// The currency named at `at`, and where its name ends: the longest of those that fit.
fn named(text: &str, at: usize, column: usize) -> Option<(&'static Currency, usize)> {
    let rest = text[at..].trim_start_matches([' ', '\u{a0}']);
    let start = text.len() - rest.len();
    let spaced = !matches!(COLUMNS[column], "zh" | "ja");
    let fits = |name: &str| {
        rest.starts_with(name) && !(spaced && rest[name.len()..].starts_with(char::is_alphanumeric))
    };
    let names = CURRENCIES.iter().flat_map(|c| c.names[column].iter().map(move |name| (c, *name)));
    let (currency, name) = names.filter(|(_, name)| fits(name)).max_by_key(|(_, name)| name.len())?;
    Some((currency, start + name.len()))
}
