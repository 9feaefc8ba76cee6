//! Sinusoidal positions.

use crate::kernels::aligned::Buffer;

/// Positions that a sentence may have, in the source and in what is written.
pub(crate) const MAX_POSITIONS: usize = 1024;

/// The position vectors of Marian's transformer: sines in the first half and cosines in the second.
pub(crate) struct Positions {
    dim: usize,
    table: Buffer<f32>,
}

impl Positions {
    pub fn new(dim: usize) -> Positions {
        let half = dim / 2;
        let mut table = Buffer::zeroed(MAX_POSITIONS * dim);
        let step = 10_000f32.ln() / (half as f32 - 1.0);
        let frequencies: Vec<f32> = (0..half).map(|i| (-(i as f32) * step).exp()).collect();
        for (position, row) in table.chunks_exact_mut(dim).enumerate() {
            for (i, frequency) in frequencies.iter().enumerate() {
                let angle = position as f32 * frequency;
                row[i] = angle.sin();
                row[half + i] = angle.cos();
            }
        }
        Positions { dim, table }
    }

    /// The vector of a position below [`MAX_POSITIONS`].
    pub fn row(&self, position: usize) -> &[f32] {
        &self.table[position * self.dim..][..self.dim]
    }
}
