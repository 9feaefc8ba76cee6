//! What the scanner knows of a language: the lists in `data/segment/<lang>.txt`.
//!
//! A list file has sections in square brackets, one entry a line (several when separated by spaces is fine for
//! single words), `#` starts a comment, `@use xx` takes in the lists of another file. An entry in lower case
//! also stands for its Capitalised and UPPER CASE forms; one with a capital stands for itself only.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::Lang;

/// How a full stop after an abbreviation is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Abbr {
    /// `[title]`: something always follows (`Dr.`).
    Title,
    /// `[number]`: a number follows (`No. 5`); before anything else the stop is an end.
    Number,
    /// `[soft]`: ends a sentence only before a word of `[starters]` (`U.S.`).
    Soft,
    /// `[tail]`: usually comes last (`etc.`), an end before any capital; never before a small letter.
    Tail,
}

/// The lists of one language.
#[derive(Default)]
pub(super) struct Rules {
    abbr: HashMap<String, Abbr>,
    starters: HashSet<String>,
    attribution: HashSet<String>,
    /// `1.` may be an ordinal before any word, as in German.
    pub dotted_ordinals: bool,
    /// Words are not separated by spaces, quotations stay whole.
    pub unspaced: bool,
}

macro_rules! files {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../data/segment/", $name, ".txt")))),*]
    };
}

const FILES: &[(&str, &str)] = files!["id", "en", "zh", "ja", "ar", "fr", "pt"];

static ALL: LazyLock<HashMap<&'static str, Rules>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(name, text)| {
            let mut rules = Rules::default();
            rules.read(text);
            rules.unspaced = matches!(*name, "zh" | "ja");
            (*name, rules)
        })
        .collect()
});

static DOTTED: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Rules { dotted_ordinals: true, ..Rules::default() };
    rules.read("@use en");
    rules
});

/// The rules for `lang`; languages without lists of their own use the English ones.
pub(super) fn of(lang: Lang) -> &'static Rules {
    match lang.code() {
        "ms" => &ALL["id"],
        "yue" => &ALL["zh"],
        "de" | "da" | "no" | "nb" | "nn" | "fi" | "hu" | "tr" | "pl" | "cs" | "sk" | "sl" | "hr" | "sr"
        | "et" | "lv" | "is" => &DOTTED,
        code => ALL.get(code).unwrap_or_else(|| &ALL["en"]),
    }
}

impl Rules {
    fn read(&mut self, text: &str) {
        let mut section = "";
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if let Some(other) = line.strip_prefix("@use ") {
                let (_, text) =
                    FILES.iter().find(|(n, _)| *n == other.trim()).expect("a list file of that name");
                self.read(text);
            } else if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']');
            } else {
                for entry in line.split_whitespace() {
                    self.add(section, entry);
                }
            }
        }
    }

    fn add(&mut self, section: &str, entry: &str) {
        let class = match section {
            "title" => Abbr::Title,
            "number" => Abbr::Number,
            "soft" => Abbr::Soft,
            "tail" => Abbr::Tail,
            "starters" => {
                self.starters.insert(entry.to_lowercase());
                return;
            }
            "attribution" => {
                self.attribution.insert(entry.to_lowercase());
                return;
            }
            other => panic!("data/segment: no such section [{other}]"),
        };
        let key = entry.strip_suffix('.').unwrap_or(entry);
        // A single capital is somebody's initial.
        if key.chars().all(|c| !c.is_uppercase()) && key.chars().count() > 1 {
            let mut chars = key.chars();
            let capital: String =
                chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
            self.abbr.entry(capital).or_insert(class);
            self.abbr.entry(key.to_uppercase()).or_insert(class);
        }
        self.abbr.insert(key.to_owned(), class);
    }

    /// The class of `word`, written without its last stop.
    pub fn abbr(&self, word: &str) -> Option<Abbr> {
        self.abbr.get(word).copied()
    }

    /// Whether `word` often starts a sentence and is no name.
    pub fn is_starter(&self, word: &str) -> bool {
        self.starters.contains(&word.to_lowercase())
    }

    /// Whether `word` is a verb that attributes a quotation.
    pub fn is_attribution(&self, word: &str) -> bool {
        self.attribution.contains(&word.to_lowercase())
    }

    /// The attribution words as they are, for languages without spaces.
    pub fn attributions(&self) -> impl Iterator<Item = &str> {
        self.attribution.iter().map(String::as_str)
    }

    /// Whether `text` begins with a starter, for languages without spaces.
    pub fn starts_with_starter(&self, text: &str) -> bool {
        let head: String = text.chars().take(6).collect();
        (1..=head.chars().count()).any(|n| {
            let end = head.char_indices().nth(n).map_or(head.len(), |(i, _)| i);
            self.starters.contains(&head[..end])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_file_is_read_and_says_something() {
        for (name, _) in FILES {
            let rules = &ALL[name];
            assert!(rules.abbr.len() > 10, "{name}: abbreviations");
            assert!(rules.starters.len() > 5, "{name}: starters");
            assert!(rules.attribution.len() > 5, "{name}: attribution");
        }
    }

    #[test]
    fn lower_case_entries_stand_for_their_capitals_too() {
        let id = of(Lang::ID);
        assert_eq!(id.abbr("hlm"), Some(Abbr::Number));
        assert_eq!(id.abbr("Hlm"), Some(Abbr::Number));
        assert_eq!(id.abbr("Drs"), Some(Abbr::Title));
        assert_eq!(id.abbr("drs"), None);
    }
}
