//! Whether a sentence has a hole: words and marks side by side that do not stand so in whole sentences.
//!
//! `data/gaps/<lang>.tsv` has pairs of frequent words and marks and how surprising they are beside each other, learned
//! by the script beside it.

use std::collections::HashMap;
use std::sync::LazyLock;

use edisi_text::Lang;
use edisi_text::script::is_dense;

/// By the first and the second of a pair, joined by a tab: nats of surprise.
type Table = HashMap<&'static str, f32>;

macro_rules! tables {
    ($($lang:literal),*) => {
        [$(($lang, LazyLock::new(|| read(include_str!(concat!("../../../data/gaps/", $lang, ".tsv")))))),*]
    };
}

static TABLES: [(&str, LazyLock<Table>); 6] = tables!["id", "en", "zh", "ja", "ar", "fr"];

/// Surprise at an apostrophe with nothing before or behind it, which is more than any table has.
const BARE: f32 = 5.0;

fn read(text: &'static str) -> Table {
    let lines = text.lines().filter(|l| !l.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit_once('\t'))
        .filter_map(|(pair, n)| Some((pair, n.parse::<f32>().ok()? / 10.0)))
        .collect()
}

/// The most surprising pair of a text in nats, 0 where there is none or nothing is known of the language.
pub(super) fn surprise(text: &str, lang: Lang) -> f32 {
    if text.trim().is_empty() {
        return 0.0;
    }
    let Some((_, table)) = TABLES.iter().find(|t| t.0 == lang.code()) else { return 0.0 };
    let mut worst = 0.0f32;
    let mut pair = String::new();
    let mut last = "^".to_owned();
    for (token, bare) in tokens(text, lang).into_iter().chain([("$".to_owned(), false)]) {
        pair.clear();
        pair.push_str(&last);
        pair.push('\t');
        pair.push_str(&token);
        worst = worst.max(table.get(pair.as_str()).copied().unwrap_or(0.0));
        if bare {
            worst = worst.max(BARE);
        }
        last = token;
    }
    worst
}

/// Words in lower case with the apostrophes in them, numbers as `0`, and marks; in Chinese and Japanese single
/// characters. The flag is for an ending or beginning whose word is gone: `'s` and `d'` by themselves.
fn tokens(text: &str, lang: Lang) -> Vec<(String, bool)> {
    let text = text.trim().to_lowercase().replace('’', "'");
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied();
    let mut out = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        let start = i;
        i += 1;
        if c.is_whitespace() {
            continue;
        }
        if c.is_numeric() {
            while at(i).is_some_and(|c| c.is_numeric() || c == '.' || c == ',') {
                i += 1;
            }
            out.push(("0".to_owned(), false));
            continue;
        }
        if !c.is_alphabetic() {
            let alone = start == 0 || chars[start - 1].is_whitespace();
            let ending = c == '\'' && at(i) == Some('s') && !at(i + 1).is_some_and(char::is_alphabetic);
            out.push((c.to_string(), lang == Lang::EN && alone && ending));
            continue;
        }
        if lang.is_unspaced() && is_dense(c) {
            out.push((c.to_string(), false));
            continue;
        }
        while at(i).is_some_and(|c| c.is_alphabetic() && !(lang.is_unspaced() && is_dense(c)) || c == '\'') {
            i += 1;
        }
        let elided = i - start <= 3 && chars[i - 1] == '\'' && at(i).is_none_or(|c| !c.is_alphanumeric());
        out.push((chars[start..i].iter().collect(), lang == Lang::FR && elided && at(i) != Some('«')));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_surprising() {
        let more = |hole: &str, whole: &str, lang| {
            assert!(surprise(hole, lang) > surprise(whole, lang), "{hole}");
        };
        more("They met in, the capital.", "They met in Ankara, the capital.", Lang::EN);
        more("The reporters heard of 's plan.", "The reporters heard of Dewi's plan.", Lang::EN);
        more("Kapal berlayar dari ke.", "Kapal berlayar dari Makassar ke Ambon.", Lang::ID);
        more("Le port de, fermé hier.", "Le port de Brest, fermé hier.", Lang::FR);
        more("Le maire d', hier.", "Le maire d'Arles, hier.", Lang::FR);
        assert_eq!(surprise("", Lang::EN), 0.0);
    }
}
