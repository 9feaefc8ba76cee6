//! Weight matrices in the order in which the kernels read them.

use crate::kernels::aligned::{Buffer, Line};

/// Columns side by side in memory: four registers of sixteen.
pub(crate) const PANEL: usize = 64;
/// Elements of `k` that one instruction multiplies and sums.
pub(crate) const STEP: usize = 4;
/// Registers of sixteen columns in a panel.
const LINES: usize = PANEL / 16;

/// What turns the integer sum of one column into a number: `sum · scale + bias`, the sum beginning at `correction`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// One over the product of the multipliers of activations and weights.
    pub scale: f32,
    pub bias: f32,
}

/// A `[k, n]` int8 matrix in panels of 64 columns: `[panel][k / 4][64 columns][4]`, columns padded with zeros.
pub(crate) struct Packed {
    pub k: usize,
    /// Columns, up to a multiple of 16; those that were not asked for are −∞ in every product.
    pub n: usize,
    data: Vec<Line>,
    /// −127 · the column's sum: what activations stored with 127 added bring in too much.
    pub correction: Buffer<i32>,
    pub scale: Buffer<f32>,
    pub bias: Buffer<f32>,
}

/// Whether weights are free of −128, which Marian never writes and the AVX2 kernel cannot negate.
pub(crate) fn is_sound(weights: &[u8]) -> bool {
    !weights.contains(&(i8::MIN as u8))
}

impl Packed {
    /// A matrix without columns, to be filled by [`reset`](Packed::reset) and [`set_column`](Packed::set_column).
    pub fn empty() -> Packed {
        Packed {
            k: 0,
            n: 0,
            data: Vec::new(),
            correction: Buffer::new(),
            scale: Buffer::new(),
            bias: Buffer::new(),
        }
    }

    /// Makes room for `[k, n]`, keeping the memory. The `n` columns must then be set.
    pub fn reset(&mut self, k: usize, n: usize) {
        assert!(k.is_multiple_of(STEP), "{k} is no multiple of {STEP}");
        let padded = n.next_multiple_of(PANEL);
        (self.k, self.n) = (k, n.next_multiple_of(16));
        self.data.resize(padded * k / 64, Line([0; 64]));
        self.correction.resize(padded);
        self.scale.resize(padded);
        self.bias.resize(padded);
        for at in n..padded {
            self.correction[at] = 0;
            self.scale[at] = 0.0;
            self.bias[at] = f32::NEG_INFINITY;
            // What an earlier matrix left there is multiplied by a scale of zero.
        }
    }

    /// Writes the columns `at..` for as many as there are in `weights`, at most sixteen; `at` is a multiple of 16.
    pub fn set_columns(&mut self, at: usize, weights: &[&[u8]], column: impl Fn(usize) -> Column) {
        assert!(at.is_multiple_of(16) && weights.len() <= 16);
        let first = at / PANEL * (self.k / STEP) * LINES + at % PANEL / 16;
        for (step, line) in self.data[first..].iter_mut().step_by(LINES).take(self.k / STEP).enumerate() {
            for (weights, four) in weights.iter().zip(line.0.as_chunks_mut::<STEP>().0) {
                let from: [u8; STEP] = *weights[step * STEP..].first_chunk().expect("k weights a column");
                *four = from.map(|w| w as i8);
            }
        }
        for (at, weights) in (at..).zip(weights) {
            let sum: i32 = weights[..self.k].iter().map(|&w| i32::from(w as i8)).sum();
            let Column { scale, bias } = column(at);
            self.correction[at] = -127 * sum;
            self.scale[at] = scale;
            self.bias[at] = bias;
        }
    }

    /// Number of panels.
    pub fn panels(&self) -> usize {
        self.n.div_ceil(PANEL)
    }

    /// One panel: for every four of `k`, four lines of sixteen columns by four.
    pub fn panel(&self, at: usize) -> &[Line] {
        let size = self.k / STEP * LINES;
        &self.data[at * size..][..size]
    }
}
