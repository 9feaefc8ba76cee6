//! What else could stand for a segment: the memory's, the engine's, earlier tries.

use edisi_edition::repair::Way;
use edisi_store::SegmentRow;
use serde::Serialize;

use super::changes;
use super::words;

/// A text that could stand there.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The key that takes it, from 1.
    number: usize,
    /// What it is: `memory`, `engine`, `try`, `machine`.
    kind: &'static str,
    /// Where it is from.
    from: String,
    /// The text.
    text: String,
    /// The same, with what differs from what stands there now set off. HTML.
    html: String,
    /// For the memory: the sentence it belongs to, with what differs from this one set off. HTML.
    source: Option<String>,
}

/// Everything that could stand for a segment, each text once, what editors reviewed first.
pub fn choices(row: &SegmentRow) -> Vec<Choice> {
    let made = &row.machine.segment;
    let mut out: Vec<Choice> = Vec::new();
    let mut add = |kind, from: String, text: &str, source: Option<&str>| {
        if text.trim().is_empty() || text == row.text || out.iter().any(|c| c.text == text) {
            return;
        }
        out.push(Choice {
            number: out.len() + 1,
            kind,
            from,
            text: text.to_owned(),
            html: changes::of_texts(&row.text, text).after,
            source: source.map(|s| changes::of_texts(&row.source, s).after),
        });
    };
    for one in &made.suggestions {
        let percent = (one.score * 100.0).floor();
        let day = one.review.at.strftime("%-d %b %Y");
        let from = format!("Memory {percent:.0} % · {} · {day}", one.review.by);
        if let Some(adapted) = &one.adapted {
            add("memory", format!("{from} · numbers replaced"), adapted, Some(&one.source));
        }
        add("memory", from, &one.target, Some(&one.source));
    }
    if made.failed.is_none() {
        add("machine", "As it was made".into(), &made.text, None);
    }
    for text in &row.machine.alternatives {
        add("engine", "Engine".into(), text, None);
    }
    for attempt in made.repair.iter().flat_map(|repair| &repair.attempts) {
        let from = if attempt.way == Way::Route { "First try" } else { words::way(attempt.way) };
        add("try", from.into(), &attempt.text, None);
    }
    out
}
