//! Characters that the vocabulary does not have are copied to where they belong.

use std::ops::Range;

use crate::translation::Translation;

/// Puts every run of unknown characters of `source` that the translation does not have into it, behind the word
/// that was written while the model looked at it.
pub(super) fn copy(source: &str, unknown: impl Iterator<Item = Range<usize>>, translation: &mut Translation) {
    for range in unknown {
        let run = source[range.clone()].trim();
        // A mark that the model did not see is no loss: it set its own.
        let matters = run.chars().any(|c| c.is_alphanumeric() || !c.is_ascii() && !is_mark(c));
        if !matters || translation.text.contains(run) {
            continue;
        }
        let at = place(&range, translation);
        let before =
            at > 0 && !translation.text[..at].ends_with(char::is_whitespace) && spaced(source, range.start);
        let inserted = if before { format!(" {run}") } else { run.to_owned() };
        translation.text.insert_str(at, &inserted);
        for token in &mut translation.tokens {
            // What ends at the place stays in front of it.
            if token.span.start >= at && !(token.span.start == at && token.span.is_empty()) {
                token.span.start += inserted.len();
            }
            if token.span.end > at {
                token.span.end += inserted.len();
            }
        }
    }
}

/// General and CJK punctuation, spaces and invisible signs.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{a1}' | '\u{ab}' | '\u{ad}' | '\u{b7}' | '\u{bb}' | '\u{bf}' | '\u{2000}'..='\u{206f}'
        | '\u{3000}'..='\u{3020}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe10}'..='\u{fe4f}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}')
}

/// Whether white space stands before a byte of the source, or follows directly there.
fn spaced(source: &str, at: usize) -> bool {
    source[..at].ends_with(char::is_whitespace) || source[at..].starts_with(char::is_whitespace)
}

/// The end of the word whose token looked most at a range of the source; the end of the text if none did.
fn place(range: &Range<usize>, translation: &Translation) -> usize {
    let looked = |links: &Range<usize>| {
        translation.links[links.clone()]
            .iter()
            .filter(|l| l.source.start < range.end && range.start < l.source.end)
            .map(|l| l.weight)
            .fold(0.0, f32::max)
    };
    let best = translation
        .tokens
        .iter()
        .enumerate()
        .map(|(at, token)| (at, looked(&token.links)))
        .filter(|(_, weight)| *weight > 0.0)
        .reduce(|a, b| if b.1 > a.1 { b } else { a });
    let Some((best, _)) = best else { return translation.text.len() };
    let next = translation.tokens[best + 1..].iter().find(|t| t.begins_word);
    next.map_or(translation.text.len(), |t| t.span.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translation::{Link, Token};

    fn translation(words: &[(&str, Range<usize>)]) -> Translation {
        let mut t = Translation::empty();
        for (at, (word, source)) in words.iter().enumerate() {
            let start = t.text.len();
            if at > 0 {
                t.text.push(' ');
            }
            t.text.push_str(word);
            t.links.push(Link { source: source.clone(), weight: 0.9 });
            t.tokens.push(Token {
                span: start..t.text.len(),
                logprob: -0.1,
                margin: 1.0,
                begins_word: true,
                links: at..at + 1,
            });
        }
        t
    }

    #[test]
    fn goes_behind_the_word_that_looked_at_it() {
        let source = "Juara 🏆 dunia";
        let mut t = translation(&[("World", 11..16), ("champion", 0..10)]);
        copy(source, std::iter::once(5..10), &mut t);
        assert_eq!(t.text, "World champion 🏆");
        let mut t = translation(&[("Champion", 0..10), ("dunia", 11..16)]);
        copy(source, std::iter::once(5..10), &mut t);
        assert_eq!(t.text, "Champion 🏆 dunia");
        assert_eq!(&t.text[t.tokens[1].span.clone()], " dunia");
        assert_eq!(&t.text[t.tokens[0].span.clone()], "Champion");
    }

    #[test]
    fn what_is_there_is_not_repeated_and_what_nobody_looked_at_ends_up_last() {
        let mut t = translation(&[("Champion", 0..5)]);
        copy("Juara 🏆", std::iter::once(5..10), &mut t);
        assert_eq!(t.text, "Champion 🏆");
        copy("Juara 🏆", std::iter::once(5..10), &mut t);
        assert_eq!(t.text, "Champion 🏆");
    }
}
