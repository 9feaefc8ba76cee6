//! Lists of phrases, found in one pass over a text.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use edisi_text::Lang;
use edisi_text::script::is_dense;

/// What may stand at a phrase, in the same word, and leaves it what it is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Affixes {
    /// Particles and articles that are written together with the next word, as in Arabic.
    pub before: &'static [&'static str],
    /// Particles that are written together with the word before, as in Indonesian.
    pub behind: &'static [&'static str],
}

/// Languages that the lists of phrases have words of.
pub(super) const LANGS: [&str; 6] = ["id", "en", "zh", "ja", "ar", "fr"];

/// The phrases of each language, made when the first text in it comes.
pub(super) struct ByLang<T>([OnceLock<Phrases<T>>; LANGS.len()]);

impl<T> ByLang<T> {
    pub(super) const fn new() -> ByLang<T> {
        ByLang([const { OnceLock::new() }; LANGS.len()])
    }

    /// The phrases of `lang`, which `make` makes of its code; nothing for other languages.
    pub(super) fn get(
        &self,
        lang: Lang,
        make: impl FnOnce(&'static str) -> Phrases<T>,
    ) -> Option<&Phrases<T>> {
        let at = LANGS.iter().position(|code| *code == lang.code())?;
        Some(self.0[at].get_or_init(|| make(LANGS[at])))
    }
}

/// A phrase and what it is listed as.
struct Entry<T> {
    text: &'static str,
    listed: Vec<T>,
    /// Whether letters may stand before and behind it.
    open: (bool, bool),
}

/// Phrases, each listed as one or several `T`.
///
/// A phrase is whole words, unless it is of a script that sets no spaces; `-` before it allows letters before it,
/// `-` after it letters behind it.
pub(super) struct Phrases<T> {
    matcher: AhoCorasick,
    entries: Vec<Entry<T>>,
    affixes: Affixes,
}

impl<T> Phrases<T> {
    /// Phrases in small letters.
    pub(super) fn new(phrases: impl IntoIterator<Item = (&'static str, T)>, affixes: Affixes) -> Phrases<T> {
        let mut entries: Vec<Entry<T>> = Vec::new();
        for (phrase, listed) in phrases {
            let text = phrase.trim_matches('-');
            let open = (phrase.starts_with('-'), phrase.ends_with('-'));
            match entries.iter_mut().find(|e| e.text == text && e.open == open) {
                Some(entry) => entry.listed.push(listed),
                None => entries.push(Entry { text, listed: vec![listed], open }),
            }
        }
        let matcher = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .ascii_case_insensitive(true)
            .build(entries.iter().map(|e| e.text))
            .expect("a few hundred phrases");
        Phrases { matcher, entries, affixes }
    }

    /// The phrases of `text`, in order, none within or across another: the longest of those that begin at one
    /// place. What is listed twice, open and not, is found twice.
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, &[T])> {
        let all = self.matcher.find_overlapping_iter(text);
        let whole =
            all.filter(|found| self.stands_alone(text, found.range(), &self.entries[found.pattern()]));
        let mut whole: Vec<(Range<usize>, &[T])> =
            whole.map(|found| (found.range(), &*self.entries[found.pattern()].listed)).collect();
        whole.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut last = 0..0;
        whole.retain(|(range, _)| {
            let kept = range.start >= last.end || *range == last;
            if kept {
                last = range.clone();
            }
            kept
        });
        whole
    }

    fn stands_alone(&self, text: &str, range: Range<usize>, entry: &Entry<T>) -> bool {
        // Arabic vowel signs stand inside words.
        let letter = |c: char| c.is_alphanumeric() && !is_dense(c) || matches!(c, '\u{64b}'..='\u{652}');
        let first = entry.text.chars().next().is_some_and(letter);
        let last = entry.text.chars().next_back().is_some_and(letter);
        let (before, after) = (&text[..range.start], &text[range.end..]);
        let before = &before[before.trim_end_matches(letter).len()..];
        let after = &after[..after.len() - after.trim_start_matches(letter).len()];
        (!first || before.is_empty() || entry.open.0 || self.affixes.before.contains(&before))
            && (!last || after.is_empty() || entry.open.1 || self.affixes.behind.contains(&after))
    }
}

#[cfg(test)]
impl<T> Phrases<T> {
    /// All phrases and what they are listed as.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &[T])> {
        self.entries.iter().map(|e| (e.text, &*e.listed))
    }
}
