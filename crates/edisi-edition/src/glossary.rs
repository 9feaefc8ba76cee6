//! The newsroom's terms as the pipeline asks for them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use edisi_article::Term;
use edisi_quality::glossary::Glossary;

use crate::translator::{Constraints, EngineError, EngineErrorKind, Pair, Wanted};

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

/// What a glossary asks of the translation of `text`; those of the names that it says nothing about, and those of the
/// `demands` that neither says anything about.
pub(crate) fn constraints(
    glossary: &Glossary,
    names: Vec<(Range<usize>, String)>,
    text: &str,
    demands: &[Wanted],
) -> Constraints {
    let wanted = |(source, target): (Range<usize>, String)| Wanted { source: source.into(), target };
    let mut terms: Vec<Wanted> =
        glossary.mentions(text).into_iter().map(|m| wanted((m.source, m.target))).collect();
    let apart = |a: &Wanted, b: &Wanted| a.source.end <= b.source.start || b.source.end <= a.source.start;
    for more in names.into_iter().map(wanted).chain(demands.iter().cloned()) {
        if terms.iter().all(|t| apart(t, &more)) {
            terms.push(more);
        }
    }
    terms.sort_by_key(|w| w.source.start);
    Constraints { terms }
}
