//! Writing of GGUF files.

use std::io::Write;

use crate::reader::DEFAULT_ALIGNMENT;
use crate::{Array, Error, TensorInfo, TensorType, Value};

/// Builds a GGUF version 3 file, alignment 32. Metadata and tensors are written in the order they were added,
/// so the same calls give the same bytes.
#[derive(Debug, Default)]
pub struct Writer {
    metadata: Vec<(String, Value)>,
    tensors: Vec<(TensorInfo, Vec<u8>)>,
    next_offset: usize,
}

impl Writer {
    /// An empty file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a metadata key; a key set before keeps its place and gets the new value. `general.alignment` is
    /// the writer's own business and ignored.
    pub fn metadata(&mut self, key: &str, value: Value) -> &mut Self {
        if key == "general.alignment" {
            return self;
        }
        match self.metadata.iter_mut().find(|(k, _)| k == key) {
            Some((_, old)) => *old = value,
            None => self.metadata.push((key.to_owned(), value)),
        }
        self
    }

    /// Appends a tensor; `dims` has the contiguous dimension first, `bytes` are the encoded rows.
    ///
    /// # Errors
    /// [`Error::Shape`] when the bytes do not match the dimensions, or the name is taken.
    pub fn tensor(
        &mut self,
        name: &str,
        dims: &[usize],
        ty: TensorType,
        bytes: Vec<u8>,
    ) -> Result<(), Error> {
        let info = TensorInfo { name: name.to_owned(), dims: dims.to_vec(), ty, offset: self.next_offset };
        let fail = |what: String| Error::Shape { tensor: name.to_owned(), what };
        let want = info.byte_len()?;
        if bytes.len() != want {
            return Err(fail(format!("{} bytes given, {dims:?} as {ty:?} takes {want}", bytes.len())));
        }
        if self.tensors.iter().any(|(t, _)| t.name == name) {
            return Err(fail("is added twice".into()));
        }
        self.next_offset += want.next_multiple_of(DEFAULT_ALIGNMENT);
        self.tensors.push((info, bytes));
        Ok(())
    }

    /// Writes the file.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write_to(&self, out: &mut impl Write) -> std::io::Result<()> {
        let mut head = Vec::new();
        head.extend(b"GGUF");
        head.extend(3u32.to_le_bytes());
        head.extend((self.tensors.len() as u64).to_le_bytes());
        head.extend((self.metadata.len() as u64).to_le_bytes());
        for (key, value) in &self.metadata {
            put_str(&mut head, key);
            put_value(&mut head, value);
        }
        for (info, _) in &self.tensors {
            put_str(&mut head, &info.name);
            head.extend((info.dims.len() as u32).to_le_bytes());
            info.dims.iter().for_each(|d| head.extend((*d as u64).to_le_bytes()));
            head.extend(info.ty.code().to_le_bytes());
            head.extend((info.offset as u64).to_le_bytes());
        }
        head.resize(head.len().next_multiple_of(DEFAULT_ALIGNMENT), 0);
        out.write_all(&head)?;
        for (_, bytes) in &self.tensors {
            out.write_all(bytes)?;
            let padding = bytes.len().next_multiple_of(DEFAULT_ALIGNMENT) - bytes.len();
            out.write_all(&[0; DEFAULT_ALIGNMENT][..padding])?;
        }
        Ok(())
    }

    /// The file as bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write_to(&mut out).expect("a vector takes all bytes");
        out
    }
}

fn put_str(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    let mut put = |code: u32, bytes: &[u8]| {
        out.extend(code.to_le_bytes());
        out.extend(bytes);
    };
    match value {
        Value::U8(v) => put(0, &v.to_le_bytes()),
        Value::I8(v) => put(1, &v.to_le_bytes()),
        Value::U16(v) => put(2, &v.to_le_bytes()),
        Value::I16(v) => put(3, &v.to_le_bytes()),
        Value::U32(v) => put(4, &v.to_le_bytes()),
        Value::I32(v) => put(5, &v.to_le_bytes()),
        Value::F32(v) => put(6, &v.to_le_bytes()),
        Value::Bool(v) => put(7, &[u8::from(*v)]),
        Value::U64(v) => put(10, &v.to_le_bytes()),
        Value::I64(v) => put(11, &v.to_le_bytes()),
        Value::F64(v) => put(12, &v.to_le_bytes()),
        Value::Str(v) => {
            put(8, &[]);
            put_str(out, v);
        }
        Value::Array(v) => {
            put(9, &[]);
            put_array(out, v);
        }
    }
}

fn put_array(out: &mut Vec<u8>, array: &Array) {
    let code: u32 = match array {
        Array::U8(_) => 0,
        Array::I8(_) => 1,
        Array::U16(_) => 2,
        Array::I16(_) => 3,
        Array::U32(_) => 4,
        Array::I32(_) => 5,
        Array::F32(_) => 6,
        Array::Bool(_) => 7,
        Array::Str(_) => 8,
        Array::Array(_) => 9,
        Array::U64(_) => 10,
        Array::I64(_) => 11,
        Array::F64(_) => 12,
    };
    out.extend(code.to_le_bytes());
    out.extend((array.len() as u64).to_le_bytes());
    match array {
        Array::U8(v) => out.extend(v),
        Array::I8(v) => v.iter().for_each(|v| out.extend(v.to_le_bytes())),
        Array::U16(v) => v.iter().for_each(|v| out.extend(v.to_le_bytes())),
        Array::I16(v) => v.iter().for_each(|v| out.extend(v.to_le_bytes())),
        Array::U32(v) => v.iter().for_each(|v| out.extend(v.to_le_bytes())),
        Array::I32(v) => v.iter().for_each(|v| out.extend(v.to_le_bytes())),
        Array::F32(v) => v.iter().for_each(|v| out.extend(v.to_le_bytes())),
        Array::Bool(v) => v.iter().for_each(|v| out.push(u8::from(*v))),
        Array::Str(v) => v.iter().for_each(|v| put_str(out, v)),
        Array::Array(v) => v.iter().for_each(|v| put_array(out, v)),
        Array::U64(v) => v.iter().for_each(|v| out.extend(v.to_le_bytes())),
        Array::I64(v) => v.iter().for_each(|v| out.extend(v.to_le_bytes())),
        Array::F64(v) => v.iter().for_each(|v| out.extend(v.to_le_bytes())),
    }
}
