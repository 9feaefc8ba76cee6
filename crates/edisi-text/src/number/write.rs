//! Numbers and names of the calendar written as a language writes them.

use super::digits::digit;
use super::lexicon;
use super::{Decimal, Number, NumberKind};
use crate::Lang;

/// `value` written the way `like`, a number of a text in `lang`, is: with its signs and its script, grouped as the
/// language does; months and weekdays by name. `None` where `like` is written in any other words, or where digits
/// are not all there is to a change (`2 million`, `19th`).
pub fn write(value: Decimal, like: &Number, lang: Lang) -> Option<String> {
    let lexicon = lexicon::of(lang);
    if like.is_word {
        let value = i8::try_from(value.to_integer()?).ok()?;
        return lexicon.calendar_name(like.kind, value).map(str::to_owned);
    }
    let first = like.raw.find(|c| digit(c).is_some())?;
    let end = like.raw.rfind(|c| digit(c).is_some())?;
    let end = end + like.raw[end..].chars().next()?.len_utf8();
    let digits = &like.raw[first..end];
    let (head, tail) = (&like.raw[..first], &like.raw[end..]);
    // The digits must be the whole value: no scale word, no hour.
    let shown: String = digits.chars().filter_map(digit).map(|d| char::from(b'0' + d)).collect();
    let plain = like.value.parts().0.to_string();
    if shown.trim_matches('0') != plain.trim_matches('0') || like.kind == NumberKind::Time {
        return None;
    }
    let scaled = shown.parse().ok().map(|n: i128| Decimal::new(n, like.value.parts().1.min(0)));
    if scaled != Some(like.value) && like.value.to_integer().map(|v| v.to_string()) != Some(shown) {
        return None;
    }
    let zero = digits.chars().next().and_then(zero_of)?;
    let bare = matches!(like.kind, NumberKind::Year | NumberKind::DatePart);
    let written = grouped(value, if bare { None } else { Some(group_mark(lang)) }, decimal_mark(lang));
    let written: String = written
        .chars()
        .map(|c| c.to_digit(10).and_then(|d| char::from_u32(u32::from(zero) + d)).unwrap_or(c))
        .collect();
    Some(format!("{head}{written}{tail}"))
}

/// The zero of the script of a digit.
fn zero_of(c: char) -> Option<char> {
    char::from_u32(u32::from(c) - u32::from(digit(c)?))
}

/// What a language writes between groups of three digits.
pub(super) fn group_mark(lang: Lang) -> char {
    match lang {
        Lang::FR => '\u{a0}',
        lang if lexicon::of(lang).point_groups => '.',
        _ => ',',
    }
}

/// What a language writes before decimals.
pub(super) fn decimal_mark(lang: Lang) -> char {
    if lexicon::of(lang).point_groups { ',' } else { '.' }
}

/// The digits of a value that is not negative.
pub(super) fn grouped(value: Decimal, between: Option<char>, decimal: char) -> String {
    let plain = value.to_string();
    let (whole, decimals) = plain.split_once('.').map_or((plain.as_str(), None), |(w, d)| (w, Some(d)));
    let mut out = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.extend(between);
        }
        out.push(c);
    }
    if let Some(decimals) = decimals {
        out.push(decimal);
        out.push_str(decimals);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers;

    #[test]
    fn values_take_the_form_of_what_stands_there() {
        for (lang, text, value, want) in [
            (Lang::EN, "9,300 people", Decimal::from(9900), Some("9,900")),
            (Lang::ID, "naik 35%", Decimal::new(35, -1), Some("3,5%")),
            (Lang::FR, "9 300 personnes", Decimal::from(9900), Some("9\u{a0}900")),
            (Lang::EN, "on 7 March", Decimal::from(8), Some("8")),
            (Lang::AR, "٣٠ سيارة", Decimal::from(25), Some("٢٥")),
            (Lang::EN, "about 2 million", Decimal::from(3_000_000), None),
            (Lang::EN, "two cars", Decimal::from(3), None),
            (Lang::JA, "2021年", Decimal::from(2022), Some("2022")),
        ] {
            let like = numbers(text, lang).remove(0);
            assert_eq!(write(value, &like, lang).as_deref(), want, "{text}");
        }
        let may = numbers("on Monday", Lang::EN).remove(0);
        assert_eq!(write(Decimal::from(3), &may, Lang::EN).as_deref(), Some("Wednesday"));
    }
}
