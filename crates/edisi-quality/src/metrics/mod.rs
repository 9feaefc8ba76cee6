//! BLEU and chrF, the two scores machine translation is compared by, as sacrebleu 2.x computes them.
//!
//! Both are built from counts that add up over segments ([`BleuStats`], [`ChrfStats`]): a corpus score is the
//! score of the sum, and resampling segments needs no second pass over the text. One reference a segment.
//!
//! Agreement with sacrebleu is tested to 1e-6 on `tests/goldens/scores.json`.

mod bleu;
mod bootstrap;
mod chrf;
mod ngrams;
mod tokenize;

pub use bleu::{Bleu, BleuScore, BleuStats};
pub use bootstrap::{Interval, bootstrap};
pub use chrf::{Chrf, ChrfStats};
pub use tokenize::Tokenizer;

/// White space as Python's `str.split` and `str.strip` know it: Unicode's, and the four ASCII separators.
fn is_python_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}
