//! Arguments of the commands that run and change a newsroom.

use std::path::PathBuf;

use clap::Args;

use super::{Engine, Reading};

/// Which newsroom.
#[derive(Debug, Args)]
pub struct Place {
    /// The newsroom's folder; made when it is not there
    #[arg(long, value_name = "DIR", default_value = "newsroom")]
    pub data: PathBuf,
    /// Its database, when it is not the one in the folder: postgres://user@host/name
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub place: Place,
    /// Where to listen
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Let sources, webhooks and hubs be on private addresses
    #[arg(long)]
    pub allow_private_addresses: bool,
    /// How to log
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
    #[command(flatten)]
    pub engine: Engine,
}

/// How a server logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// An object a line.
    Json,
}

#[derive(Debug, Args)]
pub struct Settings {
    #[command(flatten)]
    pub place: Place,
    /// The publication's name
    #[arg(long)]
    pub name: Option<String>,
    /// The language it writes in
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
    /// The languages of its editions
    #[arg(long, value_name = "LANG", value_delimiter = ',')]
    pub editions: Option<Vec<String>>,
    /// The zone of its clock: Asia/Jakarta
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// Where the site is reached from outside: `https://kabar.example`
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// What happens to editions that are ready: `clean` (published when nothing is held) or `review`, for all languages
    /// or some: `clean`, `en=clean,ar=review`
    #[arg(long, value_name = "MODE", value_delimiter = ',')]
    pub publish: Option<Vec<String>>,
    /// Which sentences are held, or left in the original; see `edisi translate`
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<String>,
    /// WebSub hubs that are told of new articles
    #[arg(long, value_name = "URL", value_delimiter = ',')]
    pub hubs: Option<Vec<String>>,
    /// Whom readers write to about mistakes
    #[arg(long, value_name = "ADDRESS")]
    pub contact: Option<String>,
    /// Print the settings as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Ingest {
    #[command(flatten)]
    pub place: Place,
    /// Files, addresses, or `-`
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// The language of the articles, when they do not say
    #[arg(long, value_name = "LANG")]
    pub from: Option<String>,
    /// What the newsroom says about the change, when an article is known
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Wait until the newsroom that runs on the folder has made the editions
    #[arg(long)]
    pub wait: bool,
    /// Print one JSON object an article
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    pub place: Place,
    /// The file to write; one that is there is replaced when the new one is whole
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Print how much is in it as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// What `edisi backup` wrote
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub place: Place,
    /// Print how much was in it as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Publish {
    #[command(flatten)]
    pub place: Place,
    /// Folder for the site; files of articles that are no longer on the site are taken away from it
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// Where the files will be reached: `https://kabar.example` [default: the address in the settings]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Print what was done as JSON
    #[arg(long)]
    pub json: bool,
}
