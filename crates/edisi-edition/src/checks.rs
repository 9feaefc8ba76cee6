//! Which checks a translated segment goes through.

use edisi_article::Finding;

use crate::translator::{Failure, Pair};

/// Whether a draft may stand as a translation at all.
pub(crate) fn refusal(_source: &str, _translation: &str, _pair: Pair) -> Option<Failure> {
    None
}

/// What an editor must look at in a segment.
pub(crate) fn segment(_source: &str, _translation: &str, _pair: Pair) -> Vec<Finding> {
    Vec::new()
}
