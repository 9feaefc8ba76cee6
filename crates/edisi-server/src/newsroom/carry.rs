//! What editors did, taken over into an edition that was made anew.

use std::collections::HashMap;

use edisi_store::{SegmentRow, SegmentState};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// For each of the new sentences the old segment whose review it takes over, if an editor had done something about the same
/// sentence: in its place first, then wherever it stands now.
pub(crate) fn over<'a>(old: &'a [SegmentRow], after: &[&str]) -> Vec<Option<&'a SegmentRow>> {
    let before: Vec<&str> = old.iter().map(|s| s.source.as_str()).collect();
    let mut out: Vec<Option<&SegmentRow>> = vec![None; after.len()];
    let mut is_taken = vec![false; old.len()];
    for op in capture_diff_slices(Algorithm::Myers, &before, after) {
        if let DiffOp::Equal { .. } = op {
            for (from, to) in op.old_range().zip(op.new_range()) {
                out[to] = Some(&old[from]);
                is_taken[from] = true;
            }
        }
    }
    let mut moved: HashMap<&str, &SegmentRow> = HashMap::new();
    for (row, taken) in old.iter().zip(is_taken) {
        if !taken && row.state != SegmentState::Machine {
            moved.insert(&row.source, row);
        }
    }
    for (slot, source) in out.iter_mut().zip(after) {
        if slot.is_none() {
            *slot = moved.remove(source);
        }
    }
    out.into_iter().map(|row| row.filter(|r| r.state != SegmentState::Machine)).collect()
}

#[cfg(test)]
mod tests {
    use edisi_edition::units::Place;
    use edisi_store::Id;
    use serde_json::json;

    use super::*;

    fn old(source: &str, state: SegmentState) -> SegmentRow {
        let id = Id::new();
        let machine = json!({ "source": source, "text": "t", "finish": "stop" });
        serde_json::from_value(json!({
            "id": id, "edition": id, "number": 0, "place": Place::Title, "index": 0, "source": source, "text": "t",
            "state": state, "findings": [], "decision": "publish", "machine": machine, "by": null, "version": 1,
        }))
        .unwrap()
    }

    #[test]
    fn reviews_follow_their_sentences_and_no_others() {
        use SegmentState::{Accepted, Edited, Machine, Rejected};
        let before =
            [old("a", Edited), old("b", Machine), old("c", Rejected), old("a", Accepted), old("e", Edited)];
        let after = ["e", "a", "b", "c2", "a"];
        let states: Vec<Option<SegmentState>> =
            over(&before, &after).into_iter().map(|row| row.map(|r| r.state)).collect();
        assert_eq!(states, [Some(Edited), Some(Edited), None, None, Some(Accepted)]);
    }
}
