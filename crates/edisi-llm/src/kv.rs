//! Keys and values of the positions already seen, in pages that are handed back and used again.

use crate::config::Config;
use crate::kernels::KvSpan;

/// Positions of one page.
const PAGE: usize = 16;

/// Pages no sequence holds at the moment.
#[derive(Default)]
pub(crate) struct Pool {
    free: Vec<Box<[f32]>>,
}

/// The keys and values a stretch of tokens left behind, from position `base` on.
/// A page is `[layer][keys | values][PAGE][head_dim]`.
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

    /// Makes room for `count` more positions; [`Stretch::slot`] may then be called for them.
    pub fn grow(&mut self, count: usize, config: &Config, pool: &mut Pool) {
        self.len += count;
        while self.pages.len() * PAGE < self.len {
            let fresh = || vec![0.0; config.layers * 2 * PAGE * config.head_dim].into_boxed_slice();
            self.pages.push(pool.free.pop().unwrap_or_else(fresh));
        }
    }

    /// Where key and value of the `index`th own position of `layer` are written.
    pub fn slot(&mut self, layer: usize, index: usize, head_dim: usize) -> (&mut [f32], &mut [f32]) {
        let page = &mut self.pages[index / PAGE];
        let block = PAGE * head_dim;
        let (keys, values) = page[layer * 2 * block..(layer + 1) * 2 * block].split_at_mut(block);
        let at = (index % PAGE) * head_dim;
        (&mut keys[at..at + head_dim], &mut values[at..at + head_dim])
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
            let end = to.min((at / PAGE + 1) * PAGE);
            let page = &self.pages[at / PAGE][layer * 2 * block..(layer + 1) * 2 * block];
            let rows = (at % PAGE) * head_dim..(at % PAGE + end - at) * head_dim;
            out.push(KvSpan {
                keys: &page[rows.clone()],
                values: &page[block + rows.start..block + rows.end],
            });
            at = end;
        }
    }

    /// Gives the pages back.
    pub fn release(self, pool: &mut Pool) {
        pool.free.extend(self.pages);
    }
}
