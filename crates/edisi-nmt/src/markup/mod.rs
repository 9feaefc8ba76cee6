//! Inline markup, carried from a text to its translation along word alignments.
//!
//! The model sees plain text. Elements (`<b>…</b>`, links, `<br>`) are given as byte ranges of the source, and
//! come back as byte ranges of the target:
//!
//! - every element exactly once, as one range; the text is not touched;
//! - paired elements begin and end at the edges of words, never within one, and are empty only where they
//!   were empty or the target is; in scripts without spaces the edges are those of the model's tokens;
//! - void elements in the order they had; one at the edge of a pair counts as outside it, so an image that is
//!   all there is in a link is best given together with the link as one void element;
//! - all of them well nested, however they overlapped in the source.
//!
//! A range is the contiguous run of target words that the alignment ties most to the element. Words that
//! stand unchanged on both sides, names and numbers, count as certain. [`Placed::confidence`] says how much
//! of the evidence agrees, so that a caller can rather drop a link than have it lead readers astray.

mod evidence;
mod paired;
mod tags;
mod units;
mod void;

use std::ops::Range;

use evidence::Evidence;

use crate::Translation;
/// How strongly a part of the target, a word or a token, is tied to a part of the source. Weights are not negative;
/// only their ratio to those of other links of the same target bytes matters.
pub use crate::WordLink as Link;

/// Something that marks a part of the source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// The bytes it encloses. What lies beyond the text, or within a character, is cut off. For a void
    /// element the beginning counts.
    pub range: Range<usize>,
    /// Whether it is a point, as `<br>` and `<img>` are.
    pub void: bool,
}

impl Translation {
    /// The alignment of the tokens, as [`project`](crate::markup::project) takes it; finer than that of the words.
    pub fn markup_links(&self) -> Vec<Link> {
        let of = |token: &crate::Token| {
            let target = token.span.clone();
            let one = move |link: &crate::Link| Link {
                target: target.clone(),
                source: link.source.clone(),
                weight: link.weight,
            };
            self.links_of(token).iter().map(one).collect::<Vec<_>>()
        };
        self.tokens.iter().flat_map(of).collect()
    }
}

/// Where an element came to stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Bytes of the target text; empty for void elements.
    pub range: Range<usize>,
    /// The share of the evidence that agrees, 0 to 1: the smaller of how much of the enclosed words belongs
    /// to the element, and how much of what belongs to it is enclosed. 0 where there was none.
    pub confidence: f32,
}

/// A tag in the target text; the number is the element's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// A paired element begins.
    Open(usize),
    /// A paired element ends.
    Close(usize),
    /// A void element.
    Void(usize),
}

/// Elements in a translation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Projection {
    placed: Vec<Placed>,
    tags: Vec<(usize, Tag)>,
}

impl Projection {
    /// For each element, in the order given, where it stands.
    pub fn placed(&self) -> &[Placed] {
        &self.placed
    }

    /// The tags in the order to write them, each with its byte offset in the target. Balanced.
    pub fn tags(&self) -> &[(usize, Tag)] {
        &self.tags
    }

    /// Writes the target text with its tags: `text` writes a piece of text, `tag` a tag.
    pub fn write(&self, target: &str, mut text: impl FnMut(&str), mut tag: impl FnMut(Tag)) {
        let mut at = 0;
        for (offset, next) in &self.tags {
            if at < *offset {
                text(&target[at..*offset]);
                at = *offset;
            }
            tag(*next);
        }
        if at < target.len() {
            text(&target[at..]);
        }
    }
}

/// Carries `elements` of `source`, in the order in which they open, over to its translation `target`.
///
/// Without `links` elements are placed by unchanged words and by their relative position. Takes time
/// proportional to elements times target words, plus links.
pub fn project(source: &str, elements: &[Element], target: &str, links: &[Link]) -> Projection {
    let elements: Vec<Element> = elements
        .iter()
        .map(|element| {
            let start = source.floor_char_boundary(element.range.start);
            let end =
                if element.void { start } else { source.floor_char_boundary(element.range.end).max(start) };
            Element { range: start..end, void: element.void }
        })
        .collect();
    let evidence = Evidence::gather(source, target, links);
    // An empty pair is a point like a void element, but has its own two tags.
    let is_point = |element: &Element| element.void || element.range.is_empty();
    let mut placed = vec![Placed { range: 0..0, confidence: 0.0 }; elements.len()];
    let (points, pairs): (Vec<usize>, Vec<usize>) =
        (0..elements.len()).partition(|index| is_point(&elements[*index]));
    paired::place(source, &elements, &pairs, target, &evidence, &mut placed);
    void::place(source, &elements, &points, &pairs, target, &evidence, &mut placed);
    let tags = tags::order(&elements, &placed);
    Projection { placed, tags }
}

#[cfg(test)]
mod tests;
