//! AVX-VNNI: thirty-two multiply-adds an instruction, on processors without AVX-512.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::aligned::Buffer;
use super::half::{REGISTERS, TILE, WIDTH};
use super::lanes::Pair;
use super::{Kernel, Memory, Norm, Out, Scan, math};
use crate::pack::{PANEL, Packed, STEP};

/// Proof that the processor has the instructions.
pub(super) struct AvxVnni(());

impl AvxVnni {
    /// The kernel, where the processor can run it.
    pub fn new() -> Option<AvxVnni> {
        (is_x86_feature_detected!("avxvnni")
            && is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma"))
        .then_some(AvxVnni(()))
    }
}

impl Kernel for AvxVnni {
    fn name(&self) -> &'static str {
        "avx-vnni"
    }

    vectorised! { "avxvnni,avx2,fma":
        fn gemm(&self, a: &[u8], m: usize, w: &Packed, out: Out<'_>) = gemm(a, m, w, out);
    }
    lane_loops! { "avxvnni,avx2,fma", Pair }
}

half_panels! { "avxvnni,avx2,fma", _mm256_dpbusd_avx_epi32, true }
