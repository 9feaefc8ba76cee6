//! HTML.

mod flow;
mod place;
mod tags;
mod token;

use std::ops::Range;

use edisi_text::Lang;

use super::{Segment, Unit, plain};
use crate::units;
use flow::{Builder, Element, Flow, Kind, Piece};
use place::Side;
use token::{Tag, Token, Tokens};

/// What is kept counts as words of its sentence up to this many bytes; longer ones are points.
const WORDS: usize = 200;

/// A page taken apart.
pub(super) struct Page<'a> {
    html: &'a str,
    units: Vec<Unit>,
    parts: Vec<Part>,
}

enum Part {
    Piece(Piece),
    Flow(Flow),
}

struct Reader<'a> {
    page: Page<'a>,
    lang: Lang,
    flow: Builder,
    /// Where the run of text begins.
    from: usize,
    /// How many `<pre>` are open.
    preformatted: usize,
}

/// An element that is passed over until it ends.
struct Skipped {
    name: String,
    /// How many of its name are open.
    depth: usize,
    start: usize,
    /// Where its content begins.
    content: usize,
    pieces: Vec<Piece>,
    block: bool,
}

impl<'a> Page<'a> {
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Takes HTML apart; any input is some.
    pub fn read(html: &'a str, lang: Lang) -> Page<'a> {
        let page = Page { html, units: Vec::new(), parts: Vec::new() };
        let mut reader = Reader { page, lang, flow: Builder::new(false), from: 0, preformatted: 0 };
        let mut skipped: Option<Skipped> = None;
        for (token, at) in Tokens::of(html) {
            let Some(skip) = &mut skipped else {
                skipped = reader.token(token, at);
                continue;
            };
            if skip.ends(&token)
                && let Some(skip) = skipped.take()
            {
                reader.kept(skip, at);
            }
        }
        if let Some(skip) = skipped {
            // It never ends: all the rest belongs to it.
            let rest = skip.start;
            reader.flush(rest);
            reader.copy(rest..html.len());
        } else {
            reader.flush(html.len());
        }
        reader.page
    }

    /// The page with a translation for each segment.
    pub fn write(&self, segments: &[Segment<'_>], target: Lang) -> String {
        let mut of_unit = Vec::with_capacity(self.units.len());
        let mut rest = segments;
        for unit in &self.units {
            let (own, next) = rest.split_at(unit.segments.len());
            of_unit.push(own);
            rest = next;
        }
        let mut out = String::with_capacity(self.html.len() * 2);
        for part in &self.parts {
            match part {
                Part::Piece(piece) => self.piece(piece, &of_unit, target, &mut out),
                Part::Flow(flow) => {
                    out.push_str(&self.html[flow.lead.clone()]);
                    self.flow(flow, &of_unit, target, &mut out);
                    out.push_str(&self.html[flow.tail.clone()]);
                }
            }
        }
        out
    }

    fn piece(&self, piece: &Piece, of_unit: &[&[Segment<'_>]], target: Lang, out: &mut String) {
        match piece {
            Piece::Copy(range) => out.push_str(&self.html[range.clone()]),
            Piece::Value { unit, quote } => {
                let text = plain::write(&self.units[*unit], of_unit[*unit], target);
                let mark = quote.unwrap_or(b'"');
                let marks = if quote.is_none() { "\"" } else { "" };
                out.push_str(marks);
                out.push_str(&token::encode(&text, Some(mark)));
                out.push_str(marks);
            }
        }
    }

    fn flow(&self, flow: &Flow, of_unit: &[&[Segment<'_>]], target: Lang, out: &mut String) {
        let (unit, segments) = (&self.units[flow.unit], of_unit[flow.unit]);
        let (text, sides) = joined(unit, segments, target);
        let placed = place::place(&flow.elements, &sides, &unit.text, &text);
        let mut writer = Writer { page: self, of_unit, target, text: &text, elements: &flow.elements, out };
        writer.write(&placed);
    }
}

/// The translation of a unit and where its segments are in it.
fn joined<'a>(unit: &Unit, segments: &[Segment<'a>], target: Lang) -> (String, Vec<Side<'a>>) {
    let (mut text, mut at, mut sides) = (String::new(), 0, Vec::with_capacity(segments.len()));
    for (source, segment) in unit.segments.iter().zip(segments) {
        let gap = &unit.text[at..source.start];
        match sides.is_empty() || gap.contains('\n') {
            true => text.push_str(gap),
            false if units::needs_space(&text, segment.text, target) => {
                text.push_str(if gap.is_empty() { " " } else { gap });
            }
            false => {}
        }
        let start = text.len();
        text.push_str(segment.text);
        sides.push(Side { source: source.clone(), target: start..text.len(), segment: *segment });
        at = source.end;
    }
    text.push_str(&unit.text[at..]);
    (text, sides)
}

struct Writer<'p, 'a> {
    page: &'p Page<'a>,
    of_unit: &'p [&'p [Segment<'p>]],
    target: Lang,
    text: &'p str,
    elements: &'p [Element],
    out: &'p mut String,
}

impl Writer<'_, '_> {
    fn write(&mut self, placed: &[(Kind, Range<usize>)]) {
        let mut opens: Vec<usize> = (0..placed.len()).collect();
        // Where elements begin together the wider one is outside; among equals the one that was.
        opens.sort_by_key(|&i| {
            let (kind, range) = &placed[i];
            let width = if *kind == Kind::Point { usize::MAX } else { usize::MAX - range.end };
            (range.start, if *kind == Kind::Pair { width } else { usize::MAX }, self.elements[i].order.start)
        });
        let (mut stack, mut at): (Vec<usize>, usize) = (Vec::new(), 0);
        let mut next = opens.into_iter().peekable();
        loop {
            let ends = stack.last().map(|&i| placed[i].1.end);
            let begins = next.peek().map(|&i| placed[i].1.start);
            let offset = match (ends, begins) {
                (None, None) => break,
                (Some(a), Some(b)) => a.min(b),
                (Some(a), None) | (None, Some(a)) => a,
            };
            self.copy(at, offset);
            at = at.max(offset);
            if let Some(&point) = next.peek()
                && placed[point].0 == Kind::Point
                && placed[point].1.start == offset
                && (ends != Some(offset) || self.is_inside(point, stack[stack.len() - 1]))
            {
                self.pieces(&self.elements[point].open);
                next.next();
            } else if ends == Some(offset) {
                let element = stack.pop().expect("it ends here");
                self.pieces(&self.elements[element].close);
            } else if let Some(element) = next.next() {
                self.pieces(&self.elements[element].open);
                match placed[element].0 {
                    Kind::Pair => stack.push(element),
                    // Its words are in what was just written.
                    Kind::Kept => at = placed[element].1.end,
                    Kind::Point => {}
                }
            }
        }
        self.copy(at, self.text.len());
    }

    fn is_inside(&self, point: usize, pair: usize) -> bool {
        let (point, pair) = (&self.elements[point].order, &self.elements[pair].order);
        pair.start < point.start && point.start < pair.end
    }

    fn copy(&mut self, from: usize, to: usize) {
        if from < to {
            self.out.push_str(&token::encode(&self.text[from..to], None));
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            self.page.piece(piece, self.of_unit, self.target, self.out);
        }
    }
}

impl Skipped {
    fn ends(&mut self, token: &Token) -> bool {
        match token {
            Token::Start(tag) if tag.name == self.name && !tag.self_closing => self.depth += 1,
            Token::End(name) if *name == self.name => self.depth -= 1,
            _ => {}
        }
        self.depth == 0
    }
}

impl Reader<'_> {
    fn token(&mut self, token: Token, at: Range<usize>) -> Option<Skipped> {
        match token {
            Token::Text => self.flow.text(&self.page.html[at.clone()], at),
            Token::Comment => self.point(vec![Piece::Copy(at.clone())], at.end),
            Token::Raw | Token::Other => {
                self.flush(at.start);
                self.copy(at);
            }
            Token::Start(tag) if tags::is_space(&tag.name) => {
                self.flow.space(at.clone());
                self.split(at.end);
            }
            Token::End(name) if tags::is_space(&name) => {}
            Token::End(name) if tags::is_block(&name) => {
                self.flush(at.start);
                self.copy(at);
                if name == "pre" {
                    self.preformatted = self.preformatted.saturating_sub(1);
                    self.flow = Builder::new(self.preformatted > 0);
                }
            }
            Token::End(name) => {
                self.flow.close(&name, at.clone());
                self.split(at.end);
            }
            Token::Start(tag) => return self.start(tag, at),
        }
        None
    }

    fn start(&mut self, tag: Tag, at: Range<usize>) -> Option<Skipped> {
        let block = tags::is_block(&tag.name);
        let void = tags::is_void(&tag.name);
        let kept = tags::is_kept(&tag.name) || self.asks_to_stay(&tag);
        if block {
            self.flush(at.start);
        }
        // What is void or closes itself holds nothing that could be kept.
        if kept && !void && !tag.self_closing {
            let pieces = vec![Piece::Copy(at.clone())];
            let (start, content) = (at.start, at.end);
            return Some(Skipped { name: tag.name, depth: 1, start, content, pieces, block });
        }
        let pieces = if kept { vec![Piece::Copy(at.clone())] } else { self.tag(&tag, at.clone()) };
        match () {
            () if block => {
                self.page.parts.extend(pieces.into_iter().map(Part::Piece));
                self.from = at.end;
                if tag.name == "pre" {
                    self.preformatted += 1;
                }
                self.flow = Builder::new(self.preformatted > 0);
            }
            () if void || tag.self_closing => self.point(pieces, at.end),
            () => {
                self.flow.open(tag.name, pieces);
                self.split(at.end);
            }
        }
        None
    }

    /// Whether the author wants it untranslated.
    fn asks_to_stay(&self, tag: &Tag) -> bool {
        tag.attributes.iter().any(|a| {
            let (name, value) = (&self.page.html[a.name.clone()], &self.page.html[a.value.clone()]);
            (name.eq_ignore_ascii_case("translate") && value.trim().eq_ignore_ascii_case("no"))
                || (name.eq_ignore_ascii_case("class")
                    && value.split_ascii_whitespace().any(|c| c == "notranslate"))
        })
    }

    /// A tag with its attributes, of which some are translated.
    fn tag(&mut self, tag: &Tag, at: Range<usize>) -> Vec<Piece> {
        let (mut pieces, mut from) = (Vec::new(), at.start);
        for attribute in &tag.attributes {
            let name = &self.page.html[attribute.name.clone()];
            if !["alt", "title"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
                continue;
            }
            let unit = plain::read(&token::decode(&self.page.html[attribute.value.clone()]), self.lang);
            if !units::is_translatable(&unit.text) {
                continue;
            }
            pieces.push(Piece::Copy(from..attribute.value.start));
            pieces.push(Piece::Value { unit: self.page.units.len(), quote: attribute.quote });
            from = attribute.value.end;
            self.page.units.push(unit);
        }
        pieces.push(Piece::Copy(from..at.end));
        pieces
    }

    /// What was passed over has ended.
    fn kept(&mut self, skip: Skipped, end: Range<usize>) {
        let Skipped { start, content, mut pieces, block, .. } = skip;
        if block {
            self.flush(start);
            self.copy(start..end.end);
            return;
        }
        let inner = &self.page.html[content..end.start];
        pieces.push(Piece::Copy(content..end.end));
        let words = visible(inner);
        if words.trim().is_empty() || words.len() > WORDS {
            self.point(pieces, end.end);
        } else {
            self.flow.kept(words.trim(), pieces);
            self.split(end.end);
        }
    }

    fn point(&mut self, pieces: Vec<Piece>, end: usize) {
        self.flow.point(pieces);
        self.split(end);
    }

    /// Begins another run where this one has grown too complex.
    fn split(&mut self, at: usize) {
        if self.flow.is_full() {
            self.flush(at);
        }
    }

    fn copy(&mut self, range: Range<usize>) {
        self.from = range.end;
        self.page.parts.push(Part::Piece(Piece::Copy(range)));
    }

    /// Ends the run of text at byte `at`.
    fn flush(&mut self, at: usize) {
        let flow = std::mem::replace(&mut self.flow, Builder::new(self.preformatted > 0));
        let from = std::mem::replace(&mut self.from, at);
        let values = flow.values();
        match flow.finish(self.lang, &mut self.page.units) {
            Some(flow) => self.page.parts.push(Part::Flow(flow)),
            // Nothing to translate but, it may be, in attributes.
            None => {
                let pieces = flow::pieces(from..at, values);
                self.page.parts.extend(pieces.into_iter().map(Part::Piece));
            }
        }
    }
}

/// The text of a piece of HTML, white space single.
pub(super) fn visible(html: &str) -> String {
    let texts = Tokens::of(html).filter(|(token, _)| *token == Token::Text);
    let text: String = texts.map(|(_, at)| token::decode(&html[at])).collect();
    edisi_text::clean::collapse_whitespace(&text)
}
