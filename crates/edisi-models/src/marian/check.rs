//! Whether files are what their names say, as far as their own structure tells.
//!
//! Only the hash of a model is published; a vocabulary or a shortlist that is not one at all is found here.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use edisi_nmt::shortlist::Shortlist;
use edisi_nmt::vocabulary::Vocabulary;

use super::{MODEL, SHORTLIST, SOURCE_VOCABULARY, TARGET_VOCABULARY, VOCABULARY};
use crate::Error;
use crate::error::io_error;

/// No model has more tensors.
const MOST_ITEMS: u64 = 100_000;
/// As much of a file is looked at as any header has.
const MOST_HEADER: u64 = 16 << 20;
/// Bytes of a tensor's entry in the header.
const ENTRY: usize = 32;

/// Checks the file `name` of the model in `folder`; messages call it `what`. A shortlist is held against the
/// vocabularies, which must be there before it.
///
/// # Errors
/// [`Error::BadFile`], or it cannot be read.
pub(crate) fn check(folder: &Path, name: &str, what: &str) -> Result<(), Error> {
    let path = folder.join(name);
    let result = match name {
        MODEL => match width(&path)? {
            Some(_) => Ok(()),
            None => Err("it is no Marian model in binary form".to_owned()),
        },
        SHORTLIST => {
            let shared = folder.join(VOCABULARY).is_file();
            let pieces = |name| {
                let name = if shared { VOCABULARY } else { name };
                let vocabulary = Vocabulary::from_bytes(&read(&folder.join(name))?);
                Ok::<_, Error>(vocabulary.map_or(0, |v| v.len()))
            };
            let (source, target) = (pieces(SOURCE_VOCABULARY)?, pieces(TARGET_VOCABULARY)?);
            Shortlist::new(&read(&path)?, source, target, shared).map(|_| ()).map_err(|e| e.to_string())
        }
        _ => Vocabulary::from_bytes(&read(&path)?).map(|_| ()).map_err(|e| format!("as a vocabulary: {e}")),
    };
    result.map_err(|reason| Error::BadFile { what: what.to_owned(), reason })
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|e| io_error("reading", path, e))
}

/// The family of a model, by the width of its embeddings.
///
/// # Errors
/// It cannot be read.
pub(crate) fn family(model: &Path) -> Result<Option<&'static str>, Error> {
    Ok(match width(model)? {
        Some(256) => Some("tiny"),
        Some(384) => Some("base-memory"),
        Some(512) => Some("base"),
        _ => None,
    })
}

/// The width of a model's embeddings, 0 if it names none; nothing, if the file is no model.
fn width(model: &Path) -> Result<Option<u64>, Error> {
    let fail = |e| io_error("reading", model, e);
    let file = File::open(model).map_err(fail)?;
    let len = file.metadata().map_err(fail)?.len();
    let mut header = Vec::new();
    file.take(MOST_HEADER).read_to_end(&mut header).map_err(fail)?;
    Ok(read_model(&header, len))
}

/// Checks a model's header, which `bytes` begin with, against the file's size.
fn read_model(bytes: &[u8], len: u64) -> Option<u64> {
    let (version, count) = (word(bytes, 0)?, word(bytes, 8)?);
    if version != 1 || !(1..=MOST_ITEMS).contains(&count) {
        return None;
    }
    let entry = |i: u64, field: usize| word(bytes, 16 + i as usize * ENTRY + field * 8);
    let entries_end = 16 + count.checked_mul(ENTRY as u64)?;
    let (mut names, mut shapes, mut data) = (0u64, 0u64, 0u64);
    for i in 0..count {
        names = names.checked_add(entry(i, 0)?)?;
        shapes = shapes.checked_add(entry(i, 2)?.checked_mul(4)?)?;
        data = data.checked_add(entry(i, 3)?)?;
    }
    let shapes_at = entries_end.checked_add(names)?;
    let pad_at = shapes_at.checked_add(shapes)?;
    let padding = word(bytes, usize::try_from(pad_at).ok()?)?;
    let end = pad_at.checked_add(8)?.checked_add(padding)?.checked_add(data)?;
    // Then everything of the header is in the file, if not in `bytes`.
    if end != len {
        return None;
    }
    let (mut name_at, mut shape_at, mut width) = (entries_end, shapes_at, 0);
    for i in 0..count {
        let (name_len, dims) = (entry(i, 0)?, entry(i, 2)?);
        let name = bytes.get(name_at as usize..(name_at + name_len) as usize)?;
        if matches!(name, b"Wemb\0" | b"encoder_Wemb\0") && dims == 2 {
            let second = bytes.get(shape_at as usize + 4..shape_at as usize + 8)?;
            width = u64::from(u32::from_le_bytes(second.try_into().ok()?));
        }
        name_at += name_len;
        shape_at += dims * 4;
    }
    Some(width)
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(8)?)?;
    Some(u64::from_le_bytes(bytes.try_into().expect("8 bytes")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The header of a model with one tensor, as [`read_model`] takes it, and the size of its file.
    fn header(name: &[u8], width: u32, data: u64) -> (Vec<u8>, u64) {
        let words = [1, 1, name.len() as u64, 0x4101, 2, data].map(u64::to_le_bytes).concat();
        let shape = [4u32, width].map(u32::to_le_bytes).concat();
        let bytes = [&words, name, &shape, &0u64.to_le_bytes()[..]].concat();
        let len = bytes.len() as u64 + data;
        (bytes, len)
    }

    #[test]
    fn the_width_of_the_embeddings_is_found() {
        for (name, expected) in [(&b"Wemb\0"[..], 384), (b"encoder_Wemb\0", 384), (b"other\0", 0)] {
            let (bytes, len) = header(name, 384, 1000);
            assert_eq!(read_model(&bytes, len), Some(expected));
            assert_eq!(read_model(&bytes, len + 1), None);
            for end in 0..bytes.len() {
                assert_eq!(read_model(&bytes[..end], len), None, "cut at {end}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_header_is_too_wild(at in 0usize..62, value: u64, len: u64) {
            let (mut bytes, size) = header(b"Wemb\0", 256, 10);
            bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
            read_model(&bytes, size);
            read_model(&bytes, len);
        }
    }
}
