//! Merging adapters into a base model.

mod support;

use std::fs;

use edisi_gguf::{GgufFile, TensorType};
use edisi_models::{Catalogue, Coverage, Error, ImportOptions, Prompt, Store, Tier};
use edisi_text::Lang;
use support::{BASE, MATRICES, RANK, TOKENS, ToyAdapter, WIDTH, World, message, names};

#[test]
fn the_change_is_added_and_everything_else_stays() {
    let world = World::new();
    let store = world.store();
    let adapter = ToyAdapter::new();
    let folder = world.adapter("adapter", &adapter);
    let base = store.pull(BASE, &world.pulling(), &mut ()).unwrap();
    let model = store.import(&folder, "toy-draft", BASE, &world.importing(), &mut ()).unwrap();

    let (before, after) = (GgufFile::open(&base.path()).unwrap(), GgufFile::open(&model.path()).unwrap());
    for tensor in before.tensors() {
        let now = after.tensor(tensor.name()).unwrap();
        assert_eq!(now.dims(), tensor.dims());
        if !tensor.name().starts_with("blk.") {
            assert_eq!((now.ty(), now.bytes()), (tensor.ty(), tensor.bytes()), "{}", tensor.name());
        }
    }
    for layer in 0..2 {
        for (name, module, inputs, outputs) in MATRICES {
            let of = |half: &str| {
                &adapter.tensors
                    [&format!("base_model.model.model.layers.{layer}.{module}.lora_{half}.weight")]
                    .2
            };
            let (a, b) = (of("A"), of("B"));
            let name = format!("blk.{layer}.{name}.weight");
            let (old, new) = (before.tensor(&name).unwrap(), after.tensor(&name).unwrap());
            assert_eq!(new.ty(), TensorType::Q8_0);
            let (old, new) = (old.dequantize(), new.dequantize());
            for row in 0..outputs {
                for column in 0..inputs {
                    let at = row * inputs + column;
                    let product = |k: usize| f64::from(b[row * RANK + k]) * f64::from(a[k * inputs + column]);
                    let want = f64::from(old[at]) + 8.0 / RANK as f64 * (0..RANK).map(product).sum::<f64>();
                    let largest = 1.0 + 8.0; // |W| ≤ 1, |s·BA| ≤ 2·4
                    assert!(
                        (f64::from(new[at]) - want).abs() <= largest / 254.0 + 0.01,
                        "{name} {row} {column}"
                    );
                }
            }
        }
    }
    let manifest = &model.manifest;
    assert_eq!((manifest.tier, manifest.engine.prompt()), (Tier::Draft, Some(Prompt::Plain)));
    assert_eq!(manifest.coverage, Coverage::AnyOf(vec![Lang::ID, Lang::EN, Lang::ZH]));
    assert_eq!(manifest.base.as_ref().unwrap().sha256, base.manifest.model_sha256().unwrap());
    assert_eq!(manifest.adapter.as_ref().unwrap().sha256, support::sha256(&adapter.weights()));
    assert_eq!(manifest.licence, base.manifest.licence);
    let notice = fs::read_to_string(model.folder.join("NOTICE.txt")).unwrap();
    assert!(notice.starts_with("Toys are subject to terms\nModified from toy-base: "), "{notice}");
    assert!(model.folder.join("LICENSE.html").exists());
}

#[test]
fn an_adapter_of_zeros_changes_nothing() {
    let world = World::new();
    let mut adapter = ToyAdapter::new();
    adapter.tensors.iter_mut().filter(|(k, _)| k.contains("lora_B")).for_each(|(_, t)| t.2.fill(0.0));
    let folder = world.adapter("adapter", &adapter);
    let model = world.store().import(&folder, "same", BASE, &world.importing(), &mut ()).unwrap();
    let file = GgufFile::open(&model.path()).unwrap();
    let base = edisi_gguf::Gguf::parse(support::base_model()).unwrap();
    for tensor in base.tensors().filter(|t| t.ty() == TensorType::Q8_0) {
        assert_eq!(file.tensor(tensor.name()).unwrap().bytes(), tensor.bytes(), "{}", tensor.name());
    }
}

#[test]
fn rank_stabilised_scaling_is_understood() {
    let world = World::new();
    let import = |name: &str, alpha: f64, stabilised: bool| {
        let mut adapter = ToyAdapter::new();
        adapter.config["lora_alpha"] = alpha.into();
        adapter.config["use_rslora"] = stabilised.into();
        let folder = world.adapter(name, &adapter);
        let options = ImportOptions { force: true, ..world.importing() };
        let model = world.store().import(&folder, "toy-draft", BASE, &options, &mut ()).unwrap();
        fs::read(model.path()).unwrap()
    };
    // 8 / √4 = 16 / 4
    assert_eq!(import("stabilised", 8.0, true), import("plain", 16.0, false));
    assert_ne!(import("stabilised", 8.0, true), import("plain", 8.0, false));
}

#[test]
fn the_base_is_fetched_when_missing_and_not_kept() {
    let world = World::new();
    let folder = world.adapter("adapter", &ToyAdapter::new());
    let fetched = world.store().import(&folder, "toy-draft", BASE, &world.importing(), &mut ()).unwrap();
    assert_eq!(world.left(), ["toy-draft"]);

    let other = Store::with_catalogue(&world.path("other"), world.catalogue());
    other.pull(BASE, &world.pulling(), &mut ()).unwrap();
    let merged = other.import(&folder, "toy-draft", BASE, &world.importing(), &mut ()).unwrap();
    for name in names(&merged.folder) {
        let read = |folder: &std::path::Path| fs::read(folder.join(&name)).unwrap();
        assert_eq!(read(&merged.folder), read(&fetched.folder), "{name}");
    }
}

#[test]
fn the_vocabulary_is_cut_to_the_list() {
    let world = World::new();
    let folder = world.adapter("adapter", &ToyAdapter::new());
    fs::write(folder.join("vocab-kept.txt"), "# words\n6\n9-10\n").unwrap();
    let model = world.store().import(&folder, "small", BASE, &world.importing(), &mut ()).unwrap();
    let file = GgufFile::open(&model.path()).unwrap();
    let tokens = ["<eos>", "<bos>", "<0x00>", "<0x01>", "▁a", "▁ab", "c"];
    assert_eq!(file.metadata().strings("tokenizer.ggml.tokens").unwrap(), tokens);
    assert_eq!(file.metadata().u32("tokenizer.ggml.bos_token_id").unwrap(), 1);
    assert_eq!(file.metadata().u32("tokenizer.ggml.eos_token_id").unwrap(), 0);
    let base = edisi_gguf::Gguf::parse(support::base_model()).unwrap();
    let (small, whole) =
        (file.tensor("token_embd.weight").unwrap(), base.tensor("token_embd.weight").unwrap());
    assert_eq!(small.dims(), [WIDTH, tokens.len()]);
    assert_eq!(small.row_bytes(6), whole.row_bytes(10));
    assert!(model.manifest.changes.unwrap().contains("cut to 7 entries"));

    fs::write(folder.join("vocab-kept.txt"), format!("{TOKENS}")).unwrap();
    let text = message(world.store().import(&folder, "wrong", BASE, &world.importing(), &mut ()));
    assert!(text.contains("vocab-kept.txt: line 1: `12`"), "{text}");
}

#[test]
fn the_catalogue_can_hold_an_adapted_model() {
    let world = World::new();
    let description = r#"
name = "toy-draft"
version = "2.0.0"
description = "Adapted"
tier = "production"
engine = "gguf-gemma3"
prompt = "plain"
pairs = [["id", "en"]]
through_english = [["id", "zh"]]
base = "toy-base"
"#;
    let folder = world.adapter("draft", &ToyAdapter::new());
    let pull = |home: &str, description: &str| {
        let texts = [("NOTICE.md", "Ours".as_bytes()), ("README.md", b"A card"), ("NOTICE.txt", b"Mine")];
        let files = [texts.as_slice(), &[("model.toml", description.as_bytes())]].concat();
        let catalogue = Catalogue::from_folders([
            world.folder("entry", &[("model.toml", world.entry.as_bytes())]),
            world.folder("draft", &files),
        ]);
        let store = Store::with_catalogue(&world.path(home), catalogue.unwrap());
        store.pull("toy-draft", &world.pulling(), &mut ())
    };
    let model = pull("home", description).unwrap();
    let manifest = &model.manifest;
    assert_eq!((manifest.version.as_str(), manifest.tier), ("2.0.0", Tier::Production));
    assert!(manifest.coverage.covers(Lang::ID, Lang::EN) && !manifest.coverage.covers(Lang::EN, Lang::ID));
    assert_eq!(manifest.through_english, [(Lang::ID, Lang::ZH)]);
    let read = |name: &str| fs::read_to_string(model.folder.join(name)).unwrap();
    assert_eq!((read("NOTICE.md").as_str(), read("adapter-NOTICE.md").as_str()), ("From a test", "Ours"));
    assert_eq!((read("README.md").as_str(), read("adapter-NOTICE.txt").as_str()), ("A card", "Mine"));
    assert!(folder.join("model.toml").exists());

    let pinned = |sha256: &str| format!("{description}result = {{ sha256 = \"{sha256}\", bytes = 1 }}\n");
    pull("pinned", &pinned(manifest.model_sha256().unwrap())).unwrap();
    assert!(matches!(pull("wrong", &pinned("00")), Err(Error::WrongHash { .. })));
    assert!(!world.path("wrong/models/toy-draft").exists());
}

#[test]
fn an_import_does_not_overwrite_unless_forced() {
    let world = World::new();
    let store = world.store();
    let folder = world.adapter("adapter", &ToyAdapter::new());
    store.import(&folder, "toy-draft", BASE, &world.importing(), &mut ()).unwrap();
    let again = store.import(&folder, "toy-draft", BASE, &world.importing(), &mut ());
    assert!(matches!(again, Err(Error::AlreadyInstalled { .. })));
    let forced = ImportOptions { force: true, ..world.importing() };
    store.import(&folder, "toy-draft", BASE, &forced, &mut ()).unwrap();
    // What was imported has no catalogue entry to be pulled from, but is known.
    let text = message(store.get("toy"));
    assert_eq!(text, "there is no model `toy`; there are: toy-base, toy-draft");
    assert!(matches!(
        store.import(&folder, "x", "no-such-base", &forced, &mut ()),
        Err(Error::UnknownModel { .. })
    ));
}

#[test]
fn adapters_that_cannot_be_merged_say_why() {
    type Spoil = dyn Fn(&mut ToyAdapter);
    fn key(half: &str) -> String {
        format!("base_model.model.model.layers.1.mlp.up_proj.lora_{half}.weight")
    }
    let cases: &[(&str, &Spoil)] = &[
        ("uses `use_dora`", &|a| a.config["use_dora"] = true.into()),
        ("uses `modules_to_save`", &|a| a.config["modules_to_save"] = serde_json::json!(["lm_head"])),
        ("uses `rank_pattern`", &|a| a.config["rank_pattern"] = serde_json::json!({ "q_proj": 8 })),
        ("uses `fan_in_fan_out`", &|a| a.config["fan_in_fan_out"] = true.into()),
        ("peft_type is LOHA", &|a| a.config["peft_type"] = "LOHA".into()),
        ("peft_type is missing", &|a| a.config = serde_json::json!({})),
        ("trained for LlamaForCausalLM", &|a| {
            a.config["auto_mapping"]["base_model_class"] = "LlamaForCausalLM".into()
        }),
        ("trains biases", &|a| a.config["bias"] = "all".into()),
        ("no lora_alpha", &|a| a.config["lora_alpha"] = "much".into()),
        ("no rank `r`", &|a| a.config["r"] = 0.into()),
        ("configuration says 5", &|a| a.config["r"] = 5.into()),
        ("only one of the matrices A and B for blk.1.ffn_up.weight", &|a| {
            a.tensors.remove(&key("B"));
        }),
        ("not finite", &|a| a.tensors.get_mut(&key("A")).unwrap().2[3] = f32::NAN),
        ("changes [64, 95] values of blk.1.ffn_up.weight, the base has [64, 96]", &|a| {
            let b = a.tensors.get_mut(&key("B")).unwrap();
            b.0 -= 1;
            b.2.truncate(95 * RANK);
        }),
        ("changes blk.9.attn_q.weight, which the base does not have", &|a| {
            for half in ["A", "B"] {
                let from = format!("base_model.model.model.layers.0.self_attn.q_proj.lora_{half}.weight");
                let tensor = a.tensors.remove(&from).unwrap();
                a.tensors.insert(from.replace(".0.", ".9."), tensor);
            }
        }),
        ("tensor `base_model.model.lm_head.lora_A.weight` is not", &|a| {
            a.tensors.insert("base_model.model.lm_head.lora_A.weight".into(), (1, 1, vec![0.0]));
        }),
        ("weights are empty", &|a| a.tensors.clear()),
    ];
    for (expected, spoil) in cases {
        let world = World::new();
        let mut adapter = ToyAdapter::new();
        spoil(&mut adapter);
        let folder = world.adapter("adapter", &adapter);
        let error = world.store().import(&folder, "bad", BASE, &world.importing(), &mut ()).unwrap_err();
        assert!(matches!(error, Error::BadAdapter { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{expected:?}: {error}");
        assert!(world.left().is_empty());
    }
}

#[test]
fn folders_that_are_no_adapter_say_so() {
    let world = World::new();
    let import = |folder: &str| {
        message(world.store().import(&world.path(folder), "x", BASE, &world.importing(), &mut ()))
    };
    assert!(import("nowhere").contains("nowhere"));
    fs::create_dir(world.path("empty")).unwrap();
    assert!(import("empty").contains("it has no adapter_config.json"));
    let folder = world.adapter("cut", &ToyAdapter::new());
    let whole = fs::read(folder.join("adapter_model.safetensors")).unwrap();
    for len in [0, 7, 8, 100, whole.len() - 1] {
        fs::write(folder.join("adapter_model.safetensors"), &whole[..len]).unwrap();
        assert!(import("cut").contains("its weights cannot be read"), "{len}");
    }
    fs::write(folder.join("adapter_config.json"), "{").unwrap();
    assert!(import("cut").contains("is not JSON"));
}
