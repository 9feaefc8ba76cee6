//! Which part of the page is the story.

use edisi_article::BlockKind;
use html5ever::local_name;

use super::chunk::{self, Chunk};
use super::dom::{Dom, NodeId};
use super::hints::Hints;

/// What is known of each element before anything is chosen.
pub(crate) struct Survey {
    hints: Vec<Hints>,
    /// Text below each node, by [`chunk::mass`].
    mass: Vec<u32>,
}

impl Survey {
    /// Reads every element once.
    pub(crate) fn of(dom: &Dom) -> Survey {
        let mut hints = vec![Hints::default(); dom.len()];
        let mut mass = vec![0u32; dom.len()];
        let mut order = Vec::with_capacity(dom.len());
        let mut walk = dom.subtree(Dom::ROOT);
        while let Some(n) = walk.next() {
            match dom.name(n) {
                Some(name) if chunk::is_silent(name) => {
                    walk.skip_children(n);
                    continue;
                }
                Some(_) => hints[n as usize] = Hints::of(dom, n),
                None => mass[n as usize] = dom.text(n).map_or(0, chunk::mass),
            }
            order.push(n);
        }
        for &n in order.iter().rev() {
            if let Some(p) = dom.parent(n) {
                mass[p as usize] += mass[n as usize];
            }
        }
        Survey { hints, mass }
    }

    pub(crate) fn hints(&self, id: NodeId) -> Hints {
        self.hints[id as usize]
    }

    pub(crate) fn mass(&self, id: NodeId) -> u32 {
        self.mass[id as usize]
    }

    /// Whether an element is not part of any story.
    pub(crate) fn is_furniture(&self, dom: &Dom, id: NodeId) -> bool {
        let Some(name) = dom.name(id) else { return false };
        if matches!(
            *name,
            local_name!("html") | local_name!("body") | local_name!("main") | local_name!("article")
        ) {
            return false;
        }
        let h = self.hints(id);
        if h.hidden {
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
        (h.furniture || h.byline || h.caption) && share < 0.3
    }
}

/// How much a chunk looks like running text of a story.
fn worth(c: &Chunk) -> f32 {
    if c.kind == BlockKind::Heading || c.mass < 20 {
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
    let mut total = vec![0f32; dom.len()];
    for c in chunks {
        let w = worth(c);
        if w <= 0.0 {
            continue;
        }
        let mut level = 0;
        for n in dom.lineage(c.node) {
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
            level += 1;
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
    while let Some(p) = dom.parent(top) {
        if matches!(dom.name(p), None | Some(&local_name!("html"))) {
            break;
        }
        if total[p as usize] > 1.2 * total[top as usize] && survey.mass(p) < 2 * survey.mass(top) {
            top = p;
        } else if survey.mass(p) == survey.mass(top) {
            top = p;
        } else {
            break;
        }
    }
    Some(top)
}
