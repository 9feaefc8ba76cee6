//! What each unit of the target has to do with each byte of the source.

use std::collections::HashMap;
use std::ops::Range;

use super::Link;
use super::units::{self, Unit};

/// The units of the target, and where in the source each comes from.
pub(super) struct Evidence {
    pub(super) units: Vec<Unit>,
    /// For each unit, parts of the source (not empty) with weights that sum to one; none when nothing is known.
    sources: Vec<Vec<(Range<usize>, f32)>>,
}

impl Evidence {
    pub(super) fn gather(source: &str, target: &str, links: &[Link]) -> Self {
        let mut cuts: Vec<usize> =
            links.iter().flat_map(|link| [link.target.start, link.target.end]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let units = units::split(target, &cuts);
        let mut sources = vec![Vec::new(); units.len()];
        for link in links {
            let Some(part) = part_of(source, &link.source) else { continue };
            if !(link.weight > 0.0 && link.weight.is_finite()) {
                continue;
            }
            let first = units.partition_point(|unit| unit.range.end <= link.target.start);
            for (unit, known) in units[first..].iter().zip(&mut sources[first..]) {
                let shared = overlap(&unit.range, &link.target);
                if unit.range.start >= link.target.end {
                    break;
                }
                known.push((part.clone(), link.weight * shared as f32));
            }
        }
        for known in &mut sources {
            let total: f32 = known.iter().map(|(_, weight)| weight).sum();
            match total > 0.0 && total.is_finite() {
                true => known.iter_mut().for_each(|(_, weight)| *weight /= total),
                false => known.clear(),
            }
        }
        let mut evidence = Self { units, sources };
        evidence.trust_unchanged_words(source, target);
        evidence
    }

    /// A word that occurs in the source as often as in the target comes from its counterpart of the same rank.
    fn trust_unchanged_words(&mut self, source: &str, target: &str) {
        let mut counterparts: HashMap<String, Vec<Range<usize>>> = HashMap::new();
        for unit in units::split(source, &[]).into_iter().filter(|unit| unit.word) {
            counterparts.entry(source[unit.range.clone()].to_lowercase()).or_default().push(unit.range);
        }
        let mut occurrences: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, unit) in self.units.iter().enumerate().filter(|(_, unit)| unit.word) {
            occurrences.entry(target[unit.range.clone()].to_lowercase()).or_default().push(index);
        }
        for (word, indices) in occurrences {
            // Short words are alike by chance: Portuguese `a` is not English `a`.
            let telling = word.chars().count() > 2 || word.starts_with(|first: char| first.is_ascii_digit());
            if let Some(ranges) =
                counterparts.get(&word).filter(|ranges| telling && ranges.len() == indices.len())
            {
                for (index, range) in indices.into_iter().zip(ranges) {
                    self.sources[index] = vec![(range.clone(), 1.0)];
                }
            }
        }
    }

    /// Whether anything is known of the unit.
    pub(super) fn knows(&self, unit: usize) -> bool {
        !self.sources[unit].is_empty()
    }

    /// The share of the unit that comes from `range` of the source, 0 to 1.
    pub(super) fn share(&self, unit: usize, range: &Range<usize>) -> f32 {
        let within =
            |(part, weight): &(Range<usize>, f32)| weight * overlap(part, range) as f32 / part.len() as f32;
        self.sources[unit].iter().map(within).sum::<f32>().min(1.0)
    }
}

/// Without the white space around it; an empty range stands for the character that begins there.
fn part_of(source: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let start = source.floor_char_boundary(range.start);
    let end = source.ceil_char_boundary(range.end.min(source.len())).max(start);
    let part = &source[start..end];
    let start = start + (part.len() - part.trim_start().len());
    let end = start + part.trim().len();
    if start < end {
        return Some(start..end);
    }
    let rest = &source[start..];
    let start = start + (rest.len() - rest.trim_start().len());
    source[start..].chars().next().map(|character| start..start + character.len_utf8())
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}
