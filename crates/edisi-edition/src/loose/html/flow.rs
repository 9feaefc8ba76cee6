//! A run of text with the elements in it, between two tags that end a sentence.

use std::ops::Range;

use edisi_text::Lang;

use super::super::Unit;
use crate::units;

/// Something that is written as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Bytes of the input.
    Copy(Range<usize>),
    /// A translated attribute: the number of its unit, and the mark around it; without one it gets `"`.
    Value { unit: usize, quote: Option<u8> },
}

/// What an element does in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It encloses a part of the text.
    Pair,
    /// It is a point.
    Point,
    /// Its words stand as they are.
    Kept,
}

/// An element in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub kind: Kind,
    /// Bytes of the text that it encloses.
    pub range: Range<usize>,
    /// Its number among the tags of the text, and that of its end.
    pub order: Range<usize>,
    pub open: Vec<Piece>,
    pub close: Vec<Piece>,
}

/// Elements that a run of text has at most; then another begins.
const MOST: usize = 256;

/// How far back the tag is looked for that an end tag belongs to.
const DEPTH: usize = 64;

/// A run of text being read.
#[derive(Default)]
pub(super) struct Builder {
    text: String,
    elements: Vec<Element>,
    /// Elements not closed yet: name and number.
    open: Vec<(String, usize)>,
    tags: usize,
    /// Whether the last that was added was a tag.
    behind_tag: bool,
    preformatted: bool,
    /// White space of the input that the run begins and ends with.
    lead: Range<usize>,
    tail: Range<usize>,
}

/// A run of text.
#[derive(Debug)]
pub(super) struct Flow {
    /// The number of its unit.
    pub unit: usize,
    /// In the order in which they open.
    pub elements: Vec<Element>,
    /// White space of the input before and after it.
    pub lead: Range<usize>,
    pub tail: Range<usize>,
}

impl Builder {
    pub fn new(preformatted: bool) -> Builder {
        Builder { preformatted, ..Builder::default() }
    }

    pub fn is_full(&self) -> bool {
        self.elements.len() >= MOST
    }

    /// Adds text; `at` are its bytes in the input.
    pub fn text(&mut self, raw: &str, at: Range<usize>) {
        let decoded = super::token::decode(raw);
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c');
        if self.text.is_empty() && self.elements.is_empty() {
            let length = raw.len() - raw.trim_start_matches(is_space).len();
            self.lead = at.start..at.start + length;
        }
        self.tail = at.start + raw.trim_end_matches(is_space).len()..at.end;
        let begins = self.text.is_empty() && self.elements.is_empty();
        self.space_behind_point(raw.len() - raw.trim_start_matches(is_space).len(), at.start);
        self.behind_tag = false;
        for c in decoded.chars() {
            match c {
                c if is_space(c)
                    && self.text.is_empty()
                    && !self.elements.is_empty()
                    && !self.preformatted => {}
                c if self.preformatted && !(begins && self.text.is_empty() && is_space(c)) => {
                    self.text.push(c)
                }
                c if !is_space(c) => self.text.push(c),
                _ if begins && self.text.is_empty() => {}
                _ if self.text.ends_with(' ') => {}
                _ => self.text.push(' '),
            }
        }
    }

    /// Adds a space that is written as an element, at these bytes of the input.
    pub fn space(&mut self, at: Range<usize>) {
        if self.text.is_empty() || self.text.ends_with(' ') || self.preformatted {
            self.point(vec![Piece::Copy(at)]);
            return;
        }
        self.text.push(' ');
        (self.tail, self.behind_tag) = (at, false);
    }

    /// White space on both sides of a picture is not one: what is behind it goes where it goes.
    fn space_behind_point(&mut self, length: usize, at: usize) {
        let collapses = (self.text.is_empty() || self.text.ends_with(' ')) && !self.preformatted;
        let number = self.elements.len().wrapping_sub(1);
        let is_open = self.open.iter().any(|(_, open)| *open == number);
        if let Some(point) = self.elements.last_mut()
            && (length > 0 && collapses && !is_open)
            && (point.kind == Kind::Point && self.behind_tag)
        {
            point.open.push(Piece::Copy(at..at + length));
        }
    }

    fn tag(&mut self) -> usize {
        (self.tail, self.tags, self.behind_tag) = (0..0, self.tags + 1, true);
        self.tags - 1
    }

    /// Adds a point.
    pub fn point(&mut self, pieces: Vec<Piece>) {
        let order = self.tag();
        let at = self.text.len();
        self.elements.push(Element {
            kind: Kind::Point,
            range: at..at,
            order: order..order,
            open: pieces,
            close: Vec::new(),
        });
    }

    /// Adds an element whose words stay; `raw` is what is in it.
    pub fn kept(&mut self, words: &str, pieces: Vec<Piece>) {
        let start = self.text.len();
        self.text.push_str(words);
        let order = self.tag();
        let range = start..self.text.len();
        self.elements.push(Element {
            kind: Kind::Kept,
            range,
            order: order..order,
            open: pieces,
            close: Vec::new(),
        });
    }

    pub fn open(&mut self, name: String, pieces: Vec<Piece>) {
        self.open.push((name, self.elements.len()));
        self.point(pieces);
    }

    pub fn close(&mut self, name: &str, at: Range<usize>) {
        let nearest = self.open.iter().rev().take(DEPTH).position(|(open, _)| open == name);
        let Some(nearest) = nearest else {
            // It closes what began before this run.
            self.point(vec![Piece::Copy(at)]);
            return;
        };
        let (_, number) = self.open.remove(self.open.len() - 1 - nearest);
        let order = self.tag();
        let start = self.elements[number].range.start;
        if self.text[start..].trim().is_empty() {
            self.fold(number, at, start);
            return;
        }
        let element = &mut self.elements[number];
        element.kind = Kind::Pair;
        element.range.end = self.text.len();
        element.order.end = order;
        element.close = vec![Piece::Copy(at)];
    }

    /// An element without text is a point, with all that is in it.
    fn fold(&mut self, number: usize, close: Range<usize>, start: usize) {
        let begin = self.elements[number].order.start;
        let ends_within = |before: &Element| before.order.end > begin;
        if self.open.iter().any(|(_, other)| *other > number)
            || self.elements[..number].iter().any(ends_within)
        {
            // What is in it ends behind it, or what began before it ends in it: both tags stand for themselves.
            self.point(vec![Piece::Copy(close)]);
            return;
        }
        let values = values(&self.elements[number..]);
        self.elements.truncate(number + 1);
        self.text.truncate(start);
        let element = &mut self.elements[number];
        if let Some(Piece::Copy(first)) = element.open.first() {
            element.open = pieces(first.start..close.end, values);
        }
    }

    /// The translated attributes in it, each with its bytes in the input.
    pub fn values(&self) -> Vec<(Range<usize>, Piece)> {
        values(&self.elements)
    }

    /// Whether there is anything to translate in it but what is kept.
    fn says_something(&self) -> bool {
        let mut at = 0;
        for kept in self.elements.iter().filter(|e| e.kind == Kind::Kept) {
            if units::is_translatable(&self.text[at..kept.range.start]) {
                return true;
            }
            at = kept.range.end;
        }
        units::is_translatable(&self.text[at.min(self.text.len())..])
    }

    /// Ends the run: its text and elements, unless there is nothing to translate in it.
    pub fn finish(mut self, lang: Lang, units: &mut Vec<Unit>) -> Option<Flow> {
        let trimmed = self.text.trim_end_matches([' ', '\t', '\n', '\r', '\x0c']).len();
        if self.tail.is_empty() {
            self.tail = 0..0;
        } else {
            self.text.truncate(trimmed);
        }
        if !self.says_something() {
            return None;
        }
        for element in &mut self.elements {
            element.range.start = element.range.start.min(self.text.len());
            element.range.end = element.range.end.min(self.text.len());
        }
        let mut segments = units::segment(&self.text, lang, self.preformatted);
        let kept = |e: &&Element| e.kind == Kind::Kept && !e.range.is_empty();
        let keeps: Vec<Range<usize>> = self.elements.iter().filter(kept).map(|e| e.range.clone()).collect();
        for keep in &keeps {
            unite(&mut segments, keep);
        }
        units.push(Unit { text: self.text, segments, keeps });
        Some(Flow { unit: units.len() - 1, elements: self.elements, lead: self.lead, tail: self.tail })
    }
}

/// Makes one segment of all that touch `range`.
fn unite(segments: &mut Vec<Range<usize>>, range: &Range<usize>) {
    let first = segments.partition_point(|s| s.end <= range.start);
    let last = segments.partition_point(|s| s.start < range.end);
    if first + 1 < last {
        segments[first].end = segments[last - 1].end;
        segments.drain(first + 1..last);
    }
}

/// The input `range` with the translated attributes in it.
pub(super) fn pieces(range: Range<usize>, values: Vec<(Range<usize>, Piece)>) -> Vec<Piece> {
    let (mut pieces, mut at) = (Vec::with_capacity(values.len() * 2 + 1), range.start);
    for (value, piece) in values {
        pieces.extend([Piece::Copy(at..value.start), piece]);
        at = value.end;
    }
    pieces.push(Piece::Copy(at..range.end));
    pieces
}

/// A value stands between the copies before and behind it.
fn values(elements: &[Element]) -> Vec<(Range<usize>, Piece)> {
    let mut found = Vec::new();
    for element in elements {
        for triple in element.open.windows(3) {
            if let [Piece::Copy(before), value @ Piece::Value { .. }, Piece::Copy(behind)] = triple {
                found.push((before.end..behind.start, value.clone()));
            }
        }
    }
    found
}
