//! Places of elements that are points.

use std::ops::{Range, RangeInclusive};

use super::evidence::Evidence;
use super::{Element, Placed};

/// Fills in `placed` for the elements `points`; the places of the `pairs` are known.
///
/// Each point wants to stand in the gap between two units where the least of what the alignment knows lies on
/// the wrong side, within the pair that encloses it. The gaps so found are dealt out in the order of the source.
pub(super) fn place(
    source: &str,
    elements: &[Element],
    points: &[usize],
    pairs: &[usize],
    target: &str,
    evidence: &Evidence,
    placed: &mut [Placed],
) {
    let known = (0..evidence.units.len()).filter(|unit| evidence.knows(*unit)).count();
    let mut order = points.to_vec();
    order.sort_by_key(|index| elements[*index].range.start);
    let mut gaps = Vec::with_capacity(order.len());
    for index in &order {
        let point = elements[*index].range.start;
        let encloses =
            |pair: &&usize| elements[**pair].range.start < point && point < elements[**pair].range.end;
        let within = match pairs.iter().filter(encloses).min_by_key(|pair| elements[**pair].range.len()) {
            Some(pair) => gaps_within(&placed[*pair].range, evidence),
            None => 0..=evidence.units.len(),
        };
        let costs = costs(source, point, evidence);
        let gap = within.min_by(|a, b| costs[*a].total_cmp(&costs[*b])).unwrap_or(0);
        gaps.push(gap);
        if known > 0 {
            placed[*index].confidence = (1.0 - costs[gap] / known as f32).clamp(0.0, 1.0);
        }
    }
    gaps.sort_unstable();
    let mut behind = 0;
    for (index, gap) in order.iter().zip(gaps) {
        behind = offset(source, elements[*index].range.start, target, evidence, gap).max(behind);
        placed[*index].range = behind..behind;
    }
}

/// The gaps within a part of the target, its edges included.
fn gaps_within(range: &Range<usize>, evidence: &Evidence) -> RangeInclusive<usize> {
    let first = evidence.units.partition_point(|unit| unit.range.end <= range.start);
    let last = evidence.units.partition_point(|unit| unit.range.end <= range.end);
    first..=last.max(first)
}

/// For each gap between units, the weight that is on the other side of `point` than in the source.
fn costs(source: &str, point: usize, evidence: &Evidence) -> Vec<f32> {
    let count = evidence.units.len();
    let behind = |unit: usize| evidence.share(unit, &(point..source.len()));
    let before = |unit: usize| evidence.share(unit, &(0..point));
    // Where nothing is known the relative position decides, elsewhere it only breaks ties.
    let expected = count as f32 * point as f32 / source.len().max(1) as f32;
    let mut cost: f32 = (0..count).map(before).sum();
    let mut costs = vec![cost + 1e-3 * expected];
    for unit in 0..count {
        cost += behind(unit) - before(unit);
        costs.push(cost + 1e-3 * ((unit + 1) as f32 - expected).abs());
    }
    costs
}

/// The byte offset of a gap: at the word that the point touches in the source.
fn offset(source: &str, point: usize, target: &str, evidence: &Evidence, gap: usize) -> usize {
    let touches_before = source[..point].ends_with(|character: char| !character.is_whitespace());
    let before = gap.checked_sub(1).map(|unit| evidence.units[unit].range.end);
    let after = evidence.units.get(gap).map(|unit| unit.range.start);
    match (before, after) {
        (Some(before), Some(after)) => {
            if touches_before {
                before
            } else {
                after
            }
        }
        (None, _) => 0,
        (Some(_), None) => target.len(),
    }
}
