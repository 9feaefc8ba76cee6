//! The real models, as `edisi models pull` installs them in the data directory.
#![cfg(feature = "models")]

mod support;

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

/// The real English-Portuguese models, offered by a server of our own in the registry's layout.
#[test]
fn real_models_come_through_cut_connections_unharmed() {
    use edisi_models::{Network, PullOptions, parse_pair};
    use support::marian::{Published, Site};
    use support::server::Fault;

    let here = Store::open_default().unwrap();
    let mut site = Site::new();
    let there = tempfile::tempdir().unwrap();
    let store = Store::open(there.path());
    for name in ["en-pt", "pt-en"] {
        let model = here.verify(name, &mut ()).unwrap_or_else(|e| panic!("{e}"));
        let files = model.marian().unwrap();
        let read = |path: &std::path::Path| std::fs::read(path).unwrap();
        site.offer(
            name,
            &Published {
                model: read(&files.model),
                vocabulary: read(&files.source_vocabulary),
                shortlist: read(files.shortlist.as_deref().unwrap()),
            },
        );
        for (kind, after) in [("model", 1_000_000), ("model", 100), ("vocab", 200_000), ("lex", 0)] {
            site.server.next(&site.path(name, kind), Fault::Cut(after));
        }
        site.server.next(&site.path(name, "model"), Fault::Status(503));
        let network = Network { pause: std::time::Duration::from_millis(1), ..Network::default() };
        let registry = store.registry(&site.url(), &network, &mut ()).unwrap();
        let (from, to) = parse_pair(name).unwrap();
        let options = PullOptions { network, ..PullOptions::default() };
        let pulled = store.pull_release(registry.best(from, to, None).unwrap(), &options, &mut ()).unwrap();
        assert_eq!(pulled.manifest.fingerprint(), model.manifest.fingerprint());
        store.verify(name, &mut ()).unwrap();
        store.remove(name).unwrap();
        let imported =
            store.import_files(std::slice::from_ref(&model.folder), &Default::default(), &mut ()).unwrap();
        assert_eq!(imported[0].manifest, model.manifest);
    }
}
