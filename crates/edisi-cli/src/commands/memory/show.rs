//! What is in a memory, for people and programs.

use edisi_memory::Match;
use serde_json::{Value, json};

use super::open;
use crate::args::{MemorySearch, MemoryStats};
use crate::commands::{pair, print};
use crate::failure::Failure;

pub fn search(args: &MemorySearch) -> Result<(), Failure> {
    let pair = pair(&args.pair)?;
    let found = open(&args.place)?.fuzzy((pair.source, pair.target), &args.text, args.min, args.limit)?;
    if args.json {
        let found: Vec<Value> = found.iter().map(as_json).collect();
        return print(&format!("{}\n", Value::from(found)));
    }
    if found.is_empty() {
        return print(&format!("nothing like it from {} into {}\n", pair.source, pair.target));
    }
    print(&found.iter().map(as_text).collect::<String>())
}

/// A match with what it is called; score to thousandths.
fn as_json(found: &Match) -> Value {
    let score = (f64::from(found.score) * 1000.0).round() / 1000.0;
    json!({ "id": found.unit.id(), "score": score, "adapted": found.adapted, "unit": found.unit })
}

fn as_text(found: &Match) -> String {
    let unit = &found.unit;
    // What is not equal is never shown as 100 %.
    let percent = (found.score * 100.0).floor();
    let mut out = format!("{percent:3} %  {}\n       {}\n", unit.source, unit.target);
    if let Some(adapted) = &found.adapted {
        out += &format!("       with these numbers: {adapted}\n");
    }
    let origin = if unit.origin.is_empty() { String::new() } else { format!(", {}", unit.origin) };
    out + &format!(
        "       reviewed by {} on {}{origin}; {}\n",
        unit.review.by,
        unit.review.at.strftime("%Y-%m-%d"),
        unit.id()
    )
}

pub fn stats(args: &MemoryStats) -> Result<(), Failure> {
    let memory = open(&args.place)?;
    let stats = memory.stats()?;
    if args.json {
        let pairs =
            stats.pairs.iter().map(|((a, b), units)| json!({ "source": a, "target": b, "units": units }));
        let pairs: Vec<Value> = pairs.collect();
        let shown =
            json!({ "folder": memory.dir(), "units": stats.units, "bytes": stats.bytes, "pairs": pairs });
        return print(&format!("{shown}\n"));
    }
    let mut out = format!(
        "{}\n{} units, {:.1} MB on disk\n",
        memory.dir().display(),
        stats.units,
        stats.bytes as f64 / 1e6
    );
    for ((source, target), units) in &stats.pairs {
        out += &format!("  {source} → {target}: {units}\n");
    }
    print(&out)
}
