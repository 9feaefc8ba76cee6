//! Which people, places and organisations a text names.
//!
//! [`names`] finds them without a model: known names (`data/names/known.tsv`, `places.tsv`), capitals where a
//! sentence needs none, titles before or behind a name, and characters that transcribe foreign sounds. What is
//! found is what the text seems to name, not all that it names; the parts of a person's name are names by
//! themselves. [`Sounds`] tells how well a Latin name fits a stretch of Arabic, katakana or Chinese, and
//! [`other_forms`] how given and family names are written there; [`transliterated`] writes one.
//!
//! The data and where it is from: `data/names/README.md`.

mod cue;
mod dense;
mod fold;
mod gazetteer;
mod han;
mod part;
mod reading;
mod shape;
mod sound;
mod transliterate;
mod word;

use std::ops::Range;

use crate::Lang;

pub(crate) use cue::is_head;
pub(crate) use gazetteer::COLUMNS;
pub use gazetteer::{Entry, Gazetteer, Mention, gazetteer, starts as begins};
pub use han::foreign_odds;
pub use part::{is_part, other_forms};
pub use reading::reads_as;
pub use shape::{arabic_name_odds, is_definite};
pub use sound::{Fit, MOST_LETTERS, Sounds, sound_units};
pub use transliterate::transliterated;
pub use word::{Letters, Word, is_ordinary, words};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NameKind {
    /// A person.
    Person,
    /// A country, with its people and language.
    Country,
    /// A part of the world, a sea, a people.
    Region,
    /// A part of a country.
    Province,
    /// A city or town.
    City,
    /// An organisation, firm, paper, team or event.
    Organisation,
    /// A language.
    Language,
    /// A religion, its people and feasts.
    Faith,
    /// An age, celestial body or technical term written like a name.
    Concept,
    /// A time zone.
    Time,
    /// A name whose kind is not known.
    Unknown,
}

impl NameKind {
    fn parse(word: &str) -> Option<NameKind> {
        Some(match word {
            "person" => NameKind::Person,
            "country" => NameKind::Country,
            "region" => NameKind::Region,
            "province" => NameKind::Province,
            "city" => NameKind::City,
            "org" => NameKind::Organisation,
            "language" => NameKind::Language,
            "faith" => NameKind::Faith,
            "concept" => NameKind::Concept,
            "time" => NameKind::Time,
            _ => return None,
        })
    }

    /// Whether such names are words that translate, and may be put in other words.
    pub fn is_translated(self) -> bool {
        matches!(self, NameKind::Language | NameKind::Faith | NameKind::Concept | NameKind::Time)
    }

    /// Whether it is a place on the map.
    pub fn is_place(self) -> bool {
        matches!(self, NameKind::Country | NameKind::Region | NameKind::Province | NameKind::City)
    }
}

/// What a name was recognised by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cue {
    /// A capital within a sentence on a word that is also an ordinary one.
    Common,
    /// Only its script, or a capital where every sentence has one.
    Weak,
    /// All capitals.
    Acronym,
    /// A capital within a sentence.
    Capital,
    /// Characters used to write foreign sounds, or a given or family name.
    Transcribed,
    /// A title beside it.
    Title,
    /// It is a known name.
    Known,
}

/// A name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What it stands for.
    pub kind: NameKind,
    /// What it was recognised by.
    pub cue: Cue,
    /// Indices into [`Gazetteer::entries`]: the known names it may be; empty for others.
    pub entries: Vec<u32>,
}

impl Name {
    /// The usual form in a language, where all the known names that this may be have the same one; of the island of Bali
    /// and a town of that name, the one that is listed by hand counts.
    pub fn known_form(&self, lang: Lang) -> Option<&'static str> {
        let entries = || self.entries.iter().map(|entry| &gazetteer().entries[*entry as usize]);
        let by_hand = entries().any(|entry| entry.by_hand);
        let mut forms = entries().filter(|entry| entry.by_hand == by_hand).map(|entry| entry.form(lang));
        let form = forms.next()??;
        // `Congo - Kinshasa` is how lists tell names apart, not how texts write them.
        (forms.all(|other| other == Some(form)) && !form.contains(" - ")).then_some(form)
    }
}

/// A text with its words, the known names in it and the names it seems to give, in the order of the text.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// The words.
    pub words: Vec<Word>,
    /// Every form of a known name, those included that may mean something else.
    pub mentions: Vec<Mention>,
    /// The names. They do not overlap.
    pub names: Vec<Name>,
}

/// Looks through a text in `lang`.
pub fn scan(text: &str, lang: Lang) -> Scan {
    let words = words(text);
    let mentions = gazetteer().mentions(text, &words, lang);
    let mut names = gazetteer().names(&mentions);
    let mut taken = Taken::new(text.len(), &mentions, &names);
    match lang.code() {
        "zh" | "ja" => dense::unknown(text, &words, lang, &mut taken, &mut names),
        "ar" => cue::arabic(text, &words, &mut taken, &mut names),
        _ => {}
    }
    cue::latin(text, &words, lang, &mut taken, &mut names);
    names.sort_by_key(|n| n.range.start);
    // A known name, and a longer one that only its letters show.
    names.dedup_by(|next, kept| {
        let overlaps = next.range.start < kept.range.end;
        if overlaps && next.range.len() > kept.range.len() {
            std::mem::swap(next, kept);
        }
        overlaps
    });
    cue::common(&words, lang, &mut names);
    Scan { words, mentions, names }
}

/// The names of a text in `lang`, in its order; they do not overlap.
pub fn names(text: &str, lang: Lang) -> Vec<Name> {
    scan(text, lang).names
}

/// Bytes of a text that belong to a name, or to words that translate.
struct Taken {
    bytes: Vec<bool>,
}

impl Taken {
    fn new(length: usize, mentions: &[Mention], names: &[Name]) -> Taken {
        let mut out = Taken { bytes: vec![false; length] };
        let entries = &gazetteer().entries;
        for mention in mentions.iter().filter(|m| entries[m.entry as usize].kind.is_translated()) {
            out.take(&mention.range);
        }
        for name in names {
            out.take(&name.range);
        }
        out
    }

    fn take(&mut self, range: &Range<usize>) {
        self.bytes[range.clone()].fill(true);
    }

    fn has(&self, range: &Range<usize>) -> bool {
        self.bytes[range.clone()].contains(&true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_dictionary_of_two_languages_says_nothing_of_others() {
        let found = names("他在阿卡迪亚大学读书。", Lang::ZH);
        let form = |lang| found[0].known_form(lang);
        assert_eq!(form(Lang::EN), Some("Acadia University"));
        assert_eq!((form(Lang::FR), form(Lang::ID), form(Lang::JA)), (None, None, None));
    }

    proptest! {
        #[test]
        fn names_do_not_overlap(
            text in "[A-Za-z0-9 .,/()（）、。a-zé加纳中国印尼ジオフィルタVPNプロال٣٥ -]{0,60}",
            lang in prop::sample::select(Lang::EDITIONS.to_vec()),
        ) {
            let names = names(&text, lang);
            for pair in names.windows(2) {
                prop_assert!(pair[0].range.end <= pair[1].range.start, "{pair:?}");
            }
            prop_assert!(names.iter().all(|n| text.get(n.range.clone()).is_some_and(|t| !t.is_empty())));
        }
    }
}
