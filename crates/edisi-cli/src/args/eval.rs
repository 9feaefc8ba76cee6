//! Arguments of `edisi eval`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{CacheArgs, Engine};

#[derive(Debug, Args)]
pub struct Eval {
    #[command(subcommand)]
    pub what: EvalWhat,
}

#[derive(Debug, Subcommand)]
pub enum EvalWhat {
    /// Score a translation with BLEU and chrF, as sacrebleu does
    Mt(EvalMt),
    /// Translate with a model and score what comes out
    Model(EvalModel),
    /// Measure what the checks see, with errors made in human translations
    Guard(EvalGuard),
}

#[derive(Debug, Args)]
pub struct EvalMt {
    /// Text that was translated, one segment a line; only its number of lines is compared
    #[arg(long, visible_alias = "source", value_name = "FILE")]
    pub src: Option<PathBuf>,
    /// Human translation, line by line
    #[arg(long = "ref", visible_alias = "reference", value_name = "FILE")]
    pub reference: PathBuf,
    /// The translation to score, line by line
    #[arg(long = "hyp", visible_alias = "hypothesis", value_name = "FILE")]
    pub hypothesis: PathBuf,
    /// Source and target language, such as id-en [default: what the human translation looks like]
    #[arg(long, value_name = "A-B")]
    pub pair: Option<String>,
    /// Resamplings for the 95 % intervals; 0 for none
    #[arg(long, default_value_t = 1000, value_name = "N")]
    pub bootstrap: usize,
    /// Seed of the resamplings
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    #[command(flatten)]
    pub window: Window,
}

/// Which lines to take.
#[derive(Debug, Args)]
pub struct Window {
    /// Pass over so many lines
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub skip: usize,
    /// Take at most so many lines
    #[arg(long, visible_alias = "limit", value_name = "N")]
    pub take: Option<usize>,
}

#[derive(Debug, Args)]
pub struct EvalModel {
    /// Text to translate, one segment a line
    #[arg(long, visible_alias = "source", value_name = "FILE")]
    pub src: PathBuf,
    /// Human translation, line by line
    #[arg(long = "ref", visible_alias = "reference", value_name = "FILE")]
    pub reference: PathBuf,
    /// Source and target language, such as id-en
    #[arg(long, value_name = "A-B")]
    pub pair: String,
    /// Write the translation here, line by line
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub window: Window,
    /// Print nothing but the scores
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub engine: Engine,
    #[command(flatten)]
    pub cache: CacheArgs,
}

#[derive(Debug, Args)]
pub struct EvalGuard {
    /// The original, one segment a line
    #[arg(long, visible_alias = "src", value_name = "FILE")]
    pub source: PathBuf,
    /// Human translation, line by line
    #[arg(long, visible_alias = "ref", value_name = "FILE")]
    pub target: PathBuf,
    /// Source and target language, such as id-en
    #[arg(long, value_name = "A-B")]
    pub pair: String,
    /// Which errors are made; the same seed makes the same
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// Kinds of errors to make, such as value,clause [default: all]
    #[arg(long, value_delimiter = ',', value_name = "KINDS")]
    pub kinds: Vec<String>,
    /// Text in another language, for the kind `language` [default: built-in sentences]
    #[arg(long, value_name = "LANG=FILE")]
    pub other: Vec<String>,
    /// Show so many missed errors a kind and false alarms a family
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub show: usize,
    /// Write the corrupted pairs here: kind, line, source, corrupted translation, tab-separated
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// Print JSON before the last line
    #[arg(long)]
    pub json: bool,
    /// Print no progress
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub window: Window,
}
