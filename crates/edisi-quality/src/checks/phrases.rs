//! The phrases of `data/statements`, found in one pass over a text.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use edisi_text::Lang;

use super::segment::{Segment, Side, is_dense};

/// What a phrase does in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Denial,
    Near,
    Emphasis,
    Said,
    Source,
    Cite,
    Opening,
    Page,
    Unfinished,
    Neither,
}

const CLASSES: [(&str, Class); 10] = [
    ("denial", Class::Denial),
    ("near", Class::Near),
    ("emphasis", Class::Emphasis),
    ("said", Class::Said),
    ("source", Class::Source),
    ("cite", Class::Cite),
    ("opening", Class::Opening),
    ("page", Class::Page),
    ("unfinished", Class::Unfinished),
    ("neither", Class::Neither),
];

/// A phrase and the classes it belongs to.
struct Entry {
    text: &'static str,
    classes: Vec<Class>,
    /// Whether letters may stand before and behind it.
    open: (bool, bool),
}

struct Phrases {
    matcher: AhoCorasick,
    entries: Vec<Entry>,
}

static PHRASES: LazyLock<HashMap<&str, Phrases>> = LazyLock::new(|| {
    [
        ("id", include_str!("../../data/statements/id.txt")),
        ("en", include_str!("../../data/statements/en.txt")),
        ("zh", include_str!("../../data/statements/zh.txt")),
        ("ja", include_str!("../../data/statements/ja.txt")),
        ("ar", include_str!("../../data/statements/ar.txt")),
        ("fr", include_str!("../../data/statements/fr.txt")),
        ("pt", include_str!("../../data/statements/pt.txt")),
    ]
    .map(|(lang, file)| (lang, read(file)))
    .into()
});

fn read(file: &'static str) -> Phrases {
    let mut entries: Vec<Entry> = Vec::new();
    for line in file.lines() {
        let (class, phrases) = line.split_once(": ").expect("a class and its phrases");
        let class = CLASSES.iter().find(|c| c.0 == class).expect("a class of the README").1;
        for phrase in phrases.split(" | ") {
            let text = phrase.trim_matches('-');
            let open = (phrase.starts_with('-'), phrase.ends_with('-'));
            match entries.iter_mut().find(|e| e.text == text && e.open == open) {
                Some(entry) => entry.classes.push(class),
                None => entries.push(Entry { text, classes: vec![class], open }),
            }
        }
    }
    let matcher = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(entries.iter().map(|e| e.text))
        .expect("a few hundred phrases");
    Phrases { matcher, entries }
}

/// A phrase found in a text.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// Bytes of the text.
    pub range: Range<usize>,
    classes: &'static [Class],
}

impl Hit {
    pub(super) fn is(&self, class: Class) -> bool {
        self.classes.contains(&class)
    }
}

/// The phrases of both sides of a segment.
pub(super) struct Words {
    pub source: Vec<Hit>,
    pub target: Vec<Hit>,
}

impl Words {
    pub(super) fn new(segment: &Segment<'_>) -> Words {
        Words { source: find(&segment.source), target: find(&segment.target) }
    }
}

/// Whether there are phrases for a language: without them, that a text has none says nothing.
pub(super) fn knows(lang: Lang) -> bool {
    PHRASES.contains_key(lang.code())
}

/// The phrases of a side, in order; none in a language without a file.
fn find(side: &Side<'_>) -> Vec<Hit> {
    let Some(phrases) = PHRASES.get(side.lang.code()) else { return Vec::new() };
    let mut out = Vec::new();
    let mut from = 0;
    // A longer phrase that is only the beginning of a word must not hide a shorter one inside it.
    while let Some(found) = phrases.matcher.find(aho_corasick::Input::new(side.text).range(from..)) {
        let entry = &phrases.entries[found.pattern()];
        if stands_alone(side.text, found.range(), entry) {
            out.push(Hit { range: found.range(), classes: &entry.classes });
            from = found.end();
        } else {
            let step = side.text[found.start()..].chars().next().map_or(1, char::len_utf8);
            from = found.start() + step;
        }
    }
    out
}

fn stands_alone(text: &str, range: Range<usize>, entry: &Entry) -> bool {
    // Arabic vowel signs stand inside words.
    let letter = |c: char| c.is_alphanumeric() && !is_dense(c) || matches!(c, '\u{64b}'..='\u{652}');
    let first = entry.text.chars().next().is_some_and(letter);
    let last = entry.text.chars().next_back().is_some_and(letter);
    let before = text[..range.start].chars().next_back().is_some_and(letter);
    let after = text[range.end..].chars().next().is_some_and(letter);
    (!first || !before || entry.open.0) && (!last || !after || entry.open.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_every_class() {
        for (lang, phrases) in PHRASES.iter() {
            for (name, class) in CLASSES {
                assert!(phrases.entries.iter().any(|e| e.classes.contains(&class)), "{lang} {name}");
            }
            for entry in &phrases.entries {
                assert!(!entry.text.is_empty() && entry.text == entry.text.trim(), "{lang} {:?}", entry.text);
            }
        }
    }

    #[test]
    fn the_longest_whole_phrase_is_found() {
        let denials = |text: &str, lang| {
            let segment = Segment::new(text, "", (lang, Lang::EN));
            let hits = find(&segment.source);
            hits.iter()
                .filter(|h| h.is(Class::Denial))
                .map(|h| text[h.range.clone()].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(denials("Ia tidak hanya kaya, tetapi tak pernah kikir.", Lang::ID), ["tak pernah"]);
        assert_eq!(denials("The north didn't know; nothing but noise.", Lang::EN), ["n't"]);
        assert_eq!(denials("他不仅来了，还没走。", Lang::ZH), ["没"]);
        assert_eq!(denials("彼は来ないが、必ず読む。", Lang::JA), ["ない"]);
        assert_eq!(denials("لا يزال المطر يهطل ولم يتوقف.", Lang::AR), ["ولم"]);
    }
}
