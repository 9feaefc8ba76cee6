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

/// All that is asked of the translation of a text: each list yields to those before it.
pub(crate) fn constraints(lists: impl IntoIterator<Item = Vec<Wanted>>) -> Constraints {
    let mut terms = Vec::new();
    let apart = |a: &Wanted, b: &Wanted| a.source.end <= b.source.start || b.source.end <= a.source.start;
    for more in lists.into_iter().flatten() {
        if terms.iter().all(|t| apart(t, &more)) {
            terms.push(more);
        }
    }
    terms.sort_by_key(|w: &Wanted| w.source.start);
    Constraints { terms, ..Constraints::default() }
}

/// What a glossary asks of the translation of `text`.
pub(crate) fn terms(glossary: &Glossary, text: &str) -> Vec<Wanted> {
    wanted(glossary.mentions(text).into_iter().map(|m| (m.source, m.target)))
}

/// The established forms of what stands in `text`, for an engine that reads them.
pub(crate) fn established(leg: &Leg, text: &str) -> Vec<Wanted> {
    match leg.engine.terms() {
        Terms::Read => wanted(edisi_text::established(text, leg.pair.source, leg.pair.target)),
        Terms::Unheard | Terms::Placed => Vec::new(),
    }
}

/// Places of a text and what is to stand for each.
pub(crate) fn wanted(forms: impl IntoIterator<Item = (Range<usize>, String)>) -> Vec<Wanted> {
    forms.into_iter().map(|(source, target)| Wanted { source: source.into(), target }).collect()
}
