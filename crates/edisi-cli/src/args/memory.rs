//! Arguments of `edisi memory`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::Sides;

#[derive(Debug, Args)]
pub struct Memory {
    #[command(subcommand)]
    pub action: MemoryAction,
}

#[derive(Debug, Subcommand)]
pub enum MemoryAction {
    /// Learn the units of TMX and tab-separated files that hold reviewed translations
    Import(MemoryImport),
    /// Write the units as TMX 1.4
    Export(MemoryExport),
    /// Look up a sentence
    Search(MemorySearch),
    /// Say how much there is
    Stats(MemoryStats),
    /// Learn a reviewed translation, sentence by sentence
    Learn(MemoryLearn),
    /// Remove units
    Remove(MemoryRemove),
}

/// Which memory.
#[derive(Debug, Args)]
pub struct MemoryPlace {
    /// Folder of the memories [default: `memory` in the data folder]
    #[arg(long, value_name = "DIR")]
    pub memory: Option<PathBuf>,
    /// The site whose memory it is [default: default]
    #[arg(long, value_name = "NAME")]
    pub site: Option<String>,
}

#[derive(Debug, Args)]
pub struct MemoryImport {
    /// Files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Take this pair of languages only; says what tab-separated files are in
    #[arg(long, value_name = "A-B")]
    pub pair: Option<String>,
    /// Who reviewed them, where the file does not say
    #[arg(long, default_value = "import", value_name = "NAME")]
    pub by: String,
    #[command(flatten)]
    pub place: MemoryPlace,
}

#[derive(Debug, Args)]
pub struct MemoryExport {
    /// Write here [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write this pair of languages only
    #[arg(long, value_name = "A-B")]
    pub pair: Option<String>,
    #[command(flatten)]
    pub place: MemoryPlace,
}

#[derive(Debug, Args)]
pub struct MemorySearch {
    /// The sentence
    pub text: String,
    /// Source and target language, such as id-en
    #[arg(long, value_name = "A-B")]
    pub pair: String,
    /// Show sentences at least so like it, 0 to 1
    #[arg(long, default_value_t = 0.6, value_name = "SCORE")]
    pub min: f32,
    /// Show at most so many
    #[arg(long, default_value_t = 5, value_name = "N")]
    pub limit: usize,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub place: MemoryPlace,
}

#[derive(Debug, Args)]
pub struct MemoryStats {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub place: MemoryPlace,
}

#[derive(Debug, Args)]
pub struct MemoryLearn {
    #[command(flatten)]
    pub sides: Sides,
    /// Who reviewed it [default: the user's name]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Learn what the checks find wrong too
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub place: MemoryPlace,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true))]
pub struct MemoryRemove {
    /// What the units are called, as `search` shows it
    #[arg(value_name = "ID", group = "which")]
    pub ids: Vec<String>,
    /// Those of a pair of languages
    #[arg(long, value_name = "A-B", group = "which")]
    pub pair: Option<String>,
    /// Those learned from a file
    #[arg(long, value_name = "NAME", group = "which")]
    pub origin: Option<String>,
    /// All
    #[arg(long, group = "which")]
    pub everything: bool,
    #[command(flatten)]
    pub place: MemoryPlace,
}
