//! Pages that say a machine translated them, and from what.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use edisi_text::Lang;

use super::data::Translation;
use super::phrase::{normalise, word_ends, word_starts};

/// Longest note, in bytes: a longer text is about machine translation, not marked by it.
const MAX_NOTE: usize = 700;

pub(super) struct TranslationNotes {
    says: AhoCorasick,
    main: Vec<(String, Lang)>,
    itself: AhoCorasick,
}

impl TranslationNotes {
    pub fn new(data: &Translation, languages: &BTreeMap<String, Vec<String>>) -> TranslationNotes {
        let says: Vec<String> = data.says.iter().map(|s| normalise(s)).collect();
        let mut main = Vec::new();
        for (code, names) in languages {
            let lang: Lang = code.parse().unwrap_or_else(|e| panic!("data/news, languages: {e}"));
            for name in names {
                for phrase in &data.main {
                    assert!(
                        phrase.contains("{language}"),
                        "data/news, translation.main: `{phrase}` names no {{language}}"
                    );
                    main.push((normalise(&phrase.replace("{language}", name)), lang));
                }
            }
        }
        main.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        let itself: Vec<String> = data.itself.iter().map(|s| normalise(s)).collect();
        let build = |phrases| {
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(phrases)
                .expect("phrases of the data files")
        };
        TranslationNotes { says: build(says), itself: build(itself), main }
    }

    /// `Some` when the line says that a machine translated the page; in it the main language it names.
    ///
    /// A sentence of a story about machine translation speaks of somebody's words or texts; a note speaks of the
    /// page it stands on, so it must name itself (`this article`, `versions`, a main language) or be short.
    pub fn read(&self, line: &str) -> Option<Option<Lang>> {
        if line.len() > MAX_NOTE || line.starts_with(['"', '“', '«', '「']) {
            return None;
        }
        let text = normalise(line);
        if !contains_word(&self.says, &text) {
            return None;
        }
        let main = self.main.iter().find_map(|(phrase, lang)| {
            let at = text.find(phrase.as_str())?;
            let end = at + phrase.len();
            (word_starts(&text[..at], phrase) && word_ends(phrase, &text[end..])).then_some(*lang)
        });
        (main.is_some() || text.len() <= 60 || contains_word(&self.itself, &text)).then_some(main)
    }
}

/// Whether one of the phrases stands in the text as whole words.
pub(super) fn contains_word(phrases: &AhoCorasick, text: &str) -> bool {
    phrases.find_iter(text).any(|m| {
        word_starts(&text[..m.start()], &text[m.range()]) && word_ends(&text[m.range()], &text[m.end()..])
    })
}
