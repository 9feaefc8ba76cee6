//! Whether an Arabic word looks like a foreign name: its letters side by side, and its article.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::gazetteer::starts;
use super::word::{Letters, Word};
use super::{part, word};

/// Log odds of two letters side by side in given and family names against ordinary words; `^` and `$` are the ends.
static PAIRS: LazyLock<HashMap<[char; 2], f32>> = LazyLock::new(|| {
    let mut counts: HashMap<[char; 2], [f32; 2]> = HashMap::new();
    let mut sums = [0.0f32; 2];
    let mut count = |word: &str, kind: usize| {
        for pair in pairs(word) {
            counts.entry(pair).or_default()[kind] += 1.0;
            sums[kind] += 1.0;
        }
    };
    part::forms(Letters::Arabic).for_each(|form| count(form, 0));
    word::arabic_words().for_each(|form| count(form, 1));
    let odds = |n: [f32; 2]| ((n[0] + 1.0) / (sums[0] + 1.0)).ln() - ((n[1] + 1.0) / (sums[1] + 1.0)).ln();
    counts.into_iter().map(|(pair, n)| (pair, odds(n))).collect()
});

fn pairs(word: &str) -> impl Iterator<Item = [char; 2]> {
    let ends = word.chars().skip(1).chain(['$']);
    ['^'].into_iter().chain(word.chars()).zip(word.chars().take(1).chain(ends)).map(|(a, b)| [a, b])
}

/// Log odds that an Arabic word, as [`Word::key`](super::Word::key) has it, is a given or family name, from its
/// letters alone. The short words written on to it are to be taken off.
pub fn arabic_name_odds(key: &str) -> f32 {
    pairs(key).map(|pair| PAIRS.get(&pair).copied().unwrap_or(0.0)).sum()
}

/// Whether an Arabic word has the article, also behind short words that are written on to it.
pub fn is_definite(word: &Word) -> bool {
    starts(word).any(|at| word.key[at..].starts_with("ال"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_look_like_names() {
        assert!(arabic_name_odds("ستولتنبرغ") > arabic_name_odds("المستشفيات"));
        assert!(arabic_name_odds("كرومويل") > 0.0);
    }
}
