//! Dates that are others.

use super::quantity::{Role, is_stated, runs};
use super::{Clean, Corruption, ListsRef, counterpart, disjoint};
use crate::Random;
use crate::find::{self, Digits, char_before, digit_like, replaced, word_before};
use crate::lists::{Lists, Row};

pub(super) fn date(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let mut ways = [day, month, weekday, year];
    random.shuffle(&mut ways);
    ways.into_iter().find_map(|way| way(clean, lists, random))
}

fn of_role(clean: &Clean<'_>, lists: &Lists, role: Role) -> Vec<Digits> {
    runs(clean.target, lists).into_iter().filter(|r| r.1 == role).map(|r| r.0).collect()
}

/// `value` written with as many digits as `like`, in its script.
fn written(value: u32, like: &str) -> String {
    let sample = like.chars().next().unwrap_or('0');
    let width = if like.starts_with(['0', '٠', '０']) { like.chars().count() } else { 0 };
    format!("{value:0width$}").chars().map(|c| digit_like(c.to_digit(10).unwrap_or(0), sample)).collect()
}

fn changed(clean: &Clean<'_>, run: &Digits, candidates: &[u32]) -> Option<Corruption> {
    let raw = &clean.target[run.range.clone()];
    let value = candidates.iter().find(|v| !is_stated(clean, &v.to_string()))?;
    let new = written(*value, raw);
    Some(Corruption::new(replaced(clean.target, &run.range, &new), format!("{raw} → {new}")))
}

fn day(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let runs = of_role(clean, lists, Role::Day);
    let run = random.pick(&runs)?;
    let mut days: Vec<u32> = (1..=28).filter(|d| run.digits.parse() != Ok(*d)).collect();
    random.shuffle(&mut days);
    changed(clean, run, &days)
}

fn year(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let runs = of_role(clean, lists, Role::Year);
    let run = random.pick(&runs)?;
    let old: u32 = run.digits.parse().ok()?;
    let mut years: Vec<u32> = (1..=9).flat_map(|d| [old - d, old + d]).collect();
    random.shuffle(&mut years);
    changed(clean, run, &years)
}

fn month(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let text = clean.target;
    let hits: Vec<find::Hit> = find::forms(text, &lists.months)
        .into_iter()
        .filter(|hit| {
            let own_digit = text[hit.range.clone()].starts_with(|c: char| c.is_ascii_digit());
            let digit_before = text[..hit.range.start].trim_end().ends_with(char::is_numeric);
            let digit_after =
                text[hit.range.end..].trim_start_matches([' ', ',']).starts_with(char::is_numeric);
            let led = lists.year.contains(&word_before(text, hit.range.start).to_lowercase().as_str());
            let named = char_before(text, hit.range.end) == Some('月');
            own_digit || digit_before || digit_after || led || named
        })
        .collect();
    other_row(text, &hits, &lists.months, random)
}

fn weekday(clean: &Clean<'_>, lists: ListsRef, random: &mut Random) -> Option<Corruption> {
    let text = clean.target;
    let hits: Vec<find::Hit> = find::forms(text, &lists.weekdays)
        .into_iter()
        .filter(|hit| {
            // `一周三次`: three times a week.
            let counted = char_before(text, hit.range.start)
                .is_some_and(|c| c.is_numeric() || "一二三四五六七八九十两每数几".contains(c));
            !(counted && text[hit.range.clone()].starts_with('周'))
        })
        .collect();
    other_row(text, &hits, &lists.weekdays, random)
}

fn other_row(text: &str, hits: &[find::Hit], rows: &[Row], random: &mut Random) -> Option<Corruption> {
    let hit = random.pick(hits)?;
    let this = &rows[hit.row];
    let old = &text[hit.range.clone()];
    // Sunday has two names in Chinese.
    let same = |row: &Row| !disjoint(row, this) || old.starts_with("星期") && both_sunday(row, this);
    let others: Vec<&Row> = rows.iter().filter(|row| !same(row)).collect();
    let new = counterpart(random.pick(&others)?, hit.form, old)?;
    Some(Corruption::new(replaced(text, &hit.range, &new), format!("{old} → {new}")))
}

fn both_sunday(a: &Row, b: &Row) -> bool {
    let sunday = |row: &Row| row.iter().any(|form| form.ends_with(['日', '天']));
    sunday(a) && sunday(b)
}
