//! The forward pass: any mix of sequences and any number of new tokens of each, side by side.
//!
//! A row is one new token. Rows never mix: each is computed by the same operations in the same order whatever
//! else is in the batch, so outputs do not depend on the company a segment keeps.

use rayon::prelude::*;

use crate::config::Config;
use crate::kernels::{Kernel, KvSpan, Scan};
use crate::kv::Stretch;
use crate::model::Mask;
use crate::pack::{PANEL, PackedMatrix, QuantRows};
use crate::weights::{Layer, Rope, Weights};

/// New tokens of one sequence.
pub(crate) struct Item<'a> {
    /// Where their keys and values go; already grown by `tokens.len()`.
    pub own: &'a mut Stretch,
    /// What came before `own`, oldest first.
    pub before: Vec<&'a Stretch>,
    pub tokens: &'a [u32],
    /// Given when the next token after the last of these is wanted.
    pub predict: Option<Predict<'a>>,
}

/// What is wanted of the next token.
#[derive(Clone, Copy)]
pub(crate) struct Predict<'a> {
    /// What may be said.
    pub mask: &'a Mask,
    /// How many candidates.
    pub keep: usize,
}

/// Buffers of the pass, kept between calls.
pub(crate) struct Scratch {
    /// Residual stream `[rows, dim]`.
    x: Vec<f32>,
    acts: QuantRows,
    /// A product as the kernels write it: `[panel, rows, 32]`.
    product: Vec<f32>,
    /// Rotated queries `[rows, heads · head_dim]`.
    queries: Vec<f32>,
}

impl Scratch {
    pub fn new() -> Scratch {
        Scratch { x: Vec::new(), acts: QuantRows::new(), product: Vec::new(), queries: Vec::new() }
    }
}

/// What a forward pass needs besides tokens.
pub(crate) struct Pass<'a> {
    pub config: &'a Config,
    pub weights: &'a Weights,
    pub kernel: &'a dyn Kernel,
}

/// Columns of logits scanned in one go; fixed, so that sums do not depend on the number of threads.
const SCAN_PANELS: usize = 32;

impl Pass<'_> {
    /// Runs `items` and returns, for each that asks for it, the scan of its next token's logits.
    pub fn run(&self, items: &mut [Item<'_>], scratch: &mut Scratch) -> Vec<Option<Scan>> {
        let (config, d) = (self.config, self.config.dim);
        let rows: Vec<(usize, usize)> = items
            .iter()
            .enumerate()
            .flat_map(|(i, item)| (0..item.tokens.len()).map(move |t| (i, t)))
            .collect();
        scratch.x.resize(rows.len() * d, 0.0);
        let factor = (d as f32).sqrt();
        scratch.x.par_chunks_mut(d).zip(&rows).for_each(|(x, &(i, t))| {
            let column = self.weights.order.columns[items[i].tokens[t] as usize];
            self.weights.embedding.column(column as usize, factor, x);
        });
        for (index, layer) in self.weights.layers.iter().enumerate() {
            self.attention(index, layer, items, &rows, scratch);
            self.feed_forward(layer, scratch);
            debug_assert_eq!(scratch.x.len(), rows.len() * config.dim);
        }
        self.predict(items, scratch)
    }

    fn attention(
        &self,
        index: usize,
        layer: &Layer,
        items: &mut [Item<'_>],
        rows: &[(usize, usize)],
        scratch: &mut Scratch,
    ) {
        let (config, kernel) = (self.config, self.kernel);
        let (q_dim, hd, count) = (config.q_dim(), config.head_dim, rows.len());
        let global = config.is_global(index);
        let rope = if global { &self.weights.rope_global } else { &self.weights.rope_local };
        self.normalise(&layer.attn_norm, scratch);
        self.multiply(&layer.qkv, scratch);

        let product = &scratch.product;
        let starts: Vec<usize> = items
            .iter()
            .scan(0, |at, item| {
                *at += item.tokens.len();
                Some(*at - item.tokens.len())
            })
            .collect();
        items.par_iter_mut().zip(&starts).for_each(|(item, &start)| {
            let first = item.own.len - item.tokens.len();
            let (mut raw, mut key, mut value) = (vec![0.0; hd], vec![0.0; hd], vec![0.0; hd]);
            for t in 0..item.tokens.len() {
                gather(product, count, start + t, q_dim, &mut raw);
                kernel.rms_norm(&raw, &layer.k_norm, config.eps, &mut key);
                rope.apply(&mut key, item.own.base + first + t);
                gather(product, count, start + t, q_dim + hd, &mut value);
                item.own.store(index, first + t, &key, &value);
            }
        });

        scratch.queries.resize(count * q_dim, 0.0);
        scratch.acts.resize(count, q_dim);
        let items = &*items;
        let window = if global { usize::MAX } else { config.window };
        scratch
            .queries
            .par_chunks_mut(q_dim)
            .zip(scratch.acts.rows_mut())
            .zip(rows)
            .enumerate()
            .for_each_init(
                || (vec![0.0; q_dim], Vec::new()),
                |(out, scores), (row, ((q, acts), &(i, t)))| {
                    let item = &items[i];
                    gather(product, count, row, 0, out);
                    let position = item.own.base + item.own.len - item.tokens.len() + t;
                    self.rotate_queries(out, &layer.q_norm, rope, position, q);
                    let spans = visible(item, index, position, window, hd);
                    kernel.attend(q, &spans, hd, scores, out);
                    acts.fill(kernel, out);
                },
            );
        self.multiply(&layer.attn_out, scratch);
        self.add_normalised(&layer.post_attn_norm, scratch);
    }

    fn rotate_queries(&self, raw: &[f32], norm: &[f32], rope: &Rope, position: usize, q: &mut [f32]) {
        let hd = self.config.head_dim;
        let scale = 1.0 / (hd as f32).sqrt();
        for (raw, q) in raw.chunks_exact(hd).zip(q.chunks_exact_mut(hd)) {
            self.kernel.rms_norm(raw, norm, self.config.eps, q);
            rope.apply(q, position);
            q.iter_mut().for_each(|q| *q *= scale);
        }
    }

    fn feed_forward(&self, layer: &Layer, scratch: &mut Scratch) {
        let (kernel, ffn) = (self.kernel, self.config.ffn);
        self.normalise(&layer.ffn_norm, scratch);
        self.multiply(&layer.gate_up, scratch);
        let count = scratch.acts.m;
        scratch.acts.resize(count, ffn);
        let product = &scratch.product;
        scratch.acts.rows_mut().enumerate().for_each_init(
            || (vec![0.0; ffn], vec![0.0; ffn]),
            |(gate, up), (row, acts)| {
                gather(product, count, row, 0, gate);
                gather(product, count, row, ffn, up);
                kernel.gelu_mul(gate, up);
                acts.fill(kernel, gate);
            },
        );
        self.multiply(&layer.down, scratch);
        self.add_normalised(&layer.post_ffn_norm, scratch);
    }

    /// Quantises the normalised residual stream.
    fn normalise(&self, norm: &[f32], scratch: &mut Scratch) {
        let d = self.config.dim;
        scratch.acts.resize(scratch.x.len() / d, d);
        scratch.acts.rows_mut().zip(scratch.x.par_chunks(d)).for_each_init(
            || vec![0.0; d],
            |h, (acts, x)| {
                self.kernel.rms_norm(x, norm, self.config.eps, h);
                acts.fill(self.kernel, h);
            },
        );
    }

    fn multiply(&self, matrix: &PackedMatrix, scratch: &mut Scratch) {
        let panel_len = scratch.acts.m * PANEL;
        scratch.product.resize(matrix.panels() * panel_len, 0.0);
        let acts = &scratch.acts;
        scratch.product.par_chunks_mut(panel_len).enumerate().with_min_len(4).for_each(|(panel, out)| {
            self.kernel.gemm_panel(acts, matrix, panel, out);
        });
    }

    /// Adds the normalised product to the residual stream.
    fn add_normalised(&self, norm: &[f32], scratch: &mut Scratch) {
        let (d, product, count) = (self.config.dim, &scratch.product, scratch.acts.m);
        scratch.x.par_chunks_mut(d).enumerate().for_each_init(
            || (vec![0.0; d], vec![0.0; d]),
            |(y, h), (row, x)| {
                gather(product, count, row, 0, y);
                self.kernel.rms_norm(y, norm, self.config.eps, h);
                self.kernel.add(x, h);
            },
        );
    }

    fn predict(&self, items: &[Item<'_>], scratch: &mut Scratch) -> Vec<Option<Scan>> {
        let mut end = 0;
        let wanted: Vec<(usize, Predict<'_>)> = items
            .iter()
            .filter_map(|item| {
                end += item.tokens.len();
                item.predict.map(|predict| (end - 1, predict))
            })
            .collect();
        let Scratch { x, acts, .. } = scratch;
        let mut scans: Vec<Scan> = wanted.iter().map(|(_, predict)| Scan::empty(predict.keep)).collect();
        // Rows that may say the same are multiplied together, with the panels of those pieces alone.
        let mut places: Vec<usize> = (0..wanted.len()).collect();
        let mask = |&place: &usize| std::ptr::from_ref(wanted[place].1.mask.bias.as_ref()).cast::<f32>();
        places.sort_by_key(|place| mask(place).addr());
        for places in places.chunk_by(|a, b| mask(a) == mask(b)) {
            let rows: Vec<(usize, Predict<'_>)> = places.iter().map(|&place| wanted[place]).collect();
            for (&place, scan) in places.iter().zip(self.scan(&rows, x, acts)) {
                scans[place] = scan.named(&self.weights.order.pieces);
            }
        }
        let mut found = scans.into_iter();
        items.iter().map(|item| if item.predict.is_some() { found.next() } else { None }).collect()
    }

    /// The scans of what follows `rows` of `x`, all of which have the same mask; `acts` is scratch.
    fn scan(&self, rows: &[(usize, Predict<'_>)], x: &[f32], acts: &mut QuantRows) -> Vec<Scan> {
        let (d, kernel, vocabulary, count) =
            (self.config.dim, self.kernel, &self.weights.embedding, rows.len());
        let mask = rows[0].1.mask;
        acts.resize(count, d);
        acts.rows_mut().zip(rows).for_each_init(
            || vec![0.0; d],
            |h, (acts, &(row, _))| {
                kernel.rms_norm(&x[row * d..(row + 1) * d], &self.weights.output_norm, self.config.eps, h);
                acts.fill(kernel, h);
            },
        );
        let acts = &*acts;
        let span = |chunk: usize| chunk * SCAN_PANELS..((chunk + 1) * SCAN_PANELS).min(vocabulary.panels());
        let chunks: Vec<usize> = (0..vocabulary.panels().div_ceil(SCAN_PANELS))
            .filter(|&chunk| mask.open[span(chunk)].contains(&true))
            .collect();
        let chunks: Vec<Vec<Scan>> = chunks
            .into_par_iter()
            .map_init(
                || vec![0.0; count * SCAN_PANELS * PANEL],
                |logits, chunk| {
                    let panels = span(chunk);
                    let first = panels.start * PANEL;
                    let width = vocabulary.n.min(panels.end * PANEL) - first;
                    // What is left of another chunk in the place of a closed panel is forbidden by the mask.
                    for (panel, out) in panels.zip(logits.chunks_exact_mut(count * PANEL)) {
                        if mask.open[panel] {
                            kernel.gemm_panel(acts, vocabulary, panel, out);
                        }
                    }
                    let bias = &mask.bias[first..first + width];
                    let scan = |(row, (_, predict)): (usize, &(usize, Predict<'_>))| {
                        let logits = &logits[row * PANEL..];
                        kernel.scan_logits(logits, count * PANEL, bias, first as u32, predict.keep)
                    };
                    rows.iter().enumerate().map(scan).collect()
                },
            )
            .collect();
        let join = |(row, (_, predict)): (usize, &(usize, Predict<'_>))| {
            chunks.iter().fold(Scan::empty(predict.keep), |scan, chunk| scan.join(&chunk[row]))
        };
        rows.iter().enumerate().map(join).collect()
    }
}

/// Copies `out.len()` columns from `column` on of one row of a product `[panel, rows, 32]`.
fn gather(product: &[f32], rows: usize, row: usize, column: usize, out: &mut [f32]) {
    for (p, out) in out.chunks_mut(PANEL).enumerate() {
        let at = ((column / PANEL + p) * rows + row) * PANEL;
        out.copy_from_slice(&product[at..at + out.len()]);
    }
}

/// The keys and values that `position` of `item` sees: the last `window` positions up to itself.
fn visible<'a>(
    item: &'a Item<'_>,
    layer: usize,
    position: usize,
    window: usize,
    head_dim: usize,
) -> Vec<KvSpan<'a>> {
    let oldest = (position + 1).saturating_sub(window);
    let mut spans = Vec::new();
    for stretch in item.before.iter().copied().chain([&*item.own]) {
        let from = oldest.saturating_sub(stretch.base);
        let to = stretch.len.min(position + 1 - stretch.base.min(position + 1));
        if from < to {
            stretch.spans(layer, from, to, head_dim, &mut spans);
        }
    }
    spans
}
