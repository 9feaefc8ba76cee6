//! Which part of the page is the story.

use edisi_article::BlockKind;
use html5ever::local_name;

use super::chunk::{self, Chunk, Item};
use super::dom::{Dom, NodeId};
use super::hints::{Hints, Known};

/// What becomes of elements that readers do not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hidden {
    Skip,
    Read,
}

/// What is known of each element before anything is chosen.
pub(crate) struct Survey {
    hints: Vec<Hints>,
    /// Text below each node, by [`chunk::mass`].
    mass: Vec<u32>,
    /// Text and number of the links below each node.
    links: Vec<(u32, u32)>,
    /// Whether there is a picture below each node.
    pictured: Vec<bool>,
}

/// A wrapper of a picture and its caption has no more text than this, by [`chunk::mass`].
const MAX_FIGURE: u32 = 600;

impl Survey {
    /// Reads every element once.
    pub(crate) fn of(dom: &Dom, hidden: Hidden) -> Survey {
        let mut hints = vec![Hints::default(); dom.len()];
        let mut mass = vec![0u32; dom.len()];
        let mut links = vec![(0u32, 0u32); dom.len()];
        let mut known = Known::new();
        let mut order = Vec::with_capacity(dom.len());
        let mut walk = dom.subtree(Dom::ROOT);
        while let Some(n) = walk.next() {
            match dom.name(n) {
                Some(name) if chunk::is_silent(name) => {
                    walk.skip_children(n);
                    continue;
                }
                Some(_) => {
                    hints[n as usize] = Hints::of(dom, n, &mut known);
                    hints[n as usize].hidden &= hidden == Hidden::Skip;
                }
                None => mass[n as usize] = dom.text(n).map_or(0, chunk::mass),
            }
            order.push(n);
        }
        for &n in order.iter().rev() {
            if dom.is(n, &local_name!("a")) {
                links[n as usize] = (mass[n as usize], 1);
            }
            if let Some(p) = dom.parent(n) {
                let (p, n) = (p as usize, n as usize);
                mass[p] += mass[n];
                links[p].0 += links[n].0;
                links[p].1 += links[n].1;
            }
        }
        Survey { hints, mass, links, pictured: pictured(dom) }
    }

    pub(crate) fn hints(&self, id: NodeId) -> Hints {
        self.hints[id as usize]
    }

    pub(crate) fn mass(&self, id: NodeId) -> u32 {
        self.mass[id as usize]
    }

    /// Whether an element shares a small wrapper with a picture.
    fn beside_picture(&self, dom: &Dom, id: NodeId) -> bool {
        let wrappers = dom.lineage(id).take(4).take_while(|&n| self.mass(n) <= MAX_FIGURE);
        wrappers.into_iter().any(|n| self.pictured[n as usize])
    }

    /// Whether an inline element is a box of links that opens over the text around it.
    fn is_hover_card(&self, dom: &Dom, id: NodeId) -> bool {
        let (linked, links) = self.links[id as usize];
        let mass = self.mass(id);
        links >= 3
            && dom.is(id, &local_name!("span"))
            && 10 * linked > 7 * mass
            && dom
                .lineage(id)
                .find(|&n| dom.name(n).is_some_and(chunk::is_block))
                .is_some_and(|block| self.mass(block) >= mass + 40)
    }

    /// Whether an element is not part of any story.
    pub(crate) fn is_furniture(&self, dom: &Dom, id: NodeId) -> bool {
        let Some(name) = dom.name(id) else { return false };
        if matches!(
            *name,
            local_name!("html")
                | local_name!("body")
                | local_name!("main")
                | local_name!("article")
                | local_name!("blockquote")
        ) {
            return false;
        }
        let h = self.hints(id);
        if h.hidden || self.is_hover_card(dom, id) {
            return true;
        }
        let share = self.mass(id) as f32 / self.mass(Dom::ROOT).max(1) as f32;
        match *name {
            local_name!("nav")
            | local_name!("aside")
            | local_name!("footer")
            | local_name!("dialog")
            | local_name!("menu") => return true,
            _ => {}
        }
        if h.body {
            return false;
        }
        if h.comments {
            return true;
        }
        ((h.furniture && !h.embed) || h.byline || (h.credit && !self.beside_picture(dom, id))) && share < 0.3
    }
}

/// Marks the chunks that are captions: by what the page calls them, or because they share a small wrapper
/// with a picture and nothing else.
pub(crate) fn mark_captions(dom: &Dom, survey: &Survey, chunks: &mut [Chunk]) {
    let pictured = &survey.pictured;
    let whole = survey.mass(Dom::ROOT).max(1);
    for c in chunks {
        if c.kind == BlockKind::Heading || c.kind == BlockKind::Preformatted {
            continue;
        }
        let Some(&Item::Text(first)) = c.items.first() else { continue };
        for n in dom.lineage(first).skip(1).take(6) {
            let Some(name) = dom.name(n) else { break };
            if matches!(*name, local_name!("body") | local_name!("article") | local_name!("main")) {
                break;
            }
            let named = (survey.hints(n).caption || survey.hints(n).credit)
                && 5 * survey.mass(n) < whole
                && 4 * survey.mass(n) > 3 * c.mass;
            let alone = survey.mass(n) <= c.mass + c.mass / 4;
            // A picture inside a paragraph of text makes no caption of it.
            let beside = alone
                && c.kind != BlockKind::Quote
                && pictured[n as usize]
                && c.mass < 250
                && *name != local_name!("p");
            if named || beside || *name == local_name!("figure") {
                c.kind = BlockKind::Caption;
                (c.level, c.ordered) = (0, false);
                break;
            }
            if !alone && !survey.hints(n).caption && survey.mass(n) > MAX_FIGURE {
                break;
            }
        }
    }
}

/// Which elements have a picture somewhere below.
fn pictured(dom: &Dom) -> Vec<bool> {
    let mut out = vec![false; dom.len()];
    for n in dom.subtree(Dom::ROOT) {
        if dom.name(n).is_some_and(|n| matches!(&**n, "img" | "picture" | "amp-img" | "video")) {
            for a in dom.lineage(n) {
                if std::mem::replace(&mut out[a as usize], true) {
                    break;
                }
            }
        }
    }
    out
}

/// How much a chunk looks like running text of a story.
pub(crate) fn worth(c: &Chunk) -> f32 {
    if matches!(c.kind, BlockKind::Heading | BlockKind::Caption) || c.mass < 20 {
        return 0.0;
    }
    let commas = c.text.chars().filter(|c| matches!(c, ',' | '،' | '、' | '，' | ';')).count();
    let stops = c.text.chars().filter(|c| matches!(c, '.' | '!' | '?' | '。' | '؟' | '…')).count();
    let size = c.mass as f32 / 100.0;
    let base = size.min(3.0) + commas.min(5) as f32 * 0.5 + if stops > 0 { 1.0 } else { 0.0 };
    base * (1.0 - c.link_density()).powi(2)
}

/// The element that holds the story and the chunks below it.
pub(crate) fn container(dom: &Dom, survey: &Survey, chunks: &[Chunk]) -> Option<NodeId> {
    let mut score = vec![0f32; dom.len()];
    let mut junk = vec![0f32; dom.len()];
    let mut total = vec![0f32; dom.len()];
    for c in chunks {
        let w = worth(c);
        let l = lumber(c);
        for (level, n) in dom.lineage(c.node).enumerate() {
            if n == Dom::ROOT {
                break;
            }
            let share = match level {
                0 | 1 => 1.0,
                2 => 0.5,
                l => 1.0 / (3.0 * (l - 1) as f32),
            };
            score[n as usize] += w * share;
            total[n as usize] += w;
            junk[n as usize] += l;
        }
    }
    let mut best = (0.0, None);
    for n in dom.subtree(Dom::ROOT) {
        let s = score[n as usize] * if survey.hints(n).body { 1.25 } else { 1.0 };
        if s > best.0 {
            best = (s, Some(n));
        }
    }
    let mut top = best.1?;
    // Sections of one story have a parent in common.
    for p in dom.lineage(top).skip(1).collect::<Vec<_>>() {
        if matches!(dom.name(p), None | Some(&local_name!("html"))) || dom.is(top, &local_name!("article")) {
            break;
        }
        let gain = total[p as usize] - total[top as usize];
        let lumber = junk[p as usize] - junk[top as usize];
        if gain > 0.1 * total[top as usize] && gain > 3.0 * lumber {
            top = p;
        }
    }
    Some(top)
}

/// How much a chunk looks like anything else: links, labels, counters.
fn lumber(c: &Chunk) -> f32 {
    if c.kind == BlockKind::Caption {
        return 0.0;
    }
    if c.kind == BlockKind::Heading {
        return if c.link_density() > 0.5 { 3.0 } else { 0.0 };
    }
    if worth(c) > 1.0 {
        return 0.0;
    }
    0.3 + c.linked as f32 / 50.0
}
