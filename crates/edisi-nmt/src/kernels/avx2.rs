//! AVX2 without VNNI: products of bytes are summed in pairs of sixteen bits first.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::aligned::Buffer;
use super::half::{REGISTERS, TILE, WIDTH};
use super::lanes::Pair;
use super::{Kernel, Memory, Norm, Out, Scan, math};
use crate::pack::{PANEL, Packed, STEP};

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
        fn gemm(&self, a: &[u8], m: usize, w: &Packed, out: Out<'_>) = gemm(a, m, w, out);
    }
    lane_loops! { "avx2,fma", Pair }
}

/// Adds the products of activations, stored with 127 added, and weights: |a| · sign(a)·w keeps each pair's sum
/// within 2 · 127 · 127 < 2^15, so that nothing saturates (weights are never −128, see `pack`).
#[inline]
#[target_feature(enable = "avx2,fma")]
fn dot(sum: __m256i, activations: __m256i, weights: __m256i) -> __m256i {
    let a = _mm256_sub_epi8(activations, _mm256_set1_epi8(127));
    let pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(a), _mm256_sign_epi8(weights, a));
    _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
}

half_panels! { "avx2,fma", dot, false }
