//! What the two kernels with registers of 32 bytes have in common: a panel in two halves of 32 columns.

/// Rows per tile: 3 · 4 sums and the broadcasts fill the sixteen registers that there are; weights come from memory.
pub(super) const TILE: usize = 3;
/// Columns of a register.
pub(super) const WIDTH: usize = 8;
/// Registers of a half panel.
pub(super) const REGISTERS: usize = 4;

/// Defines `gemm` for an instruction set. `$dot(sum, activations, weights)` adds products to `sum`; `$offset` says
/// whether it takes activations with 127 added, so that sums begin at the column's correction.
macro_rules! half_panels {
    ($features:literal, $dot:path, $offset:literal) => {
        #[target_feature(enable = $features)]
        fn gemm(a: &[u8], m: usize, w: &Packed, mut out: Out<'_>) {
            for half in 0..w.panels() * 2 {
                if half * HALF >= w.n {
                    break;
                }
                let mut row = 0;
                while row < m {
                    match m - row {
                        1 => tile::<1>(a, row, w, half, &mut out),
                        2 => tile::<2>(a, row, w, half, &mut out),
                        _ => tile::<TILE>(a, row, w, half, &mut out),
                    }
                    row += TILE;
                }
            }
        }

        /// Columns of half a panel.
        const HALF: usize = REGISTERS * WIDTH;

        /// Rows `row..row + R` of half a panel.
        #[target_feature(enable = $features)]
        fn tile<const R: usize>(a: &[u8], row: usize, w: &Packed, half: usize, out: &mut Out<'_>) {
            let weights = w.panel(half / 2);
            let (k, steps) = (w.k, w.k / STEP);
            // The loads below read within these bounds.
            assert!(a.len() >= (row + R) * k && weights.len() * 64 == steps * STEP * PANEL && k % STEP == 0);
            assert!(w.correction.len() >= (half + 1) * HALF);
            let mut sums = [[_mm256_setzero_si256(); REGISTERS]; R];
            if $offset {
                for (at, first) in
                    w.correction[half * HALF..][..HALF].as_chunks::<WIDTH>().0.iter().enumerate()
                {
                    for sums in &mut sums {
                        // SAFETY: the chunk has eight i32.
                        sums[at] = unsafe { _mm256_loadu_si256(first.as_ptr().cast()) };
                    }
                }
            }
            let a = a[row * k..].as_ptr();
            // SAFETY: a panel has at least one step of 256 bytes, of which the second half begins at 128.
            let weights = unsafe { weights.as_ptr().cast::<u8>().add(half % 2 * HALF * STEP) };
            for step in 0..steps {
                for at in 0..REGISTERS {
                    // SAFETY: step · 256 + half · 128 + at · 32 + 32 ≤ steps · 256, the panel's size, checked above.
                    let weights =
                        unsafe { _mm256_load_si256(weights.add(step * STEP * PANEL + at * 32).cast()) };
                    for (r, sums) in sums.iter_mut().enumerate() {
                        // SAFETY: r · k + step · 4 + 4 ≤ R · k, checked above.
                        let four = unsafe { a.add(r * k + step * STEP).cast::<i32>().read_unaligned() };
                        sums[at] = $dot(sums[at], _mm256_set1_epi32(four), weights);
                    }
                }
            }
            store(&sums, row, w, half, out);
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn store<const R: usize>(
            sums: &[[__m256i; REGISTERS]; R],
            row: usize,
            w: &Packed,
            half: usize,
            out: &mut Out<'_>,
        ) {
            let first = half * HALF;
            assert!(
                w.scale.len() >= first + HALF && w.bias.len() >= first + HALF && w.n.is_multiple_of(WIDTH)
            );
            for at in 0..REGISTERS.min((w.n - first) / WIDTH) {
                let column = first + at * WIDTH;
                // SAFETY: column + 8 ≤ first + HALF, checked above.
                let (scale, bias) = unsafe {
                    (
                        _mm256_load_ps(w.scale.as_ptr().add(column)),
                        _mm256_load_ps(w.bias.as_ptr().add(column)),
                    )
                };
                for (r, sums) in sums.iter().enumerate() {
                    let value = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums[at]), scale, bias);
                    match out {
                        Out::Float { data, stride } => {
                            let to = &mut data[(row + r) * *stride + column..][..WIDTH];
                            // SAFETY: eight floats.
                            unsafe { _mm256_storeu_ps(to.as_mut_ptr(), value) };
                        }
                        Out::Relu { data, alpha } => {
                            let to = &mut data[(row + r) * w.n + column..][..WIDTH];
                            let value = _mm256_max_ps(value, _mm256_setzero_ps());
                            let value = _mm256_mul_ps(value, _mm256_set1_ps(*alpha));
                            let value = _mm256_cvtps_epi32(_mm256_min_ps(value, _mm256_set1_ps(127.0)));
                            let value = _mm256_add_epi32(value, _mm256_set1_epi32(127));
                            let mut eight = [0i32; WIDTH];
                            // SAFETY: eight i32.
                            unsafe { _mm256_storeu_si256(eight.as_mut_ptr().cast(), value) };
                            for (to, value) in to.iter_mut().zip(eight) {
                                *to = value as u8;
                            }
                        }
                    }
                }
            }
        }
    };
}
