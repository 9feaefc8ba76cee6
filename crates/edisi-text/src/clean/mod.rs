//! White space that varies, characters nobody sees, and letters an encoding mistake has damaged.

mod damage;

pub use damage::{EncodingDamage, suspect_encoding};

use crate::script::{Script, script_of};

/// `text` with every run of white space (of any kind, no-break spaces and line breaks too) as one space, none
/// at either end, and without characters that nobody sees: soft hyphens, zero-width spaces, byte order marks,
/// control characters. Joiners (U+200C, U+200D) stay where they change what is seen: between letters of
/// Arabic and Indic scripts and inside emoji. Direction marks stay.
pub fn collapse_whitespace(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pending = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            pending = true;
            continue;
        }
        let seen = match c {
            '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{180E}' => false,
            '\u{200C}' | '\u{200D}' => !pending && joins(out.chars().next_back(), chars.peek().copied()),
            c => !c.is_control(),
        };
        if !seen {
            continue;
        }
        if pending && !out.is_empty() {
            out.push(' ');
        }
        pending = false;
        out.push(c);
    }
    out
}

/// Whether a joiner between `before` and `behind` changes what is seen.
fn joins(before: Option<char>, behind: Option<char>) -> bool {
    let (Some(before), Some(behind)) = (before, behind) else { return false };
    let emoji = |c: char| matches!(c, '\u{FE0F}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}');
    let shaped = |c: char| {
        c.is_alphabetic()
            && !matches!(
                script_of(c),
                Script::Latin
                    | Script::Cyrillic
                    | Script::Greek
                    | Script::Han
                    | Script::Hiragana
                    | Script::Katakana
            )
            || script_of(c) == Script::Inherited
            || (c as u32 >= 0x0900 && (c as u32) < 0x0E00)
    };
    (emoji(before) && emoji(behind)) || (shaped(before) && shaped(behind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn white_space_and_unseen_characters() {
        for (given, want) in [
            ("  Warga\u{A0}\u{A0}mengungsi \n\t ke\u{3000}bukit. ", "Warga mengungsi ke bukit."),
            ("mem\u{AD}per\u{AD}oleh\u{200B}", "memperoleh"),
            ("\u{FEFF}Judul", "Judul"),
            ("a\u{200D}b\u{200C}c", "abc"),
            ("می\u{200C}شود", "می\u{200C}شود"),
            ("क्\u{200D}ष", "क्\u{200D}ष"),
            ("👩\u{200D}🚀 ok", "👩\u{200D}🚀 ok"),
            ("a\u{200B} \u{200B}b", "a b"),
            ("a\u{0}b\u{7}", "ab"),
            ("\u{200F}مرحبا\u{200F}", "\u{200F}مرحبا\u{200F}"),
            ("", ""),
            (" \u{2028} ", ""),
        ] {
            assert_eq!(collapse_whitespace(given), want, "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn once_is_enough(text in ".{0,80}") {
            let once = collapse_whitespace(&text);
            prop_assert_eq!(&collapse_whitespace(&once), &once);
            prop_assert!(!once.contains("  ") && once.trim() == once);
        }
    }
}
