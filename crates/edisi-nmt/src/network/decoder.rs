//! The decoder: one token at a time for many sentences side by side.

use std::sync::Arc;
use std::time::Instant;

use super::{MAX_POSITIONS, Output, Positions, Space, feed_forward, linear, project};
use crate::kernels::aligned::Buffer;
use crate::kernels::{Kernel, Memory};
use crate::model::Model;
use crate::statistics::Statistics;
use crate::terms::{Constraint, Offer};

/// What the decoder looks at of one sentence: keys and values for each layer.
#[derive(Default)]
pub(crate) struct Memories {
    /// Source tokens, the end mark included.
    len: usize,
    /// `[layer][dim][padded]`.
    keys: Buffer<f32>,
    /// `[layer][len][dim]`.
    values: Buffer<f32>,
}

impl Memories {
    /// Takes the rows `[len, layers · 2 · dim]`, keys before values in each layer.
    pub(super) fn fill(&mut self, rows: &[f32], dim: usize, layers: usize) {
        let width = layers * 2 * dim;
        self.len = rows.len() / width;
        let padded = self.len.next_multiple_of(16);
        self.keys.resize(layers * dim * padded);
        self.values.resize(layers * self.len * dim);
        for (j, row) in rows.chunks_exact(width).enumerate() {
            for (layer, row) in row.chunks_exact(2 * dim).enumerate() {
                let (keys, values) = row.split_at(dim);
                for (d, key) in keys.iter().enumerate() {
                    self.keys[(layer * dim + d) * padded + j] = *key;
                }
                self.values[(layer * self.len + j) * dim..][..dim].copy_from_slice(values);
            }
        }
        for column in self.keys.chunks_exact_mut(padded) {
            column[self.len..].fill(0.0);
        }
    }

    fn layer(&self, layer: usize, dim: usize, heads: usize) -> Memory<'_> {
        let padded = self.len.next_multiple_of(16);
        Memory {
            len: self.len,
            heads,
            keys: &self.keys[layer * dim * padded..][..dim * padded],
            values: &self.values[layer * self.len * dim..][..self.len * dim],
        }
    }
}

/// One token that was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    pub token: u32,
    /// Natural logarithm of its probability among the candidates.
    pub logprob: f32,
    /// Its logit minus that of the best other candidate; negative where a term was forced.
    pub margin: f32,
}

/// A sentence that is being decoded.
pub(crate) struct Lane {
    memories: Memories,
    output: Arc<Output>,
    /// The SSRU cells' state, `[layer][dim]`.
    state: Buffer<f32>,
    /// Terms that must be written.
    pub constraint: Option<Constraint>,
    /// What was written so far.
    pub steps: Vec<Step>,
    /// Attention of the last layer's first head, `[steps, len]`.
    pub attention: Vec<f32>,
}

impl Lane {
    /// Source tokens, the end mark included.
    pub fn source_len(&self) -> usize {
        self.memories.len
    }
}

/// Most tokens that can be written for one sentence.
pub(crate) const MAX_STEPS: usize = MAX_POSITIONS;

impl Space {
    /// A sentence at its beginning.
    pub fn lane(
        &mut self,
        model: &Model,
        memories: Memories,
        output: Arc<Output>,
        constraint: Option<Constraint>,
    ) -> Lane {
        let state = Buffer::zeroed(model.config.decoder_layers * model.config.dim);
        Lane { memories, output, state, constraint, steps: Vec::new(), attention: Vec::new() }
    }

    /// The embeddings of a sentence's candidates, as [`Output::gather`] gathers them.
    pub fn output(&mut self, model: &Model, candidates: &[u32], unknown: u32) -> Arc<Output> {
        let mut output = self.spare_outputs.pop().unwrap_or_default();
        output.gather(model, candidates, unknown);
        Arc::new(output)
    }

    /// Writes the most probable next token of every lane; the end mark is one of them.
    pub fn step(
        &mut self,
        model: &Model,
        kernel: &dyn Kernel,
        positions: &Positions,
        lanes: &mut [Lane],
        statistics: &mut Statistics,
    ) {
        let start = Instant::now();
        let (dim, heads) = (model.config.dim, model.config.heads);
        let rows = lanes.len();
        self.resize(rows, model);
        self.wide.resize(rows * 2 * dim);
        let Space { x, y, wide, mixed, quantised, hidden, scratch, logits, .. } = self;
        let scale = (dim as f32).sqrt() / model.target.multiplier;
        for (lane, x) in lanes.iter().zip(x.chunks_exact_mut(dim)) {
            let position = positions.row(lane.steps.len());
            match lane.steps.last() {
                Some(step) => kernel.embed(model.row(&model.target, step.token), scale, position, x),
                // Marian begins with a vector of zeros, not with the end mark's.
                None => x.copy_from_slice(position),
            }
        }
        let last = model.config.decoder_layers - 1;
        for (at, layer) in model.weights.decoder.iter().enumerate() {
            project(kernel, x, &layer.gates, quantised, wide);
            for ((lane, gates), y) in
                lanes.iter_mut().zip(wide.chunks_exact(2 * dim)).zip(y.chunks_exact_mut(dim))
            {
                kernel.cell(gates, &mut lane.state[at * dim..][..dim], y);
            }
            kernel.add_norm(x, y, &layer.cell_norm);
            linear(kernel, x, &layer.query, quantised, y);
            for ((lane, q), mixed) in
                lanes.iter_mut().zip(y.chunks_exact(dim)).zip(mixed.chunks_exact_mut(dim))
            {
                let memory = lane.memories.layer(at, dim, heads);
                let first = lane.attention.len();
                if at == last {
                    lane.attention.resize(first + memory.len, 0.0);
                }
                kernel.attend_cross(q, &memory, scratch, &mut lane.attention[first..], mixed);
            }
            linear(kernel, mixed, &layer.out, quantised, y);
            kernel.add_norm(x, y, &layer.attention_norm);
            feed_forward(kernel, x, (&layer.widen, &layer.narrow), quantised, hidden, y);
            kernel.add_norm(x, y, &layer.norm);
        }
        let decoded = Instant::now();
        kernel.quantise(x, model.weights.output_alpha, quantised);
        let mut first = 0;
        // Lanes that share their candidates are multiplied together.
        for run in lanes.chunk_by_mut(|a, b| Arc::ptr_eq(&a.output, &b.output)) {
            let output = run[0].output.clone();
            let rows = &quantised[first * dim..][..run.len() * dim];
            first += run.len();
            let mut lanes = run.iter_mut();
            output.scan(kernel, rows, logits, |scan, logits| {
                let lane = lanes.next().expect("a lane for each row");
                let (best, top) = scan.best;
                let mut column = best as usize;
                if let Some(constraint) = &mut lane.constraint {
                    let attention = &lane.attention[lane.attention.len() - lane.memories.len..];
                    column = constraint.choose(&Offer {
                        logits,
                        candidates: output.candidates(),
                        best: column,
                        attention,
                    });
                }
                // A token that was forced can be less probable than the best.
                let below = logits[column] - top;
                let rival = if column == best as usize { scan.second } else { top };
                lane.steps.push(Step {
                    token: output.candidates()[column],
                    logprob: below - scan.sum.ln(),
                    margin: logits[column] - rival,
                });
            });
        }
        statistics.steps += 1;
        statistics.decoder += decoded - start;
        statistics.output += decoded.elapsed();
    }

    /// Takes a lane's memory back for sentences to come.
    pub fn retire(&mut self, lane: Lane) {
        self.spare.push(lane.memories);
        self.spare_outputs.extend(Arc::into_inner(lane.output));
    }
}
