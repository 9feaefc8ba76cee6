//! Memories from files and to files.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use edisi_bitext::tmx::{TmxWriter, read_tmx};
use edisi_bitext::{BitextError, Format};
use edisi_memory::tmx::{self, Taken, Unsaid};
use edisi_memory::{Memory, Pair, Review, Unit};
use edisi_text::Lang;

use super::{create, open, said, written};
use crate::args::{MemoryExport, MemoryImport};
use crate::commands::{pair, print, read_bytes};
use crate::failure::{Code, Failure};

pub fn import(args: &MemoryImport) -> Result<(), Failure> {
    let asked = languages(args.pair.as_deref())?;
    let mut files = Vec::new();
    for path in &args.files {
        files.push((path, units(path, asked, &args.by)?));
    }
    let memory = create(&args.place)?;
    for (path, taken) in files {
        let mut added = memory.add(taken.units)?;
        added.empty += taken.empty;
        let empty = if added.empty == 0 { String::new() } else { format!(", {} without text", added.empty) };
        print(&format!("{}: {}{empty}\n", path.display(), said(&added)))?;
    }
    Ok(())
}

fn languages(text: Option<&str>) -> Result<Option<Pair>, Failure> {
    let pair = text.map(pair).transpose()?;
    Ok(pair.map(|pair| (pair.source, pair.target)))
}

/// What a file holds.
fn units(path: &Path, asked: Option<Pair>, by: &str) -> Result<Taken, Failure> {
    let shown = path.display();
    let bytes = read_bytes(path)?;
    let since = written(std::fs::metadata(path).and_then(|m| m.modified()).ok());
    let origin = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let damaged = |e: BitextError| Failure::new(Code::Input, format!("cannot read {shown}: {e}"));
    let taken = match Format::of(&path.to_string_lossy(), &bytes) {
        Some(Format::Tmx) => {
            let tmx = read_tmx(&bytes).map_err(damaged)?;
            let unsaid = Unsaid { by, at: since, origin: &origin };
            tmx::units(&tmx, (asked.map(|p| p.0), asked.map(|p| p.1)), &unsaid)
        }
        Some(Format::Tsv) => {
            let pair = asked.ok_or_else(|| {
                Failure::new(
                    Code::Usage,
                    format!("{shown} does not say its languages; name them with --pair"),
                )
            })?;
            let read = edisi_bitext::read(&bytes, Format::Tsv, None).map_err(damaged)?;
            let unit = |u: edisi_bitext::Unit| Unit {
                pair,
                source: u.source,
                target: u.target,
                review: Review { by: by.to_owned(), at: since },
                origin: origin.clone(),
                context: None,
            };
            Taken { units: read.units.into_iter().map(unit).collect(), ..Taken::default() }
        }
        Some(Format::Xliff) => {
            let message =
                format!("{shown} is XLIFF, which holds work that goes on; use `edisi memory learn` for it");
            return Err(Failure::new(Code::Usage, message));
        }
        None => {
            let message =
                format!("{shown} is neither TMX nor tab-separated; use `edisi memory learn` for texts");
            return Err(Failure::new(Code::Input, message));
        }
    };
    if taken.units.is_empty() && taken.empty == 0 {
        let pair = asked.map_or_else(String::new, |(from, to)| format!(" from {from} into {to}"));
        return Err(Failure::new(
            Code::Input,
            format!("{shown} has no translations{pair}; name others with --pair"),
        ));
    }
    Ok(taken)
}

pub fn export(args: &MemoryExport) -> Result<(), Failure> {
    let asked = languages(args.pair.as_deref())?;
    let memory = open(&args.place)?;
    let Some(path) = &args.output else {
        return match write(&memory, asked, io::stdout().lock())? {
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::unwritable("to standard output", &e))
            }
            _ => Ok(()),
        };
    };
    let fail = |e: io::Error| Failure::unwritable(path.display(), &e);
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // It appears whole or not at all.
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder).map_err(fail)?;
    write(&memory, asked, file.as_file())?.map_err(fail)?;
    file.as_file().sync_data().map_err(fail)?;
    file.persist(path).map_err(|e| fail(e.error)).map(|_: File| ())
}

/// Writes the units; the inner error is that of the output.
fn write(memory: &Memory, asked: Option<Pair>, out: impl Write) -> Result<io::Result<()>, Failure> {
    let pairs = memory.stats()?.pairs;
    let sources: Vec<Lang> = match asked {
        Some(pair) => vec![pair.0],
        None => pairs.iter().map(|(pair, _)| pair.0).collect(),
    };
    let header = tmx::header(sources);
    let mut writer = match TmxWriter::new(BufWriter::new(out), &header) {
        Ok(writer) => writer,
        Err(e) => return Ok(Err(e)),
    };
    for unit in memory.units() {
        let unit = unit?;
        if asked.is_none_or(|pair| pair == unit.pair)
            && let Err(e) = writer.unit(&tmx::unit(unit))
        {
            return Ok(Err(e));
        }
    }
    Ok(writer.finish().map(|_| ()))
}
