//! The protobuf wire format, as far as SentencePiece files use it.
//!
//! Specification: <https://protobuf.dev/programming-guides/encoding/>. Nothing is copied or allocated: a
//! field is a slice of the file.

use super::error::VocabularyError;

/// A field's payload.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    Varint(u64),
    Fixed32(u32),
    Fixed64(u64),
    Bytes(Message<'a>),
}

/// A run of fields; also what a length-delimited field holds, be it a message, a string or bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Message<'a> {
    bytes: &'a [u8],
    /// Where `bytes` begin in the file.
    at: usize,
}

/// A field and where it begins.
pub(super) struct Field<'a> {
    pub(super) number: u32,
    pub(super) value: Value<'a>,
    pub(super) at: usize,
}

impl<'a> Message<'a> {
    pub(super) fn new(file: &'a [u8]) -> Self {
        Self { bytes: file, at: 0 }
    }

    pub(super) fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Offset of the first byte in the file.
    pub(super) fn at(self) -> usize {
        self.at
    }

    /// The fields in the order of the file.
    pub(super) fn fields(self) -> Fields<'a> {
        Fields { rest: self.bytes, at: self.at }
    }
}

/// Iterates over the fields of a message; after an error it ends.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize, what: &str) -> Result<&'a [u8], VocabularyError> {
        match self.rest.split_at_checked(count) {
            Some((head, rest)) => {
                self.rest = rest;
                self.at += count;
                Ok(head)
            }
            None => Err(VocabularyError::malformed(
                self.at,
                format!("{what} needs {count} bytes, {} are left", self.rest.len()),
            )),
        }
    }

    fn varint(&mut self) -> Result<u64, VocabularyError> {
        let begin = self.at;
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1, "a number")?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(VocabularyError::malformed(begin, "a number longer than ten bytes"))
    }

    fn field(&mut self) -> Result<Field<'a>, VocabularyError> {
        let at = self.at;
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).ok().filter(|number| *number != 0).ok_or_else(|| {
            VocabularyError::malformed(at, format!("field number {} does not exist", key >> 3))
        })?;
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(self.array("a 64-bit number")?)),
            2 => {
                let length = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
                let begin = self.at;
                Value::Bytes(Message { bytes: self.take(length, "a field")?, at: begin })
            }
            5 => Value::Fixed32(u32::from_le_bytes(self.array("a 32-bit number")?)),
            other => return Err(VocabularyError::malformed(at, format!("wire type {other} is not in use"))),
        };
        Ok(Field { number, value, at })
    }

    fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], VocabularyError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N, what)?);
        Ok(array)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, VocabularyError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

impl<'a> Field<'a> {
    fn expected(&self, what: &str) -> VocabularyError {
        VocabularyError::malformed(self.at, format!("field {} is not {what}", self.number))
    }

    pub(super) fn message(&self) -> Result<Message<'a>, VocabularyError> {
        match self.value {
            Value::Bytes(message) => Ok(message),
            _ => Err(self.expected("a message")),
        }
    }

    pub(super) fn str(&self) -> Result<&'a str, VocabularyError> {
        std::str::from_utf8(self.message()?.bytes()).map_err(|_| self.expected("UTF-8 text"))
    }

    pub(super) fn varint(&self) -> Result<u64, VocabularyError> {
        match self.value {
            Value::Varint(value) => Ok(value),
            _ => Err(self.expected("an integer")),
        }
    }

    pub(super) fn bool(&self) -> Result<bool, VocabularyError> {
        Ok(self.varint()? != 0)
    }

    pub(super) fn float(&self) -> Result<f32, VocabularyError> {
        match self.value {
            Value::Fixed32(bits) => Ok(f32::from_bits(bits)),
            _ => Err(self.expected("a float")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip<'a>(field: Result<Field<'a>, VocabularyError>) -> Result<(u32, Value<'a>), String> {
        let field = field.map_err(|error| error.to_string())?;
        Ok(match field.value {
            Value::Bytes(message) => (field.number, Value::Bytes(Message { at: 0, ..message })),
            other => (field.number, other),
        })
    }

    fn fields(bytes: &[u8]) -> Vec<Result<(u32, Value<'_>), String>> {
        Message::new(bytes).fields().map(strip).collect()
    }

    #[test]
    fn reads_every_wire_type() {
        let bytes = [0x08, 0x96, 0x01, 0x12, 2, b'h', b'i', 0x1d, 1, 0, 0, 0, 0x21, 2, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(
            fields(&bytes).into_iter().map(Result::unwrap).collect::<Vec<_>>(),
            [
                (1, Value::Varint(150)),
                (2, Value::Bytes(Message::new(b"hi"))),
                (3, Value::Fixed32(1)),
                (4, Value::Fixed64(2)),
            ]
        );
    }

    #[test]
    fn damage_is_an_error_and_ends_the_iteration() {
        let cases: [(&[u8], &str); 6] = [
            (&[0x08], "needs 1 bytes, 0 are left"),
            (&[0x12, 5, 1], "needs 5 bytes, 1 are left"),
            (&[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], "0 are left"),
            (&[0xff; 12], "longer than ten bytes"),
            (&[0x00, 0x00], "field number 0"),
            (&[0x0b], "wire type 3"),
        ];
        for (bytes, message) in cases {
            let found = fields(bytes);
            assert_eq!(found.len(), 1, "{bytes:?}");
            assert!(found[0].as_ref().unwrap_err().contains(message), "{bytes:?}: {found:?}");
        }
    }
}
