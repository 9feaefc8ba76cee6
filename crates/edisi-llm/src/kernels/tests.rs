//! Every kernel this processor has against the scalar one, bit for bit.

use proptest::prelude::*;

use super::*;
use crate::pack::PANEL;

/// Values of every size, with zeros and int8 extremes among them.
fn floats(n: usize) -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec(
        prop_oneof![4 => -3.0f32..3.0, 1 => Just(0.0f32), 1 => -4000.0f32..4000.0, 1 => -1e-6f32..1e-6],
        n,
    )
}

fn weights() -> impl Strategy<Value = i8> {
    prop_oneof![3 => any::<i8>(), 1 => Just(127i8), 1 => Just(-127i8), 1 => Just(0i8)]
}

fn bits(x: &[f32]) -> Vec<u32> {
    x.iter().map(|x| x.to_bits()).collect()
}

fn rows(kernel: &dyn Kernel, x: &[f32], k: usize) -> QuantRows {
    use rayon::prelude::*;
    let mut rows = QuantRows::new();
    rows.resize(x.len() / k, k);
    rows.rows_mut().enumerate().for_each(|(m, row)| row.fill(kernel, &x[m * k..(m + 1) * k]));
    rows
}

fn others() -> Vec<Box<dyn Kernel>> {
    available().into_iter().filter(|k| k.name() != "scalar").collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn products_equal_the_scalar_ones(
        (m, n, k, x, w, s) in (1usize..15, 1usize..70, 1usize..5).prop_flat_map(|(m, n, groups)| {
            let k = groups * 32;
            (
                Just(m), Just(n), Just(k), floats(m * k),
                prop::collection::vec(weights(), n * k),
                prop::collection::vec(0.0f32..0.1, n * groups),
            )
        })
    ) {
        let matrix = PackedMatrix::pack(n, k, |c, q, scale| {
            q.copy_from_slice(&w[c * k..(c + 1) * k]);
            scale.copy_from_slice(&s[c * (k / 32)..(c + 1) * (k / 32)]);
        });
        let acts = rows(&scalar::Scalar, &x, k);
        for panel in 0..matrix.panels() {
            let mut want = vec![0.0; m * PANEL];
            scalar::Scalar.gemm_panel(&acts, &matrix, panel, &mut want);
            for kernel in others() {
                let mut got = vec![0.0; m * PANEL];
                kernel.gemm_panel(&acts, &matrix, panel, &mut got);
                prop_assert_eq!(bits(&want), bits(&got), "{}", kernel.name());
            }
            // The scalar kernel against the definition, in f64.
            for r in 0..m {
                for c in 0..PANEL.min(n - panel * PANEL) {
                    let col = panel * PANEL + c;
                    let (mut exact, mut size) = (0f64, 0f64);
                    for i in 0..k {
                        let a = f64::from(acts.q[r * k + i]) * f64::from(acts.scale[r * (k / 32) + i / 32]);
                        let b = f64::from(w[col * k + i].max(-127)) * f64::from(s[col * (k / 32) + i / 32]);
                        exact += a * b;
                        size += (a * b).abs();
                    }
                    let got = f64::from(want[r * PANEL + c]);
                    prop_assert!((got - exact).abs() <= 1e-5 * size + 1e-12, "{} for {}", got, exact);
                }
            }
        }
    }

    #[test]
    fn columns_read_back_as_packed(n in 1usize..70, seed in any::<u8>()) {
        let value = |c: usize, i: usize| ((c * 31 + i * 7 + seed as usize) % 255) as i8;
        let matrix = PackedMatrix::pack(n, 64, |c, q, scale| {
            q.iter_mut().enumerate().for_each(|(i, q)| *q = value(c, i));
            scale.copy_from_slice(&[0.5, 2.0]);
        });
        let mut out = vec![0.0; 64];
        for c in 0..n {
            matrix.column(c, 3.0, &mut out);
            for (i, &v) in out.iter().enumerate() {
                let scale = if i < 32 { 0.5 } else { 2.0 };
                prop_assert_eq!(v, f32::from(value(c, i).max(-127)) * scale * 3.0);
            }
        }
    }

    #[test]
    fn float_operations_equal_the_scalar_ones(x in floats(256), y in floats(256), heads in 1usize..7, keys in 1usize..40) {
        let k = |i: usize| x[i % 256] * 0.25 + y[(i * 7 + 3) % 256] * 0.001;
        let dim = 32;
        let q: Vec<f32> = (0..heads * dim).map(k).collect();
        let (pages, values): (Vec<f32>, Vec<f32>) =
            (0..3 * PAGE * dim).map(|i| (k(i + 11) * 0.01, k(i * 3 + 5))).unzip();
        let page = |p: usize, from, to| KvSpan {
            keys: &pages[p * PAGE * dim..(p + 1) * PAGE * dim],
            values: &values[p * PAGE * dim..(p + 1) * PAGE * dim],
            from,
            to,
        };
        let (from, to) = (keys.min(15), keys % 16 + 1);
        let spans = [page(0, from, 16), page(1, 0, 16), page(2, 0, to)];
        let run = |kernel: &dyn Kernel| {
            let mut norm = vec![0.0; 256];
            kernel.rms_norm(&x, &y, 1e-6, &mut norm);
            let mut gate = x.clone();
            kernel.gelu_mul(&mut gate, &y);
            let mut sum = x.clone();
            kernel.add(&mut sum, &y);
            let mut out = vec![0.0; heads * dim];
            kernel.attend(&q, &spans, dim, &mut Vec::new(), &mut out);
            let (mut i8s, mut scale, mut correction) = (vec![0; 256], vec![0.0; 8], vec![0; 8]);
            kernel.quantise(&x, &mut i8s, &mut scale, &mut correction);
            let scan = kernel.scan_logits(&x, PANEL, &vec![0.0; 256], 5, 8);
            let all: Vec<u32> = [norm, gate, sum, out, scale].iter().flat_map(|v| bits(v)).collect();
            (all, i8s, correction, scan.best.map(|(x, id)| (x.to_bits(), id)), scan.sum.to_bits())
        };
        let want = run(&scalar::Scalar);
        for kernel in others() {
            prop_assert_eq!(&want, &run(kernel.as_ref()), "{}", kernel.name());
        }
    }

    #[test]
    fn gelu_and_norm_are_what_they_say(x in floats(64)) {
        let mut got = x.clone();
        scalar::Scalar.gelu_mul(&mut got, &[1.0; 64]);
        for (&x, &got) in x.iter().zip(&got) {
            let x = f64::from(x);
            let t = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x * x * x);
            let want = 0.5 * x * (1.0 + t.tanh());
            prop_assert!((f64::from(got) - want).abs() <= 1e-5 * want.abs() + 1e-5, "{} for {}", got, want);
        }
        let mut norm = vec![0.0; 64];
        scalar::Scalar.rms_norm(&x, &[1.0; 64], 1e-6, &mut norm);
        let mean: f64 = x.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / 64.0;
        for (&x, &got) in x.iter().zip(&norm) {
            let want = f64::from(x) / (mean + 1e-6).sqrt();
            prop_assert!((f64::from(got) - want).abs() <= 1e-5 * want.abs() + 1e-6);
        }
    }

    #[test]
    fn attention_is_what_it_says(q in floats(64), keys in floats(16 * 32), values in floats(16 * 32), to in 1usize..=16) {
        let span = KvSpan { keys: &keys, values: &values, from: 0, to };
        let q: Vec<f32> = q.iter().map(|q| q.clamp(-3.0, 3.0) * 0.01).collect();
        let mut out = vec![0.0; 64];
        scalar::Scalar.attend(&q, &[span], 32, &mut Vec::new(), &mut out);
        for head in 0..2 {
            let scores: Vec<f64> = (0..to)
                .map(|t| (0..32).map(|d| f64::from(q[head * 32 + d]) * f64::from(keys[d * PAGE + t])).sum())
                .collect();
            let max = scores.iter().copied().fold(f64::MIN, f64::max);
            let total: f64 = scores.iter().map(|s| (s - max).exp()).sum();
            for d in 0..32 {
                let terms = scores.iter().enumerate().map(|(t, s)| (s - max).exp() / total * f64::from(values[t * 32 + d]));
                let (want, size) = terms.fold((0.0, 0.0), |(sum, size), v| (sum + v, size + v.abs()));
                prop_assert!((f64::from(out[head * 32 + d]) - want).abs() <= 1e-3 * size + 1e-6);
            }
        }
    }

    #[test]
    fn a_scan_finds_the_highest(x in floats(100), banned in 0usize..100, cut in 0usize..100, keep in 1usize..9) {
        let mut bias = vec![0.0; 100];
        bias[banned] = f32::NEG_INFINITY;
        let mut order: Vec<usize> = (0..100).filter(|&i| i != banned).collect();
        order.sort_by(|&a, &b| x[b].partial_cmp(&x[a]).unwrap().then(a.cmp(&b)));
        let top = f64::from(x[order[0]]);
        let total: f64 = order.iter().map(|&i| (f64::from(x[i]) - top).exp()).sum::<f64>().ln();
        let half = |from: usize, to: usize| {
            scalar::Scalar.scan_logits(&x[from..to], PANEL, &bias[from..to], 1000 + from as u32, keep)
        };
        for scan in [half(0, 100), half(0, cut).join(&half(cut, 100))] {
            let found: Vec<(u32, f32)> = scan.candidates().collect();
            let want: Vec<u32> = order[..keep].iter().map(|&i| 1000 + i as u32).collect();
            prop_assert_eq!(found.iter().map(|c| c.0).collect::<Vec<_>>(), want);
            for (id, logprob) in found {
                let want = f64::from(x[id as usize - 1000]) - top - total;
                prop_assert!((f64::from(logprob) - want).abs() < 1e-4 * (1.0 + want.abs()), "{} {}", logprob, want);
            }
        }
    }
}

#[test]
fn an_unknown_kernel_name_is_refused_with_the_names_there_are() {
    let names: Vec<&str> = available().iter().map(|k| k.name()).collect();
    assert_eq!(names.last(), Some(&"scalar"));
}
