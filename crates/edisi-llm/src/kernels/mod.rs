//! The arithmetic, once for each instruction set.
//!
//! A kernel exists only where the processor has its instructions ([`Kernel`] values come from the `new`
//! functions of the modules below, which ask the processor). All kernels give the same bits: integer sums are
//! exact, and every float operation happens in the same order with the same fused multiply-adds, so the
//! scalar kernel specifies the others and the tests compare for equality, not closeness.

/// Methods of [`Kernel`] whose bodies are compiled for an instruction set.
#[cfg(target_arch = "x86_64")]
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
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod math;
mod scalar;

use crate::pack::{PackedMatrix, QuantRows};

/// Positions of one page of keys and values: as many as the lanes of the widest register.
pub(crate) const PAGE: usize = 16;

/// Positions `from..to` of one page.
#[derive(Clone, Copy)]
pub(crate) struct KvSpan<'a> {
    /// `[head_dim, PAGE]`: one dimension of all positions side by side.
    pub keys: &'a [f32],
    /// `[PAGE, head_dim]`.
    pub values: &'a [f32],
    pub from: usize,
    pub to: usize,
}

/// Most candidates a scan keeps.
pub(crate) const MAX_CANDIDATES: usize = 16;

/// What a scan over the logits of one row found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scan {
    /// The highest logits and their columns, highest first, the lower column first among equals; unused places
    /// are `-inf`.
    best: [(f32, u32); MAX_CANDIDATES],
    /// How many of them are kept.
    keep: usize,
    /// Sum of `exp(logit - highest)`.
    sum: f32,
}

impl Scan {
    /// The scan of no columns at all, which will keep `keep` candidates.
    pub fn empty(keep: usize) -> Scan {
        Scan {
            best: [(f32::NEG_INFINITY, u32::MAX); MAX_CANDIDATES],
            keep: keep.min(MAX_CANDIDATES),
            sum: 0.0,
        }
    }

    /// The candidates with their natural log-probabilities, best first.
    pub fn candidates(&self) -> impl Iterator<Item = (u32, f32)> {
        let (top, total) = (self.best[0].0, self.sum.ln());
        self.best[..self.keep]
            .iter()
            .take_while(|(logit, _)| *logit > f32::NEG_INFINITY)
            .map(move |&(logit, id)| (id, logit - top - total))
    }

    /// Takes a candidate in, if it is better than the worst one kept. Columns must come in ascending order.
    fn offer(&mut self, logit: f32, id: u32) {
        let mut at = self.keep;
        while at > 0 && logit > self.best[at - 1].0 {
            at -= 1;
        }
        if at < self.keep {
            self.best.copy_within(at..self.keep - 1, at + 1);
            self.best[at] = (logit, id);
        }
    }

    /// The same with the numbers that columns stand for in place of the columns.
    pub fn named(mut self, names: &[u32]) -> Scan {
        for (_, id) in self.best[..self.keep].iter_mut().filter(|b| b.0 > f32::NEG_INFINITY) {
            *id = names[*id as usize];
        }
        self
    }

    /// Joins this scan with that of the columns after it.
    pub fn join(self, later: &Scan) -> Scan {
        let mut joined = self;
        for &(logit, id) in &later.best[..later.keep] {
            joined.offer(logit, id);
        }
        let share = |scan: &Scan| match scan.best[0].0 {
            f32::NEG_INFINITY => 0.0,
            top => scan.sum * (top - joined.best[0].0).exp(),
        };
        Scan { sum: share(&self) + share(later), ..joined }
    }
}

/// The operations the forward pass is made of.
pub(crate) trait Kernel: Send + Sync {
    /// Name as `EDISI_KERNEL` and reports give it.
    fn name(&self) -> &'static str;

    /// Multiplies all rows of `acts` `[m, k]` by one panel of 32 columns; `out` is `[m, 32]` row-major.
    fn gemm_panel(&self, acts: &QuantRows, matrix: &PackedMatrix, panel: usize, out: &mut [f32]);

    /// Quantises one row to int8 in groups of 32: `q = round(x · 127 / max|x|)`, `scale = max|x| / 127`,
    /// `correction = -128 · Σq` (what unsigned weights add too much).
    fn quantise(&self, x: &[f32], q: &mut [i8], scale: &mut [f32], correction: &mut [i32]);

    /// `out = x / rms(x) · weight`, `rms = sqrt(mean(x²) + eps)`.
    fn rms_norm(&self, x: &[f32], weight: &[f32], eps: f32, out: &mut [f32]);

    /// `gate = gelu_tanh(gate) · up`.
    fn gelu_mul(&self, gate: &mut [f32], up: &[f32]);

    /// `x += y`.
    fn add(&self, x: &mut [f32], y: &[f32]);

    /// Attention of one position over `spans`, all heads sharing keys and values: `q` and `out` are
    /// `[heads, head_dim]`, `q` already scaled; `scores` is scratch.
    fn attend(
        &self,
        q: &[f32],
        spans: &[KvSpan<'_>],
        head_dim: usize,
        scores: &mut Vec<f32>,
        out: &mut [f32],
    );

    /// Scans one row of logits, adding `bias` `[columns]`; keeps the best `keep` columns, the first of which is
    /// `first_id`. Thirty-two logits stand side by side, the next thirty-two `stride` behind the first of them.
    fn scan_logits(&self, logits: &[f32], stride: usize, bias: &[f32], first_id: u32, keep: usize) -> Scan;
}

/// Every kernel this processor can run, best first.
pub(crate) fn available() -> Vec<Box<dyn Kernel>> {
    let mut all: Vec<Box<dyn Kernel>> = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        all.extend(avx512::Avx512Vnni::new().map(|k| Box::new(k) as Box<dyn Kernel>));
        all.extend(avx2::Avx2::new().map(|k| Box::new(k) as Box<dyn Kernel>));
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

#[cfg(test)]
mod tests;
