//! Files that hold a text and its translation, segment by segment: TMX 1.4, XLIFF 1.2, 2.0 and 2.1, and tab-separated
//! lines; and [glossaries](terms). [TMX](tmx) is written too.
//!
//! Inline codes are left out of the texts, the words they enclose stay. Reading takes time and memory linear in the
//! size of the file; entities other than XML's own are refused, so that no file grows while it is read.
//!
//! ```
//! use edisi_bitext::{Format, read};
//!
//! let text = "Selamat pagi.\tGood morning.\nTerima kasih.\tThank you.\n";
//! let bitext = read(text.as_bytes(), Format::Tsv, None)?;
//! assert_eq!(bitext.units[1].target, "Thank you.");
//! # Ok::<(), edisi_bitext::BitextError>(())
//! ```

pub mod terms;
pub mod tmx;
mod tsv;
mod xliff;
mod xml;

use std::borrow::Cow;

use edisi_text::Lang;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Translation Memory eXchange.
    Tmx,
    /// XML Localisation Interchange File Format, 1.2 or 2.x.
    Xliff,
    /// A source and a translation a line, with a tab between.
    Tsv,
}

impl Format {
    /// The format of a file by the end of its name or by what it begins with; `None` when it is none of them.
    pub fn of(name: &str, bytes: &[u8]) -> Option<Format> {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("tmx") => return Some(Format::Tmx),
            Some("xlf" | "xliff" | "sdlxliff" | "mqxliff") => return Some(Format::Xliff),
            Some("tsv" | "tab") => return Some(Format::Tsv),
            _ => {}
        }
        let head = text(&bytes[..bytes.len().min(2048)]).ok()?;
        let element = |name: &str| head.contains(&format!("<{name} ")) || head.contains(&format!("<{name}>"));
        match () {
            () if element("tmx") => Some(Format::Tmx),
            () if element("xliff") => Some(Format::Xliff),
            () => None,
        }
    }
}

/// A segment and its translation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// What the file calls it; its number where it has no name.
    pub id: String,
    /// The line of the file it begins in, from 1.
    pub line: usize,
    /// The text.
    pub source: String,
    /// The translation; empty where there is none yet.
    pub target: String,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bitext {
    /// The language of the sources, where the file says so.
    pub source: Option<Lang>,
    /// The language of the translations, where the file says so.
    pub target: Option<Lang>,
    /// The segments, in order.
    pub units: Vec<Unit>,
}

/// A file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BitextError {
    /// It is in no encoding that these formats use.
    #[error("the file is neither UTF-8 nor UTF-16; convert it first")]
    Encoding,
    /// It is not well-formed XML.
    #[error("line {line}: {problem}")]
    Xml {
        /// Line, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A line has no tab.
    #[error("line {line} has no tab; write a source, a tab and its translation on each line")]
    Columns {
        /// Line, from 1.
        line: usize,
    },
    /// There is nothing in it.
    #[error("the file has no segments{0}")]
    Empty(String),
}

/// Reads `bytes`, in UTF-8 or UTF-16. `pair` chooses the two languages of a TMX file with more; without it the
/// source is what the header says and the target the first other one.
///
/// # Errors
/// When the file is damaged, in another encoding, or has no segments in the languages asked for.
pub fn read(bytes: &[u8], format: Format, pair: Option<(Lang, Lang)>) -> Result<Bitext, BitextError> {
    let text = text(bytes)?;
    let bitext = match format {
        Format::Tmx => tmx::read(&text, pair)?,
        Format::Xliff => xliff::read(&text)?,
        Format::Tsv => tsv::read(&text)?,
    };
    if bitext.units.is_empty() {
        let langs = pair.map_or(String::new(), |(from, to)| format!(" in {from} and {to}"));
        return Err(BitextError::Empty(langs));
    }
    Ok(bitext)
}

fn text(bytes: &[u8]) -> Result<Cow<'_, str>, BitextError> {
    let wide = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|c| read([c[0], c[1]]));
        char::decode_utf16(units).collect::<Result<String, _>>().map_err(|_| BitextError::Encoding)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => Ok(Cow::Owned(wide(rest, u16::from_le_bytes)?)),
        [0xfe, 0xff, rest @ ..] => Ok(Cow::Owned(wide(rest, u16::from_be_bytes)?)),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => match std::str::from_utf8(rest) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            // The head of a file may end inside a character.
            Err(e) if e.error_len().is_none() && e.valid_up_to() + 4 > rest.len() && rest.len() == 2048 => {
                Ok(String::from_utf8_lossy(&rest[..e.valid_up_to()]))
            }
            Err(_) => Err(BitextError::Encoding),
        },
    }
}

#[cfg(test)]
mod tests;
