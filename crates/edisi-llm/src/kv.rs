//! Keys and values of the positions already seen, in pages that are handed back and used again.
//!
//! Hypotheses that begin alike share pages; one that goes its own way copies the page it writes to.

use std::sync::Arc;

use crate::config::Config;
use crate::kernels::{KvSpan, PAGE};

/// Pages no sequence holds at the moment.
#[derive(Default)]
pub(crate) struct Pool {
    free: Vec<Arc<[f32]>>,
}

impl Pool {
    /// A page nobody else holds, its contents whatever they were.
    fn page(&mut self, config: &Config) -> Arc<[f32]> {
        let len = config.layers * 2 * PAGE * config.head_dim;
        self.free.pop().unwrap_or_else(|| std::iter::repeat_n(0.0, len).collect())
    }

    fn give_back(&mut self, mut page: Arc<[f32]>) {
        if Arc::get_mut(&mut page).is_some() {
            self.free.push(page);
        }
    }
}

/// The keys and values a stretch of tokens left behind, from position `base` on.
/// A page is `[layer][keys [head_dim, PAGE] | values [PAGE, head_dim]]`.
#[derive(Clone)]
pub(crate) struct Stretch {
    pages: Vec<Arc<[f32]>>,
    pub base: usize,
    pub len: usize,
}

impl Stretch {
    /// A stretch that begins at position `base` and has no tokens yet.
    pub fn new(base: usize) -> Stretch {
        Stretch { pages: Vec::new(), base, len: 0 }
    }

    /// Makes room for `count` more positions; [`Stretch::store`] must then fill them.
    pub fn grow(&mut self, count: usize, config: &Config, pool: &mut Pool) {
        if let Some(last) = self.pages.last_mut()
            && !self.len.is_multiple_of(PAGE)
            && Arc::get_mut(last).is_none()
        {
            let mut own = pool.page(config);
            Arc::get_mut(&mut own).expect("nobody else holds it").copy_from_slice(last);
            pool.give_back(std::mem::replace(last, own));
        }
        self.len += count;
        while self.pages.len() * PAGE < self.len {
            self.pages.push(pool.page(config));
        }
    }

    /// Stores key and value of the `index`th own position of `layer`.
    pub fn store(&mut self, layer: usize, index: usize, key: &[f32], value: &[f32]) {
        let (head_dim, at) = (key.len(), index % PAGE);
        let page = Arc::get_mut(&mut self.pages[index / PAGE]).expect("`grow` saw to it that it is our own");
        let block = PAGE * head_dim;
        let (keys, values) = page[layer * 2 * block..(layer + 1) * 2 * block].split_at_mut(block);
        for (slot, &key) in keys[at..].iter_mut().step_by(PAGE).zip(key) {
            *slot = key;
        }
        values[at * head_dim..(at + 1) * head_dim].copy_from_slice(value);
    }

    /// Adds the spans of own positions `from..to` of `layer`.
    pub fn spans<'a>(
        &'a self,
        layer: usize,
        from: usize,
        to: usize,
        head_dim: usize,
        out: &mut Vec<KvSpan<'a>>,
    ) {
        let block = PAGE * head_dim;
        let mut at = from;
        while at < to {
            let start = at / PAGE * PAGE;
            let end = to.min(start + PAGE);
            let page = &self.pages[at / PAGE][layer * 2 * block..(layer + 1) * 2 * block];
            let (keys, values) = page.split_at(block);
            out.push(KvSpan { keys, values, from: at - start, to: end - start });
            at = end;
        }
    }

    /// Gives the pages back.
    pub fn release(self, pool: &mut Pool) {
        self.pages.into_iter().for_each(|page| pool.give_back(page));
    }
}
