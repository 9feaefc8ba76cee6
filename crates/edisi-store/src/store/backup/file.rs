//! The file of a backup: compressed lines, with the hash of all of them.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::bad;
use crate::store::Result;

/// A longer line than any that is written.
const LONGEST: u64 = 1 << 28;

/// A file in the making; removed again unless it is finished.
pub(super) struct Making {
    target: PathBuf,
    temporary: PathBuf,
    out: Option<GzEncoder<BufWriter<File>>>,
    hash: Sha256,
}

impl Making {
    pub(super) fn begin(target: &Path) -> Result<Making> {
        let name = target.file_name().ok_or_else(|| bad(format!("{} is not a file", target.display())))?;
        let mut temporary = name.to_owned();
        temporary.push(format!(".{}.part", std::process::id()));
        let temporary = target.with_file_name(temporary);
        let mut how = OpenOptions::new();
        how.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
        let file = how.open(&temporary).map_err(|e| at(&temporary, &e))?;
        let out = Some(GzEncoder::new(BufWriter::new(file), Compression::default()));
        Ok(Making { target: target.to_owned(), temporary, out, hash: Sha256::new() })
    }

    /// Writes whole lines.
    pub(super) fn write(&mut self, lines: &[u8]) -> Result<()> {
        self.hash.update(lines);
        let Some(out) = &mut self.out else { return Err(bad("the file is finished")) };
        out.write_all(lines).map_err(|e| at(&self.temporary, &e))
    }

    /// The hash of what was written so far.
    pub(super) fn hash(&self) -> String {
        hex(self.hash.clone())
    }

    pub(super) fn finish(mut self) -> Result<()> {
        let Some(out) = self.out.take() else { return Err(bad("the file is finished")) };
        let done = || {
            let file = out.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()?;
            std::fs::rename(&self.temporary, &self.target)?;
            match self.target.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                Some(folder) => File::open(folder)?.sync_all(),
                None => File::open(".")?.sync_all(),
            }
        };
        done().map_err(|e| at(&self.target, &e))
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        // After a rename there is nothing there any more.
        let _ = std::fs::remove_file(&self.temporary);
    }
}

/// The lines of a backup.
pub(super) struct Reading {
    path: PathBuf,
    input: BufReader<GzDecoder<BufReader<File>>>,
    hash: Sha256,
    line: Vec<u8>,
}

impl Reading {
    pub(super) fn begin(path: &Path) -> Result<Reading> {
        let file = File::open(path).map_err(|e| at(path, &e))?;
        let input = BufReader::new(GzDecoder::new(BufReader::new(file)));
        Ok(Reading { path: path.to_owned(), input, hash: Sha256::new(), line: Vec::new() })
    }

    /// The next line, without its end; `None` at the end of the file. Before it, the hash of all lines before is told.
    pub(super) fn next(&mut self) -> Result<Option<(&[u8], Sha256)>> {
        self.line.clear();
        let before = self.hash.clone();
        let read = (&mut self.input).take(LONGEST).read_until(b'\n', &mut self.line);
        if read.map_err(|e| bad(format!("{} is damaged: {e}", self.path.display())))? == 0 {
            return Ok(None);
        }
        self.hash.update(&self.line);
        match self.line.split_last() {
            Some((b'\n', line)) => Ok(Some((line, before))),
            _ => Err(bad(format!("{} is cut off", self.path.display()))),
        }
    }
}

pub(super) fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn at(path: &Path, error: &std::io::Error) -> crate::StoreError {
    bad(format!("{}: {error}", path.display()))
}
