//! Sixteen floats at a time: the operations that [`math`](super::math) is written in.
//!
//! Each instruction set has its own type for them. All round alike: every operation is one IEEE 754 operation a
//! lane, multiply-adds are fused, and sums over lanes are taken in one fixed tree.
#![allow(unsafe_code)]

/// Floats in a value.
pub(super) const LANES: usize = 16;

/// Added and taken away, rounds a float below 2^22 to an integer, ties to even: 1.5 · 2^23.
const MAGIC: f32 = 12_582_912.0;

/// Sixteen floats.
///
/// # Safety
/// Methods may only be called where the processor has the instructions of the type: within a kernel's methods.
/// They are not marked `unsafe` one by one, because the kernels' `vectorised!` macro is the one place where they
/// are reached, and it holds the proof.
pub(super) trait Lanes: Copy {
    fn load(from: &[f32; LANES]) -> Self;
    fn store(self, to: &mut [f32; LANES]);
    fn splat(x: f32) -> Self;
    /// Sixteen int8, as bytes.
    fn from_bytes(from: &[u8; LANES]) -> Self;
    /// Stores `round(self) + 127`, ties to even, for values from −127 to 127.
    fn store_quantised(self, to: &mut [u8; LANES]);
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    /// `self · factor + summand`, rounded once.
    fn mul_add(self, factor: Self, summand: Self) -> Self;
    /// The greater of each two; neither is NaN.
    fn max(self, other: Self) -> Self;
    /// The lesser of each two; neither is NaN.
    fn min(self, other: Self) -> Self;
    /// `a[i] + a[i + 8]`, of these `a[i] + a[i + 4]`, and so on.
    fn sum(self) -> f32;
    /// The greatest.
    fn greatest(self) -> f32;
    /// A bit for each lane that equals the other's.
    fn equal(self, other: Self) -> u16;
    /// 2^n for lanes that hold `n` + [`MAGIC`].
    fn power_of_two(self) -> Self;
    /// Zero in the lanes where `x` is not greater than `bound`.
    fn only_where_greater(self, x: Self, bound: Self) -> Self;
}

/// e^x, relative error below 2e-7 for -87 < x ≤ 88; 0 below that range, e^88 above it.
///
/// Cody–Waite range reduction and the degree-6 minimax polynomial of Cephes' `expf`.
#[inline(always)]
pub(super) fn exp<V: Lanes>(x: V) -> V {
    let low = V::splat(-87.0);
    let bounded = x.max(low).min(V::splat(88.0));
    let shifted = bounded.mul_add(V::splat(std::f32::consts::LOG2_E), V::splat(MAGIC));
    let n = shifted.sub(V::splat(MAGIC));
    let r = n.mul_add(V::splat(-0.693_359_4), bounded);
    let r = n.mul_add(V::splat(2.121_944_4e-4), r);
    let mut p = V::splat(1.987_569_1e-4);
    p = p.mul_add(r, V::splat(1.398_199_9e-3));
    p = p.mul_add(r, V::splat(8.333_452e-3));
    p = p.mul_add(r, V::splat(4.166_579_6e-2));
    p = p.mul_add(r, V::splat(1.666_666_5e-1));
    p = p.mul_add(r, V::splat(0.5));
    let p = p.mul(r).mul_add(r, r).add(V::splat(1.0));
    p.mul(shifted.power_of_two()).only_where_greater(x, low)
}

/// Plain Rust.
#[derive(Clone, Copy)]
pub(super) struct Portable([f32; LANES]);

impl Portable {
    #[inline(always)]
    fn map(self, f: impl Fn(f32) -> f32) -> Portable {
        Portable(self.0.map(f))
    }

    #[inline(always)]
    fn zip(self, other: Portable, f: impl Fn(f32, f32) -> f32) -> Portable {
        Portable(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }

    /// Folds halves onto each other until one is left.
    #[inline(always)]
    fn fold(self, f: impl Fn(f32, f32) -> f32) -> f32 {
        let mut lanes = self.0;
        let mut width = LANES / 2;
        while width > 0 {
            for i in 0..width {
                lanes[i] = f(lanes[i], lanes[i + width]);
            }
            width /= 2;
        }
        lanes[0]
    }
}

impl Lanes for Portable {
    fn load(from: &[f32; LANES]) -> Self {
        Portable(*from)
    }
    fn store(self, to: &mut [f32; LANES]) {
        *to = self.0;
    }
    fn splat(x: f32) -> Self {
        Portable([x; LANES])
    }
    fn from_bytes(from: &[u8; LANES]) -> Self {
        Portable(from.map(|b| f32::from(b as i8)))
    }
    fn store_quantised(self, to: &mut [u8; LANES]) {
        *to = self.0.map(|x| (x.round_ties_even() as i32 + 127) as u8);
    }
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
    fn div(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }
    fn mul_add(self, factor: Self, summand: Self) -> Self {
        Portable(std::array::from_fn(|i| self.0[i].mul_add(factor.0[i], summand.0[i])))
    }
    fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }
    fn min(self, other: Self) -> Self {
        self.zip(other, |a, b| if a < b { a } else { b })
    }
    fn sum(self) -> f32 {
        self.fold(|a, b| a + b)
    }
    fn greatest(self) -> f32 {
        self.fold(|a, b| if a > b { a } else { b })
    }
    fn equal(self, other: Self) -> u16 {
        (0..LANES).filter(|&i| self.0[i] == other.0[i]).fold(0, |mask, i| mask | 1 << i)
    }
    fn power_of_two(self) -> Self {
        self.map(|x| f32::from_bits(x.to_bits().wrapping_sub(MAGIC.to_bits()).wrapping_add(127) << 23))
    }
    fn only_where_greater(self, x: Self, bound: Self) -> Self {
        Portable(std::array::from_fn(|i| if x.0[i] > bound.0[i] { self.0[i] } else { 0.0 }))
    }
}

#[cfg(target_arch = "x86_64")]
mod x86;
#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Pair, Wide};

#[cfg(target_arch = "aarch64")]
mod arm;
#[cfg(target_arch = "aarch64")]
pub(super) use arm::Quad;
