//! Signs that a text was read or written in the wrong encoding somewhere on its way.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use crate::Lang;
use crate::script::{Script, script_of};

/// What looks damaged about a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EncodingDamage {
    /// U+FFFD stands where a character could not be read.
    Replacement,
    /// UTF-8 read as Windows-1252 or Latin-1: `Ã©` for `é`, `â€œ` for `“`.
    Mojibake,
    /// A name without its first letter, which was one the encoding had no place for: `avuşoğlu`.
    LostInitial,
}

impl fmt::Display for EncodingDamage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EncodingDamage::Replacement => "a character could not be read",
            EncodingDamage::Mojibake => "UTF-8 was read in another encoding",
            EncodingDamage::LostInitial => "a name has lost its first letter",
        })
    }
}

/// Words of `text` that look damaged by an encoding mistake, as byte ranges in order, with the reason.
///
/// Nothing is repaired: what the word was is for an editor to say. `lang` is the language of the text; a name
/// without its first letter is only looked for where the language has few letters beyond a–z, so that its own
/// words are never taken for one.
pub fn suspect_encoding(text: &str, lang: Lang) -> Vec<(Range<usize>, EncodingDamage)> {
    let mut found = misread(text);
    found.extend(lost_initials(text, lang));
    found.sort_by_key(|f| (f.0.start, f.0.end));
    found
}

/// The byte that Windows-1252 (or Latin-1) shows as `c`, where that is not ASCII.
fn byte_of(c: char) -> Option<u8> {
    const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ";
    match c {
        '\u{80}'..='\u{FF}' => Some(c as u8),
        _ => HIGH.chars().position(|h| h == c).map(|i| 0x80 + i as u8),
    }
}

/// Marks that stand behind an accented letter in sound text too: `café…”`, `AMANHÃ»`.
fn is_typography(c: char) -> bool {
    matches!(
        c,
        '‘' | '’'
            | '“'
            | '”'
            | '„'
            | '‚'
            | '…'
            | '–'
            | '—'
            | '•'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '\u{A0}'
            | '·'
    )
}

/// One UTF-8 character seen as Windows-1252 at the start of `text`: its length in bytes of `text`, what it
/// decodes to, and whether its other bytes could as well be punctuation.
fn misread_char(text: &str) -> Option<(usize, char, bool)> {
    let mut bytes = [0u8; 4];
    let mut chars = text.chars();
    let lead = chars.next()?;
    bytes[0] = byte_of(lead)?;
    let need = match bytes[0] {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let mut len = lead.len_utf8();
    let mut typographic = true;
    for byte in &mut bytes[1..need] {
        let c = chars.next()?;
        *byte = byte_of(c)?;
        typographic &= is_typography(c);
        len += c.len_utf8();
    }
    let decoded = std::str::from_utf8(&bytes[..need]).ok()?.chars().next()?;
    Some((len, decoded, typographic))
}

fn misread(text: &str) -> Vec<(Range<usize>, EncodingDamage)> {
    let mut out: Vec<(Range<usize>, EncodingDamage)> = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while let Some(skip) = text.as_bytes()[at..].iter().position(|b| *b >= 0x80) {
        if skip > 0 {
            before = char::from(text.as_bytes()[at + skip - 1]);
        }
        at += skip;
        let Some(c) = text[at..].chars().next() else { break };
        let (len, damage) = damage_at(&text[at..], c, before, out.last().is_some_and(|l| l.0.end == at));
        if let Some(damage) = damage {
            match out.last_mut() {
                Some(last) if last.0.end == at && last.1 == damage => last.0.end = at + len,
                _ => out.push((at..at + len, damage)),
            }
        }
        before = c;
        at += len;
    }
    for (range, _) in &mut out {
        *range = word_around(text, range.clone());
    }
    out.dedup_by(|next, kept| {
        let same = next.0.start < kept.0.end;
        if same {
            kept.0.end = kept.0.end.max(next.0.end);
        }
        same
    });
    out
}

/// Reads the non-ASCII character `c` that `text` starts with: how many bytes to go on by, and what is wrong.
fn damage_at(text: &str, c: char, before: char, adjacent: bool) -> (usize, Option<EncodingDamage>) {
    if c == '\u{FFFD}' {
        return (c.len_utf8(), Some(EncodingDamage::Replacement));
    }
    // Windows-1252 punctuation read as Latin-1 ends up among the control characters.
    if matches!(c, '\u{80}'..='\u{9F}') && c != '\u{85}' {
        return (c.len_utf8(), Some(EncodingDamage::Mojibake));
    }
    let Some((len, decoded, typographic)) = misread_char(text) else { return (c.len_utf8(), None) };
    let next_too = || {
        let twice = misread_char(&text[len..]);
        twice.is_some_and(|(_, d, _)| script_of(d) == script_of(decoded))
    };
    let damaged = match decoded {
        _ if typographic => adjacent,
        '\u{80}'..='\u{17F}' => !before.is_uppercase() || !text.chars().nth(1).is_some_and(is_typography),
        '\u{2000}'..='\u{22FF}' | '\u{1E00}'..='\u{1EFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{1F000}'.. => true,
        // Other scripts come in rows; one alone is more likely a chance meeting of two signs.
        _ => adjacent || next_too(),
    };
    if damaged { (len, Some(EncodingDamage::Mojibake)) } else { (c.len_utf8(), None) }
}

/// `range` with the rest of the word it stands in.
fn word_around(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = |c: &char| c.is_alphanumeric();
    let left: usize = text[..range.start].chars().rev().take(64).take_while(inside).map(char::len_utf8).sum();
    let right: usize = text[range.end..].chars().take(64).take_while(inside).map(char::len_utf8).sum();
    range.start - left..range.end + right
}

/// Languages in whose text a Latin letter of [`is_telling`] can only be part of a name or a foreign word.
const FEW_LETTERS: [&str; 14] =
    ["id", "ms", "en", "fr", "pt", "es", "it", "nl", "de", "zh", "ja", "ko", "ar", "th"];

/// Letters of Turkish, Slavic, Hungarian and Romanian names that no word of these languages has. Letters used
/// to transcribe Arabic, Chinese or Sanskrit are left out: such words are often written small.
fn is_telling(c: char) -> bool {
    matches!(
        c,
        'ş' | 'ğ'
            | 'ı'
            | 'č'
            | 'š'
            | 'ž'
            | 'ř'
            | 'ů'
            | 'ł'
            | 'ń'
            | 'ś'
            | 'ź'
            | 'ż'
            | 'ą'
            | 'ę'
            | 'ć'
            | 'ő'
            | 'ű'
            | 'ț'
            | 'ș'
            | 'ď'
            | 'ť'
            | 'ň'
            | 'ľ'
            | 'ķ'
            | 'ļ'
            | 'ņ'
            | 'ģ'
            | 'ė'
            | 'į'
            | 'ų'
    )
}

/// How surnames with those letters end: names even where nothing around them is capitalised.
const SURNAME_ENDINGS: [&str; 8] = ["oğlu", "ić", "vič", "ński", "ček", "šek", "ýš", "ğan"];

struct Word<'a> {
    range: Range<usize>,
    text: &'a str,
    certain: bool,
}

fn lost_initials(text: &str, lang: Lang) -> Vec<(Range<usize>, EncodingDamage)> {
    if !FEW_LETTERS.contains(&lang.code()) || !text.contains(is_telling) {
        return Vec::new();
    }
    let candidates = candidates(text);
    // A word that is a name once is the same name wherever it stands.
    let names: HashSet<&str> = candidates.iter().filter(|w| w.certain).map(|w| w.text).collect();
    let kept = candidates.into_iter().filter(|w| names.contains(w.text));
    kept.map(|w| (w.range, EncodingDamage::LostInitial)).collect()
}

/// The words written small that have telling letters.
fn candidates(text: &str) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    let mut capital_before = false;
    let mut at = 0;
    while let Some(skip) = text[at..].find(char::is_alphabetic) {
        let start = at + skip;
        let end = text[start..].find(|c: char| !c.is_alphabetic()).map_or(text.len(), |i| start + i);
        let word = &text[start..end];
        // A capitalised word directly before (`Mevlüt …`), nothing but a space between.
        let capital_before_here = capital_before && &text[at..start] == " ";
        let whole = !text[..start].ends_with(['-', '’', '\'', '.', '@', '/', '_', '#'])
            && !text[end..].starts_with(['@', '/', '_', '-']);
        let small = word.chars().all(char::is_lowercase) && script_of(word_head(word)) == Script::Latin;
        if whole && small && word.chars().count() >= 4 && word.contains(is_telling) {
            let surname = SURNAME_ENDINGS.iter().any(|e| word.ends_with(e));
            out.push(Word { range: start..end, text: word, certain: surname || capital_before_here });
        }
        capital_before = word_head(word).is_uppercase();
        at = end;
    }
    out
}

fn word_head(word: &str) -> char {
    word.chars().next().unwrap_or(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suspects(text: &str, lang: Lang) -> Vec<(&str, EncodingDamage)> {
        suspect_encoding(text, lang).into_iter().map(|(r, why)| (&text[r], why)).collect()
    }

    #[test]
    fn misread_utf8_is_seen_with_its_word() {
        for (text, want) in [
            ("Wali kota SÃ£o Paulo", "SÃ£o"),
            ("JosÃ© menang", "JosÃ©"),
            ("Kata â€œsiapâ€\u{9d} itu", "â€œsiapâ€\u{9d}"),
            ("Ä°stanbul", "Ä°stanbul"),
            ("antara 120â€“160 meter", "120â€“160"),
            ("harga â‚¬5", "â‚¬5"),
            ("Ø§Ù„Ø±Ø¦ÙŠØ³", "Ø§Ù„Ø±Ø¦ÙŠØ³"),
            ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "Ð¿Ñ€Ð¸Ð²ÐµÑ‚"),
            ("emoji ðŸ˜€", "ðŸ˜€"),
            ("it\u{92}s", "it\u{92}s"),
        ] {
            let got = suspects(text, Lang::ID);
            assert!(got.iter().all(|g| g.1 == EncodingDamage::Mojibake), "{text}: {got:?}");
            assert!(got.iter().any(|g| g.0 == want || want.starts_with(g.0)), "{text}: {got:?}");
        }
        assert_eq!(
            suspects("Erdo\u{FFFD}an tiba", Lang::ID),
            [("Erdo\u{FFFD}an", EncodingDamage::Replacement)]
        );
    }

    #[test]
    fn sound_text_is_left_alone() {
        for (lang, text) in [
            (
                Lang::FR,
                "Le café… « À bientôt » dit l’élève : “déjà…” CAFÉ” À LA CARTE… 20 °C, n° 5 — où ça ?",
            ),
            (Lang::PT, "AMANHÃ… a manhã “São Paulo” AMANHÃ” não é só isso; maçã»"),
            (Lang::EN, "The façade of Ångström’s café cost £5 ± 2 — naïve™ §3"),
            (Lang::ID, "Presiden Recep Tayyip Erdoğan dan Mevlüt Çavuşoğlu bertemu di Şanlıurfa."),
            (Lang::ID, "Mereka minum rakı dan makan phở, börek, serta pão de queijo."),
            (Lang::EN, "The word kitāb and the dish nǐ hǎo, al-Şara and İstanbul."),
            (Lang::AR, "قال الرئيس: «نعم»، ثم غادر."),
            (Lang::JA, "「はい。」と述べた。Ça va…"),
            ("tr".parse().unwrap(), "Türkiye Dışişleri Bakanı Mevlüt çavuşoğlu bugün açıkladı."),
        ] {
            assert_eq!(suspects(text, lang), [], "{text}");
        }
    }

    #[test]
    fn names_that_lost_their_first_letter() {
        let text = "Menteri Mevlüt avuşoğlu tiba. Rapat dipimpin oleh avuşoğlu, kata juru bicara.";
        let lost = EncodingDamage::LostInitial;
        assert_eq!(suspects(text, Lang::ID), [("avuşoğlu", lost), ("avuşoğlu", lost)]);
        // Named once with a first name before it, it is a name everywhere.
        let text = "Petenis Petra eliškić kalah. Menurut eliškić, lapangan basah.";
        assert_eq!(suspects(text, Lang::EN).len(), 2);
        let text = "Wali kota Karel apełek hadir; apełek pulang.";
        assert_eq!(suspects(text, Lang::ID).len(), 2);
    }
}
