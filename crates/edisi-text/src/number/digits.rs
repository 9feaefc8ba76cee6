//! Numbers written in digits: grouping, decimals, and what the marks between digits may mean.

use super::Decimal;
use super::lexicon::Lexicon;

/// The value of a digit of one of the scripts news texts use.
pub(super) fn digit(c: char) -> Option<u8> {
    let value = match c {
        '0'..='9' => c as u32 - '0' as u32,
        '０'..='９' => c as u32 - '０' as u32,
        '٠'..='٩' => c as u32 - '٠' as u32,
        '۰'..='۹' => c as u32 - '۰' as u32,
        '०'..='९' => c as u32 - '०' as u32,
        '๐'..='๙' => c as u32 - '๐' as u32,
        _ => return None,
    };
    u8::try_from(value).ok()
}

/// A numeral in digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numeral {
    /// Bytes it takes.
    pub len: usize,
    /// What it most likely says.
    pub value: Decimal,
    /// The other reading where one mark could group or mark decimals.
    pub other: Option<Decimal>,
    /// Digits before any mark.
    pub first: usize,
    /// Whether any mark stands in it.
    pub marked: bool,
}

/// Marks that may stand between digits.
fn mark(c: char) -> Option<char> {
    Some(match c {
        '.' | '．' => '.',
        ',' | '，' | '،' => ',',
        '٬' => '٬',
        '٫' => '٫',
        '\'' | '’' => '\'',
        ' ' => ' ',
        '\u{A0}' | '\u{202F}' | '\u{2009}' | '\u{2007}' => '\u{A0}',
        _ => return None,
    })
}

/// A run of digits: its ASCII form and its length in bytes.
fn run(text: &str) -> (String, usize) {
    let mut digits = String::new();
    let mut len = 0;
    for c in text.chars() {
        let Some(d) = digit(c) else { break };
        digits.push(char::from(b'0' + d));
        len += c.len_utf8();
    }
    (digits, len)
}

/// Digits right behind a single mark: the mark, the digits and the length of both.
fn marked_run(text: &str) -> Option<(char, String, usize)> {
    let c = text.chars().next()?;
    let mark = mark(c)?;
    let (digits, len) = run(&text[c.len_utf8()..]);
    (len > 0).then_some((mark, digits, c.len_utf8() + len))
}

/// Reads the numeral `text` starts with. `None` when that is no digit, or more digits than a quantity has.
pub(super) fn read(text: &str, lexicon: &Lexicon) -> Option<Numeral> {
    let (first, mut len) = run(text);
    if first.is_empty() {
        return None;
    }
    let mut groups: Vec<(char, String, usize)> = Vec::new();
    while groups.len() < 10 {
        let at = len + groups.iter().map(|g| g.2).sum::<usize>();
        match marked_run(&text[at..]) {
            Some(group) => groups.push(group),
            None => break,
        }
    }
    groups.truncate(usable(&first, &groups, lexicon));
    len += groups.iter().map(|g| g.2).sum::<usize>();
    let all = || first.clone() + &groups.iter().map(|g| g.1.as_str()).collect::<String>();
    let last_len = groups.last().map_or(0, |g| g.1.len());
    let numeral =
        |value, other| Numeral { len, value, other, first: first.len(), marked: !groups.is_empty() };
    let whole = Decimal::from_digits(&all(), 0)?;
    let decimal = Decimal::from_digits(&all(), last_len)?;
    Some(match decimals(&first, &groups, lexicon) {
        Reading::Whole => numeral(whole, None),
        Reading::Decimal => numeral(decimal, None),
        Reading::WholeOrDecimal => numeral(whole, Some(decimal)),
        Reading::DecimalOrWhole => numeral(decimal, Some(whole)),
    })
}

enum Reading {
    Whole,
    Decimal,
    WholeOrDecimal,
    DecimalOrWhole,
}

fn groups_with(c: char, lexicon: &Lexicon) -> bool {
    match c {
        '.' => lexicon.point_groups,
        ',' => !lexicon.point_groups,
        ' ' => lexicon.space_groups,
        _ => c != '٫',
    }
}

/// How many of `groups` belong to the number that `first` begins: a list, a date or the next sentence may
/// stand behind it.
fn usable(first: &str, groups: &[(char, String, usize)], lexicon: &Lexicon) -> usize {
    let Some((mark, digits, _)) = groups.first() else { return 0 };
    let can_group =
        first.len() <= 3 && digits.len() == 3 && *mark != '٫' && (*mark != ' ' || lexicon.space_groups);
    if !can_group {
        // Decimals, or another number. English writes none behind a comma.
        let decimal = match mark {
            '.' | '٫' => true,
            ',' => lexicon.point_groups || lexicon.arabic,
            _ => false,
        };
        return usize::from(decimal);
    }
    let same = groups.iter().take_while(|g| g.0 == *mark && g.1.len() == 3).count();
    match groups.get(same) {
        // Decimals behind the groups, with another mark.
        Some((m, _, _)) if m != mark && matches!(m, '.' | ',' | '٫') => {
            let plain = groups_with(*mark, lexicon) || matches!(mark, '.' | ',');
            if plain && (*m != ',' || lexicon.point_groups) { same + 1 } else { same }
        }
        // 1.234.56 is neither: the number ends with its groups.
        _ => same,
    }
}

fn decimals(first: &str, groups: &[(char, String, usize)], lexicon: &Lexicon) -> Reading {
    let Some((mark, digits, _)) = groups.first() else { return Reading::Whole };
    let (last, _, _) = &groups[groups.len() - 1];
    if groups.len() > 1 {
        return if last == mark { Reading::Whole } else { Reading::Decimal };
    }
    if digits.len() != 3 || first.len() > 3 || *mark == '٫' {
        return Reading::Decimal;
    }
    match mark {
        ' ' | '\u{A0}' | '\'' | '٬' => Reading::Whole,
        // 0.125 groups nothing.
        _ if first.starts_with('0') => Reading::Decimal,
        _ if groups_with(*mark, lexicon) => Reading::WholeOrDecimal,
        _ => Reading::DecimalOrWhole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;
    use crate::number::lexicon;

    fn read_as(text: &str, lang: Lang) -> String {
        match read(text, lexicon::of(lang)) {
            None => "none".to_owned(),
            Some(n) => match n.other {
                Some(other) => format!("{} or {other} in {}", n.value, n.len),
                None => format!("{} in {}", n.value, n.len),
            },
        }
    }

    #[test]
    fn grouping_and_decimals_by_language() {
        for (lang, text, want) in [
            (Lang::ID, "9.900 orang", "9900 or 9.9 in 5"),
            (Lang::ID, "3,5 persen", "3.5 in 3"),
            (Lang::ID, "2.500.000,75", "2500000.75 in 12"),
            (Lang::ID, "26.11.2008", "26.11 in 5"),
            (Lang::EN, "9,900 people", "9900 or 9.9 in 5"),
            (Lang::EN, "3.5 percent", "3.5 in 3"),
            (Lang::EN, "1,234,567.89.", "1234567.89 in 12"),
            (Lang::EN, "3, 5", "3 in 1"),
            (Lang::EN, "3,5", "3 in 1"),
            (Lang::EN, "0.125", "0.125 in 5"),
            (Lang::EN, "2,000,", "2000 or 2 in 5"),
            (Lang::FR, "9 900 personnes", "9900 in 5"),
            (Lang::FR, "9\u{202F}900,5", "9900.5 in 9"),
            (Lang::FR, "2008 300", "2008 in 4"),
            (Lang::EN, "2008 300", "2008 in 4"),
            (Lang::EN, "10 000", "10 in 2"),
            (Lang::EN, "10\u{A0}000", "10000 in 7"),
            (Lang::AR, "٩٬٩٠٠٫٥", "9900.5 in 14"),
            (Lang::AR, "٣٫١٤", "3.14 in 8"),
            (Lang::JA, "９，９００人", "9900 or 9.9 in 15"),
            (Lang::EN, "1'234'567", "1234567 in 9"),
            (Lang::EN, "1111111111111111111111111111111111111", "none"),
        ] {
            assert_eq!(read_as(text, lang), want, "{lang} {text}");
        }
    }
}
