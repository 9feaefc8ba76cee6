//! Numbers in Chinese and Japanese: Han numerals, and digits with Han scales (`1万2千`, `3.5億`).

use super::Decimal;
use super::digits::{self, Numeral};
use super::lexicon::Lexicon;

/// What a Han character does in a number.
enum Sign {
    Digit(u8),
    /// 十, 百, 千
    Unit(u64),
    /// 万, 亿, 兆: the power of ten
    Scale(i32),
}

fn sign(c: char) -> Option<Sign> {
    Some(match c {
        '〇' | '零' => Sign::Digit(0),
        '一' | '壱' | '壹' => Sign::Digit(1),
        '二' | '两' | '兩' | '弐' | '贰' => Sign::Digit(2),
        '三' | '叁' => Sign::Digit(3),
        '四' => Sign::Digit(4),
        '五' => Sign::Digit(5),
        '六' => Sign::Digit(6),
        '七' => Sign::Digit(7),
        '八' => Sign::Digit(8),
        '九' => Sign::Digit(9),
        '十' | '拾' => Sign::Unit(10),
        '百' => Sign::Unit(100),
        '千' => Sign::Unit(1000),
        '万' | '萬' => Sign::Scale(4),
        '亿' | '億' => Sign::Scale(8),
        '兆' => Sign::Scale(12),
        _ => return None,
    })
}

/// Whether a number may begin with `c`.
pub(super) fn is_numeral(c: char) -> bool {
    sign(c).is_some()
}

/// Whether `c` multiplies the digits before it.
pub(super) fn is_scale(c: char) -> bool {
    matches!(sign(c), Some(Sign::Unit(_) | Sign::Scale(_)))
}

/// Whether `text` starts with a metric unit rather than with a scale.
pub(super) fn in_unit(text: &str) -> bool {
    let mut chars = text.chars();
    let (first, second) = (chars.next(), chars.next());
    match first {
        Some('千') => matches!(second, Some('米' | '克' | '瓦' | '卡' | '帕' | '伏' | '赫' | '吨' | '字')),
        Some('兆') => matches!(second, Some('赫' | '瓦' | '帕' | '字' | '比' | '位')),
        _ => false,
    }
}

/// A number read.
pub(super) struct Reading {
    pub len: usize,
    pub value: Decimal,
    /// Whether digits (not Han numerals) stand in it.
    pub digits: bool,
    /// Han numerals one after the other, as in years: 二〇二二.
    pub positional: bool,
    /// Number of signs.
    pub signs: usize,
    /// 二三十: the other of the two numbers said at once.
    pub other: Option<Decimal>,
    /// Begins with 百, 千, 万 …: without anything counted before it.
    pub bare: bool,
}

#[derive(Default)]
struct Sum {
    total: Decimal0,
    section: Decimal0,
    current: Option<Decimal>,
    top_scale: i32,
}

/// A sum that begins with nothing.
type Decimal0 = Option<Decimal>;

fn add(a: Decimal0, b: Decimal0) -> Option<Decimal0> {
    match (a, b) {
        (Some(a), Some(b)) => Some(Some(a.checked_add(b)?)),
        (a, b) => Some(a.or(b)),
    }
}

impl Sum {
    fn unit(&mut self, unit: u64) -> Option<()> {
        let times = self.current.take().unwrap_or(Decimal::from(1));
        self.section = add(self.section, Some(times.checked_mul(Decimal::from(unit))?))?;
        Some(())
    }

    fn scale(&mut self, power: i32) -> Option<()> {
        let scale = Decimal::new(1, power);
        let part = add(self.section.take(), self.current.take())?;
        if power > self.top_scale && self.total.is_some() {
            // 1万亿: ten thousand times a hundred million.
            self.total = Some(add(self.total, part)??.checked_mul(scale)?);
        } else {
            let part = part.unwrap_or(Decimal::from(1));
            self.total = add(self.total, Some(part.checked_mul(scale)?))?;
        }
        self.top_scale = power;
        Some(())
    }

    fn value(self) -> Option<Decimal> {
        add(add(self.total, self.section)?, self.current)?
    }
}

/// Reads the number `text` starts with.
pub(super) fn read(text: &str, lexicon: &Lexicon) -> Option<Reading> {
    let mut sum = Sum::default();
    let (mut len, mut signs) = (0, 0);
    let (mut any_digits, mut positional, mut scaled, mut bare) = (false, 0, false, false);
    let mut pair: Option<(Decimal, Decimal)> = None;
    let mut other = None;
    while let Some(c) = text[len..].chars().next() {
        if signs == 30 {
            return None;
        }
        if digits::digit(c).is_some() {
            if sum.current.is_some() {
                break;
            }
            let Some(Numeral { len: more, value, .. }) = digits::read(&text[len..], lexicon) else { break };
            sum.current = Some(value);
            any_digits = true;
            len += more;
            signs += 1;
            // 7 亿: a space before the scale.
            let behind = text[len..].strip_prefix([' ', '\u{A0}']);
            if behind.is_some_and(|b| b.chars().next().is_some_and(is_scale)) {
                len += text[len..].len() - behind.map_or(0, str::len);
            }
            continue;
        }
        match sign(c) {
            None => break,
            Some(Sign::Digit(d)) => {
                let d = Decimal::from(u64::from(d));
                sum.current = Some(match sum.current {
                    // 一百零五: the zero only holds a place.
                    Some(before) if before == Decimal::ZERO && scaled => d,
                    Some(_) if any_digits || scaled => break,
                    Some(before) => {
                        pair = Some((before, d));
                        before.checked_mul(Decimal::from(10))?.checked_add(d)?
                    }
                    None => d,
                });
                positional += 1;
            }
            // 160千米, 5兆赫: part of a unit.
            Some(Sign::Unit(_) | Sign::Scale(_)) if any_digits && in_unit(&text[len..]) => break,
            Some(Sign::Unit(unit)) => {
                bare |= signs == 0 && unit > 10;
                if let Some((first, second)) = pair.take().filter(|_| positional == 2 && !scaled) {
                    other = first.checked_mul(Decimal::from(unit));
                    sum.current = Some(second);
                }
                scaled = true;
                sum.unit(unit)?;
            }
            Some(Sign::Scale(power)) => {
                bare |= signs == 0;
                scaled = true;
                sum.scale(power)?;
            }
        }
        len += c.len_utf8();
        signs += 1;
    }
    let value = sum.value()?;
    let positional = !scaled && !any_digits && positional > 1;
    Some(Reading { len, value, digits: any_digits, positional, signs, other, bare })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;
    use crate::number::lexicon;

    #[test]
    fn han_numerals() {
        for (text, want) in [
            ("三千", "3000"),
            ("二十五人", "25"),
            ("十五", "15"),
            ("百万", "1000000"),
            ("1万2千", "12000"),
            ("3.5億円", "350000000"),
            ("9,900人", "9900"),
            ("12亿", "1200000000"),
            ("7 亿", "700000000"),
            ("1万亿", "1000000000000"),
            ("二〇二二年", "2022"),
            ("一百零五", "105"),
            ("一万二千三百四十五", "12345"),
            ("3百万", "3000000"),
            ("两千", "2000"),
            ("５０", "50"),
            ("一亿三千万", "130000000"),
        ] {
            let reading = read(text, lexicon::of(Lang::ZH)).unwrap();
            assert_eq!(reading.value.to_string(), want, "{text}");
        }
        assert!(read(&"万".repeat(100), lexicon::of(Lang::ZH)).is_none());
    }
}
