//! Which scripts a text is written in.

use std::collections::BTreeMap;

use unicode_script::UnicodeScript;

pub use unicode_script::Script;

use crate::Lang;

/// How many characters of each script a text has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptCounts {
    counts: BTreeMap<&'static str, (Script, usize)>,
    letters: usize,
}

impl ScriptCounts {
    /// Characters of `script` in the text. Digits, spaces and punctuation are [`Script::Common`].
    pub fn get(&self, script: Script) -> usize {
        self.counts.get(script.short_name()).map_or(0, |c| c.1)
    }

    /// Letters of any script (characters with the Unicode property Alphabetic).
    pub fn letters(&self) -> usize {
        self.letters
    }

    /// The scripts of the text and their characters, in the order of the scripts' four-letter codes.
    pub fn iter(&self) -> impl Iterator<Item = (Script, usize)> {
        self.counts.values().copied()
    }

    /// Characters that belong to any of `scripts`.
    pub fn of(&self, scripts: &[Script]) -> usize {
        scripts.iter().map(|s| self.get(*s)).sum()
    }
}

/// The script of `c`. The marks kana words are written with (`ー`) count as katakana.
pub fn script_of(c: char) -> Script {
    match c {
        'ー' | 'ｰ' => Script::Katakana,
        'A'..='Z' | 'a'..='z' => Script::Latin,
        '\0'..='\u{7F}' => Script::Common,
        _ => c.script(),
    }
}

/// Whether `c` is Han or kana: a word or syllable in one character, set without spaces.
///
/// ```
/// use edisi_text::script::is_dense;
///
/// assert!("漢字かなカナー".chars().all(is_dense));
/// assert!(!"A1。한글".chars().any(is_dense));
/// ```
pub fn is_dense(c: char) -> bool {
    c > '\u{2e7f}' && matches!(script_of(c), Script::Han | Script::Hiragana | Script::Katakana)
}

/// Counts the characters of `text` by script. Marks that take the script of the letter before them
/// (combining accents) are [`Script::Inherited`].
pub fn script_counts(text: &str) -> ScriptCounts {
    let mut out = ScriptCounts::default();
    for c in text.chars() {
        let script = script_of(c);
        out.counts.entry(script.short_name()).or_insert((script, 0)).1 += 1;
        if c.is_alphabetic() {
            out.letters += 1;
        }
    }
    out
}

/// The scripts `lang` is written in; Latin for languages not known here.
pub fn expected_scripts(lang: Lang) -> &'static [Script] {
    match lang.code() {
        "zh" | "yue" => &[Script::Han, Script::Bopomofo],
        "ja" => &[Script::Han, Script::Hiragana, Script::Katakana],
        "ko" => &[Script::Hangul, Script::Han],
        "ar" | "fa" | "ur" | "ps" | "sd" | "ug" | "ckb" => &[Script::Arabic],
        "ru" | "uk" | "be" | "bg" | "mk" | "kk" | "ky" | "tg" | "mn" => &[Script::Cyrillic],
        "sr" => &[Script::Cyrillic, Script::Latin],
        "el" => &[Script::Greek],
        "he" | "yi" => &[Script::Hebrew],
        "hi" | "mr" | "ne" => &[Script::Devanagari],
        "bn" => &[Script::Bengali],
        "th" => &[Script::Thai],
        "lo" => &[Script::Lao],
        "km" => &[Script::Khmer],
        "my" => &[Script::Myanmar],
        "ka" => &[Script::Georgian],
        "hy" => &[Script::Armenian],
        "am" | "ti" => &[Script::Ethiopic],
        "ta" => &[Script::Tamil],
        "te" => &[Script::Telugu],
        "kn" => &[Script::Kannada],
        "ml" => &[Script::Malayalam],
        "gu" => &[Script::Gujarati],
        "pa" => &[Script::Gurmukhi],
        "or" => &[Script::Oriya],
        "si" => &[Script::Sinhala],
        "dv" => &[Script::Thaana],
        _ => &[Script::Latin],
    }
}

/// The share (0–1) of the letters of `text` that are written in a script of `lang`; 1 for a text without
/// letters, since none of them is out of place.
///
/// Names and brands keep their own script in good translations: expect less than 1 in Chinese, Japanese and
/// Arabic, and judge whole sentences, not words.
pub fn script_share(text: &str, lang: Lang) -> f32 {
    let expected = expected_scripts(lang);
    let (mut letters, mut own) = (0usize, 0usize);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        let script = script_of(c);
        if matches!(script, Script::Common | Script::Inherited) {
            continue;
        }
        letters += 1;
        own += usize::from(expected.contains(&script));
    }
    if letters == 0 { 1.0 } else { own as f32 / letters as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_by_script() {
        let counts = script_counts("JAS 39Cグリペンは午前9時、ソウル・سيول");
        assert_eq!(counts.get(Script::Latin), 4);
        assert_eq!(counts.get(Script::Katakana), 7);
        assert_eq!(counts.get(Script::Hiragana), 1);
        assert_eq!(counts.get(Script::Han), 3);
        assert_eq!(counts.get(Script::Arabic), 4);
        assert_eq!(counts.letters(), 19);
        assert_eq!(counts.iter().map(|c| c.1).sum::<usize>(), 25);
    }

    #[test]
    fn every_edition_language_is_written_in_its_own_script() {
        for (lang, text) in [
            (Lang::ID, "Warga mengungsi, 12 rumah rusak."),
            (Lang::EN, "Residents fled."),
            (Lang::FR, "Les élèves ont été évacués à l’aube."),
            (Lang::ZH, "居民撤离。"),
            (Lang::JA, "住民はシェルターへ避難した。"),
            (Lang::AR, "فرّ السكان من منازلهم."),
        ] {
            assert_eq!(script_share(text, lang), 1.0, "{lang}");
            for other in Lang::EDITIONS {
                let same = expected_scripts(other).iter().any(|s| expected_scripts(lang).contains(s));
                assert!(same || script_share(text, other) == 0.0, "{lang} as {other}");
            }
        }
        assert_eq!(script_share("12:30 – 45 %", Lang::JA), 1.0);
        assert_eq!(script_share("東京 abc", Lang::ZH), 0.4);
    }
}
