//! Arguments of `edisi models`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::seconds;

#[derive(Debug, Args)]
pub struct Models {
    #[command(subcommand)]
    pub action: ModelsAction,
}

#[derive(Debug, Subcommand)]
pub enum ModelsAction {
    /// Show what is installed and what can be
    List(List),
    /// Download and install models
    Pull(Pull),
    /// Check the files of installed models against their hashes
    Verify {
        /// Names [default: all installed]
        names: Vec<String>,
    },
    /// Remove installed models
    Remove {
        /// Names
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// Install models from disk: files of Marian models, copies of installed models, or a LoRA adapter
    Import(Import),
}

/// Where models of language pairs come from.
#[derive(Debug, Args)]
pub struct RegistryArgs {
    /// Address of the registry [default: $EDISI_REGISTRY, config.toml, Mozilla's]
    #[arg(long, value_name = "URL")]
    pub registry: Option<String>,
    /// Longest silence of a server, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<f64>,
    /// How often in a row to ask a server that fails once more
    #[arg(long, value_name = "N")]
    pub retries: Option<u32>,
}

#[derive(Debug, Args)]
pub struct List {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Only what is installed or comes with edisi; the registry is not asked
    #[arg(long)]
    pub installed: bool,
    #[command(flatten)]
    pub registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub struct Pull {
    /// Names as `edisi models list` shows them, or languages such as id:en,zh,ja [default: the default model]
    pub what: Vec<String>,
    /// Of the registry's models take those of this family: base, base-memory, tiny
    #[arg(long, value_name = "FAMILY")]
    pub architecture: Option<String>,
    /// Take the packages of a model that comes with edisi from this folder instead of the network
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Install again over installed ones
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub struct Import {
    /// A folder with models, the files of one model (model*.bin, *.spm, lex*.bin, packed or not), or the folder of
    /// a LoRA adapter in PEFT's format, which is merged into its base model
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Languages of the model, such as en-fr, where the files' names do not tell
    #[arg(long, value_name = "A-B")]
    pub pair: Option<String>,
    /// Name to install it under [default: the pair's; an adapter's folder's]
    #[arg(long)]
    pub name: Option<String>,
    /// The model an adapter adapts
    #[arg(long, default_value = "gemma3-270m", value_name = "NAME")]
    pub base: String,
    /// Take the base model's packages from this folder instead of the network
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Replace an installed one
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}
