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

/// e^x, relative error below 2e-7 for -87 ≤ x ≤ 88; x is clamped to that range.
///
/// Cody–Waite range reduction and the degree-6 minimax polynomial of Cephes' `expf`.
#[inline(always)]
fn exp(x: &Lanes) -> Lanes {
    const MAGIC: f32 = 12_582_912.0; // 1.5 · 2^23: adding and taking it away rounds to an integer
    let mut out = [0.0; LANES];
    for i in 0..LANES {
        let x = if x[i] > -87.0 { x[i] } else { -87.0 };
        let x = if x < 88.0 { x } else { 88.0 };
        let shifted = x.mul_add(std::f32::consts::LOG2_E, MAGIC);
        let n = shifted - MAGIC;
        let r = n.mul_add(-0.693_359_4, x);
        let r = n.mul_add(2.121_944_4e-4, r);
        let mut p = 1.987_569_1e-4f32;
        p = p.mul_add(r, 1.398_199_9e-3);
        p = p.mul_add(r, 8.333_452e-3);
        p = p.mul_add(r, 4.166_579_6e-2);
        p = p.mul_add(r, 1.666_666_5e-1);
        p = p.mul_add(r, 0.5);
        let p = (p * r).mul_add(r, r) + 1.0;
        // The low bits of `shifted` are n itself; they become the exponent.
        let two_n = f32::from_bits(shifted.to_bits().wrapping_sub(MAGIC.to_bits()).wrapping_add(127) << 23);
        out[i] = p * two_n;
    }
    out
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
    for ((row, position), out) in rows.iter().zip(position.chunks_exact(LANES)).zip(out.chunks_exact_mut(LANES)) {
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
        let mut negated = [0.0; LANES];
        for i in 0..LANES {
            negated[i] = -forget[i];
        }
        let e = exp(&negated);
        let (state, out) = (lanes_mut(&mut state[at..]), lanes_mut(&mut out[at..]));
        for i in 0..LANES {
            let f = 1.0 / (1.0 + e[i]);
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
        let mut shifted = [0.0; LANES];
        for i in 0..LANES {
            shifted[i] = s[i] - most;
        }
        let e = exp(&shifted);
        for i in 0..LANES {
            // -inf would come out as e^-87.
            s[i] = if shifted[i] > -87.0 { e[i] } else { 0.0 };
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
            let q = |r: usize| &qkv[(at + r) * stride + first..][..width];
            let values = &qkv[2 * dim + first..];
            if at + ROWS <= len {
                scores::<ROWS>(std::array::from_fn(q), keys, padded, scale, weights);
                let factor: [f32; ROWS] = std::array::from_fn(|r| softmax(&mut weights[r * padded..][..padded], len));
                let p: [&[f32]; ROWS] = std::array::from_fn(|r| &weights[r * padded..][..len]);
                mix::<ROWS>(p, factor, values, stride, &mut out[at * dim + first..], dim, width);
                at += ROWS;
            } else {
                scores::<1>([q(0)], keys, padded, scale, weights);
                let factor = softmax(&mut weights[..padded], len);
                mix::<1>([&weights[..len]], [factor], values, stride, &mut out[at * dim + first..], dim, width);
                at += 1;
            }
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
    let (dim, len) = (q.len(), memory.len);
    let (width, padded) = (dim / memory.heads, len.next_multiple_of(LANES));
    let scale = 1.0 / (width as f32).sqrt();
    scratch.resize(padded);
    for head in 0..memory.heads {
        let first = head * width;
        scores::<1>([&q[first..first + width]], &memory.keys[first * padded..], padded, scale, scratch);
        let factor = softmax(scratch, len);
        if head == 0 {
            for (weight, p) in weights.iter_mut().zip(&scratch[..len]) {
                *weight = p * factor;
            }
        }
        mix::<1>([&scratch[..len]], [factor], &memory.values[first..], dim, &mut out[first..], dim, width);
    }
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
        let mut shifted = [0.0; LANES];
        for i in 0..LANES {
            shifted[i] = x[i] - top;
        }
        let e = exp(&shifted);
        for i in 0..LANES {
            total[i] += if shifted[i] > -87.0 { e[i] } else { 0.0 };
        }
    }
    Scan { best: (column[winner] * LANES as u32 + winner as u32, top), second: runner_up, sum: sum(total) }
}
