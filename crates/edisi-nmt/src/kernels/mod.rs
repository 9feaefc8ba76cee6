//! The arithmetic, once for each instruction set.
//!
//! A kernel exists only where the processor has its instructions: [`Kernel`] values come from the `new` functions
//! of the modules below, which ask the processor. All kernels give the same bits: integer sums are exact, and
//! every float operation happens in the same order with the same fused multiply-adds, so the scalar kernel
//! specifies the others and the tests compare for equality, not closeness.

/// Methods of [`Kernel`] whose bodies are compiled for an instruction set.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! vectorised {
    ($features:literal: $(fn $name:ident(&self, $($arg:ident: $ty:ty),*) $(-> $ret:ty)? = $body:expr;)*) => { $(
        fn $name(&self, $($arg: $ty),*) $(-> $ret)? {
            #[target_feature(enable = $features)]
            fn run($($arg: $ty),*) $(-> $ret)? {
                $body
            }
            // SAFETY: the kernel exists, so `new` saw that the processor has the instructions.
            unsafe { run($($arg),*) }
        }
    )* };
}

/// The methods that are written over lanes, for an instruction set's type of them.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! lane_loops {
    ($features:literal, $lanes:ty) => { vectorised! { $features:
        fn quantise(&self, x: &[f32], alpha: f32, out: &mut [u8]) = math::quantise::<$lanes>(x, alpha, out);
        fn add_norm(&self, x: &mut [f32], y: &[f32], norm: &Norm) = math::add_norm::<$lanes>(x, y, norm);
        fn embed(&self, row: &[u8], scale: f32, position: &[f32], out: &mut [f32]) =
            math::embed::<$lanes>(row, scale, position, out);
        fn attend_self(&self, heads: usize, dim: usize, qkv: &[f32], scratch: &mut Buffer<f32>, out: &mut [f32]) =
            math::attend_self::<$lanes>(heads, dim, qkv, scratch, out);
        fn attend_cross(&self, q: &[f32], memory: &Memory<'_>, scratch: &mut Buffer<f32>, weights: &mut [f32], out: &mut [f32]) =
            math::attend_cross::<$lanes>(q, memory, scratch, weights, out);
        fn cell(&self, gates: &[f32], state: &mut [f32], out: &mut [f32]) = math::cell::<$lanes>(gates, state, out);
        fn scan(&self, logits: &[f32]) -> Scan = math::scan::<$lanes>(logits);
    } };
}

#[cfg(target_arch = "x86_64")]
#[macro_use]
mod half;
pub(crate) mod aligned;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod avxvnni;
mod lanes;
mod math;
#[cfg(target_arch = "aarch64")]
mod neon;
mod scalar;
#[cfg(test)]
mod tests;

use self::aligned::Buffer;
use crate::pack::Packed;

/// Where a product goes.
pub(crate) enum Out<'a> {
    /// As floats, rows `stride` apart.
    Float { data: &'a mut [f32], stride: usize },
    /// Negative values as zero, quantised with `alpha` for the product that follows, rows as wide as the matrix.
    Relu { data: &'a mut [u8], alpha: f32 },
}

/// The parameters of a layer normalisation.
pub(crate) struct Norm {
    pub scale: Buffer<f32>,
    pub bias: Buffer<f32>,
}

/// A sentence's keys and values for one decoder layer.
pub(crate) struct Memory<'a> {
    /// Positions.
    pub len: usize,
    pub heads: usize,
    /// `[dim, padded]`: each dimension of all positions side by side; `padded` is `len` up to a multiple of 16.
    pub keys: &'a [f32],
    /// `[len, dim]`.
    pub values: &'a [f32],
}

/// What a scan over logits found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scan {
    /// The column with the highest logit, the first among equals, and that logit.
    pub best: (u32, f32),
    /// The highest logit of the other columns.
    pub second: f32,
    /// Sum of `exp(logit - best)` over all columns.
    pub sum: f32,
}

/// The operations that the network is made of. Widths are multiples of 16.
pub(crate) trait Kernel: Send + Sync {
    /// Name as `EDISI_KERNEL` and reports give it.
    fn name(&self) -> &'static str;

    /// `a · w` for `a` `[m, w.k]`, quantised as by [`quantise`](Kernel::quantise).
    fn gemm(&self, a: &[u8], m: usize, w: &Packed, out: Out<'_>);

    /// `out = clamp(round(x · alpha), -127, 127) + 127`, ties to even.
    fn quantise(&self, x: &[f32], alpha: f32, out: &mut [u8]);

    /// Each row of `x`: `x = (x + y - mean) / sqrt(variance + 1e-6) · scale + bias`.
    fn add_norm(&self, x: &mut [f32], y: &[f32], norm: &Norm);

    /// `out = row · scale + position`, the row being int8.
    fn embed(&self, row: &[u8], scale: f32, position: &[f32], out: &mut [f32]);

    /// Self-attention of one sentence. `qkv` is `[len, 3 · dim]`, `out` `[len, dim]`.
    fn attend_self(&self, heads: usize, dim: usize, qkv: &[f32], scratch: &mut Buffer<f32>, out: &mut [f32]);

    /// Attention of one position over a sentence; `q` and `out` are `[dim]`. `weights` (at least `memory.len`
    /// long) takes the first head's attention.
    fn attend_cross(
        &self,
        q: &[f32],
        memory: &Memory<'_>,
        scratch: &mut Buffer<f32>,
        weights: &mut [f32],
        out: &mut [f32],
    );

    /// The SSRU cell for one position: `gates` is `[2 · dim]`, W·x before W_f·x + b_f. Updates `state` and gives
    /// `relu(state)`.
    fn cell(&self, gates: &[f32], state: &mut [f32], out: &mut [f32]);

    /// Scans logits, whose length is a multiple of 16; −∞ is never chosen.
    fn scan(&self, logits: &[f32]) -> Scan;
}

/// Every kernel that this processor can run, best first.
pub(crate) fn available() -> Vec<Box<dyn Kernel>> {
    let mut all: Vec<Box<dyn Kernel>> = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        all.extend(avx512::Avx512Vnni::new().map(|k| Box::new(k) as Box<dyn Kernel>));
        all.extend(avxvnni::AvxVnni::new().map(|k| Box::new(k) as Box<dyn Kernel>));
        all.extend(avx2::Avx2::new().map(|k| Box::new(k) as Box<dyn Kernel>));
    }
    #[cfg(target_arch = "aarch64")]
    {
        all.extend(neon::NeonDot::new().map(|k| Box::new(k) as Box<dyn Kernel>));
        all.extend(neon::Neon::new().map(|k| Box::new(k) as Box<dyn Kernel>));
    }
    all.push(Box::new(scalar::Scalar));
    all
}

/// The kernel to use: the best one, or the one that the environment variable `EDISI_KERNEL` names.
///
/// # Errors
/// The name given and the names there are, when there is no such kernel here.
pub(crate) fn choose() -> Result<Box<dyn Kernel>, (String, Vec<&'static str>)> {
    let all = available();
    let names: Vec<&'static str> = all.iter().map(|k| k.name()).collect();
    match std::env::var("EDISI_KERNEL") {
        Ok(wanted) if !wanted.is_empty() => {
            all.into_iter().find(|k| k.name() == wanted).ok_or((wanted, names))
        }
        _ => Ok(all.into_iter().next().expect("the scalar kernel is always there")),
    }
}
