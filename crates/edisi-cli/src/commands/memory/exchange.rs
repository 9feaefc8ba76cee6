//! Memories from files and to files.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use edisi_bitext::tmx::{TmxHeader, TmxUnit, TmxVariant, TmxWriter, read_tmx};
use edisi_bitext::{BitextError, Format};
use edisi_memory::{Memory, Pair, Review, Unit};
use edisi_text::Lang;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{create, open, said, written};
use crate::args::{MemoryExport, MemoryImport};
use crate::commands::{pair, print, read_bytes};
use crate::failure::{Code, Failure};

/// Properties of units, as Edisi writes them.
const ORIGIN: &str = "x-origin";
const CONTEXT: &str = "x-context";
/// How TMX writes times.
const TIME: &str = "%Y%m%dT%H%M%SZ";

pub fn import(args: &MemoryImport) -> Result<(), Failure> {
    let asked = languages(args.pair.as_deref())?;
    let mut files = Vec::new();
    for path in &args.files {
        files.push((path, units(path, asked, &args.by)?));
    }
    let memory = create(&args.place)?;
    for (path, units) in files {
        let added = memory.add(units)?;
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
fn units(path: &Path, asked: Option<Pair>, by: &str) -> Result<Vec<Unit>, Failure> {
    let shown = path.display();
    let bytes = read_bytes(path)?;
    let since = written(std::fs::metadata(path).and_then(|m| m.modified()).ok());
    let origin = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let damaged = |e: BitextError| Failure::new(Code::Input, format!("cannot read {shown}: {e}"));
    let units: Vec<Unit> = match Format::of(&path.to_string_lossy(), &bytes) {
        Some(Format::Tmx) => {
            let tmx = read_tmx(&bytes).map_err(damaged)?;
            let from = |tu: &TmxUnit| asked.map(|p| p.0).or(tu.source).or(tmx.source);
            tmx.units
                .iter()
                .flat_map(|tu| of_tmx(tu, from(tu), asked.map(|p| p.1), (by, since), &origin))
                .collect()
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
            read.units.into_iter().map(unit).collect()
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
    if units.is_empty() {
        let pair = asked.map_or_else(String::new, |(from, to)| format!(" from {from} into {to}"));
        return Err(Failure::new(
            Code::Input,
            format!("{shown} has no translations{pair}; name others with --pair"),
        ));
    }
    Ok(units)
}

/// The translations of a unit, from `from` (the first language where nobody says) into `to` (every other language).
fn of_tmx(
    tu: &TmxUnit,
    from: Option<Lang>,
    to: Option<Lang>,
    (by, since): (&str, Timestamp),
    origin: &str,
) -> Vec<Unit> {
    let source = match from {
        Some(from) => tu.variants.iter().find(|v| v.lang == from),
        None => tu.variants.first(),
    };
    let Some(source) = source else { return Vec::new() };
    let others = tu.variants.iter().filter(|v| v.lang != source.lang && to.is_none_or(|to| v.lang == to));
    let unit = |v: &TmxVariant| Unit {
        pair: (source.lang, v.lang),
        source: source.text.clone(),
        target: v.text.clone(),
        review: Review {
            by: v.by.clone().unwrap_or_else(|| by.to_owned()),
            at: v.at.as_deref().and_then(time).unwrap_or(since),
        },
        origin: tu.prop(ORIGIN).unwrap_or(origin).to_owned(),
        context: tu.prop(CONTEXT).map(str::to_owned),
    };
    others.map(unit).collect()
}

/// A time as TMX writes it.
fn time(text: &str) -> Option<Timestamp> {
    let time = jiff::civil::DateTime::strptime(TIME, text).ok()?;
    time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
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
    let mut sources: Vec<Lang> = match asked {
        Some(pair) => vec![pair.0],
        None => pairs.iter().map(|(pair, _)| pair.0).collect(),
    };
    sources.dedup();
    let source = if let [source] = sources[..] { Some(source) } else { None };
    let header = TmxHeader { tool: "edisi".into(), version: env!("CARGO_PKG_VERSION").into(), source };
    let mut writer = match TmxWriter::new(BufWriter::new(out), &header) {
        Ok(writer) => writer,
        Err(e) => return Ok(Err(e)),
    };
    for unit in memory.units() {
        let unit = unit?;
        if asked.is_none_or(|pair| pair == unit.pair)
            && let Err(e) = writer.unit(&as_tmx(unit))
        {
            return Ok(Err(e));
        }
    }
    Ok(writer.finish().map(|_| ()))
}

fn as_tmx(unit: Unit) -> TmxUnit {
    let id = unit.id();
    let props = [(ORIGIN, Some(unit.origin).filter(|o| !o.is_empty())), (CONTEXT, unit.context)];
    let at = unit.review.at.strftime(TIME).to_string();
    TmxUnit {
        id,
        line: 0,
        source: Some(unit.pair.0),
        props: props.into_iter().filter_map(|(kind, text)| Some((kind.to_owned(), text?))).collect(),
        variants: vec![
            TmxVariant { lang: unit.pair.0, text: unit.source, by: None, at: None },
            TmxVariant { lang: unit.pair.1, text: unit.target, by: Some(unit.review.by), at: Some(at) },
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        let at: Timestamp = "2026-11-02T08:00:05Z".parse().unwrap();
        assert_eq!(at.strftime(TIME).to_string(), "20261102T080005Z");
        assert_eq!(time("20261102T080005Z"), Some(at));
        assert_eq!(time("yesterday"), None);
    }
}
