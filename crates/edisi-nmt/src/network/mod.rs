//! The network: text that is already tokens goes in, and tokens with their scores come out.

mod decoder;
mod encoder;
mod output;
mod position;

pub(crate) use decoder::{Lane, MAX_STEPS};
pub(crate) use output::Output;
pub(crate) use position::{MAX_POSITIONS, Positions};

use crate::kernels::aligned::Buffer;
use crate::kernels::{Kernel, Out};
use crate::model::{Linear, Model, Projection};

/// A thread's buffers, kept from one piece of work to the next.
pub(crate) struct Space {
    /// The layer's input and output, `[rows, dim]`.
    x: Buffer<f32>,
    /// What a sublayer gives, `[rows, dim]`.
    y: Buffer<f32>,
    /// Projections, `[rows, several · dim]`.
    wide: Buffer<f32>,
    /// What attention gives, `[rows, dim]`.
    mixed: Buffer<f32>,
    /// Quantised activations, `[rows, dim]`.
    quantised: Buffer<u8>,
    /// Quantised hidden activations, `[rows, ffn]`.
    hidden: Buffer<u8>,
    /// For attention.
    scratch: Buffer<f32>,
    /// `[rows, columns]`.
    logits: Buffer<f32>,
    /// Memory of sentences that are done, for those to come.
    spare: Vec<decoder::Memories>,
    spare_outputs: Vec<Output>,
}

impl Space {
    pub fn new() -> Space {
        Space {
            x: Buffer::new(),
            y: Buffer::new(),
            wide: Buffer::new(),
            mixed: Buffer::new(),
            quantised: Buffer::new(),
            hidden: Buffer::new(),
            scratch: Buffer::new(),
            logits: Buffer::new(),
            spare: Vec::new(),
            spare_outputs: Vec::new(),
        }
    }

    fn resize(&mut self, rows: usize, model: &Model) {
        let dim = model.config.dim;
        self.x.resize(rows * dim);
        self.y.resize(rows * dim);
        self.mixed.resize(rows * dim);
        self.quantised.resize(rows * dim);
        self.hidden.resize(rows * model.config.ffn);
    }
}

/// `out = x · linear`, rows of `x` being quantised into `quantised` first.
fn linear(kernel: &dyn Kernel, x: &[f32], linear: &Linear, quantised: &mut [u8], out: &mut [f32]) {
    kernel.quantise(x, linear.alpha, quantised);
    let matrix = &linear.matrix;
    kernel.gemm(quantised, x.len() / matrix.k, matrix, Out::Float { data: out, stride: matrix.n });
}

/// `out = x · projection`, `out` being `[rows, projection.width]`.
fn project(kernel: &dyn Kernel, x: &[f32], projection: &Projection, quantised: &mut [u8], out: &mut [f32]) {
    for (column, part) in &projection.parts {
        kernel.quantise(x, part.alpha, quantised);
        let out = Out::Float { data: &mut out[*column..], stride: projection.width };
        kernel.gemm(quantised, x.len() / part.matrix.k, &part.matrix, out);
    }
}

/// `out = relu(x · widen) · narrow`.
fn feed_forward(
    kernel: &dyn Kernel,
    x: &[f32],
    (widen, narrow): (&Linear, &Linear),
    quantised: &mut [u8],
    hidden: &mut [u8],
    out: &mut [f32],
) {
    let rows = x.len() / widen.matrix.k;
    kernel.quantise(x, widen.alpha, quantised);
    kernel.gemm(quantised, rows, &widen.matrix, Out::Relu { data: hidden, alpha: narrow.alpha });
    kernel.gemm(hidden, rows, &narrow.matrix, Out::Float { data: out, stride: narrow.matrix.n });
}
