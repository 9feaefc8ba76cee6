use edisi_text::Lang;
use serde::{Deserialize, Serialize};

/// A glossary entry: what the house calls something in each language.
///
/// The in-memory form that stores, imports (TBX, CSV), checks and engines share. Nothing is inflected by program: every
/// form an editor accepts is listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Term {
    /// What the entry is called in lists and messages; any stable text.
    pub id: String,
    /// What it says of each language; at most one entry a language.
    pub names: Vec<TermName>,
    /// Whether the word stays as it is written in the source, in every language.
    pub keep: bool,
    /// Sections of the site it is for; empty for all.
    pub sections: Vec<String>,
    /// Why, for editors.
    pub note: Option<String>,
}

/// A term in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermName {
    /// The language.
    pub lang: Lang,
    /// The preferred form, first, and all others that may stand: inflections, abbreviations.
    pub forms: Vec<String>,
    /// Forms that must not stand in a translation of the term.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forbidden: Vec<String>,
    /// Whether upper and lower case are different.
    #[serde(default)]
    pub case_sensitive: bool,
}

/// Which glossary it was: what a file said at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlossaryVersion {
    /// What the glossary is called: its file's name.
    pub name: String,
    /// What it calls its version, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// SHA-256 of its terms, hexadecimal; the same for the same terms in the same order, in whatever format.
    pub hash: String,
    /// How many terms it has.
    pub terms: usize,
}

impl Term {
    /// What the entry says of `lang`.
    pub fn name(&self, lang: Lang) -> Option<&TermName> {
        self.names.iter().find(|n| n.lang == lang)
    }
}
