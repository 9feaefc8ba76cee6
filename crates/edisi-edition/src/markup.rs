//! Inline markup: from a block's HTML to spans, and from the source's spans to the translation's.
//!
//! A span is placed with certainty in three cases: it covers whole segments; it lies in a segment that stands
//! untranslated; or its text occurs, unchanged, as often in the translation as in its segment (names, mostly).
//! Else it follows the engine's word alignment, where there is one that is clear enough. What is left is handed
//! back as not placed, never guessed.

pub(crate) mod links;

use std::ops::Range;

use edisi_nmt::markup::{Element, Placed};
use serde::{Deserialize, Serialize};

use crate::translator::Alignment;

/// Below this share of agreeing evidence a span is rather not placed: a link on the wrong words misleads.
pub(crate) const CLEAR: f32 = 0.35;

/// The name of an inline element.
pub type Tag = &'static str;

/// An element around a part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inline {
    /// `a`, `strong`, `em`, `code`, `sub` or `sup`.
    #[serde(deserialize_with = "known_tag")]
    pub tag: Tag,
    /// Where an `a` leads.
    pub href: Option<String>,
    /// Bytes of the text it covers.
    pub range: Range<usize>,
}

fn known_tag<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    let tag = std::borrow::Cow::<str>::deserialize(deserializer)?;
    let known = TAGS.iter().map(|(_, tag)| *tag).find(|known| **known == tag);
    known.ok_or_else(|| serde::de::Error::custom(format!("`{tag}` is no inline element of an edition")))
}

const TAGS: [(&str, &str); 8] = [
    ("a", "a"),
    ("strong", "strong"),
    ("b", "strong"),
    ("em", "em"),
    ("i", "em"),
    ("code", "code"),
    ("sub", "sub"),
    ("sup", "sup"),
];

/// Reads the markup of a block. Ranges count in `text`, the block's plain text.
///
/// `None` when the HTML is not the text with markup, so that no position in it can be trusted.
pub fn read(html: &str, text: &str) -> Option<Vec<Inline>> {
    ["\n", " "].iter().find_map(|line_break| {
        let (plain, mut spans) = parse(html, line_break)?;
        spans.retain(|s| s.range.start < s.range.end);
        spans.sort_by_key(|s| (s.range.start, usize::MAX - s.range.end));
        (plain == text).then_some(spans)
    })
}

fn parse(html: &str, line_break: &str) -> Option<(String, Vec<Inline>)> {
    let (mut plain, mut spans, mut open) =
        (String::with_capacity(html.len()), Vec::<Inline>::new(), Vec::new());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            let end = rest.bytes().take(12).position(|b| b == b';')?;
            plain.push(entity(&rest[1..end])?);
            rest = &rest[end + 1..];
            continue;
        }
        let end = tag_end(rest)?;
        let inner = rest[1..end].trim_end_matches('/');
        rest = &rest[end + 1..];
        if let Some(name) = inner.strip_prefix('/') {
            let tag = known(name.trim())?;
            let span: &mut Inline = &mut spans[open.pop()?];
            if span.tag != tag {
                return None;
            }
            span.range.end = plain.len();
            continue;
        }
        let name = inner.split_whitespace().next()?;
        if name.eq_ignore_ascii_case("br") {
            plain.push_str(line_break);
            continue;
        }
        let href = href(inner.strip_prefix(name)?)?;
        open.push(spans.len());
        spans.push(Inline { tag: known(name)?, href, range: plain.len()..plain.len() });
    }
    plain.push_str(rest);
    open.is_empty().then_some((plain, spans))
}

fn known(name: &str) -> Option<&'static str> {
    TAGS.iter().find(|(n, _)| name.eq_ignore_ascii_case(n)).map(|(_, tag)| *tag)
}

/// The index of the `>` that ends the tag `rest` begins with; one inside a quoted attribute does not count.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (i, b) in rest.bytes().enumerate() {
        match (quote, b) {
            (None, b'>') => return Some(i),
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
    }
    None
}

/// The decoded `href` among these attributes; the outer `None` when it cannot be read.
fn href(attributes: &str) -> Option<Option<String>> {
    let lower = attributes.to_ascii_lowercase();
    let Some(at) =
        lower.match_indices("href=").map(|(i, _)| i).find(|&i| lower[..i].ends_with(char::is_whitespace))
    else {
        return Some(None);
    };
    let value = &attributes[at + 5..];
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = &value[1..];
    let mut rest = &value[..value.find(quote)?];
    let mut out = String::new();
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let decoded =
            rest.bytes().take(12).position(|b| b == b';').and_then(|end| Some((end, entity(&rest[1..end])?)));
        match decoded {
            Some((end, c)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Some(Some(out))
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let code = match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => name.strip_prefix('#')?.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

/// One segment on both sides, as far as placing markup needs it.
#[derive(Debug, Clone)]
pub struct Aligned {
    /// Bytes of the source text.
    pub source: Range<usize>,
    /// Bytes of the target text.
    pub target: Range<usize>,
    /// Whether the target is the source itself.
    pub same: bool,
    /// Which bytes of the target came from which of the source, counted from where each begins; `None` where
    /// nobody knows.
    pub links: Option<Vec<Alignment>>,
}

/// Carries spans over. Returns those placed, properly nested and in order, and those that were not.
pub fn project<'a>(
    spans: &'a [Inline],
    segments: &[Aligned],
    source: &str,
    target: &str,
) -> (Vec<Inline>, Vec<&'a Inline>) {
    let (mut placed, mut lost) = (Vec::<Inline>::new(), Vec::new());
    let by_alignment = follow(spans, segments, source, target);
    for (index, span) in spans.iter().enumerate() {
        let clear = |by: &Vec<Placed>| (by[index].confidence >= CLEAR).then(|| by[index].range.clone());
        let range = place(span, segments, source, target).or_else(|| by_alignment.as_ref().and_then(clear));
        match range {
            Some(range) if placed.iter().all(|p| nests(&p.range, &range) && !doubles(p, span, &range)) => {
                placed.push(Inline { range, ..span.clone() });
            }
            _ => lost.push(span),
        }
    }
    placed.sort_by_key(|s| (s.range.start, usize::MAX - s.range.end));
    (placed, lost)
}

/// Where the word alignment has the spans; `None` without one for all segments.
fn follow(spans: &[Inline], segments: &[Aligned], source: &str, target: &str) -> Option<Vec<Placed>> {
    if spans.is_empty() {
        return None;
    }
    let links = links::whole(segments, source)?;
    let elements: Vec<Element> =
        spans.iter().map(|span| Element { range: span.range.clone(), void: false }).collect();
    Some(edisi_nmt::markup::project(source, &elements, target, &links).placed().to_vec())
}

fn nests(a: &Range<usize>, b: &Range<usize>) -> bool {
    let apart = a.end <= b.start || b.end <= a.start;
    apart || (a.start <= b.start && b.end <= a.end) || (b.start <= a.start && a.end <= b.end)
}

/// Links do not go inside links.
fn doubles(placed: &Inline, span: &Inline, range: &Range<usize>) -> bool {
    placed.tag == span.tag && placed.range.start < range.end && range.start < placed.range.end
}

fn place(span: &Inline, segments: &[Aligned], source: &str, target: &str) -> Option<Range<usize>> {
    let covered = trim(&span.range, source);
    let first = segments.iter().position(|s| covered.start < s.source.end)?;
    let last = segments.iter().rposition(|s| s.source.start < covered.end)?;
    if first > last {
        return None;
    }
    if covered.start <= segments[first].source.start && segments[last].source.end <= covered.end {
        return Some(segments[first].target.start..segments[last].target.end);
    }
    let segment = &segments[first];
    if first != last || covered.start < segment.source.start || segment.source.end < covered.end {
        return None;
    }
    if segment.same {
        let offset = segment.target.start;
        return Some(
            covered.start - segment.source.start + offset..covered.end - segment.source.start + offset,
        );
    }
    let needle = &source[covered.clone()];
    let at = same_word(
        &source[segment.source.clone()],
        &target[segment.target.clone()],
        needle,
        covered.start - segment.source.start,
    )?;
    Some(segment.target.start + at..segment.target.start + at + needle.len())
}

/// Where in `target` the `needle` stands that is at `at` in `source`: when both have it as often, as words of
/// its own, letter by letter or with ASCII case aside, it is the one of the same rank.
pub(crate) fn same_word(source: &str, target: &str, needle: &str, at: usize) -> Option<usize> {
    if !needle.chars().any(char::is_alphanumeric) {
        return None;
    }
    [str::eq, str::eq_ignore_ascii_case].into_iter().find_map(|equal: fn(&str, &str) -> bool| {
        let (here, there) = (places(source, needle, equal), places(target, needle, equal));
        let rank = here.iter().position(|p| *p == at)?;
        (here.len() == there.len()).then(|| there[rank])
    })
}

pub(crate) fn trim(range: &Range<usize>, text: &str) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

/// Where `needle` stands in `text` as words of its own.
fn places(text: &str, needle: &str, equal: fn(&str, &str) -> bool) -> Vec<usize> {
    let stands = |at: usize| {
        let range = at..at + needle.len();
        text.get(range.clone()).is_some_and(|part| equal(part, needle)) && is_word(text, range)
    };
    text.char_indices().map(|(at, _)| at).filter(|at| stands(*at)).collect()
}

fn is_word(text: &str, range: Range<usize>) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && (c as u32) < 0x2e80);
    let part = &text[range.clone()];
    let starts = letter(part.chars().next()) && letter(text[..range.start].chars().next_back());
    let ends = letter(part.chars().next_back()) && letter(text[range.end..].chars().next());
    !starts && !ends
}

#[cfg(test)]
mod tests;
