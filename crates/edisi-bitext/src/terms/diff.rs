//! What differs between two states of a glossary.

use std::collections::BTreeMap;

use edisi_article::Term;
use serde::Serialize;

/// The terms that two states of a glossary do not have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Differences {
    /// Terms of the new state only, in its order.
    pub added: Vec<Term>,
    /// Terms of the old state only, in its order.
    pub removed: Vec<Term>,
    /// Terms that both have and that say something else, in the new order.
    pub changed: Vec<Changed>,
}

/// A term before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Before.
    pub old: Term,
    /// After.
    pub new: Term,
}

impl Differences {
    /// Whether both states say the same.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// Compares two states of a glossary, term by term. Terms are the same when they are called the same; of several that
/// are, the first of one side is compared with the first of the other, and so on.
pub fn differences(old: &[Term], new: &[Term]) -> Differences {
    let mut before: BTreeMap<&str, Vec<&Term>> = BTreeMap::new();
    for term in old.iter().rev() {
        before.entry(&term.id).or_default().push(term);
    }
    let mut out = Differences::default();
    for term in new {
        match before.get_mut(term.id.as_str()).and_then(Vec::pop) {
            None => out.added.push(term.clone()),
            Some(old) if !is_same(old, term) => {
                out.changed.push(Changed { old: old.clone(), new: term.clone() });
            }
            Some(_) => {}
        }
    }
    // Those that are left, in the old order.
    let mut left: BTreeMap<&str, usize> = before.iter().map(|(id, terms)| (*id, terms.len())).collect();
    for term in old.iter().rev() {
        if let Some(count) = left.get_mut(term.id.as_str()).filter(|count| **count > 0) {
            *count -= 1;
            out.removed.insert(0, term.clone());
        }
    }
    out
}

/// Whether two terms say the same; in which order the languages come says nothing.
fn is_same(a: &Term, b: &Term) -> bool {
    let sorted = |term: &Term| {
        let mut term = term.clone();
        term.names.sort_by_key(|name| name.lang);
        term
    };
    sorted(a) == sorted(b)
}
