//! Glossary files, and `edisi glossary`.

use std::path::PathBuf;

use edisi_article::Term;
use edisi_bitext::terms::{TermFormat, read_terms, write_terms};

use super::{print, read_bytes};
use crate::args::{Glossary, GlossaryFormat};
use crate::failure::{Code, Failure};

/// The terms of all files, in order.
pub fn read(files: &[PathBuf]) -> Result<Vec<Term>, Failure> {
    let mut terms = Vec::new();
    for path in files {
        let bytes = read_bytes(path)?;
        let format = TermFormat::of(&path.to_string_lossy(), &bytes);
        let read = read_terms(&bytes, format)
            .map_err(|e| Failure::new(Code::Input, format!("{}: {e}", path.display())))?;
        terms.extend(read);
    }
    Ok(terms)
}

pub fn run(args: &Glossary) -> Result<(), Failure> {
    let format = match args.format {
        GlossaryFormat::Csv => TermFormat::Csv,
        GlossaryFormat::Tbx => TermFormat::Tbx,
    };
    print(&write_terms(&read(&args.files)?, format))
}
