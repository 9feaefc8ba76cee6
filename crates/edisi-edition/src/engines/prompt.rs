//! How a language model is asked for a translation.

use std::sync::Arc;

use edisi_text::Lang;
use sha2::{Digest, Sha256};

use crate::translator::Pair;

/// Sentences that say the same line by line; see `data/prompts/README.md`.
const EXAMPLES: [(Lang, &str); 6] = [
    (Lang::ID, include_str!("../../data/prompts/id.txt")),
    (Lang::EN, include_str!("../../data/prompts/en.txt")),
    (Lang::ZH, include_str!("../../data/prompts/zh.txt")),
    (Lang::JA, include_str!("../../data/prompts/ja.txt")),
    (Lang::AR, include_str!("../../data/prompts/ar.txt")),
    (Lang::FR, include_str!("../../data/prompts/fr.txt")),
];

/// What stands before every text of a pair: worked examples, each two lines and a blank one. Empty for a pair
/// without examples.
pub(super) fn examples(pair: Pair) -> Arc<str> {
    let lines = |lang| EXAMPLES.iter().find(|(l, _)| *l == lang).map(|(_, text)| text.lines());
    let (Some(sources), Some(targets)) = (lines(pair.source), lines(pair.target)) else {
        return "".into();
    };
    let example = |(source, target): (&str, &str)| format!("{} {target}\n\n", ask(pair, source));
    sources.zip(targets).map(example).collect::<String>().into()
}

/// Changes whenever an example does.
pub(super) fn fingerprint() -> [u8; 32] {
    let mut hash = Sha256::new();
    EXAMPLES.iter().for_each(|(_, text)| hash.update(text));
    hash.finalize().into()
}

/// The question itself; the answer follows on the same line.
pub(super) fn ask(pair: Pair, text: &str) -> String {
    format!("{}: {}\n{}:", pair.source.english_name(), one_line(text), pair.target.english_name())
}

/// A newline ends the answer, so there must be none in the question.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_parallel() {
        let counts: Vec<usize> = EXAMPLES.iter().map(|(_, text)| text.lines().count()).collect();
        assert!(counts[0] > 0 && counts.iter().all(|c| *c == counts[0]), "{counts:?}");
        for (lang, text) in EXAMPLES {
            for line in text.lines() {
                assert_eq!(line.trim(), line, "{lang}");
                assert!(!line.is_empty(), "{lang}");
            }
        }
    }

    #[test]
    fn a_prompt_is_examples_and_a_question_on_one_line() {
        let pair = Pair::new(Lang::ID, Lang::EN);
        let prefix = examples(pair);
        assert!(prefix.starts_with("Indonesian: Harga beras"), "{prefix}");
        assert!(prefix.contains("\nEnglish: The price of rice"), "{prefix}");
        assert!(prefix.ends_with("\n\n"));
        assert_eq!(ask(pair, " Satu\n dua. "), "Indonesian: Satu dua.\nEnglish:");
        assert_eq!(&*examples(Pair::new(Lang::ID, Lang::PT)), "");
    }
}
