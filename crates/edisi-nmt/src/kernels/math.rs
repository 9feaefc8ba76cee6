//! Float operations as plain loops over sixteen lanes, which the compiler turns into vector code for whatever
//! instruction set the calling function enables. Multiply-adds are written out as `mul_add`, so that every
//! instruction set rounds alike.

use super::aligned::Buffer;
use super::{Memory, Norm, Scan};

pub(super) const LANES: usize = 16;
pub(super) type Lanes = [f32; LANES];

/// Added to activations to store them unsigned.
const OFFSET: f32 = 127.0;
const EPSILON: f32 = 1e-6;
/// Queries or heads whose sums are kept in registers at a time.
const ROWS: usize = 8;

#[inline(always)]
fn lanes(x: &[f32]) -> &Lanes {
    x[..LANES].try_into().expect("a slice of sixteen")
}

#[inline(always)]
fn lanes_mut(x: &mut [f32]) -> &mut Lanes {
    (&mut x[..LANES]).try_into().expect("a slice of sixteen")
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

#[inline(always)]
fn max(mut a: Lanes) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            a[i] = if a[i + width] > a[i] { a[i + width] } else { a[i] };
        }
        width /= 2;
    }
    a[0]
}

/// e^x, relative error below 2e-7 for -87 < x ≤ 88; 0 below that range, e^88 above it.
///
/// Cody–Waite range reduction and the degree-6 minimax polynomial of Cephes' `expf`.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const MAGIC: f32 = 12_582_912.0; // 1.5 · 2^23: adding and taking it away rounds to an integer
    let bounded = if x > -87.0 { x } else { -87.0 };
    let bounded = if bounded < 88.0 { bounded } else { 88.0 };
    let shifted = bounded.mul_add(std::f32::consts::LOG2_E, MAGIC);
    let n = shifted - MAGIC;
    let r = n.mul_add(-0.693_359_4, bounded);
    let r = n.mul_add(2.121_944_4e-4, r);
    let mut p = 1.987_569_1e-4f32;
    p = p.mul_add(r, 1.398_199_9e-3);
    p = p.mul_add(r, 8.333_452e-3);
    p = p.mul_add(r, 4.166_579_6e-2);
    p = p.mul_add(r, 1.666_666_5e-1);
    p = p.mul_add(r, 0.5);
    let p = (p * r).mul_add(r, r) + 1.0;
    // The low bits of `shifted` are n itself; they become the exponent. All bits are cleared below the range.
    let two_n = shifted.to_bits().wrapping_sub(MAGIC.to_bits()).wrapping_add(127) << 23;
    let keep = 0u32.wrapping_sub(u32::from(x > -87.0));
    f32::from_bits((p * f32::from_bits(two_n)).to_bits() & keep)
}

#[inline(always)]
pub(super) fn quantise(x: &[f32], alpha: f32, out: &mut [u8]) {
    let (x, _) = x.as_chunks::<LANES>();
    let (out, _) = out.as_chunks_mut::<LANES>();
    for (x, out) in x.iter().zip(out) {
        for i in 0..LANES {
            out[i] = quantised(x[i] * alpha);
        }
    }
}

/// A scaled activation as the kernels take it.
#[inline(always)]
pub(super) fn quantised(x: f32) -> u8 {
    // Clamped first, so that the conversion is exact; NaN, which finite weights cannot give, becomes -127.
    let x = if x > -OFFSET { x } else { -OFFSET };
    let x = if x < OFFSET { x } else { OFFSET };
    const MAGIC: f32 = 12_582_912.0;
    // Rounds ties to even, as the conversion instruction does.
    ((x + MAGIC).to_bits().wrapping_sub(MAGIC.to_bits()) as i32 + 127) as u8
}

#[inline(always)]
pub(super) fn add_norm(x: &mut [f32], y: &[f32], norm: &Norm) {
    let dim = norm.scale.len();
    for (x, y) in x.chunks_exact_mut(dim).zip(y.chunks_exact(dim)) {
        let mut total = [0.0; LANES];
        for (x, y) in x.chunks_exact_mut(LANES).zip(y.chunks_exact(LANES)) {
            let (x, y) = (lanes_mut(x), lanes(y));
            for i in 0..LANES {
                x[i] += y[i];
                total[i] += x[i];
            }
        }
        let mean = sum(total) / dim as f32;
        let mut squares = [0.0; LANES];
        for x in x.chunks_exact(LANES) {
            let x = lanes(x);
            for i in 0..LANES {
                let centred = x[i] - mean;
                squares[i] = centred.mul_add(centred, squares[i]);
            }
        }
        let inverse = 1.0 / (sum(squares) / dim as f32 + EPSILON).sqrt();
        for ((x, scale), bias) in
            x.chunks_exact_mut(LANES).zip(norm.scale.chunks_exact(LANES)).zip(norm.bias.chunks_exact(LANES))
        {
            let (x, scale, bias) = (lanes_mut(x), lanes(scale), lanes(bias));
            for i in 0..LANES {
                x[i] = ((x[i] - mean) * inverse).mul_add(scale[i], bias[i]);
            }
        }
    }
}

#[inline(always)]
pub(super) fn embed(row: &[u8], scale: f32, position: &[f32], out: &mut [f32]) {
    let (rows, _) = row.as_chunks::<LANES>();
    for ((row, position), out) in
        rows.iter().zip(position.chunks_exact(LANES)).zip(out.chunks_exact_mut(LANES))
    {
        let (position, out) = (lanes(position), lanes_mut(out));
        for i in 0..LANES {
            out[i] = f32::from(row[i] as i8).mul_add(scale, position[i]);
        }
    }
}

#[inline(always)]
pub(super) fn cell(gates: &[f32], state: &mut [f32], out: &mut [f32]) {
    let dim = state.len();
    let (candidate, forget) = gates.split_at(dim);
    for at in (0..dim).step_by(LANES) {
        let (candidate, forget) = (lanes(&candidate[at..]), lanes(&forget[at..]));
        let (state, out) = (lanes_mut(&mut state[at..]), lanes_mut(&mut out[at..]));
        for i in 0..LANES {
            let f = 1.0 / (1.0 + exp(-forget[i]));
            // f · c + (1 - f) · x̃
            state[i] = f.mul_add(state[i] - candidate[i], candidate[i]);
            out[i] = if state[i] > 0.0 { state[i] } else { 0.0 };
        }
    }
}

/// `out[r][j] = Σ_d q[r][d] · keys[d][j]` for `R` queries and all columns.
#[inline(always)]
fn scores<const R: usize>(q: [&[f32]; R], keys: &[f32], padded: usize, scale: f32, out: &mut [f32]) {
    let dim = q[0].len();
    for at in (0..padded).step_by(LANES) {
        let mut acc = [[0.0; LANES]; R];
        for d in 0..dim {
            let k = lanes(&keys[d * padded + at..]);
            for r in 0..R {
                let x = q[r][d];
                for i in 0..LANES {
                    acc[r][i] = x.mul_add(k[i], acc[r][i]);
                }
            }
        }
        for r in 0..R {
            let out = lanes_mut(&mut out[r * padded + at..]);
            for i in 0..LANES {
                out[i] = acc[r][i] * scale;
            }
        }
    }
}

/// Replaces scores by `exp(score - max)`, those from `len` on by zero, and gives one over their sum.
#[inline(always)]
fn softmax(scores: &mut [f32], len: usize) -> f32 {
    for score in &mut scores[len..] {
        *score = f32::NEG_INFINITY;
    }
    let mut most = [f32::NEG_INFINITY; LANES];
    for s in scores.chunks_exact(LANES) {
        let s = lanes(s);
        for i in 0..LANES {
            most[i] = if s[i] > most[i] { s[i] } else { most[i] };
        }
    }
    let most = max(most);
    let mut total = [0.0; LANES];
    for s in scores.chunks_exact_mut(LANES) {
        let s = lanes_mut(s);
        for i in 0..LANES {
            s[i] = exp(s[i] - most);
            total[i] += s[i];
        }
    }
    1.0 / sum(total)
}

/// `out[r] = factor[r] · Σ_j p[r][j] · values[j]` for `R` rows of weights; `values` has rows `stride` apart.
#[inline(always)]
fn mix<const R: usize>(
    p: [&[f32]; R],
    factor: [f32; R],
    values: &[f32],
    stride: usize,
    out: &mut [f32],
    out_stride: usize,
    width: usize,
) {
    let len = p[0].len();
    for at in (0..width).step_by(LANES) {
        let mut acc = [[0.0; LANES]; R];
        for j in 0..len {
            let v = lanes(&values[j * stride + at..]);
            for r in 0..R {
                let x = p[r][j];
                for i in 0..LANES {
                    acc[r][i] = x.mul_add(v[i], acc[r][i]);
                }
            }
        }
        for r in 0..R {
            let out = lanes_mut(&mut out[r * out_stride + at..]);
            for i in 0..LANES {
                out[i] = acc[r][i] * factor[r];
            }
        }
    }
}

/// Self-attention of one head for `R` queries, `stride` apart as the values are; gives `R`.
#[expect(clippy::too_many_arguments, reason = "one loop's body, in one place because of its two widths")]
#[inline(always)]
fn attend_rows<const R: usize>(
    queries: &[f32],
    keys: &[f32],
    values: &[f32],
    stride: usize,
    weights: &mut [f32],
    out: &mut [f32],
    out_stride: usize,
    (len, width, scale): (usize, usize, f32),
) -> usize {
    let padded = len.next_multiple_of(LANES);
    // Loops, not closures: what is called from the standard library is not compiled for the instruction set.
    let mut q = [&queries[..0]; R];
    for r in 0..R {
        q[r] = &queries[r * stride..][..width];
    }
    scores::<R>(q, keys, padded, scale, weights);
    let mut factor = [0.0; R];
    for r in 0..R {
        factor[r] = softmax(&mut weights[r * padded..][..padded], len);
    }
    let mut p = [&weights[..0]; R];
    for r in 0..R {
        p[r] = &weights[r * padded..][..len];
    }
    mix::<R>(p, factor, values, stride, out, out_stride, width);
    R
}

#[inline(always)]
pub(super) fn attend_self(heads: usize, dim: usize, qkv: &[f32], scratch: &mut Buffer<f32>, out: &mut [f32]) {
    let stride = 3 * dim;
    let (len, width) = (qkv.len() / stride, dim / heads);
    let padded = len.next_multiple_of(LANES);
    let scale = 1.0 / (width as f32).sqrt();
    scratch.resize((width + ROWS) * padded);
    let (keys, weights) = scratch.split_at_mut(width * padded);
    for head in 0..heads {
        let first = head * width;
        for (j, row) in qkv.chunks_exact(stride).enumerate() {
            for (d, &x) in row[dim + first..][..width].iter().enumerate() {
                keys[d * padded + j] = x;
            }
        }
        for d in 0..width {
            keys[d * padded + len..(d + 1) * padded].fill(0.0);
        }
        let mut at = 0;
        while at < len {
            let (queries, values) = (&qkv[at * stride + first..], &qkv[2 * dim + first..]);
            let out = &mut out[at * dim + first..];
            at += if at + ROWS <= len {
                attend_rows::<ROWS>(queries, keys, values, stride, weights, out, dim, (len, width, scale))
            } else {
                attend_rows::<1>(queries, keys, values, stride, weights, out, dim, (len, width, scale))
            };
        }
    }
}

#[inline(always)]
pub(super) fn attend_cross(
    q: &[f32],
    memory: &Memory<'_>,
    scratch: &mut Buffer<f32>,
    weights: &mut [f32],
    out: &mut [f32],
) {
    let (dim, heads, len) = (q.len(), memory.heads, memory.len);
    let (width, padded) = (dim / heads, len.next_multiple_of(LANES));
    let scale = 1.0 / (width as f32).sqrt();
    scratch.resize(heads * (padded + 1));
    let (scores, factors) = scratch.split_at_mut(heads * padded);
    // As many heads at a time as hide the latency of a multiply-add.
    let mut head = 0;
    while head < heads {
        let (q, keys) = (&q[head * width..], &memory.keys[head * width * padded..]);
        let scores = &mut scores[head * padded..];
        head += if head + ROWS <= heads {
            cross_scores::<ROWS>(q, keys, width, padded, scale, scores)
        } else {
            cross_scores::<1>(q, keys, width, padded, scale, scores)
        };
    }
    for (scores, factor) in scores.chunks_exact_mut(padded).zip(factors.iter_mut()) {
        *factor = softmax(scores, len);
    }
    for (weight, p) in weights.iter_mut().zip(&scores[..len]) {
        *weight = p * factors[0];
    }
    let mut at = 0;
    while at < dim {
        let (values, out) = (&memory.values[at..], &mut out[at..]);
        at += if at + ROWS * LANES <= dim {
            cross_mix::<ROWS>(scores, factors, values, (at, width, padded, len, dim), out)
        } else {
            cross_mix::<1>(scores, factors, values, (at, width, padded, len, dim), out)
        };
    }
}

/// Scores of one query for `H` heads; gives `H`.
#[inline(always)]
fn cross_scores<const H: usize>(
    q: &[f32],
    keys: &[f32],
    width: usize,
    padded: usize,
    scale: f32,
    scores: &mut [f32],
) -> usize {
    let (q, keys) = (&q[..H * width], &keys[..H * width * padded]);
    for at in (0..padded).step_by(LANES) {
        let mut acc = [[0.0; LANES]; H];
        for d in 0..width {
            for h in 0..H {
                let k = lanes(&keys[(h * width + d) * padded + at..]);
                let x = q[h * width + d];
                for i in 0..LANES {
                    acc[h][i] = x.mul_add(k[i], acc[h][i]);
                }
            }
        }
        for h in 0..H {
            let out = lanes_mut(&mut scores[h * padded + at..]);
            for i in 0..LANES {
                out[i] = acc[h][i] * scale;
            }
        }
    }
    H
}

/// Values weighed by `p` `[heads, padded]`, for `A` · 16 dimensions from `at` on; gives how many that are.
#[inline(always)]
fn cross_mix<const A: usize>(
    p: &[f32],
    factors: &[f32],
    values: &[f32],
    (at, width, padded, len, dim): (usize, usize, usize, usize, usize),
    out: &mut [f32],
) -> usize {
    let mut rows = [&p[..0]; A];
    let mut factor = [0.0; A];
    for a in 0..A {
        let head = (at + a * LANES) / width;
        rows[a] = &p[head * padded..][..len];
        factor[a] = factors[head];
    }
    let mut acc = [[0.0; LANES]; A];
    for j in 0..len {
        let values = &values[j * dim..][..A * LANES];
        for a in 0..A {
            let (x, v) = (rows[a][j], lanes(&values[a * LANES..]));
            for i in 0..LANES {
                acc[a][i] = x.mul_add(v[i], acc[a][i]);
            }
        }
    }
    for a in 0..A {
        let out = lanes_mut(&mut out[a * LANES..]);
        for i in 0..LANES {
            out[i] = acc[a][i] * factor[a];
        }
    }
    A * LANES
}

#[inline(always)]
pub(super) fn scan(logits: &[f32]) -> Scan {
    // The highest two of each lane, and the highest's column.
    let mut best = [f32::NEG_INFINITY; LANES];
    let mut second = [f32::NEG_INFINITY; LANES];
    let mut column = [0u32; LANES];
    for (at, chunk) in logits.chunks_exact(LANES).enumerate() {
        let x = lanes(chunk);
        for i in 0..LANES {
            let wins = x[i] > best[i];
            let loser = if wins { best[i] } else { x[i] };
            second[i] = if loser > second[i] { loser } else { second[i] };
            column[i] = if wins { at as u32 } else { column[i] };
            best[i] = if wins { x[i] } else { best[i] };
        }
    }
    let mut winner = 0;
    for i in 1..LANES {
        let earlier = column[i] < column[winner];
        if best[i] > best[winner] || (best[i] == best[winner] && earlier) {
            winner = i;
        }
    }
    let mut runner_up = second[winner];
    for i in 0..LANES {
        if i != winner && best[i] > runner_up {
            runner_up = best[i];
        }
    }
    let top = best[winner];
    let mut total = [0.0; LANES];
    for chunk in logits.chunks_exact(LANES) {
        let x = lanes(chunk);
        for i in 0..LANES {
            total[i] += exp(x[i] - top);
        }
    }
    Scan { best: (column[winner] * LANES as u32 + winner as u32, top), second: runner_up, sum: sum(total) }
}
