//! Which numbers of a source its translation lacks.

use super::{Decimal, Number, NumberKind};

/// What [`differences`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// Numbers of the source that the translation does not have, as indices.
    pub missing: Vec<usize>,
    /// Numbers of the translation that the source does not have, as indices.
    pub extra: Vec<usize>,
}

impl Differences {
    /// Whether both say the same numbers.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty()
    }
}

/// Compares the numbers of a text and of its translation by value.
///
/// Small words (`is_word_small`) are never missing or extra, but answer for a number the other side writes in
/// digits. A number said again on one side only is no difference, nor is a bare 1.
pub fn differences(source: &[Number], target: &[Number]) -> Differences {
    Differences { missing: unanswered(source, target), extra: unanswered(target, source) }
}

/// The numbers of `asked` that no number of `answers` agrees with.
fn unanswered(asked: &[Number], answers: &[Number]) -> Vec<usize> {
    let needed = |n: &Number| !n.is_word_small && n.value != Decimal::from(1);
    let open = |n: &Number| needed(n) && !answers.iter().any(|a| answer(n, a));
    asked.iter().enumerate().filter(|(_, n)| open(n)).map(|(i, _)| i).collect()
}

fn answer(asked: &Number, given: &Number) -> bool {
    if asked.value == given.value {
        return true;
    }
    if asked.kind == NumberKind::Name && given.kind == NumberKind::Name {
        return asked.raw == given.raw;
    }
    asked.agrees(given)
}
