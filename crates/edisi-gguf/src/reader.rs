//! Parsing of GGUF files.

use std::path::Path;

use indexmap::IndexMap;

use crate::{Array, Error, Metadata, TensorInfo, TensorType, TensorView, Value};

/// Alignment of tensors where the file does not name one.
pub(crate) const DEFAULT_ALIGNMENT: usize = 32;
/// Arrays in arrays are legal but unheard of; the limit keeps a hostile file from exhausting the stack.
const MAX_ARRAY_DEPTH: usize = 4;

/// A parsed GGUF file over bytes held, borrowed or mapped by `B`.
#[derive(Debug, Clone)]
pub struct Gguf<B> {
    bytes: B,
    metadata: Metadata,
    tensors: IndexMap<String, TensorInfo>,
    data_start: usize,
}

/// A GGUF file read into memory.
pub type GgufFile = Gguf<Vec<u8>>;

impl GgufFile {
    /// Reads and parses the file at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] naming the path, or what is wrong with the content.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        Self::parse(bytes)
    }
}

impl<B: AsRef<[u8]>> Gguf<B> {
    /// Parses the header and checks that every tensor lies within the bytes.
    ///
    /// # Errors
    /// What contradicts the format, with its byte offset, or a tensor type this crate does not decode.
    pub fn parse(bytes: B) -> Result<Self, Error> {
        let all = bytes.as_ref();
        let mut r = Cursor { bytes: all, at: 0 };
        if r.take(4, "the magic number").map_err(|_| Error::NotGguf)? != b"GGUF" {
            return Err(Error::NotGguf);
        }
        let version = r.u32()?;
        if !(2..=3).contains(&version) {
            return Err(Error::Version(version));
        }
        let (tensor_count, key_count) = (r.u64()?, r.u64()?);

        let mut metadata = IndexMap::new();
        for _ in 0..key_count {
            let at = r.at;
            let key = r.string()?;
            let value = r.typed_value()?;
            if metadata.contains_key(&key) {
                return Err(malformed(at, format!("metadata key `{key}` appears twice")));
            }
            metadata.insert(key, value);
        }
        let metadata = Metadata(metadata);

        let mut tensors = IndexMap::new();
        for _ in 0..tensor_count {
            let at = r.at;
            let info = r.tensor_info()?;
            if tensors.contains_key(&info.name) {
                return Err(malformed(at, format!("tensor `{}` appears twice", info.name)));
            }
            tensors.insert(info.name.clone(), info);
        }

        let alignment = match metadata.get("general.alignment") {
            None => DEFAULT_ALIGNMENT,
            Some(_) => metadata.u32("general.alignment")? as usize,
        };
        if !alignment.is_power_of_two() {
            return Err(malformed(r.at, format!("alignment {alignment} is not a power of two")));
        }
        let data_start =
            r.at.checked_next_multiple_of(alignment)
                .ok_or_else(|| malformed(r.at, "the alignment overflows".into()))?;
        for info in tensors.values() {
            let len = info.byte_len()?;
            let begin = data_start.checked_add(info.offset);
            match begin.and_then(|b| b.checked_add(len)) {
                Some(end) if end <= all.len() => {}
                _ => {
                    let at = begin.unwrap_or(usize::MAX);
                    return Err(Error::Truncated { what: "a tensor", at, need: len as u64, end: all.len() });
                }
            }
            if info.offset % alignment != 0 {
                let what = format!("tensor `{}` is not aligned to {alignment} bytes", info.name);
                return Err(malformed(data_start + info.offset, what));
            }
        }
        Ok(Gguf { bytes, metadata, tensors, data_start })
    }

    /// The file's metadata.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The tensors in the file's order.
    pub fn tensors(&self) -> impl ExactSizeIterator<Item = TensorView<'_>> {
        self.tensors.values().map(|info| self.view(info))
    }

    /// The tensor called `name`.
    ///
    /// # Errors
    /// [`Error::MissingTensor`].
    pub fn tensor(&self, name: &str) -> Result<TensorView<'_>, Error> {
        let info = self.tensors.get(name).ok_or_else(|| Error::MissingTensor(name.to_owned()))?;
        Ok(self.view(info))
    }

    fn view<'a>(&'a self, info: &'a TensorInfo) -> TensorView<'a> {
        let len = info.byte_len().expect("checked by parse");
        TensorView { info, bytes: &self.bytes.as_ref()[self.data_start + info.offset..][..len] }
    }
}

fn malformed(at: usize, what: String) -> Error {
    Error::Malformed { what, at }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, len: u64, what: &'static str) -> Result<&'a [u8], Error> {
        let rest = &self.bytes[self.at..];
        match usize::try_from(len).ok().and_then(|len| rest.get(..len)) {
            Some(taken) => {
                self.at += taken.len();
                Ok(taken)
            }
            None => Err(Error::Truncated { what, at: self.at, need: len, end: self.bytes.len() }),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        Ok(self.take(N as u64, "a number")?.try_into().expect("N bytes were taken"))
    }

    fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, Error> {
        self.array().map(u64::from_le_bytes)
    }

    fn string(&mut self) -> Result<String, Error> {
        let len = self.u64()?;
        let at = self.at;
        let bytes = self.take(len, "a string")?;
        let text =
            std::str::from_utf8(bytes).map_err(|e| malformed(at, format!("a string is not UTF-8: {e}")))?;
        Ok(text.to_owned())
    }

    fn bool(&mut self) -> Result<bool, Error> {
        let at = self.at;
        match self.array()? {
            [0] => Ok(false),
            [1] => Ok(true),
            [other] => Err(malformed(at, format!("{other} is not a boolean"))),
        }
    }

    fn typed_value(&mut self) -> Result<Value, Error> {
        let at = self.at;
        Ok(match self.u32()? {
            0 => Value::U8(u8::from_le_bytes(self.array()?)),
            1 => Value::I8(i8::from_le_bytes(self.array()?)),
            2 => Value::U16(u16::from_le_bytes(self.array()?)),
            3 => Value::I16(i16::from_le_bytes(self.array()?)),
            4 => Value::U32(u32::from_le_bytes(self.array()?)),
            5 => Value::I32(i32::from_le_bytes(self.array()?)),
            6 => Value::F32(f32::from_le_bytes(self.array()?)),
            7 => Value::Bool(self.bool()?),
            8 => Value::Str(self.string()?),
            9 => Value::Array(self.typed_array(0)?),
            10 => Value::U64(u64::from_le_bytes(self.array()?)),
            11 => Value::I64(i64::from_le_bytes(self.array()?)),
            12 => Value::F64(f64::from_le_bytes(self.array()?)),
            other => return Err(malformed(at, format!("{other} is not a metadata type"))),
        })
    }

    fn typed_array(&mut self, depth: usize) -> Result<Array, Error> {
        let at = self.at;
        let (ty, count) = (self.u32()?, self.u64()?);
        Ok(match ty {
            0 => Array::U8(self.numbers(count, u8::from_le_bytes)?),
            1 => Array::I8(self.numbers(count, i8::from_le_bytes)?),
            2 => Array::U16(self.numbers(count, u16::from_le_bytes)?),
            3 => Array::I16(self.numbers(count, i16::from_le_bytes)?),
            4 => Array::U32(self.numbers(count, u32::from_le_bytes)?),
            5 => Array::I32(self.numbers(count, i32::from_le_bytes)?),
            6 => Array::F32(self.numbers(count, f32::from_le_bytes)?),
            7 => Array::Bool(self.items(count, Self::bool)?),
            8 => Array::Str(self.items(count, Self::string)?),
            9 if depth == MAX_ARRAY_DEPTH => return Err(malformed(at, "arrays nest too deeply".into())),
            9 => Array::Array(self.items(count, |r| r.typed_array(depth + 1))?),
            10 => Array::U64(self.numbers(count, u64::from_le_bytes)?),
            11 => Array::I64(self.numbers(count, i64::from_le_bytes)?),
            12 => Array::F64(self.numbers(count, f64::from_le_bytes)?),
            other => return Err(malformed(at, format!("{other} is not a metadata type"))),
        })
    }

    fn numbers<const N: usize, T>(&mut self, count: u64, read: fn([u8; N]) -> T) -> Result<Vec<T>, Error> {
        let bytes = self.take(count.saturating_mul(N as u64), "an array")?;
        Ok(bytes.as_chunks::<N>().0.iter().map(|b| read(*b)).collect())
    }

    /// Items of varying length. The vector grows as items are really found: `count` is not to be trusted.
    fn items<T>(
        &mut self,
        count: u64,
        read: impl Fn(&mut Self) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        (0..count).map(|_| read(self)).collect::<Result<_, _>>()
    }

    fn tensor_info(&mut self) -> Result<TensorInfo, Error> {
        let name = self.string()?;
        let at = self.at;
        let dim_count = self.u32()?;
        if !(1..=4).contains(&dim_count) {
            return Err(malformed(at, format!("tensor `{name}` has {dim_count} dimensions")));
        }
        let size = |v: u64| usize::try_from(v).map_err(|_| malformed(at, format!("{v} is too large a size")));
        let dims = (0..dim_count).map(|_| self.u64().and_then(size)).collect::<Result<_, _>>()?;
        let code = self.u32()?;
        let offset = self.u64().and_then(size)?;
        let ty =
            TensorType::from_code(code).ok_or_else(|| Error::TensorType { tensor: name.clone(), code })?;
        Ok(TensorInfo { name, dims, ty, offset })
    }
}
