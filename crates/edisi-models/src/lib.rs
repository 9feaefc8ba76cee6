//! Which models exist and which are installed: fetch, verify, import, remove.
//!
//! A model is a folder `models/<name>` in the data directory with `model.gguf` or the files of a Marian model
//! ([`marian`]), its licence and a [`Manifest`] that says what it is, where it came from and the SHA-256 of every file. Installing is atomic:
//! the folder appears complete or not at all, and the same inputs give the same bytes on every machine.
//!
//! ```no_run
//! use edisi_models::{PullOptions, Store};
//!
//! let store = Store::open_default()?;
//! let model = store.pull("gemma3-270m", &PullOptions::default(), &mut ())?;
//! println!("{} is in {}", model.manifest.name, model.path().display());
//! # Ok::<(), edisi_models::Error>(())
//! ```

mod adapter;
mod catalogue;
mod config;
mod download;
mod error;
mod fetch;
mod files;
mod home;
mod import;
mod inflate;
mod install;
mod manifest;
pub mod marian;
mod merge;
mod packages;
mod plan;
mod progress;
mod pull;
mod registry;
mod staging;
mod store;
mod vocabulary;
mod wheel;

pub use catalogue::{Carried, Catalogue, Entry, Expected, Folder, Wheel};
pub use download::Network;
pub use error::{Damage, Error};
pub use fetch::Source;
pub use home::data_dir;
pub use import::FileImport;
pub use manifest::{
    Coverage, Engine, FileEntry, FileSource, Licence, Manifest, Origin, Prompt, SCHEMA, Score, Tier, Trust,
};
pub use marian::MarianFiles;
pub use plan::{Needed, Shelf};
pub use progress::{Progress, Step};
pub use registry::{MOZILLA, PREFERRED, Registry, Release, RemoteFile, pair_name, parse_pair};
pub use store::{ImportOptions, Installed, Listing, PullOptions, Store};
