//! Keys and values of the positions already seen, in pages that are handed back and used again.

use crate::config::Config;
use crate::kernels::{KvSpan, PAGE};

/// Pages no sequence holds at the moment.
#[derive(Default)]
pub(crate) struct Pool {
    free: Vec<Box<[f32]>>,
}

/// The keys and values a stretch of tokens left behind, from position `base` on.
/// A page is `[layer][keys [head_dim, PAGE] | values [PAGE, head_dim]]`.
pub(crate) struct Stretch {
    pages: Vec<Box<[f32]>>,
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
        self.len += count;
        while self.pages.len() * PAGE < self.len {
            let fresh = || vec![0.0; config.layers * 2 * PAGE * config.head_dim].into_boxed_slice();
            self.pages.push(pool.free.pop().unwrap_or_else(fresh));
        }
    }

    /// Stores key and value of the `index`th own position of `layer`.
    pub fn store(&mut self, layer: usize, index: usize, key: &[f32], value: &[f32]) {
        let (head_dim, at) = (key.len(), index % PAGE);
        let page = &mut self.pages[index / PAGE];
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
        pool.free.extend(self.pages);
    }
}
