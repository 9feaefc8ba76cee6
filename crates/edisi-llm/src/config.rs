//! The shape of a Gemma 3 model.

use edisi_gguf::Metadata;

use crate::error::ModelError;
use crate::pack::GROUP;

/// Positions a request may take up, prompt and answer together.
pub(crate) const MAX_POSITIONS: usize = 2048;

/// Hyperparameters, as `gemma3.*` in the file states them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    pub dim: usize,
    pub layers: usize,
    pub ffn: usize,
    pub heads: usize,
    pub head_dim: usize,
    pub eps: f32,
    pub rope_global: f32,
    pub rope_local: f32,
    /// Positions a local layer sees, itself included.
    pub window: usize,
    /// Every so-manieth layer is global.
    pub global_every: usize,
}

impl Config {
    /// Reads and checks the hyperparameters.
    pub fn from_metadata(meta: &Metadata) -> Result<Config, ModelError> {
        let architecture = meta.str("general.architecture")?;
        if architecture != "gemma3" {
            return Err(ModelError::unsupported(format!("architecture `{architecture}`"), "`gemma3`"));
        }
        let number = |key: &str| meta.u32(&format!("gemma3.{key}")).map(|v| v as usize);
        let config = Config {
            dim: number("embedding_length")?,
            layers: number("block_count")?,
            ffn: number("feed_forward_length")?,
            heads: number("attention.head_count")?,
            head_dim: number("attention.key_length")?,
            eps: meta.f32("gemma3.attention.layer_norm_rms_epsilon")?,
            rope_global: meta.f32("gemma3.rope.freq_base")?,
            // Not in the files: the architecture's constants.
            rope_local: 10_000.0,
            window: number("attention.sliding_window")?,
            global_every: 6,
        };
        if number("attention.head_count_kv")? != 1 || number("attention.value_length")? != config.head_dim {
            return Err(ModelError::unsupported("several key-value heads", "one (Gemma 3 270M and 1B)"));
        }
        let multiples = [config.dim, config.ffn, config.head_dim, config.heads * config.head_dim];
        if multiples.iter().any(|&n| n == 0 || n % GROUP != 0 || n > 1 << 16)
            || !(1..=512).contains(&config.layers)
            || config.window == 0
        {
            return Err(ModelError::damaged(format!("impossible dimensions {config:?}")));
        }
        Ok(config)
    }

    /// Whether a layer attends to all positions rather than to the window.
    pub fn is_global(&self, layer: usize) -> bool {
        (layer + 1).is_multiple_of(self.global_every)
    }

    /// Width of queries, all heads together.
    pub fn q_dim(&self) -> usize {
        self.heads * self.head_dim
    }
}
