//! AVX2 and FMA: what every x86-64 processor of the last ten years has.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::{Kernel, KvSpan, PAGE, Scan, math};
use crate::pack::{GROUP, PANEL, PackedMatrix, QuantRows};

/// Proof that the processor has the instructions.
pub(super) struct Avx2(());

impl Avx2 {
    /// The kernel, where the processor can run it.
    pub fn new() -> Option<Avx2> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Avx2(()))
    }
}

impl Kernel for Avx2 {
    fn name(&self) -> &'static str {
        "avx2"
    }

    vectorised! { "avx2,fma":
        fn gemm_panel(&self, acts: &QuantRows, matrix: &PackedMatrix, panel: usize, out: &mut [f32]) =
            gemm_panel(acts, matrix, panel, out);
        fn quantise(&self, x: &[f32], q: &mut [i8], scale: &mut [f32], correction: &mut [i32]) =
            math::quantise(x, q, scale, correction);
        fn rms_norm(&self, x: &[f32], weight: &[f32], eps: f32, out: &mut [f32]) =
            math::rms_norm(x, weight, eps, out);
        fn gelu_mul(&self, gate: &mut [f32], up: &[f32]) = math::gelu_mul(gate, up);
        fn add(&self, x: &mut [f32], y: &[f32]) = math::add(x, y);
        fn attend(&self, q: &[f32], spans: &[KvSpan<'_>], dim: usize, scores: &mut Vec<f32>, out: &mut [f32]) =
            math::attend(
                q, spans, dim, scores, out,
                |q, dim, keys| page_scores::<4>(q, dim, keys),
                |q, dim, keys| page_scores::<1>(q, dim, keys),
            );
        fn scan_logits(&self, logits: &[f32], stride: usize, bias: &[f32], first_id: u32, keep: usize) -> Scan =
            math::scan_logits(logits, stride, bias, first_id, keep);
    }
}

/// Columns of one register.
const WIDTH: usize = 8;

#[target_feature(enable = "avx2,fma")]
fn gemm_panel(acts: &QuantRows, matrix: &PackedMatrix, panel: usize, out: &mut [f32]) {
    let mut m = 0;
    while m + 2 <= acts.m {
        tile::<2>(acts, matrix, panel, m, out);
        m += 2;
    }
    if m < acts.m {
        tile::<1>(acts, matrix, panel, m, out);
    }
}

/// Rows `m..m + R` of one panel, eight columns at a time.
#[target_feature(enable = "avx2,fma")]
fn tile<const R: usize>(acts: &QuantRows, matrix: &PackedMatrix, panel: usize, m: usize, out: &mut [f32]) {
    let (data, scales) = matrix.panel(panel);
    let (k, groups) = (acts.k, acts.k / GROUP);
    // The loads below read within these bounds.
    assert!(matrix.k == k && k % GROUP == 0);
    assert!(data.len() == groups * GROUP * PANEL && scales.len() == groups * PANEL);
    assert!(acts.q.len() >= (m + R) * k && acts.scale.len() >= (m + R) * groups);
    assert!(acts.correction.len() >= (m + R) * groups && out.len() >= (m + R) * PANEL);
    let (ones, flip) = (_mm256_set1_epi16(1), _mm256_set1_epi8(-128));
    for c in 0..PANEL / WIDTH {
        let mut sums = [_mm256_setzero_ps(); R];
        for g in 0..groups {
            let mut acc = [_mm256_setzero_si256(); R];
            for step in 0..GROUP / 4 {
                let at = (g * (GROUP / 4) + step) * 4 * PANEL + c * 4 * WIDTH;
                // SAFETY: at + 32 ≤ groups · 1024 = data.len(), checked above.
                let w = unsafe { _mm256_loadu_si256(data.as_ptr().add(at).cast()) };
                let w = _mm256_xor_si256(w, flip);
                for (r, acc) in acc.iter_mut().enumerate() {
                    // SAFETY: (m + r) · k + g · 32 + step · 4 + 4 ≤ (m + R) · k ≤ acts.q.len(), checked above.
                    let four = unsafe {
                        acts.q.as_ptr().add((m + r) * k + g * GROUP + step * 4).cast::<i32>().read_unaligned()
                    };
                    let a = _mm256_set1_epi32(four);
                    // |a| · sign(a)·w keeps each pair's sum within 2 · 127 · 128 < 2^15: nothing saturates.
                    let pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(a), _mm256_sign_epi8(w, a));
                    *acc = _mm256_add_epi32(*acc, _mm256_madd_epi16(pairs, ones));
                }
            }
            // SAFETY: g · 32 + c · 8 + 8 ≤ scales.len(), checked above.
            let s = unsafe { _mm256_loadu_ps(scales.as_ptr().add(g * PANEL + c * WIDTH)) };
            for r in 0..R {
                let a = _mm256_set1_ps(acts.scale[(m + r) * groups + g]);
                sums[r] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(acc[r]), _mm256_mul_ps(s, a), sums[r]);
            }
        }
        for (r, sums) in sums.iter().enumerate() {
            // SAFETY: (m + r) · 32 + c · 8 + 8 ≤ out.len(), checked above.
            unsafe { _mm256_storeu_ps(out.as_mut_ptr().add((m + r) * PANEL + c * WIDTH), *sums) };
        }
    }
}

/// As [`math::page_scores`]: the same sums in the same order.
#[target_feature(enable = "avx2,fma")]
fn page_scores<const H: usize>(q: &[f32], head_dim: usize, keys: &[f32]) -> [math::Lanes; H] {
    // The loads below read within these bounds.
    assert!(q.len() >= H * head_dim && keys.len() >= head_dim * PAGE && head_dim.is_multiple_of(2));
    let mut sums = [[0.0; math::LANES]; H];
    for (h, sums) in sums.iter_mut().enumerate() {
        let mut acc = [[_mm256_setzero_ps(); 2]; 2];
        for d in 0..head_dim {
            // SAFETY: (d + 1) · 16 ≤ keys.len() and h · head_dim + d < q.len(), checked above.
            let (low, high, q) = unsafe {
                let p = keys.as_ptr().add(d * PAGE);
                (_mm256_loadu_ps(p), _mm256_loadu_ps(p.add(WIDTH)), *q.get_unchecked(h * head_dim + d))
            };
            let acc = &mut acc[d % 2];
            acc[0] = _mm256_fmadd_ps(_mm256_set1_ps(q), low, acc[0]);
            acc[1] = _mm256_fmadd_ps(_mm256_set1_ps(q), high, acc[1]);
        }
        // SAFETY: the array has the sixteen floats that are stored.
        unsafe {
            _mm256_storeu_ps(sums.as_mut_ptr(), _mm256_add_ps(acc[0][0], acc[1][0]));
            _mm256_storeu_ps(sums.as_mut_ptr().add(WIDTH), _mm256_add_ps(acc[0][1], acc[1][1]));
        }
    }
    sums
}
