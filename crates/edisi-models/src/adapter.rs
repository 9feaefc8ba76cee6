//! LoRA adapters in PEFT's format.
//!
//! An adapter holds, for some matrices W of the base, two thin matrices A and B; the adapted matrix is
//! W + s·B·A with s = alpha / rank (Hu et al. 2021, <https://arxiv.org/abs/2106.09685>), or alpha / √rank when
//! `use_rslora` is set (Kalajdzievski 2023, <https://arxiv.org/abs/2312.03732>).

use std::collections::BTreeMap;

use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;

use crate::Error;
use crate::catalogue::Folder;
use crate::files::sha256;

/// PEFT settings that change the arithmetic or add tensors, and that Edisi does not implement.
const UNSUPPORTED: [&str; 14] = [
    "alora_invocation_tokens",
    "alpha_pattern",
    "fan_in_fan_out",
    "layer_replication",
    "lora_bias",
    "megatron_config",
    "modules_to_save",
    "rank_pattern",
    "target_parameters",
    "trainable_token_indices",
    "use_bdlora",
    "use_dora",
    "use_qalora",
    "velora_config",
];

/// The matrices of a Gemma 3 layer: their names in the adapter and in GGUF. Gemma's rows keep their order in
/// the conversion to GGUF (unlike Llama's, whose query and key rows are permuted).
const MATRICES: [(&str, &str); 7] = [
    ("self_attn.q_proj", "attn_q"),
    ("self_attn.k_proj", "attn_k"),
    ("self_attn.v_proj", "attn_v"),
    ("self_attn.o_proj", "attn_output"),
    ("mlp.gate_proj", "ffn_gate"),
    ("mlp.up_proj", "ffn_up"),
    ("mlp.down_proj", "ffn_down"),
];

/// An adapter, its matrices by the GGUF name of the matrix they change.
#[derive(Debug)]
pub(crate) struct Adapter {
    pub(crate) deltas: BTreeMap<String, Delta>,
    pub(crate) sha256: String,
}

/// A change of rank `rank` to a matrix of `outputs` rows by `inputs` columns.
#[derive(Debug)]
pub(crate) struct Delta {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    rank: usize,
    scale: f32,
    /// `rank` rows of `inputs`.
    a: Vec<f32>,
    /// `outputs` rows of `rank`.
    b: Vec<f32>,
}

impl Adapter {
    pub(crate) fn read(folder: &Folder) -> Result<Self, Error> {
        let fail = |reason: String| Error::BadAdapter { folder: folder.label.clone(), reason };
        let file = |name: &str| folder.get(name).ok_or_else(|| fail(format!("it has no {name}")));
        let config: Value = serde_json::from_slice(file(Folder::CONFIG)?)
            .map_err(|e| fail(format!("{} is not JSON: {e}", Folder::CONFIG)))?;
        let scale = scale(&config).map_err(fail)?;
        let weights = file(Folder::WEIGHTS)?;
        let deltas = read_deltas(weights, scale).map_err(fail)?;
        Ok(Adapter { deltas, sha256: sha256(weights) })
    }
}

/// The scale of the changes, and a check that they are plain LoRA on Gemma 3.
fn scale(config: &Value) -> Result<Scale, String> {
    let empty = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    match config["peft_type"].as_str() {
        Some("LORA") => {}
        other => {
            return Err(format!("its peft_type is {}, only LORA is supported", other.unwrap_or("missing")));
        }
    }
    if let Some(setting) = UNSUPPORTED.iter().find(|setting| !empty(&config[**setting])) {
        return Err(format!("it uses `{setting}`, which is not supported: train a plain LoRA adapter"));
    }
    if !matches!(config["bias"].as_str(), None | Some("none")) {
        return Err("it trains biases, which Gemma 3 does not have".into());
    }
    if let Some(class) = config["auto_mapping"]["base_model_class"].as_str()
        && !class.starts_with("Gemma3")
    {
        return Err(format!("it was trained for {class}, not for Gemma 3"));
    }
    let alpha = config["lora_alpha"].as_f64().filter(|a| a.is_finite()).ok_or("it gives no lora_alpha")?;
    let rank = config["r"]
        .as_u64()
        .filter(|r| (1..=4096).contains(r))
        .ok_or("it gives no rank `r` from 1 to 4096")?;
    let divisor =
        if config["use_rslora"].as_bool() == Some(true) { (rank as f64).sqrt() } else { rank as f64 };
    Ok(Scale { rank: rank as usize, factor: (alpha / divisor) as f32 })
}

struct Scale {
    rank: usize,
    factor: f32,
}

fn read_deltas(bytes: &[u8], scale: Scale) -> Result<BTreeMap<String, Delta>, String> {
    let file = SafeTensors::deserialize(bytes).map_err(|e| format!("its weights cannot be read: {e}"))?;
    let mut halves: BTreeMap<String, [Option<Matrix>; 2]> = BTreeMap::new();
    for (key, tensor) in file.iter() {
        let (target, half) = locate(key).ok_or_else(|| {
            format!("tensor `{key}` is not the A or B matrix of a Gemma 3 layer's projection")
        })?;
        let &[rows, columns] = tensor.shape() else {
            return Err(format!("tensor `{key}` is not a matrix"));
        };
        let values = floats(tensor.dtype(), tensor.data()).ok_or_else(|| {
            format!("tensor `{key}` is {:?}; BF16, F16 and F32 are supported", tensor.dtype())
        })?;
        if !values.iter().all(|v| v.is_finite()) {
            return Err(format!("tensor `{key}` has values that are not finite: its training diverged"));
        }
        halves.entry(target).or_default()[half] = Some(Matrix { rows, columns, values });
    }
    if halves.is_empty() {
        return Err("its weights are empty".into());
    }
    let pair = |(target, halves): (String, [Option<Matrix>; 2])| {
        let [Some(a), Some(b)] = halves else {
            return Err(format!("it has only one of the matrices A and B for {target}"));
        };
        if a.rows != scale.rank || b.columns != scale.rank {
            return Err(format!(
                "its matrices for {target} have ranks {} and {}, its configuration says {}",
                a.rows, b.columns, scale.rank
            ));
        }
        let (inputs, outputs) = (a.columns, b.rows);
        let delta =
            Delta { inputs, outputs, rank: scale.rank, scale: scale.factor, a: a.values, b: b.values };
        Ok((target, delta))
    };
    halves.into_iter().map(pair).collect()
}

struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

/// The GGUF name of the matrix a tensor changes, and 0 for A, 1 for B.
fn locate(key: &str) -> Option<(String, usize)> {
    let rest = key.strip_prefix("base_model.model.model.layers.")?;
    let (layer, rest) = rest.split_once('.')?;
    let layer: u16 = layer.parse().ok()?;
    let (module, half) = rest.split_once(".lora_")?;
    let half = ["A.weight", "B.weight"].iter().position(|name| *name == half)?;
    let (_, name) = MATRICES.iter().find(|(theirs, _)| *theirs == module)?;
    Some((format!("blk.{layer}.{name}.weight"), half))
}

fn floats(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    Some(match dtype {
        Dtype::F32 => bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
        Dtype::F16 => bytes.as_chunks().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect(),
        Dtype::BF16 => bytes.as_chunks().0.iter().map(|b| bf16::from_le_bytes(*b).to_f32()).collect(),
        _ => return None,
    })
}

impl Delta {
    /// Adds the change to `weights`, `outputs` rows of `inputs`.
    ///
    /// The sums run over the rank in order and nothing is contracted into fused multiply-adds, so the result
    /// is the same on every machine.
    pub(crate) fn add_to(&self, weights: &mut [f32]) {
        let mut sum = vec![0f32; self.inputs];
        for (row, b) in weights.chunks_exact_mut(self.inputs).zip(self.b.chunks_exact(self.rank)) {
            sum.fill(0.0);
            for (a, factor) in self.a.chunks_exact(self.inputs).zip(b) {
                for (sum, a) in sum.iter_mut().zip(a) {
                    *sum += factor * a;
                }
            }
            for (weight, sum) in row.iter_mut().zip(&sum) {
                *weight += self.scale * sum;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One projection's pair of matrices, rank 2, as a folder in memory.
    fn folder(change: impl Fn(&mut Vec<u8>, &mut Vec<u8>)) -> Folder {
        let mut config = br#"{"peft_type":"LORA","r":2,"lora_alpha":4,"bias":"none"}"#.to_vec();
        let start = "base_model.model.model.layers.0.mlp.up_proj.lora_";
        let numbers: Vec<u8> = (0..8).flat_map(|i| (i as f32).to_le_bytes()).collect();
        let view =
            |rows| safetensors::tensor::TensorView::new(Dtype::F32, vec![rows, 8 / rows], &numbers).unwrap();
        let pair = [(format!("{start}A.weight"), view(2)), (format!("{start}B.weight"), view(4))];
        let mut weights = safetensors::serialize(pair, None).unwrap();
        change(&mut config, &mut weights);
        Folder::in_memory([(Folder::CONFIG, config), (Folder::WEIGHTS, weights)])
    }

    #[test]
    fn the_change_is_the_scaled_product() {
        let adapter = Adapter::read(&folder(|_, _| {})).unwrap();
        let delta = &adapter.deltas["blk.0.ffn_up.weight"];
        let mut weights = vec![0.5; 16];
        delta.add_to(&mut weights);
        // A = [0 1 2 3; 4 5 6 7], B = [0 1; 2 3; 4 5; 6 7], scale 4 / 2.
        let want = [4., 5., 6., 7., 12., 17., 22., 27., 20., 29., 38., 47., 28., 41., 54., 67.];
        assert_eq!(weights, want.map(|product| 0.5 + 2.0 * product));
    }

    proptest! {
        #[test]
        fn changed_files_never_panic(at in any::<prop::sample::Index>(), value: u8, in_weights: bool, keep in 0usize..600) {
            let changed = folder(|config, weights| {
                let file = if in_weights { weights } else { config };
                file.truncate(keep.max(1));
                let at = at.index(file.len());
                file[at] = value;
            });
            let _ = Adapter::read(&changed);
        }
    }
}
