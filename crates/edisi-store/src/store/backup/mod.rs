//! Backups: everything as lines of JSON, compressed.
//!
//! The first line says what the file is, `{"format":"edisi-backup","version":1,"schema":…,"made":…}`. Before the rows of
//! a table comes `{"table":…,"columns":[…]}`; a row is an array of texts, numbers and nulls in the order of the columns.
//! The last line, `{"end":true,"rows":{…},"sha256":…}`, counts the rows and has the hash of all lines before it.

mod file;
mod restore;
mod tables;
mod write;

use std::path::Path;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer};

use super::{Result, Store};
use crate::StoreError;

const FORMAT: &str = "edisi-backup";
const VERSION: i64 = 1;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupSummary {
    /// The schema it is of.
    pub schema: i64,
    /// Rows by table.
    pub rows: Vec<(String, u64)>,
}

#[derive(Debug, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: i64,
    schema: i64,
    made: String,
}

#[derive(Debug, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct TableHeader {
    table: String,
    columns: Vec<String>,
}

#[derive(Debug, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Trailer {
    #[serde(deserialize_with = "yes")]
    end: bool,
    rows: Vec<(String, u64)>,
    sha256: String,
}

fn yes<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<bool, D::Error> {
    match bool::deserialize(deserializer)? {
        true => Ok(true),
        false => Err(serde::de::Error::custom("`end` should be true")),
    }
}

fn bad(problem: impl std::fmt::Display) -> StoreError {
    StoreError::Backup(problem.to_string())
}

impl Store {
    /// Writes everything to a file that [`Store::restore`] reads into an empty database of either kind; the store may be
    /// in use: the file has what was there at one moment. Atomic: the file appears whole or not at all, for its owner only
    /// (it has what sessions, keys and webhooks are checked with).
    ///
    /// # Errors
    /// `Backup` when the file cannot be written.
    pub async fn backup(&self, file: &Path) -> Result<BackupSummary> {
        write::backup(self, file).await
    }

    /// Fills an empty database from a backup; all or nothing.
    ///
    /// # Errors
    /// `Backup` when the file is not a whole backup, or the database is not empty; `TooNew` when a newer Edisi wrote it.
    pub async fn restore(&self, file: &Path) -> Result<BackupSummary> {
        restore::restore(self, file).await
    }
}
