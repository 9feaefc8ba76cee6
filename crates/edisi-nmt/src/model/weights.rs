//! The network's parameters, packed for the kernels.

use super::config::Config;
use super::file::{ModelFile, tensor_error};
use crate::error::ModelError;
use crate::kernels::Norm;
use crate::kernels::aligned::Buffer;
use crate::pack::{Column, Packed};

/// A matrix with the multiplier of its activations.
pub(crate) struct Linear {
    /// What activations are multiplied by to be quantised.
    pub alpha: f32,
    pub matrix: Packed,
}

/// Several matrices that are applied to the same rows, side by side in the result.
pub(crate) struct Projection {
    /// First column in the result, and the matrix; those with equal multipliers of activations are one.
    pub parts: Vec<(usize, Linear)>,
    /// Columns of the result.
    pub width: usize,
}

/// One encoder layer.
pub(crate) struct Encoder {
    pub qkv: Projection,
    pub out: Linear,
    pub attention_norm: Norm,
    pub widen: Linear,
    pub narrow: Linear,
    pub norm: Norm,
}

/// One decoder layer.
pub(crate) struct Decoder {
    /// W and W_f.
    pub gates: Projection,
    pub cell_norm: Norm,
    pub query: Linear,
    pub out: Linear,
    pub attention_norm: Norm,
    pub widen: Linear,
    pub narrow: Linear,
    pub norm: Norm,
}

/// All but the embeddings.
pub(crate) struct Weights {
    pub encoder: Vec<Encoder>,
    pub decoder: Vec<Decoder>,
    /// Keys and values of every decoder layer: `[K0, V0, K1, V1, …]`.
    pub memory: Projection,
    /// Multiplier of the activations that meet the output embeddings.
    pub output_alpha: f32,
    /// One bias for each target token.
    pub output_bias: Vec<f32>,
}

impl Weights {
    /// Packs the parameters.
    ///
    /// # Errors
    /// When one is missing, of the wrong shape, or not quantised with static multipliers.
    pub fn load(file: &ModelFile<'_>, config: &Config, shortlisted: bool) -> Result<Weights, ModelError> {
        let loader = Loader { file, config };
        let encoder = (1..=config.encoder_layers).map(|l| loader.encoder(l)).collect::<Result<_, _>>()?;
        let decoder = (1..=config.decoder_layers).map(|l| loader.decoder(l)).collect::<Result<_, _>>()?;
        let memory: Vec<(String, Option<String>)> = (1..=config.decoder_layers)
            .flat_map(|l| {
                ["k", "v"].map(|part| {
                    (format!("decoder_l{l}_context_W{part}"), Some(format!("decoder_l{l}_context_b{part}")))
                })
            })
            .collect();
        // Rows that Marian selects by a shortlist lose their name, so their multiplier is kept under "none".
        let table = if config.shared { "Wemb_QuantMultA" } else { "decoder_Wemb_QuantMultA" };
        let names = if shortlisted { ["none_QuantMultA", table] } else { [table, "none_QuantMultA"] };
        let name = if file.get(names[0]).is_some() { names[0] } else { names[1] };
        Ok(Weights {
            encoder,
            decoder,
            memory: loader.projection(&memory, config.dim)?,
            output_alpha: file.activation_multiplier(name)?,
            output_bias: file.floats("decoder_ff_logit_out_b", config.target_vocabulary)?,
        })
    }
}

struct Loader<'a> {
    file: &'a ModelFile<'a>,
    config: &'a Config,
}

/// A matrix as the file has it.
struct Raw<'a> {
    /// Columns, one after the other.
    columns: &'a [u8],
    alpha: f32,
    /// Its own quantisation multiplier.
    multiplier: f32,
    bias: Vec<f32>,
}

impl Loader<'_> {
    fn raw(&self, name: &str, bias: Option<&str>, k: usize, n: usize) -> Result<Raw<'_>, ModelError> {
        let (columns, multiplier) = self.file.quantised(name, [k, n])?;
        let alpha = self.file.activation_multiplier(&format!("{name}_QuantMultA"))?;
        let bias = match bias {
            Some(bias) => self.file.floats(bias, n)?,
            None => vec![0.0; n],
        };
        Ok(Raw { columns, alpha, multiplier, bias })
    }

    fn linear(&self, name: &str, bias: &str, k: usize, n: usize) -> Result<Linear, ModelError> {
        pack(name, &[self.raw(name, Some(bias), k, n)?], k)
    }

    /// Matrices of width `dim` side by side, merged where their activations are quantised alike.
    fn projection(&self, names: &[(String, Option<String>)], n: usize) -> Result<Projection, ModelError> {
        let k = self.config.dim;
        let raws: Vec<Raw<'_>> = names
            .iter()
            .map(|(name, bias)| self.raw(name, bias.as_deref(), k, n))
            .collect::<Result<_, _>>()?;
        let mut parts = Vec::new();
        let mut first = 0;
        for run in raws.chunk_by(|a, b| a.alpha == b.alpha) {
            parts.push((first, pack(&names[first / n].0, run, k)?));
            first += run.len() * n;
        }
        Ok(Projection { parts, width: first })
    }

    fn norm(&self, prefix: &str) -> Result<Norm, ModelError> {
        let vector = |part: &str| self.file.floats(&format!("{prefix}_ln_{part}"), self.config.dim);
        Ok(Norm { scale: Buffer::from_slice(&vector("scale")?), bias: Buffer::from_slice(&vector("bias")?) })
    }

    fn feed_forward(&self, layer: &str) -> Result<(Linear, Linear, Norm), ModelError> {
        let (dim, ffn) = (self.config.dim, self.config.ffn);
        Ok((
            self.linear(&format!("{layer}_ffn_W1"), &format!("{layer}_ffn_b1"), dim, ffn)?,
            self.linear(&format!("{layer}_ffn_W2"), &format!("{layer}_ffn_b2"), ffn, dim)?,
            self.norm(&format!("{layer}_ffn_ffn"))?,
        ))
    }

    fn encoder(&self, layer: usize) -> Result<Encoder, ModelError> {
        let (name, dim) = (format!("encoder_l{layer}"), self.config.dim);
        let qkv = ["q", "k", "v"].map(|p| (format!("{name}_self_W{p}"), Some(format!("{name}_self_b{p}"))));
        let (widen, narrow, norm) = self.feed_forward(&name)?;
        Ok(Encoder {
            qkv: self.projection(&qkv, dim)?,
            out: self.linear(&format!("{name}_self_Wo"), &format!("{name}_self_bo"), dim, dim)?,
            attention_norm: self.norm(&format!("{name}_self_Wo"))?,
            widen,
            narrow,
            norm,
        })
    }

    fn decoder(&self, layer: usize) -> Result<Decoder, ModelError> {
        let (name, dim) = (format!("decoder_l{layer}"), self.config.dim);
        let gates =
            [(format!("{name}_rnn_W"), None), (format!("{name}_rnn_Wf"), Some(format!("{name}_rnn_bf")))];
        let (widen, narrow, norm) = self.feed_forward(&name)?;
        Ok(Decoder {
            gates: self.projection(&gates, dim)?,
            cell_norm: self.norm(&format!("{name}_rnn_ffn"))?,
            query: self.linear(&format!("{name}_context_Wq"), &format!("{name}_context_bq"), dim, dim)?,
            out: self.linear(&format!("{name}_context_Wo"), &format!("{name}_context_bo"), dim, dim)?,
            attention_norm: self.norm(&format!("{name}_context_Wo"))?,
            widen,
            narrow,
            norm,
        })
    }
}

fn pack(name: &str, raws: &[Raw<'_>], k: usize) -> Result<Linear, ModelError> {
    let alpha = raws[0].alpha;
    let mut matrix = Packed::empty();
    matrix.reset(k, raws.iter().map(|r| r.bias.len()).sum());
    let mut first = 0;
    for raw in raws {
        let columns: Vec<&[u8]> = raw.columns.chunks_exact(k).collect();
        let scale = 1.0 / (alpha * raw.multiplier);
        for (columns, at) in columns.chunks(16).zip((first..).step_by(16)) {
            matrix.set_columns(at, columns, |at| Column { scale, bias: raw.bias[at - first] });
        }
        first += columns.len();
    }
    if raws.iter().any(|r| !crate::pack::is_sound(r.columns)) {
        return Err(tensor_error(
            name,
            "holds -128, which Marian never writes; fetch the model again".into(),
        ));
    }
    Ok(Linear { alpha, matrix })
}
