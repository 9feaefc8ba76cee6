//! The part of a model's own configuration that decides how it is run.

use super::file::{Kind, ModelFile};
use crate::error::ModelError;

/// Sizes of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// Width of the embeddings and of every layer's output.
    pub dim: usize,
    /// Width of the feed-forward layers.
    pub ffn: usize,
    pub heads: usize,
    pub encoder_layers: usize,
    pub decoder_layers: usize,
    /// Sizes of the source and of the target vocabulary.
    pub source_vocabulary: usize,
    pub target_vocabulary: usize,
    /// Whether both vocabularies share one embedding table.
    pub shared: bool,
}

impl Config {
    /// Reads `special:model.yml` and the shapes of the embeddings.
    ///
    /// # Errors
    /// When the network is not a transformer with SSRU decoder, tied output and post-normalisation: the shape of
    /// every Firefox and Bergamot student.
    pub fn read(file: &ModelFile<'_>) -> Result<Config, ModelError> {
        let yaml = file.tensor("special:model.yml")?;
        if yaml.kind != Kind::I8 {
            return Err(ModelError::Format("its configuration is not text".into()));
        }
        let text = String::from_utf8_lossy(yaml.data);
        let settings = Settings(text.trim_end_matches('\0'));
        settings.require("type", "transformer")?;
        settings.require("transformer-decoder-autoreg", "rnn")?;
        settings.require("dec-cell", "ssru")?;
        settings.require("transformer-ffn-activation", "relu")?;
        settings.require("transformer-preprocess", "")?;
        settings.require("transformer-postprocess", "dan")?;
        settings.require("transformer-ffn-depth", "2")?;
        settings.forbid("transformer-train-position-embeddings", "true", "sinusoidal positions")?;
        settings.forbid("transformer-no-projection", "true", "attention with an output projection")?;
        let dim = settings.size("dim-emb")?;
        let ffn = settings.size("transformer-dim-ffn")?;
        let heads = settings.size("transformer-heads")?;
        if heads == 0 || !dim.is_multiple_of(heads * 16) || !dim.is_multiple_of(64) || !ffn.is_multiple_of(64)
        {
            return Err(ModelError::Format(format!(
                "its sizes (width {dim}, feed-forward {ffn}, {heads} heads) are none that this engine can run"
            )));
        }
        let shared = file.get("Wemb").is_some();
        let rows = |name: &str| -> Result<usize, ModelError> {
            match file.tensor(name)?.shape[..] {
                [rows, columns] if columns == dim && rows > 1 => Ok(rows),
                _ => {
                    Err(super::file::tensor_error(name, format!("is not a table of vectors of width {dim}")))
                }
            }
        };
        let (source, target) = if shared { ("Wemb", "Wemb") } else { ("encoder_Wemb", "decoder_Wemb") };
        Ok(Config {
            dim,
            ffn,
            heads,
            encoder_layers: settings.size("enc-depth")?,
            decoder_layers: settings.size("dec-depth")?,
            source_vocabulary: rows(source)?,
            target_vocabulary: rows(target)?,
            shared,
        })
    }
}

/// Most layers a network may claim.
const MAX_SIZE: usize = 1 << 16;

/// Marian writes its settings as a flat YAML map with one scalar a line; lists, which are indented, are not needed.
struct Settings<'a>(&'a str);

impl Settings<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.lines().find_map(|line| {
            let value = line.strip_prefix(key)?.strip_prefix(':')?.trim();
            Some(value.trim_matches(|c| c == '"' || c == '\''))
        })
    }

    fn require(&self, key: &'static str, wanted: &'static str) -> Result<(), ModelError> {
        let found = self.get(key).unwrap_or_default();
        let shown = if wanted.is_empty() { "an empty one" } else { wanted };
        if found == wanted {
            Ok(())
        } else {
            Err(ModelError::Unsupported { key, found: found.to_owned(), wanted: shown })
        }
    }

    fn forbid(&self, key: &'static str, value: &str, wanted: &'static str) -> Result<(), ModelError> {
        match self.get(key) {
            Some(found) if found == value => {
                Err(ModelError::Unsupported { key, found: found.to_owned(), wanted })
            }
            _ => Ok(()),
        }
    }

    fn size(&self, key: &'static str) -> Result<usize, ModelError> {
        let found = self.get(key).unwrap_or_default();
        match found.parse() {
            Ok(size) if size <= MAX_SIZE => Ok(size),
            _ => Err(ModelError::Unsupported { key, found: found.to_owned(), wanted: "a whole number" }),
        }
    }
}
