//! What a model file holds, ready to run.

mod config;
mod file;
mod weights;

use std::fs::File;
use std::path::Path;

pub(crate) use config::Config;
pub(crate) use weights::{Linear, Projection, Weights};

use crate::error::{LoadError, ModelError};
use file::ModelFile;

/// A file's bytes, mapped or in memory.
pub(crate) enum Bytes {
    Mapped(memmap2::Mmap),
    Owned(Vec<u8>),
}

impl Bytes {
    /// Maps a file.
    ///
    /// # Errors
    /// When it cannot be opened or mapped.
    pub fn map(path: &Path) -> Result<Bytes, LoadError> {
        let io = |source| LoadError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(io)?;
        if file.metadata().map_err(io)?.len() == 0 {
            return Ok(Bytes::Owned(Vec::new())); // an empty file cannot be mapped
        }
        // SAFETY: installed model files are replaced, never written to, by everything in Edisi; should somebody
        // else truncate one while it is in use, the process ends with a bus error, as with any mapped file.
        #[allow(unsafe_code)]
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(io)?;
        Ok(Bytes::Mapped(map))
    }
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Mapped(map) => map,
            Bytes::Owned(bytes) => bytes,
        }
    }
}

/// A table of int8 vectors, left where the file has it.
#[derive(Clone)]
pub(crate) struct Table {
    /// Where it begins in the file.
    start: usize,
    /// Its quantisation multiplier.
    pub multiplier: f32,
}

/// A network with its weights.
pub(crate) struct Model {
    bytes: Bytes,
    pub config: Config,
    pub weights: Weights,
    pub source: Table,
    pub target: Table,
}

impl Model {
    /// Reads and packs a model.
    ///
    /// # Errors
    /// When the bytes are not a model that this engine can run.
    pub fn load(bytes: Bytes, shortlisted: bool) -> Result<Model, ModelError> {
        let file = ModelFile::parse(&bytes)?;
        let config = Config::read(&file)?;
        let table = |name: &str, rows: usize| {
            let (elements, multiplier) = file.quantised(name, [rows, config.dim])?;
            Ok(Table { start: elements.as_ptr().addr() - bytes.as_ptr().addr(), multiplier })
        };
        let (source, target) = if config.shared {
            let shared: Table = table("Wemb", config.source_vocabulary)?;
            (shared.clone(), shared)
        } else {
            (
                table("encoder_Wemb", config.source_vocabulary)?,
                table("decoder_Wemb", config.target_vocabulary)?,
            )
        };
        let weights = Weights::load(&file, &config, shortlisted)?;
        drop(file);
        Ok(Model { bytes, config, weights, source, target })
    }

    /// One vector of a table, as int8 in bytes.
    pub fn row(&self, table: &Table, id: u32) -> &[u8] {
        &self.bytes[table.start + id as usize * self.config.dim..][..self.config.dim]
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}
