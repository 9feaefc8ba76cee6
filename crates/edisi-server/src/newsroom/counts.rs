//! How much of what there is in an edition, and how soon somebody should look at it.

use edisi_article::Severity;
use edisi_edition::Decision;
use edisi_edition::recall::Reuse;
use edisi_edition::repair::Way;
use edisi_edition::report::Counts;
use edisi_store::{SegmentRow, SegmentState};

/// Counts the segments of an edition as they are now.
pub(crate) fn of(segments: &[SegmentRow]) -> Counts {
    let mut counts = Counts {
        segments: segments.len(),
        failed: 0,
        errors: 0,
        warnings: 0,
        notes: 0,
        reviewed: 0,
        adapted: 0,
        held: 0,
        retried: 0,
        repaired: 0,
        errors_before: 0,
    };
    for row in segments {
        let made = &row.machine.segment;
        counts.failed += usize::from(is_gap(row));
        counts.held += usize::from(row.decision == Decision::Hold);
        let reuse = made.memory.as_ref().map(|m| m.reuse);
        counts.reviewed += usize::from(is_reviewed(row));
        counts.adapted += usize::from(row.state == SegmentState::Machine && reuse == Some(Reuse::Adapted));
        counts.retried += usize::from(made.repair.is_some());
        counts.repaired += usize::from(made.repair.as_ref().is_some_and(|r| r.chosen != Way::Route));
        let before = made.repair.as_ref().map_or(&made.findings, |r| &r.before);
        counts.errors_before += before.iter().filter(|f| f.severity == Severity::Error).count();
        for finding in &row.findings {
            match finding.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Note => counts.notes += 1,
            }
        }
    }
    counts
}

/// Whether the original sentence stands in the place of a translation.
pub(crate) fn is_gap(row: &SegmentRow) -> bool {
    match row.state {
        SegmentState::Rejected => true,
        SegmentState::Machine => row.machine.segment.failed.is_some(),
        SegmentState::Accepted | SegmentState::Edited => false,
    }
}

/// Whether an editor found the text right, here or when the memory learned it.
pub(crate) fn is_reviewed(row: &SegmentRow) -> bool {
    let recalled = || row.machine.segment.memory.as_ref().is_some_and(|m| m.reuse == Reuse::Reviewed);
    match row.state {
        SegmentState::Accepted | SegmentState::Edited => true,
        SegmentState::Machine => recalled(),
        SegmentState::Rejected => false,
    }
}

/// How soon an editor should look at an edition. What readers see and is out of date comes before everything else; then
/// errors and held sentences, then gaps, then warnings.
pub(crate) fn urgency(counts: &Counts, published_and_stale: bool) -> i64 {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).min(1000);
    i64::from(published_and_stale) * 1_000_000
        + 1000 * count(counts.errors.max(counts.held))
        + 100 * count(counts.failed)
        + count(counts.warnings)
}
