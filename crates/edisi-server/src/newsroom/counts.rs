//! How much of what there is in an edition, and how soon somebody should look at it.

use edisi_article::{Finding, Severity};
use edisi_edition::Decision;
use edisi_edition::kept::KeptSegment;
use edisi_edition::recall::Reuse;
use edisi_edition::repair::Way;
use edisi_edition::report::Counts;
use edisi_store::{NewSegment, SegmentRow, SegmentState};

/// What is counted of a segment: of one that is kept, or is about to be.
pub(crate) struct Counted<'a> {
    pub state: SegmentState,
    pub decision: Decision,
    pub findings: &'a [Finding],
    pub machine: &'a KeptSegment,
}

impl<'a> From<&'a SegmentRow> for Counted<'a> {
    fn from(row: &'a SegmentRow) -> Counted<'a> {
        Counted { state: row.state, decision: row.decision, findings: &row.findings, machine: &row.machine }
    }
}

impl<'a> From<&'a NewSegment> for Counted<'a> {
    fn from(new: &'a NewSegment) -> Counted<'a> {
        Counted { state: new.state, decision: new.decision, findings: &new.findings, machine: &new.machine }
    }
}

/// Counts segments as they are now.
pub(crate) fn of<'a, S: Into<Counted<'a>>>(segments: impl IntoIterator<Item = S>) -> Counts {
    let mut counts = Counts::default();
    for segment in segments {
        let Counted { state, decision, findings, machine } = segment.into();
        let made = &machine.segment;
        counts.segments += 1;
        counts.failed += usize::from(is_gap_in(state, machine));
        counts.held += usize::from(decision == Decision::Hold);
        let reuse = made.memory.as_ref().map(|m| m.reuse);
        counts.reviewed += usize::from(is_reviewed_in(state, machine));
        counts.adapted += usize::from(state == SegmentState::Machine && reuse == Some(Reuse::Adapted));
        counts.retried += usize::from(made.repair.is_some());
        counts.repaired += usize::from(made.repair.as_ref().is_some_and(|r| r.chosen != Way::Route));
        let before = made.repair.as_ref().map_or(&made.findings, |r| &r.before);
        counts.errors_before += before.iter().filter(|f| f.severity == Severity::Error).count();
        for finding in findings {
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
    is_gap_in(row.state, &row.machine)
}

fn is_gap_in(state: SegmentState, machine: &KeptSegment) -> bool {
    match state {
        SegmentState::Rejected => true,
        SegmentState::Machine => machine.segment.failed.is_some(),
        SegmentState::Accepted | SegmentState::Edited => false,
    }
}

/// Whether an editor found the text right, here or when the memory learned it.
pub(crate) fn is_reviewed(row: &SegmentRow) -> bool {
    is_reviewed_in(row.state, &row.machine)
}

fn is_reviewed_in(state: SegmentState, machine: &KeptSegment) -> bool {
    match state {
        SegmentState::Accepted | SegmentState::Edited => true,
        SegmentState::Machine => machine.segment.memory.as_ref().is_some_and(|m| m.reuse == Reuse::Reviewed),
        SegmentState::Rejected => false,
    }
}

/// How soon an editor should look at an edition. What readers see and is out of date comes before everything else; then
/// errors and held sentences, then gaps, then warnings.
pub(crate) fn urgency(counts: &Counts, readers_see_older: bool) -> i64 {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).min(1000);
    i64::from(readers_see_older) * 1_000_000
        + 1000 * count(counts.errors.max(counts.held))
        + 100 * count(counts.failed)
        + count(counts.warnings)
}
