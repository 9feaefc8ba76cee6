use std::collections::HashMap;
use std::iter::Sum;
use std::ops::AddAssign;

use super::is_python_space;
use super::ngrams::Ngrams;

const CHAR_ORDER: usize = 6;
const MAX_WORD_ORDER: usize = 2;
const ORDERS: usize = CHAR_ORDER + MAX_WORD_ORDER;
const BETA_SQUARED: f64 = 4.0;
/// Unicode's code points need 21 bits, so six fit one key.
const CHAR_BITS: u32 = 21;

/// chrF and chrF++ (Popović 2015, 2017) with sacrebleu's defaults: character 6-grams without white space,
/// beta 2, orders averaged where both sides have n-grams, case kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct Chrf {
    word_order: usize,
}

/// What chrF counts, per order; adds up over segments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChrfStats {
    hyp: [u64; ORDERS],
    reference: [u64; ORDERS],
    matches: [u64; ORDERS],
}

impl Chrf {
    /// chrF2: characters only.
    pub fn new() -> Chrf {
        Chrf { word_order: 0 }
    }

    /// chrF2++: characters, words and pairs of words.
    pub fn plus_plus() -> Chrf {
        Chrf { word_order: 2 }
    }

    /// sacrebleu's name for it.
    pub fn name(&self) -> &'static str {
        if self.word_order == 0 { "chrF2" } else { "chrF2++" }
    }

    /// The counts of one segment.
    pub fn stats(&self, hypothesis: &str, reference: &str) -> ChrfStats {
        let mut stats = ChrfStats::default();
        let (hyp, other) = (characters(hypothesis), characters(reference));
        for n in 0..CHAR_ORDER {
            stats.count(n, Ngrams::new(&hyp, n + 1, CHAR_BITS), Ngrams::new(&other, n + 1, CHAR_BITS));
        }
        if self.word_order > 0 {
            let mut ids = HashMap::new();
            let (hyp, other) = (word_ids(hypothesis, &mut ids), word_ids(reference, &mut ids));
            for n in 0..self.word_order {
                stats.count(CHAR_ORDER + n, Ngrams::new(&hyp, n + 1, 32), Ngrams::new(&other, n + 1, 32));
            }
        }
        stats
    }

    /// The score of a corpus, 0 to 100; pairs beyond the shorter of the two lists are not looked at.
    pub fn corpus<H: AsRef<str>, R: AsRef<str>>(&self, hypotheses: &[H], references: &[R]) -> f64 {
        hypotheses
            .iter()
            .zip(references)
            .map(|(h, r)| self.stats(h.as_ref(), r.as_ref()))
            .sum::<ChrfStats>()
            .score()
    }

    /// The score of one sentence, 0 to 100.
    pub fn sentence(&self, hypothesis: &str, reference: &str) -> f64 {
        self.stats(hypothesis, reference).score()
    }
}

impl ChrfStats {
    fn count(&mut self, order: usize, hyp: Ngrams, reference: Ngrams) {
        // Without n-grams in the reference the hypothesis' are not held against it.
        self.hyp[order] = if reference.len() == 0 { 0 } else { hyp.len() };
        self.reference[order] = reference.len();
        self.matches[order] = hyp.matches(&reference);
    }

    /// The score of these counts, 0 to 100.
    pub fn score(&self) -> f64 {
        let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
        for n in 0..ORDERS {
            if self.hyp[n] > 0 && self.reference[n] > 0 {
                precision += self.matches[n] as f64 / self.hyp[n] as f64;
                recall += self.matches[n] as f64 / self.reference[n] as f64;
                orders += 1.0;
            }
        }
        if precision + recall == 0.0 {
            return 0.0;
        }
        let (precision, recall) = (precision / orders, recall / orders);
        100.0 * (1.0 + BETA_SQUARED) * precision * recall / (BETA_SQUARED * precision + recall)
    }
}

impl AddAssign for ChrfStats {
    fn add_assign(&mut self, other: ChrfStats) {
        for n in 0..ORDERS {
            self.hyp[n] += other.hyp[n];
            self.reference[n] += other.reference[n];
            self.matches[n] += other.matches[n];
        }
    }
}

impl Sum for ChrfStats {
    fn sum<I: Iterator<Item = ChrfStats>>(iter: I) -> ChrfStats {
        iter.fold(ChrfStats::default(), |mut all, one| {
            all += one;
            all
        })
    }
}

fn characters(text: &str) -> Vec<u32> {
    text.chars().filter(|&c| !is_python_space(c)).map(u32::from).collect()
}

/// Words with one punctuation mark cut off their end, or else their start, as chrF++.py does.
fn word_ids<'t>(text: &'t str, ids: &mut HashMap<&'t str, u32>) -> Vec<u32> {
    let mut out = Vec::new();
    let mut push = |word: &'t str| {
        let next = ids.len() as u32;
        out.push(*ids.entry(word).or_insert(next));
    };
    for word in text.split(is_python_space).filter(|w| !w.is_empty()) {
        let cut = if word.chars().nth(1).is_none() {
            0
        } else if word.ends_with(|c: char| c.is_ascii_punctuation()) {
            word.len() - 1
        } else if word.starts_with(|c: char| c.is_ascii_punctuation()) {
            1
        } else {
            0
        };
        let (head, tail) = word.split_at(cut);
        if !head.is_empty() {
            push(head);
        }
        push(tail);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_scale() {
        for chrf in [Chrf::new(), Chrf::plus_plus()] {
            assert!((chrf.sentence("Hujan turun.", "Hujan turun.") - 100.0).abs() < 1e-9);
            assert_eq!(chrf.sentence("", "Hujan turun."), 0.0);
            assert_eq!(chrf.sentence("雨", "Hujan turun."), 0.0);
            assert_eq!(chrf.corpus::<&str, &str>(&[], &[]), 0.0);
        }
    }
}
