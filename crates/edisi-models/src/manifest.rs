//! What an installed model says of itself.

use edisi_text::Lang;
use serde::{Deserialize, Serialize};

use crate::marian;

/// The version of the manifest's layout that this crate writes and reads.
pub const SCHEMA: u32 = 1;

/// `manifest.json` of an installed model. It has no dates and no paths: the same inputs give the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Layout version, [`SCHEMA`].
    pub schema: u32,
    /// The model's name; its folder has the same.
    pub name: String,
    /// The model's version.
    pub version: String,
    /// One line on what it is.
    pub description: String,
    /// How good its output is.
    pub tier: Tier,
    /// What runs it, and what that engine needs to be told.
    #[serde(flatten)]
    pub engine: Engine,
    /// Which directions it translates.
    pub coverage: Coverage,
    /// Directions that measured better as two steps through English than in one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub through_english: Vec<(Lang, Lang)>,
    /// How good its publishers measured it to be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<Score>,
    /// The model it was made from, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Origin>,
    /// The adapter merged into the base, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter: Option<Origin>,
    /// What was changed from the base, as its licence asks to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<String>,
    /// The terms it is used under.
    pub licence: Licence,
    /// Every file but the manifest, ordered by name.
    pub files: Vec<FileEntry>,
}

impl Manifest {
    /// Name of the file that holds a language model's weights.
    pub const MODEL: &'static str = "model.gguf";
    /// Name of the manifest's own file.
    pub const FILE: &'static str = "manifest.json";

    /// The entry of the file called `name`.
    pub fn file(&self, name: &str) -> Option<&FileEntry> {
        self.files.iter().find(|f| f.name == name)
    }

    /// SHA-256 of the weights, in hex.
    pub fn model_sha256(&self) -> Option<&str> {
        self.file(self.engine.model_file()).map(|f| f.sha256.as_str())
    }

    /// SHA-256, in hex, over everything that decides what the model says: what caches key their results by.
    /// For a language model it is that of the weights.
    pub fn fingerprint(&self) -> String {
        let Engine::Marian { .. } = self.engine else {
            return self.model_sha256().unwrap_or_default().to_owned();
        };
        let files = self.files.iter().filter(|f| marian::is_part(&f.name));
        let list: String = files.map(|f| format!("{} {}\n", f.sha256, f.name)).collect();
        crate::files::sha256(list.as_bytes())
    }
}

/// How good an installed model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Worth reading as a draft, to be checked by somebody who knows both languages.
    Draft,
    /// Fit to publish with the notice of machine translation.
    Production,
}

/// What runs a model, with what that engine needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "engine", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Engine {
    /// A Gemma 3 language model in one GGUF file.
    GgufGemma3 {
        /// How it is asked to translate.
        prompt: Prompt,
    },
    /// A Marian student model as Firefox and Bergamot use it: weights, vocabularies, shortlist
    /// ([`marian`](crate::marian)).
    Marian {
        /// The family its publishers name, such as `tiny`, `base-memory`, `base`.
        architecture: String,
    },
}

impl Engine {
    /// Name of the file with the weights in an installed model's folder.
    pub fn model_file(&self) -> &'static str {
        match self {
            Engine::GgufGemma3 { .. } => Manifest::MODEL,
            Engine::Marian { .. } => marian::MODEL,
        }
    }

    /// How a language model is asked; nothing for what is no language model.
    pub fn prompt(&self) -> Option<Prompt> {
        match self {
            Engine::GgufGemma3 { prompt } => Some(*prompt),
            Engine::Marian { .. } => None,
        }
    }
}

/// A measurement that a model's publishers state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// What was measured, such as `bleu`, `chrf`, `comet22`.
    pub metric: String,
    /// On which text.
    pub data: String,
    /// The number as stated.
    pub value: f64,
}

/// How a language model is asked to translate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Prompt {
    /// Translated examples before the text: for a base model.
    FewShot,
    /// `Indonesian: TEXT`, a new line, `English:`: for an adapted model.
    Plain,
}

/// Which directions a model translates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// From any of these languages into any other of them.
    AnyOf(Vec<Lang>),
    /// These directions, source first.
    Pairs(Vec<(Lang, Lang)>),
}

impl Coverage {
    /// Whether the direction is among them.
    pub fn covers(&self, from: Lang, to: Lang) -> bool {
        match self {
            Coverage::AnyOf(langs) => from != to && langs.contains(&from) && langs.contains(&to),
            Coverage::Pairs(pairs) => pairs.contains(&(from, to)),
        }
    }
}

/// A model or adapter that another was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Its name.
    pub name: String,
    /// SHA-256 of its weights, in hex.
    pub sha256: String,
}

/// The terms a model is used under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Its name.
    pub name: String,
    /// Where it can be read.
    pub url: String,
    /// The file beside the model that holds its text, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The sentence to pass on with the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

/// A file of an installed model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name in the model's folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
    /// Where it was fetched from, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<FileSource>,
}

/// Where a file came from, and why its hash is believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSource {
    /// Its address, or package and path.
    pub from: String,
    /// Who says that its hash is right.
    pub trust: Trust,
}

/// Who says that a file's hash is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// The catalogue or the registry states the hash, and the file has it.
    Published,
    /// Nobody states a hash: the one recorded is that of what came the first time.
    FirstUse,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_knows_its_directions() {
        let any = Coverage::AnyOf(vec![Lang::ID, Lang::EN, Lang::ZH]);
        assert!(any.covers(Lang::ID, Lang::ZH) && any.covers(Lang::ZH, Lang::ID));
        assert!(!any.covers(Lang::ID, Lang::ID) && !any.covers(Lang::ID, Lang::FR));
        let pairs = Coverage::Pairs(vec![(Lang::EN, Lang::FR)]);
        assert!(pairs.covers(Lang::EN, Lang::FR) && !pairs.covers(Lang::FR, Lang::EN));
    }

    /// As edisi 0.1.0 wrote them before there were other engines.
    const OLD: &str = r#"{"schema":1,"name":"toy","version":"1","description":"A toy","tier":"draft",
        "engine":"gguf-gemma3","prompt":"few-shot","coverage":{"any-of":["id","en"]},
        "licence":{"name":"CC0-1.0","url":""},"files":[{"name":"model.gguf","bytes":9,"sha256":"ab"}]}"#;

    #[test]
    fn old_manifests_are_read_and_written_the_same() {
        let manifest: Manifest = serde_json::from_str(OLD).unwrap();
        assert_eq!(manifest.engine, Engine::GgufGemma3 { prompt: Prompt::FewShot });
        assert_eq!((manifest.model_sha256(), manifest.fingerprint().as_str()), (Some("ab"), "ab"));
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(serde_json::to_value(&manifest).unwrap(), {
            let mut old = value(OLD);
            old["coverage"] = serde_json::to_value(&manifest.coverage).unwrap();
            old
        });
    }

    #[test]
    fn each_engine_needs_its_own_fields() {
        let read = |engine: &str| {
            serde_json::from_str::<Manifest>(
                &OLD.replace(r#""engine":"gguf-gemma3","prompt":"few-shot""#, engine),
            )
        };
        let marian = read(r#""engine":"marian","architecture":"tiny""#).unwrap();
        assert_eq!(marian.engine, Engine::Marian { architecture: "tiny".into() });
        assert_eq!((marian.engine.prompt(), marian.engine.model_file()), (None, "model.bin"));
        for wrong in [r#""engine":"marian""#, r#""engine":"gguf-gemma3""#, r#""engine":"abacus""#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_fingerprint_of_a_marian_model_covers_its_vocabularies() {
        let mut manifest: Manifest = serde_json::from_str(OLD).unwrap();
        manifest.engine = Engine::Marian { architecture: "tiny".into() };
        let file = |name: &str, hash: &str| FileEntry {
            name: name.into(),
            bytes: 1,
            sha256: hash.into(),
            source: None,
        };
        manifest.files = vec![file("NOTICE.txt", "1"), file("model.bin", "2"), file("vocab.spm", "3")];
        let first = manifest.fingerprint();
        manifest.files[0].sha256 = "9".into();
        assert_eq!(manifest.fingerprint(), first, "a notice says nothing");
        manifest.files[2].sha256 = "9".into();
        assert_ne!(manifest.fingerprint(), first);
    }

    #[test]
    fn a_better_tier_is_greater() {
        assert!(Tier::Production > Tier::Draft);
    }
}
