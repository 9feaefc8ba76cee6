//! What an installed model says of itself.

use edisi_text::Lang;
use serde::{Deserialize, Serialize};

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
    /// What runs it.
    pub engine: Engine,
    /// How it is asked to translate.
    pub prompt: Prompt,
    /// Which directions it translates.
    pub coverage: Coverage,
    /// Directions that measured better as two steps through English than in one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub through_english: Vec<(Lang, Lang)>,
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
    /// Name of the file that holds the weights.
    pub const MODEL: &'static str = "model.gguf";
    /// Name of the manifest's own file.
    pub const FILE: &'static str = "manifest.json";

    /// SHA-256 of the weights, in hex: what caches key their results by.
    pub fn model_sha256(&self) -> Option<&str> {
        self.files.iter().find(|f| f.name == Self::MODEL).map(|f| f.sha256.as_str())
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

/// What runs a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Engine {
    /// A Gemma 3 language model in one GGUF file.
    GgufGemma3,
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

    #[test]
    fn a_better_tier_is_greater() {
        assert!(Tier::Production > Tier::Draft);
    }
}
