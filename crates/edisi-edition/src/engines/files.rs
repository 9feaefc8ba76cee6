//! Whether an installed model's files are still what was installed.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use edisi_models::Manifest;
use sha2::{Digest, Sha256};

use crate::cache::hex;
use crate::translator::{EngineError, EngineErrorKind};

/// Compares files of an installed model with the hashes that its manifest has.
///
/// # Errors
/// When one is gone, cannot be read, or has changed.
pub(super) fn unchanged<'a>(
    manifest: &Manifest,
    paths: impl Iterator<Item = &'a Path>,
) -> Result<(), EngineError> {
    let model = &manifest.name;
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let wanted = manifest.file(&name).map(|f| f.sha256.as_str());
        match sha256(path) {
            Ok(hash) if Some(hash.as_str()) == wanted => {}
            Ok(_) => return Err(damaged(model, &format!("{name} has changed since it was installed"))),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let message = format!(
                    "the file {name} of model `{model}` is gone; run `edisi models pull {model} --force`"
                );
                return Err(EngineError::new(EngineErrorKind::ModelMissing, message));
            }
            Err(e) => return Err(damaged(model, &format!("{name} cannot be read: {e}"))),
        }
    }
    Ok(())
}

/// What is said of a model whose files are not what they should be.
pub(super) fn damaged(model: &str, why: &str) -> EngineError {
    let message = format!(
        "model `{model}` is damaged ({why}); run `edisi models pull {model} --force`, or import it again"
    );
    EngineError::new(EngineErrorKind::ModelDamaged, message)
}

pub(super) fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            n => hash.update(&buffer[..n]),
        }
    }
}
