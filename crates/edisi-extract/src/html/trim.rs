//! Which chunks of the story's element are the story's text.

use std::collections::HashMap;

use edisi_article::BlockKind;
use html5ever::local_name;

use super::chunk::Chunk;
use super::dom::{Dom, NodeId};
use super::meta::{Meta, letters};
use super::story::worth;

/// Returns which of `chunks`, all below one element, to keep.
pub(crate) fn keep(dom: &Dom, meta: &Meta, chunks: &[&Chunk]) -> Vec<bool> {
    let titles = &meta.titles();
    let mut keep: Vec<bool> = vec![true; chunks.len()];
    let total: f32 = chunks.iter().map(|c| worth(c)).sum();

    // The body begins after its headline.
    let h1 = |c: &Chunk| dom.lineage(c.node).take(4).any(|n| dom.is(n, &local_name!("h1")));
    let headline = chunks
        .iter()
        .position(|c| h1(c) && is_title(titles, &c.text))
        .map(|at| (at, 0.75))
        .or_else(|| chunks.iter().position(|c| is_title(titles, &c.text) || h1(c)).map(|at| (at, 0.1)));
    if let Some((at, most)) = headline {
        let before: f32 = chunks[..at].iter().map(|c| worth(c)).sum();
        if before < most * total {
            keep[..=at].fill(false);
        }
    }
    for (i, c) in chunks.iter().enumerate() {
        if is_title(titles, &c.text) {
            keep[i] = false;
        }
    }

    // Links that stand alone lead elsewhere. A list is judged as a whole.
    let mut lists: HashMap<NodeId, (u32, u32)> = HashMap::new();
    for c in chunks {
        if let Some(list) = list_of(dom, c) {
            let sums = lists.entry(list).or_default();
            sums.0 += c.linked;
            sums.1 += c.mass;
        }
    }
    for (i, c) in chunks.iter().enumerate() {
        let density = match list_of(dom, c).and_then(|l| lists.get(&l)) {
            Some(&(linked, mass)) => linked as f32 / mass.max(1) as f32,
            None => c.link_density(),
        };
        let sentence = c.mass - c.linked >= 40 && ends_sentence(&c.text);
        if density > 0.6 && !matches!(c.kind, BlockKind::Heading | BlockKind::Quote) && !sentence {
            keep[i] = false;
        }
    }

    // Date and author lines around the text.
    let prose = |i: usize| keep[i] && worth(chunks[i]) >= 2.0;
    let first = (0..chunks.len()).find(|&i| prose(i)).unwrap_or(0);
    let last = (0..chunks.len()).rev().find(|&i| prose(i)).unwrap_or(chunks.len());
    for (i, c) in chunks.iter().enumerate() {
        if (i < first || i > last) && is_date_line(&c.text) {
            keep[i] = false;
        }
    }

    // After the text, lists in which every item leads elsewhere, and the lines between links.
    let prose = |i: usize| keep[i] && worth(chunks[i]) >= 2.0;
    let last = (0..chunks.len()).rev().find(|&i| prose(i)).unwrap_or(chunks.len());
    let gone: Vec<usize> = (last + 1..chunks.len()).filter(|&i| chunks[i].link_density() > 0.6).collect();
    let kept =
        |range: std::ops::Range<usize>| range.filter(|&i| keep[i]).map(|i| chunks[i].mass).sum::<u32>();
    if let [first, _, ..] = gone[..]
        && 6 * kept(first..chunks.len()) < kept(0..first)
    {
        // A closing line stands where the paragraphs stand.
        let home = dom.parent(chunks[last].node);
        for i in first..chunks.len() {
            let c = chunks[i];
            keep[i] &= c.kind == BlockKind::Paragraph && dom.parent(c.node) == home && !is_linked_line(c);
        }
    }

    // A heading announced what is gone.
    let (mut content, mut gone, mut end) = (false, false, true);
    for i in (0..chunks.len()).rev() {
        let label = gone && !content && is_label(chunks[i]);
        if chunks[i].kind == BlockKind::Heading || label {
            keep[i] &= content || !(gone || end);
            end &= !keep[i];
            (content, gone) = (false, false);
        } else {
            content |= keep[i];
            gone |= !keep[i];
            end &= !keep[i];
        }
    }
    keep
}

/// The list a chunk is an item of.
fn list_of(dom: &Dom, c: &Chunk) -> Option<NodeId> {
    if c.kind != BlockKind::ListItem {
        return None;
    }
    dom.lineage(c.node).find(|&n| matches!(dom.name(n), Some(&local_name!("ul") | &local_name!("ol"))))
}

/// Whether a text is the page's title, or the title and the site's name.
pub(crate) fn is_title(titles: &[String], text: &str) -> bool {
    let text = letters(text);
    text.len() >= 8
        && titles.iter().any(|t| {
            let t = letters(t);
            t == text
                || (t.starts_with(&text) && 2 * text.len() > t.len())
                || (t.len() >= 12 && text.starts_with(&t) && 4 * text.len() < 5 * t.len())
        })
}

/// Whether a line announces what follows rather than saying something.
fn is_label(c: &Chunk) -> bool {
    c.kind == BlockKind::Paragraph && c.mass < 40 && (!ends_sentence(&c.text) || c.text.ends_with(':'))
}

/// Whether a line is a link with a few words around it.
fn is_linked_line(c: &Chunk) -> bool {
    c.link_density() > 0.3 && c.mass - c.linked < 60
}

/// Whether a text ends as a sentence does.
fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '”' | '’' | '»' | '」' | ')' | ']')
    })
    .ends_with(['.', '!', '?', '。', '！', '？', '؟', '…', ':'])
}

/// Whether a short line states a time and little else.
fn is_date_line(text: &str) -> bool {
    if text.chars().count() > 120 || text.split_whitespace().count() > 16 {
        return false;
    }
    let digits: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|d| !d.is_empty()).collect();
    let year = digits.iter().any(|d| d.len() == 4 && (d.starts_with("19") || d.starts_with("20")));
    let clock = text.as_bytes().windows(4).any(|w| {
        w[0].is_ascii_digit() && matches!(w[1], b':' | b'.') && w[2].is_ascii_digit() && w[3].is_ascii_digit()
    });
    (year && digits.len() >= 2) || (clock && text.split_whitespace().count() <= 8)
}
