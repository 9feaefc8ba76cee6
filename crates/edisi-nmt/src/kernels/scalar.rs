//! The specification of the other kernels, and what processors without their instructions run.

use super::aligned::{Buffer, Line};
use super::lanes::Portable;
use super::{Kernel, Memory, Norm, Out, Scan, math};
use crate::pack::{PANEL, Packed, STEP};

/// Runs anywhere.
pub(super) struct Scalar;

impl Kernel for Scalar {
    fn name(&self) -> &'static str {
        "scalar"
    }

    fn gemm(&self, a: &[u8], m: usize, w: &Packed, mut out: Out<'_>) {
        for at in 0..w.panels() {
            for row in 0..m {
                let mut sums: [i32; PANEL] = w.correction[at * PANEL..][..PANEL].try_into().expect("a panel");
                multiply(&a[row * w.k..][..w.k], w.panel(at), &mut sums);
                store(&sums, w, at, row, &mut out);
            }
        }
    }

    fn quantise(&self, x: &[f32], alpha: f32, out: &mut [u8]) {
        math::quantise::<Portable>(x, alpha, out);
    }

    fn add_norm(&self, x: &mut [f32], y: &[f32], norm: &Norm) {
        math::add_norm::<Portable>(x, y, norm);
    }

    fn embed(&self, row: &[u8], scale: f32, position: &[f32], out: &mut [f32]) {
        math::embed::<Portable>(row, scale, position, out);
    }

    fn attend_self(&self, heads: usize, dim: usize, qkv: &[f32], scratch: &mut Buffer<f32>, out: &mut [f32]) {
        math::attend_self::<Portable>(heads, dim, qkv, scratch, out);
    }

    fn attend_cross(
        &self,
        q: &[f32],
        memory: &Memory<'_>,
        scratch: &mut Buffer<f32>,
        weights: &mut [f32],
        out: &mut [f32],
    ) {
        math::attend_cross::<Portable>(q, memory, scratch, weights, out);
    }

    fn cell(&self, gates: &[f32], state: &mut [f32], out: &mut [f32]) {
        math::cell::<Portable>(gates, state, out);
    }

    fn scan(&self, logits: &[f32]) -> Scan {
        math::scan::<Portable>(logits)
    }
}

/// Adds the products of one row with a panel's columns to `sums`.
fn multiply(a: &[u8], panel: &[Line], sums: &mut [i32; PANEL]) {
    for (four, lines) in a.chunks_exact(STEP).zip(panel.chunks_exact(PANEL / 16)) {
        for (line, sums) in lines.iter().zip(sums.chunks_exact_mut(16)) {
            for (w, sum) in line.0.chunks_exact(STEP).zip(sums) {
                for (a, w) in four.iter().zip(w) {
                    *sum += i32::from(*a) * i32::from(*w);
                }
            }
        }
    }
}

/// Turns one row's sums over a panel into what is asked for.
fn store(sums: &[i32; PANEL], w: &Packed, panel: usize, row: usize, out: &mut Out<'_>) {
    let first = panel * PANEL;
    for (column, sum) in (first..w.n).zip(sums) {
        let value = (*sum as f32).mul_add(w.scale[column], w.bias[column]);
        match out {
            Out::Float { data, stride } => data[row * *stride + column] = value,
            Out::Relu { data, alpha } => {
                let value = if value > 0.0 { value * *alpha } else { 0.0 };
                data[row * w.n + column] = (value.min(127.0).round_ties_even() as i32 + 127) as u8;
            }
        }
    }
}
