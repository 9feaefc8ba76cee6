//! Which language a text is in.
//!
//! The script decides where it can. Among languages in Latin letters the trigrams of `whatlang` and the
//! frequent words of `data/detect/<lang>.txt` vote together; Malay, which trigrams cannot tell from
//! Indonesian, is told by the words only one of the two has, and Indonesian where there is none.

mod han;
mod words;

use whatlang::{Detector, Lang as Guess};

use crate::Lang;
use crate::script::{Script, ScriptCounts, script_counts};
use words::{LATIN, Latin};

/// Bytes of a text that are looked at: an article's first pages say enough.
const ENOUGH: usize = 8_000;

/// Languages whose words are not listed but that trigrams recognise, by `whatlang`'s three-letter codes.
#[rustfmt::skip]
const OTHERS: &[(Guess, &str)] = &[
    (Guess::Epo, "eo"), (Guess::Pol, "pl"), (Guess::Jav, "jv"), (Guess::Nob, "nb"), (Guess::Dan, "da"),
    (Guess::Swe, "sv"), (Guess::Fin, "fi"), (Guess::Hun, "hu"), (Guess::Ces, "cs"), (Guess::Ron, "ro"),
    (Guess::Slv, "sl"), (Guess::Hrv, "hr"), (Guess::Lit, "lt"), (Guess::Lav, "lv"), (Guess::Est, "et"),
    (Guess::Uzb, "uz"), (Guess::Aze, "az"), (Guess::Tuk, "tk"), (Guess::Zul, "zu"), (Guess::Sna, "sn"),
    (Guess::Afr, "af"), (Guess::Slk, "sk"), (Guess::Cat, "ca"), (Guess::Tgl, "tl"), (Guess::Cym, "cy"),
    (Guess::Rus, "ru"), (Guess::Ukr, "uk"), (Guess::Bel, "be"), (Guess::Bul, "bg"), (Guess::Srp, "sr"),
    (Guess::Mkd, "mk"), (Guess::Heb, "he"), (Guess::Yid, "yi"), (Guess::Hin, "hi"), (Guess::Mar, "mr"),
    (Guess::Nep, "ne"), (Guess::Ben, "bn"), (Guess::Kat, "ka"), (Guess::Amh, "am"), (Guess::Ell, "el"),
    (Guess::Kan, "kn"), (Guess::Tam, "ta"), (Guess::Tel, "te"), (Guess::Guj, "gu"), (Guess::Pan, "pa"),
    (Guess::Mal, "ml"), (Guess::Ori, "or"), (Guess::Mya, "my"), (Guess::Sin, "si"), (Guess::Khm, "km"),
    (Guess::Hye, "hy"),
];

/// The language of `text` and how sure that is (0–1), or `None` for a text without letters.
///
/// Confidence is the margin of the best over the second best: above 0.5 it is dependable, near 0 the text is
/// too short or mixed. A text in several languages gets the one most of it is in. Only the first 8,000 bytes
/// are looked at.
pub fn detect(text: &str) -> Option<(Lang, f32)> {
    let text = &text[..text.floor_char_boundary(ENOUGH)];
    let counts = script_counts(text);
    // One ideograph or syllable says about as much as three letters.
    let dense = 3 * counts.of(&[Script::Han, Script::Hiragana, Script::Katakana, Script::Hangul]);
    let latin = counts.get(Script::Latin);
    let arabic = counts.get(Script::Arabic);
    let other = counts.letters().saturating_sub(latin + arabic + dense / 3);
    let most = dense.max(latin).max(arabic).max(other);
    if most == 0 {
        return None;
    }
    let share = most as f32 / (dense + latin + arabic + other) as f32;
    let (lang, sure) = if most == dense {
        dense_script(text, &counts)
    } else if most == arabic {
        arabic_script(text, arabic)
    } else if most == latin {
        latin_script(text)
    } else {
        other_script(text, &counts)?
    };
    Some((lang, sure * share))
}

fn dense_script(text: &str, counts: &ScriptCounts) -> (Lang, f32) {
    let kana = counts.of(&[Script::Hiragana, Script::Katakana]);
    let (han, hangul) = (counts.get(Script::Han), counts.get(Script::Hangul));
    if hangul > kana + han {
        return (tag("ko"), 1.0);
    }
    if kana * 10 >= han {
        return (Lang::JA, (kana as f32 * 4.0 / (kana + han) as f32).min(1.0));
    }
    han::told_apart(text)
}

/// Arabic, unless letters only Persian or Urdu has are frequent.
fn arabic_script(text: &str, letters: usize) -> (Lang, f32) {
    let count = |set: &[char]| text.chars().filter(|c| set.contains(c)).count();
    let urdu = count(&['ٹ', 'ڈ', 'ڑ', 'ے', 'ہ', 'ں']);
    let persian = count(&['پ', 'چ', 'ژ', 'گ', 'ک', 'ی']);
    let share = |n: usize| n as f32 / letters as f32;
    if share(urdu) > 0.03 {
        return (tag("ur"), 0.9);
    }
    if share(persian) > 0.04 {
        return (tag("fa"), 0.9);
    }
    (Lang::AR, 1.0 - 10.0 * share(persian + urdu))
}

fn latin_script(text: &str) -> (Lang, f32) {
    let guess = Detector::with_allowlist(LATIN.iter().filter_map(|l| l.guess).collect()).detect(text);
    let (found, tokens) = words::score(text);
    let mut scores: Vec<(&Latin, f32)> = LATIN
        .iter()
        .zip(found)
        .map(|(l, hits)| {
            let words = hits / (tokens.max(1) as f32);
            let voted = guess.as_ref().filter(|g| Some(g.lang()) == l.guess);
            // A trigram vote weighs as much as a sixth of the words, a sure one twice that.
            let trigrams = voted.map_or(0.0, |g| 0.15 + 0.15 * g.confidence() as f32);
            (l, words + trigrams)
        })
        .collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (best, first) = scores[0];
    let second = scores[1].1;
    // A handful of words is never much of a proof.
    let length = tokens as f32 / (tokens as f32 + 4.0);
    let sure = length * (first - second) / (first + second + f32::EPSILON);
    if first < 0.35
        && let Some(any) = whatlang::detect(text).filter(|g| g.is_reliable() && Some(g.lang()) != best.guess)
        && let Some((_, code)) = OTHERS.iter().find(|(g, _)| *g == any.lang())
    {
        return (tag(code), any.confidence() as f32 * 0.8);
    }
    if best.code == "id" {
        let (lang, margin) = words::indonesian_or_malay(text);
        return (lang, sure * margin);
    }
    (tag(best.code), sure)
}

fn other_script(text: &str, counts: &ScriptCounts) -> Option<(Lang, f32)> {
    if counts.get(Script::Thai) > 0 && counts.get(Script::Thai) >= counts.letters() / 3 {
        return Some((tag("th"), 1.0));
    }
    let guess = whatlang::detect(text)?;
    if guess.script() == whatlang::Script::Cyrillic && !guess.is_reliable() {
        return Some((tag("ru"), 0.5 * guess.confidence() as f32));
    }
    let (_, code) = OTHERS.iter().find(|(g, _)| *g == guess.lang())?;
    Some((tag(code), guess.confidence() as f32))
}

fn tag(code: &str) -> Lang {
    code.parse().expect("the tables of this module hold language tags")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_tables_is_a_tag() {
        for code in OTHERS.iter().map(|o| o.1).chain(LATIN.iter().map(|l| l.code)) {
            assert_eq!(tag(code).code(), code);
        }
    }

    #[test]
    fn nothing_to_read_is_no_language() {
        assert_eq!(detect(""), None);
        assert_eq!(detect(" 12:30 – 45 % 😀\n"), None);
    }
}
