//! The newsroom's terms as the pipeline asks for them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use edisi_article::Term;
use edisi_quality::glossary::Glossary;

use crate::router::Leg;
use crate::translator::{Constraints, EngineError, EngineErrorKind, Pair, Terms, Wanted};

/// A glossary in all its languages; what a pair and a section see of it is made once.
#[derive(Debug, Default)]
pub(crate) struct Glossaries {
    terms: Vec<Term>,
    made: Mutex<BTreeMap<View, Arc<Glossary>>>,
}

/// A pair, and a section of the site that has terms of its own.
type View = (Pair, Option<String>);

impl Glossaries {
    pub fn new(terms: Vec<Term>) -> Glossaries {
        Glossaries { terms, made: Mutex::default() }
    }

    /// The terms for a pair in a section of the site.
    pub fn of(&self, pair: Pair, section: Option<&str>) -> Result<Arc<Glossary>, EngineError> {
        // Without terms for sections all sections see the same.
        let section = section.filter(|s| self.terms.iter().any(|t| t.sections.iter().any(|of| of == s)));
        let key = (pair, section.map(str::to_owned));
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(glossary) = made.get(&key) {
            return Ok(Arc::clone(glossary));
        }
        let glossary = Glossary::new(&self.terms, (pair.source, pair.target), section);
        let glossary = Arc::new(
            glossary
                .map_err(|e| EngineError::new(EngineErrorKind::Internal, e.to_string()).with_source(e))?,
        );
        made.insert(key, Arc::clone(&glossary));
        Ok(glossary)
    }
}

/// What a glossary asks of the translation of `text`; those of the names that it says nothing about, those of the
/// `demands` that neither says anything about, and the `established` forms of the rest.
pub(crate) fn constraints(
    glossary: &Glossary,
    names: Vec<(Range<usize>, String)>,
    text: &str,
    demands: &[Wanted],
    established: Vec<Wanted>,
) -> Constraints {
    let mentions = glossary.mentions(text).into_iter();
    let mut terms: Vec<Wanted> = mentions.map(|m| wanted((m.source, m.target))).collect();
    let names = names.into_iter().map(wanted);
    add_apart(&mut terms, names.chain(demands.iter().cloned()).chain(established));
    Constraints { terms }
}

/// The established forms of what stands in `text`, for an engine that reads them.
pub(crate) fn established(leg: &Leg, text: &str) -> Vec<Wanted> {
    match leg.engine.terms() {
        Terms::Read => {
            let found = edisi_text::established(text, leg.pair.source, leg.pair.target);
            found.into_iter().map(wanted).collect()
        }
        Terms::Unheard | Terms::Placed => Vec::new(),
    }
}

/// Adds to `terms` those of `more` that none of them overlaps, in the order of the text.
pub(crate) fn add_apart(terms: &mut Vec<Wanted>, more: impl IntoIterator<Item = Wanted>) {
    let apart = |a: &Wanted, b: &Wanted| a.source.end <= b.source.start || b.source.end <= a.source.start;
    for more in more {
        if terms.iter().all(|t| apart(t, &more)) {
            terms.push(more);
        }
    }
    terms.sort_by_key(|w| w.source.start);
}

fn wanted((source, target): (Range<usize>, String)) -> Wanted {
    Wanted { source: source.into(), target }
}
