//! Hashing and durable writing.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::io_error;
use crate::{Error, FileEntry};

const BUFFER: usize = 1 << 20;

fn hex(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().fold(String::with_capacity(64), |mut out, byte| {
        write!(out, "{byte:02x}").expect("a string takes all");
        out
    })
}

/// SHA-256 of bytes in memory, in hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}

/// Copies `from` to `to`, telling `each` after every piece how many bytes it was; `each` may fail to stop.
/// `hash` takes in what passes.
fn copy_hashed(
    from: &mut impl Read,
    to: &mut impl Write,
    hash: &mut Hash,
    mut each: impl FnMut(u64) -> Result<(), Error>,
) -> Result<(), Copied> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let len = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(len) => len,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(Copied::Reading(e)),
        };
        hash.update(&buffer[..len]);
        to.write_all(&buffer[..len]).map_err(Copied::Writing)?;
        each(len as u64).map_err(Copied::Stopped)?;
    }
}

/// Why a copy ended early.
enum Copied {
    Reading(io::Error),
    Writing(io::Error),
    Stopped(Error),
}

/// A running SHA-256 with the number of bytes.
#[derive(Default)]
struct Hash(Sha256, u64);

impl Hash {
    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
        self.1 += bytes.len() as u64;
    }

    fn finish(self) -> (String, u64) {
        (hex(self.0.finalize()), self.1)
    }
}

/// Hashes a file.
pub(crate) fn hash_file(
    path: &Path,
    each: impl FnMut(u64) -> Result<(), Error>,
) -> Result<(String, u64), Error> {
    let mut file = File::open(path).map_err(|e| io_error("reading", path, e))?;
    let mut hash = Hash::default();
    match copy_hashed(&mut file, &mut io::sink(), &mut hash, each) {
        Ok(()) => Ok(hash.finish()),
        Err(Copied::Stopped(e)) => Err(e),
        Err(Copied::Reading(e) | Copied::Writing(e)) => Err(io_error("reading", path, e)),
    }
}

/// A file in the making that is hashed on the way.
pub(crate) struct NewFile {
    path: PathBuf,
    out: io::BufWriter<File>,
    hash: Hash,
}

/// Why a [`NewFile`] did not get all of its content.
pub(crate) enum Cut {
    /// The source failed.
    Source(io::Error),
    /// The disk failed, or the caller stopped.
    Other(Error),
}

impl NewFile {
    /// Creates it; nothing is overwritten.
    pub(crate) fn create(path: PathBuf) -> Result<Self, Error> {
        let file = File::create_new(&path).map_err(|e| io_error("writing", &path, e))?;
        Ok(NewFile { path, out: io::BufWriter::with_capacity(BUFFER, file), hash: Hash::default() })
    }

    /// Appends what `source` has; `each` is told of every piece and may stop.
    pub(crate) fn append(
        &mut self,
        source: &mut impl Read,
        each: impl FnMut(u64) -> Result<(), Error>,
    ) -> Result<(), Cut> {
        copy_hashed(source, &mut self.out, &mut self.hash, each).map_err(|e| match e {
            Copied::Reading(e) => Cut::Source(e),
            Copied::Writing(e) => Cut::Other(io_error("writing", &self.path, e)),
            Copied::Stopped(e) => Cut::Other(e),
        })
    }

    /// Waits until it is on the disk; returns its SHA-256 and size.
    pub(crate) fn finish(self) -> Result<(String, u64), Error> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error);
        file.and_then(|file| file.sync_all()).map_err(|e| io_error("writing", &self.path, e))?;
        Ok(self.hash.finish())
    }
}

/// Compares the hash that `what` has with the one it should have.
pub(crate) fn check_hash(what: &str, expected: &str, got: &str) -> Result<(), Error> {
    if expected == got {
        return Ok(());
    }
    Err(Error::WrongHash { what: what.to_owned(), expected: expected.to_owned(), got: got.to_owned() })
}

/// Writes a new file and waits until it is on the disk.
pub(crate) fn write_durably(
    path: &Path,
    content: impl FnOnce(&mut io::BufWriter<File>) -> io::Result<()>,
) -> Result<(), Error> {
    let write = || {
        let mut out = io::BufWriter::with_capacity(BUFFER, File::create_new(path)?);
        content(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    };
    write().map_err(|e| io_error("writing", path, e))
}

/// Waits until a folder's entries are on the disk, where the system can do so.
pub(crate) fn sync_folder(path: &Path) -> Result<(), Error> {
    if cfg!(unix) {
        File::open(path).and_then(|dir| dir.sync_all()).map_err(|e| io_error("writing", path, e))?;
    }
    Ok(())
}

/// Sizes and hashes of the files in a folder, ordered by name.
pub(crate) fn inventory(folder: &Path) -> Result<Vec<FileEntry>, Error> {
    let fail = |e| io_error("reading", folder, e);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (sha256, bytes) = hash_file(&path, |_| Ok(()))?;
        entries.push(FileEntry { name, bytes, sha256, source: None });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_called_so() {
        let mut full = File::options().write(true).open("/dev/full").unwrap();
        let copied = copy_hashed(&mut &[1u8; 9][..], &mut full, &mut Hash::default(), |_| Ok(()));
        let Err(Copied::Writing(e)) = copied else { panic!("writing to a full device succeeded") };
        assert!(matches!(io_error("writing", Path::new("x"), e), Error::DiskFull { .. }));
    }

    #[test]
    fn a_file_is_hashed_as_in_memory() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        write_durably(&path, |out| out.write_all(b"abc")).unwrap();
        let want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash_file(&path, |_| Ok(())).unwrap(), (want.to_owned(), 3));
        assert_eq!(sha256(b"abc"), want);
        assert!(write_durably(&path, |_| Ok(())).is_err(), "an existing file is never overwritten");
    }
}
