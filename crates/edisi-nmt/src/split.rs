//! Cuts a text that is too long for the model into parts that are not.

use std::ops::Range;

/// Ranges of `text`, at most `limit` tokens each, in order; what is between them is space. `tokens` are the byte
/// ranges of the text's tokens, ascending.
///
/// Cuts after the last sentence that fits, else after the last clause mark, else at the last space, else
/// between tokens.
pub(crate) fn split(text: &str, tokens: &[Range<usize>], limit: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut first = 0;
    while first < tokens.len() {
        let start = tokens[first].start;
        let end = if tokens.len() - first <= limit {
            text.len()
        } else {
            // The token after the last that fits begins behind everything that may be in the part.
            cut(text, start, tokens[first + limit].start)
        };
        let trimmed = text[start..end].trim();
        if !trimmed.is_empty() {
            let from = start + (text[start..end].len() - text[start..end].trim_start().len());
            parts.push(from..from + trimmed.len());
        }
        let next = tokens[first..].iter().position(|t| t.start >= end).map_or(tokens.len(), |n| first + n);
        first = next.max(first + 1);
    }
    parts
}

/// Where to end a part that begins at `start` and must end by `latest`.
fn cut(text: &str, start: usize, latest: usize) -> usize {
    let part = &text[start..latest];
    // A part should not be a scrap: what would cut off less than a quarter is passed over.
    let worth = |at: &usize| *at * 4 >= part.len();
    let after = |marks: &[char]| {
        part.char_indices()
            .filter(|(_, c)| marks.contains(c))
            .map(|(at, c)| at + c.len_utf8())
            .filter(|&at| {
                // A mark inside a number or an abbreviation has no space behind it; CJK marks need none.
                let wide = part[..at].chars().next_back().is_some_and(|c| c >= '\u{3000}');
                wide || part[at..].starts_with(char::is_whitespace)
            })
            .rfind(worth)
    };
    let space = || part.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).rfind(worth);
    let sentence = ['.', '!', '?', '…', '\n', '。', '！', '？', '؟'];
    let clause = [';', ':', ',', '—', '；', '：', '，', '、', '؛', '،'];
    after(&sentence).or_else(|| after(&clause)).or_else(space).map_or(latest, |at| start + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One token a word.
    fn words(text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        for word in text.split(' ') {
            if !word.is_empty() {
                found.push(at..at + word.len());
            }
            at += word.len() + 1;
        }
        found
    }

    fn parts(text: &str, limit: usize) -> Vec<&str> {
        split(text, &words(text), limit).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn prefers_sentences_to_clauses_to_spaces() {
        assert_eq!(parts("One two. Three four, five six.", 5), ["One two.", "Three four, five six."]);
        assert_eq!(parts("One two, three four five.", 4), ["One two,", "three four five."]);
        assert_eq!(parts("one two three four five", 2), ["one two", "three four", "five"]);
        assert_eq!(parts("Kurs 14.500 rupiah naik. Ya.", 5), ["Kurs 14.500 rupiah naik. Ya."]);
        assert_eq!(parts("", 5), Vec::<&str>::new());
    }

    #[test]
    fn text_without_spaces_is_cut_between_tokens() {
        let text = "東京で地震があった";
        let tokens: Vec<_> = text.char_indices().map(|(at, c)| at..at + c.len_utf8()).collect();
        let got: Vec<&str> = split(text, &tokens, 4).into_iter().map(|r| &text[r]).collect();
        assert_eq!(got, ["東京で地", "震があっ", "た"]);
    }

    proptest! {
        #[test]
        fn nothing_but_space_is_lost(text in "[a-c.,; \u{3002}é]{0,80}", limit in 1usize..8) {
            let tokens: Vec<_> = text
                .char_indices()
                .filter(|(_, c)| !c.is_whitespace())
                .map(|(at, c)| at..at + c.len_utf8())
                .collect();
            let ranges = split(&text, &tokens, limit);
            let mut end = 0;
            for range in &ranges {
                prop_assert!(text[end..range.start].trim().is_empty());
                let held = tokens.iter().filter(|t| range.contains(&t.start)).count();
                prop_assert!(held >= 1 && held <= limit, "{held} tokens");
                end = range.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }
    }
}
