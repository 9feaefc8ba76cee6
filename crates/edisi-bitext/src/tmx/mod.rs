//! Translation Memory eXchange 1.4b: sentences with their translations, as translators' programs exchange them.
//!
//! [`read_tmx`] keeps who changed what when and the properties of units, which [`read`](crate::read) passes over;
//! [`TmxWriter`] writes them, one unit after the other.

mod read;
mod write;

use edisi_text::Lang;

use crate::BitextError;

pub(crate) use read::read;
pub use write::{TmxHeader, TmxWriter};

/// A unit in all its languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TmxUnit {
    /// What the file calls it; its number where it has no name.
    pub id: String,
    /// The line of the file it begins in, from 1; not written.
    pub line: usize,
    /// The language of the original, where the unit says so.
    pub source: Option<Lang>,
    /// Properties of the unit: type and text, in order.
    pub props: Vec<(String, String)>,
    /// Its text in each language.
    pub variants: Vec<TmxVariant>,
}

/// A text of a unit in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TmxVariant {
    /// The language.
    pub lang: Lang,
    /// The text, without inline codes.
    pub text: String,
    /// Who changed it last, or made it; of the unit where the text does not say.
    pub by: Option<String>,
    /// When, as TMX writes it: `20261102T080000Z`.
    pub at: Option<String>,
}

impl TmxUnit {
    /// The first property of a type.
    pub fn prop(&self, kind: &str) -> Option<&str> {
        self.props.iter().find(|p| p.0 == kind).map(|p| p.1.as_str())
    }
}

/// What a TMX file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tmx {
    /// The language of the originals, where the header says so.
    pub source: Option<Lang>,
    /// The units, in order.
    pub units: Vec<TmxUnit>,
}

/// Reads a TMX file, in UTF-8 or UTF-16. Variants in a language that is no BCP 47 tag are left out.
///
/// # Errors
/// When the file is damaged, in another encoding, or has no units.
pub fn read_tmx(bytes: &[u8]) -> Result<Tmx, BitextError> {
    let tmx = read::units(&crate::text(bytes)?)?;
    if tmx.units.is_empty() {
        return Err(BitextError::Empty(String::new()));
    }
    Ok(tmx)
}

#[cfg(test)]
mod tests;
