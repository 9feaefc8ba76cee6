//! The real base model, as `edisi models pull gemma3-270m` installs it in the data directory.
#![cfg(feature = "models")]

use edisi_gguf::{GgufFile, TensorType};
use edisi_models::Store;

#[test]
fn the_base_model_is_intact_and_is_gemma() {
    let store = Store::open_default().unwrap();
    let model = store.verify("gemma3-270m", &mut ()).unwrap_or_else(|e| panic!("{e}"));
    let expected = &store.catalogue().get("gemma3-270m").unwrap().result;
    assert_eq!(model.manifest.model_sha256(), expected.as_ref().map(|e| e.sha256.as_str()));

    let file = GgufFile::open(&model.path()).unwrap();
    let meta = file.metadata();
    assert_eq!(meta.str("general.architecture").unwrap(), "gemma3");
    assert_eq!(meta.u32("gemma3.block_count").unwrap(), 18);
    assert_eq!(meta.strings("tokenizer.ggml.tokens").unwrap()[2], "<bos>");
    assert_eq!(file.tensors().len(), 236);
    let embedding = file.tensor("token_embd.weight").unwrap().expect_dims(&[640, 262_144]).unwrap();
    assert_eq!(embedding.ty(), TensorType::Q8_0);
    for tensor in file.tensors().filter(|t| t.dims().len() == 2 && t.name() != embedding.name()) {
        let values = tensor.dequantize();
        assert!(values.iter().all(|v| v.is_finite() && v.abs() < 10.0), "{}", tensor.name());
        assert!(values.iter().any(|v| *v != 0.0), "{}", tensor.name());
    }
}
