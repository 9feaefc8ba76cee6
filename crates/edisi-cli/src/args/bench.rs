//! Arguments of `edisi bench`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use edisi_text::Lang;

use super::Engine;

#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    pub what: BenchWhat,
}

#[derive(Debug, Subcommand)]
pub enum BenchWhat {
    /// Extraction: F1 and pages per second on a folder with html/ and ground-truth.json
    Extract {
        /// The folder
        dir: PathBuf,
        /// Write the texts here, as the benchmark's own script reads them
        #[arg(long, value_name = "FILE")]
        predictions: Option<PathBuf>,
    },
    /// The engine for Marian models: words per second on a text, one segment a line
    Nmt {
        /// The model: an installed one's name, or a folder with its files
        #[arg(long, value_name = "DIR")]
        model: PathBuf,
        /// The text
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
        /// Write the translations here, line by line
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Threads to compute with [default: one a core]
        #[arg(long, value_name = "N")]
        threads: Option<NonZeroUsize>,
        /// Translate one line after the other, and print how long one takes
        #[arg(long)]
        alone: bool,
        /// The text's language, whose sentences lines are cut at [default: what the model says]
        #[arg(long, value_name = "LANG")]
        from: Option<Lang>,
    },
    /// The language model engine: tokens per second on a text, one segment a line
    Llm {
        /// The text
        input: PathBuf,
        /// Source and target language
        #[arg(long, default_value = "id-en", value_name = "A-B")]
        pair: String,
        /// Take at most so many lines
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
        #[command(flatten)]
        engine: Engine,
    },
    /// The translation memory: time of a look-up among so many units made for it, and how often the nearest is found
    Memory {
        /// Units
        #[arg(long, default_value_t = 1_000_000, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
        units: u64,
        /// Look-ups
        #[arg(long, default_value_t = 2_000, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
        queries: u64,
        /// Which sentences are made; the same seed makes the same
        #[arg(long, default_value_t = 1, value_name = "N")]
        seed: u64,
        /// Keep the memory in this folder, and use it again [default: a folder that is removed]
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}
