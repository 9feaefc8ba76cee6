//! Places of elements that enclose text.

use std::ops::Range;

use super::evidence::Evidence;
use super::{Element, Placed};

/// A unit belongs to an element when more than this share of it comes from there.
const THRESHOLD: f32 = 0.5;
/// What a mark of punctuation counts, beside a word's 1.
const MARK: f32 = 0.25;
/// What a unit costs of which nothing is known.
const UNKNOWN: f32 = -0.1;

/// Fills in `placed` for the elements `pairs`, which are not empty.
pub(super) fn place(
    source: &str,
    elements: &[Element],
    pairs: &[usize],
    target: &str,
    evidence: &Evidence,
    placed: &mut [Placed],
) {
    let tree = Tree::new(elements, pairs);
    let placer = Placer { source, elements, target, evidence };
    // Parents first: (elements with the same parent, units they may enclose).
    let mut open = vec![(tree.roots.clone(), 0..evidence.units.len())];
    while let Some((siblings, within)) = open.pop() {
        for (element, units) in placer.siblings(&siblings, within) {
            placed[element] = Placed {
                range: placer.bytes(&units),
                confidence: placer.confidence(&elements[element].range, &units),
            };
            if !tree.children[element].is_empty() {
                open.push((tree.children[element].clone(), units));
            }
        }
    }
}

/// Which element encloses which in the source. Where elements cross, the later is the sibling of the earlier.
struct Tree {
    roots: Vec<usize>,
    children: Vec<Vec<usize>>,
}

impl Tree {
    fn new(elements: &[Element], pairs: &[usize]) -> Self {
        let mut order = pairs.to_vec();
        order.sort_by_key(|index| (elements[*index].range.start, usize::MAX - elements[*index].range.end));
        let mut tree = Self { roots: Vec::new(), children: vec![Vec::new(); elements.len()] };
        let mut ancestors: Vec<usize> = Vec::new();
        for index in order {
            while ancestors.pop_if(|above| elements[*above].range.end < elements[index].range.end).is_some() {
            }
            match ancestors.last() {
                Some(parent) => tree.children[*parent].push(index),
                None => tree.roots.push(index),
            }
            ancestors.push(index);
        }
        tree
    }
}

struct Placer<'a> {
    source: &'a str,
    elements: &'a [Element],
    target: &'a str,
    evidence: &'a Evidence,
}

impl Placer<'_> {
    /// Places elements that do not enclose each other, the surest first, so that they do not overlap while
    /// there are units left; then the last ones share a unit with another. One unit, because that nests with
    /// whatever there is.
    fn siblings(&self, siblings: &[usize], within: Range<usize>) -> Vec<(usize, Range<usize>)> {
        let mut ranked: Vec<(f32, usize)> =
            siblings.iter().map(|element| (self.best(*element, &within).0, *element)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut free = vec![within.clone()];
        let mut taken: Vec<(usize, Range<usize>)> = Vec::new();
        for (_, element) in &ranked {
            let better = free
                .iter()
                .enumerate()
                .map(|(index, gap)| (self.best(*element, gap), index))
                .max_by(|a, b| a.0.0.total_cmp(&b.0.0).then(b.1.cmp(&a.1)));
            let Some(((_, units), gap)) = better else {
                let (_, units) = self.best(*element, &within);
                taken.push((*element, units.start..(units.start + 1).min(units.end)));
                continue;
            };
            let gap = free.swap_remove(gap);
            free.extend(
                [gap.start..units.start, units.end..gap.end].into_iter().filter(|rest| !rest.is_empty()),
            );
            taken.push((*element, units));
        }
        taken
    }

    /// The run of units with the highest score, and that score; not empty unless `within` is.
    fn best(&self, element: usize, within: &Range<usize>) -> (f32, Range<usize>) {
        let range = &self.elements[element].range;
        if self.source[..range.start].trim().is_empty() && self.source[range.end..].trim().is_empty() {
            return (within.len() as f32, within.clone());
        }
        // Kadane's algorithm: the best run that ends here, and the best of all.
        let (mut run, mut run_start) = (f32::NEG_INFINITY, within.start);
        let (mut best, mut units) = (f32::NEG_INFINITY, within.start..within.start);
        for unit in within.clone() {
            let value = self.value(unit, range);
            if run < 0.0 {
                (run, run_start) = (value, unit);
            } else {
                run += value;
            }
            if run > best {
                (best, units) = (run, run_start..unit + 1);
            }
        }
        if best <= 0.0 {
            units = self.fallback(range, within);
        }
        (best, self.trim_marks(range, units))
    }

    fn value(&self, unit: usize, range: &Range<usize>) -> f32 {
        let weight = if self.evidence.units[unit].word { 1.0 } else { MARK };
        match self.evidence.knows(unit) {
            true => weight * (self.evidence.share(unit, range) - THRESHOLD),
            false => weight * UNKNOWN,
        }
    }

    /// Where no unit is mainly the element's: the one with the largest share, else the one at its relative
    /// position.
    fn fallback(&self, range: &Range<usize>, within: &Range<usize>) -> Range<usize> {
        let shares = within.clone().map(|unit| (self.evidence.share(unit, range), unit));
        let best = shares.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        match best {
            Some((share, unit)) if share > 0.0 => unit..unit + 1,
            _ => {
                let middle = range.start + range.len() / 2;
                let at = self.target.len() as u128 * middle as u128 / self.source.len().max(1) as u128;
                let unit = self.evidence.units.partition_point(|unit| (unit.range.end as u128) <= at);
                let unit = unit.clamp(within.start, within.end.saturating_sub(1).max(within.start));
                unit..(unit + 1).min(within.end)
            }
        }
    }

    /// Leaves punctuation outside at the sides where the source has it outside.
    fn trim_marks(&self, range: &Range<usize>, mut units: Range<usize>) -> Range<usize> {
        let marked = self.source[range.clone()].trim();
        let is_word = |unit: usize| self.evidence.units[unit].word;
        if !units.clone().any(is_word) {
            return units;
        }
        if marked.starts_with(char::is_alphanumeric) {
            while !is_word(units.start) {
                units.start += 1;
            }
        }
        if marked.ends_with(char::is_alphanumeric) {
            while !is_word(units.end - 1) {
                units.end -= 1;
            }
        }
        units
    }

    fn bytes(&self, units: &Range<usize>) -> Range<usize> {
        match (self.evidence.units.get(units.start), units.is_empty()) {
            (Some(first), false) => first.range.start..self.evidence.units[units.end - 1].range.end,
            (Some(unit), true) => unit.range.start..unit.range.start,
            (None, _) => self.target.len()..self.target.len(),
        }
    }

    fn confidence(&self, range: &Range<usize>, units: &Range<usize>) -> f32 {
        let (mut inside, mut all, mut enclosed) = (0.0, 0.0, 0.0);
        for (index, unit) in self.evidence.units.iter().enumerate().filter(|(_, unit)| unit.word) {
            let bytes = unit.range.len() as f32;
            let share = self.evidence.share(index, range) * bytes;
            all += share;
            if units.contains(&index) {
                inside += share;
                enclosed += bytes;
            }
        }
        match inside > 0.0 {
            true => (inside / enclosed).min(inside / all).min(1.0),
            false => 0.0,
        }
    }
}
