//! Numbers in Chinese and Japanese text.

use super::super::digits::{self, digit};
use super::super::words;
use super::super::{Decimal, NumberKind, han};
use super::{Before, Scanner, Suffix, latin_len};

/// What is counted right behind a Han numeral: without one a single sign is more often part of a word.
const COUNTERS: &str = "人名歳岁天台匹頭头辆輛艘架隻只个個箇件次回度年周週月张張枚册冊本国國州县県市区家所位篇部种種类類座栋棟层層倍\
    秒间間句项項场場轮輪局届屆球杯步户組组队隊班箱包瓶岁支条條首幅代世級级票期票席";

impl Scanner<'_> {
    /// A character of Chinese or Japanese text at `at`.
    pub(super) fn unspaced(&mut self, at: usize, c: char) -> usize {
        if let Some(rest) = self.text[at..].strip_prefix("百分之") {
            let start = self.text.len() - rest.len();
            if let Some(reading) = han::read(rest, self.lexicon) {
                let end = start + reading.len;
                self.push(at, end, reading.value, Vec::new(), NumberKind::Percent);
                return end;
            }
            return start;
        }
        if let Some(end) = self.unspaced_calendar(at) {
            return end;
        }
        if han::is_numeral(c) {
            return self.han_number(at, self.before(at));
        }
        let values = self.lexicon.loose_at(&self.text[at..]);
        if let Some((len, [value, rest @ ..])) = values {
            let alternatives = rest.to_vec();
            let found =
                words::Found { len, value: *value, alternatives, kind: NumberKind::Loose, small: true };
            return self.push_word(at, found);
        }
        at + c.len_utf8()
    }

    /// A number of digits and Han numerals at `at`.
    pub(super) fn han_number(&mut self, at: usize, before: Before) -> usize {
        let text = self.text;
        let Some(reading) = han::read(&text[at..], self.lexicon) else {
            return at + self.char_at(at).map_or(1, char::len_utf8);
        };
        let end = at + reading.len;
        let suffix = &text[end..end + latin_len(&text[end..])];
        let numeral = digits::read(&text[at..], self.lexicon);
        let pure = numeral.as_ref().filter(|n| n.len == reading.len);
        if let Some(numeral) = pure
            && !suffix.is_empty()
            && matches!(self.suffix(suffix, numeral), Suffix::Name)
        {
            return self.name(before.start, at);
        }
        let rest = text[end..].trim_start_matches([' ', '\u{A0}']);
        if pure.is_some() && han::in_unit(rest) {
            self.push(before.start, end, reading.value, Vec::new(), before.kind);
            return text.len() - rest.len() + '千'.len_utf8();
        }
        if let Some(end) = self.han_time(at, end, reading.value, rest) {
            return end;
        }
        let mut alternatives: Vec<Decimal> =
            pure.and_then(|n| n.other).or(reading.other).into_iter().collect();
        let starts = |set: &[&str]| set.iter().any(|s| rest.starts_with(s));
        let mut value = reading.value;
        let mut kind = before.kind;
        let mut end = end;
        if kind == NumberKind::Plain {
            // 20代: in one's twenties.
            if starts(&["代"]) && !starts(&["代目"]) {
                kind = NumberKind::Loose;
            } else if let Some(len) = self.lexicon.percent_at(rest) {
                kind = NumberKind::Percent;
                end = text.len() - rest.len() + len;
            } else if starts(&["世纪", "世紀"]) {
                kind = NumberKind::Ordinal;
            } else if starts(&["年"]) && (reading.positional || pure.is_some_and(|n| n.first == 4)) {
                kind = NumberKind::Year;
            } else if starts(&["月"]) && (1..=12).contains(&reading.value.to_integer().unwrap_or(0)) {
                kind = NumberKind::Month;
            } else if starts(&["月", "日", "号", "號"]) && !starts(&["日間", "日间"]) {
                kind = NumberKind::DatePart;
            }
        }
        // 20世纪70年代: the century and the decade are one number.
        if starts(&["世纪", "世紀"])
            && let Some(century) = value.to_integer().filter(|c| (1..40).contains(c))
        {
            let spaced = rest["世纪".len()..].trim_start_matches([' ', '\u{A0}']);
            let behind = text.len() - spaced.len();
            let decade = han::read(&text[behind..], self.lexicon);
            if let Some(decade) = decade.filter(|d| text[behind + d.len..].trim_start().starts_with("年代"))
            {
                let years = decade.value.to_integer().unwrap_or(0);
                value = Decimal::new((century - 1) * 100 + years, 0);
                kind = NumberKind::Year;
                end = behind + decade.len;
            }
        } else if starts(&["年代"])
            && let Some(years) = self.decade(at, text.len() - rest.len(), value)
        {
            kind = NumberKind::Year;
            alternatives.extend(years);
        }
        let vague =
            self.char_before(at).is_some_and(|c| matches!(c, '数' | '數' | '几' | '幾' | '何' | '上'));
        let fraction = starts(&["分の", "分之"]) || ["分の", "分之"].iter().any(|f| text[..at].ends_with(f));
        let long = value.to_integer().is_none_or(|v| v > 12);
        // Counting one of something, or things by つ, is a manner of speaking.
        let day =
            kind == NumberKind::DatePart && rest.starts_with('日') && self.char_before(at) != Some('月');
        let counted_one = day || (kind == NumberKind::Plain && !rest.starts_with(['.', ',', '位']));
        let one = value == Decimal::from(1) && counted_one;
        let passing = fraction || one || (value < Decimal::from(3) && rest.starts_with('つ'));
        let han = !reading.digits;
        let counted = reading.signs == 1 && text[end..].starts_with(|c| COUNTERS.contains(c));
        // 十月七日
        let dated = kind == NumberKind::Month || (kind == NumberKind::DatePart && !day);
        let no_numeral = !dated && ((reading.signs == 1 && !counted) || reading.bare || vague);
        let no_numeral = han && (no_numeral || (reading.positional && kind != NumberKind::Year));
        let small = passing || no_numeral || kind == NumberKind::Loose || (han && !long && !dated);
        if no_numeral && kind == NumberKind::Plain {
            kind = NumberKind::Loose;
        }
        self.push(before.start, end, value, alternatives, kind);
        let ambiguous = pure.is_some_and(|n| n.other.is_some());
        self.mark_last(|n| {
            (n.is_word, n.is_word_small, n.is_ambiguous) = (!reading.digits, small, ambiguous);
        });
        end
    }

    /// 9時30分, 9点半: `rest` is what stands behind the hour.
    pub(super) fn han_time(&mut self, at: usize, end: usize, hour: Decimal, rest: &str) -> Option<usize> {
        hour.to_integer().filter(|h| (0..=24).contains(h))?;
        let mark = rest.chars().next().filter(|c| matches!(c, '時' | '时' | '点' | '點'))?;
        let behind = &rest[mark.len_utf8()..];
        let position = |tail: &str| self.text.len() - tail.len();
        if behind.starts_with(['間', '间']) {
            return None;
        }
        if let Some(tail) = behind.strip_prefix('半') {
            let stop = position(tail);
            self.push_time(at, stop, hour, 30);
            return Some(stop);
        }
        let spaced = behind.trim_start_matches(' ');
        if let Some(minutes) = han::read(spaced, self.lexicon)
            && let Some(m) =
                minutes.value.to_integer().and_then(|m| u64::try_from(m).ok()).filter(|m| *m < 60)
            && spaced[minutes.len..].trim_start_matches(' ').starts_with('分')
        {
            let stop = position(spaced[minutes.len..].trim_start_matches(' ')) + '分'.len_utf8();
            self.push_time(at, stop, hour, m);
            return Some(stop);
        }
        let clock = matches!(mark, '時' | '时')
            || self.char_before(at).is_some_and(|c| matches!(c, '午' | '晨' | '晚' | '上'));
        if !clock {
            return None;
        }
        self.push_time(at, end, hour, 0);
        self.mark_last(|n| n.is_word_small = n.raw.chars().all(|c| digit(c).is_none()));
        Some(end)
    }
}
