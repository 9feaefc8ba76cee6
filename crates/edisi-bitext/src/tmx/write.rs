//! Writing, such that programs that check against the DTD of TMX 1.4 read it.

use std::io::{self, Write};

use edisi_text::Lang;
use quick_xml::escape::escape;

use super::{TmxUnit, TmxVariant};
use crate::xml::{printable, tidy};

/// What the file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TmxHeader {
    /// The program that writes it.
    pub tool: String,
    /// Its version.
    pub version: String,
    /// The language of all originals; `None` where units differ.
    pub source: Option<Lang>,
}

/// Writes a TMX 1.4 file unit by unit. A file without its [end](TmxWriter::finish) is not well-formed.
///
/// ```
/// use edisi_bitext::tmx::{TmxHeader, TmxUnit, TmxVariant, TmxWriter, read_tmx};
/// use edisi_text::Lang;
///
/// let text = |lang, text: &str| TmxVariant { lang, text: text.into(), by: None, at: None };
/// let unit = TmxUnit { variants: vec![text(Lang::ID, "Beras & ikan"), text(Lang::JA, "米と魚")], ..TmxUnit::default() };
/// let header = TmxHeader { tool: "edisi".into(), version: "1".into(), source: Some(Lang::ID) };
/// let mut writer = TmxWriter::new(Vec::new(), &header)?;
/// writer.unit(&unit)?;
/// assert_eq!(read_tmx(&writer.finish()?)?.units[0].variants, unit.variants);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TmxWriter<W> {
    out: W,
}

impl<W: Write> TmxWriter<W> {
    /// Writes the head of the file.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(mut out: W, header: &TmxHeader) -> io::Result<TmxWriter<W>> {
        let source = header.source.map_or_else(|| "*all*".to_owned(), |lang| lang.to_string());
        write!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version=\"1.4\">\n\
             <header creationtool=\"{}\" creationtoolversion=\"{}\" segtype=\"sentence\" o-tmf=\"{}\" adminlang=\"en\" \
             srclang=\"{source}\" datatype=\"plaintext\"/>\n<body>\n",
            written(&header.tool),
            written(&header.version),
            written(&header.tool),
        )?;
        Ok(TmxWriter { out })
    }

    /// Writes a unit. White space is made single, and characters that XML has no place for are left out.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn unit(&mut self, unit: &TmxUnit) -> io::Result<()> {
        let mut attributes = String::new();
        if !unit.id.is_empty() {
            attributes += &format!(" tuid=\"{}\"", written(&unit.id));
        }
        if let Some(source) = unit.source {
            attributes += &format!(" srclang=\"{source}\"");
        }
        writeln!(self.out, "<tu{attributes}>")?;
        // The DTD wants what is said of the unit before its texts.
        for (kind, text) in &unit.props {
            writeln!(self.out, "  <prop type=\"{}\">{}</prop>", written(kind), written(text))?;
        }
        for TmxVariant { lang, text, by, at } in &unit.variants {
            let mut change = String::new();
            if let Some(at) = at {
                change += &format!(" changedate=\"{}\"", written(at));
            }
            if let Some(by) = by {
                change += &format!(" changeid=\"{}\"", written(by));
            }
            writeln!(self.out, "  <tuv xml:lang=\"{lang}\"{change}><seg>{}</seg></tuv>", written(text))?;
        }
        writeln!(self.out, "</tu>")
    }

    /// Writes the end of the file and gives back what it was written to.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        writeln!(self.out, "</body>\n</tmx>")?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// A text as it stands in XML, between elements or between quotation marks.
fn written(text: &str) -> String {
    escape(tidy(&printable(text))).into_owned()
}
