//! What words do in a sentence: deny, report, belong to the page. The phrases of `data/statements`.

use std::ops::Range;
use std::sync::LazyLock;

use edisi_text::Lang;

use super::phrases::{Affixes, Phrases};
use super::segment::{Segment, Side};

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

macro_rules! files {
    ($($lang:literal),+) => {
        [$(($lang, LazyLock::new(|| read(include_str!(concat!("../../data/statements/", $lang, ".txt")))))),+]
    };
}

type Lazy = (&'static str, LazyLock<Phrases<Class>>);

static PHRASES: [Lazy; 7] = files!["id", "en", "zh", "ja", "ar", "fr", "pt"];

fn read(file: &'static str) -> Phrases<Class> {
    let classed = file.lines().flat_map(|line| {
        let (class, phrases) = line.split_once(": ").expect("a class and its phrases");
        let class = CLASSES.iter().find(|c| c.0 == class).expect("a class of the README").1;
        phrases.split(" | ").map(move |phrase| (phrase, class))
    });
    Phrases::new(classed, Affixes::default())
}

fn of(lang: Lang) -> Option<&'static Phrases<Class>> {
    PHRASES.iter().find(|p| p.0 == lang.code()).map(|p| &*p.1)
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
    of(lang).is_some()
}

/// The phrases of a side, in order; none in a language without a file.
fn find(side: &Side<'_>) -> Vec<Hit> {
    let found = of(side.lang).map(|phrases| phrases.find(side.text)).unwrap_or_default();
    found.into_iter().map(|(range, classes)| Hit { range, classes }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_every_class() {
        for (lang, phrases) in &PHRASES {
            for (name, class) in CLASSES {
                assert!(phrases.entries().any(|e| e.1.contains(&class)), "{lang} {name}");
            }
            for (text, _) in phrases.entries() {
                assert!(!text.is_empty() && text == text.trim(), "{lang} {text:?}");
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
