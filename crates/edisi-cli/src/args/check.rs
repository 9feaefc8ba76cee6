//! Arguments of `edisi check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Reading, Terms};

/// A text and its translation.
#[derive(Debug, Args)]
pub struct Sides {
    /// The original: a file (text, HTML, ninjs, feed, TMX, XLIFF, tab-separated), an http(s) address, or `-`
    #[arg(value_name = "SOURCE")]
    pub source: String,
    /// Its translation; not needed where SOURCE has both
    #[arg(value_name = "TRANSLATION")]
    pub translation: Option<String>,
    /// Source and target language, such as id-en [default: what the texts say or look like]
    #[arg(long, value_name = "A-B", conflicts_with_all = ["from", "to"])]
    pub pair: Option<String>,
    /// Language of the source
    #[arg(long, value_name = "LANG")]
    pub from: Option<String>,
    /// Language of the translation
    #[arg(long, value_name = "LANG")]
    pub to: Option<String>,
    /// Both files are plain text with one segment a line, in the same order
    #[arg(long)]
    pub lines: bool,
    #[command(flatten)]
    pub terms: Terms,
    /// Section of the site that the text is for, with terms of its own
    #[arg(long, value_name = "NAME", requires = "glossary")]
    pub section: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub sides: Sides,
    /// Write the report here as a web page
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long, conflicts_with = "sarif")]
    pub json: bool,
    /// Print the report as SARIF 2.1.0, for CI systems
    #[arg(long)]
    pub sarif: bool,
    /// Show the pieces without findings too
    #[arg(long)]
    pub all: bool,
    /// Exit with 9 when there is a finding as grave as this
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// What must not be published
    Error,
    /// What is worth a look, and errors
    Warning,
    /// Nothing
    Never,
}
