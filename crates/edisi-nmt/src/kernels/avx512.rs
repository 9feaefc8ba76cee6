//! AVX-512 with VNNI: sixty-four multiply-adds an instruction.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::aligned::Buffer;
use super::lanes::Wide;
use super::{Kernel, Memory, Norm, Out, Scan, math};
use crate::pack::{PANEL, Packed, STEP};

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
        fn gemm(&self, a: &[u8], m: usize, w: &Packed, out: Out<'_>) = gemm(a, m, w, out);
    }
    lane_loops! { "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,avx2", Wide }
}

/// Rows of a large tile: 12 · 2 sums, two registers of weights and the broadcasts fill the 32 that there are. Tall
/// tiles read fewer weights for each product, which come from a farther cache than activations do.
const TALL: usize = 12;
/// Rows of a square tile: 6 · 4 sums.
const SQUARE: usize = 6;
/// Registers of sixteen columns in a panel.
const LINES: usize = PANEL / 16;

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,avx2")]
fn gemm(a: &[u8], m: usize, w: &Packed, mut out: Out<'_>) {
    for panel in 0..w.panels() {
        let mut row = 0;
        while m - row >= TALL {
            tile::<TALL, 2, 1>(a, row, w, (panel, 0), &mut out);
            row += TALL;
        }
        // The other half after all rows of the first: half a panel stays in the nearest cache.
        for row in (0..row).step_by(TALL) {
            tile::<TALL, 2, 1>(a, row, w, (panel, 2), &mut out);
        }
        while row < m {
            match m - row {
                1 => tile::<1, LINES, 2>(a, row, w, (panel, 0), &mut out),
                2 => tile::<2, LINES, 2>(a, row, w, (panel, 0), &mut out),
                3 => tile::<3, LINES, 1>(a, row, w, (panel, 0), &mut out),
                4 => tile::<4, LINES, 1>(a, row, w, (panel, 0), &mut out),
                5 => tile::<5, LINES, 1>(a, row, w, (panel, 0), &mut out),
                _ => tile::<SQUARE, LINES, 1>(a, row, w, (panel, 0), &mut out),
            }
            row += SQUARE;
        }
    }
}

/// Rows `row..row + R` by `L` lines of one panel, from its line `first` on. `S` sums are kept for each output and
/// added at the end, because with few rows there are too few independent sums to hide the instruction's latency.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,avx2")]
fn tile<const R: usize, const L: usize, const S: usize>(
    a: &[u8],
    row: usize,
    w: &Packed,
    (panel, first): (usize, usize),
    out: &mut Out<'_>,
) {
    let weights = w.panel(panel);
    let (k, steps) = (w.k, w.k / STEP);
    // The loads below read within these bounds.
    assert!(
        a.len() >= (row + R) * k && weights.len() == steps * LINES && k % STEP == 0 && first + L <= LINES
    );
    assert!(w.correction.len() >= (panel + 1) * PANEL);
    let zero = _mm512_setzero_si512();
    let mut sums = [[[zero; L]; R]; S];
    let corrections = w.correction[panel * PANEL + first * 16..][..L * 16].as_chunks::<16>().0;
    for (line, correction) in corrections.iter().enumerate() {
        // SAFETY: the chunk has sixteen i32.
        let correction = unsafe { _mm512_loadu_si512(correction.as_ptr().cast()) };
        for sums in &mut sums[0] {
            sums[line] = correction;
        }
    }
    let (a, weights) = (a[row * k..].as_ptr(), weights[first..].as_ptr().cast());
    let mut step = 0;
    while step + S <= steps {
        for (s, sums) in sums.iter_mut().enumerate() {
            // SAFETY: step + s < steps, so lines (step + s) · 4 + first .. + L are in `weights`, and bytes
            // r · k + (step + s) · 4 .. + 4 are in `a`, both checked above; lines are aligned to 64 bytes.
            unsafe { multiply(a, k, weights, step + s, sums) };
        }
        step += S;
    }
    while step < steps {
        // SAFETY: step < steps, as above.
        unsafe { multiply(a, k, weights, step, &mut sums[0]) };
        step += 1;
    }
    let mut total = sums[0];
    for more in &sums[1..] {
        for (total, more) in total.as_flattened_mut().iter_mut().zip(more.as_flattened()) {
            *total = _mm512_add_epi32(*total, *more);
        }
    }
    store(&total, row, w, panel * PANEL + first * 16, out);
}

/// Adds the products of four elements of `k` for `R` rows and `L` lines of weights.
///
/// # Safety
/// `a` must be readable at `r · k + 4 · step .. + 4` for all r < R, `weights` at `64 · 4 · step .. + 64 · L` and
/// aligned to 64 bytes.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,avx2")]
unsafe fn multiply<const R: usize, const L: usize>(
    a: *const u8,
    k: usize,
    weights: *const __m512i,
    step: usize,
    sums: &mut [[__m512i; L]; R],
) {
    let mut lines = [_mm512_setzero_si512(); L];
    for (l, line) in lines.iter_mut().enumerate() {
        // SAFETY: promised by the caller.
        *line = unsafe { _mm512_load_si512(weights.add(step * LINES + l)) };
    }
    for (r, sums) in sums.iter_mut().enumerate() {
        // SAFETY: promised by the caller.
        let four = unsafe { a.add(r * k + step * STEP).cast::<i32>().read_unaligned() };
        let four = _mm512_set1_epi32(four);
        for (sum, line) in sums.iter_mut().zip(lines) {
            *sum = _mm512_dpbusd_epi32(*sum, four, line);
        }
    }
}

/// Writes `R` rows of `L` lines, whose first column is `first`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,avx2")]
fn store<const R: usize, const L: usize>(
    sums: &[[__m512i; L]; R],
    row: usize,
    w: &Packed,
    first: usize,
    out: &mut Out<'_>,
) {
    assert!(w.scale.len() >= first + L * 16 && w.bias.len() >= first + L * 16 && w.n.is_multiple_of(16));
    for line in 0..L.min(w.n.saturating_sub(first) / 16) {
        let column = first + line * 16;
        // SAFETY: column + 16 ≤ first + 16 · L, checked above; the buffers begin at a line.
        let (scale, bias) = unsafe {
            (_mm512_load_ps(w.scale.as_ptr().add(column)), _mm512_load_ps(w.bias.as_ptr().add(column)))
        };
        for (r, sums) in sums.iter().enumerate() {
            let value = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[line]), scale, bias);
            match out {
                Out::Float { data, stride } => {
                    let to = &mut data[(row + r) * *stride + column..][..16];
                    // SAFETY: sixteen floats.
                    unsafe { _mm512_storeu_ps(to.as_mut_ptr(), value) };
                }
                Out::Relu { data, alpha } => {
                    let to = &mut data[(row + r) * w.n + column..][..16];
                    let value =
                        _mm512_mul_ps(_mm512_max_ps(value, _mm512_setzero_ps()), _mm512_set1_ps(*alpha));
                    let value = _mm512_cvtps_epi32(_mm512_min_ps(value, _mm512_set1_ps(127.0)));
                    let value = _mm512_add_epi32(value, _mm512_set1_epi32(127));
                    // SAFETY: sixteen bytes.
                    unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), _mm512_cvtepi32_epi8(value)) };
                }
            }
        }
    }
}
