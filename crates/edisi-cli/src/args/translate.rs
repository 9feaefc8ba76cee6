//! Arguments of `edisi translate`, and of engine and cache.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Reading, Terms, seconds};

#[derive(Debug, Args)]
pub struct Translate {
    /// Files, http(s) addresses, or `-` for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// Languages of the editions, such as en,zh,ja,ar,fr
    #[arg(long, required = true, value_delimiter = ',', value_name = "LANGS")]
    pub to: Vec<String>,
    /// Language of the article, where it does not say
    #[arg(long, value_name = "LANG")]
    pub from: Option<String>,
    /// Folder for the editions, one folder an article in it
    #[arg(short, long, default_value = "editions", value_name = "DIR")]
    pub output: PathBuf,
    /// Address that DIR will be published under, for links between the versions
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Print what was made as JSON, and progress as JSON lines
    #[arg(long)]
    pub json: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Exit with 8 when a sentence could not be translated
    #[arg(long)]
    pub strict: bool,
    /// Stop translating after so many seconds; what is missing becomes gaps
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub deadline: Option<f64>,
    /// What to do with sentences that the checks find wrong: publish, hold (for review) or original (leave the
    /// original sentence), by error or warning, for one tier or both, as in `error=hold,draft:error=original`
    #[arg(long, default_value = "error=hold,warning=publish", value_name = "RULES")]
    pub policy: edisi_edition::Policy,
    /// Do not try sentences with errors again in other ways
    #[arg(long)]
    pub no_repair: bool,
    /// Take what editors reviewed from the memory in this folder
    #[arg(long, value_name = "DIR")]
    pub memory: Option<PathBuf>,
    /// The site whose memory it is; without --memory, that in the data folder
    #[arg(long, value_name = "NAME")]
    pub site: Option<String>,
    #[command(flatten)]
    pub terms: Terms,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub engine: Engine,
    #[command(flatten)]
    pub cache: CacheArgs,
}

/// Which model, and how to run it.
#[derive(Debug, Args)]
pub struct Engine {
    /// Use this installed model only
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// Go this way whatever was measured
    #[arg(long, value_enum, value_name = "WAY")]
    pub via: Option<Way>,
    /// Threads to compute with; 0 for one a core
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    /// Segments decoded side by side
    #[arg(long, default_value_t = 64, value_name = "N")]
    pub batch: usize,
}

#[derive(Debug, Args)]
pub struct CacheArgs {
    /// Folder of finished segments [default: `cache` in the data folder]
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// Translate everything anew and keep nothing
    #[arg(long, conflicts_with = "cache")]
    pub no_cache: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// From source to target in one step
    Direct,
    /// From source to English to target
    English,
}
