//! Float operations as plain loops over sixteen lanes, which the compiler turns into vector code for whatever
//! instruction set the calling function enables. Multiply-adds are written out as `mul_add`, so that every
//! instruction set rounds alike.

use super::{KvSpan, PAGE, Scan};
use crate::pack::{GROUP, PANEL};

pub(super) const LANES: usize = 16;
pub(super) type Lanes = [f32; LANES];

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

/// Scores of `H` heads against the sixteen positions of one page: `q` is `[H, head_dim]`, `keys`
/// `[head_dim, PAGE]`. Even and odd dimensions are summed apart, so that sums do not wait for each other.
#[inline(always)]
pub(super) fn page_scores<const H: usize>(q: &[f32], head_dim: usize, keys: &[f32]) -> [Lanes; H] {
    std::array::from_fn(|h| {
        let mut acc = [[0f32; PAGE]; 2];
        let q = &q[h * head_dim..(h + 1) * head_dim];
        for (q, keys) in q.chunks_exact(2).zip(keys.chunks_exact(2 * PAGE)) {
            for half in 0..2 {
                let keys = lanes(&keys[half * PAGE..]);
                for i in 0..PAGE {
                    acc[half][i] = q[half].mul_add(keys[i], acc[half][i]);
                }
            }
        }
        std::array::from_fn(|i| acc[0][i] + acc[1][i])
    })
}

/// Attention, with the scores of four heads and of one head against a page computed by `four` and `one`
/// (see [`page_scores`]).
#[inline(always)]
pub(super) fn attend(
    q: &[f32],
    spans: &[KvSpan<'_>],
    head_dim: usize,
    scores: &mut Vec<f32>,
    out: &mut [f32],
    four: impl Fn(&[f32], usize, &[f32]) -> [Lanes; 4],
    one: impl Fn(&[f32], usize, &[f32]) -> [Lanes; 1],
) {
    let heads = q.len() / head_dim;
    let total: usize = spans.iter().map(|s| s.to - s.from).sum();
    scores.clear();
    scores.resize(heads * total, 0.0);
    let mut head = 0;
    // Four heads at a time keep their sums in registers while keys and values are read once.
    while head + 4 <= heads {
        attend_heads(q, spans, head_dim, head, total, scores, out, &four);
        head += 4;
    }
    while head < heads {
        attend_heads(q, spans, head_dim, head, total, scores, out, &one);
        head += 1;
    }
}

#[inline(always)]
#[allow(clippy::too_many_arguments)] // one inner loop, cut out only for its two widths
fn attend_heads<const H: usize>(
    q: &[f32],
    spans: &[KvSpan<'_>],
    head_dim: usize,
    head: usize,
    total: usize,
    scores: &mut [f32],
    out: &mut [f32],
    page_scores: &impl Fn(&[f32], usize, &[f32]) -> [Lanes; H],
) {
    let q = &q[head * head_dim..(head + H) * head_dim];
    let scores = &mut scores[head * total..(head + H) * total];
    let mut t = 0;
    for span in spans {
        let sums = page_scores(q, head_dim, span.keys);
        let count = span.to - span.from;
        for (h, sums) in sums.iter().enumerate() {
            scores[h * total + t..h * total + t + count].copy_from_slice(&sums[span.from..span.to]);
        }
        t += count;
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
            for value in span.values[span.from * head_dim..span.to * head_dim].chunks_exact(head_dim) {
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
        for (h, acc) in acc.iter().enumerate() {
            let start = (head + h) * head_dim + d;
            out[start..start + width].copy_from_slice(&acc[..width]);
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
pub(super) fn scan_logits(logits: &[f32], stride: usize, bias: &[f32], first_id: u32, keep: usize) -> Scan {
    // Each panel's logits with their biases.
    let panels = || {
        bias.chunks(PANEL).enumerate().map(|(p, bias)| (&logits[p * stride..p * stride + bias.len()], bias))
    };
    let mut scan = Scan::empty(keep);
    for (p, (logits, bias)) in panels().enumerate() {
        for (block, (logits, bias)) in logits.chunks(LANES).zip(bias.chunks(LANES)).enumerate() {
            let worst = scan.best[scan.keep - 1].0;
            let better = if logits.len() == LANES {
                let (logits, bias) = (lanes(logits), lanes(bias));
                let mut highest = logits[0] + bias[0];
                for i in 1..LANES {
                    let x = logits[i] + bias[i];
                    highest = if x > highest { x } else { highest };
                }
                highest > worst
            } else {
                true
            };
            if better {
                for (i, (logit, bias)) in logits.iter().zip(bias).enumerate() {
                    scan.offer(logit + bias, first_id + (p * PANEL + block * LANES + i) as u32);
                }
            }
        }
    }
    let top = scan.best[0].0;
    if top == f32::NEG_INFINITY {
        return scan;
    }
    let mut acc: Lanes = [0.0; LANES];
    for (logits, bias) in panels() {
        let rest = logits.len() / LANES * LANES;
        for (logits, bias) in logits.chunks_exact(LANES).zip(bias.chunks_exact(LANES)) {
            let (logits, bias) = (lanes(logits), lanes(bias));
            for i in 0..LANES {
                // A column that cannot win is -inf here, and its exponential as good as nothing.
                acc[i] += exp(logits[i] + bias[i] - top);
            }
        }
        for (i, (x, b)) in logits[rest..].iter().zip(&bias[rest..]).enumerate() {
            acc[i] += exp(x + b - top);
        }
    }
    scan.sum = sum(acc);
    scan
}
