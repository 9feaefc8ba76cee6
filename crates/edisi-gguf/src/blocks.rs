//! Decoding of ggml's storage formats.
//!
//! The layouts and the order of the floating-point operations are those of ggml's `ggml-quants.c`
//! (`dequantize_row_*`, MIT licence), so results equal the reference's bit for bit; `tests/goldens` holds the
//! proof. All numbers are little-endian; `d` is a block's scale, `m` its minimum.

use half::{bf16, f16};

use crate::TensorType;

/// Decodes whole blocks.
///
/// # Panics
/// When `bytes` is not exactly what `out.len()` values take.
pub(crate) fn dequantize(ty: TensorType, bytes: &[u8], out: &mut [f32]) {
    assert_eq!(ty.row_bytes(out.len()), Some(bytes.len()), "{ty:?}: bytes and values do not match");
    let decode: fn(&[u8], &mut [f32]) = match ty {
        TensorType::F32 => |b, y| y[0] = f32::from_le_bytes([b[0], b[1], b[2], b[3]]),
        TensorType::F16 => |b, y| y[0] = half_at(b, 0),
        TensorType::BF16 => |b, y| y[0] = bf16::from_le_bytes([b[0], b[1]]).to_f32(),
        TensorType::Q4_0 => q4_0,
        TensorType::Q4_1 => q4_1,
        TensorType::Q5_0 => q5_0,
        TensorType::Q5_1 => q5_1,
        TensorType::Q8_0 => q8_0,
        TensorType::Q4_K => q4_k,
        TensorType::Q5_K => q5_k,
        TensorType::Q6_K => q6_k,
    };
    for (block, values) in bytes.chunks_exact(ty.block_bytes()).zip(out.chunks_exact_mut(ty.block_len())) {
        decode(block, values);
    }
}

fn half_at(bytes: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([bytes[at], bytes[at + 1]]).to_f32()
}

/// Bit `j` of the 32 high bits that Q5_0 and Q5_1 keep apart, as the fifth bit of a value.
fn fifth_bit(high: &[u8], j: usize) -> u8 {
    ((high[j / 8] >> (j % 8)) & 1) << 4
}

/// `d` f16, 32 × 4 bits: low nibbles are values 0–15, high nibbles 16–31.
fn q4_0(b: &[u8], y: &mut [f32]) {
    let d = half_at(b, 0);
    for (j, q) in b[2..18].iter().enumerate() {
        y[j] = f32::from((q & 15) as i8 - 8) * d;
        y[j + 16] = f32::from((q >> 4) as i8 - 8) * d;
    }
}

/// `d` f16, `m` f16, 32 × 4 bits.
fn q4_1(b: &[u8], y: &mut [f32]) {
    let (d, m) = (half_at(b, 0), half_at(b, 2));
    for (j, q) in b[4..20].iter().enumerate() {
        y[j] = f32::from(q & 15) * d + m;
        y[j + 16] = f32::from(q >> 4) * d + m;
    }
}

/// `d` f16, 32 fifth bits, 32 × 4 bits.
fn q5_0(b: &[u8], y: &mut [f32]) {
    let (d, high) = (half_at(b, 0), &b[2..6]);
    for (j, q) in b[6..22].iter().enumerate() {
        y[j] = f32::from((q & 15 | fifth_bit(high, j)) as i8 - 16) * d;
        y[j + 16] = f32::from((q >> 4 | fifth_bit(high, j + 16)) as i8 - 16) * d;
    }
}

/// `d` f16, `m` f16, 32 fifth bits, 32 × 4 bits.
fn q5_1(b: &[u8], y: &mut [f32]) {
    let (d, m, high) = (half_at(b, 0), half_at(b, 2), &b[4..8]);
    for (j, q) in b[8..24].iter().enumerate() {
        y[j] = f32::from(q & 15 | fifth_bit(high, j)) * d + m;
        y[j + 16] = f32::from(q >> 4 | fifth_bit(high, j + 16)) * d + m;
    }
}

/// `d` f16, 32 × i8.
fn q8_0(b: &[u8], y: &mut [f32]) {
    let d = half_at(b, 0);
    for (value, q) in y.iter_mut().zip(&b[2..34]) {
        *value = f32::from(*q as i8) * d;
    }
}

/// The 6-bit scale and minimum of sub-block `j` of 8, packed in 12 bytes (Q4_K and Q5_K).
fn scale_min(packed: &[u8], j: usize) -> (f32, f32) {
    let (scale, min) = if j < 4 {
        (packed[j] & 63, packed[j + 4] & 63)
    } else {
        ((packed[j + 4] & 15) | ((packed[j - 4] >> 6) << 4), (packed[j + 4] >> 4) | ((packed[j] >> 6) << 4))
    };
    (f32::from(scale), f32::from(min))
}

/// `d` f16, `dmin` f16, 12 bytes of scales and minima, 256 × 4 bits. Each run of 32 bytes holds the values of
/// two sub-blocks, in its low and in its high nibbles.
fn q4_k(b: &[u8], y: &mut [f32]) {
    let (d, dmin, scales) = (half_at(b, 0), half_at(b, 2), &b[4..16]);
    for (pair, (q, y)) in b[16..144].chunks_exact(32).zip(y.chunks_exact_mut(64)).enumerate() {
        let (low, high) = y.split_at_mut(32);
        for (part, shift, half) in [(low, 0, 0), (high, 4, 1)] {
            let (scale, min) = scale_min(scales, 2 * pair + half);
            let (d, m) = (d * scale, dmin * min);
            for (value, q) in part.iter_mut().zip(q) {
                *value = d * f32::from(q >> shift & 15) - m;
            }
        }
    }
}

/// As Q4_K, with 32 bytes of fifth bits before the nibbles: bit `s` of byte `l` belongs to value `l` of
/// sub-block `s`.
fn q5_k(b: &[u8], y: &mut [f32]) {
    let (d, dmin, scales, fifth) = (half_at(b, 0), half_at(b, 2), &b[4..16], &b[16..48]);
    for (pair, (q, y)) in b[48..176].chunks_exact(32).zip(y.chunks_exact_mut(64)).enumerate() {
        let (low, high) = y.split_at_mut(32);
        for (part, shift, half) in [(low, 0, 0), (high, 4, 1)] {
            let sub = 2 * pair + half;
            let (scale, min) = scale_min(scales, sub);
            let (d, m) = (d * scale, dmin * min);
            for ((value, q), fifth) in part.iter_mut().zip(q).zip(fifth) {
                *value = d * f32::from(q >> shift & 15 | (fifth >> sub & 1) << 4) - m;
            }
        }
    }
}

/// 256 low nibbles (128 bytes), 256 high pairs of bits (64 bytes), 16 × i8 scales, `d` f16. Each half of the
/// block is four runs of 32 values that share the bytes of the pairs.
fn q6_k(b: &[u8], y: &mut [f32]) {
    let d = half_at(b, 208);
    for (n, y) in y.chunks_exact_mut(128).enumerate() {
        let (low, high, scales) = (&b[64 * n..][..64], &b[128 + 32 * n..][..32], &b[192 + 8 * n..][..8]);
        for (run, y) in y.chunks_exact_mut(32).enumerate() {
            let nibbles = &low[32 * (run % 2)..][..32];
            let shift = 4 * (run / 2);
            for (l, value) in y.iter_mut().enumerate() {
                let q = nibbles[l] >> shift & 15 | (high[l] >> (2 * run) & 3) << 4;
                *value = d * f32::from(scales[2 * run + l / 16] as i8) * f32::from(q as i8 - 32);
            }
        }
    }
}
