//! A loaded model.

use std::path::Path;

use edisi_gguf::GgufFile;

use crate::config::Config;
use crate::error::ModelError;
use crate::kernels::{self, Kernel};
use crate::tokenizer::Tokenizer;
use crate::weights::Weights;

/// A Gemma 3 language model, ready to run. One copy serves any number of threads.
pub struct Model {
    pub(crate) config: Config,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) weights: Weights,
    pub(crate) kernel: Box<dyn Kernel>,
    /// Added to the logits: `-inf` for pieces that are not text, the end of the text excepted.
    pub(crate) bias: Vec<f32>,
}

impl Model {
    /// Loads a GGUF file of the `gemma3` architecture; tensors that are not Q8_0 are quantised to it.
    ///
    /// # Errors
    /// [`ModelError`]: the file is unreadable, damaged, or another kind of model.
    pub fn load(path: &Path) -> Result<Model, ModelError> {
        let kernel = kernels::choose()
            .map_err(|(wanted, available)| ModelError::NoSuchKernel { wanted, available })?;
        let file =
            GgufFile::open(path).map_err(|source| ModelError::File { path: path.to_owned(), source })?;
        let config = Config::from_metadata(file.metadata())?;
        let tokenizer = Tokenizer::from_metadata(file.metadata())?;
        let weights = Weights::load(&file, &config, tokenizer.len())?;
        let bias = (0..tokenizer.len() as u32)
            .map(|id| if tokenizer.is_text(id) || id == tokenizer.eos { 0.0 } else { f32::NEG_INFINITY })
            .collect();
        Ok(Model { config, tokenizer, weights, kernel, bias })
    }

    /// How many tokens `text` is, without the beginning-of-text one.
    pub fn count_tokens(&self, text: &str) -> usize {
        let mut tokens = Vec::new();
        self.tokenizer.encode(text, &mut tokens);
        tokens.len()
    }

    /// The tokens of `text` as numbers in the vocabulary, without the beginning-of-text one.
    pub fn tokens(&self, text: &str) -> Vec<u32> {
        let mut tokens = Vec::new();
        self.tokenizer.encode(text, &mut tokens);
        tokens
    }

    /// Name of the kernel the arithmetic runs on.
    pub fn kernel(&self) -> &'static str {
        self.kernel.name()
    }

    /// Number of pieces in the vocabulary.
    pub fn vocabulary(&self) -> usize {
        self.tokenizer.len()
    }

    /// Bytes of memory the weights take up.
    pub fn bytes(&self) -> usize {
        let layers = &self.weights.layers;
        let matrices = layers.iter().flat_map(|l| [&l.qkv, &l.attn_out, &l.gate_up, &l.down]);
        matrices.chain([&self.weights.embedding]).map(|m| m.bytes()).sum()
    }
}

const _: fn() = || {
    fn shared_between_threads<T: Send + Sync>() {}
    shared_between_threads::<Model>();
};
