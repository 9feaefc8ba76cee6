//! Encoding into storage formats.

use half::{bf16, f16};

use crate::TensorType;

/// Encodes values as Q8_0, the way ggml's reference does (`quantize_row_q8_0_ref`): the scale is the largest
/// magnitude of 32 values over 127, values are divided by the scale before it is rounded to 16 bits, halves
/// round away from zero. Plain `f32` arithmetic in a fixed order: the same bytes on every machine.
///
/// A decoded value differs from the original by at most half a scale step plus 2⁻¹¹ of the value.
///
/// # Panics
/// When the number of values is not a multiple of 32.
pub fn quantize_q8_0(values: &[f32]) -> Vec<u8> {
    let len = TensorType::Q8_0.row_bytes(values.len()).expect("Q8_0 blocks hold 32 values");
    let mut out = Vec::with_capacity(len);
    for block in values.chunks_exact(32) {
        let largest = block.iter().fold(0f32, |m, v| m.max(v.abs()));
        let scale = largest / 127.0;
        let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
        out.extend(f16::from_f32(scale).to_le_bytes());
        out.extend(block.iter().map(|v| (v * inverse).round() as i8 as u8));
    }
    out
}

/// Encodes values as BF16, rounding to nearest, ties to even.
pub fn to_bf16(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| bf16::from_f32(*v).to_le_bytes()).collect()
}

/// Encodes values as F32.
pub fn to_f32_bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}
