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
pub(super) use wide::{Pair, Wide};

#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::*;

    use super::{LANES, Lanes, MAGIC};

    /// One register of AVX-512 (F, BW, DQ, VL).
    #[derive(Clone, Copy)]
    pub struct Wide(__m512);

    /// Two registers of AVX2 with FMA, lower lanes first.
    #[derive(Clone, Copy)]
    pub struct Pair(__m256, __m256);

    // SAFETY, for every `unsafe` below: the trait's methods are only called where the processor has the
    // instructions (see the trait); loads and stores are unaligned and of exactly the array's sixteen elements.

    impl Lanes for Wide {
        #[inline(always)]
        fn load(from: &[f32; LANES]) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_loadu_ps(from.as_ptr()) })
        }
        #[inline(always)]
        fn store(self, to: &mut [f32; LANES]) {
            // SAFETY: see above.
            unsafe { _mm512_storeu_ps(to.as_mut_ptr(), self.0) }
        }
        #[inline(always)]
        fn splat(x: f32) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_set1_ps(x) })
        }
        #[inline(always)]
        fn from_bytes(from: &[u8; LANES]) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(from.as_ptr().cast()))) })
        }
        #[inline(always)]
        fn store_quantised(self, to: &mut [u8; LANES]) {
            // SAFETY: see above.
            unsafe {
                let rounded = _mm512_add_epi32(_mm512_cvtps_epi32(self.0), _mm512_set1_epi32(127));
                _mm_storeu_si128(to.as_mut_ptr().cast(), _mm512_cvtepi32_epi8(rounded));
            }
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_add_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_sub_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_mul_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn div(self, other: Self) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_div_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn mul_add(self, factor: Self, summand: Self) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_fmadd_ps(self.0, factor.0, summand.0) })
        }
        #[inline(always)]
        fn max(self, other: Self) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_max_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn min(self, other: Self) -> Self {
            // SAFETY: see above.
            Wide(unsafe { _mm512_min_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn sum(self) -> f32 {
            // SAFETY: see above.
            unsafe {
                let high = _mm512_extractf32x8_ps::<1>(self.0);
                sum_eight(_mm256_add_ps(_mm512_castps512_ps256(self.0), high))
            }
        }
        #[inline(always)]
        fn greatest(self) -> f32 {
            // SAFETY: see above.
            unsafe { _mm512_reduce_max_ps(self.0) }
        }
        #[inline(always)]
        fn equal(self, other: Self) -> u16 {
            // SAFETY: see above.
            unsafe { _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(self.0, other.0) }
        }
        #[inline(always)]
        fn power_of_two(self) -> Self {
            // SAFETY: see above.
            unsafe {
                let n = _mm512_sub_epi32(
                    _mm512_castps_si512(self.0),
                    _mm512_set1_epi32(MAGIC.to_bits() as i32 - 127),
                );
                Wide(_mm512_castsi512_ps(_mm512_slli_epi32::<23>(n)))
            }
        }
        #[inline(always)]
        fn only_where_greater(self, x: Self, bound: Self) -> Self {
            // SAFETY: see above.
            unsafe { Wide(_mm512_maskz_mov_ps(_mm512_cmp_ps_mask::<_CMP_GT_OQ>(x.0, bound.0), self.0)) }
        }
    }

    /// Sums eight lanes as the trait says.
    ///
    /// # Safety
    /// The processor must have AVX2.
    #[inline(always)]
    unsafe fn sum_eight(x: __m256) -> f32 {
        // SAFETY: promised by the caller.
        unsafe {
            let four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
        }
    }

    /// Applies an operation to both halves.
    macro_rules! both {
        ($op:ident($($x:expr),*)) => {
            // SAFETY: see above.
            unsafe { Pair($op($($x.0),*), $op($($x.1),*)) }
        };
    }

    impl Lanes for Pair {
        #[inline(always)]
        fn load(from: &[f32; LANES]) -> Self {
            // SAFETY: see above.
            unsafe { Pair(_mm256_loadu_ps(from.as_ptr()), _mm256_loadu_ps(from.as_ptr().add(8))) }
        }
        #[inline(always)]
        fn store(self, to: &mut [f32; LANES]) {
            // SAFETY: see above.
            unsafe {
                _mm256_storeu_ps(to.as_mut_ptr(), self.0);
                _mm256_storeu_ps(to.as_mut_ptr().add(8), self.1);
            }
        }
        #[inline(always)]
        fn splat(x: f32) -> Self {
            // SAFETY: see above.
            unsafe { Pair(_mm256_set1_ps(x), _mm256_set1_ps(x)) }
        }
        #[inline(always)]
        fn from_bytes(from: &[u8; LANES]) -> Self {
            // SAFETY: see above.
            unsafe {
                let bytes = _mm_loadu_si128(from.as_ptr().cast());
                let low = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes));
                Pair(low, _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_srli_si128::<8>(bytes))))
            }
        }
        #[inline(always)]
        fn store_quantised(self, to: &mut [u8; LANES]) {
            // SAFETY: see above.
            unsafe {
                let offset = _mm256_set1_epi32(127);
                let low = _mm256_add_epi32(_mm256_cvtps_epi32(self.0), offset);
                let high = _mm256_add_epi32(_mm256_cvtps_epi32(self.1), offset);
                // Packing works within halves of registers: 0–3 8–11 | 4–7 12–15, put in order afterwards.
                let words = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packus_epi32(low, high));
                let bytes =
                    _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256::<1>(words));
                _mm_storeu_si128(to.as_mut_ptr().cast(), bytes);
            }
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            both!(_mm256_add_ps(self, other))
        }
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            both!(_mm256_sub_ps(self, other))
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            both!(_mm256_mul_ps(self, other))
        }
        #[inline(always)]
        fn div(self, other: Self) -> Self {
            both!(_mm256_div_ps(self, other))
        }
        #[inline(always)]
        fn mul_add(self, factor: Self, summand: Self) -> Self {
            both!(_mm256_fmadd_ps(self, factor, summand))
        }
        #[inline(always)]
        fn max(self, other: Self) -> Self {
            both!(_mm256_max_ps(self, other))
        }
        #[inline(always)]
        fn min(self, other: Self) -> Self {
            both!(_mm256_min_ps(self, other))
        }
        #[inline(always)]
        fn sum(self) -> f32 {
            // SAFETY: see above.
            unsafe { sum_eight(_mm256_add_ps(self.0, self.1)) }
        }
        #[inline(always)]
        fn greatest(self) -> f32 {
            // SAFETY: see above.
            unsafe {
                let eight = _mm256_max_ps(self.0, self.1);
                let four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps::<1>(eight));
                let two = _mm_max_ps(four, _mm_movehl_ps(four, four));
                _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)))
            }
        }
        #[inline(always)]
        fn equal(self, other: Self) -> u16 {
            // SAFETY: see above.
            unsafe {
                let low = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_EQ_OQ>(self.0, other.0));
                let high = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_EQ_OQ>(self.1, other.1));
                (low | high << 8) as u16
            }
        }
        #[inline(always)]
        fn power_of_two(self) -> Self {
            // SAFETY: see above.
            unsafe {
                let magic = _mm256_set1_epi32(MAGIC.to_bits() as i32 - 127);
                let low = _mm256_slli_epi32::<23>(_mm256_sub_epi32(_mm256_castps_si256(self.0), magic));
                let high = _mm256_slli_epi32::<23>(_mm256_sub_epi32(_mm256_castps_si256(self.1), magic));
                Pair(_mm256_castsi256_ps(low), _mm256_castsi256_ps(high))
            }
        }
        #[inline(always)]
        fn only_where_greater(self, x: Self, bound: Self) -> Self {
            // SAFETY: see above.
            unsafe {
                let low = _mm256_cmp_ps::<_CMP_GT_OQ>(x.0, bound.0);
                let high = _mm256_cmp_ps::<_CMP_GT_OQ>(x.1, bound.1);
                Pair(_mm256_and_ps(low, self.0), _mm256_and_ps(high, self.1))
            }
        }
    }
}
