//! Metadata values and their typed getters.

use indexmap::IndexMap;

use crate::Error;

/// A metadata value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Value {
    U8(u8),
    I8(i8),
    U16(u16),
    I16(i16),
    U32(u32),
    I32(i32),
    F32(f32),
    Bool(bool),
    Str(String),
    Array(Array),
    U64(u64),
    I64(i64),
    F64(f64),
}

/// An array of metadata values, all of one type.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Array {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    F32(Vec<f32>),
    Bool(Vec<bool>),
    Str(Vec<String>),
    Array(Vec<Array>),
    U64(Vec<u64>),
    I64(Vec<i64>),
    F64(Vec<f64>),
}

impl Value {
    /// The name of the value's type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::U8(_) => "u8",
            Value::I8(_) => "i8",
            Value::U16(_) => "u16",
            Value::I16(_) => "i16",
            Value::U32(_) => "u32",
            Value::I32(_) => "i32",
            Value::F32(_) => "f32",
            Value::Bool(_) => "bool",
            Value::Str(_) => "a string",
            Value::Array(a) => a.type_name(),
            Value::U64(_) => "u64",
            Value::I64(_) => "i64",
            Value::F64(_) => "f64",
        }
    }

    /// The value as an unsigned integer, when it is an integer of any width that is not negative.
    pub fn as_u64(&self) -> Option<u64> {
        match *self {
            Value::U8(v) => Some(v.into()),
            Value::U16(v) => Some(v.into()),
            Value::U32(v) => Some(v.into()),
            Value::U64(v) => Some(v),
            Value::I8(v) => v.try_into().ok(),
            Value::I16(v) => v.try_into().ok(),
            Value::I32(v) => v.try_into().ok(),
            Value::I64(v) => v.try_into().ok(),
            _ => None,
        }
    }
}

impl Array {
    /// The name of the array's type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Array::U8(_) => "an array of u8",
            Array::I8(_) => "an array of i8",
            Array::U16(_) => "an array of u16",
            Array::I16(_) => "an array of i16",
            Array::U32(_) => "an array of u32",
            Array::I32(_) => "an array of i32",
            Array::F32(_) => "an array of f32",
            Array::Bool(_) => "an array of bool",
            Array::Str(_) => "an array of strings",
            Array::Array(_) => "an array of arrays",
            Array::U64(_) => "an array of u64",
            Array::I64(_) => "an array of i64",
            Array::F64(_) => "an array of f64",
        }
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        match self {
            Array::U8(v) => v.len(),
            Array::I8(v) => v.len(),
            Array::U16(v) => v.len(),
            Array::I16(v) => v.len(),
            Array::U32(v) => v.len(),
            Array::I32(v) => v.len(),
            Array::F32(v) => v.len(),
            Array::Bool(v) => v.len(),
            Array::Str(v) => v.len(),
            Array::Array(v) => v.len(),
            Array::U64(v) => v.len(),
            Array::I64(v) => v.len(),
            Array::F64(v) => v.len(),
        }
    }

    /// Whether the array has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A file's metadata: keys and values in the file's order.
///
/// Each typed getter fails with [`Error::MissingKey`] or [`Error::KeyType`], both of which name the key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata(pub(crate) IndexMap<String, Value>);

impl Metadata {
    /// The value of `key`, if there is one.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// All keys and values in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v))
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// An integer of any width that fits `u32`.
    ///
    /// # Errors
    /// The key is missing, not an integer, negative or too large.
    pub fn u32(&self, key: &str) -> Result<u32, Error> {
        let value = self.require(key)?;
        let fits = value.as_u64().and_then(|v| u32::try_from(v).ok());
        fits.ok_or_else(|| mismatch(key, "an integer from 0 to 4294967295", value))
    }

    /// A float, `f32` or `f64` in the file.
    ///
    /// # Errors
    /// The key is missing or not a float.
    pub fn f32(&self, key: &str) -> Result<f32, Error> {
        match self.require(key)? {
            Value::F32(v) => Ok(*v),
            Value::F64(v) => Ok(*v as f32),
            other => Err(mismatch(key, "a float", other)),
        }
    }

    /// A boolean.
    ///
    /// # Errors
    /// The key is missing or not a boolean.
    pub fn bool(&self, key: &str) -> Result<bool, Error> {
        match self.require(key)? {
            Value::Bool(v) => Ok(*v),
            other => Err(mismatch(key, "a boolean", other)),
        }
    }

    /// A string.
    ///
    /// # Errors
    /// The key is missing or not a string.
    pub fn str(&self, key: &str) -> Result<&str, Error> {
        match self.require(key)? {
            Value::Str(v) => Ok(v),
            other => Err(mismatch(key, "a string", other)),
        }
    }

    /// An array of strings.
    ///
    /// # Errors
    /// The key is missing or not an array of strings.
    pub fn strings(&self, key: &str) -> Result<&[String], Error> {
        match self.require(key)? {
            Value::Array(Array::Str(v)) => Ok(v),
            other => Err(mismatch(key, "an array of strings", other)),
        }
    }

    /// An array of `f32`.
    ///
    /// # Errors
    /// The key is missing or not an array of `f32`.
    pub fn f32s(&self, key: &str) -> Result<&[f32], Error> {
        match self.require(key)? {
            Value::Array(Array::F32(v)) => Ok(v),
            other => Err(mismatch(key, "an array of f32", other)),
        }
    }

    /// An array of `i32`.
    ///
    /// # Errors
    /// The key is missing or not an array of `i32`.
    pub fn i32s(&self, key: &str) -> Result<&[i32], Error> {
        match self.require(key)? {
            Value::Array(Array::I32(v)) => Ok(v),
            other => Err(mismatch(key, "an array of i32", other)),
        }
    }

    fn require(&self, key: &str) -> Result<&Value, Error> {
        self.0.get(key).ok_or_else(|| Error::MissingKey(key.to_owned()))
    }
}

fn mismatch(key: &str, expected: &'static str, found: &Value) -> Error {
    Error::KeyType { key: key.to_owned(), expected, found: found.type_name() }
}
