//! White space and inline markup: from a chunk's text nodes to a block's text and HTML.

use edisi_article::{Block, BlockKind, Link, escape_html};
use html5ever::local_name;

use super::chunk::{Chunk, Item};
use super::dom::{Dom, NodeId};
use super::links::Base;

/// Collapses every run of white space to one space and trims the ends; drops invisible characters (see
/// [`is_invisible`]).
pub(crate) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(1 << 16));
    collapse_into(&mut out, text);
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Appends `text` to `out`, collapsing white space across the seam as well.
pub(crate) fn collapse_into(out: &mut String, text: &str) {
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_invisible(c) {
            out.push(c);
        }
    }
}

/// Characters that only tell a browser where to break lines: zero-width space, word joiner, byte order mark,
/// soft hyphen. The joiners U+200C and U+200D stay: scripts and emoji need them.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\0')
}

/// What stands between two visible characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Break,
    Cell,
}

/// An inline element that is kept: its node, name and, for a link, target.
struct Open {
    node: NodeId,
    tag: &'static str,
    href: Option<String>,
}

struct Writer {
    text: String,
    html: String,
    open: Vec<Open>,
    gap: Gap,
    preformatted: bool,
}

impl Writer {
    fn gap(&mut self, gap: Gap) {
        if !self.text.is_empty() {
            self.gap = self.gap.max(gap);
        }
    }

    /// Writes the gap before the next visible character, outside of elements that open or close here.
    fn settle(&mut self) {
        let (text, html) = match self.gap {
            Gap::None => return,
            Gap::Space => (" ", " "),
            Gap::Break if self.preformatted => ("\n", "<br>"),
            Gap::Break => (" ", "<br>"),
            Gap::Cell => ("\t", "\t"),
        };
        self.text.push_str(text);
        self.html.push_str(html);
        self.gap = Gap::None;
    }

    fn close_to(&mut self, depth: usize) {
        for open in self.open.drain(depth..).rev() {
            self.html.push_str("</");
            self.html.push_str(open.tag);
            self.html.push('>');
        }
    }

    /// Makes `wanted` the open elements.
    fn switch(&mut self, wanted: Vec<Open>) {
        let common = self.open.iter().zip(&wanted).take_while(|(a, b)| a.node == b.node).count();
        self.close_to(common);
        self.settle();
        for open in wanted.into_iter().skip(common) {
            self.html.push('<');
            self.html.push_str(open.tag);
            if let Some(href) = &open.href {
                self.html.push_str(" href=\"");
                self.html.push_str(&escape_html(href));
                self.html.push('"');
            }
            self.html.push('>');
            self.open.push(open);
        }
    }

    fn push(&mut self, c: char) {
        self.settle();
        self.text.push(c);
        match c {
            '&' => self.html.push_str("&amp;"),
            '<' => self.html.push_str("&lt;"),
            '>' => self.html.push_str("&gt;"),
            '"' => self.html.push_str("&quot;"),
            c => self.html.push(c),
        }
    }
}

/// Writes a chunk as a block: its text, and the same text with safe inline markup.
///
/// A line break is a space in the text and `<br>` in the HTML; in preformatted blocks a newline in the text.
pub(crate) fn block(dom: &Dom, base: &Base, chunk: &Chunk) -> Block {
    let preformatted = chunk.kind == BlockKind::Preformatted;
    let mut w =
        Writer { text: String::new(), html: String::new(), open: Vec::new(), gap: Gap::None, preformatted };
    for item in &chunk.items {
        let node = match *item {
            Item::Break(_) => {
                w.gap(Gap::Break);
                continue;
            }
            Item::Cell => {
                w.gap(Gap::Cell);
                continue;
            }
            Item::Text(node) => node,
        };
        let mut wanted = Some(inline_elements(dom, base, node, chunk.node));
        for c in dom.text(node).unwrap_or_default().chars() {
            if preformatted && c == '\n' {
                // Blank lines stay.
                if w.gap == Gap::Break {
                    w.settle();
                }
                w.gap(Gap::Break);
            } else if c.is_whitespace() && (!preformatted || w.text.is_empty()) {
                w.gap(Gap::Space);
            } else if !is_invisible(c) {
                if let Some(wanted) = wanted.take() {
                    w.switch(wanted);
                }
                w.push(if c == '\t' { ' ' } else { c });
            }
        }
    }
    w.close_to(0);
    let (kind, level, ordered) = (chunk.kind, chunk.level, chunk.ordered);
    Block { kind, level, ordered, text: w.text, html: w.html }
}

/// The elements to keep around a text node, outermost first.
fn inline_elements(dom: &Dom, base: &Base, text: NodeId, block: NodeId) -> Vec<Open> {
    let mut out: Vec<Open> = Vec::new();
    for node in dom.lineage(text).skip(1).take_while(|&n| n != block) {
        let tag = match dom.name(node) {
            Some(&local_name!("a")) => "a",
            Some(&local_name!("b") | &local_name!("strong")) => "strong",
            Some(&local_name!("i") | &local_name!("em") | &local_name!("cite") | &local_name!("dfn")) => "em",
            Some(
                &local_name!("code")
                | &local_name!("kbd")
                | &local_name!("samp")
                | &local_name!("tt")
                | &local_name!("var"),
            ) => "code",
            Some(&local_name!("sub")) => "sub",
            Some(&local_name!("sup")) => "sup",
            _ => continue,
        };
        let href = match tag {
            "a" => match dom.attr(node, "href").and_then(|h| base.link(h)) {
                Some(href) => Some(href),
                None => continue,
            },
            _ => None,
        };
        // Of two of a kind the outer one says it all.
        out.retain(|o| o.tag != tag);
        out.push(Open { node, tag, href });
    }
    out.reverse();
    out
}

/// The links in a block's HTML, as [`block`] writes it.
pub(crate) fn links_of(html: &str) -> Vec<Link> {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find("<a href=\"") {
        rest = &rest[at + 9..];
        let Some((href, after)) = rest.split_once("\">") else { break };
        let Some((inner, after)) = after.split_once("</a>") else { break };
        let mut text = String::new();
        let mut inside = false;
        for c in inner.replace("<br>", " ").chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => text.push(c),
                _ => {}
            }
        }
        out.push(Link { url: unescape(href), text: unescape(&text) });
        rest = after;
    }
    out
}

/// Undoes [`escape_html`].
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
