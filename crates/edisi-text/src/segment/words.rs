//! Looking at the words around a stop.

use super::chars;

/// The first character of `word`; a space for none.
pub(super) fn word_head(word: &str) -> char {
    word.chars().next().unwrap_or(' ')
}

/// The first run of letters and digits of `text` behind any opening marks.
pub(super) fn first_word(text: &str) -> &str {
    let mut start = 0;
    for (i, c) in text.char_indices().take(8) {
        start = i;
        if !chars::is_opener(c) && !c.is_whitespace() {
            break;
        }
    }
    leading_word(&text[start..])
}

/// The run of letters and digits `text` starts with, cut short when longer than any word of the lists.
pub(super) fn leading_word(text: &str) -> &str {
    let end = text.char_indices().enumerate().find(|(n, (_, c))| *n == 32 || !c.is_alphanumeric());
    &text[..end.map_or(text.len(), |(_, (i, _))| i)]
}

/// Whether `word` starts with a small letter and is not spelt like `iPhone`.
pub(super) fn starts_small(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_lowercase) && !chars.next().is_some_and(char::is_uppercase)
}

/// Whether `word` could be a Roman numeral.
pub(super) fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.len() <= 5 && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
}

/// `J`, `J.K`, `S.H`, `Ph.D`, `M.-C`, `د`, `أ.د`: short pieces, each of which could be an initial.
pub(super) fn is_initials(token: &str) -> bool {
    let mut pieces = token.split(['.', '-']).filter(|p| !p.is_empty()).peekable();
    let single = |p: &str| p.chars().count() == 1;
    let several = token.contains('.');
    pieces.peek().is_some()
        && pieces.enumerate().all(|(i, p)| {
            let head = word_head(p);
            if chars::is_arabic_letter(head) {
                return single(p);
            }
            let longest = if i > 0 || p.len() == 2 { 3 } else { 1 };
            head.is_uppercase() && (single(p) || (several && p.chars().count() <= longest))
        })
}
