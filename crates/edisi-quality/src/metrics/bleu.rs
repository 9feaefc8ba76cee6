use std::collections::HashMap;
use std::iter::Sum;
use std::ops::AddAssign;

use super::Tokenizer;
use super::ngrams::Ngrams;

const ORDER: usize = 4;

/// BLEU (Papineni et al., 2002) with sacrebleu's defaults: 4-grams, exponential smoothing, case kept.
#[derive(Debug, Clone, Copy)]
pub struct Bleu {
    tokenizer: Tokenizer,
}

/// What BLEU counts; adds up over segments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BleuStats {
    /// Matching n-grams of orders 1 to 4.
    pub correct: [u64; ORDER],
    /// N-grams of the hypothesis, orders 1 to 4.
    pub total: [u64; ORDER],
    /// Tokens in the hypothesis.
    pub hyp_len: u64,
    /// Tokens in the reference.
    pub ref_len: u64,
}

/// A BLEU score and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BleuScore {
    /// 0 to 100.
    pub score: f64,
    /// Smoothed n-gram precisions, per cent, orders 1 to 4.
    pub precisions: [f64; ORDER],
    /// The factor for output shorter than the reference, at most 1.
    pub brevity_penalty: f64,
}

impl Bleu {
    /// BLEU over the tokens of `tokenizer`.
    pub fn new(tokenizer: Tokenizer) -> Bleu {
        Bleu { tokenizer }
    }

    /// The tokenizer, to be named with the score.
    pub fn tokenizer(&self) -> Tokenizer {
        self.tokenizer
    }

    /// The counts of one segment.
    pub fn stats(&self, hypothesis: &str, reference: &str) -> BleuStats {
        let mut ids: HashMap<String, u32> = HashMap::new();
        let mut number = |text: &str| {
            let mut out = Vec::new();
            self.tokenizer.tokens(text, |token| {
                let next = ids.len() as u32;
                out.push(match ids.get(token) {
                    Some(&id) => id,
                    None => *ids.entry(token.to_owned()).or_insert(next),
                });
            });
            out
        };
        let (hyp, reference) = (number(hypothesis), number(reference));
        let mut stats =
            BleuStats { hyp_len: hyp.len() as u64, ref_len: reference.len() as u64, ..BleuStats::default() };
        for n in 0..ORDER {
            let ngrams = Ngrams::new(&hyp, n + 1, 32);
            stats.total[n] = ngrams.len();
            stats.correct[n] = ngrams.matches(&Ngrams::new(&reference, n + 1, 32));
        }
        stats
    }

    /// The score of a corpus; pairs beyond the shorter of the two lists are not looked at.
    pub fn corpus<H: AsRef<str>, R: AsRef<str>>(&self, hypotheses: &[H], references: &[R]) -> BleuScore {
        hypotheses
            .iter()
            .zip(references)
            .map(|(h, r)| self.stats(h.as_ref(), r.as_ref()))
            .sum::<BleuStats>()
            .score()
    }

    /// The score of one sentence, over the orders it is long enough for (sacrebleu's `sentence_bleu`).
    pub fn sentence(&self, hypothesis: &str, reference: &str) -> BleuScore {
        self.stats(hypothesis, reference).effective_score()
    }
}

impl BleuStats {
    /// The corpus score of these counts.
    pub fn score(&self) -> BleuScore {
        self.compute(false)
    }

    /// The score over the orders that occur at all, for single sentences.
    pub fn effective_score(&self) -> BleuScore {
        self.compute(true)
    }

    fn compute(&self, effective_order: bool) -> BleuScore {
        let brevity_penalty = match (self.hyp_len, self.ref_len) {
            (0, r) if r > 0 => 0.0,
            (h, r) if h < r => (1.0 - r as f64 / h as f64).exp(),
            _ => 1.0,
        };
        let mut precisions = [0.0; ORDER];
        if self.correct.iter().all(|&c| c == 0) {
            return BleuScore { score: 0.0, precisions, brevity_penalty };
        }
        let mut smoothing = 1.0;
        let mut orders = ORDER;
        for (n, precision) in precisions.iter_mut().enumerate() {
            if self.total[n] == 0 {
                break;
            }
            if effective_order {
                orders = n + 1;
            }
            *precision = if self.correct[n] == 0 {
                smoothing *= 2.0;
                100.0 / (smoothing * self.total[n] as f64)
            } else {
                100.0 * self.correct[n] as f64 / self.total[n] as f64
            };
        }
        // A precision of zero counts as e^-9999999999, which brings the product to zero.
        let logs = precisions[..orders].iter().map(|&p| if p == 0.0 { -9_999_999_999.0 } else { p.ln() });
        let score = brevity_penalty * (logs.sum::<f64>() / orders as f64).exp();
        BleuScore { score, precisions, brevity_penalty }
    }
}

impl AddAssign for BleuStats {
    fn add_assign(&mut self, other: BleuStats) {
        for n in 0..ORDER {
            self.correct[n] += other.correct[n];
            self.total[n] += other.total[n];
        }
        self.hyp_len += other.hyp_len;
        self.ref_len += other.ref_len;
    }
}

impl Sum for BleuStats {
    fn sum<I: Iterator<Item = BleuStats>>(iter: I) -> BleuStats {
        iter.fold(BleuStats::default(), |mut all, one| {
            all += one;
            all
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_scale() {
        let bleu = Bleu::new(Tokenizer::V13a);
        assert!(
            (bleu.sentence("Rain fell over the hills.", "Rain fell over the hills.").score - 100.0).abs()
                < 1e-9
        );
        assert_eq!(bleu.sentence("", "Rain fell.").score, 0.0);
        assert_eq!(bleu.sentence("Rain fell.", "").score, 0.0);
        assert_eq!(bleu.corpus::<&str, &str>(&[], &[]).score, 0.0);
    }
}
