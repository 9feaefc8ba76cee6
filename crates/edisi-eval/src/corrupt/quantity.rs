//! Numbers, scales, units and currencies that are others.

use std::ops::Range;

use edisi_text::script::is_dense;

use super::{Clean, Corruption, ListsRef, counterpart, disjoint};
use crate::Random;
use crate::find::{
    self, Digits, char_after, char_before, digit_like, digit_runs, replaced, word_after, word_before,
};
use crate::lists::{Lists, Row};

/// What a run of digits says, as far as its neighbours tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// How many or how much.
    Quantity,
    /// A day of a month.
    Day,
    /// A year.
    Year,
    /// Something else, or it cannot be told: a time of day, part of a name or address.
    Other,
}

/// The runs of digits of `text` and what they say.
pub(super) fn runs(text: &str, lists: &Lists) -> Vec<(Digits, Role)> {
    let months = find::forms(text, &lists.months);
    digit_runs(text)
        .into_iter()
        .map(|run| {
            let role = role(text, &run, lists, &months);
            (run, role)
        })
        .collect()
}

fn role(text: &str, run: &Digits, lists: &Lists, months: &[find::Hit]) -> Role {
    let (before, after) = (char_before(text, run.range.start), char_after(text, run.range.end));
    let plain = run.digits.chars().count() == text[run.range.clone()].chars().count();
    let number: u32 = run.digits.parse().unwrap_or(u32::MAX);
    let near_month = months.iter().any(|m| {
        let gap = if m.range.end <= run.range.start {
            &text[m.range.end..run.range.start]
        } else if run.range.end <= m.range.start {
            &text[run.range.end..m.range.start]
        } else {
            return false;
        };
        matches!(gap.trim(), "" | "," | "of" | "de" | "er" | "st" | "nd" | "rd" | "th") && gap.len() < 7
    });
    if plain && near_month && (1..=31).contains(&number) {
        return Role::Day;
    }
    let like_a_year = plain && (1000..2100).contains(&number);
    if like_a_year {
        let led = lists.year.contains(&word_before(text, run.range.start).to_lowercase().as_str());
        let counted = run.range.end + text[run.range.end..].len() - text[run.range.end..].trim_start().len();
        let counts_something = led && char_after(text, counted).is_some_and(char::is_lowercase);
        return match after {
            Some('年') => Role::Year,
            _ if near_month => Role::Year,
            _ if led && !counts_something => Role::Year,
            _ => Role::Other,
        };
    }
    match after {
        Some('日' | '号' | '號') if plain && before == Some('月') => return Role::Day,
        Some('年' | '月' | '日' | '号' | '號' | '時' | '时' | '点' | '點' | '分' | '世') => {
            return Role::Other;
        }
        Some(':' | '：' | '/') | Some('h' | 'H') => return Role::Other,
        Some(c) if c.is_ascii_alphabetic() => return Role::Other,
        _ => {}
    }
    if matches!(before, Some(':' | '：' | '/' | '+' | '.' | '#' | '年' | '月')) {
        return Role::Other;
    }
    let head = &text[..run.range.start];
    let word = word_before(text, run.range.start);
    if before.is_some_and(|c| c.is_alphabetic() && !is_dense(c)) {
        let money = lists.currencies.iter().any(|c| c.first() == Some(&word));
        return if money || word.chars().count() == 1 && !word.is_ascii() {
            Role::Quantity
        } else {
            Role::Other
        };
    }
    if let Some(rest) = head.strip_suffix(['-', '–', '—', '−']) {
        let joined = rest.chars().next_back();
        let years = rest.chars().rev().take_while(char::is_ascii_digit).count() == 4;
        if joined.is_some_and(char::is_alphabetic) || years {
            return Role::Other;
        }
    }
    let next = word_after(text, run.range.end);
    let hour =
        matches!(next.to_lowercase().as_str(), "am" | "pm" | "a" | "p" | "h" | "heures" | "utc" | "gmt");
    if hour || lists.clock.contains(&word.to_lowercase().as_str()) {
        return Role::Other;
    }
    Role::Quantity
}

/// A number in words.
struct Word {
    range: Range<usize>,
    row: usize,
    form: usize,
}

fn words(text: &str, lists: &Lists) -> Vec<Word> {
    let rows: Vec<&Row> = lists.numbers.iter().map(|m| &m.forms).collect();
    let hits = find::forms(text, rows).into_iter().filter(|hit| {
        let dashed = |c: Option<char>| matches!(c, Some('-' | '‐' | '\'' | '’'));
        let (before, after) = (char_before(text, hit.range.start), char_after(text, hit.range.end));
        if lists.counters.is_empty() {
            // Part of a number of several words: what it is called then, only its language knows.
            let number = |word: &str| {
                let word = word.to_lowercase();
                let mut all = lists.numbers.iter().chain(&lists.scales);
                all.any(|m| m.forms.iter().any(|f| *f == word))
            };
            let part = number(word_before(text, hit.range.start)) || number(word_after(text, hit.range.end));
            return !dashed(before) && !dashed(after) && !part;
        }
        let tail = &text[hit.range.end..];
        lists.counters.iter().any(|c| tail.starts_with(c)) && !before.is_some_and(is_han_numeral)
    });
    hits.map(|hit| Word { range: hit.range, row: hit.row, form: hit.form }).collect()
}

fn is_han_numeral(c: char) -> bool {
    "〇零一二三四五六七八九十百千万萬亿億第两".contains(c)
}

pub(super) fn value(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let text = clean.target;
    let mut runs: Vec<Digits> =
        runs(text, lists).into_iter().filter(|r| r.1 == Role::Quantity).map(|r| r.0).collect();
    random.shuffle(&mut runs);
    let words = words(text, lists);
    if let Some(word) = random.pick(&words)
        && (runs.is_empty() || random.below(3) == 0)
    {
        return another_word(text, word, lists, random);
    }
    runs.iter().find_map(|run| {
        let changed = another_value(text, run, random, |digits| !is_stated(clean, digits))?;
        Some(changed)
    })
}

/// Whether either side has a run of just these digits.
pub(super) fn is_stated(clean: &Clean<'_>, digits: &str) -> bool {
    let states = |text: &str| digit_runs(text).iter().any(|r| r.digits == digits);
    states(clean.source) || states(clean.target)
}

fn another_word(text: &str, word: &Word, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let others: Vec<&Row> = lists
        .numbers
        .iter()
        .enumerate()
        .filter(|(row, m)| *row != word.row && disjoint(&m.forms, &lists.numbers[word.row].forms))
        .map(|(_, m)| &m.forms)
        .collect();
    let old = &text[word.range.clone()];
    let new = counterpart(random.pick(&others)?, word.form, old)?;
    Some(Corruption::new(replaced(text, &word.range, &new), format!("{old} → {new}")))
}

/// Another first digit, so that the number stays as long as it was.
fn another_value(
    text: &str,
    run: &Digits,
    random: &mut Random,
    is_new: impl Fn(&str) -> bool,
) -> Option<Corruption> {
    let raw = &text[run.range.clone()];
    let at = run.digits.find(|c| c != '0')?;
    let old = run.digits[at..].chars().next()?.to_digit(10)?;
    let mut others: Vec<u32> = (1..=9).filter(|d| *d != old).collect();
    random.shuffle(&mut others);
    let value = others.into_iter().find(|d| is_new(&with_digit(&run.digits, at, *d)))?;
    let mut seen = 0;
    let new: String = raw
        .chars()
        .map(|c| {
            let is_digit = c.is_numeric();
            seen += usize::from(is_digit);
            if is_digit && seen == at + 1 { digit_like(value, c) } else { c }
        })
        .collect();
    Some(Corruption::new(replaced(text, &run.range, &new), format!("{raw} → {new}")))
}

fn with_digit(digits: &str, at: usize, value: u32) -> String {
    format!("{}{value}{}", &digits[..at], &digits[at + 1..])
}

pub(super) fn digit(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let text = clean.target;
    let mut runs: Vec<Digits> = runs(text, lists)
        .into_iter()
        .filter(|(run, role)| *role == Role::Quantity && run.digits.len() > 1)
        .map(|r| r.0)
        .collect();
    random.shuffle(&mut runs);
    runs.iter().find_map(|run| {
        let raw = &text[run.range.clone()];
        let new = shorter(raw)?;
        let left: String = digit_runs(&new).into_iter().map(|r| r.digits).collect();
        let new_value = !is_stated(clean, &left);
        new_value.then(|| Corruption::new(replaced(text, &run.range, &new), format!("{raw} → {new}")))
    })
}

/// `raw` without one of its digits, such that the value is another.
fn shorter(raw: &str) -> Option<String> {
    let parts: Vec<&str> = raw.split(|c: char| !c.is_numeric()).collect();
    let head: Vec<char> = parts.first()?.chars().collect();
    let rest = &raw[parts[0].len()..];
    let is_zero = |c: &char| matches!(c, '0' | '٠' | '０');
    if head.len() > 1 {
        let head: String = if parts.len() == 1 && is_zero(head.last()?) {
            head[..head.len() - 1].iter().collect()
        } else {
            let last = head.len() - 1;
            head.iter().enumerate().filter(|(i, _)| *i + 1 != last.max(1)).map(|(_, c)| *c).collect()
        };
        return (!head.starts_with(|c| is_zero(&c))).then(|| format!("{head}{rest}"));
    }
    let mark = rest.chars().next()?;
    let tail = &rest[mark.len_utf8()..];
    if parts.len() > 2 || tail.chars().count() == 3 {
        // A group of thousands: the digit before it goes.
        return (!tail.starts_with(|c| is_zero(&c))).then(|| tail.to_owned());
    }
    if tail.chars().all(|c| is_zero(&c)) {
        return None;
    }
    Some(parts[0].to_owned())
}

/// Whether a number, in digits or words, stands right before byte `at`.
fn behind_number(text: &str, at: usize, lists: &Lists) -> bool {
    let head = text[..at].trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    let Some(last) = head.chars().next_back() else { return false };
    if last.is_numeric() && !is_dense(last) {
        return true;
    }
    if is_dense(last) {
        // `一天` is any day, `千万` and `万一` are no numbers.
        let lone = head.chars().rev().nth(1).is_none_or(|c| !is_han_numeral(c) && !c.is_numeric());
        return is_han_numeral(last) && last != '第' && !(lone && matches!(last, '一' | '千' | '万' | '百'));
    }
    let word = word_before(text, at).to_lowercase();
    if matches!(word.as_str(), "de" | "d'" | "d’") {
        // `millions de dollars`
        let before = word_before(text, head.len() - word.len()).to_lowercase();
        return lists.scales.iter().any(|m| m.forms.contains(&before.as_str()));
    }
    let known = |m: &crate::lists::Member| m.forms.iter().any(|f| f.to_lowercase() == word);
    lists.numbers.iter().any(known) || lists.scales.iter().any(known)
}

pub(super) fn scale(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let text = clean.target;
    let rows: Vec<&Row> = lists.scales.iter().map(|m| &m.forms).collect();
    let hits: Vec<find::Hit> = find::forms(text, rows.iter().copied())
        .into_iter()
        .filter(|hit| behind_number(text, hit.range.start, lists))
        .collect();
    let hit = random.pick(&hits)?;
    let others: Vec<&Row> =
        rows.iter().enumerate().filter(|(row, _)| *row != hit.row).map(|(_, r)| *r).collect();
    let old = &text[hit.range.clone()];
    let new = counterpart(random.pick(&others)?, hit.form, old)?;
    Some(Corruption::new(replaced(text, &hit.range, &new), format!("{old} → {new}")))
}

pub(super) fn unit(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let text = clean.target;
    let hits = find::forms(text, lists.units.iter().map(|m| &m.forms)).into_iter().filter(|hit| {
        let letter = text[hit.range.clone()].chars().count() == 1 && text[hit.range.clone()].is_ascii();
        // A single letter may be anything; `周年`, `克拉` are other words.
        let longer = char_after(text, hit.range.end).is_some_and(|c| "年岁期朗拉".contains(c));
        behind_number(text, hit.range.start, lists) && !letter && !longer
    });
    let hits: Vec<find::Hit> = hits.collect();
    let hit = random.pick(&hits)?;
    let this = &lists.units[hit.row];
    let others: Vec<&Row> = lists
        .units
        .iter()
        .filter(|m| m.group == this.group && disjoint(&m.forms, &this.forms))
        .map(|m| &m.forms)
        .collect();
    let old = &text[hit.range.clone()];
    let new = counterpart(random.pick(&others)?, hit.form, old)?;
    Some(Corruption::new(replaced(text, &hit.range, &new), format!("{old} → {new}")))
}

/// Letters that belong to a dollar sign.
const DOLLAR_PREFIXES: [&str; 7] = ["US", "AU", "HK", "NT", "A", "C", "S"];

pub(super) fn currency(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let text = clean.target;
    let hits = find::forms(text, &lists.currencies).into_iter().filter(|hit| {
        let tail = text[hit.range.end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        behind_number(text, hit.range.start, lists)
            || hit.form == 0 && tail.starts_with(char::is_numeric)
            || text[hit.range.clone()].chars().count() == 3 && tail.starts_with(char::is_numeric)
    });
    let hits: Vec<find::Hit> = hits.collect();
    let hit = random.pick(&hits)?;
    let this = &lists.currencies[hit.row];
    let others: Vec<&Row> = lists.currencies.iter().filter(|row| disjoint(row, this)).collect();
    let new = counterpart(random.pick(&others)?, hit.form, "")?;
    let mut range = hit.range.clone();
    let head = &text[..range.start];
    if let Some(prefix) = DOLLAR_PREFIXES.iter().find(|p| hit.form == 0 && head.ends_with(**p)) {
        range.start -= prefix.len();
    }
    let old = text[range.clone()].to_owned();
    Some(Corruption::new(replaced(text, &range, &new), format!("{old} → {new}")))
}
