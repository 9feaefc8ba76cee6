//! Agreement with the reference implementation; `goldens/make.py` says which and how.

use std::path::Path;

use edisi_gguf::{Array, GgufFile, TensorType, Value, quantize_q8_0};

fn golden() -> GgufFile {
    GgufFile::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/blocks.gguf")).unwrap()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

#[test]
fn every_format_decodes_to_the_reference_bit_for_bit() {
    let file = golden();
    for ty in TensorType::ALL.into_iter().filter(|t| *t != TensorType::F32) {
        let name = format!("{ty:?}").to_lowercase();
        let tensor = file.tensor(&name).unwrap();
        assert_eq!((tensor.ty(), tensor.dims()), (ty, &[512, 2][..]), "{name}");
        let expected = file.tensor(&format!("{name}.expected")).unwrap().dequantize();
        assert_eq!(bits(&tensor.dequantize()), bits(&expected), "{name}");

        let mut row = vec![0.0; 512];
        tensor.row(1, &mut row);
        assert_eq!(bits(&row), bits(&expected[512..]), "second row of {name}");
    }
}

#[test]
fn q8_0_encodes_to_the_reference_byte_for_byte() {
    let file = golden();
    let source = file.tensor("source").unwrap().dequantize();
    assert_eq!(quantize_q8_0(&source), file.tensor("source.q8_0").unwrap().bytes());
}

#[test]
fn metadata_of_the_reference_writer_is_read() {
    let file = golden();
    let meta = file.metadata();
    assert_eq!(meta.str("general.architecture").unwrap(), "golden");
    assert_eq!(meta.str("golden.string").unwrap(), "Edisi — 版 — نسخة");
    assert_eq!(meta.strings("golden.strings").unwrap(), ["satu", "", "三"]);
    assert_eq!(meta.f32s("golden.floats").unwrap(), [0.5, -1.0]);
    assert_eq!(meta.i32s("golden.ints").unwrap(), [-1, 2, 3]);
    assert!(meta.bool("golden.bool").unwrap());
    assert_eq!(meta.get("golden.u64"), Some(&Value::U64(1 << 40)));
    assert_eq!(meta.get("golden.i8"), Some(&Value::I8(-8)));
    assert_eq!(meta.get("golden.f64"), Some(&Value::F64(0.1)));
    assert!(matches!(meta.get("golden.strings"), Some(Value::Array(Array::Str(v))) if v.len() == 3));
}

#[test]
fn getters_name_the_key_and_what_was_found() {
    let file = golden();
    let meta = file.metadata();
    assert_eq!(meta.u32("no.such").unwrap_err().to_string(), "the file's metadata has no `no.such`");
    for (message, error) in [
        (
            "metadata `golden.u64` is u64, expected an integer from 0 to 4294967295",
            meta.u32("golden.u64").err(),
        ),
        ("metadata `golden.i8` is i8, expected an integer from 0 to 4294967295", meta.u32("golden.i8").err()),
        ("metadata `golden.bool` is bool, expected a string", meta.str("golden.bool").err()),
        (
            "metadata `golden.ints` is an array of i32, expected an array of strings",
            meta.strings("golden.ints").err(),
        ),
    ] {
        assert_eq!(error.unwrap().to_string(), message);
    }
    let missing = file.tensor("blk.0.attn_q.weight").unwrap_err();
    assert_eq!(missing.to_string(), "the file has no tensor `blk.0.attn_q.weight`");
}
