//! The tensors of a model, packed for the kernels.

use edisi_gguf::{GgufFile, TensorType, TensorView};

use crate::config::{Config, MAX_POSITIONS};
use crate::error::ModelError;
use crate::order::Order;
use crate::pack::{GROUP, PackedMatrix};

/// One transformer block. Matrices that share their input are one.
pub(crate) struct Layer {
    pub attn_norm: Vec<f32>,
    /// Columns: queries, then keys, then values.
    pub qkv: PackedMatrix,
    pub q_norm: Vec<f32>,
    pub k_norm: Vec<f32>,
    pub attn_out: PackedMatrix,
    pub post_attn_norm: Vec<f32>,
    pub ffn_norm: Vec<f32>,
    /// Columns: gate, then up.
    pub gate_up: PackedMatrix,
    pub down: PackedMatrix,
    pub post_ffn_norm: Vec<f32>,
}

/// Everything the forward pass reads.
pub(crate) struct Weights {
    pub layers: Vec<Layer>,
    pub output_norm: Vec<f32>,
    /// Embedding table and output projection in one, its columns in `order`.
    pub embedding: PackedMatrix,
    pub order: Order,
    pub rope_global: Rope,
    pub rope_local: Rope,
}

impl Weights {
    /// Packs the tensors of `file`; types other than Q8_0 are quantised to it.
    pub fn load(file: &GgufFile, config: &Config, order: Order) -> Result<Weights, ModelError> {
        let norm = |name: &str, len: usize| -> Result<Vec<f32>, ModelError> {
            Ok(file.tensor(name)?.expect_dims(&[len])?.dequantize())
        };
        let matrix = |names: &[String], ns: &[usize], k: usize| -> Result<PackedMatrix, ModelError> {
            let views: Vec<TensorView<'_>> = names
                .iter()
                .zip(ns)
                .map(|(name, &n)| Ok(file.tensor(name)?.expect_dims(&[k, n])?))
                .collect::<Result<_, ModelError>>()?;
            Ok(pack(&views, k, |column| column))
        };
        let (d, q, hd) = (config.dim, config.q_dim(), config.head_dim);
        let layers = (0..config.layers)
            .map(|i| {
                let t = |name: &str| format!("blk.{i}.{name}.weight");
                Ok(Layer {
                    attn_norm: norm(&t("attn_norm"), d)?,
                    qkv: matrix(&[t("attn_q"), t("attn_k"), t("attn_v")], &[q, hd, hd], d)?,
                    q_norm: norm(&t("attn_q_norm"), hd)?,
                    k_norm: norm(&t("attn_k_norm"), hd)?,
                    attn_out: matrix(&[t("attn_output")], &[d], q)?,
                    post_attn_norm: norm(&t("post_attention_norm"), d)?,
                    ffn_norm: norm(&t("ffn_norm"), d)?,
                    gate_up: matrix(&[t("ffn_gate"), t("ffn_up")], &[config.ffn, config.ffn], d)?,
                    down: matrix(&[t("ffn_down")], &[d], config.ffn)?,
                    post_ffn_norm: norm(&t("post_ffw_norm"), d)?,
                })
            })
            .collect::<Result<_, ModelError>>()?;
        let table = file.tensor("token_embd.weight")?.expect_dims(&[d, order.pieces.len()])?;
        Ok(Weights {
            layers,
            output_norm: norm("output_norm.weight", d)?,
            embedding: pack(&[table], d, |column| order.pieces[column] as usize),
            order,
            rope_global: Rope::new(config.rope_global, hd),
            rope_local: Rope::new(config.rope_local, hd),
        })
    }
}

/// Packs matrices side by side; column `c` is row `row(c)` of them.
fn pack(views: &[TensorView<'_>], k: usize, row: impl Fn(usize) -> usize + Sync) -> PackedMatrix {
    let n = views.iter().map(TensorView::rows).sum();
    PackedMatrix::pack(n, k, |column, weights, scales| {
        let mut column = row(column);
        for view in views {
            if column < view.rows() {
                let quantised;
                let bytes = if view.ty() == TensorType::Q8_0 {
                    view.row_bytes(column)
                } else {
                    let mut row = vec![0.0; k];
                    view.row(column, &mut row);
                    quantised = edisi_gguf::quantize_q8_0(&row);
                    &quantised
                };
                // A block is a half-precision scale and 32 weights.
                for (g, block) in bytes.chunks_exact(2 + GROUP).enumerate() {
                    scales[g] = half::f16::from_le_bytes([block[0], block[1]]).to_f32();
                    for (w, &b) in weights[g * GROUP..(g + 1) * GROUP].iter_mut().zip(&block[2..]) {
                        *w = b as i8;
                    }
                }
                return;
            }
            column -= view.rows();
        }
    })
}

/// Rotary position embedding: angle `position · base^(-2i / head_dim)` for pair `(i, i + head_dim / 2)`
/// (Su et al. 2021, in the half-split layout).
pub(crate) struct Rope {
    /// `[MAX_POSITIONS, head_dim / 2]` pairs of cosine and sine.
    table: Vec<(f32, f32)>,
    half: usize,
}

impl Rope {
    fn new(base: f32, head_dim: usize) -> Rope {
        let half = head_dim / 2;
        let frequencies: Vec<f64> =
            (0..half).map(|i| f64::from(base).powf(-(i as f64) / half as f64)).collect();
        let table = (0..MAX_POSITIONS)
            .flat_map(|position| frequencies.iter().map(move |f| position as f64 * f))
            .map(|angle| (angle.cos() as f32, angle.sin() as f32))
            .collect();
        Rope { table, half }
    }

    /// Rotates one head in place.
    pub fn apply(&self, x: &mut [f32], position: usize) {
        let (a, b) = x.split_at_mut(self.half);
        let angles = &self.table[position * self.half..(position + 1) * self.half];
        for ((a, b), (cos, sin)) in a.iter_mut().zip(b).zip(angles) {
            (*a, *b) = (*a * cos - *b * sin, *a * sin + *b * cos);
        }
    }
}
