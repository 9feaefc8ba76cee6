//! Arguments of `edisi extract` and `edisi segment`, and how inputs are read.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::seconds;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ArticleFormat {
    /// One JSON article a line
    Json,
    /// Markdown
    Md,
    /// Plain text
    Text,
    /// IPTC ninjs 3.1
    Ninjs,
}

#[derive(Debug, Args)]
pub struct Extract {
    /// Files, http(s) addresses, or `-` for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// How to print articles
    #[arg(long, value_enum, default_value_t = ArticleFormat::Json)]
    pub format: ArticleFormat,
    /// The language, where the input does not say
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
}

/// How to read inputs.
#[derive(Debug, Args)]
pub struct Reading {
    /// Largest input, in MiB
    #[arg(long, default_value_t = 32, value_name = "N")]
    pub max_mb: u64,
    /// Longest wait for a web page, in seconds
    #[arg(long, default_value = "30", value_name = "SECONDS", value_parser = seconds)]
    pub timeout: f64,
}

#[derive(Debug, Args)]
pub struct Segment {
    /// Text files, or `-` for standard input
    #[arg(default_value = "-", value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Language of the text [default: what it looks like]
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
}
