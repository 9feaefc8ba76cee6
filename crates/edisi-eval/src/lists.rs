//! What the corruptions know of a language: `data/<lang>.txt` and `data/names.tsv`, described in `data/README.md`.

use std::collections::HashMap;
use std::sync::LazyLock;

use edisi_text::Lang;

/// Forms of one thing; what stands at one place of a row answers to the same place of another.
pub(crate) type Row = Vec<&'static str>;

/// A row that may only be exchanged for others of its group.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub group: &'static str,
    pub forms: Row,
}

/// What stands for the contrary of what, and which way they may be exchanged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Swap {
    pub from: &'static str,
    pub to: &'static str,
}

/// The lists of one language.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    pub months: Vec<Row>,
    pub weekdays: Vec<Row>,
    pub year: Vec<&'static str>,
    pub clock: Vec<&'static str>,
    pub numbers: Vec<Member>,
    pub counters: Vec<&'static str>,
    pub scales: Vec<Member>,
    pub units: Vec<Member>,
    pub currencies: Vec<Row>,
    pub negation: Vec<Swap>,
    pub opposites: Vec<Swap>,
    pub qualifiers: Vec<Swap>,
    pub keep: Vec<&'static str>,
    pub breaks: Vec<&'static str>,
    pub sentences: Vec<&'static str>,
    /// The group is the kind of name.
    pub names: Vec<Member>,
}

macro_rules! files {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("../data/", $name, ".txt")))),*]
    };
}

/// In the order of the columns of `names.tsv`.
const FILES: &[(&str, &str)] = files!["id", "en", "zh", "ja", "ar", "fr", "pt"];
const NAMES: &str = include_str!("../data/names.tsv");

static ALL: LazyLock<HashMap<&'static str, Lists>> = LazyLock::new(|| {
    let read = |(column, (code, text)): (usize, &(&'static str, &'static str))| {
        let mut lists = Lists::read(code, text);
        lists.names = names(column + 1);
        (*code, lists)
    };
    FILES.iter().enumerate().map(read).collect()
});

/// The lists of `lang`, if it has any.
pub(crate) fn of(lang: Lang) -> Option<&'static Lists> {
    ALL.get(lang.code())
}

/// The codes of the languages that have lists.
pub(crate) fn codes() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|f| f.0)
}

fn names(column: usize) -> Vec<Member> {
    let rows = NAMES.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| {
        let mut cells = line.split('\t');
        let group = cells.next()?;
        Some(Member { group, forms: row(cells.nth(column - 1)?) })
    })
    .collect()
}

fn row(text: &'static str) -> Row {
    text.split('|').map(str::trim).filter(|form| !form.is_empty()).collect()
}

fn member(line: &'static str) -> Option<Member> {
    let (group, forms) = line.split_once(' ')?;
    Some(Member { group, forms: row(forms) })
}

impl Lists {
    fn read(code: &str, text: &'static str) -> Lists {
        let mut lists = Lists::default();
        let mut section = "";
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']');
            } else if !lists.add(section, line) {
                // The files are part of the program; the test below reads them all.
                panic!("data/{code}.txt: cannot read `{line}` in [{section}]");
            }
        }
        lists
    }

    fn add(&mut self, section: &str, line: &'static str) -> bool {
        match section {
            "months" => self.months.push(row(line)),
            "weekdays" => self.weekdays.push(row(line)),
            "year" => self.year.extend(line.split_whitespace()),
            "clock" => self.clock.extend(line.split_whitespace()),
            "counters" => self.counters.extend(line.split_whitespace()),
            "breaks" => self.breaks.extend(line.split_whitespace()),
            "currencies" => self.currencies.push(row(line)),
            "keep" => self.keep.push(line),
            "sentences" => self.sentences.push(line),
            "numbers" => return member(line).map(|m| self.numbers.push(m)).is_some(),
            "scales" => return member(line).map(|m| self.scales.push(m)).is_some(),
            "units" => return member(line).map(|m| self.units.push(m)).is_some(),
            "negation" => return add_swap(&mut self.negation, line),
            "qualifiers" => return add_swap(&mut self.qualifiers, line),
            "opposites" => return add_swap(&mut self.opposites, line),
            _ => return false,
        }
        true
    }
}

fn add_swap(swaps: &mut Vec<Swap>, line: &'static str) -> bool {
    let word = |text: &'static str| text.trim().trim_matches('"');
    if let Some((a, b)) = line.split_once("<=>") {
        swaps.extend([Swap { from: word(a), to: word(b) }, Swap { from: word(b), to: word(a) }]);
    } else if let Some((a, b)) = line.split_once("=>") {
        swaps.push(Swap { from: word(a), to: word(b) });
    } else {
        return false;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_something_in_every_list() {
        for code in codes() {
            let lists = of(code.parse().unwrap()).unwrap();
            assert_eq!(lists.months.len(), 12, "{code}");
            assert!(lists.weekdays.len() >= 7, "{code}");
            for (name, n) in [
                ("numbers", lists.numbers.len()),
                ("scales", lists.scales.len()),
                ("units", lists.units.len()),
                ("currencies", lists.currencies.len()),
                ("negation", lists.negation.len()),
                ("breaks", lists.breaks.len()),
                ("sentences", lists.sentences.len()),
            ] {
                assert!(n >= 3, "{code}: {name}");
            }
        }
    }

    #[test]
    fn every_name_has_seven_forms() {
        for line in NAMES.lines() {
            assert_eq!(line.split('\t').count(), 8, "{line}");
            assert!(line.split('\t').all(|cell| !cell.trim().is_empty()), "{line}");
        }
    }
}
