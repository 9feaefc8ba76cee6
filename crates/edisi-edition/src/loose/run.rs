//! Segments through the one or two engines of a route.

use std::ops::Range;

use edisi_quality::CheckOptions;

use super::Parsed;
use crate::checks;
use crate::glossary;
use crate::pipeline::{Made, PipelineError};
use crate::router::{Leg, Route, Router};
use crate::translator::{Batch, Constraints, Control, Draft, EngineError, FinishReason, Item, Terms, Wanted};
use crate::units::is_translatable;

/// A segment to translate.
#[derive(Clone)]
pub(super) struct Task<'a> {
    text: &'a str,
    /// What stays as it is: the words.
    keeps: Vec<&'a str>,
    /// Number of its text among those of the call.
    document: u32,
    /// Whether the segment before it in the call is before it in a text.
    follows: bool,
}

/// The segments of these texts, in order.
pub(super) fn tasks<'a>(parsed: &'a [Parsed<'_>]) -> Vec<Task<'a>> {
    let mut tasks = Vec::new();
    for (document, parsed) in parsed.iter().enumerate() {
        let mut follows = false;
        for unit in parsed.units() {
            for range in &unit.segments {
                let inside = |keep: &&Range<usize>| range.start <= keep.start && keep.end <= range.end;
                tasks.push(Task {
                    text: &unit.text[range.clone()],
                    keeps: unit.keeps.iter().filter(inside).map(|k| &unit.text[k.clone()]).collect(),
                    document: document as u32,
                    follows,
                });
                follows = true;
            }
        }
    }
    tasks
}

/// Translates the segments; those that fail are tried by the other route.
pub(super) fn run(
    router: &Router,
    route: &Route,
    tasks: &[Task<'_>],
    control: &Control<'_>,
) -> Result<Vec<Made>, PipelineError> {
    let mut made = along(route, tasks, control)?;
    let failed: Vec<usize> = (0..made.len()).filter(|&i| made[i].draft.failed.is_some()).collect();
    if let Some(detour) = router.detour(route).filter(|_| !failed.is_empty()) {
        let again: Vec<Task<'_>> =
            failed.iter().map(|&i| Task { follows: false, ..tasks[i].clone() }).collect();
        for (index, other) in failed.into_iter().zip(along(&detour, &again, control)?) {
            if other.draft.failed.is_none() {
                made[index] = Made { detour: true, ..other };
            }
        }
    }
    Ok(made)
}

fn along(route: &Route, tasks: &[Task<'_>], control: &Control<'_>) -> Result<Vec<Made>, EngineError> {
    let mut legs = route.legs.iter();
    let first = legs.next().expect("a route has a leg");
    let texts: Vec<Option<&str>> = tasks.iter().map(|task| Some(task.text)).collect();
    let drafts = leg(first, tasks, &texts, control)?;
    let made = drafts.into_iter().map(|draft| Made::of(draft.expect("every segment has a text")));
    let mut made: Vec<Made> = made.collect();
    for next in legs {
        let texts: Vec<Option<&str>> = made
            .iter()
            .map(|m| Some(m.draft.text.trim()).filter(|t| m.draft.failed.is_none() && !t.is_empty()))
            .collect();
        let drafts = leg(next, tasks, &texts, control)?;
        for (made, draft) in made.iter_mut().zip(drafts) {
            if let Some(draft) = draft {
                made.pivot = Some(std::mem::replace(&mut made.draft, draft));
            }
        }
    }
    Ok(made)
}

/// One step for all segments that have a text.
fn leg(
    leg: &Leg,
    tasks: &[Task<'_>],
    texts: &[Option<&str>],
    control: &Control<'_>,
) -> Result<Vec<Option<Draft>>, EngineError> {
    let mut drafts: Vec<Option<Draft>> = vec![None; tasks.len()];
    let (mut batch, mut owners) = (Batch::default(), Vec::new());
    for (index, (task, text)) in tasks.iter().zip(texts).enumerate() {
        let Some(text) = *text else { continue };
        if !is_translatable(text) {
            drafts[index] = Some(Draft::copied(text));
            continue;
        }
        let mut constraints = Constraints::default();
        if leg.engine.terms() != Terms::Unheard {
            constraints = glossary::constraints([keep(text, &task.keeps), glossary::established(leg, text)]);
        }
        batch.items.push(Item {
            pair: leg.pair,
            text: text.to_owned(),
            context: context(leg.engine.context_segments(), index, tasks, texts),
            document: task.document,
            constraints,
        });
        owners.push(index);
    }
    if batch.items.is_empty() {
        return Ok(drafts);
    }
    let made = leg.engine.translate(&batch, control, &mut |_| {})?;
    let checks = CheckOptions::default();
    for ((mut draft, owner), item) in made.into_iter().zip(owners).zip(&batch.items) {
        if draft.failed.is_none() && draft.finish != FinishReason::Copied {
            draft.failed = checks::refusal(&item.text, &draft.text, item.pair, &checks);
        }
        drafts[owner] = Some(draft);
    }
    Ok(drafts)
}

/// The segments before one in its text, at most `most`, the nearest last.
fn context(most: usize, index: usize, tasks: &[Task<'_>], texts: &[Option<&str>]) -> Vec<String> {
    let mut from = index;
    while from > 0 && index - from < most && tasks[from].follows {
        from -= 1;
    }
    texts[from..index].iter().flatten().map(|text| (*text).to_owned()).collect()
}

/// Where `words` stand in `text`, one after the other, as terms that are to stay.
fn keep(text: &str, words: &[&str]) -> Vec<Wanted> {
    let (mut at, mut terms) = (0, Vec::new());
    for word in words {
        if let Some(found) = text[at..].find(word) {
            let start = at + found;
            at = start + word.len();
            terms.push(Wanted { source: (start..at).into(), target: (*word).to_owned() });
        }
    }
    terms
}
