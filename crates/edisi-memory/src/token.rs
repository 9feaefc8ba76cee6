//! What a sentence is to the memory: words, numbers and names.

use std::ops::Range;

use edisi_text::name::{Cue, names};
use edisi_text::{Lang, NumberKind, numbers};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A word; a character where words are written without spaces.
    Word = 0,
    Number = 1,
    Name = 2,
}

/// A token as 64 bits: its class above 32 bits of a hash of its text. Two tokens are taken to be equal when these
/// are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Token(pub u64);

impl Token {
    fn new(class: Class, text: &str) -> Token {
        // FNV-1a, folded: it is written to disk and must be the same on every machine.
        let hash = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        Token((class as u64) << 32 | (hash ^ hash >> 32) & 0xffff_ffff)
    }

    /// Whether both are numbers, or both names: a translation differs by that alone.
    pub fn is_akin(self, other: Token) -> bool {
        self.0 >> 32 == other.0 >> 32 && self.0 >> 32 != Class::Word as u64
    }
}

/// A sentence taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tokens {
    /// In order; a number or a name of several words is one token.
    pub list: Vec<Token>,
    /// Words to look it up by: those of the names too, pairs of characters where there are no spaces, no numbers.
    pub terms: Vec<String>,
}

/// Takes a [plain](crate::unit::plain) text apart.
pub(crate) fn tokens(text: &str, lang: Lang) -> Tokens {
    let mut out = Tokens::default();
    let mut run = Run::default();
    let mut at = 0;
    for (range, class) in spans(text, lang) {
        words(&text[at..range.start], lang, &mut out, &mut run);
        run.end(&mut out.terms);
        let inside = &text[range.clone()];
        out.list.push(Token::new(class, &lower(inside)));
        if class == Class::Name {
            // The words of a name are what finds it; the token that stands for them is already there.
            let mut parts = Tokens::default();
            words(inside, lang, &mut parts, &mut run);
            run.end(&mut parts.terms);
            out.terms.append(&mut parts.terms);
        }
        at = range.end;
    }
    words(&text[at..], lang, &mut out, &mut run);
    run.end(&mut out.terms);
    out
}

/// Numbers and names, in order and without overlaps; where both claim a place, the name has it.
fn spans(text: &str, lang: Lang) -> Vec<(Range<usize>, Class)> {
    // A capital at the beginning of a sentence, or a script, says little.
    let named = names(text, lang).into_iter().filter(|n| n.cue > Cue::Weak || lang.is_unspaced());
    let named = named.map(|n| (n.range, Class::Name));
    let counted = numbers(text, lang)
        .into_iter()
        .filter(|n| !n.is_word_small && !matches!(n.kind, NumberKind::Loose | NumberKind::Name))
        .map(|n| (n.span, Class::Number));
    let mut out: Vec<(Range<usize>, Class)> = Vec::new();
    for (range, class) in named.chain(counted) {
        if out.iter().all(|(taken, _)| taken.end <= range.start || range.end <= taken.start) {
            out.push((range, class));
        }
    }
    out.sort_by_key(|(range, _)| range.start);
    out
}

/// Characters that stand beside each other, which make pairs.
#[derive(Default)]
struct Run {
    before: Option<char>,
    pairs: usize,
}

impl Run {
    fn push(&mut self, c: char, terms: &mut Vec<String>) {
        if let Some(before) = self.before.replace(c) {
            terms.push(String::from_iter([before, c]));
            self.pairs += 1;
        }
    }

    /// A character alone is a term of its own.
    fn end(&mut self, terms: &mut Vec<String>) {
        if let Some(c) = self.before.take().filter(|_| self.pairs == 0) {
            terms.push(c.to_string());
        }
        self.pairs = 0;
    }
}

fn words(text: &str, lang: Lang, out: &mut Tokens, run: &mut Run) {
    let dense = |c: char| lang.is_unspaced() && c.is_alphanumeric() && !c.is_ascii();
    let mut word = String::new();
    let close = |word: &mut String, out: &mut Tokens| {
        if !word.is_empty() {
            let word = lower(&std::mem::take(word));
            out.list.push(Token::new(Class::Word, &word));
            out.terms.push(word);
        }
    };
    for c in text.chars().filter(|c| !is_unwritten(*c)) {
        if dense(c) {
            close(&mut word, out);
            out.list.push(Token::new(Class::Word, c.encode_utf8(&mut [0; 4])));
            run.push(c, &mut out.terms);
            continue;
        }
        run.end(&mut out.terms);
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            close(&mut word, out);
        }
    }
    close(&mut word, out);
}

/// Vowel signs and the stretching line of Arabic, which are written or not.
fn is_unwritten(c: char) -> bool {
    matches!(c, '\u{640}' | '\u{64b}'..='\u{652}' | '\u{670}')
}

fn lower(text: &str) -> String {
    text.chars().filter(|c| !is_unwritten(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_and_names_are_tokens_of_their_own() {
        let of = |text: &str, lang| tokens(text, lang);
        let a = of("Sebanyak 1.250 warga dievakuasi, kata Presiden Prabowo Subianto.", Lang::ID);
        let b = of("Sebanyak 300 warga dievakuasi, kata Presiden Joko Widodo.", Lang::ID);
        assert_eq!(a.list.len(), b.list.len());
        let different: Vec<usize> = (0..a.list.len()).filter(|&i| a.list[i] != b.list[i]).collect();
        assert_eq!(different.len(), 2, "{a:?} {b:?}");
        assert!(different.iter().all(|&i| a.list[i].is_akin(b.list[i])));
        assert!(a.terms.contains(&"prabowo".to_owned()) && !a.terms.iter().any(|t| t.contains("1250")));
        assert!(!a.list[0].is_akin(b.list[1]));
    }

    #[test]
    fn unspaced_texts_are_found_by_pairs_of_characters() {
        let of = |text: &str| tokens(text, Lang::ZH);
        assert_eq!(of("大米涨价").terms, ["大米", "米涨", "涨价"]);
        assert_eq!(of("大米涨价").list.len(), 4);
        assert_eq!(of("买，米").terms, ["买", "米"]);
        assert_eq!(of("买GPU卡").terms, ["买", "gpu", "卡"]);
    }

    proptest! {
        #[test]
        fn any_text_can_be_taken_apart(
            text in "[A-Za-z0-9 .,/()（）、。a-zé加纳中国印尼ジオフィルタVPNプロال٣٥ -]{0,60}",
            lang in prop::sample::select(Lang::EDITIONS.to_vec()),
        ) {
            let text = crate::unit::plain(&text);
            let parts = tokens(&text, lang);
            prop_assert!(parts.terms.iter().all(|t| !t.is_empty() && !t.contains(char::is_whitespace)));
            prop_assert_eq!(parts.list.is_empty(), !text.contains(char::is_alphanumeric));
        }
    }

    #[test]
    fn case_punctuation_and_vowel_signs_do_not_count() {
        let list = |text: &str, lang| tokens(text, lang).list;
        assert_eq!(list("Harga naik, katanya.", Lang::ID), list("harga NAIK katanya", Lang::ID));
        assert_eq!(list("كَتَبَ الخبر", Lang::AR), list("كتب الخبر", Lang::AR));
    }
}
