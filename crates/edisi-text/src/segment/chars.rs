//! The characters that end, open and close things.

/// A mark that may end a sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stop {
    /// `.`: also ends abbreviations, and stands inside numbers and names.
    Dot,
    /// `…`: a pause as often as an end.
    Ellipsis,
    /// `!`, `?` and their relatives, used with a space after them.
    Strong,
    /// Ends a sentence with no space after it.
    Wide,
    /// U+2029: ends a paragraph wherever it stands.
    Paragraph,
}

/// The stop that `c` is.
pub(super) fn stop(c: char) -> Option<Stop> {
    Some(match c {
        '.' => Stop::Dot,
        '…' | '‥' => Stop::Ellipsis,
        '!' | '?' | '‼' | '⁇' | '⁈' | '⁉' | '؟' | '։' => Stop::Strong,
        '。' | '．' | '｡' | '！' | '？' | '۔' | '।' | '॥' | '።' | '፧' | '។' | '།' | '။' => {
            Stop::Wide
        }
        '\u{2029}' => Stop::Paragraph,
        _ => return None,
    })
}

/// First bytes of all the stops, so that the scanner skips everything else without decoding it.
const STOP_LEADS: [bool; 256] = {
    let mut t = [false; 256];
    // . ! ?  ·  ؟ ۔ ։  ·  । ॥ །  ·  ። ។ ။  ·  … ‥ ‼ ⁇ U+2029  ·  。  ·  ！？．｡
    let leads = [b'.', b'!', b'?', 0xD8, 0xDB, 0xD6, 0xE0, 0xE1, 0xE2, 0xE3, 0xEF];
    let mut i = 0;
    while i < leads.len() {
        t[leads[i] as usize] = true;
        i += 1;
    }
    t
};

/// The first stop at or after byte `from`: its position, its length in bytes and what it is.
pub(super) fn next_stop(text: &str, from: usize) -> Option<(usize, Stop)> {
    let bytes = text.as_bytes();
    let mut i = from;
    loop {
        i += bytes[i..].iter().position(|b| STOP_LEADS[*b as usize])?;
        let c = text[i..].chars().next()?;
        if let Some(s) = stop(c) {
            return Some((i, s));
        }
        i += c.len_utf8();
    }
}

/// Closing quotes and brackets that cannot be anything else.
pub(super) fn is_closer(c: char) -> bool {
    matches!(
        c,
        '”' | '»'
            | '›'
            | ')'
            | ']'
            | '}'
            | '」'
            | '』'
            | '）'
            | '】'
            | '》'
            | '〉'
            | '〕'
            | '｣'
            | '＂'
            | '〟'
            | '﴾'
    )
}

/// Quotation marks that open in one place and close in another.
pub(super) fn is_either_way(c: char) -> bool {
    matches!(c, '"' | '\'' | '’' | '“' | '‘' | '*' | '«')
}

/// Closing marks of quotations (brackets are no quotations).
pub(super) fn is_quote_closer(c: char) -> bool {
    matches!(c, '”' | '»' | '›' | '"' | '\'' | '’' | '“' | '‘' | '」' | '』' | '｣')
}

/// Marks that may stand before the first word of a sentence.
pub(super) fn is_opener(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '“'
            | '”'
            | '‘'
            | '’'
            | '«'
            | '‹'
            | '»'
            | '„'
            | '‚'
            | '('
            | '['
            | '{'
            | '「'
            | '『'
            | '（'
            | '【'
            | '《'
            | '〈'
            | '〔'
            | '｢'
            | '¿'
            | '¡'
            | '-'
            | '–'
            | '—'
            | '•'
            | '·'
            | '*'
            | '#'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
    )
}

/// Punctuation that a sentence never starts with: it goes on.
pub(super) fn continues(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '،' | '؛' | '，' | '、' | '；' | '：' | '%' | '/' | '٬')
}

/// Written without spaces between words: Han, kana, and their punctuation.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A hiragana letter.
pub(super) fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309F}')
}

/// A letter of the Arabic script.
pub(super) fn is_arabic_letter(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{064A}' | '\u{0671}'..='\u{06D3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stop_is_found_by_its_first_byte() {
        for c in '\0'..='\u{FFFF}' {
            if let Some(s) = stop(c) {
                let text = format!("ab{c}cd");
                assert_eq!(next_stop(&text, 0), Some((2, s)), "{c:?}");
            }
        }
    }
}
