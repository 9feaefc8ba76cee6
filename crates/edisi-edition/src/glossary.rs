//! The newsroom's terms as the pipeline asks for them.

use std::collections::BTreeMap;
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

/// What a glossary asks of the translation of `text`, and those of the `demands` that it says nothing about.
pub(crate) fn constraints(glossary: &Glossary, text: &str, demands: &[Wanted]) -> Constraints {
    let wanted = |m: edisi_quality::glossary::Mention| Wanted { source: m.source.into(), target: m.target };
    let mut terms: Vec<Wanted> = glossary.mentions(text).into_iter().map(wanted).collect();
    let apart = |a: &Wanted, b: &Wanted| a.source.end <= b.source.start || b.source.end <= a.source.start;
    let more: Vec<Wanted> = demands.iter().filter(|d| terms.iter().all(|t| apart(t, d))).cloned().collect();
    terms.extend(more);
    terms.sort_by_key(|w| w.source.start);
    Constraints { terms }
}
