//! Numbers that are missing, changed or added.

use edisi_article::Finding;

use super::segment::Segment;

pub(super) fn check(_segment: &Segment<'_>) -> Vec<Finding> {
    Vec::new()
}
