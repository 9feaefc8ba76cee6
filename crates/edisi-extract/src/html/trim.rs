//! Which chunks of the story's element are the story's text.

use std::collections::HashMap;
use std::ops::Range;

use edisi_article::BlockKind;
use html5ever::local_name;

use super::chunk::{Chunk, Item};
use super::dom::{Dom, NodeId};
use super::links::Base;
use super::meta::letters;
use super::story::worth;

/// A chunk of at least this [`worth`] is running text.
const PROSE: f32 = 2.0;
/// A chunk with a greater part of its text in links leads elsewhere.
const MAX_LINKED: f32 = 0.6;

/// Returns which of `chunks`, all below one element, to keep.
pub(crate) fn keep(dom: &Dom, base: &Base, titles: &Titles, chunks: &[&Chunk]) -> Vec<bool> {
    let mut trim = Trim { dom, base, titles, chunks, keep: vec![true; chunks.len()] };
    trim.begin_after_headline();
    trim.drop_links();
    trim.drop_datelines();
    trim.drop_notes();
    trim.drop_last_list();
    trim.drop_tail();
    trim.drop_orphans();
    trim.keep
}

struct Trim<'a> {
    dom: &'a Dom,
    base: &'a Base,
    titles: &'a Titles,
    chunks: &'a [&'a Chunk],
    keep: Vec<bool>,
}

impl Trim<'_> {
    /// Whether a linked heading belongs to another story: an item of a list, or a link within the site.
    fn is_teaser(&self, c: &Chunk) -> bool {
        let in_list = self.dom.lineage(c.node).take(3).any(|n| self.dom.is(n, &local_name!("li")));
        let first = c.items.iter().find_map(|i| if let Item::Text(t) = i { Some(*t) } else { None });
        let link = first.and_then(|t| self.dom.lineage(t).find(|&n| self.dom.is(n, &local_name!("a"))));
        in_list
            || link.and_then(|a| self.dom.attr(a, "href")).is_some_and(|href| self.base.is_same_site(href))
    }

    fn is_prose(&self, i: usize) -> bool {
        self.keep[i] && worth(self.chunks[i]) >= PROSE
    }

    /// The last chunk of running text.
    fn last_prose(&self) -> Option<usize> {
        (0..self.chunks.len()).rev().find(|&i| self.is_prose(i))
    }

    /// The body begins after its headline, and does not repeat it.
    fn begin_after_headline(&mut self) {
        let (dom, titles) = (self.dom, self.titles);
        let h1 = |c: &Chunk| dom.lineage(c.node).take(4).any(|n| dom.is(n, &local_name!("h1")));
        let find = |is: &dyn Fn(&Chunk) -> bool| self.chunks.iter().position(|c| is(c));
        let sum = |chunks: &[&Chunk]| chunks.iter().map(|c| worth(c)).sum::<f32>();
        let whole = sum(self.chunks);
        // An `<h1>` with the page's title is the headline for certain. Another heading with it may be that of a
        // video in the text, unless all above are teasers. Without either, next to nothing may stand above.
        let teasers = |at: usize| self.chunks[..at].iter().all(|c| worth(c) < PROSE || c.linked > 0);
        let headline = find(&|c| h1(c) && titles.has(&c.text))
            .map(|at| (at, 0.75))
            .or_else(|| {
                let heading = find(&|c| c.kind == BlockKind::Heading && titles.has(&c.text));
                heading.filter(|&at| teasers(at)).map(|at| (at, 0.75))
            })
            .or_else(|| find(&|c| h1(c) || titles.has(&c.text)).map(|at| (at, 0.1)));
        if let Some((at, most)) = headline
            && sum(&self.chunks[..at]) < most * whole
        {
            self.keep[..=at].fill(false);
        }
        for (keep, c) in self.keep.iter_mut().zip(self.chunks) {
            *keep &= !titles.has(&c.text);
        }
    }

    /// Links that stand alone lead elsewhere. A list is judged as a whole.
    fn drop_links(&mut self) {
        let mut lists: HashMap<NodeId, (u32, u32)> = HashMap::new();
        for c in self.chunks {
            if let Some(list) = list_of(self.dom, c) {
                let sums = lists.entry(list).or_default();
                sums.0 += c.linked;
                sums.1 += c.mass;
            }
        }
        for (i, c) in self.chunks.iter().enumerate() {
            let density = match list_of(self.dom, c).and_then(|l| lists.get(&l)) {
                Some(&(linked, mass)) => linked as f32 / mass.max(1) as f32,
                None => c.link_density(),
            };
            if c.kind == BlockKind::Heading && c.link_density() > MAX_LINKED && self.is_teaser(c) {
                self.keep[i] = false;
            }
            let sentence = c.mass - c.linked >= 40 && ends_sentence(&c.text);
            let may = matches!(c.kind, BlockKind::Heading | BlockKind::Quote) || sentence;
            self.keep[i] &= density <= MAX_LINKED || may;
        }
    }

    /// Date lines around the text, and the writers' initials after it: `(dns/hri)`.
    fn drop_datelines(&mut self) {
        // The date may stand below a stand-first, hence the second paragraph.
        let first = (0..self.chunks.len()).filter(|&i| self.is_prose(i)).nth(1).unwrap_or(0);
        let last = self.last_prose().unwrap_or(self.chunks.len());
        for (i, c) in self.chunks.iter().enumerate() {
            let head = i < first && is_date_line(&c.text);
            let tail = i > last && (is_initials(&c.text) || is_date_line(&c.text) && !ends_sentence(&c.text));
            self.keep[i] &= !(head || tail || is_time(self.dom, c));
        }
    }

    /// Below the text, what the newsroom says of itself and its writers: italics that lead elsewhere.
    fn drop_notes(&mut self) {
        let kept: Vec<usize> = (0..self.chunks.len()).filter(|&i| self.keep[i]).collect();
        if kept.len() < 6 {
            return;
        }
        for &i in kept.iter().rev().take(3) {
            let c = self.chunks[i];
            let note = c.italic && (c.linked > 0 || c.text.contains('@'));
            if c.kind == BlockKind::Paragraph && c.mass < 400 && note {
                self.keep[i] = false;
            }
        }
    }

    /// A last list in which all but every item leads elsewhere.
    fn drop_last_list(&mut self) {
        let Some(last) = (0..self.chunks.len()).rev().find(|&i| self.keep[i]) else { return };
        let Some(list) = list_of(self.dom, self.chunks[last]) else { return };
        let items: Vec<usize> =
            (0..=last).filter(|&i| self.keep[i] && list_of(self.dom, self.chunks[i]) == Some(list)).collect();
        let linked = items.iter().filter(|&&i| self.chunks[i].linked > 0).count();
        let mass = |of: &mut dyn Iterator<Item = usize>| of.map(|i| self.chunks[i].mass).sum::<u32>();
        let whole = mass(&mut (0..=last).filter(|&i| self.keep[i]));
        if items.len() >= 3 && 5 * linked >= 4 * items.len() && 4 * mass(&mut items.iter().copied()) < whole {
            items.into_iter().for_each(|i| self.keep[i] = false);
        }
    }

    /// After the text, whatever stands among links that lead elsewhere.
    fn drop_tail(&mut self) {
        let Some(last) = self.last_prose() else { return };
        let end = self.chunks.len();
        let mut links = (last + 1..end).filter(|&i| self.chunks[i].link_density() > MAX_LINKED);
        let (Some(first), Some(_)) = (links.next(), links.next()) else { return };
        let kept =
            |range: Range<usize>| range.filter(|&i| self.keep[i]).map(|i| self.chunks[i].mass).sum::<u32>();
        if 6 * kept(first..end) >= kept(0..first) {
            return;
        }
        // A closing line stands where the paragraphs stand.
        let home = self.dom.parent(self.chunks[last].node);
        for i in first..end {
            let c = self.chunks[i];
            self.keep[i] &=
                c.kind == BlockKind::Paragraph && self.dom.parent(c.node) == home && !is_linked_line(c);
        }
    }

    /// Headings and labels that announced what is gone.
    fn drop_orphans(&mut self) {
        let (mut content, mut gone, mut end) = (false, false, true);
        for i in (0..self.chunks.len()).rev() {
            let c = self.chunks[i];
            if c.kind == BlockKind::Heading || (gone && !content && is_label(c)) {
                self.keep[i] &= content || !(gone || end);
                (content, gone) = (false, false);
            } else {
                content |= self.keep[i];
                gone |= !self.keep[i];
            }
            end &= !self.keep[i];
        }
    }
}

/// The forms in which a page states its headline.
#[derive(Debug, Default)]
pub(crate) struct Titles(Vec<String>);

impl Titles {
    pub(crate) fn new(stated: &[String]) -> Titles {
        Titles(stated.iter().map(|t| letters(t)).filter(|t| !t.is_empty()).collect())
    }

    /// Whether a text is the headline, as it stands or with the site's name before or behind one of the two.
    pub(crate) fn has(&self, text: &str) -> bool {
        // Titles are short: longer texts cannot be one.
        if text.len() > 1000 {
            return false;
        }
        let text = letters(text);
        text.len() >= 8
            && self.0.iter().any(|t| {
                t == &text
                    || (t.starts_with(&text) && 2 * text.len() > t.len())
                    || (t.len() >= 12 && text.starts_with(t) && 4 * text.len() < 5 * t.len())
            })
    }
}

/// The list a chunk is an item of.
fn list_of(dom: &Dom, c: &Chunk) -> Option<NodeId> {
    if c.kind != BlockKind::ListItem {
        return None;
    }
    dom.lineage(c.node).find(|&n| matches!(dom.name(n), Some(&local_name!("ul") | &local_name!("ol"))))
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

/// Whether all of a chunk's text is in a `<time>` element.
fn is_time(dom: &Dom, c: &Chunk) -> bool {
    c.items.iter().all(|item| match *item {
        Item::Text(t) if dom.text(t).is_some_and(|t| !t.trim().is_empty()) => {
            dom.lineage(t).skip(1).take(4).any(|n| dom.is(n, &local_name!("time")))
        }
        _ => true,
    })
}

/// Whether a line is nothing but initials in brackets.
fn is_initials(text: &str) -> bool {
    let inner = text.strip_prefix('(').and_then(|t| t.trim_end_matches('.').strip_suffix(')'));
    inner.is_some_and(|t| {
        t.split(['/', '-'])
            .all(|w| (1..=6).contains(&w.len()) && w.bytes().all(|b| b.is_ascii_alphanumeric()))
    })
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
