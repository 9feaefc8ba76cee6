//! Base model + adapter + kept vocabulary → one 8-bit GGUF file.

use edisi_gguf::{Gguf, TensorType, TensorView, Value, Writer, quantize_q8_0, to_f32_bytes};
use rayon::prelude::*;

use crate::adapter::{Adapter, Delta};
use crate::progress::Progress;
use crate::vocabulary::{self, Kept};
use crate::{Error, Step};

/// llama.cpp's number for files of mostly Q8_0, `general.file_type`.
const MOSTLY_Q8_0: u32 = 7;
/// Tensors worked on between two reports of progress; some layers' worth, so that cores stay busy.
const GROUP: usize = 26;

/// Merges and quantises. Matrices become Q8_0 (those that are already and do not change keep their bytes),
/// vectors F32. Deterministic: the bytes depend on the inputs alone.
pub(crate) fn merge<B: AsRef<[u8]> + Sync>(
    base: &Gguf<B>,
    adapter: &Adapter,
    kept: Option<&Kept>,
    name: &str,
    progress: &mut dyn Progress,
) -> Result<Writer, MergeError> {
    check(base, adapter)?;
    let mut out = Writer::new();
    for (key, value) in base.metadata().iter() {
        out.metadata(key, value.clone());
    }
    out.metadata("general.name", Value::Str(name.to_owned()));
    out.metadata("general.file_type", Value::U32(MOSTLY_Q8_0));
    if let Some(kept) = kept {
        kept.check(base).map_err(MergeError::Misfit)?;
        kept.write_metadata(base.metadata(), &mut out);
    }

    let tensors: Vec<_> = base.tensors().collect();
    let total = tensors.len() as u64;
    let mut done = 0;
    progress.advance(Step::Merge, 0, total);
    for group in tensors.chunks(GROUP) {
        if progress.cancelled() {
            return Err(Error::Cancelled.into());
        }
        let encode = |tensor: &TensorView<'_>| {
            let kept = kept.filter(|_| vocabulary::TENSORS.contains(&tensor.name()));
            encode(*tensor, adapter.deltas.get(tensor.name()), kept)
        };
        let encoded: Vec<Encoded> = group.par_iter().map(encode).collect();
        for (tensor, encoded) in group.iter().zip(encoded) {
            out.tensor(tensor.name(), &encoded.dims, encoded.ty, encoded.bytes).map_err(Error::Base)?;
        }
        done += group.len() as u64;
        progress.advance(Step::Merge, done, total);
    }
    Ok(out)
}

/// Why a merge failed: the adapter does not fit (the caller knows its folder), or something else.
#[derive(Debug)]
pub(crate) enum MergeError {
    Misfit(String),
    Other(Error),
}

impl From<Error> for MergeError {
    fn from(error: Error) -> Self {
        MergeError::Other(error)
    }
}

fn check<B: AsRef<[u8]>>(base: &Gguf<B>, adapter: &Adapter) -> Result<(), MergeError> {
    let architecture = base.metadata().str("general.architecture").map_err(Error::Base)?;
    if architecture != "gemma3" {
        return Err(MergeError::Misfit(format!(
            "the base model is `{architecture}`, the adapter for `gemma3`"
        )));
    }
    for (name, delta) in &adapter.deltas {
        let want = [delta.inputs, delta.outputs];
        match base.tensor(name) {
            Ok(tensor) if tensor.dims() == want => {}
            Ok(tensor) => {
                let what = format!("it changes {want:?} values of {name}, the base has {:?}", tensor.dims());
                return Err(MergeError::Misfit(what));
            }
            Err(_) => {
                return Err(MergeError::Misfit(format!("it changes {name}, which the base does not have")));
            }
        }
    }
    Ok(())
}

struct Encoded {
    dims: Vec<usize>,
    ty: TensorType,
    bytes: Vec<u8>,
}

fn encode(tensor: TensorView<'_>, delta: Option<&Delta>, kept: Option<&Kept>) -> Encoded {
    let mut dims = tensor.dims().to_vec();
    let matrix = dims.len() > 1 && tensor.row_len().is_multiple_of(TensorType::Q8_0.block_len());
    let ty = if matrix { TensorType::Q8_0 } else { TensorType::F32 };
    if let Some(kept) = kept {
        dims[1] = kept.len();
    }
    if ty == tensor.ty() && delta.is_none() {
        let bytes = kept.map_or_else(|| tensor.bytes().to_vec(), |kept| kept.rows(tensor));
        return Encoded { dims, ty, bytes };
    }
    let mut values = kept.map_or_else(|| tensor.dequantize(), |kept| kept.decoded_rows(tensor));
    if let Some(delta) = delta {
        delta.add_to(&mut values);
    }
    let bytes = if matrix { quantize_q8_0(&values) } else { to_f32_bytes(&values) };
    Encoded { dims, ty, bytes }
}
