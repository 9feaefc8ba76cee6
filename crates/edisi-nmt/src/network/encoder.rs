//! The encoder: any number of sentences, packed one after the other without padding.

use super::decoder::Memories;
use super::{Positions, Space, feed_forward, linear, project};
use crate::kernels::Kernel;
use crate::model::Model;

impl Space {
    /// Encodes sentences (each with its end mark) and gives what the decoder looks at, in order.
    ///
    /// Rows are computed alone and attention stays within a sentence, so what else is encoded changes nothing.
    pub fn encode(
        &mut self,
        model: &Model,
        kernel: &dyn Kernel,
        positions: &Positions,
        sentences: &[&[u32]],
    ) -> Vec<Memories> {
        let (dim, heads, layers) = (model.config.dim, model.config.heads, model.config.decoder_layers);
        let rows: usize = sentences.iter().map(|s| s.len()).sum();
        self.resize(rows, model);
        let memory = &model.weights.memory;
        self.wide.resize(rows * memory.width.max(3 * dim));
        let Space { x, y, wide, mixed, quantised, hidden, scratch, spare, .. } = self;
        let scale = (dim as f32).sqrt() / model.source.multiplier;
        let tokens = sentences.iter().flat_map(|s| s.iter().enumerate());
        for ((position, &token), x) in tokens.zip(x.chunks_exact_mut(dim)) {
            kernel.embed(model.row(&model.source, token), scale, positions.row(position), x);
        }
        for layer in &model.weights.encoder {
            let qkv = &mut wide[..rows * 3 * dim];
            project(kernel, x, &layer.qkv, quantised, qkv);
            let mut at = 0;
            for sentence in sentences {
                let len = sentence.len();
                let (qkv, mixed) =
                    (&qkv[at * 3 * dim..][..len * 3 * dim], &mut mixed[at * dim..][..len * dim]);
                kernel.attend_self(heads, dim, qkv, scratch, mixed);
                at += len;
            }
            linear(kernel, mixed, &layer.out, quantised, y);
            kernel.add_norm(x, y, &layer.attention_norm);
            feed_forward(kernel, x, (&layer.widen, &layer.narrow), quantised, hidden, y);
            kernel.add_norm(x, y, &layer.norm);
        }
        let wide = &mut wide[..rows * memory.width];
        project(kernel, x, memory, quantised, wide);
        let mut at = 0;
        let mut memories = Vec::with_capacity(sentences.len());
        for sentence in sentences {
            let mut taken = spare.pop().unwrap_or_default();
            taken.fill(&wide[at * memory.width..][..sentence.len() * memory.width], dim, layers);
            at += sentence.len();
            memories.push(taken);
        }
        memories
    }
}
