//! Typographic marks and accented letters that a vocabulary lacks are read as the plain ones that it has.
//!
//! Older vocabularies have no curly quotation marks, apostrophes or dashes: the model would see an unknown character,
//! and lose a possessive or a range of years over it.

use std::ops::Range;

use unicode_normalization::char::decompose_canonical;

use crate::vocabulary::{Encoding, Vocabulary};

/// What a character is written as on a typewriter.
fn plain(c: char) -> Option<&'static str> {
    if let Some(base) = base_letter(c) {
        return Some(base);
    }
    Some(match c {
        '‘' | '’' | '‚' | '‛' | 'ʼ' | 'ʻ' | '′' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '‐' | '‑' | '‒' | '–' | '−' => "-",
        '—' | '―' => " - ",
        '…' => "...",
        '\u{2028}' | '\u{2029}' => " ",
        _ => return None,
    })
}

/// The letter under the accents of a Latin one.
fn base_letter(c: char) -> Option<&'static str> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut first = None;
    decompose_canonical(c, |part| _ = first.get_or_insert(part));
    let at = LETTERS.find(first.filter(|base| *base != c)?)?;
    Some(&LETTERS[at..=at])
}

/// Encodes a text, marks that are unknown being read as plain ones; gives the byte range in `text` of each token.
pub(super) fn encode(vocabulary: &Vocabulary, text: &str, out: &mut Encoding) -> Vec<Range<usize>> {
    vocabulary.encode(text, out);
    let unknown = || out.unknown().flat_map(|(_, range)| text[range].chars());
    if !unknown().any(|c| plain(c).is_some()) {
        return out.sources().collect();
    }
    let lacking: Vec<char> = unknown().filter(|c| plain(*c).is_some()).collect();
    // The text with plain marks, and where in the original each of its bytes comes from.
    let (mut rewritten, mut origin) = (String::with_capacity(text.len()), Vec::with_capacity(text.len() + 1));
    for (at, c) in text.char_indices() {
        let start = rewritten.len();
        match plain(c).filter(|_| lacking.contains(&c)) {
            Some(mark) => rewritten.push_str(mark),
            None => rewritten.push(c),
        }
        let kept = rewritten[start..].starts_with(c);
        origin.extend((start..rewritten.len()).map(|byte| at + if kept { byte - start } else { 0 }));
    }
    origin.push(text.len());
    vocabulary.encode(&rewritten, out);
    // A token that ends within what stands for one mark owns none of it.
    out.sources().map(|s| origin[s.start]..origin[s.end]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_marks_are_read_as_plain_ones_and_ranges_stay_true() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vocabulary/plain.spm");
        let vocabulary = Vocabulary::from_bytes(&std::fs::read(path).unwrap()).unwrap();
        let mut out = Encoding::new();
        let text = "Kata “siap” — 2019–2021 … 漢";
        let sources = encode(&vocabulary, text, &mut out);
        let marks = |c: &char| plain(*c).is_some();
        let left: String =
            out.unknown().flat_map(|(at, _)| text[sources[at].clone()].chars()).filter(marks).collect();
        let mut plainly = Encoding::new();
        vocabulary.encode(text, &mut plainly);
        let lacking: String = plainly.unknown().flat_map(|(_, s)| text[s].chars()).filter(marks).collect();
        assert!(!lacking.is_empty() && left.len() < lacking.len(), "{lacking:?} {left:?}");
        assert_eq!(sources.len(), out.len());
        let mut end = 0;
        for source in &sources {
            assert!(source.start >= end && source.end >= source.start && text.get(source.clone()).is_some());
            end = source.end;
        }
        assert_eq!(end, text.len());
        assert!(out.unknown().any(|(at, _)| text[sources[at].clone()].contains('漢')));
    }

    #[test]
    fn accents_come_off_where_nothing_else_helps() {
        assert_eq!(
            (plain('À'), plain('ǟ'), plain('a'), plain('漢'), plain('—')),
            (Some("A"), Some("a"), None, None, Some(" - "))
        );
    }
}
