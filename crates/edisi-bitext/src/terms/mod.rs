//! Glossary files: CSV, for spreadsheets, and TBX (ISO 30042, 2008 and 2019), for terminology programs.
//!
//! Reading and writing take time and memory linear in the size of the file. What Edisi's [`Term`] has no place for
//! (definitions, parts of speech, languages that are no BCP 47 tag) is passed over.

mod diff;
mod name;
mod sheet;
mod tbx;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use edisi_article::{GlossaryVersion, Term, TermName};
use edisi_text::Lang;
use sha2::{Digest, Sha256};

use crate::BitextError;
use crate::xml::tidy;

pub use diff::{Changed, Differences, differences};

/// How a glossary is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermFormat {
    /// A table: one term a row, one language a column. See [`read_terms`].
    Csv,
    /// TermBase eXchange: Core, Min or Basic, either style.
    Tbx,
}

impl TermFormat {
    /// The format of a file by the end of its name or by what it begins with.
    pub fn of(name: &str, bytes: &[u8]) -> TermFormat {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        let first = || bytes.iter().find(|b| b.is_ascii_graphic());
        match ending.as_deref() {
            Some("tbx" | "xml") => TermFormat::Tbx,
            Some("csv" | "tsv" | "tab") => TermFormat::Csv,
            _ if first() == Some(&b'<') => TermFormat::Tbx,
            _ => TermFormat::Csv,
        }
    }
}

/// A glossary that cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TermsError {
    /// The file is damaged or in another encoding.
    #[error(transparent)]
    File(#[from] BitextError),
    /// A column of the table says nothing that Edisi knows.
    #[error(
        "column {column}, `{title}`: {problem}; columns are called term, keep, sections, note, or a language: `en`, \
         `en forbidden`, `en case`"
    )]
    Column {
        /// Its number, from 1.
        column: usize,
        /// What it is called.
        title: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A row or entry cannot be used.
    #[error("line {line}: {problem}")]
    Entry {
        /// Line, from 1.
        line: u64,
        /// What is wrong there, and what to write instead.
        problem: String,
    },
    /// The XML is of some other kind.
    #[error("line {line}: <{element}> begins no TBX file; a glossary begins with <tbx> or <martif>")]
    NotTbx {
        /// Line, from 1.
        line: usize,
        /// The outermost element.
        element: String,
    },
    /// There is nothing in it.
    #[error("the glossary has no terms; write at least one word in one language")]
    Empty,
}

/// What a glossary file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GlossaryFile {
    /// The terms, in order.
    pub terms: Vec<Term>,
    /// What the file calls its version: `# version: 2026-11` above a table, `<p>version: 2026-11</p>` in the header of
    /// TBX.
    pub version: Option<String>,
}

impl GlossaryFile {
    /// Which glossary this is, under the name of its file.
    pub fn identity(&self, name: &str) -> GlossaryVersion {
        let table = write_terms(&self.terms, TermFormat::Csv);
        let hash = Sha256::digest(table).iter().fold(String::with_capacity(64), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        });
        GlossaryVersion {
            name: name.to_owned(),
            version: self.version.clone(),
            hash,
            terms: self.terms.len(),
        }
    }
}

/// Reads a glossary from `bytes`, in UTF-8 or UTF-16.
///
/// Lines above the titles of a table that begin with `#` are remarks; one of them may be `# version: …`.
///
/// A table has one row a term, below a row of titles, with commas, semicolons or tabs between cells:
///
/// | column | holds |
/// |---|---|
/// | `term` | what the entry is called; its first word where this is empty |
/// | a language tag (`id`, `en`) | the preferred form, then all others that may stand, with `\|` between |
/// | `en forbidden` | forms that must not stand in a translation |
/// | `en case` | `yes` where upper and lower case are different |
/// | `keep` | `yes` for words that stay as the source has them |
/// | `sections` | sections of the site the term is for, with `\|` between; empty for all |
/// | `note` | why, for editors |
///
/// ```
/// use edisi_bitext::terms::{TermFormat, read_terms};
///
/// let table = "term,id,en,en forbidden\nDPR,DPR|Dewan Perwakilan Rakyat,House of Representatives,parliament\n";
/// let terms = read_terms(table.as_bytes(), TermFormat::Csv)?;
/// assert_eq!(terms[0].names[0].forms[1], "Dewan Perwakilan Rakyat");
/// # Ok::<(), edisi_bitext::terms::TermsError>(())
/// ```
///
/// # Errors
/// When the file is damaged, is something else, says what cannot be understood, or has no terms.
pub fn read_terms(bytes: &[u8], format: TermFormat) -> Result<Vec<Term>, TermsError> {
    Ok(read_glossary(bytes, format)?.terms)
}

/// [`read_terms`] with what the file says of its version.
///
/// # Errors
/// As [`read_terms`].
pub fn read_glossary(bytes: &[u8], format: TermFormat) -> Result<GlossaryFile, TermsError> {
    let text = crate::text(bytes)?;
    let file = match format {
        TermFormat::Csv => sheet::read(&text)?,
        TermFormat::Tbx => tbx::read(&text)?,
    };
    if file.terms.is_empty() {
        return Err(TermsError::Empty);
    }
    Ok(file)
}

/// Writes terms, such that [`read_terms`] gives the same ones again.
///
/// White space is made single, and entries without a word are left out; characters that XML has no place for are left
/// out of TBX.
pub fn write_terms(terms: &[Term], format: TermFormat) -> String {
    write(terms, None, format)
}

/// Writes a glossary, such that [`read_glossary`] gives the same again; as [`write_terms`].
pub fn write_glossary(file: &GlossaryFile, format: TermFormat) -> String {
    write(&file.terms, file.version.as_deref(), format)
}

fn write(terms: &[Term], version: Option<&str>, format: TermFormat) -> String {
    let terms: Vec<Term> = terms.iter().filter_map(|t| tidied(t.clone())).collect();
    let version = version.map(tidy).filter(|version| !version.is_empty());
    match format {
        TermFormat::Csv => sheet::write(&terms, version.as_deref()),
        TermFormat::Tbx => tbx::write(&terms, version.as_deref()),
    }
}

/// What a remark says of the version: what stands behind `version:`.
fn version(remark: &str) -> Option<String> {
    let (word, said) = remark.split_once(':')?;
    let said = tidy(said);
    (word.trim().eq_ignore_ascii_case("version") && !said.is_empty()).then_some(said)
}

/// A term as files keep it: white space single, nothing empty; `None` without any word.
fn tidied(mut term: Term) -> Option<Term> {
    let clean = |list: &mut Vec<String>| {
        list.iter_mut().for_each(|text| *text = tidy(text));
        list.retain(|text| !text.is_empty());
    };
    let names = std::mem::take(&mut term.names);
    for mut name in names {
        clean(&mut name.forms);
        clean(&mut name.forbidden);
        add(&mut term.names, name);
    }
    clean(&mut term.sections);
    term.id = tidy(&term.id);
    if term.id.is_empty() {
        term.id = term.names.iter().flat_map(|n| n.forms.iter().chain(&n.forbidden)).next()?.clone();
    }
    term.note = term.note.map(|n| tidy(&n)).filter(|n| !n.is_empty());
    (!term.names.is_empty()).then_some(term)
}

/// Adds what is said of a language to what is known of it (`en-GB` beside `en-US`).
fn add(names: &mut Vec<TermName>, name: TermName) {
    if name.forms.is_empty() && name.forbidden.is_empty() {
        return;
    }
    match names.iter_mut().find(|n| n.lang == name.lang) {
        Some(known) => {
            known.forms.extend(name.forms);
            known.forbidden.extend(name.forbidden);
            known.case_sensitive |= name.case_sensitive;
        }
        None => names.push(name),
    }
}

/// A name without words yet.
fn unnamed(lang: Lang) -> TermName {
    TermName { lang, forms: Vec::new(), forbidden: Vec::new(), case_sensitive: false }
}
