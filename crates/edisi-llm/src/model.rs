//! A loaded model.

use std::path::Path;
use std::sync::Arc;

use edisi_gguf::GgufFile;

use crate::config::Config;
use crate::error::ModelError;
use crate::kernels::{self, Kernel};
use crate::order::Order;
use crate::pack::PANEL;
use crate::tokenizer::Tokenizer;
use crate::weights::Weights;

/// A Gemma 3 language model, ready to run. One copy serves any number of threads.
pub struct Model {
    pub(crate) config: Config,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) weights: Weights,
    pub(crate) kernel: Box<dyn Kernel>,
    /// Every piece that is text, and the end of the text.
    pub(crate) any: Mask,
}

/// Which pieces may be said.
#[derive(Clone)]
pub struct Mask {
    /// Added to the logits: 0, or `-inf` for pieces that may not be said; a number for each column.
    pub(crate) bias: Arc<[f32]>,
    /// For each panel of columns, whether any of its pieces may be said.
    pub(crate) open: Arc<[bool]>,
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let allowed = self.bias.iter().filter(|b| **b == 0.0).count();
        write!(f, "Mask({allowed} of {} pieces)", self.bias.len())
    }
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
        let weights = Weights::load(&file, &config, Order::by_writing(&tokenizer))?;
        let any = mask(&tokenizer, &weights.order, |_| true);
        Ok(Model { config, tokenizer, weights, kernel, any })
    }

    /// The pieces that `allow` lets through, asked about the text of each (spaces as spaces); pieces of single
    /// bytes and the end of the line are always allowed, control pieces never.
    pub fn mask(&self, allow: impl Fn(&str) -> bool) -> Mask {
        mask(&self.tokenizer, &self.weights.order, allow)
    }

    /// How many tokens `text` is, without the beginning-of-text one.
    pub fn count_tokens(&self, text: &str) -> usize {
        self.tokens(text).len()
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

fn mask(tokenizer: &Tokenizer, order: &Order, allow: impl Fn(&str) -> bool) -> Mask {
    let allowed = |id: u32| {
        id == tokenizer.eos
            || tokenizer.breaks_line(id)
            || (tokenizer.is_text(id) && (tokenizer.is_byte(id) || allow(&tokenizer.decode(&[id]))))
    };
    let bias = |id: &u32| if allowed(*id) { 0.0 } else { f32::NEG_INFINITY };
    let bias: Arc<[f32]> = order.pieces.iter().map(bias).collect();
    let open = bias.chunks(PANEL).map(|panel| panel.contains(&0.0)).collect();
    Mask { bias, open }
}

const _: fn() = || {
    fn shared_between_threads<T: Send + Sync>() {}
    shared_between_threads::<Model>();
};
