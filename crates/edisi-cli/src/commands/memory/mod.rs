//! `edisi memory`

mod exchange;
mod show;

use std::path::Path;
use std::time::SystemTime;

use edisi_article::Severity;
use edisi_memory::{Added, Memory, MemoryError, Review, Selection, Unit};
use jiff::Timestamp;

use super::{check, pair, print};
use crate::args::{Memory as Arguments, MemoryAction, MemoryLearn, MemoryPlace, MemoryRemove};
use crate::failure::{Code, Failure};

/// The site of newsrooms that have one.
const SITE: &str = "default";

pub fn run(args: &Arguments) -> Result<(), Failure> {
    match &args.action {
        MemoryAction::Import(args) => exchange::import(args),
        MemoryAction::Export(args) => exchange::export(args),
        MemoryAction::Search(args) => show::search(args),
        MemoryAction::Stats(args) => show::stats(args),
        MemoryAction::Learn(args) => learn(args),
        MemoryAction::Remove(args) => remove(args),
    }
}

/// The memory of an edition, when a folder or a site is named.
pub fn asked(dir: Option<&Path>, site: Option<&str>) -> Result<Option<Memory>, Failure> {
    if dir.is_none() && site.is_none() {
        return Ok(None);
    }
    at(dir, site, Memory::open).map(Some)
}

/// The memory asked for, which must be there.
fn open(place: &MemoryPlace) -> Result<Memory, Failure> {
    at(place.memory.as_deref(), place.site.as_deref(), Memory::open)
}

/// The memory asked for, made where it is not there.
fn create(place: &MemoryPlace) -> Result<Memory, Failure> {
    at(place.memory.as_deref(), place.site.as_deref(), Memory::create)
}

type Opening = fn(&Path, &str) -> Result<Memory, MemoryError>;

fn at(dir: Option<&Path>, site: Option<&str>, open: Opening) -> Result<Memory, Failure> {
    let dir = match dir {
        Some(dir) => dir.to_owned(),
        None => edisi_models::data_dir()?.join("memory"),
    };
    Ok(open(&dir, site.unwrap_or(SITE))?)
}

fn learn(args: &MemoryLearn) -> Result<(), Failure> {
    let named = args
        .by
        .clone()
        .or_else(|| ["USER", "LOGNAME", "USERNAME"].iter().find_map(|n| std::env::var(n).ok()));
    let by = named.filter(|name| !name.trim().is_empty()).ok_or_else(|| {
        Failure::new(Code::Usage, "it is not known who reviewed the translation; say it with --by NAME")
    })?;
    let (review, (_, target)) = check::review(&args.sides)?;
    let reviewed = Review { by, at: now() };
    let origin = Path::new(&target.name).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let pair = (review.from, review.to);
    let (mut units, mut wrong, mut before) = (Vec::new(), 0, None);
    for row in review.rows {
        let is_wrong = row.findings.iter().any(|f| f.severity == Severity::Error);
        let context = before.replace(row.source.clone()).filter(|text| !text.is_empty());
        let is_empty = row.source.trim().is_empty() || row.target.trim().is_empty();
        if is_empty || is_wrong && !args.all {
            wrong += 1;
        } else {
            let (review, origin) = (reviewed.clone(), origin.clone());
            let (source, target) = without_dateline(&row.source, &row.target);
            let (source, target) = (source.to_owned(), target.to_owned());
            units.push(Unit { pair, source, target, review, origin, context });
        }
    }
    let added = create(&args.place)?.add(units)?;
    let left = if wrong == 0 {
        String::new()
    } else {
        format!(", {wrong} with errors left out (see `edisi check`)")
    };
    print(&format!("{}{left}\n", said(&added)))
}

/// Longest dateline, in bytes.
const MAX_DATELINE: usize = 80;

/// Both texts without the dateline that both begin with (`JAKARTA - `): editions keep it apart from the first sentence,
/// as written.
fn without_dateline<'t>(source: &'t str, target: &'t str) -> (&'t str, &'t str) {
    let ends = [" - ", " – ", " — ", " -- "].iter().filter_map(|dash| Some(source.find(dash)? + dash.len()));
    let Some(end) = ends.min().filter(|end| *end <= MAX_DATELINE) else { return (source, target) };
    let head = &source[..end];
    let first: String = head.chars().take_while(|c| c.is_alphabetic()).collect();
    let is_place = first.chars().count() > 1 && first.chars().all(char::is_uppercase);
    match target.strip_prefix(head).map(str::trim) {
        Some(rest) if is_place && !rest.is_empty() => (source[end..].trim(), rest),
        _ => (source, target),
    }
}

/// What became of units, in words.
fn said(added: &Added) -> String {
    format!("{} learned, {} reviewed again, {} known before", added.new, added.renewed, added.known)
}

/// Now, to the second: TMX has no finer time.
fn now() -> Timestamp {
    whole_seconds(Timestamp::now())
}

fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// When a file was written; now where the system does not say.
fn written(time: Option<SystemTime>) -> Timestamp {
    time.and_then(|time| Timestamp::try_from(time).ok()).map_or_else(now, whole_seconds)
}

fn remove(args: &MemoryRemove) -> Result<(), Failure> {
    let which = match (&args.pair, &args.origin) {
        _ if args.everything => Selection::All,
        (Some(text), _) => {
            let pair = pair(text)?;
            Selection::Pair((pair.source, pair.target))
        }
        (None, Some(origin)) => Selection::Origin(origin.clone()),
        (None, None) => Selection::Ids(args.ids.clone()),
    };
    let gone = open(&args.place)?.remove(&which)?;
    print(&format!("{gone} removed\n"))
}

#[cfg(test)]
mod tests {
    use super::without_dateline;

    #[test]
    fn a_dateline_of_both_sides_is_not_learned() {
        let (source, target) =
            ("BREBES, Kabar (9/3) – Pasar dibuka - lagi.", "BREBES, Kabar (9/3) – The market opened.");
        assert_eq!(without_dateline(source, target), ("Pasar dibuka - lagi.", "The market opened."));
        for (source, target) in [
            ("Pasar - yang lama - dibuka.", "Pasar - yang lama - opened."),
            ("BREBES - Pasar dibuka.", "The market opened."),
            ("BREBES - Pasar dibuka.", "BREBES - "),
            ("Pasar dibuka.", "The market opened."),
        ] {
            assert_eq!(without_dateline(source, target), (source, target));
        }
    }
}
