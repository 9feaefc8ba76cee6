//! The smallest parts of a text that a tag may stand between.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// A word, or a run of marks such as punctuation. White space is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) range: Range<usize>,
    /// Letters or digits; else punctuation or symbols.
    pub(super) word: bool,
}

/// Splits at Unicode's word boundaries (UAX #29), with hyphenated words in one piece. Scripts without
/// spaces, in which that algorithm knows characters rather than words, are split only at `cuts`: sorted byte
/// offsets, the edges of tokens.
pub(super) fn split(text: &str, cuts: &[usize]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut spaceless_before = false;
    for (start, part) in text.split_word_bound_indices() {
        let range = start..start + part.len();
        if part.chars().all(char::is_whitespace) {
            spaceless_before = false;
            continue;
        }
        let word = part.chars().any(char::is_alphanumeric);
        let spaceless = part.chars().all(is_spaceless);
        let hyphenates = |units: &[Unit]| match units {
            [.., before, hyphen] => {
                before.word
                    && before.range.end == hyphen.range.start
                    && is_hyphen(&text[hyphen.range.clone()])
            }
            _ => false,
        };
        match units.last() {
            Some(last) if last.range.end == start => {
                let joined = spaceless && spaceless_before && cuts.binary_search(&start).is_err();
                if joined {
                    let end = range.end;
                    if let Some(last) = units.last_mut() {
                        last.range.end = end;
                    }
                } else if word && !spaceless && hyphenates(&units) {
                    units.pop();
                    if let Some(before) = units.last_mut() {
                        before.range.end = range.end;
                    }
                } else {
                    units.push(Unit { range, word });
                }
            }
            _ => units.push(Unit { range, word }),
        }
        spaceless_before = spaceless;
    }
    units
}

fn is_hyphen(part: &str) -> bool {
    matches!(part, "-" | "\u{2010}" | "\u{2011}")
}

/// Han, Hiragana, Thai, Lao, Myanmar, Khmer. Katakana is not among them: the word algorithm keeps its runs.
fn is_spaceless(character: char) -> bool {
    matches!(u32::from(character),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3005..=0x3007 | 0x3041..=0x309f
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units<'a>(text: &'a str, cuts: &[usize]) -> Vec<&'a str> {
        split(text, cuts).into_iter().map(|unit| &text[unit.range]).collect()
    }

    #[test]
    fn words_keep_together() {
        assert_eq!(
            units("He isn't \"well-known\", 4.7% of co-op's.", &[]),
            ["He", "isn't", "\"", "well-known", "\"", ",", "4.7", "%", "of", "co-op's", "."]
        );
        assert_eq!(
            units("l'œuvre e\u{301}te\u{301} – non", &[]),
            ["l'œuvre", "e\u{301}te\u{301}", "–", "non"]
        );
        assert_eq!(units("كَتَبَ الطِّفْلُ.", &[]), ["كَتَبَ", "الطِّفْلُ", "."]);
        assert_eq!(units("- a -b c-", &[]), ["-", "a", "-", "b", "c", "-"]);
        assert_eq!(units("  ", &[]), [""; 0]);
    }

    #[test]
    fn spaceless_scripts_split_at_tokens() {
        let text = "渡轮在黎明离开ABC港口。";
        assert_eq!(units(text, &[]), ["渡轮在黎明离开", "ABC", "港口", "。"]);
        assert_eq!(units(text, &[6, 9, 10]), ["渡轮", "在", "黎明离开", "ABC", "港口", "。"]);
        assert_eq!(units("コンピューターのデータ", &[3, 6, 21]), ["コンピューター", "の", "データ"]);
    }
}
