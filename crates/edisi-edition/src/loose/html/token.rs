//! HTML as a row of tokens that together are the input, byte for byte.
//!
//! Where tags begin and end, and which elements hold raw text, is as the HTML standard says; there is no tree. Takes
//! time linear in the input.

use std::ops::Range;

/// What a piece of HTML is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Text, with character references.
    Text,
    /// A tag that opens an element.
    Start(Tag),
    /// A tag that closes one; its name, in small letters.
    End(String),
    /// What stands in a script, a style sheet or another element without markup.
    Raw,
    /// A comment.
    Comment,
    /// A document type, and what else is nothing a reader sees.
    Other,
}

/// A tag that opens an element.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// In small letters.
    pub name: String,
    pub attributes: Vec<Attribute>,
    pub self_closing: bool,
}

/// An attribute, as bytes of the input.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub name: Range<usize>,
    /// The value without its quotation marks; empty where there is none.
    pub value: Range<usize>,
    /// The mark around the value.
    pub quote: Option<u8>,
}

/// Elements whose content is no markup.
const RAW: [&str; 9] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"];

pub(super) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The element without markup that has just been opened.
    raw: Option<&'static str>,
}

impl<'a> Tokens<'a> {
    pub fn of(html: &'a str) -> Tokens<'a> {
        Tokens { html, at: 0, raw: None }
    }

    /// The end of what `find` finds from byte `from` on, or of the input.
    fn until(&self, from: usize, find: &str) -> usize {
        let rest = self.html.get(from..).unwrap_or_default();
        rest.find(find).map_or(self.html.len(), |at| from + at + find.len())
    }

    /// Where the content of a raw element that begins here ends.
    fn raw_end(&self, name: &str) -> usize {
        let bytes = self.html.as_bytes();
        let closes = |at: usize| {
            let rest = &bytes[at + 2..];
            rest.len() >= name.len()
                && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
                && rest.get(name.len()).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
        };
        let mut ends = self.html[self.at..].match_indices("</").map(|(at, _)| self.at + at);
        ends.find(|at| closes(*at)).unwrap_or(self.html.len())
    }

    fn markup(&mut self) -> (Token, usize) {
        let bytes = self.html.as_bytes();
        match (bytes.get(self.at + 1), bytes.get(self.at + 2)) {
            (Some(b'!'), _) if self.html[self.at..].starts_with("<!--") => {
                (Token::Comment, self.until(self.at + 2, "-->"))
            }
            (Some(b'/'), Some(b)) if b.is_ascii_alphabetic() => match tag(self.html, self.at + 2) {
                Some((tag, end)) => (Token::End(tag.name), end),
                None => (Token::Other, self.html.len()),
            },
            (Some(b'!' | b'?' | b'/'), _) => (Token::Other, self.until(self.at + 2, ">")),
            _ => match tag(self.html, self.at + 1) {
                Some((tag, end)) => {
                    self.raw = RAW.into_iter().find(|name| *name == tag.name);
                    (Token::Start(tag), end)
                }
                None => (Token::Other, self.html.len()),
            },
        }
    }
}

/// Whether the `<` at byte `at` begins markup.
fn is_markup(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'!' | b'?'))
        || (bytes.get(at + 1) == Some(&b'/') && at + 2 < bytes.len())
}

impl Iterator for Tokens<'_> {
    type Item = (Token, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        if let Some(name) = self.raw.take() {
            self.at = self.raw_end(name);
            if self.at > start {
                return Some((if name == "title" { Token::Text } else { Token::Raw }, start..self.at));
            }
        }
        if start == self.html.len() {
            return None;
        }
        let bytes = self.html.as_bytes();
        if bytes[start] == b'<' && is_markup(bytes, start) {
            let (token, end) = self.markup();
            self.at = end;
            return Some((token, start..end));
        }
        // A text may begin with a `<` of its own.
        let from = self.html.ceil_char_boundary(start + 1);
        let mut marks = self.html[from..].match_indices('<').map(|(at, _)| from + at);
        self.at = marks.find(|at| is_markup(bytes, *at)).unwrap_or(self.html.len());
        Some((Token::Text, start..self.at))
    }
}

/// The tag whose name begins at byte `at`, and its end; `None` when it has none.
fn tag(html: &str, at: usize) -> Option<(Tag, usize)> {
    let bytes = html.as_bytes();
    let find = |from: usize, stop: fn(u8) -> bool| {
        bytes.get(from..)?.iter().position(|b| stop(*b)).map(|length| from + length)
    };
    let mut end = find(at, |b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))?;
    let name = html[at..end].to_ascii_lowercase();
    let mut attributes = Vec::new();
    loop {
        let from = find(end, |b| !b.is_ascii_whitespace() && b != b'/')?;
        if bytes[from] == b'>' {
            let self_closing = bytes[from - 1] == b'/';
            return Some((Tag { name, attributes, self_closing }, from + 1));
        }
        // The first character belongs to the name even if it is `=`.
        let stop = find(from + 1, |b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'='))?;
        let name = from..stop;
        let equals = find(stop, |b| !b.is_ascii_whitespace())?;
        if bytes[equals] != b'=' {
            attributes.push(Attribute { name, value: stop..stop, quote: None });
            end = stop;
            continue;
        }
        let value = find(equals + 1, |b| !b.is_ascii_whitespace())?;
        let quote = Some(bytes[value]).filter(|b| matches!(b, b'"' | b'\''));
        let value = match quote {
            Some(b'"') => value + 1..find(value + 1, |b| b == b'"')?,
            Some(_) => value + 1..find(value + 1, |b| b == b'\'')?,
            None => value..find(value, |b| b.is_ascii_whitespace() || b == b'>')?,
        };
        end = value.end + usize::from(quote.is_some());
        attributes.push(Attribute { name, value, quote });
    }
}

/// Text with its character references resolved.
pub(super) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest, &mut out) {
            Some(length) => rest = &rest[length..],
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Resolves the reference that `rest` begins with; how long it is.
fn reference(rest: &str, out: &mut String) -> Option<usize> {
    // The longest name has 31 letters.
    let end = rest.bytes().take(40).position(|b| b == b';')?;
    let name = &rest[1..end];
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        out.push(char::from_u32(code).filter(|c| *c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER));
        return Some(end + 1);
    }
    let (first, second) = markup5ever::data::NAMED_ENTITIES.get(&rest[1..=end])?;
    out.extend([first, second].into_iter().filter(|c| **c != 0).filter_map(|c| char::from_u32(*c)));
    Some(end + 1)
}

/// Text as it stands between tags, or in an attribute in this quotation mark.
pub(super) fn encode(text: &str, quote: Option<u8>) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            '"' if quote == Some(b'"') => out.push_str("&quot;"),
            '\'' if quote == Some(b'\'') => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
