//! Every kernel that this processor can run gives the scalar kernel's bits.

use proptest::prelude::*;

use super::aligned::Buffer;
use super::scalar::Scalar;
use super::*;
use crate::pack::Column;

fn others() -> Vec<Box<dyn Kernel>> {
    available().into_iter().filter(|k| k.name() != "scalar").collect()
}

/// Bytes and numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn float(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }

    fn floats(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.float() * 3.0).collect()
    }

    fn weights(&mut self, len: usize, extremes: bool) -> Vec<u8> {
        let weight = |r: u64| match extremes {
            true => [-127i8, 127, 0][r as usize % 3],
            false => (r % 255) as u8 as i8,
        };
        (0..len).map(|_| weight(self.next()).max(-127) as u8).collect()
    }

    fn activations(&mut self, len: usize, extremes: bool) -> Vec<u8> {
        (0..len)
            .map(|_| match extremes {
                true => [0u8, 254, 127][self.next() as usize % 3],
                false => (self.next() % 255) as u8,
            })
            .collect()
    }
}

fn matrix(random: &mut Random, k: usize, n: usize, extremes: bool) -> Packed {
    let weights = random.weights(k * n, extremes);
    let (scale, bias) = (random.floats(n), random.floats(n));
    packed(&weights, k, |c| Column { scale: scale[c] * 1e-3, bias: bias[c] })
}

fn packed(columns: &[u8], k: usize, column: impl Fn(usize) -> Column) -> Packed {
    let mut packed = Packed::empty();
    packed.reset(k, columns.len() / k);
    let columns: Vec<&[u8]> = columns.chunks_exact(k).collect();
    for (columns, at) in columns.chunks(16).zip((0..).step_by(16)) {
        packed.set_columns(at, columns, &column);
    }
    packed
}

fn gemm(kernel: &dyn Kernel, a: &[u8], m: usize, w: &Packed) -> (Vec<f32>, Vec<u8>) {
    let stride = w.n + 32;
    let (mut floats, mut bytes) = (vec![0.0; m * stride], vec![0; m * w.n]);
    kernel.gemm(a, m, w, Out::Float { data: &mut floats, stride });
    kernel.gemm(a, m, w, Out::Relu { data: &mut bytes, alpha: 20.0 });
    (floats, bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn products_are_the_same(
        m in 1usize..40, k in 1usize..40, n in 1usize..14, extremes in any::<bool>(), seed in 1u64..u64::MAX,
    ) {
        let random = &mut Random(seed);
        let (k, n) = (k * 4, n * 16);
        let w = matrix(random, k, n, extremes);
        let a = random.activations(m * k, extremes);
        let wanted = gemm(&Scalar, &a, m, &w);
        for kernel in others() {
            prop_assert!(gemm(&*kernel, &a, m, &w) == wanted, "{} differs at m={m} k={k} n={n}", kernel.name());
        }
    }

    #[test]
    fn float_operations_are_the_same(
        len in 1usize..40, heads in 1usize..5, width in 1usize..5, seed in 1u64..u64::MAX,
    ) {
        let random = &mut Random(seed);
        let dim = heads * width * 16;
        let padded = len.next_multiple_of(16);
        let x = random.floats(len * dim);
        let y = random.floats(len * dim);
        let qkv = random.floats(len * 3 * dim);
        let keys = random.floats(dim * padded);
        let norm = Norm {
            scale: Buffer::from_slice(&random.floats(dim)),
            bias: Buffer::from_slice(&random.floats(dim)),
        };
        let row = random.weights(dim, false);
        let gates = random.floats(2 * dim);
        let results = |kernel: &dyn Kernel| {
            let mut scratch = Buffer::new();
            let mut quantised = vec![0; x.len()];
            kernel.quantise(&x, 50.0, &mut quantised);
            let mut normed = x.clone();
            kernel.add_norm(&mut normed, &y, &norm);
            let mut embedded = vec![0.0; dim];
            kernel.embed(&row, 0.07, &x[..dim], &mut embedded);
            let mut attended = vec![0.0; len * dim];
            kernel.attend_self(heads, dim, &qkv, &mut scratch, &mut attended);
            let (mut weights, mut crossed) = (vec![0.0; len], vec![0.0; dim]);
            let memory = Memory { len, heads, keys: &keys, values: &y };
            kernel.attend_cross(&x[..dim], &memory, &mut scratch, &mut weights, &mut crossed);
            let (mut state, mut out) = (y[..dim].to_vec(), vec![0.0; dim]);
            kernel.cell(&gates, &mut state, &mut out);
            let scan = kernel.scan(&keys);
            (quantised, [normed, embedded, attended, weights, crossed, state, out], scan)
        };
        let wanted = results(&Scalar);
        for kernel in others() {
            prop_assert!(results(&*kernel) == wanted, "{} differs", kernel.name());
        }
    }
}

#[test]
fn quantisation_rounds_to_even_and_clamps() {
    let mut out = [0; 16];
    let mut x = [0.0; 16];
    x[..8].copy_from_slice(&[0.5, 1.5, -0.5, -2.5, 200.0, -200.0, f32::INFINITY, 126.6]);
    for kernel in available() {
        kernel.quantise(&x, 1.0, &mut out);
        assert_eq!(
            out[..8].iter().map(|&q| i32::from(q) - 127).collect::<Vec<_>>(),
            [0, 2, 0, -2, 127, -127, 127, 127]
        );
    }
}

#[test]
fn a_product_is_what_it_should_be() {
    // (3, -2, 0, 0) · [[1, 10], [4, -20]] with scale and bias.
    let columns: Vec<u8> = [[1i8, 4, 0, 0], [10, -20, 0, 0]].iter().flatten().map(|&w| w as u8).collect();
    let w = packed(&columns, 4, |c| Column { scale: 0.5, bias: c as f32 });
    let mut out = [0.0; 16];
    for kernel in available() {
        kernel.gemm(&[130, 125, 127, 127], 1, &w, Out::Float { data: &mut out, stride: 16 });
        assert_eq!(
            out[..3],
            [0.5 * (3.0 - 8.0), 0.5 * (30.0 + 40.0) + 1.0, f32::NEG_INFINITY],
            "{}",
            kernel.name()
        );
    }
}

#[test]
fn softmax_and_scan_are_right() {
    let logits: Vec<f32> =
        (0..32).map(|i| if i == 20 || i == 3 { 5.0 } else { (i as f32 / 7.0).sin() }).collect();
    let total: f64 = logits.iter().map(|&l| f64::from(l - 5.0).exp()).sum();
    for kernel in available() {
        let scan = kernel.scan(&logits);
        assert_eq!((scan.best, scan.second), ((3, 5.0), 5.0));
        assert!((f64::from(scan.sum) / total - 1.0).abs() < 1e-6, "{} {total}", scan.sum);
    }
}

#[test]
fn attention_is_what_its_definition_says() {
    let random = &mut Random(99);
    let (len, heads, dim) = (21, 2, 32);
    let qkv = random.floats(len * 3 * dim);
    let width = dim / heads;
    let mut out = vec![0.0; len * dim];
    Scalar.attend_self(heads, dim, &qkv, &mut Buffer::new(), &mut out);
    for i in 0..len {
        for h in 0..heads {
            let at = |row: usize, part: usize, d: usize| {
                f64::from(qkv[row * 3 * dim + part * dim + h * width + d])
            };
            let scores: Vec<f64> = (0..len)
                .map(|j| (0..width).map(|d| at(i, 0, d) * at(j, 1, d)).sum::<f64>() / (width as f64).sqrt())
                .map(f64::exp)
                .collect();
            let total: f64 = scores.iter().sum();
            for d in 0..width {
                let wanted: f64 = (0..len).map(|j| scores[j] / total * at(j, 2, d)).sum();
                let got = f64::from(out[i * dim + h * width + d]);
                assert!((got - wanted).abs() < 1e-5, "{got} {wanted}");
            }
        }
    }
}
