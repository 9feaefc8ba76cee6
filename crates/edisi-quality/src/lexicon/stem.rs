//! Word forms made comparable: a crude stem, cut rather than analysed.
//!
//! A stem only has to be the same for most forms of a word and different for most other words; it is never shown.

use std::borrow::Cow;

use edisi_text::Lang;

/// Letters of a Latin stem; what follows is mostly ending.
const LATIN: usize = 7;

/// The stem of `word`, which is in lower case and in any language's letters.
pub(super) fn stem<'a>(word: &'a str, lang: Lang) -> Cow<'a, str> {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return Cow::Borrowed(word);
    }
    match lang.code() {
        "ar" => Cow::Owned(arabic(word)),
        "id" => Cow::Borrowed(cut(indonesian(word))),
        "en" => Cow::Borrowed(cut(without_suffix(word, &["'s", "ings", "ing", "ies", "ed", "es", "s"], 4))),
        "fr" => {
            let folded = fold(word);
            let short = cut(without_suffix(&folded, &["ées", "ée", "es", "s", "x", "e"], 4)).len();
            match folded {
                Cow::Borrowed(w) => Cow::Borrowed(&w[..short]),
                Cow::Owned(mut w) => {
                    w.truncate(short);
                    Cow::Owned(w)
                }
            }
        }
        _ => Cow::Borrowed(cut(word)),
    }
}

fn cut(word: &str) -> &str {
    word.char_indices().nth(LATIN).map_or(word, |(at, _)| &word[..at])
}

/// `word` without the first of `suffixes` that leaves at least `rest` characters.
fn without_suffix<'a>(word: &'a str, suffixes: &[&str], rest: usize) -> &'a str {
    let strip = |s: &&str| word.strip_suffix(*s).filter(|w| w.chars().count() >= rest);
    suffixes.iter().find_map(strip).unwrap_or(word)
}

fn without_prefix<'a>(word: &'a str, prefixes: &[&str], rest: usize) -> &'a str {
    let strip = |p: &&str| word.strip_prefix(*p).filter(|w| w.chars().count() >= rest);
    prefixes.iter().find_map(strip).unwrap_or(word)
}

fn indonesian(word: &str) -> &str {
    let word = without_suffix(word, &["nya", "lah", "kah", "pun"], 4);
    let word = without_suffix(word, &["kan", "an", "i"], 4);
    const PREFIXES: [&str; 17] = [
        "memper", "diper", "meng", "meny", "mem", "men", "me", "peng", "peny", "pem", "pen", "ber", "ter",
        "per", "di", "ke", "se",
    ];
    without_prefix(word, &PREFIXES, 4)
}

/// Arabic without vowel signs, article, short words written on, and common endings; variants of alef, ya and
/// ta marbuta are one letter.
fn arabic(word: &str) -> String {
    let plain: String = word
        .chars()
        .filter(|c| !matches!(c, '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'))
        .map(|c| match c {
            'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
            'ى' => 'ي',
            'ة' => 'ه',
            c => c,
        })
        .collect();
    let word = without_prefix(&plain, &["وال", "بال", "فال", "كال", "لل", "ال"], 3);
    let word = if word.len() == plain.len() {
        without_prefix(word, &["و", "ب", "ل", "ف", "س"], 4)
    } else {
        word
    };
    without_suffix(word, &["هما", "ات", "ون", "ين", "ان", "ها", "هم", "يه", "ه"], 3).to_owned()
}

/// A word with its accents taken off, for comparing names across languages.
pub(super) fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => out.push('i'),
            'ñ' | 'ń' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => out.push('o'),
            'ù' | 'ú' | 'û' | 'ü' | 'ū' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'š' | 'ş' => out.push('s'),
            'ž' => out.push('z'),
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            '\u{300}'..='\u{36f}' => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_meet() {
        for (lang, forms) in [
            (Lang::ID, &["pemerintah", "pemerintahannya", "pemerintahan"][..]),
            (Lang::ID, &["membuka", "dibukanya", "buka"][1..]),
            (Lang::EN, &["minister", "ministers", "minister's"]),
            (Lang::FR, &["élève", "élèves"]),
            (Lang::AR, &["الحكومة", "حكومة", "والحكومة", "حكومه"]),
        ] {
            let stems: Vec<String> = forms.iter().map(|w| stem(w, lang).into_owned()).collect();
            assert!(stems.windows(2).all(|w| w[0] == w[1]), "{stems:?}");
        }
        assert_eq!(stem("2024", Lang::EN), "2024");
    }
}
