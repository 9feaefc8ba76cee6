//! A home folder with a tiny model, and the program run in it.
#![allow(dead_code, missing_docs, reason = "shared by several test programs, each using some of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use edisi_models::{Coverage, Engine, FileEntry, Licence, Manifest, Prompt, SCHEMA, Tier};
use edisi_text::Lang;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

pub const STORY: &str = "Harga Beras Naik\n\n\
    MUARA SENTANI - Harga beras naik 12 persen menjadi Rp15.400 per kilogram pada Selasa. \
    Warga mengeluh karena kenaikan itu datang menjelang hari raya.\n\n\
    \"Kami belum menerima bantuan,\" kata Siti Aminah, pedagang di Pasar Beringin. \
    Pemerintah daerah berjanji akan membagikan 900 ton beras pekan depan.\n\n\
    Kepala Dinas Perdagangan Lestari Hutapea mengatakan stok di gudang masih cukup untuk tiga bulan.\n";

/// A folder of its own, removed at the end.
pub struct Place {
    dir: TempDir,
}

impl Place {
    /// Nothing installed.
    pub fn bare() -> Place {
        Place { dir: tempfile::tempdir().unwrap() }
    }

    /// With a tiny model of random weights for the six languages.
    pub fn with_model() -> Place {
        let place = Place::bare();
        place.install("tiny", Coverage::AnyOf(Lang::EDITIONS.to_vec()));
        place
    }

    /// Installs the tiny model under a name.
    pub fn install(&self, name: &str, coverage: Coverage) {
        let folder = self.home().join("models").join(name);
        fs::create_dir_all(&folder).unwrap();
        let model = folder.join(Manifest::MODEL);
        edisi_llm::testing::tiny_model(&model).unwrap();
        let bytes = fs::read(&model).unwrap();
        let sha256 = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        let manifest = Manifest {
            schema: SCHEMA,
            name: name.into(),
            version: "1".into(),
            description: "Random weights".into(),
            tier: Tier::Draft,
            engine: Engine::GgufGemma3 { prompt: Prompt::Plain },
            coverage,
            through_english: Vec::new(),
            scores: Vec::new(),
            base: None,
            adapter: None,
            changes: None,
            licence: Licence {
                name: "CC0-1.0".into(),
                url: "https://example.org/".into(),
                file: None,
                notice: None,
            },
            files: vec![FileEntry {
                name: Manifest::MODEL.into(),
                bytes: bytes.len() as u64,
                sha256,
                source: None,
            }],
        };
        fs::write(folder.join(Manifest::FILE), serde_json::to_vec(&manifest).unwrap()).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn home(&self) -> PathBuf {
        self.path().join("home")
    }

    pub fn model_file(&self) -> PathBuf {
        self.home().join("models/tiny").join(Manifest::MODEL)
    }

    /// Writes a file and returns its name.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        fs::write(self.path().join(name), content).unwrap();
        name.to_owned()
    }

    /// `edisi`, to be run in the folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_edisi"));
        self.prepare(command.args(args));
        command
    }

    /// The folder and environment of a command.
    pub fn prepare(&self, command: &mut Command) {
        command.current_dir(self.path()).stdin(Stdio::null()).env("EDISI_HOME", self.home());
        // Nobody answers there: no test asks a server that is not its own.
        command.env("EDISI_REGISTRY", "http://127.0.0.1:9/models.json");
        for name in [
            "EDISI_PYTHON",
            "EDISI_KERNEL",
            "http_proxy",
            "https_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
        ] {
            command.env_remove(name);
        }
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::from(self.command(args).output().unwrap())
    }

    /// Every file under a folder, by relative name.
    pub fn files(&self, folder: &str) -> BTreeMap<String, String> {
        let root = self.path().join(folder);
        let mut out = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for entry in entries {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                    out.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
        }
        out
    }
}

/// What came of a command.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// It went well.
    #[track_caller]
    pub fn ok(self) -> Ran {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self
    }

    /// It failed with this code, in one line on standard error that has all of `words`.
    #[track_caller]
    pub fn fails(self, code: i32, words: &[&str]) -> Ran {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        let last = self.err.lines().last().unwrap_or_default();
        assert!(last.starts_with("edisi: "), "{}", self.err);
        for word in words {
            assert!(last.contains(word), "`{word}` is not in: {last}");
        }
        self
    }
}
