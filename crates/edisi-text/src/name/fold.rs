//! Letters as they are compared: without case, accents, vowel signs or spelling variants.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::han;

/// The word in the letters `a` to `z`; letters of other alphabets are left out.
pub(super) fn latin(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    if word.is_ascii() {
        out.extend(word.bytes().filter(u8::is_ascii_alphabetic).map(|b| b.to_ascii_lowercase() as char));
        return out;
    }
    for c in word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'a'..='z' => out.push(c),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'ə' => out.push('a'),
            'þ' => out.push_str("th"),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            _ => {}
        }
    }
    out
}

/// The word without vowel signs, with one form for each letter.
pub(super) fn arabic(word: &str) -> String {
    word.chars().filter_map(arabic_letter).collect()
}

fn arabic_letter(c: char) -> Option<char> {
    Some(match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ئ' | 'ی' => 'ي',
        'ة' => 'ه',
        'ؤ' => 'و',
        'ڤ' => 'ف',
        'چ' => 'ج',
        'پ' => 'ب',
        'گ' | 'ک' => 'ك',
        'ا'..='غ' | 'ف'..='ي' => c,
        _ => return None,
    })
}

/// Whether `c` belongs to an Arabic word, its vowel signs and lengthening stroke included.
pub(super) fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{65f}' | '\u{670}'..='\u{6d3}')
}

/// The character in its simplified form, the one both Chinese and Japanese texts are compared in.
pub(super) fn han_char(c: char) -> char {
    han::CHARACTERS.get(&c).map_or(c, |h| h.simple)
}

/// Whether `c` is katakana or the stroke that lengthens it.
pub(super) fn is_kana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー')
}

/// Whether `c` is a Han character.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '々')
}
