//! Where the elements of a text stand in its translation.

use std::ops::Range;

use edisi_nmt::markup::Element as Mark;

use super::super::Segment;
use super::flow::{Element, Kind};
use crate::markup::{self, links};

/// A segment on both sides.
pub(super) struct Side<'a> {
    /// Bytes of the text.
    pub source: Range<usize>,
    /// Bytes of the translation.
    pub target: Range<usize>,
    pub segment: Segment<'a>,
}

/// A part of an element that lies within one segment, counted from where that begins.
struct Part {
    element: usize,
    /// Whether the beginning, the end, or both are the element's own.
    begins: bool,
    ends: bool,
    range: Range<usize>,
}

/// For each element its bytes in the translation. Properly nested but for points; what has no clear place encloses
/// the sentences it is in.
pub(super) fn place(
    elements: &[Element],
    sides: &[Side<'_>],
    source: &str,
    target: &str,
) -> Vec<(Kind, Range<usize>)> {
    let mut placed: Vec<(Kind, Range<usize>)> = Vec::with_capacity(elements.len());
    let mut parts: Vec<Vec<Part>> = sides.iter().map(|_| Vec::new()).collect();
    for (index, element) in elements.iter().enumerate() {
        let (at, found) = outline(index, element, sides, source);
        placed.push((element.kind, at));
        for (segment, part) in found {
            parts[segment].push(part);
        }
    }
    for (side, parts) in sides.iter().zip(&parts).filter(|(_, parts)| !parts.is_empty()) {
        within(side, parts, source, target, &mut placed);
    }
    nest(&mut placed);
    placed
}

/// Where an element stands as far as whole segments say, and its parts in those that it does not enclose.
fn outline(
    index: usize,
    element: &Element,
    sides: &[Side<'_>],
    source: &str,
) -> (Range<usize>, Vec<(usize, Part)>) {
    let last = sides.len() - 1;
    if element.kind == Kind::Point {
        let at = element.range.start;
        let next = sides.partition_point(|s| s.source.end < at).min(last);
        let side = &sides[next];
        if at <= side.source.start {
            return (side.target.start..side.target.start, Vec::new());
        }
        if at >= side.source.end {
            return (side.target.end..side.target.end, Vec::new());
        }
        let range = at - side.source.start..at - side.source.start;
        let part = Part { element: index, begins: true, ends: true, range };
        return (side.target.end..side.target.end, vec![(next, part)]);
    }
    let covered = markup::trim(&element.range, source);
    let first = sides.partition_point(|s| s.source.end <= covered.start).min(last);
    let until = sides.partition_point(|s| s.source.start < covered.end).clamp(first + 1, sides.len()) - 1;
    let whole = sides[first].target.start..sides[until].target.end;
    let begins = covered.start > sides[first].source.start;
    let ends = covered.end < sides[until].source.end;
    let cut = |side: &Side<'_>, begins: bool, ends: bool| Part {
        element: index,
        begins,
        ends,
        range: covered.start.clamp(side.source.start, side.source.end) - side.source.start
            ..covered.end.clamp(side.source.start, side.source.end) - side.source.start,
    };
    let mut parts = Vec::new();
    if first == until {
        if begins || ends || element.kind == Kind::Kept {
            parts.push((first, cut(&sides[first], true, true)));
        }
    } else {
        if begins {
            parts.push((first, cut(&sides[first], true, false)));
        }
        if ends {
            parts.push((until, cut(&sides[until], false, true)));
        }
    }
    (whole, parts)
}

/// Places the parts that lie in one segment.
fn within(side: &Side<'_>, parts: &[Part], source: &str, target: &str, placed: &mut [(Kind, Range<usize>)]) {
    let (here, there) = (&source[side.source.clone()], &target[side.target.clone()]);
    let known = if side.segment.aligned { links::of(side.segment.made) } else { None };
    let known: Vec<_> = known
        .unwrap_or_default()
        .into_iter()
        .filter(|l| l.source.end <= here.len() && l.target.end <= there.len())
        .map(|l| edisi_nmt::markup::Link {
            target: l.target.into(),
            source: l.source.into(),
            weight: l.weight,
        })
        .collect();
    let marks: Vec<Mark> = parts
        .iter()
        .map(|p| Mark { range: p.range.clone(), void: placed[p.element].0 == Kind::Point })
        .collect();
    let projected = edisi_nmt::markup::project(here, &marks, there, &known);
    for (part, by) in parts.iter().zip(projected.placed()) {
        let (kind, whole) = &mut placed[part.element];
        let words = &here[part.range.clone()];
        let same = |range: &Range<usize>| {
            if here == there {
                return Some(range.clone());
            }
            let at = markup::same_word(here, there, words, range.start).or_else(|| {
                // What stays may be no word: a sign, a placeholder.
                (*kind == Kind::Kept && here.matches(words).count() == there.matches(words).count())
                    .then(|| {
                        let rank = here[..range.start].matches(words).count();
                        there.match_indices(words).nth(rank).map(|(at, _)| at)
                    })
                    .flatten()
            })?;
            Some(at..at + words.len())
        };
        let offset = side.target.start;
        match *kind {
            Kind::Point => {
                let at = if here == there { part.range.start } else { by.range.start };
                *whole = at + offset..at + offset;
            }
            Kind::Kept => {
                let found = same(&part.range);
                if found.is_none() {
                    *kind = Kind::Point;
                }
                let range = found.unwrap_or(by.range.end..by.range.end);
                *whole = range.start + offset..range.end + offset;
            }
            Kind::Pair => {
                let clear =
                    || (by.confidence >= markup::CLEAR && !by.range.is_empty()).then(|| by.range.clone());
                if let Some(range) = same(&part.range).or_else(clear) {
                    if part.begins {
                        whole.start = range.start + offset;
                    }
                    if part.ends {
                        whole.end = range.end + offset;
                    }
                }
            }
        }
    }
}

/// Widens pairs until none crosses another or what is kept.
fn nest(placed: &mut [(Kind, Range<usize>)]) {
    let mut kept: Vec<Range<usize>> = Vec::new();
    for (kind, range) in placed.iter_mut().filter(|(kind, _)| *kind == Kind::Kept) {
        match kept.iter().find(|k| k.start < range.end && range.start < k.end) {
            Some(other) => (*kind, *range) = (Kind::Point, other.end..other.end),
            None => kept.push(range.clone()),
        }
    }
    for (_, range) in placed.iter_mut().filter(|(kind, _)| *kind == Kind::Point) {
        if let Some(inside) = kept.iter().find(|k| k.start < range.start && range.start < k.end) {
            *range = inside.end..inside.end;
        }
    }
    let pairs: Vec<usize> = (0..placed.len()).filter(|i| placed[*i].0 == Kind::Pair).collect();
    loop {
        let mut changed = false;
        for &a in &pairs {
            let mut range = placed[a].1.clone();
            for k in &kept {
                if k.start < range.end && range.start < k.end {
                    range = range.start.min(k.start)..range.end.max(k.end);
                }
            }
            for &b in &pairs {
                let other = &placed[b].1;
                let crosses = range.start < other.start && other.start < range.end && range.end < other.end;
                if crosses {
                    range.end = other.end;
                }
            }
            changed |= range != placed[a].1;
            placed[a].1 = range;
        }
        if !changed {
            return;
        }
    }
}
