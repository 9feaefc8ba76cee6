use std::iter::Sum;

/// Where a score lies with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The 2.5th percentile.
    pub low: f64,
    /// The 97.5th percentile.
    pub high: f64,
}

/// The confidence interval of a corpus score by bootstrap resampling (Koehn 2004): as many segments as there are,
/// drawn with replacement, `rounds` times.
///
/// `stats` has the counts of every segment ([`super::BleuStats`], [`super::ChrfStats`]) and `score` makes a score of
/// their sum. The same `seed` gives the same interval. Without segments or rounds both ends are the score itself.
pub fn bootstrap<S: Copy + Sum>(
    stats: &[S],
    rounds: usize,
    seed: u64,
    score: impl Fn(&S) -> f64,
) -> Interval {
    let mut random = SplitMix(seed);
    let mut scores: Vec<f64> = (0..rounds)
        .map(|_| score(&(0..stats.len()).map(|_| stats[random.below(stats.len())]).sum()))
        .collect();
    if scores.is_empty() || stats.is_empty() {
        let all = score(&stats.iter().copied().sum());
        return Interval { low: all, high: all };
    }
    scores.sort_by(f64::total_cmp);
    let at = |quantile: f64| scores[((scores.len() - 1) as f64 * quantile).round() as usize];
    Interval { low: at(0.025), high: at(0.975) }
}

/// SplitMix64 (Steele, Lea and Flood 2014): small, and good enough to draw segments with.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let z = u128::from(z ^ (z >> 31));
        // The high half of the product is uniform enough for any n a corpus has.
        ((z * n as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{Bleu, BleuStats, Tokenizer};

    #[test]
    fn the_interval_encloses_the_score_and_narrows_with_more_segments() {
        let bleu = Bleu::new(Tokenizer::V13a);
        let pairs = [
            ("The harbour opened again on Tuesday.", "The harbour opened again on Tuesday."),
            ("Two boats were lost in the storm.", "The storm sank two boats."),
            ("Nobody was hurt, the mayor said.", "The mayor said that nobody was hurt."),
            ("Prices rose by three percent.", "Prices rose by 3 percent in May."),
        ];
        let few: Vec<BleuStats> = pairs.iter().map(|(h, r)| bleu.stats(h, r)).collect();
        let many = few.repeat(50);
        let width = |stats: &[BleuStats]| {
            let i = bootstrap(stats, 400, 7, |s| s.score().score);
            let all = stats.iter().copied().sum::<BleuStats>().score().score;
            assert!(i.low <= all && all <= i.high, "{i:?} {all}");
            assert_eq!(i, bootstrap(stats, 400, 7, |s| s.score().score));
            i.high - i.low
        };
        assert!(width(&many) < width(&few) / 3.0);
    }

    #[test]
    fn nothing_has_no_spread() {
        let i = bootstrap::<BleuStats>(&[], 100, 1, |s| s.score().score);
        assert_eq!(i, Interval { low: 0.0, high: 0.0 });
    }
}
