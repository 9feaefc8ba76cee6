//! The body of a page: blocks grouped into what HTML has elements for.

use edisi_article::{Article, Block, BlockKind};
use serde::Serialize;

use super::furniture::{Furniture, fill};
use super::inline::{GapStyle, html};
use super::view::{ImageTexts, Passage, is_web};

/// One element of the body, as the template sees it. `html` and `cells` are markup ready to embed.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Node {
    Paragraph { id: String, html: String },
    Heading { id: String, level: u8, html: String },
    Quote { paragraphs: Vec<Anchored> },
    List { html: String },
    Table { rows: Vec<Row> },
    Preformatted { id: String, html: String },
    Caption { id: String, html: String },
    Figure(Figure),
}

#[derive(Debug, Serialize)]
pub(super) struct Anchored {
    pub id: String,
    pub html: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub id: String,
    pub cells: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Figure {
    pub id: Option<String>,
    pub src: String,
    pub alt: String,
    pub caption: Option<String>,
    pub credit: Option<String>,
}

impl Node {
    /// The element without identifiers and classes, for other programs. Pictures are left out: they travel
    /// beside the text.
    pub(super) fn write_html(&self, out: &mut String) {
        let wrap = |tag: &str, html: &str| format!("<{tag}>{html}</{tag}>");
        out.push_str(&match self {
            Node::Paragraph { html, .. } | Node::Caption { html, .. } => wrap("p", html),
            Node::Heading { level, html, .. } => wrap(&format!("h{level}"), html),
            Node::Quote { paragraphs } => {
                wrap("blockquote", &paragraphs.iter().map(|p| wrap("p", &p.html)).collect::<String>())
            }
            Node::List { html } => html.clone(),
            Node::Table { rows } => {
                let row =
                    |row: &Row| wrap("tr", &row.cells.iter().map(|c| wrap("td", c)).collect::<String>());
                wrap("table", &rows.iter().map(row).collect::<String>())
            }
            Node::Preformatted { html, .. } => wrap("pre", html),
            Node::Figure(_) => return,
        });
        out.push('\n');
    }
}

/// The body of an article in one language.
pub(super) struct Body<'a> {
    pub article: &'a Article,
    pub blocks: &'a [Vec<Passage>],
    pub images: &'a [ImageTexts],
    pub gap: GapStyle<'a>,
    pub furniture: &'a Furniture,
}

impl Body<'_> {
    /// The picture to stand above the text, and the rest in reading order.
    ///
    /// A picture whose caption is a block of the text stands where that block does; of the others the first
    /// leads and the rest follow the text.
    pub(super) fn nodes(&self) -> (Option<Figure>, Vec<Node>) {
        let placed = pictures_by_block(self.article);
        let mut loose = (0..self.article.images.len()).filter(|i| !placed.contains(&Some(*i)));
        let lead = loose.by_ref().find_map(|i| self.figure(i, None));
        let mut nodes = Vec::new();
        let mut at = 0;
        while at < self.article.blocks.len() {
            at = self.push(at, &placed, &mut nodes);
        }
        nodes.extend(loose.filter_map(|i| self.figure(i, None)).map(Node::Figure));
        (lead, nodes)
    }

    /// Adds the element that begins with block `at`; returns the index of the first block not in it.
    fn push(&self, at: usize, placed: &[Option<usize>], nodes: &mut Vec<Node>) -> usize {
        let block = &self.article.blocks[at];
        let run = at + self.article.blocks[at..].iter().take_while(|b| b.kind == block.kind).count();
        let id = format!("b{at}");
        let html = self.block(at);
        match block.kind {
            BlockKind::Paragraph => nodes.push(Node::Paragraph { id, html }),
            BlockKind::Heading => nodes.push(Node::Heading { id, level: block.level.clamp(2, 6), html }),
            BlockKind::Preformatted => {
                nodes.push(Node::Preformatted { id, html: html.replace("<br>", "\n") })
            }
            BlockKind::Caption => {
                nodes.push(match placed[at].and_then(|i| self.figure(i, Some((&id, &html)))) {
                    Some(figure) => Node::Figure(figure),
                    None => Node::Caption { id, html },
                })
            }
            BlockKind::Quote => {
                let paragraphs =
                    (at..run).map(|i| Anchored { id: format!("b{i}"), html: self.block(i) }).collect();
                nodes.push(Node::Quote { paragraphs });
                return run;
            }
            BlockKind::TableRow => {
                let row = |i: usize| Row {
                    id: format!("b{i}"),
                    cells: self.blocks[i].iter().map(|cell| super::inline::html(cell, &self.gap)).collect(),
                };
                nodes.push(Node::Table { rows: (at..run).map(row).collect() });
                return run;
            }
            BlockKind::ListItem => {
                nodes.push(Node::List { html: self.list(at, run) });
                return run;
            }
        }
        at + 1
    }

    fn block(&self, at: usize) -> String {
        self.blocks[at].iter().map(|p| html(p, &self.gap)).collect::<Vec<_>>().join(" ")
    }

    /// Nested lists from items with depths; a depth is never more than one below its predecessor's.
    fn list(&self, from: usize, to: usize) -> String {
        const DEEPEST: usize = 6;
        let mut out = String::new();
        let mut open: Vec<&str> = Vec::new();
        for at in from..to {
            let block: &Block = &self.article.blocks[at];
            let depth = usize::from(block.level).clamp(1, (open.len() + 1).min(DEEPEST));
            let tag = if block.ordered { "ol" } else { "ul" };
            while open.len() > depth || (open.len() == depth && open.last() != Some(&tag)) {
                close(&mut out, &mut open);
            }
            if open.len() == depth {
                out.push_str("</li>");
            } else {
                out.push_str(&format!("<{tag}>"));
                open.push(tag);
            }
            out.push_str(&format!("<li id=\"b{at}\">{}", self.block(at)));
        }
        while !open.is_empty() {
            close(&mut out, &mut open);
        }
        out
    }

    fn figure(&self, image: usize, caption_block: Option<(&str, &str)>) -> Option<Figure> {
        let original = &self.article.images[image];
        if !is_web(&original.url) {
            return None;
        }
        let texts = self.images.get(image).cloned().unwrap_or_default();
        let own = || {
            let caption = texts.caption.or_else(|| original.caption.clone().map(Passage::gap))?;
            Some(html(&caption, &self.gap))
        };
        Some(Figure {
            id: caption_block.map(|(id, _)| id.to_owned()),
            src: original.url.clone(),
            alt: texts.alt.map(|a| a.text).unwrap_or_default(),
            caption: caption_block.map(|(_, html)| html.to_owned()).or_else(own).filter(|c| !c.is_empty()),
            credit: original.credit.as_deref().map(|c| fill(&self.furniture.story.photo, "credit", c)),
        })
    }
}

fn close(out: &mut String, open: &mut Vec<&str>) {
    if let Some(tag) = open.pop() {
        out.push_str("</li></");
        out.push_str(tag);
        out.push('>');
    }
}

/// For every block the image whose caption it is.
pub(super) fn pictures_by_block(article: &Article) -> Vec<Option<usize>> {
    let mut taken = vec![false; article.images.len()];
    let mut picture = |block: &Block| {
        let found = article.images.iter().enumerate().position(|(i, image)| {
            let caption = image.caption.as_deref().map(str::trim).filter(|c| !c.is_empty());
            block.kind == BlockKind::Caption
                && !taken[i]
                && is_web(&image.url)
                && caption.is_some_and(|c| block.text.contains(c))
        })?;
        taken[found] = true;
        Some(found)
    };
    article.blocks.iter().map(&mut picture).collect()
}
