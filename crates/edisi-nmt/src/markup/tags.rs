//! The order in which tags are written.

use std::iter::Peekable;

use super::{Element, Placed, Tag};

/// Orders the tags of placed elements. Ranges must be nested or apart; points may be anywhere.
pub(super) fn order(elements: &[Element], placed: &[Placed]) -> Vec<(usize, Tag)> {
    let (mut points, mut pairs): (Vec<usize>, Vec<usize>) =
        (0..placed.len()).partition(|index| placed[*index].range.is_empty());
    // Outer before inner; of two with the same range, the one that is the outer in the source.
    pairs.sort_by_key(|index| {
        let (target, source) = (&placed[*index].range, &elements[*index].range);
        (target.start, usize::MAX - target.end, source.start, usize::MAX - source.end, *index)
    });
    points.sort_by_key(|index| (placed[*index].range.start, elements[*index].range.start, *index));
    let mut writer = Writer {
        elements,
        placed,
        tags: Vec::with_capacity(2 * placed.len()),
        points: points.into_iter().peekable(),
        open: Vec::new(),
    };
    for pair in pairs {
        let start = placed[pair].range.start;
        writer.close(start);
        writer.points(|writer, point, at| at < start || at == start && !writer.belongs(point, pair));
        writer.tags.push((start, Tag::Open(pair)));
        writer.open.push(pair);
    }
    writer.close(usize::MAX);
    writer.points(|_, _, _| true);
    writer.tags
}

struct Writer<'a, P: Iterator<Item = usize>> {
    elements: &'a [Element],
    placed: &'a [Placed],
    tags: Vec<(usize, Tag)>,
    points: Peekable<P>,
    open: Vec<usize>,
}

impl<P: Iterator<Item = usize>> Writer<'_, P> {
    /// Closes what ends at or before `limit`, with the points up to there.
    fn close(&mut self, limit: usize) {
        while let Some(pair) = self.open.pop_if(|pair| self.placed[*pair].range.end <= limit) {
            let end = self.placed[pair].range.end;
            self.points(|writer, point, at| at < end || at == end && writer.belongs(point, pair));
            self.tags.push((end, Tag::Close(pair)));
        }
    }

    /// Writes points as long as they are wanted.
    fn points(&mut self, wanted: impl Fn(&Self, usize, usize) -> bool) {
        while let Some(point) = self.points.peek().copied() {
            let at = self.placed[point].range.start;
            if !wanted(self, point, at) {
                break;
            }
            self.points.next();
            match self.elements[point].void {
                true => self.tags.push((at, Tag::Void(point))),
                false => self.tags.extend([(at, Tag::Open(point)), (at, Tag::Close(point))]),
            }
        }
    }

    /// Whether the point is within the pair in the source, not at its edge.
    fn belongs(&self, point: usize, pair: usize) -> bool {
        let (at, range) = (self.elements[point].range.start, &self.elements[pair].range);
        range.start < at && at < range.end
    }
}
