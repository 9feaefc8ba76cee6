//! The specification: plain Rust, any processor.

use super::{Kernel, KvSpan, Scan, math};
use crate::pack::{GROUP, PANEL, PackedMatrix, QuantRows};

pub(super) struct Scalar;

impl Kernel for Scalar {
    fn name(&self) -> &'static str {
        "scalar"
    }

    fn gemm_panel(&self, acts: &QuantRows, matrix: &PackedMatrix, panel: usize, out: &mut [f32]) {
        let (data, scales) = matrix.panel(panel);
        let groups = acts.k / GROUP;
        for (m, out) in out.chunks_exact_mut(PANEL).enumerate() {
            let q = &acts.q[m * acts.k..(m + 1) * acts.k];
            out.fill(0.0);
            for g in 0..groups {
                let mut acc = [acts.correction[m * groups + g]; PANEL];
                for (step, a) in q[g * GROUP..(g + 1) * GROUP].chunks_exact(4).enumerate() {
                    let w = &data[(g * GROUP / 4 + step) * 4 * PANEL..][..4 * PANEL];
                    for (c, acc) in acc.iter_mut().enumerate() {
                        for i in 0..4 {
                            *acc += i32::from(w[c * 4 + i]) * i32::from(a[i]);
                        }
                    }
                }
                let scale = acts.scale[m * groups + g];
                for (c, out) in out.iter_mut().enumerate() {
                    *out = (acc[c] as f32).mul_add(scales[g * PANEL + c] * scale, *out);
                }
            }
        }
    }

    fn quantise(&self, x: &[f32], q: &mut [i8], scale: &mut [f32], correction: &mut [i32]) {
        math::quantise(x, q, scale, correction);
    }

    fn rms_norm(&self, x: &[f32], weight: &[f32], eps: f32, out: &mut [f32]) {
        math::rms_norm(x, weight, eps, out);
    }

    fn gelu_mul(&self, gate: &mut [f32], up: &[f32]) {
        math::gelu_mul(gate, up);
    }

    fn add(&self, x: &mut [f32], y: &[f32]) {
        math::add(x, y);
    }

    fn attend(
        &self,
        q: &[f32],
        spans: &[KvSpan<'_>],
        head_dim: usize,
        scores: &mut Vec<f32>,
        out: &mut [f32],
    ) {
        math::attend(q, spans, head_dim, scores, out, math::page_scores, math::page_scores);
    }

    fn scan_logits(&self, logits: &[f32], stride: usize, bias: &[f32], first_id: u32, keep: usize) -> Scan {
        math::scan_logits(logits, stride, bias, first_id, keep)
    }
}
