//! Tensors: types, shapes, views on their bytes.

use crate::{Error, blocks};

/// How a tensor's numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, non_camel_case_types)]
pub enum TensorType {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q4_K,
    Q5_K,
    Q6_K,
}

impl TensorType {
    /// Every type this crate decodes.
    pub const ALL: [TensorType; 11] = [
        TensorType::F32,
        TensorType::F16,
        TensorType::BF16,
        TensorType::Q4_0,
        TensorType::Q4_1,
        TensorType::Q5_0,
        TensorType::Q5_1,
        TensorType::Q8_0,
        TensorType::Q4_K,
        TensorType::Q5_K,
        TensorType::Q6_K,
    ];

    /// ggml's number, values in a block, bytes in a block.
    const fn layout(self) -> (u32, usize, usize) {
        match self {
            TensorType::F32 => (0, 1, 4),
            TensorType::F16 => (1, 1, 2),
            TensorType::BF16 => (30, 1, 2),
            TensorType::Q4_0 => (2, 32, 18),
            TensorType::Q4_1 => (3, 32, 20),
            TensorType::Q5_0 => (6, 32, 22),
            TensorType::Q5_1 => (7, 32, 24),
            TensorType::Q8_0 => (8, 32, 34),
            TensorType::Q4_K => (12, 256, 144),
            TensorType::Q5_K => (13, 256, 176),
            TensorType::Q6_K => (14, 256, 210),
        }
    }

    /// The type with ggml's number `code`, if this crate decodes it.
    pub fn from_code(code: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }

    /// ggml's number for the type.
    pub fn code(self) -> u32 {
        self.layout().0
    }

    /// Values in one block; a row is a whole number of blocks.
    pub fn block_len(self) -> usize {
        self.layout().1
    }

    /// Bytes in one block.
    pub fn block_bytes(self) -> usize {
        self.layout().2
    }

    /// Bytes of a row of `len` values, or `None` when `len` is not a whole number of blocks or the bytes
    /// overflow `usize`.
    pub fn row_bytes(self, len: usize) -> Option<usize> {
        if !len.is_multiple_of(self.block_len()) {
            return None;
        }
        (len / self.block_len()).checked_mul(self.block_bytes())
    }
}

/// What the file says about a tensor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorInfo {
    /// The tensor's name, unique in the file.
    pub name: String,
    /// One to four dimensions, the contiguous one first: a matrix of R rows by C columns is `[C, R]`.
    pub dims: Vec<usize>,
    /// How its numbers are stored.
    pub ty: TensorType,
    /// Where its bytes begin, from the start of the data section.
    pub offset: usize,
}

impl TensorInfo {
    /// Bytes the tensor takes.
    ///
    /// # Errors
    /// The dimensions overflow, are not one to four, one is zero, or a row is not a whole number of blocks.
    pub fn byte_len(&self) -> Result<usize, Error> {
        let fail = |what: &str| Error::Shape { tensor: self.name.clone(), what: what.to_owned() };
        if self.dims.is_empty() || self.dims.len() > 4 {
            return Err(fail("a tensor has one to four dimensions"));
        }
        if self.dims.contains(&0) {
            return Err(fail("a dimension is zero"));
        }
        let row = self
            .ty
            .row_bytes(self.dims[0])
            .ok_or_else(|| fail("a row is not a whole number of blocks, or overflows"))?;
        // The number of values must fit too, since it is what a reader allocates.
        let product = |start: usize| self.dims[1..].iter().try_fold(start, |n, d| n.checked_mul(*d));
        product(self.dims[0]).and(product(row)).ok_or_else(|| fail("the dimensions overflow"))
    }

    /// Values in a row (the contiguous dimension).
    pub fn row_len(&self) -> usize {
        self.dims[0]
    }

    /// Number of rows: the product of all dimensions but the first.
    pub fn rows(&self) -> usize {
        self.dims[1..].iter().product()
    }
}

/// A tensor and its bytes.
#[derive(Debug, Clone, Copy)]
pub struct TensorView<'a> {
    pub(crate) info: &'a TensorInfo,
    pub(crate) bytes: &'a [u8],
}

impl<'a> TensorView<'a> {
    /// The tensor's name.
    pub fn name(&self) -> &'a str {
        &self.info.name
    }

    /// Dimensions, the contiguous one first (see [`TensorInfo::dims`]).
    pub fn dims(&self) -> &'a [usize] {
        &self.info.dims
    }

    /// How the numbers are stored.
    pub fn ty(&self) -> TensorType {
        self.info.ty
    }

    /// The stored bytes, `rows()` rows after each other.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Values in a row.
    pub fn row_len(&self) -> usize {
        self.info.row_len()
    }

    /// Number of rows (1 for a vector).
    pub fn rows(&self) -> usize {
        self.info.rows()
    }

    /// The stored bytes of row `index`.
    ///
    /// # Panics
    /// When `index` is not below [`rows`](Self::rows).
    pub fn row_bytes(&self, index: usize) -> &'a [u8] {
        assert!(index < self.rows(), "row {index} of {} in `{}`", self.rows(), self.name());
        let width = self.bytes.len() / self.rows();
        &self.bytes[index * width..][..width]
    }

    /// Decodes row `index` into `out`.
    ///
    /// # Panics
    /// When `index` is not below [`rows`](Self::rows) or `out` is not [`row_len`](Self::row_len) long.
    pub fn row(&self, index: usize, out: &mut [f32]) {
        assert_eq!(out.len(), self.row_len(), "a row of `{}`", self.name());
        blocks::dequantize(self.ty(), self.row_bytes(index), out);
    }

    /// Decodes the whole tensor, row after row.
    pub fn dequantize(&self) -> Vec<f32> {
        let mut out = vec![0.0; self.row_len() * self.rows()];
        blocks::dequantize(self.ty(), self.bytes, &mut out);
        out
    }

    /// Checks the dimensions, for callers that know what they must be.
    ///
    /// # Errors
    /// [`Error::Shape`] naming both shapes when they differ.
    pub fn expect_dims(&self, dims: &[usize]) -> Result<Self, Error> {
        if self.dims() == dims {
            return Ok(*self);
        }
        let what = format!("has dimensions {:?}, expected {dims:?}", self.dims());
        Err(Error::Shape { tensor: self.name().to_owned(), what })
    }
}
