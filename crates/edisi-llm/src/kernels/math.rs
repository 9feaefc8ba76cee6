//! Float operations as plain loops over sixteen lanes, which the compiler turns into vector code for whatever
//! instruction set the calling function enables. Multiply-adds are written out as `mul_add`, so that every
//! instruction set rounds alike.

use super::{Best, KvSpan};
use crate::pack::GROUP;

const LANES: usize = 16;
type Lanes = [f32; LANES];

#[inline(always)]
fn lanes(x: &[f32]) -> &Lanes {
    x[..LANES].try_into().expect("a slice of sixteen")
}

/// Sums lanes in a fixed tree.
#[inline(always)]
fn sum(mut a: Lanes) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            a[i] += a[i + width];
        }
        width /= 2;
    }
    a[0]
}

/// e^x for x ≤ 88, relative error below 2e-7; 0 below -87.
///
/// Cody–Waite range reduction and the degree-6 minimax polynomial of Cephes' `expf`.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const MAGIC: f32 = 12_582_912.0; // 1.5 · 2^23: adding and taking it away rounds to an integer
    let x = x.clamp(-87.0, 88.0);
    let n = x.mul_add(std::f32::consts::LOG2_E, MAGIC) - MAGIC;
    let r = n.mul_add(-0.693_359_4, x);
    let r = n.mul_add(2.121_944_4e-4, r);
    let mut p = 1.987_569_1e-4f32;
    for c in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = p.mul_add(r, c);
    }
    let p = (p * r).mul_add(r, r) + 1.0;
    let two_n = f32::from_bits(((n as i32 + 127) << 23) as u32);
    p * two_n
}

#[inline(always)]
pub(super) fn quantise(x: &[f32], q: &mut [i8], scale: &mut [f32], correction: &mut [i32]) {
    for (((x, q), scale), correction) in
        x.chunks_exact(GROUP).zip(q.chunks_exact_mut(GROUP)).zip(scale).zip(correction)
    {
        let mut max: Lanes = [0.0; LANES];
        for half in x.chunks_exact(LANES) {
            let half = lanes(half);
            for i in 0..LANES {
                let a = half[i].abs();
                max[i] = if a > max[i] { a } else { max[i] };
            }
        }
        let mut amax = 0f32;
        for m in max {
            amax = if m > amax { m } else { amax };
        }
        let inverse = if amax > 0.0 { 127.0 / amax } else { 0.0 };
        let mut total = 0i32;
        for i in 0..GROUP {
            let v = (x[i] * inverse).round_ties_even() as i32;
            total += v;
            q[i] = v as i8;
        }
        *scale = amax / 127.0;
        *correction = -128 * total;
    }
}

#[inline(always)]
pub(super) fn rms_norm(x: &[f32], weight: &[f32], eps: f32, out: &mut [f32]) {
    let mut acc: Lanes = [0.0; LANES];
    for x in x.chunks_exact(LANES) {
        let x = lanes(x);
        for i in 0..LANES {
            acc[i] = x[i].mul_add(x[i], acc[i]);
        }
    }
    let factor = 1.0 / (sum(acc) / x.len() as f32 + eps).sqrt();
    for ((out, x), w) in out.iter_mut().zip(x).zip(weight) {
        *out = x * factor * w;
    }
}

#[inline(always)]
pub(super) fn gelu_mul(gate: &mut [f32], up: &[f32]) {
    for (g, u) in gate.iter_mut().zip(up) {
        let x = *g;
        // 0.5·x·(1 + tanh(t)) = x / (1 + e^(-2t)), t = √(2/π)·(x + 0.044715·x³)
        let t = 0.797_884_6 * (x * x * x).mul_add(0.044_715, x);
        *g = x / (1.0 + exp(-2.0 * t)) * u;
    }
}

#[inline(always)]
pub(super) fn add(x: &mut [f32], y: &[f32]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x += y;
    }
}

#[inline(always)]
pub(super) fn attend(
    q: &[f32],
    spans: &[KvSpan<'_>],
    head_dim: usize,
    scores: &mut Vec<f32>,
    out: &mut [f32],
) {
    let heads = q.len() / head_dim;
    let total: usize = spans.iter().map(|s| s.keys.len() / head_dim).sum();
    scores.clear();
    scores.resize(heads * total, 0.0);
    let mut head = 0;
    // Four heads at a time keep their sums in registers while a key row is read once.
    while head + 4 <= heads {
        attend_heads::<4>(q, spans, head_dim, head, total, scores, out);
        head += 4;
    }
    while head < heads {
        attend_heads::<1>(q, spans, head_dim, head, total, scores, out);
        head += 1;
    }
}

#[inline(always)]
fn attend_heads<const H: usize>(
    q: &[f32],
    spans: &[KvSpan<'_>],
    head_dim: usize,
    head: usize,
    total: usize,
    scores: &mut [f32],
    out: &mut [f32],
) {
    let q: [&[f32]; H] = std::array::from_fn(|h| &q[(head + h) * head_dim..(head + h + 1) * head_dim]);
    let scores = &mut scores[head * total..(head + H) * total];
    let mut t = 0;
    for span in spans {
        for key in span.keys.chunks_exact(head_dim) {
            let mut acc = [[0f32; LANES]; H];
            for d in (0..head_dim).step_by(LANES) {
                let k = lanes(&key[d..]);
                for h in 0..H {
                    let q = lanes(&q[h][d..]);
                    for i in 0..LANES {
                        acc[h][i] = q[i].mul_add(k[i], acc[h][i]);
                    }
                }
            }
            for h in 0..H {
                scores[h * total + t] = sum(acc[h]);
            }
            t += 1;
        }
    }
    for scores in scores.chunks_exact_mut(total.max(1)) {
        softmax(scores);
    }
    const WIDTH: usize = 4 * LANES;
    for d in (0..head_dim).step_by(WIDTH) {
        let width = WIDTH.min(head_dim - d);
        let mut acc = [[0f32; WIDTH]; H];
        let mut t = 0;
        for span in spans {
            for value in span.values.chunks_exact(head_dim) {
                if width == WIDTH {
                    let v: &[f32; WIDTH] = value[d..d + WIDTH].try_into().expect("a slice of that width");
                    for h in 0..H {
                        let p = scores[h * total + t];
                        for i in 0..WIDTH {
                            acc[h][i] = p.mul_add(v[i], acc[h][i]);
                        }
                    }
                } else {
                    for h in 0..H {
                        let p = scores[h * total + t];
                        for i in 0..width {
                            acc[h][i] = p.mul_add(value[d + i], acc[h][i]);
                        }
                    }
                }
                t += 1;
            }
        }
        for h in 0..H {
            let start = (head + h) * head_dim + d;
            out[start..start + width].copy_from_slice(&acc[h][..width]);
        }
    }
}

#[inline(always)]
fn softmax(scores: &mut [f32]) {
    let mut max = f32::NEG_INFINITY;
    for &s in scores.iter() {
        max = if s > max { s } else { max };
    }
    let mut acc: Lanes = [0.0; LANES];
    let mut chunks = scores.chunks_exact_mut(LANES);
    for chunk in &mut chunks {
        for i in 0..LANES {
            chunk[i] = exp(chunk[i] - max);
            acc[i] += chunk[i];
        }
    }
    for (i, s) in chunks.into_remainder().iter_mut().enumerate() {
        *s = exp(*s - max);
        acc[i] += *s;
    }
    let factor = 1.0 / sum(acc);
    for s in scores {
        *s *= factor;
    }
}

#[inline(always)]
pub(super) fn scan_logits(logits: &[f32], bias: &[f32], first_id: u32) -> Best {
    let mut best = Best::EMPTY;
    for (i, (&logit, &bias)) in logits.iter().zip(bias).enumerate() {
        let logit = logit + bias;
        if logit > best.top {
            best.second = best.top;
            best.top = logit;
            best.top_id = first_id + i as u32;
        } else if logit > best.second {
            best.second = logit;
        }
    }
    if best.top > f32::NEG_INFINITY {
        let mut acc: Lanes = [0.0; LANES];
        let mut i = 0;
        for (logit, bias) in logits.iter().zip(bias) {
            // A column that cannot win is -inf here, and its exponential is as good as nothing.
            acc[i % LANES] += exp(logit + bias - best.top);
            i += 1;
        }
        best.sum = sum(acc);
    }
    best
}
