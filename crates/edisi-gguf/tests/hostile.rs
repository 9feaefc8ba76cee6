//! Files that are cut, changed or made to mislead: an error, never a panic or a huge allocation.

use edisi_gguf::{Array, Error, Gguf, TensorType, Value, Writer, quantize_q8_0, to_bf16, to_f32_bytes};
use proptest::prelude::*;

/// A file with every metadata type and some tensors.
fn sample() -> Vec<u8> {
    let mut w = Writer::new();
    w.metadata("u8", Value::U8(1))
        .metadata("i8", Value::I8(-1))
        .metadata("u16", Value::U16(2))
        .metadata("i16", Value::I16(-2))
        .metadata("u32", Value::U32(3))
        .metadata("i32", Value::I32(-3))
        .metadata("f32", Value::F32(0.25))
        .metadata("bool", Value::Bool(true))
        .metadata("str", Value::Str("naïve".into()))
        .metadata("u64", Value::U64(u64::MAX))
        .metadata("i64", Value::I64(i64::MIN))
        .metadata("f64", Value::F64(-0.5))
        .metadata("strs", Value::Array(Array::Str(vec!["a".into(), "".into()])))
        .metadata(
            "nested",
            Value::Array(Array::Array(vec![Array::U8(vec![1]), Array::Bool(vec![false, true])])),
        )
        .metadata("nums", Value::Array(Array::F64(vec![1.0; 3])));
    let values: Vec<f32> = (0..64).map(|i| i as f32 - 31.5).collect();
    w.tensor("f32", &[64], TensorType::F32, to_f32_bytes(&values)).unwrap();
    w.tensor("q8", &[32, 2], TensorType::Q8_0, quantize_q8_0(&values)).unwrap();
    w.tensor("bf16", &[7], TensorType::BF16, to_bf16(&values[..7])).unwrap();
    w.to_vec()
}

/// Parses and, when that succeeds, uses everything in the file.
fn exercise(bytes: &[u8]) -> Result<(), Error> {
    let file = Gguf::parse(bytes)?;
    for tensor in file.tensors() {
        assert_eq!(tensor.dequantize().len(), tensor.rows() * tensor.row_len());
        let mut row = vec![0.0; tensor.row_len()];
        tensor.row(tensor.rows() - 1, &mut row);
    }
    Ok(())
}

#[test]
fn what_is_written_is_read_and_written_again_the_same() {
    let bytes = sample();
    let file = Gguf::parse(&bytes).unwrap();
    assert_eq!(file.metadata().len(), 15);
    let mut again = Writer::new();
    for (key, value) in file.metadata().iter() {
        again.metadata(key, value.clone());
    }
    for t in file.tensors() {
        again.tensor(t.name(), t.dims(), t.ty(), t.bytes().to_vec()).unwrap();
    }
    assert_eq!(again.to_vec(), bytes);
}

#[test]
fn every_prefix_is_an_error() {
    let bytes = sample();
    exercise(&bytes).unwrap();
    // The last tensor's padding may be missing; its bytes may not.
    let end = bytes.len() - (32 - 14);
    exercise(&bytes[..end]).unwrap();
    for len in 0..end {
        let error = exercise(&bytes[..len]).unwrap_err();
        assert!(matches!(error, Error::Truncated { .. } | Error::NotGguf), "{len}: {error}");
    }
}

fn header(version: u32, tensors: u64, keys: u64) -> Vec<u8> {
    [b"GGUF".as_slice(), &version.to_le_bytes(), &tensors.to_le_bytes(), &keys.to_le_bytes()].concat()
}

fn tensor(name: &str, dims: &[u64], code: u32, offset: u64) -> Vec<u8> {
    let mut out =
        [&(name.len() as u64).to_le_bytes(), name.as_bytes(), &(dims.len() as u32).to_le_bytes()].concat();
    dims.iter().for_each(|d| out.extend(d.to_le_bytes()));
    out.extend(code.to_le_bytes());
    out.extend(offset.to_le_bytes());
    out
}

fn array_of(code: u32, count: u64) -> Vec<u8> {
    [&1u64.to_le_bytes(), b"k".as_slice(), &9u32.to_le_bytes(), &code.to_le_bytes(), &count.to_le_bytes()]
        .concat()
}

#[test]
fn misleading_headers_say_what_is_wrong() {
    let huge = u64::MAX;
    let nest = |levels: usize| {
        let mut bytes = [header(3, 0, 1), array_of(9, 1)].concat();
        (0..levels).for_each(|_| bytes.extend([9u32.to_le_bytes().as_slice(), &1u64.to_le_bytes()].concat()));
        bytes
    };
    let with = |version, t: Vec<u8>| [header(version, 1, 0), t, vec![0; 64]].concat();
    let cases: &[(Vec<u8>, &str)] = &[
        (b"PK\x03\x04".to_vec(), "not a GGUF file"),
        (header(1, 0, 0), "version 1 is not supported"),
        (header(3u32.swap_bytes(), 0, 0), "is not supported"),
        (header(3, huge, 0), "truncated"),
        (header(3, 0, huge), "truncated"),
        ([header(3, 0, 1), array_of(6, huge)].concat(), "truncated"),
        ([header(3, 0, 1), array_of(8, huge)].concat(), "truncated"),
        ([header(3, 0, 1), array_of(99, 1)].concat(), "99 is not a metadata type"),
        (nest(100_000), "nest too deeply"),
        (with(3, tensor("t", &[4], 0, 0)), ""),
        (with(2, tensor("t", &[4], 0, 0)), ""),
        (with(3, tensor("t", &[4], 0, 1)), "not aligned"),
        (with(3, tensor("t", &[4], 0, huge)), "truncated"),
        (with(3, tensor("t", &[4], 0, 64)), "truncated"),
        (with(3, tensor("t", &[4], 99, 0)), "tensor `t` is stored as ggml type 99"),
        (with(3, tensor("t", &[], 0, 0)), "has 0 dimensions"),
        (with(3, tensor("t", &[1, 1, 1, 1, 1], 0, 0)), "has 5 dimensions"),
        (with(3, tensor("t", &[1, 0], 0, 0)), "a dimension is zero"),
        (with(3, tensor("t", &[33], 8, 0)), "not a whole number of blocks"),
        (with(3, tensor("t", &[huge, huge], 0, 0)), "overflow"),
        (with(3, tensor("t", &[1 << 32, 1 << 32], 0, 0)), "overflow"),
    ];
    for (bytes, message) in cases {
        match exercise(bytes) {
            Ok(()) => assert_eq!(*message, ""),
            Err(e) => assert!(!message.is_empty() && e.to_string().contains(message), "{message:?}: {e}"),
        }
    }
    let twice = [header(3, 2, 0), tensor("t", &[4], 0, 0), tensor("t", &[4], 0, 0), vec![0; 64]].concat();
    assert!(exercise(&twice).unwrap_err().to_string().contains("`t` appears twice"));
}

#[test]
fn the_writer_refuses_what_would_not_be_read() {
    let mut w = Writer::new();
    assert!(w.tensor("t", &[32], TensorType::Q8_0, vec![0; 33]).is_err());
    assert!(w.tensor("t", &[31], TensorType::Q8_0, vec![0; 34]).is_err());
    w.tensor("t", &[32], TensorType::Q8_0, vec![0; 34]).unwrap();
    assert!(w.tensor("t", &[32], TensorType::Q8_0, vec![0; 34]).is_err());
}

#[test]
fn a_missing_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let error = edisi_gguf::GgufFile::open(&dir.path().join("none.gguf")).unwrap_err();
    assert!(error.to_string().contains("none.gguf"), "{error}");
}

proptest! {
    #[test]
    fn changed_bytes_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = sample();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let _ = exercise(&bytes);
    }

    #[test]
    fn arbitrary_bytes_after_a_header_never_panic(tail in prop::collection::vec(any::<u8>(), 0..200), counts in (0u64..9, 0u64..9)) {
        let _ = exercise(&[header(3, counts.0, counts.1), tail].concat());
    }

    #[test]
    fn q8_0_stays_within_half_a_step(values in prop::collection::vec(-100f32..100.0, 32..=32)) {
        let mut w = Writer::new();
        w.tensor("t", &[32], TensorType::Q8_0, quantize_q8_0(&values)).unwrap();
        let decoded = Gguf::parse(w.to_vec()).unwrap().tensor("t").unwrap().dequantize();
        let step = values.iter().fold(0f32, |m, v| m.max(v.abs())) / 127.0;
        for (v, d) in values.iter().zip(&decoded) {
            prop_assert!((v - d).abs() <= step * 0.5 + v.abs() / 2048.0 + 1e-6, "{v} became {d}, step {step}");
        }
    }
}
