//! Sixteen floats in the registers of x86-64.

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
            let bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256::<1>(words));
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
