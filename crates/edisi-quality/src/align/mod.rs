//! Which sentences of a text answer to which of its translation.
//!
//! Dynamic programming over beads of 1-1, 1-0, 0-1, 2-1, 1-2, 2-2, 3-1 and 1-3 sentences after Gale and Church, "A
//! Program for Aligning Sentences in Bilingual Corpora" (1993). To their lengths come, as in Moore (2002), words: what
//! [`crate::lexicon`] knows of the words of both sides, where numbers, names and borrowed words count as what they
//! are. Each word answers for one of the other side, so that a sentence joined to its neighbour must bring words of
//! its own. Question marks and the beginnings of paragraphs are weaker anchors.
//!
//! Only beads near the diagonal are tried, so time grows with the length of the longer side.

mod score;
mod weights;

use std::ops::Range;

use edisi_text::Lang;

use score::Scores;

/// A sentence to align.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Its text.
    pub text: &'a str,
    /// Whether a paragraph begins with it.
    pub opens: bool,
}

/// Sentences of the source and what they became; one of the two may be empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Bead {
    /// Indices of the sentences of the source.
    pub source: Range<usize>,
    /// Indices of the sentences of the translation.
    pub target: Range<usize>,
    /// How much speaks for the bead, in nats; below 0 where it is only the least bad.
    pub score: f32,
}

/// How far from the diagonal beads are tried, in sentences, besides the difference in number.
const BAND: usize = 12;

/// Sentences on each side of a bead.
const SHAPES: [(usize, usize); 8] = [(1, 1), (1, 0), (0, 1), (2, 1), (1, 2), (2, 2), (3, 1), (1, 3)];

/// Aligns the sentences of a text, in the first language of `pair`, with those of its translation into the second.
///
/// The beads are in order, and every sentence of both sides is in one of them.
pub fn align(source: &[Piece<'_>], target: &[Piece<'_>], pair: (Lang, Lang)) -> Vec<Bead> {
    let mut scores = Scores::new(source, target, pair);
    let (n, m) = (source.len(), target.len());
    let band = Band { n, m };
    let rows: Vec<Range<usize>> = (0..=n).map(|i| band.of(i)).collect();
    // Per cell: the best sum so far and the shape of the bead that ends there.
    let mut cells: Vec<Vec<(f32, usize)>> =
        rows.iter().map(|row| vec![(f32::NEG_INFINITY, usize::MAX); row.len()]).collect();
    cells[0][0].0 = 0.0;
    for i in 0..=n {
        for j in rows[i].clone() {
            let mut best = cells[i][j - rows[i].start];
            for (shape, (a, b)) in SHAPES.into_iter().enumerate() {
                let (Some(from), Some(left)) = (i.checked_sub(a), j.checked_sub(b)) else { continue };
                if !rows[from].contains(&left) {
                    continue;
                }
                let before = cells[from][left - rows[from].start].0;
                if before == f32::NEG_INFINITY {
                    continue;
                }
                let sum = before + scores.of(from..i, left..j);
                if sum > best.0 {
                    best = (sum, shape);
                }
            }
            cells[i][j - rows[i].start] = best;
        }
    }
    let mut beads = Vec::new();
    let (mut i, mut j) = (n, m);
    while (i, j) != (0, 0) {
        // Every cell of the band can be reached through 1-0 and 0-1.
        let (a, b) = SHAPES[cells[i][j - rows[i].start].1];
        let (source, target) = (i - a..i, j - b..j);
        let score = scores.of(source.clone(), target.clone());
        beads.push(Bead { source, target, score });
        (i, j) = (i - a, j - b);
    }
    beads.reverse();
    beads
}

/// The cells near the diagonal of an alignment of `n` with `m` sentences.
struct Band {
    n: usize,
    m: usize,
}

impl Band {
    /// The cells of row `i`.
    fn of(&self, i: usize) -> Range<usize> {
        let width = BAND + self.n.abs_diff(self.m).min(self.n.max(self.m) / 4 + BAND);
        let middle = (i * self.m).checked_div(self.n).unwrap_or(0);
        let (low, high) = (middle.saturating_sub(width), (middle + width).min(self.m));
        // Neighbouring rows overlap however steep the diagonal is.
        let step = self.m / self.n.max(1) + 1;
        let low = if i == 0 { 0 } else { low.saturating_sub(step) };
        let high = if i == self.n { self.m } else { (high + step).min(self.m) };
        low..high + 1
    }
}

#[cfg(test)]
mod tests;
