//! Float operations over [`Lanes`], written once for all instruction sets.

use super::aligned::Buffer;
use super::lanes::{LANES, Lanes, exp};
use super::{Memory, Norm, Scan};

/// Added to activations to store them unsigned.
const OFFSET: f32 = 127.0;
const EPSILON: f32 = 1e-6;
/// Queries, heads or registers whose sums are kept at a time: enough to hide the latency of a multiply-add.
const ROWS: usize = 8;

#[inline(always)]
fn load<V: Lanes>(x: &[f32]) -> V {
    V::load(x.first_chunk().expect("sixteen floats"))
}

#[inline(always)]
fn store<V: Lanes>(x: V, to: &mut [f32]) {
    x.store(to.first_chunk_mut().expect("sixteen floats"));
}

#[inline(always)]
pub(super) fn quantise<V: Lanes>(x: &[f32], alpha: f32, out: &mut [u8]) {
    let (alpha, low, high) = (V::splat(alpha), V::splat(-OFFSET), V::splat(OFFSET));
    for (x, out) in x.as_chunks().0.iter().zip(out.as_chunks_mut().0) {
        V::load(x).mul(alpha).max(low).min(high).store_quantised(out);
    }
}

#[inline(always)]
pub(super) fn add_norm<V: Lanes>(x: &mut [f32], y: &[f32], norm: &Norm) {
    let dim = norm.scale.len();
    let share = 1.0 / dim as f32;
    for (x, y) in x.chunks_exact_mut(dim).zip(y.chunks_exact(dim)) {
        let (x, y) = (x.as_chunks_mut().0, y.as_chunks().0);
        let mut total = [V::splat(0.0); 2];
        for (at, (x, y)) in x.iter_mut().zip(y).enumerate() {
            let sum = V::load(x).add(V::load(y));
            sum.store(x);
            total[at % 2] = total[at % 2].add(sum);
        }
        let mean = V::splat(total[0].add(total[1]).sum() * share);
        let mut squares = [V::splat(0.0); 2];
        for (at, x) in x.iter().enumerate() {
            let centred = V::load(x).sub(mean);
            squares[at % 2] = centred.mul_add(centred, squares[at % 2]);
        }
        let inverse = V::splat(1.0 / (squares[0].add(squares[1]).sum() * share + EPSILON).sqrt());
        for ((x, scale), bias) in x.iter_mut().zip(norm.scale.as_chunks().0).zip(norm.bias.as_chunks().0) {
            V::load(x).sub(mean).mul(inverse).mul_add(V::load(scale), V::load(bias)).store(x);
        }
    }
}

#[inline(always)]
pub(super) fn embed<V: Lanes>(row: &[u8], scale: f32, position: &[f32], out: &mut [f32]) {
    let scale = V::splat(scale);
    let rows = row.as_chunks().0.iter().zip(position.as_chunks().0);
    for ((row, position), out) in rows.zip(out.as_chunks_mut().0) {
        V::from_bytes(row).mul_add(scale, V::load(position)).store(out);
    }
}

#[inline(always)]
pub(super) fn cell<V: Lanes>(gates: &[f32], state: &mut [f32], out: &mut [f32]) {
    let (candidate, forget) = gates.split_at(state.len());
    let (one, zero) = (V::splat(1.0), V::splat(0.0));
    let gates = candidate.as_chunks().0.iter().zip(forget.as_chunks().0);
    for (((candidate, forget), state), out) in gates.zip(state.as_chunks_mut().0).zip(out.as_chunks_mut().0) {
        let candidate = V::load(candidate);
        let f = one.div(one.add(exp(zero.sub(V::load(forget)))));
        // f · c + (1 - f) · x̃
        let c = f.mul_add(V::load(state).sub(candidate), candidate);
        c.store(state);
        c.max(zero).store(out);
    }
}

/// `out[r][j] = scale · Σ_d q[r][d] · keys[d][j]` for `R` queries, each `width` long, and all columns.
#[inline(always)]
fn scores<V: Lanes, const R: usize>(
    q: [&[f32]; R],
    keys: &[f32],
    (width, padded): (usize, usize),
    scale: f32,
    out: &mut [f32],
) {
    for at in (0..padded).step_by(LANES) {
        let mut acc = [V::splat(0.0); R];
        for d in 0..width {
            let k = load::<V>(&keys[d * padded + at..]);
            for r in 0..R {
                acc[r] = V::splat(q[r][d]).mul_add(k, acc[r]);
            }
        }
        for r in 0..R {
            store(acc[r].mul(V::splat(scale)), &mut out[r * padded + at..]);
        }
    }
}

/// Replaces scores by `exp(score - max)`, those from `len` on by zero, and gives one over their sum.
#[inline(always)]
fn softmax<V: Lanes>(scores: &mut [f32], len: usize) -> f32 {
    scores[len..].fill(f32::NEG_INFINITY);
    let scores = scores.as_chunks_mut().0;
    let mut most = V::splat(f32::NEG_INFINITY);
    for s in scores.iter() {
        most = most.max(V::load(s));
    }
    let most = V::splat(most.greatest());
    let mut total = V::splat(0.0);
    for s in scores {
        let p = exp(V::load(s).sub(most));
        p.store(s);
        total = total.add(p);
    }
    1.0 / total.sum()
}

/// `out[r] = factor[r] · Σ_j p[r][j] · values[j]` for `R` rows of weights; rows of `values` are `stride` apart, those
/// of `out` `out_stride`.
#[inline(always)]
fn mix<V: Lanes, const R: usize>(
    p: [&[f32]; R],
    factor: [f32; R],
    values: (&[f32], usize),
    out: (&mut [f32], usize),
    width: usize,
) {
    let ((values, stride), (out, out_stride)) = (values, out);
    for at in (0..width).step_by(LANES) {
        let mut acc = [V::splat(0.0); R];
        for j in 0..p[0].len() {
            let v = load::<V>(&values[j * stride + at..]);
            for r in 0..R {
                acc[r] = V::splat(p[r][j]).mul_add(v, acc[r]);
            }
        }
        for r in 0..R {
            store(acc[r].mul(V::splat(factor[r])), &mut out[r * out_stride + at..]);
        }
    }
}

/// One head of self-attention.
struct Head<'a> {
    /// The first query's row; rows are `stride` apart.
    queries: &'a [f32],
    /// `[width, padded]`.
    keys: &'a [f32],
    /// The first value's row; rows are `stride` apart.
    values: &'a [f32],
    stride: usize,
    len: usize,
    width: usize,
}

/// Self-attention of one head for `R` queries; gives `R`. Loops, not closures: what the standard library calls is not
/// compiled for the instruction set.
#[inline(always)]
fn attend_rows<V: Lanes, const R: usize>(
    head: &Head<'_>,
    weights: &mut [f32],
    out: &mut [f32],
    out_stride: usize,
) -> usize {
    let padded = head.len.next_multiple_of(LANES);
    let mut q = [head.queries; R];
    for (r, q) in q.iter_mut().enumerate() {
        *q = &head.queries[r * head.stride..][..head.width];
    }
    scores::<V, R>(q, head.keys, (head.width, padded), 1.0 / (head.width as f32).sqrt(), weights);
    let mut factor = [0.0; R];
    for (r, factor) in factor.iter_mut().enumerate() {
        *factor = softmax::<V>(&mut weights[r * padded..][..padded], head.len);
    }
    let mut p = [head.queries; R];
    for (r, p) in p.iter_mut().enumerate() {
        *p = &weights[r * padded..][..head.len];
    }
    mix::<V, R>(p, factor, (head.values, head.stride), (out, out_stride), head.width);
    R
}

#[inline(always)]
pub(super) fn attend_self<V: Lanes>(
    heads: usize,
    dim: usize,
    qkv: &[f32],
    scratch: &mut Buffer<f32>,
    out: &mut [f32],
) {
    let stride = 3 * dim;
    let (len, width) = (qkv.len() / stride, dim / heads);
    let padded = len.next_multiple_of(LANES);
    scratch.resize((width + ROWS) * padded);
    let (keys, weights) = scratch.split_at_mut(width * padded);
    for at in 0..heads {
        let first = at * width;
        for (j, row) in qkv.chunks_exact(stride).enumerate() {
            for (d, &x) in row[dim + first..][..width].iter().enumerate() {
                keys[d * padded + j] = x;
            }
        }
        for column in keys.chunks_exact_mut(padded) {
            column[len..].fill(0.0);
        }
        let mut row = 0;
        while row < len {
            let head = Head {
                queries: &qkv[row * stride + first..],
                keys,
                values: &qkv[2 * dim + first..],
                stride,
                len,
                width,
            };
            let out = &mut out[row * dim + first..];
            row += match len - row {
                ROWS.. => attend_rows::<V, ROWS>(&head, weights, out, dim),
                4.. => attend_rows::<V, 4>(&head, weights, out, dim),
                2.. => attend_rows::<V, 2>(&head, weights, out, dim),
                _ => attend_rows::<V, 1>(&head, weights, out, dim),
            };
        }
    }
}

#[inline(always)]
pub(super) fn attend_cross<V: Lanes>(
    q: &[f32],
    memory: &Memory<'_>,
    scratch: &mut Buffer<f32>,
    weights: &mut [f32],
    out: &mut [f32],
) {
    let (dim, heads, len) = (q.len(), memory.heads, memory.len);
    let (width, padded) = (dim / heads, len.next_multiple_of(LANES));
    scratch.resize(heads * (padded + 1));
    let (scores, factors) = scratch.split_at_mut(heads * padded);
    let mut head = 0;
    while head < heads {
        let (q, keys) = (&q[head * width..], &memory.keys[head * width * padded..]);
        let scores = &mut scores[head * padded..];
        head += if head + ROWS <= heads {
            cross_scores::<V, ROWS>(q, keys, (width, padded), scores)
        } else {
            cross_scores::<V, 1>(q, keys, (width, padded), scores)
        };
    }
    for (scores, factor) in scores.chunks_exact_mut(padded).zip(factors.iter_mut()) {
        *factor = softmax::<V>(scores, len);
    }
    for (weight, p) in weights.iter_mut().zip(&scores[..len]) {
        *weight = p * factors[0];
    }
    let mut at = 0;
    while at < dim {
        let (values, out) = (&memory.values[at..], &mut out[at..]);
        at += if at + ROWS * LANES <= dim {
            cross_mix::<V, ROWS>((scores, factors), values, (at, width, padded, len, dim), out)
        } else {
            cross_mix::<V, 1>((scores, factors), values, (at, width, padded, len, dim), out)
        };
    }
}

/// Scores of one query for `H` heads; gives `H`.
#[inline(always)]
fn cross_scores<V: Lanes, const H: usize>(
    q: &[f32],
    keys: &[f32],
    (width, padded): (usize, usize),
    scores: &mut [f32],
) -> usize {
    let (q, keys) = (&q[..H * width], &keys[..H * width * padded]);
    let scale = V::splat(1.0 / (width as f32).sqrt());
    for at in (0..padded).step_by(LANES) {
        let mut acc = [V::splat(0.0); H];
        for d in 0..width {
            for h in 0..H {
                let k = load::<V>(&keys[(h * width + d) * padded + at..]);
                acc[h] = V::splat(q[h * width + d]).mul_add(k, acc[h]);
            }
        }
        for h in 0..H {
            store(acc[h].mul(scale), &mut scores[h * padded + at..]);
        }
    }
    H
}

/// Values weighed by `p` `[heads, padded]`, for `A` · 16 dimensions from `at` on; gives how many that are.
#[inline(always)]
fn cross_mix<V: Lanes, const A: usize>(
    (p, factors): (&[f32], &[f32]),
    values: &[f32],
    (at, width, padded, len, dim): (usize, usize, usize, usize, usize),
    out: &mut [f32],
) -> usize {
    let mut rows = [p; A];
    let mut factor = [0.0; A];
    for a in 0..A {
        let head = (at + a * LANES) / width;
        rows[a] = &p[head * padded..][..len];
        factor[a] = factors[head];
    }
    let mut acc = [V::splat(0.0); A];
    for j in 0..len {
        let values = values[j * dim..][..A * LANES].as_chunks().0;
        for a in 0..A {
            acc[a] = V::splat(rows[a][j]).mul_add(V::load(&values[a]), acc[a]);
        }
    }
    for (a, out) in out.as_chunks_mut().0[..A].iter_mut().enumerate() {
        acc[a].mul(V::splat(factor[a])).store(out);
    }
    A * LANES
}

#[inline(always)]
pub(super) fn scan<V: Lanes>(logits: &[f32]) -> Scan {
    let logits = logits.as_chunks().0;
    // The highest two of each lane.
    let (mut best, mut second) = (V::splat(f32::NEG_INFINITY), V::splat(f32::NEG_INFINITY));
    for x in logits {
        let x = V::load(x);
        second = second.max(best.min(x));
        best = best.max(x);
    }
    let top = best.greatest();
    let tops = V::splat(top);
    // Which column it is in, and whether another has the same.
    let (mut column, mut times) = (0, 0);
    let mut total = V::splat(0.0);
    for (at, x) in logits.iter().enumerate() {
        let x = V::load(x);
        let equal = x.equal(tops);
        if equal != 0 {
            if times == 0 {
                column = at as u32 * LANES as u32 + equal.trailing_zeros();
            }
            times += equal.count_ones();
        }
        total = total.add(exp(x.sub(tops)));
    }
    let runner_up = if times > 1 {
        top
    } else {
        let (mut bests, mut seconds) = ([0.0; LANES], [0.0; LANES]);
        best.store(&mut bests);
        second.store(&mut seconds);
        // The winner's lane gives its second, the others their best.
        bests[column as usize % LANES] = seconds[column as usize % LANES];
        V::load(&bests).greatest()
    };
    Scan { best: (column, top), second: runner_up, sum: total.sum() }
}
