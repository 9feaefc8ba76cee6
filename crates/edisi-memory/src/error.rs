//! Why a memory cannot be used.

use std::io;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::LockError;

/// Why a memory cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// A site must be a name for a folder.
    #[error(
        "`{0}` cannot name a site; use letters, digits, `-`, `_` and `.`, and begin with a letter or digit"
    )]
    Site(String),
    /// There is no memory yet.
    #[error("there is no memory in {}; make one with `edisi memory import` or `learn`, or name another folder", dir.display())]
    Missing {
        /// Where it would be.
        dir: PathBuf,
    },
    /// Another program is writing to it.
    #[error("another program is writing to the memory in {}; wait until it has ended and run again", dir.display())]
    Busy {
        /// The memory's folder.
        dir: PathBuf,
    },
    /// The folder holds something else, or a memory of another version.
    #[error("{} holds a memory of another version of Edisi, or something else; name another folder and import again", dir.display())]
    Format {
        /// The folder.
        dir: PathBuf,
    },
    /// The folder cannot be made, read or written.
    #[error("the memory in {} cannot be used ({source}); check the disk and the permissions, or name another folder", dir.display())]
    Io {
        /// The folder.
        dir: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The index is damaged.
    #[error("the memory in {} is damaged ({source}); remove the folder and import the last export again", dir.display())]
    Damaged {
        /// The folder.
        dir: PathBuf,
        /// What the index library says.
        source: Box<TantivyError>,
    },
}

impl MemoryError {
    /// What the index library says, as an error of the memory in `dir`.
    pub(crate) fn of(dir: &Path, error: TantivyError) -> MemoryError {
        let dir = dir.to_owned();
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => MemoryError::Busy { dir },
            TantivyError::LockFailure(LockError::IoError(e), _) | TantivyError::IoError(e) => {
                MemoryError::Io { dir, source: io::Error::new(e.kind(), e) }
            }
            error => MemoryError::Damaged { dir, source: Box::new(error) },
        }
    }

    pub(crate) fn io(dir: &Path, source: io::Error) -> MemoryError {
        MemoryError::Io { dir: dir.to_owned(), source }
    }
}
