//! Sixteen floats in the registers of 64-bit ARM.

use std::arch::aarch64::*;

use super::{LANES, Lanes, MAGIC};

/// Four registers of NEON, lower lanes first.
#[derive(Clone, Copy)]
pub struct Quad([float32x4_t; 4]);

// SAFETY, for every `unsafe` below: the trait's methods are only called where the processor has the
// instructions (see the trait); loads and stores are of exactly the array's sixteen elements.

impl Quad {
    #[inline(always)]
    fn map(self, f: impl Fn(float32x4_t) -> float32x4_t) -> Quad {
        let [a, b, c, d] = self.0;
        Quad([f(a), f(b), f(c), f(d)])
    }

    #[inline(always)]
    fn zip(self, other: Quad, f: impl Fn(float32x4_t, float32x4_t) -> float32x4_t) -> Quad {
        let ([a, b, c, d], [e, g, h, i]) = (self.0, other.0);
        Quad([f(a, e), f(b, g), f(c, h), f(d, i)])
    }
}

/// The greater of each two, the second where they are equal, as on x86.
///
/// # Safety
/// The processor must have NEON.
#[inline(always)]
unsafe fn greater(a: float32x4_t, b: float32x4_t) -> float32x4_t {
    // SAFETY: promised by the caller.
    unsafe { vbslq_f32(vcgtq_f32(a, b), a, b) }
}

impl Lanes for Quad {
    #[inline(always)]
    fn load(from: &[f32; LANES]) -> Self {
        let from = from.as_ptr();
        // SAFETY: see above.
        unsafe {
            Quad([vld1q_f32(from), vld1q_f32(from.add(4)), vld1q_f32(from.add(8)), vld1q_f32(from.add(12))])
        }
    }
    #[inline(always)]
    fn store(self, to: &mut [f32; LANES]) {
        let ([a, b, c, d], to) = (self.0, to.as_mut_ptr());
        // SAFETY: see above.
        unsafe {
            vst1q_f32(to, a);
            vst1q_f32(to.add(4), b);
            vst1q_f32(to.add(8), c);
            vst1q_f32(to.add(12), d);
        }
    }
    #[inline(always)]
    fn splat(x: f32) -> Self {
        // SAFETY: see above.
        Quad([unsafe { vdupq_n_f32(x) }; 4])
    }
    #[inline(always)]
    fn from_bytes(from: &[u8; LANES]) -> Self {
        // SAFETY: see above.
        unsafe {
            let bytes = vreinterpretq_s8_u8(vld1q_u8(from.as_ptr()));
            let (low, high) = (vmovl_s8(vget_low_s8(bytes)), vmovl_high_s8(bytes));
            Quad([
                vcvtq_f32_s32(vmovl_s16(vget_low_s16(low))),
                vcvtq_f32_s32(vmovl_high_s16(low)),
                vcvtq_f32_s32(vmovl_s16(vget_low_s16(high))),
                vcvtq_f32_s32(vmovl_high_s16(high)),
            ])
        }
    }
    #[inline(always)]
    fn store_quantised(self, to: &mut [u8; LANES]) {
        let [a, b, c, d] = self.0;
        // SAFETY: see above.
        unsafe {
            let word = |x| vmovn_u32(vreinterpretq_u32_s32(vaddq_s32(vcvtnq_s32_f32(x), vdupq_n_s32(127))));
            let low = vmovn_u16(vcombine_u16(word(a), word(b)));
            let high = vmovn_u16(vcombine_u16(word(c), word(d)));
            vst1q_u8(to.as_mut_ptr(), vcombine_u8(low, high));
        }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: see above.
        self.zip(other, |a, b| unsafe { vaddq_f32(a, b) })
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        // SAFETY: see above.
        self.zip(other, |a, b| unsafe { vsubq_f32(a, b) })
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        // SAFETY: see above.
        self.zip(other, |a, b| unsafe { vmulq_f32(a, b) })
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        // SAFETY: see above.
        self.zip(other, |a, b| unsafe { vdivq_f32(a, b) })
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, summand: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h], [i, j, k, l]) = (self.0, factor.0, summand.0);
        // SAFETY: see above.
        unsafe { Quad([vfmaq_f32(i, a, e), vfmaq_f32(j, b, f), vfmaq_f32(k, c, g), vfmaq_f32(l, d, h)]) }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        // SAFETY: see above.
        self.zip(other, |a, b| unsafe { greater(a, b) })
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        // SAFETY: see above.
        self.zip(other, |a, b| unsafe { vbslq_f32(vcltq_f32(a, b), a, b) })
    }
    #[inline(always)]
    fn sum(self) -> f32 {
        let [a, b, c, d] = self.0;
        // SAFETY: see above.
        unsafe {
            let four = vaddq_f32(vaddq_f32(a, c), vaddq_f32(b, d));
            let two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
            vget_lane_f32::<0>(two) + vget_lane_f32::<1>(two)
        }
    }
    #[inline(always)]
    fn greatest(self) -> f32 {
        let [a, b, c, d] = self.0;
        // SAFETY: see above.
        unsafe { vmaxvq_f32(greater(greater(a, c), greater(b, d))) }
    }
    #[inline(always)]
    fn equal(self, other: Self) -> u16 {
        const BITS: [u32; 4] = [1, 2, 4, 8];
        let mut mask = 0;
        for (at, (a, b)) in self.0.into_iter().zip(other.0).enumerate() {
            // SAFETY: see above.
            let four = unsafe { vaddvq_u32(vandq_u32(vceqq_f32(a, b), vld1q_u32(BITS.as_ptr()))) };
            mask |= (four as u16) << (4 * at);
        }
        mask
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        // SAFETY: see above.
        self.map(|x| unsafe {
            let n = vsubq_s32(vreinterpretq_s32_f32(x), vdupq_n_s32(MAGIC.to_bits() as i32 - 127));
            vreinterpretq_f32_s32(vshlq_n_s32::<23>(n))
        })
    }
    #[inline(always)]
    fn only_where_greater(self, x: Self, bound: Self) -> Self {
        let mut kept = self.0;
        for (at, kept) in kept.iter_mut().enumerate() {
            // SAFETY: see above.
            *kept = unsafe {
                let mask = vcgtq_f32(x.0[at], bound.0[at]);
                vreinterpretq_f32_u32(vandq_u32(mask, vreinterpretq_u32_f32(*kept)))
            };
        }
        Quad(kept)
    }
}
