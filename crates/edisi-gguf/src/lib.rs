//! Reads and writes GGUF, the file format of ggml models: metadata, tensors, block-quantised weights.
//!
//! Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>. Versions 2 and 3, little-endian.
//!
//! ```
//! use edisi_gguf::{Gguf, TensorType, Value, Writer};
//!
//! let mut writer = Writer::new();
//! writer.metadata("general.architecture", Value::Str("toy".into()));
//! writer.tensor("w", &[2, 3], TensorType::F32, vec![0; 24])?;
//! let bytes = writer.to_vec();
//!
//! let file = Gguf::parse(bytes)?;
//! assert_eq!(file.metadata().str("general.architecture")?, "toy");
//! assert_eq!(file.tensor("w")?.dequantize(), vec![0.0; 6]);
//! # Ok::<(), edisi_gguf::Error>(())
//! ```
//!
//! Nothing here trusts the file: counts and offsets are checked against the bytes that are really there
//! before anything is allocated, so memory stays within a small multiple of the file's size.

mod blocks;
mod error;
mod quantize;
mod reader;
mod tensor;
mod value;
mod writer;

pub use error::Error;
pub use quantize::{quantize_q8_0, to_bf16, to_f32_bytes};
pub use reader::{Gguf, GgufFile};
pub use tensor::{TensorInfo, TensorType, TensorView};
pub use value::{Array, Metadata, Value};
pub use writer::Writer;
