//! Matrices and activations as the kernels read them.

use rayon::prelude::*;

use crate::kernels::Kernel;

/// Weights and activations are quantised in groups of this many values along `k`.
pub(crate) const GROUP: usize = 32;
/// Columns of one panel.
pub(crate) const PANEL: usize = 32;
/// Bytes of one panel's group: `GROUP · PANEL`.
const GROUP_BYTES: usize = GROUP * PANEL;

/// An int8 weight matrix `[n, k]` (each of the `n` output columns has `k` weights), stored in panels of 32
/// columns so that one load brings four consecutive weights of sixteen columns:
/// `[panel][group][k / 4][half][16 columns][4]`, half 0 being columns 0–15. Weights are stored plus 128, as
/// the unsigned operand of the dot-product instructions; -128, which no Q8_0 quantiser writes and AVX2 cannot
/// negate, becomes -127. Columns past `n` are zero.
pub(crate) struct PackedMatrix {
    pub n: usize,
    pub k: usize,
    data: Vec<u8>,
    /// `[panel][group][32]`.
    scales: Vec<f32>,
}

/// Where weight `k` of column `c` of a panel stands within its group.
fn offset_in_group(c: usize, k: usize) -> usize {
    (k / 4) * (4 * PANEL) + (c / 16) * 64 + (c % 16) * 4 + k % 4
}

impl PackedMatrix {
    /// Packs a matrix whose column `c` is written by `column(c, weights, scales)`: `k` int8 weights and
    /// `k / 32` scales. `k` must be a multiple of 32.
    pub fn pack<F>(n: usize, k: usize, column: F) -> PackedMatrix
    where
        F: Fn(usize, &mut [i8], &mut [f32]) + Sync,
    {
        assert!(k.is_multiple_of(GROUP), "k = {k} is not a multiple of {GROUP}");
        let (panels, groups) = (n.div_ceil(PANEL), k / GROUP);
        let mut data = vec![128u8; panels * groups * GROUP_BYTES];
        let mut scales = vec![0f32; panels * groups * PANEL];
        data.par_chunks_mut(groups * GROUP_BYTES)
            .zip(scales.par_chunks_mut(groups * PANEL))
            .enumerate()
            .for_each(|(panel, (data, scales))| {
                let (mut w, mut s) = (vec![0i8; k], vec![0f32; groups]);
                for c in 0..PANEL.min(n - panel * PANEL) {
                    column(panel * PANEL + c, &mut w, &mut s);
                    for g in 0..groups {
                        scales[g * PANEL + c] = s[g];
                        for (i, &w) in w[g * GROUP..(g + 1) * GROUP].iter().enumerate() {
                            data[g * GROUP_BYTES + offset_in_group(c, i)] = (w.max(-127) as u8) ^ 0x80;
                        }
                    }
                }
            });
        PackedMatrix { n, k, data, scales }
    }

    /// Number of panels.
    pub fn panels(&self) -> usize {
        self.n.div_ceil(PANEL)
    }

    /// The weights and scales of one panel.
    pub fn panel(&self, panel: usize) -> (&[u8], &[f32]) {
        let groups = self.k / GROUP;
        let (d, s) = (groups * GROUP_BYTES, groups * PANEL);
        (&self.data[panel * d..(panel + 1) * d], &self.scales[panel * s..(panel + 1) * s])
    }

    /// Writes the weights of column `c` times `factor` to `out` `[k]`: how the embedding table is read.
    pub fn column(&self, c: usize, factor: f32, out: &mut [f32]) {
        let (data, scales) = self.panel(c / PANEL);
        let c = c % PANEL;
        for (k, out) in out.iter_mut().enumerate() {
            let g = k / GROUP;
            let w = (data[g * GROUP_BYTES + offset_in_group(c, k % GROUP)] ^ 0x80) as i8;
            *out = f32::from(w) * scales[g * PANEL + c] * factor;
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.data.len() + self.scales.len() * 4
    }
}

/// Rows of activations `[m, k]` as int8 in groups of 32.
pub(crate) struct QuantRows {
    pub m: usize,
    pub k: usize,
    pub q: Vec<i8>,
    /// `[m, k / 32]`.
    pub scale: Vec<f32>,
    /// `[m, k / 32]`, see [`Kernel::quantise`].
    pub correction: Vec<i32>,
}

impl QuantRows {
    /// Room for nothing yet.
    pub fn new() -> QuantRows {
        QuantRows { m: 0, k: 0, q: Vec::new(), scale: Vec::new(), correction: Vec::new() }
    }

    /// Makes room for `m` rows of `k` values; what was there is lost.
    pub fn resize(&mut self, m: usize, k: usize) {
        (self.m, self.k) = (m, k);
        self.q.resize(m * k, 0);
        self.scale.resize(m * k / GROUP, 0.0);
        self.correction.resize(m * k / GROUP, 0);
    }

    /// The rows, to be filled in parallel.
    pub fn rows_mut(&mut self) -> impl IndexedParallelIterator<Item = RowMut<'_>> {
        let (k, g) = (self.k, self.k / GROUP);
        self.q
            .par_chunks_mut(k)
            .zip(self.scale.par_chunks_mut(g))
            .zip(self.correction.par_chunks_mut(g))
            .map(|((q, scale), correction)| RowMut { q, scale, correction })
    }
}

/// One row of [`QuantRows`].
pub(crate) struct RowMut<'a> {
    q: &'a mut [i8],
    scale: &'a mut [f32],
    correction: &'a mut [i32],
}

impl RowMut<'_> {
    /// Quantises `x` into this row.
    pub fn fill(self, kernel: &dyn Kernel, x: &[f32]) {
        kernel.quantise(x, self.q, self.scale, self.correction);
    }
}
