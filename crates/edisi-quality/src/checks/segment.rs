//! A segment and its translation, cut into words once for all checks.

use std::cell::OnceCell;
use std::ops::Range;

use edisi_text::Lang;
use edisi_text::script::is_dense;

/// A word, or one character of a script that is written without spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Lower case; compared instead of the text.
    pub key: String,
    /// Whether it is a single character of Chinese or Japanese.
    pub dense: bool,
    /// Whether it starts with a capital letter.
    pub capital: bool,
    /// Whether punctuation stands between it and the token before.
    pub after_break: bool,
}

impl Token {
    /// Whether any letter is in it.
    pub(super) fn has_letters(&self) -> bool {
        self.key.chars().any(char::is_alphabetic)
    }
}

/// One side of a segment.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub text: &'a str,
    pub lang: Lang,
    pub tokens: Vec<Token>,
    /// Characters that are not white space.
    pub chars: usize,
    detected: OnceCell<Option<(Lang, f32)>>,
}

impl<'a> Side<'a> {
    fn new(text: &'a str, lang: Lang) -> Side<'a> {
        let chars = text.chars().filter(|c| !c.is_whitespace()).count();
        Side { text, lang, tokens: tokens(text), chars, detected: OnceCell::new() }
    }

    /// The language the text seems to be in and how sure that is, looked for once.
    pub(super) fn detected(&self) -> Option<(Lang, f32)> {
        *self.detected.get_or_init(|| edisi_text::detect(self.text))
    }

    /// How many tokens stand between two ranges of the text.
    pub(super) fn between(&self, a: &Range<usize>, b: &Range<usize>) -> usize {
        let (from, to) = (a.end.min(b.end), a.start.max(b.start));
        self.tokens.iter().filter(|t| from <= t.range.start && t.range.end <= to).count()
    }

    /// Whether there is nothing but white space.
    pub(super) fn is_blank(&self) -> bool {
        self.chars == 0
    }

    /// The whole text without white space around it.
    pub(super) fn range(&self) -> Range<usize> {
        let start = self.text.len() - self.text.trim_start().len();
        start..start + self.text.trim().len()
    }
}

/// A segment and its translation.
#[derive(Debug)]
pub(super) struct Segment<'a> {
    pub source: Side<'a>,
    pub target: Side<'a>,
}

impl<'a> Segment<'a> {
    pub(super) fn new(source: &'a str, translation: &'a str, (from, to): (Lang, Lang)) -> Segment<'a> {
        Segment { source: Side::new(source, from), target: Side::new(translation, to) }
    }
}

/// The words of `text`, and its single Chinese and Japanese characters.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut start = None;
    let mut after_break = false;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let dense = is_dense(c);
        // Marks and joiners belong to the word they stand in.
        let inside = c.is_alphanumeric() || is_mark(c);
        if inside && !dense {
            start.get_or_insert(at);
            continue;
        }
        if let Some(from) = start.take() {
            let word = &text[from..at];
            let capital = word.chars().next().is_some_and(char::is_uppercase);
            out.push(Token { range: from..at, key: word.to_lowercase(), dense: false, capital, after_break });
            after_break = false;
        }
        if dense {
            let range = at..at + c.len_utf8();
            out.push(Token { range, key: c.to_string(), dense: true, capital: false, after_break });
            after_break = false;
        } else if !c.is_whitespace() && !matches!(c, '\'' | '’' | '-' | '·' | '・') {
            after_break = true;
        }
    }
    out
}

/// Combining marks that may stand inside a word: Latin accents, Arabic vowel signs, joiners.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_characters() {
        let keys = |text: &str| tokens(text).into_iter().map(|t| t.key).collect::<Vec<_>>();
        assert_eq!(keys("Anak-anak L'Équipe, 9.900"), ["anak", "anak", "l", "équipe", "9", "900"]);
        assert_eq!(keys("港はOKだ。"), ["港", "は", "ok", "だ"]);
        assert_eq!(keys("قُتل ٣"), ["قُتل", "٣"]);
        assert!(keys(" —… ").is_empty());
    }

    #[test]
    fn breaks_are_seen() {
        let breaks: Vec<bool> = tokens("a b, c-d. (e)").iter().map(|t| t.after_break).collect();
        assert_eq!(breaks, [false, false, true, false, true]);
    }
}
