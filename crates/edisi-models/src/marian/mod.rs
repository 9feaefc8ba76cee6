//! The files of an installed Marian model.
//!
//! Whatever its publishers call them, in the model's folder they are [`MODEL`], either [`VOCABULARY`] or
//! [`SOURCE_VOCABULARY`] and [`TARGET_VOCABULARY`], and, where there is one, [`SHORTLIST`].

pub(crate) mod check;

use std::path::PathBuf;

use crate::{Engine, Installed, Manifest};

/// The weights, in Marian's binary format.
pub const MODEL: &str = "model.bin";
/// The SentencePiece vocabulary of both languages.
pub const VOCABULARY: &str = "vocab.spm";
/// The SentencePiece vocabulary of the source language, where each language has its own.
pub const SOURCE_VOCABULARY: &str = "srcvocab.spm";
/// The SentencePiece vocabulary of the target language, where each language has its own.
pub const TARGET_VOCABULARY: &str = "trgvocab.spm";
/// The lexical shortlist, in Marian's binary format.
pub const SHORTLIST: &str = "lex.bin";

/// Where the files of an installed Marian model are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarianFiles {
    /// The weights.
    pub model: PathBuf,
    /// The vocabulary that the source text is cut with.
    pub source_vocabulary: PathBuf,
    /// The vocabulary that the translation is made of; the same file where there is only one.
    pub target_vocabulary: PathBuf,
    /// The lexical shortlist, when there is one.
    pub shortlist: Option<PathBuf>,
}

/// The most bytes a file of a model may have, unpacked, where the registry does not say. The largest known ones
/// have 60, 2 and 10 MB.
pub(crate) fn most(name: &str) -> u64 {
    match name {
        MODEL => 2 << 30,
        SHORTLIST => 256 << 20,
        _ => 64 << 20,
    }
}

/// Whether a file of this name is one that the engine reads.
pub(crate) fn is_part(name: &str) -> bool {
    [MODEL, VOCABULARY, SOURCE_VOCABULARY, TARGET_VOCABULARY, SHORTLIST].contains(&name)
}

/// Whether files of these names make a whole model; if not, what is missing.
pub(crate) fn complete(has: impl Fn(&str) -> bool) -> Result<(), &'static str> {
    match (has(VOCABULARY), has(SOURCE_VOCABULARY), has(TARGET_VOCABULARY)) {
        _ if !has(MODEL) => Err("the weights"),
        (true, false, false) | (false, true, true) => Ok(()),
        (false, false, false) => Err("the vocabulary"),
        (false, true, false) => Err("the vocabulary of the target language"),
        (false, false, true) => Err("the vocabulary of the source language"),
        (true, _, _) => {
            Err("a decision: there is a vocabulary of both languages and one of a single language")
        }
    }
}

impl Manifest {
    /// What of a Marian model's files is missing from the list, if anything.
    pub(crate) fn lacks(&self) -> Option<&'static str> {
        match self.engine {
            Engine::Marian { .. } => complete(|name| self.file(name).is_some()).err(),
            Engine::GgufGemma3 { .. } => self.file(Self::MODEL).is_none().then_some("the weights"),
        }
    }
}

impl Installed {
    /// The model's files, when it is a Marian model.
    pub fn marian(&self) -> Option<MarianFiles> {
        let Engine::Marian { .. } = self.manifest.engine else { return None };
        let path = |name: &str| self.manifest.file(name).map(|_| self.folder.join(name));
        Some(MarianFiles {
            model: path(MODEL)?,
            source_vocabulary: path(VOCABULARY).or_else(|| path(SOURCE_VOCABULARY))?,
            target_vocabulary: path(VOCABULARY).or_else(|| path(TARGET_VOCABULARY))?,
            shortlist: path(SHORTLIST),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_model_lacks_is_named() {
        let lacks = |names: &[&str]| complete(|name| names.contains(&name)).err();
        assert_eq!(lacks(&[MODEL, VOCABULARY]), None);
        assert_eq!(lacks(&[MODEL, SOURCE_VOCABULARY, TARGET_VOCABULARY, SHORTLIST]), None);
        assert_eq!(lacks(&[VOCABULARY]), Some("the weights"));
        assert_eq!(lacks(&[MODEL, SHORTLIST]), Some("the vocabulary"));
        assert_eq!(lacks(&[MODEL, SOURCE_VOCABULARY]), Some("the vocabulary of the target language"));
        assert_eq!(lacks(&[MODEL, TARGET_VOCABULARY]), Some("the vocabulary of the source language"));
        assert!(lacks(&[MODEL, VOCABULARY, TARGET_VOCABULARY]).is_some());
    }
}
