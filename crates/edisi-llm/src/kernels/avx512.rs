//! AVX-512 with VNNI: sixty-four multiply-adds an instruction.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::{Kernel, KvSpan, PAGE, Scan, math};
use crate::pack::{GROUP, PANEL, PackedMatrix, QuantRows};

/// Proof that the processor has the instructions.
pub(super) struct Avx512Vnni(());

impl Avx512Vnni {
    /// The kernel, where the processor can run it.
    pub fn new() -> Option<Avx512Vnni> {
        (is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vnni")
            && is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma"))
        .then_some(Avx512Vnni(()))
    }
}

impl Kernel for Avx512Vnni {
    fn name(&self) -> &'static str {
        "avx512-vnni"
    }

    vectorised! { "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,avx2":
        fn gemm_panel(&self, acts: &QuantRows, matrix: &PackedMatrix, panel: usize, out: &mut [f32]) =
            gemm_panel(acts, matrix, panel, out);
        fn quantise(&self, x: &[f32], q: &mut [i8], scale: &mut [f32], correction: &mut [i32]) =
            quantise(x, q, scale, correction);
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

/// Rows per tile: 2·6 integer and 2·6 float sums, two weight registers and the broadcasts fill the 32 there are.
const TILE: usize = 6;

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,avx2")]
fn gemm_panel(acts: &QuantRows, matrix: &PackedMatrix, panel: usize, out: &mut [f32]) {
    let mut m = 0;
    while m < acts.m {
        match acts.m - m {
            1 => tile::<1>(acts, matrix, panel, m, out),
            2 => tile::<2>(acts, matrix, panel, m, out),
            3 => tile::<3>(acts, matrix, panel, m, out),
            4 => tile::<4>(acts, matrix, panel, m, out),
            5 => tile::<5>(acts, matrix, panel, m, out),
            _ => tile::<TILE>(acts, matrix, panel, m, out),
        }
        m += TILE;
    }
}

/// Rows `m..m + R` of one panel.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,avx2")]
fn tile<const R: usize>(acts: &QuantRows, matrix: &PackedMatrix, panel: usize, m: usize, out: &mut [f32]) {
    let (data, scales) = matrix.panel(panel);
    let (k, groups) = (acts.k, acts.k / GROUP);
    // The loads below read within these bounds.
    assert!(matrix.k == k && k % GROUP == 0);
    assert!(data.len() == groups * GROUP * PANEL && scales.len() == groups * PANEL);
    assert!(acts.q.len() >= (m + R) * k && acts.scale.len() >= (m + R) * groups);
    assert!(acts.correction.len() >= (m + R) * groups && out.len() >= (m + R) * PANEL);
    let zero = _mm512_setzero_ps();
    let mut sums = [[zero; 2]; R];
    for g in 0..groups {
        let mut acc: [[__m512i; 2]; R] = std::array::from_fn(|r| {
            let c = _mm512_set1_epi32(acts.correction[(m + r) * groups + g]);
            [c, c]
        });
        for step in 0..GROUP / 4 {
            let at = (g * (GROUP / 4) + step) * 4 * PANEL;
            // SAFETY: at + 128 ≤ groups · 1024 = data.len(), checked above.
            let (w0, w1) = unsafe {
                let p = data.as_ptr().add(at);
                (_mm512_loadu_si512(p.cast()), _mm512_loadu_si512(p.add(64).cast()))
            };
            for (r, acc) in acc.iter_mut().enumerate() {
                // SAFETY: (m + r) · k + g · 32 + step · 4 + 4 ≤ (m + R) · k ≤ acts.q.len(), checked above.
                let four = unsafe {
                    acts.q.as_ptr().add((m + r) * k + g * GROUP + step * 4).cast::<i32>().read_unaligned()
                };
                let a = _mm512_set1_epi32(four);
                acc[0] = _mm512_dpbusd_epi32(acc[0], w0, a);
                acc[1] = _mm512_dpbusd_epi32(acc[1], w1, a);
            }
        }
        // SAFETY: g · 32 + 32 ≤ scales.len(), checked above.
        let (s0, s1) = unsafe {
            let p = scales.as_ptr().add(g * PANEL);
            (_mm512_loadu_ps(p), _mm512_loadu_ps(p.add(16)))
        };
        for r in 0..R {
            let a = _mm512_set1_ps(acts.scale[(m + r) * groups + g]);
            sums[r][0] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(acc[r][0]), _mm512_mul_ps(s0, a), sums[r][0]);
            sums[r][1] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(acc[r][1]), _mm512_mul_ps(s1, a), sums[r][1]);
        }
    }
    for (r, sums) in sums.iter().enumerate() {
        // SAFETY: (m + r) · 32 + 32 ≤ out.len(), checked above.
        unsafe {
            let p = out.as_mut_ptr().add((m + r) * PANEL);
            _mm512_storeu_ps(p, sums[0]);
            _mm512_storeu_ps(p.add(16), sums[1]);
        }
    }
}

/// As [`math::page_scores`]: the same sums in the same order.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,avx2")]
fn page_scores<const H: usize>(q: &[f32], head_dim: usize, keys: &[f32]) -> [math::Lanes; H] {
    // The loads below read within these bounds.
    assert!(q.len() >= H * head_dim && keys.len() >= head_dim * PAGE && head_dim.is_multiple_of(2));
    let mut acc = [[_mm512_setzero_ps(); 2]; H];
    for d in (0..head_dim).step_by(2) {
        // SAFETY: d + 2 ≤ head_dim, so (d + 2) · 16 ≤ keys.len(), checked above.
        let (even, odd) = unsafe {
            let p = keys.as_ptr().add(d * PAGE);
            (_mm512_loadu_ps(p), _mm512_loadu_ps(p.add(PAGE)))
        };
        for (h, acc) in acc.iter_mut().enumerate() {
            // SAFETY: h · head_dim + d + 2 ≤ H · head_dim ≤ q.len(), checked above.
            let (a, b) =
                unsafe { (*q.get_unchecked(h * head_dim + d), *q.get_unchecked(h * head_dim + d + 1)) };
            acc[0] = _mm512_fmadd_ps(_mm512_set1_ps(a), even, acc[0]);
            acc[1] = _mm512_fmadd_ps(_mm512_set1_ps(b), odd, acc[1]);
        }
    }
    acc.map(|[even, odd]| {
        let mut sums = [0.0; math::LANES];
        // SAFETY: the array has the sixteen floats that are stored.
        unsafe { _mm512_storeu_ps(sums.as_mut_ptr(), _mm512_add_ps(even, odd)) };
        sums
    })
}

/// As [`math::quantise`], bit for bit.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,avx2")]
fn quantise(x: &[f32], q: &mut [i8], scale: &mut [f32], correction: &mut [i32]) {
    const NEAREST: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
    for (((x, q), scale), correction) in
        x.chunks_exact(GROUP).zip(q.chunks_exact_mut(GROUP)).zip(scale).zip(correction)
    {
        // SAFETY: the chunk has 32 floats.
        let (a, b) = unsafe { (_mm512_loadu_ps(x.as_ptr()), _mm512_loadu_ps(x.as_ptr().add(16))) };
        let amax = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(a), _mm512_abs_ps(b)));
        let inverse = _mm512_set1_ps(if amax > 0.0 { 127.0 / amax } else { 0.0 });
        let round = |v| _mm512_cvtps_epi32(_mm512_roundscale_ps::<NEAREST>(_mm512_mul_ps(v, inverse)));
        let (a, b) = (round(a), round(b));
        // SAFETY: the chunk has 32 bytes.
        unsafe {
            _mm_storeu_si128(q.as_mut_ptr().cast(), _mm512_cvtepi32_epi8(a));
            _mm_storeu_si128(q.as_mut_ptr().add(16).cast(), _mm512_cvtepi32_epi8(b));
        }
        *scale = amax / 127.0;
        *correction = -128 * _mm512_reduce_add_epi32(_mm512_add_epi32(a, b));
    }
}
