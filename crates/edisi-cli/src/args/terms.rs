//! Arguments about the newsroom's words.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct Glossary {
    /// Glossary files, CSV or TBX, or `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How to print the terms
    #[arg(long, value_enum, default_value_t = GlossaryFormat::Csv)]
    pub format: GlossaryFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GlossaryFormat {
    /// A table, for spreadsheets
    Csv,
    /// TermBase eXchange, for terminology programs
    Tbx,
}

/// The newsroom's words.
#[derive(Debug, Args)]
pub struct Terms {
    /// Glossary with the words to use, to avoid and to leave as they are: CSV or TBX; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub glossary: Vec<PathBuf>,
}
