//! Marian's binary model files: named tensors, read in place.
//!
//! Layout after Marian's `common/binary.cpp`, little-endian: `u64` version 1, `u64` number of tensors, a header
//! of four `u64` each (length of the name with its NUL, type, number of dimensions, bytes of data), all names,
//! all shapes as `i32`, a `u64` with the number of padding bytes that follow, and the data.

use std::collections::HashMap;

use crate::error::ModelError;

/// The element types that occur in int8 models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    F32,
    /// Plain bytes: the embedded configuration.
    I8,
    /// Quantised: the elements as int8, then one `f32` multiplier.
    Intgemm8,
}

/// One tensor, as a view into the file.
#[derive(Debug, Clone)]
pub(crate) struct Tensor<'a> {
    pub kind: Kind,
    pub shape: Vec<usize>,
    pub data: &'a [u8],
}

impl Tensor<'_> {
    /// Number of elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }
}

/// A parsed file.
pub(crate) struct ModelFile<'a> {
    tensors: HashMap<&'a str, Tensor<'a>>,
}

/// More dimensions than any model has.
const MAX_DIMENSIONS: u64 = 8;

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, what: &'static str, len: u64) -> Result<&'a [u8], ModelError> {
        let truncated = ModelError::Truncated { what, at: self.at };
        let end =
            usize::try_from(len).ok().and_then(|len| self.at.checked_add(len)).ok_or(truncated.clone())?;
        let taken = self.bytes.get(self.at..end).ok_or(truncated)?;
        self.at = end;
        Ok(taken)
    }

    fn u64(&mut self, what: &'static str) -> Result<u64, ModelError> {
        Ok(u64::from_le_bytes(self.take(what, 8)?.try_into().expect("eight bytes")))
    }
}

impl<'a> ModelFile<'a> {
    /// Reads the table of tensors; the data stay where they are.
    ///
    /// # Errors
    /// When the file is of another kind, ends early, or contradicts itself.
    pub fn parse(bytes: &'a [u8]) -> Result<ModelFile<'a>, ModelError> {
        let mut reader = Reader { bytes, at: 0 };
        let version = reader.u64("the version")?;
        if version != 1 {
            return Err(ModelError::Format(format!(
                "it begins with {version} where Marian's binary format has version 1; \
                 models in NumPy's format (.npz) must be converted with marian-conv first"
            )));
        }
        let count = reader.u64("the number of tensors")?;
        // Each has a header of 32 bytes: a count beyond the file's size is nonsense, and must not be allocated.
        let headers = reader.take("the table of tensors", count.saturating_mul(32))?;
        let headers: Vec<[u64; 4]> = headers
            .chunks_exact(32)
            .map(|h| {
                std::array::from_fn(|i| u64::from_le_bytes(h[8 * i..8 * i + 8].try_into().expect("eight")))
            })
            .collect();
        let mut names = Vec::with_capacity(headers.len());
        for header in &headers {
            let name = reader.take("a tensor's name", header[0])?;
            let name = name.strip_suffix(b"\0").unwrap_or(name);
            let name = std::str::from_utf8(name).map_err(|_| {
                ModelError::Format("a tensor's name is not UTF-8; fetch the file again".into())
            })?;
            names.push(name);
        }
        let mut shapes = Vec::with_capacity(headers.len());
        for (header, name) in headers.iter().zip(&names) {
            if header[2] > MAX_DIMENSIONS {
                return Err(tensor_error(name, format!("has {} dimensions", header[2])));
            }
            let raw = reader.take("a tensor's shape", header[2] * 4)?;
            let shape: Option<Vec<usize>> = raw
                .chunks_exact(4)
                .map(|d| usize::try_from(i32::from_le_bytes(d.try_into().expect("four bytes"))).ok())
                .collect();
            shapes.push(shape.ok_or_else(|| tensor_error(name, "has a negative dimension".into()))?);
        }
        let padding = reader.u64("the padding")?;
        reader.take("the padding", padding)?;
        let mut tensors = HashMap::with_capacity(headers.len());
        for ((header, name), shape) in headers.iter().zip(names).zip(shapes) {
            let data = reader.take("a tensor's data", header[3])?;
            let elements = shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
            let (kind, size) = match header[1] {
                0x0404 => (Kind::F32, elements.and_then(|n| n.checked_mul(4))),
                0x0101 => (Kind::I8, elements),
                0x4101 => (Kind::Intgemm8, elements.and_then(|n| n.checked_add(4))),
                other => {
                    return Err(tensor_error(
                        name,
                        format!("is of type {other:#06x}, which this engine cannot read"),
                    ));
                }
            };
            if size.is_none_or(|size| size > data.len()) {
                return Err(tensor_error(name, format!("has shape {shape:?} but only {} bytes", data.len())));
            }
            if tensors.insert(name, Tensor { kind, shape, data }).is_some() {
                return Err(tensor_error(name, "occurs twice".into()));
            }
        }
        Ok(ModelFile { tensors })
    }

    /// The tensor of this name, when there is one.
    pub fn get(&self, name: &str) -> Option<&Tensor<'a>> {
        self.tensors.get(name)
    }

    /// The tensor of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn tensor(&self, name: &str) -> Result<&Tensor<'a>, ModelError> {
        self.get(name).ok_or_else(|| ModelError::Missing(name.to_owned()))
    }

    /// All elements of a float tensor, which must have `len` of them.
    ///
    /// # Errors
    /// When it is missing, of another type or size, or holds what is not a finite number.
    pub fn floats(&self, name: &str, len: usize) -> Result<Vec<f32>, ModelError> {
        let tensor = self.tensor(name)?;
        if tensor.kind != Kind::F32 || tensor.len() != len {
            return Err(tensor_error(
                name,
                format!("is {:?} {:?}, not {len} floats", tensor.kind, tensor.shape),
            ));
        }
        let floats: Vec<f32> = tensor.data[..len * 4]
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes(b.try_into().expect("four")))
            .collect();
        if floats.iter().any(|x| !x.is_finite()) {
            return Err(tensor_error(name, "holds a value that is not a finite number".into()));
        }
        Ok(floats)
    }

    /// An int8 matrix of this shape: its bytes in the file's order, and its quantisation multiplier.
    ///
    /// # Errors
    /// When it is missing, of another type or shape, or its multiplier makes no sense.
    pub fn quantised(&self, name: &str, shape: [usize; 2]) -> Result<(&'a [u8], f32), ModelError> {
        let tensor = self.tensor(name)?;
        if tensor.kind != Kind::Intgemm8 || tensor.shape != shape {
            let found = format!("is {:?} {:?}, not int8 {shape:?}", tensor.kind, tensor.shape);
            return Err(tensor_error(name, found));
        }
        let (elements, rest) = tensor.data.split_at(tensor.len());
        Ok((elements, multiplier(name, rest)?))
    }

    /// An activation multiplier: a float, or an int8 of one element with its multiplier behind.
    ///
    /// # Errors
    /// When it is missing or makes no sense.
    pub fn activation_multiplier(&self, name: &str) -> Result<f32, ModelError> {
        let tensor = self.tensor(name)?;
        if tensor.len() != 1 {
            return Err(tensor_error(name, format!("has shape {:?}, not one element", tensor.shape)));
        }
        multiplier(name, if tensor.kind == Kind::Intgemm8 { &tensor.data[1..] } else { tensor.data })
    }
}

fn multiplier(name: &str, bytes: &[u8]) -> Result<f32, ModelError> {
    let value = bytes.first_chunk().map(|b| f32::from_le_bytes(*b));
    value
        .filter(|x| x.is_normal() && *x > 0.0)
        .ok_or_else(|| tensor_error(name, format!("has the quantisation multiplier {value:?}")))
}

pub(crate) fn tensor_error(name: &str, problem: String) -> ModelError {
    ModelError::Tensor { name: name.to_owned(), problem }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::FileWriter;

    fn sample() -> Vec<u8> {
        let mut writer = FileWriter::default();
        writer.floats("bias", &[1, 3], &[1.0, -2.0, 0.5]);
        writer.quantised("W", &[2, 3], &[1, -2, 3, -4, 5, -127], 10.0);
        writer.finish()
    }

    #[test]
    fn reads_what_was_written() {
        let bytes = sample();
        let file = ModelFile::parse(&bytes).unwrap();
        assert_eq!(file.floats("bias", 3).unwrap(), [1.0, -2.0, 0.5]);
        let (w, multiplier) = file.quantised("W", [2, 3]).unwrap();
        assert_eq!(w.iter().map(|&b| b as i8).collect::<Vec<_>>(), [1, -2, 3, -4, 5, -127]);
        assert_eq!(multiplier, 10.0);
        assert_eq!(file.floats("none", 3), Err(ModelError::Missing("none".into())));
        assert!(matches!(file.floats("bias", 4), Err(ModelError::Tensor { .. })));
        assert!(matches!(file.quantised("W", [3, 2]), Err(ModelError::Tensor { .. })));
    }

    #[test]
    fn every_truncation_is_an_error() {
        let bytes = sample();
        let data = bytes.len() - 2 * 256;
        for end in 0..data {
            assert!(ModelFile::parse(&bytes[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn says_that_it_is_another_format() {
        let message = ModelFile::parse(b"PK\x03\x04 and so on, for a while").err().unwrap().to_string();
        assert!(message.contains("npz"), "{message}");
    }

    proptest! {
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = ModelFile::parse(&bytes);
        }

        #[test]
        fn never_panics_on_damage(at in 0usize..700, byte in any::<u8>()) {
            let mut bytes = sample();
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(file) = ModelFile::parse(&bytes) {
                let _ = file.floats("bias", 3);
                let _ = file.quantised("W", [2, 3]);
            }
        }
    }
}
