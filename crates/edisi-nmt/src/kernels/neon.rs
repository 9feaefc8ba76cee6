//! NEON, on 64-bit ARM: with the dot products that processors since about 2018 have, and without.
#![allow(unsafe_code)]

use std::arch::aarch64::*;
use std::arch::is_aarch64_feature_detected;

use super::aligned::Buffer;
use super::lanes::Quad;
use super::{Kernel, Memory, Norm, Out, Scan, math};
use crate::pack::{PANEL, Packed, STEP};

/// Proof that the processor has the instructions, dot products included.
pub(super) struct NeonDot(());

/// Proof that the processor has the instructions.
pub(super) struct Neon(());

impl NeonDot {
    /// The kernel, where the processor can run it.
    pub fn new() -> Option<NeonDot> {
        (is_aarch64_feature_detected!("neon") && is_aarch64_feature_detected!("dotprod"))
            .then_some(NeonDot(()))
    }
}

impl Neon {
    /// The kernel, where the processor can run it.
    pub fn new() -> Option<Neon> {
        is_aarch64_feature_detected!("neon").then_some(Neon(()))
    }
}

impl Kernel for NeonDot {
    fn name(&self) -> &'static str {
        "neon-dot"
    }

    vectorised! { "neon,dotprod":
        fn gemm(&self, a: &[u8], m: usize, w: &Packed, out: Out<'_>) = dot::gemm(a, m, w, out);
    }
    lane_loops! { "neon,dotprod", Quad }
}

impl Kernel for Neon {
    fn name(&self) -> &'static str {
        "neon"
    }

    vectorised! { "neon":
        fn gemm(&self, a: &[u8], m: usize, w: &Packed, out: Out<'_>) = plain::gemm(a, m, w, out);
    }
    lane_loops! { "neon", Quad }
}

/// Columns of a line.
const WIDTH: usize = 16;
/// Registers of a line, four columns by four of `k` each.
const REGISTERS: usize = 4;
/// Lines of a panel.
const LINES: usize = PANEL / WIDTH;
/// Rows of a tile: 6 · 4 sums, four registers of weights and the broadcasts fill the 32 that there are.
const TILE: usize = 6;

/// Defines `gemm` for an instruction set. `$add(sum, activations, weights)` adds the products of sixteen int8 to the
/// four sums, four to each.
macro_rules! line_tiles {
    ($features:literal, $add:path) => {
        #[target_feature(enable = $features)]
        pub(super) fn gemm(a: &[u8], m: usize, w: &Packed, mut out: Out<'_>) {
            for line in 0..w.n / WIDTH {
                let mut row = 0;
                while row < m {
                    match m - row {
                        1 => tile::<1>(a, row, w, line, &mut out),
                        2 => tile::<2>(a, row, w, line, &mut out),
                        3 => tile::<3>(a, row, w, line, &mut out),
                        4 => tile::<4>(a, row, w, line, &mut out),
                        5 => tile::<5>(a, row, w, line, &mut out),
                        _ => tile::<TILE>(a, row, w, line, &mut out),
                    }
                    row += TILE;
                }
            }
        }

        /// Rows `row..row + R` by the sixteen columns from `line` · 16 on.
        #[target_feature(enable = $features)]
        fn tile<const R: usize>(a: &[u8], row: usize, w: &Packed, line: usize, out: &mut Out<'_>) {
            let weights = &w.panel(line / LINES)[line % LINES..];
            let a = &a[row * w.k..][..R * w.k];
            let offset = vdupq_n_u8(127);
            let mut sums = [[vdupq_n_s32(0); REGISTERS]; R];
            for (step, weights) in weights.iter().step_by(LINES).enumerate() {
                let mut columns = [vdupq_n_s8(0); REGISTERS];
                for at in 0..REGISTERS {
                    // SAFETY: a line has 64 bytes, 4 · 16.
                    columns[at] = unsafe { vld1q_s8(weights.0.as_ptr().add(at * 16)) };
                }
                for r in 0..R {
                    let four: [u8; STEP] =
                        *a[r * w.k + step * STEP..].first_chunk().expect("k activations a row");
                    let four = vreinterpretq_u8_u32(vdupq_n_u32(u32::from_le_bytes(four)));
                    let four = vreinterpretq_s8_u8(vsubq_u8(four, offset));
                    for at in 0..REGISTERS {
                        sums[r][at] = $add(sums[r][at], four, columns[at]);
                    }
                }
            }
            for r in 0..R {
                store(&sums[r], row + r, w, line * WIDTH, out);
            }
        }
    };
}

mod dot {
    use super::*;

    line_tiles! { "neon,dotprod", add }

    #[inline]
    #[target_feature(enable = "neon,dotprod")]
    fn add(mut sum: int32x4_t, activations: int8x16_t, weights: int8x16_t) -> int32x4_t {
        // SAFETY: the function's features include the instruction; it reads and writes only the registers named. The
        // intrinsic for it is not stable yet.
        unsafe {
            std::arch::asm!(
                "sdot {sum:v}.4s, {weights:v}.16b, {activations:v}.16b",
                sum = inout(vreg) sum,
                weights = in(vreg) weights,
                activations = in(vreg) activations,
                options(pure, nomem, nostack, preserves_flags),
            );
        }
        sum
    }
}

mod plain {
    use super::*;

    line_tiles! { "neon", add }

    #[inline]
    #[target_feature(enable = "neon")]
    fn add(sum: int32x4_t, activations: int8x16_t, weights: int8x16_t) -> int32x4_t {
        let low = vmull_s8(vget_low_s8(activations), vget_low_s8(weights));
        let high = vmull_high_s8(activations, weights);
        // Two products are at most 2 · 127 · 127 < 2^15: weights are never −128 (see `pack`).
        vpadalq_s16(sum, vpaddq_s16(low, high))
    }
}

/// Writes one row's sixteen columns from `first` on.
#[inline]
#[target_feature(enable = "neon")]
fn store(sums: &[int32x4_t; REGISTERS], row: usize, w: &Packed, first: usize, out: &mut Out<'_>) {
    let (scale, bias) = (&w.scale[first..][..WIDTH], &w.bias[first..][..WIDTH]);
    let mut values = [vdupq_n_f32(0.0); REGISTERS];
    for at in 0..REGISTERS {
        // SAFETY: scale and bias have sixteen floats each.
        let (scale, bias) =
            unsafe { (vld1q_f32(scale.as_ptr().add(at * 4)), vld1q_f32(bias.as_ptr().add(at * 4))) };
        values[at] = vfmaq_f32(bias, vcvtq_f32_s32(sums[at]), scale);
    }
    match out {
        Out::Float { data, stride } => {
            let to = &mut data[row * *stride + first..][..WIDTH];
            for at in 0..REGISTERS {
                // SAFETY: sixteen floats.
                unsafe { vst1q_f32(to.as_mut_ptr().add(at * 4), values[at]) };
            }
        }
        Out::Relu { data, alpha } => {
            let to = &mut data[row * w.n + first..][..WIDTH];
            let mut words = [vdup_n_u16(0); REGISTERS];
            for at in 0..REGISTERS {
                let value = vmulq_n_f32(vmaxq_f32(values[at], vdupq_n_f32(0.0)), *alpha);
                let value = vcvtnq_s32_f32(vminq_f32(value, vdupq_n_f32(127.0)));
                words[at] = vmovn_u32(vreinterpretq_u32_s32(vaddq_s32(value, vdupq_n_s32(127))));
            }
            let low = vmovn_u16(vcombine_u16(words[0], words[1]));
            let high = vmovn_u16(vcombine_u16(words[2], words[3]));
            // SAFETY: sixteen bytes.
            unsafe { vst1q_u8(to.as_mut_ptr(), vcombine_u8(low, high)) };
        }
    }
}
