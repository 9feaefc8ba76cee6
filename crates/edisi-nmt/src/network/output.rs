//! From the decoder's last layer to tokens.

use crate::kernels::aligned::Buffer;
use crate::kernels::{Kernel, Out, Scan};
use crate::model::Model;
use crate::pack::{Column, Packed};

/// The tokens a sentence may be answered with, and their embeddings as the columns of a matrix.
pub(crate) struct Output {
    /// Ascending.
    candidates: Vec<u32>,
    matrix: Packed,
}

impl Default for Output {
    fn default() -> Output {
        Output { candidates: Vec::new(), matrix: Packed::empty() }
    }
}

impl Output {
    /// Gathers the embeddings of `candidates`, in ascending order; `unknown` can never be chosen.
    pub fn gather(&mut self, model: &Model, candidates: &[u32], unknown: u32) {
        self.candidates.clear();
        self.candidates.extend_from_slice(candidates);
        self.matrix.reset(model.config.dim, candidates.len());
        let scale = 1.0 / (model.weights.output_alpha * model.target.multiplier);
        let column = |at: usize| {
            let id = candidates[at];
            let bias = if id == unknown { f32::NEG_INFINITY } else { model.weights.output_bias[id as usize] };
            Column { scale, bias }
        };
        for (ids, at) in candidates.chunks(16).zip((0..).step_by(16)) {
            let mut rows = [&[][..]; 16];
            for (row, &id) in rows.iter_mut().zip(ids) {
                *row = model.row(&model.target, id);
            }
            self.matrix.set_columns(at, &rows[..ids.len()], column);
        }
    }

    /// Number of candidates.
    pub fn len(&self) -> usize {
        self.candidates.len()
    }

    /// The candidates, ascending.
    pub fn candidates(&self) -> &[u32] {
        &self.candidates
    }

    /// Scans each row's logits and hands them over with what was found.
    pub fn scan(
        &self,
        kernel: &dyn Kernel,
        rows: &[u8],
        logits: &mut Buffer<f32>,
        mut found: impl FnMut(Scan, &[f32]),
    ) {
        let width = self.matrix.n;
        let count = rows.len() / self.matrix.k;
        logits.resize(count * width);
        kernel.gemm(rows, count, &self.matrix, Out::Float { data: logits, stride: width });
        for row in logits.chunks_exact(width) {
            found(kernel.scan(row), row);
        }
    }
}
