//! Which numbers and dates of a source its translation lacks.

use std::collections::{HashMap, HashSet};

use super::{Decimal, Number, NumberKind};

/// Cardinals below this come and go in translation: articles, "both", duals.
const FEW: u64 = 3;
/// Candidates looked at for one number: a text that repeats a value more often is no prose.
const MOST_EQUAL: usize = 32;

/// What [`differences`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// Numbers of the source that the translation does not have, as indices.
    pub missing: Vec<usize>,
    /// Numbers of the translation that the source does not have, as indices.
    pub extra: Vec<usize>,
    /// Numbers of the source that are passed over when they are gone, each with one of the translation that
    /// stands in its place: `first` and `third`, `yesterday` and `tomorrow`.
    pub changed: Vec<(usize, usize)>,
    /// Numbers of the source that are gone and passed over, with nothing small in their place.
    pub passed: Vec<usize>,
}

impl Differences {
    /// Whether both say the same numbers.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty() && self.changed.is_empty()
    }
}

/// Compares the numbers and dates of a text and of its translation by value.
///
/// Each number of one side needs one of its own on the other; which of them are paired does not matter. Of small
/// words ([`Number::is_word_small`]) only cardinals from three on are missing or extra, but all answer for a number
/// the other side writes in digits. A month or weekday needs the same one somewhere on the other side. The
/// alternatives of a number count as its value, but not the other reading of an ambiguous mark: `9.900` left as
/// it was in an English text is a mistake.
///
/// How often human translations differ by this measure, and how often a change is found, is measured in
/// `tests/accept_number.rs`.
pub fn differences(source: &[Number], target: &[Number]) -> Differences {
    let missing = Unanswered::of(source, target);
    let extra = Unanswered::of(target, source);
    let asked = |n: &Number| !n.is_word_small || is_said(n);
    let mut out = Differences {
        missing: missing.list.iter().copied().filter(|&i| asked(&source[i])).collect(),
        extra: extra.list.iter().copied().filter(|&i| asked(&target[i])).collect(),
        ..Differences::default()
    };
    let passed = |numbers: &[Number], absent: &[usize], told: &[usize]| -> Vec<usize> {
        let small = |i: usize| is_small(&numbers[i]) && !told.contains(&i);
        absent.iter().copied().filter(|&i| small(i)).collect()
    };
    let mut instead = passed(target, &extra.absent, &out.extra).into_iter();
    for i in passed(source, &missing.absent, &out.missing) {
        match instead.next() {
            Some(j) => out.changed.push((i, j)),
            None => out.passed.push(i),
        }
    }
    out.changed.extend(other_day(source, target));
    out
}

/// Whether a number that may be passed over is one all the same: `second`, `two`, but no article.
fn is_small(number: &Number) -> bool {
    let kind = matches!(number.kind, NumberKind::Ordinal | NumberKind::Plain);
    let article = ["un", "une", "um", "uma"].contains(&number.raw.to_lowercase().as_str());
    number.is_word_small && kind && !article
}

/// Whether a small word is a quantity all the same: a cardinal that no article or dual stands for.
fn is_said(number: &Number) -> bool {
    let range = Decimal::from(FEW)..=Decimal::from(12);
    // A capital inside a sentence: part of a name.
    let name = number.span.start > 0 && number.raw.starts_with(char::is_uppercase);
    number.is_word && !name && number.kind == NumberKind::Plain && range.contains(&number.value)
}

/// The first days told from today on both sides, if not one of them is the same.
fn other_day(source: &[Number], target: &[Number]) -> Option<(usize, usize)> {
    let days = |numbers: &[Number]| -> Vec<usize> {
        (0..numbers.len()).filter(|&i| numbers[i].kind == NumberKind::RelativeDay).take(8).collect()
    };
    let (ours, theirs) = (days(source), days(target));
    let same = |&i: &usize| theirs.iter().any(|&j| source[i].value == target[j].value);
    if ours.iter().any(same) {
        return None;
    }
    Some((*ours.first()?, *theirs.first()?))
}

/// What `number` may say, its value first.
fn readings(number: &Number) -> impl Iterator<Item = Decimal> {
    let others = if number.is_ambiguous { &[][..] } else { &number.alternatives[..] };
    [number.value].into_iter().chain(others.iter().copied())
}

/// Whether two numbers may say the same value; what they count is not looked at.
pub fn may_be_equal(a: &Number, b: &Number) -> bool {
    is_calendar(a) == is_calendar(b)
        && may_be_one_time(a, b)
        && readings(a).any(|x| readings(b).any(|y| x == y))
}

/// Whether two numbers are not times that surely lie in other halves of the day.
fn may_be_one_time(a: &Number, b: &Number) -> bool {
    a.clock.zip(b.clock).is_none_or(|(a, b)| a == b)
}

/// Numbers by what they say, each to be taken once.
struct Pool<'n> {
    numbers: &'n [Number],
    by_reading: HashMap<Decimal, Vec<usize>>,
    taken: Vec<bool>,
}

impl<'n> Pool<'n> {
    fn new(numbers: &'n [Number]) -> Pool<'n> {
        let mut pool = Pool { numbers, by_reading: HashMap::new(), taken: vec![false; numbers.len()] };
        // Small words last: only when nothing else is left.
        for small in [false, true] {
            for (i, number) in numbers.iter().enumerate().filter(|(_, n)| n.is_word_small == small) {
                for reading in readings(number) {
                    pool.by_reading.entry(reading).or_default().push(i);
                }
            }
        }
        pool
    }

    /// Takes a number that says `value` and may answer for `asked`; `exact` ones mean it first of all.
    fn take(&mut self, asked: &Number, dense: bool, value: Decimal, exact: bool) -> bool {
        let Some(list) = self.by_reading.get(&value) else { return false };
        let found = list.iter().copied().take(MOST_EQUAL).find(|&i| {
            let answer = &self.numbers[i];
            let free = !self.taken[i] || is_calendar(asked);
            free && (!exact || answer.value == value)
                && answers(asked, dense, answer, in_date(self.numbers, i))
        });
        found.map(|i| self.taken[i] = true).is_some()
    }

    fn says(&self, asked: &Number, value: Decimal) -> bool {
        let list = self.by_reading.get(&value).map_or(&[][..], Vec::as_slice);
        list.iter().take(MOST_EQUAL).any(|&i| is_calendar(asked) == is_calendar(&self.numbers[i]))
    }
}

/// A month or day that is named, not counted.
fn is_calendar(number: &Number) -> bool {
    matches!(number.kind, NumberKind::Month | NumberKind::Weekday | NumberKind::RelativeDay)
}

/// Whether the number at `i` is a part of `9/11` or `3・11`: digits next to another number.
fn in_date(numbers: &[Number], i: usize) -> bool {
    let near = |a: &Number, b: &Number| b.span.start - a.span.end <= '・'.len_utf8();
    let n = &numbers[i];
    !n.is_word
        && n.kind != NumberKind::Name
        && (i > 0 && near(&numbers[i - 1], n) || numbers.get(i + 1).is_some_and(|next| near(n, next)))
}

/// Whether `answer` may stand for `asked` when they have the same value; `asked_in_date` and `in_date` as
/// [`in_date`] says.
fn answers(asked: &Number, asked_in_date: bool, answer: &Number, in_date: bool) -> bool {
    use NumberKind::{DatePart, Month};
    if !may_be_one_time(asked, answer) {
        return false;
    }
    match (asked.kind, answer.kind) {
        (a, b) if a == b => true,
        (Month, DatePart) | (DatePart, Month) => true,
        (Month, _) => in_date && !is_calendar(answer),
        (_, Month) => asked_in_date && !is_calendar(asked),
        _ => !is_calendar(asked) && !is_calendar(answer),
    }
}

/// The numbers of one side that the other has no answer for.
struct Unanswered {
    list: Vec<usize>,
    /// Those of them whose value the other side does not have at all.
    absent: Vec<usize>,
}

impl Unanswered {
    fn of(asked: &[Number], answers: &[Number]) -> Unanswered {
        let mut pool = Pool::new(answers);
        // A name said again is no other number.
        let mut names = HashSet::new();
        let mut order: Vec<usize> = (0..asked.len())
            .filter(|&i| asked[i].kind != NumberKind::RelativeDay)
            .filter(|&i| asked[i].kind != NumberKind::Name || names.insert(asked[i].raw.as_str()))
            .collect();
        order.sort_by_key(|&i| asked[i].is_word_small);
        // Equal values first, so that a number does not take what another one needs more.
        order.retain(|&i| !pool.take(&asked[i], in_date(asked, i), asked[i].value, true));
        order.retain(|&i| !readings(&asked[i]).any(|v| pool.take(&asked[i], in_date(asked, i), v, false)));
        order.sort_unstable();
        let absent = order.iter().copied().filter(|&i| !readings(&asked[i]).any(|v| pool.says(&asked[i], v)));
        Unanswered { absent: absent.collect(), list: order }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lang, numbers};

    fn check(source: &str, to: Lang, target: &str) -> (Vec<String>, Vec<String>) {
        let (a, b) = (numbers(source, Lang::ID), numbers(target, to));
        let found = differences(&a, &b);
        let raw = |list: &[usize], numbers: &[Number]| list.iter().map(|i| numbers[*i].raw.clone()).collect();
        (raw(&found.missing, &a), raw(&found.extra, &b))
    }

    #[test]
    fn the_same_numbers_in_other_words() {
        for (source, to, target) in [
            ("Sebanyak 9.900 orang ditahan.", Lang::EN, "Some 9,900 people were held."),
            ("Sebanyak 9.900 orang ditahan.", Lang::FR, "Quelque 9 900 personnes ont été arrêtées."),
            ("Sebanyak 9.900 orang ditahan.", Lang::AR, "اعتقل ٩٬٩٠٠ شخص."),
            (
                "Anggaran Rp1,2 triliun, naik 3,5 persen.",
                Lang::EN,
                "A budget of Rp1.2 trillion, up 3.5 percent.",
            ),
            ("Penduduknya 2,5 juta jiwa.", Lang::ZH, "人口250万。"),
            ("Penduduknya 2,5 juta jiwa.", Lang::JA, "人口は250万人だ。"),
            ("Rapat mulai pukul 20.30 WIB.", Lang::EN, "The meeting starts at 8:30 p.m."),
            ("Dibuka pukul 8.30.", Lang::EN, "It opens at 8:30 a.m."),
            ("Dibuka pukul 8.30.", Lang::EN, "It opens at 8:30 p.m."),
            ("Dibuka pukul 5 sore.", Lang::FR, "L'ouverture est à 17 h."),
            ("Dibuka pukul 05.00.", Lang::FR, "L'ouverture est à 5 h."),
            ("Sejak pukul 00.30", Lang::JA, "午前0時30分から"),
            ("Pada 7 Oktober 2022", Lang::JA, "2022年10月7日に"),
            ("Tiga orang tewas.", Lang::EN, "3 people died."),
            ("Dua puluh lima rumah rusak.", Lang::FR, "Vingt-cinq maisons endommagées."),
            ("Pada 1970-an", Lang::ZH, "20世纪70年代"),
            ("Satu orang datang lagi.", Lang::EN, "Someone came again."),
        ] {
            assert_eq!(check(source, to, target), (vec![], vec![]), "{source} / {target}");
        }
    }

    #[test]
    fn changed_numbers_are_found() {
        for (source, to, target, missing, extra) in [
            ("Sebanyak 9.900 orang", Lang::EN, "Some 9.900 people", vec!["9.900"], vec!["9.900"]),
            ("Sebanyak 9.900 orang", Lang::EN, "Many people", vec!["9.900"], vec![]),
            ("Ada banyak orang", Lang::EN, "There were 300 people", vec![], vec!["300"]),
            ("Rp1,2 triliun", Lang::EN, "Rp1.2 billion", vec!["Rp1,2 triliun"], vec!["Rp1.2 billion"]),
            ("5 dari 5 korban", Lang::EN, "5 victims", vec!["5"], vec![]),
            ("sejak pukul 05.00", Lang::EN, "since 05:00 p.m.", vec!["05.00"], vec!["05:00"]),
            ("pukul 17.30", Lang::JA, "午前5時30分", vec!["17.30"], vec!["5時30分"]),
            ("pukul 20.30", Lang::EN, "at 9:30 pm", vec!["20.30"], vec!["9:30"]),
        ] {
            let found = check(source, to, target);
            let found =
                (found.0.iter().map(String::as_str).collect(), found.1.iter().map(String::as_str).collect());
            assert_eq!(found, (missing, extra), "{source} / {target}");
        }
    }
}
