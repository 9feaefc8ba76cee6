//! The page as a flat row of text chunks, each under the block element that shows it.

use edisi_article::BlockKind;
use html5ever::{LocalName, local_name};

use super::dom::{Dom, NodeId};
use super::inline;

/// A piece of inline content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    /// A text node.
    Text(NodeId),
    /// A line break.
    Break(NodeId),
    /// The border between two cells of a table row.
    Cell,
}

/// Text that a browser would show as one block.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) kind: BlockKind,
    /// As [`edisi_article::Block::level`].
    pub(crate) level: u8,
    pub(crate) ordered: bool,
    /// The nearest block element around it.
    pub(crate) node: NodeId,
    pub(crate) items: Vec<Item>,
    /// White space collapsed.
    pub(crate) text: String,
    /// Letters and digits; ideographs and kana count three.
    pub(crate) mass: u32,
    /// The part of `mass` inside links.
    pub(crate) linked: u32,
    /// Whether everything is in italics.
    pub(crate) italic: bool,
}

impl Chunk {
    /// The part of the text inside links, from 0 to 1.
    pub(crate) fn link_density(&self) -> f32 {
        if self.mass == 0 { 0.0 } else { self.linked as f32 / self.mass as f32 }
    }
}

/// A line this long, by [`mass`], is a paragraph rather than a verse or an address.
const LONG_LINE: u32 = 80;

/// How much text there is: letters and digits, with ideographs and kana counted as three, because they say
/// about as much as three letters.
pub(crate) fn mass(text: &str) -> u32 {
    text.chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => 1,
            '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
            | '\u{20000}'..='\u{3ffff}' => 3,
            c => u32::from(c.is_alphanumeric()),
        })
        .sum()
}

/// Whether the element starts and ends a block.
pub(crate) fn is_block(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("address")
            | local_name!("article")
            | local_name!("aside")
            | local_name!("blockquote")
            | local_name!("body")
            | local_name!("caption")
            | local_name!("center")
            | local_name!("dd")
            | local_name!("details")
            | local_name!("dialog")
            | local_name!("div")
            | local_name!("dl")
            | local_name!("dt")
            | local_name!("fieldset")
            | local_name!("figcaption")
            | local_name!("figure")
            | local_name!("footer")
            | local_name!("form")
            | local_name!("h1")
            | local_name!("h2")
            | local_name!("h3")
            | local_name!("h4")
            | local_name!("h5")
            | local_name!("h6")
            | local_name!("header")
            | local_name!("hgroup")
            | local_name!("hr")
            | local_name!("html")
            | local_name!("legend")
            | local_name!("li")
            | local_name!("main")
            | local_name!("nav")
            | local_name!("ol")
            | local_name!("p")
            | local_name!("pre")
            | local_name!("section")
            | local_name!("summary")
            | local_name!("table")
            | local_name!("tbody")
            | local_name!("td")
            | local_name!("tfoot")
            | local_name!("th")
            | local_name!("thead")
            | local_name!("tr")
            | local_name!("ul")
    )
}

/// Elements whose contents are never text of the page.
pub(crate) fn is_silent(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("head")
            | local_name!("script")
            | local_name!("style")
            | local_name!("noscript")
            | local_name!("template")
            | local_name!("iframe")
            | local_name!("object")
            | local_name!("embed")
            | local_name!("applet")
            | local_name!("svg")
            | local_name!("canvas")
            | local_name!("audio")
            | local_name!("video")
            | local_name!("map")
            | local_name!("input")
            | local_name!("select")
            | local_name!("textarea")
            | local_name!("button")
            | local_name!("datalist")
            | local_name!("progress")
            | local_name!("meter")
            | local_name!("noframes")
            | local_name!("frameset")
    )
}

/// Cuts everything below `root` that `skip` does not reject into chunks, in document order.
pub(crate) fn chunks(dom: &Dom, root: NodeId, skip: impl Fn(NodeId) -> bool) -> Vec<Chunk> {
    let mut cutter = Cutter { dom, out: Vec::new(), items: Vec::new(), data_table: Vec::new() };
    // Enter and leave without recursion.
    let mut at = Some(root);
    while let Some(id) = at {
        let entered = !skip(id) && cutter.enter(id);
        let down = if entered { dom.first_child(id) } else { None };
        if entered && down.is_none() {
            cutter.leave(id);
        }
        at = down.or_else(|| {
            let mut id = id;
            loop {
                if id == root {
                    return None;
                }
                if let Some(n) = dom.next(id) {
                    return Some(n);
                }
                id = dom.parent(id)?;
                cutter.leave(id);
            }
        });
    }
    cutter.flush();
    cutter.out
}

struct Cutter<'a> {
    dom: &'a Dom,
    out: Vec<Chunk>,
    items: Vec<Item>,
    /// The open tables; true where rows are data rather than layout.
    data_table: Vec<bool>,
}

impl Cutter<'_> {
    /// Whether blocks inside a data table's cell are part of the row.
    fn in_row(&self) -> bool {
        self.data_table.last() == Some(&true)
    }

    /// Returns whether to go below `id`.
    fn enter(&mut self, id: NodeId) -> bool {
        if let Some(text) = self.dom.text(id) {
            if !text.is_empty() {
                self.items.push(Item::Text(id));
            }
            return false;
        }
        let Some(name) = self.dom.name(id) else { return id == Dom::ROOT };
        if is_silent(name) {
            return false;
        }
        match *name {
            local_name!("br") => {
                // Two breaks in a row end a paragraph.
                let since = self.items.iter().rposition(|i| !self.is_blank(i));
                let again =
                    self.items.iter().skip(since.map_or(0, |s| s + 1)).any(|i| matches!(i, Item::Break(_)));
                if again && !self.in_row() {
                    self.flush()
                } else {
                    self.items.push(Item::Break(id))
                }
                return false;
            }
            local_name!("table") => {
                self.flush();
                self.data_table.push(is_data_table(self.dom, id));
            }
            local_name!("td") | local_name!("th") if self.in_row() && !self.items.is_empty() => {
                self.items.push(Item::Cell);
            }
            local_name!("td") | local_name!("th") if self.in_row() => {}
            local_name!("tr") | local_name!("caption") => self.flush(),
            ref n if is_block(n) && !self.in_row() => self.flush(),
            ref n if is_block(n) => self.items.push(Item::Break(id)),
            _ => {}
        }
        true
    }

    fn leave(&mut self, id: NodeId) {
        let Some(name) = self.dom.name(id) else { return };
        match *name {
            local_name!("table") => {
                self.flush();
                self.data_table.pop();
            }
            local_name!("tr") | local_name!("caption") => self.flush(),
            ref n if is_block(n) && !self.in_row() => self.flush(),
            _ => {}
        }
    }

    fn is_blank(&self, item: &Item) -> bool {
        match item {
            Item::Text(t) => self.dom.text(*t).is_none_or(|t| t.trim().is_empty()),
            Item::Break(_) | Item::Cell => true,
        }
    }

    fn flush(&mut self) {
        let mut items = std::mem::take(&mut self.items);
        let Some(first) = items.iter().position(|i| !self.is_blank(i)) else { return };
        let last = items.iter().rposition(|i| !self.is_blank(i)).unwrap_or(first);
        items.truncate(last + 1);
        items.drain(..first);
        for items in self.lines(items) {
            self.finish(items);
        }
    }

    /// Cuts a chunk at its line breaks where those stand for paragraphs: long lines, several of them.
    fn lines(&self, items: Vec<Item>) -> Vec<Vec<Item>> {
        let breaks = items.iter().filter(|i| matches!(i, Item::Break(_))).count();
        if breaks < 2 || self.in_row() {
            return vec![items];
        }
        let weigh = |line: &[Item]| -> u32 {
            line.iter()
                .map(|i| if let Item::Text(t) = i { self.dom.text(*t).map_or(0, mass) } else { 0 })
                .sum()
        };
        let lines: Vec<&[Item]> = items.split(|i| matches!(i, Item::Break(_))).collect();
        let long = lines.iter().filter(|l| weigh(l) >= LONG_LINE).count();
        if 3 * long < 2 * lines.len() {
            return vec![items];
        }
        lines.into_iter().map(<[Item]>::to_vec).collect()
    }

    fn finish(&mut self, items: Vec<Item>) {
        let Some(&Item::Text(first)) = items.iter().find(|i| !self.is_blank(i)) else { return };
        let dom = self.dom;
        let node =
            dom.lineage(first).skip(1).find(|&n| dom.name(n).is_some_and(is_block)).unwrap_or(Dom::ROOT);
        let mut chunk = Chunk {
            kind: BlockKind::Paragraph,
            level: 0,
            ordered: false,
            node,
            items: Vec::new(),
            text: String::new(),
            mass: 0,
            linked: 0,
            italic: true,
        };
        for item in &items {
            match *item {
                Item::Text(t) => {
                    let text = dom.text(t).unwrap_or_default();
                    inline::collapse_into(&mut chunk.text, text);
                    let mass = mass(text);
                    chunk.mass += mass;
                    let inline = dom.lineage(t).skip(1).take_while(|&n| !dom.name(n).is_none_or(is_block));
                    let (mut linked, mut italic) = (false, false);
                    for n in inline {
                        match dom.name(n) {
                            Some(&local_name!("a")) => linked |= dom.attr(n, "href").is_some(),
                            Some(&local_name!("i") | &local_name!("em")) => italic = true,
                            _ => {}
                        }
                    }
                    // A block inside a link, a card, is linked text as well.
                    linked |= dom.lineage(node).take(6).any(|n| dom.is(n, &local_name!("a")));
                    if linked {
                        chunk.linked += mass;
                    }
                    chunk.italic &= italic || mass == 0;
                }
                Item::Break(_) => inline::collapse_into(&mut chunk.text, " "),
                Item::Cell => {
                    while chunk.text.ends_with(' ') {
                        chunk.text.pop();
                    }
                    chunk.text.push('\t');
                }
            }
        }
        let trimmed = chunk.text.trim_end().len();
        chunk.text.truncate(trimmed);
        if chunk.text.is_empty() {
            return;
        }
        self.classify(&mut chunk);
        chunk.items = items;
        self.out.push(chunk);
    }

    /// Finds what kind of block the elements around a chunk make it.
    fn classify(&self, chunk: &mut Chunk) {
        let dom = self.dom;
        let mut depth = 0u8;
        let mut set = false;
        for n in dom.lineage(chunk.node) {
            let Some(name) = dom.name(n) else { continue };
            let heading = |level: u8| (BlockKind::Heading, level);
            let found = match *name {
                local_name!("h1") | local_name!("h2") => Some(heading(2)),
                local_name!("h3") => Some(heading(3)),
                local_name!("h4") => Some(heading(4)),
                local_name!("h5") => Some(heading(5)),
                local_name!("h6") => Some(heading(6)),
                local_name!("pre") => Some((BlockKind::Preformatted, 0)),
                local_name!("figcaption") => Some((BlockKind::Caption, 0)),
                local_name!("tr") if self.in_row() => Some((BlockKind::TableRow, 0)),
                local_name!("blockquote") => Some((BlockKind::Quote, 0)),
                local_name!("ul") | local_name!("ol") => {
                    depth = depth.saturating_add(1);
                    None
                }
                _ => None,
            };
            if *name == local_name!("li") && !set {
                chunk.kind = BlockKind::ListItem;
                chunk.ordered = dom.parent(n).is_some_and(|p| dom.is(p, &local_name!("ol")));
                set = true;
            }
            if let Some((kind, level)) = found
                && !set
            {
                (chunk.kind, chunk.level) = (kind, level);
                set = true;
            }
            if matches!(*name, local_name!("article") | local_name!("main") | local_name!("body")) {
                break;
            }
        }
        if chunk.kind == BlockKind::ListItem {
            chunk.level = depth.max(1);
        }
    }
}

/// A table is data when it has rows of several short cells and no table inside.
fn is_data_table(dom: &Dom, table: NodeId) -> bool {
    if matches!(dom.attr(table, "role"), Some("presentation" | "none")) {
        return false;
    }
    let (mut cells, mut rows, mut chars) = (0usize, 0usize, 0usize);
    for n in dom.subtree(table) {
        if n == table {
            continue;
        }
        match dom.name(n) {
            Some(&local_name!("table")) => return false,
            Some(&local_name!("tr")) => rows += 1,
            Some(&local_name!("td") | &local_name!("th")) => cells += 1,
            None => chars += dom.text(n).map_or(0, |t| t.trim().len()),
            _ => {}
        }
    }
    rows > 0 && cells >= 2 * rows && chars <= 200 * cells
}
