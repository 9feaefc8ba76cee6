//! What can be wrong with a GGUF file.

use std::path::PathBuf;

/// Why a GGUF file could not be read, written, or does not hold what was asked of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file does not begin with `GGUF`.
    #[error("not a GGUF file: it does not begin with the letters GGUF")]
    NotGguf,
    /// A version, or a byte order, that this crate does not read.
    #[error("GGUF version {0} is not supported; versions 2 and 3, little-endian, are")]
    Version(u32),
    /// The file ends inside something.
    #[error("the file ends at byte {end} while {what} at byte {at} needs {need} bytes more: it is truncated")]
    Truncated {
        /// What was being read.
        what: &'static str,
        /// Byte offset at which it begins.
        at: usize,
        /// Bytes it needs.
        need: u64,
        /// Length of the file in bytes.
        end: usize,
    },
    /// The bytes contradict the format.
    #[error("damaged GGUF file at byte {at}: {what}")]
    Malformed {
        /// What is wrong.
        what: String,
        /// Byte offset where it was noticed.
        at: usize,
    },
    /// A tensor is stored in a format this crate cannot decode.
    #[error(
        "tensor `{tensor}` is stored as ggml type {code}, which is not supported (F32, F16, BF16, Q4_0, Q4_1, \
         Q5_0, Q5_1, Q8_0, Q4_K, Q5_K and Q6_K are)"
    )]
    TensorType {
        /// The tensor's name.
        tensor: String,
        /// ggml's number of the type.
        code: u32,
    },
    /// The metadata lacks a key.
    #[error("the file's metadata has no `{0}`")]
    MissingKey(String),
    /// A metadata value is of another type than asked for, or out of its range.
    #[error("metadata `{key}` is {found}, expected {expected}")]
    KeyType {
        /// The metadata key.
        key: String,
        /// The type asked for.
        expected: &'static str,
        /// The type in the file.
        found: &'static str,
    },
    /// The file has no tensor of that name.
    #[error("the file has no tensor `{0}`")]
    MissingTensor(String),
    /// A tensor's dimensions do not fit its type or its bytes.
    #[error("tensor `{tensor}`: {what}")]
    Shape {
        /// The tensor's name.
        tensor: String,
        /// What does not fit.
        what: String,
    },
    /// The file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}
