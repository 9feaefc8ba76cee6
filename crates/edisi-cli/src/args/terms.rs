//! Arguments about the newsroom's words.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Glossary {
    #[command(subcommand)]
    pub action: Option<GlossaryAction>,
    /// Glossary files, CSV or TBX, or `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How to print the terms
    #[arg(long, value_enum, default_value_t = GlossaryFormat::Csv)]
    pub format: GlossaryFormat,
}

#[derive(Debug, Subcommand)]
pub enum GlossaryAction {
    /// Say which terms were added, removed and changed between two states of a glossary
    Diff {
        /// The glossary before
        old: PathBuf,
        /// The glossary after
        new: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
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
    /// Name book: how the house writes names in each language, as a table with a column a language
    #[arg(long, value_name = "FILE")]
    pub names: Option<PathBuf>,
}
