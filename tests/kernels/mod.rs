//! Every fast kernel against its scalar twin; run natively, in the browser with SIMD and with relaxed SIMD.
//!
//! Old numbers in a buffer must not matter, so results begin as NaN. What a kernel must refuse is in [`REFUSED`].

mod cases;
mod refused;

pub use refused::REFUSED;

use cases::{ImageCase, MOST_ROWS, ProductCase, SCALES, numbers};
use threadcount::engine::im2col::zero_pad;
use threadcount::engine::instruction_set::QuantizedValue;
use threadcount::engine::kernels::{Epilogue, InferenceKernels};
use threadcount::engine::layout::{PANEL, PackedMatrix, Shape, padded_channels};
use threadcount::engine::quantization::{QuantizedMatrix, RowQuantization, quantize_rows};
use threadcount::engine::scalar::ScalarKernels;
use threadcount::engine::vector::VectorKernels;
use threadcount::engine::winograd::WinogradTile;

/// Largest difference, as a share of the inputs' size times the number of products in a sum.
const TOLERANCE: f32 = 3e-6;

fn assert_close(case: &impl std::fmt::Debug, scalar: &[f32], vector: &[f32], size: f32) {
    assert_eq!(scalar.len(), vector.len(), "{case:?}");
    // Below the smallest normal number a processor may round to zero.
    let tolerance = TOLERANCE * size + f32::MIN_POSITIVE;
    for (i, (a, b)) in scalar.iter().zip(vector).enumerate() {
        assert!(a.is_finite(), "{case:?}: {a} at {i}");
        assert!(
            (a - b).abs() <= tolerance,
            "{case:?} at {i}: {a} by loops, {b} by vectors"
        );
    }
}

/// Run both kinds of a kernel on results of so many numbers.
macro_rules! both {
    ($len:expr, $kernel:ident($($argument:expr),*)) => {{
        let mut results = [vec![f32::NAN; $len], vec![f32::NAN; $len]];
        ScalarKernels::$kernel($($argument),*, &mut results[0]);
        VectorKernels::$kernel($($argument),*, &mut results[1]);
        results
    }};
}

pub fn matrix_products_agree() {
    for case in ProductCase::all() {
        let ProductCase { rows, k, scale, .. } = case;
        let b = case.weights();
        let len = rows * b.n();
        let (a, bias) = (numbers(rows * k, scale), numbers(b.n(), scale));
        let residual = numbers(len, scale);
        let epilogue = |residual, relu| Epilogue {
            bias: &bias,
            residual,
            relu,
        };
        for epilogue in [
            None,
            Some(epilogue(None, false)),
            Some(epilogue(Some(&residual), true)),
        ] {
            let [x, y] = both!(len, matmul(&a, &b, epilogue));
            assert_close(&case, &x, &y, scale * k as f32);
        }
    }
}

/// Quantized products are the same by loops and by vectors, and near the product of what was quantized.
pub fn quantized_products_agree() {
    for case in ProductCase::all() {
        let case = ProductCase {
            k: padded_channels(case.k),
            ..case
        };
        let ProductCase { rows, k, scale, .. } = case;
        let b = case.weights();
        let len = rows * b.n();
        let (a, bias) = (numbers(rows * k, scale), numbers(b.n(), scale));
        let residual = numbers(len, scale);
        let (mut quantized, mut quantizations) = (
            vec![QuantizedValue::default(); a.len()],
            vec![RowQuantization::default(); rows],
        );
        quantize_rows(&a, k, &mut quantized, &mut quantizations);
        let q = QuantizedMatrix::new(&b);
        for (residual, relu) in [(None, false), (Some(&residual[..]), true)] {
            let epilogue = Epilogue {
                bias: &bias,
                residual,
                relu,
            };
            let [exact, _] = both!(len, matmul(&a, &b, Some(epilogue)));
            let [x, y] = both!(
                len,
                quantized_matmul(&quantized, &quantizations, &q, epilogue)
            );
            assert_close(&case, &x, &y, scale);
            // Half a step of 2/127 and half a step of 1/127, each times at most one, in every product.
            let bound = 0.012 * k as f32 * scale + 1e-28;
            for (exact, found) in exact.iter().zip(&y) {
                assert!(
                    (exact - found).abs() <= bound,
                    "{case:?}: {exact}, {found} quantized"
                );
            }
        }
    }
}

pub fn depthwise_convolutions_agree() {
    for case in ImageCase::all() {
        let shape = case.shape();
        let Shape { n, h, w, c } = shape;
        let mut padded = vec![0.0; n * (h + 2) * (w + 2) * c];
        zero_pad(&case.image(), shape, [h + 2, w + 2], &mut padded);
        let (weights, bias) = (numbers(9 * c, 1.0), numbers(c, case.scale));
        let [a, b] = both!(shape.len(), depthwise(&padded, shape, &weights, &bias));
        assert_close(&case, &a, &b, 10.0 * case.scale);
    }
}

pub fn pooling_agrees() {
    for case in ImageCase::all() {
        let (shape, x) = (case.shape(), case.image());
        let [a, b] = both!(shape.halved().len(), max_pool(&x, shape));
        assert_close(&case, &a, &b, 0.0);
        let [a, b] = both!(shape.n * shape.c, global_average_pool(&x, shape));
        assert_close(&case, &a, &b, 10.0 * case.scale);
    }
}

pub fn expansions_agree() {
    for scale in SCALES {
        for windows in 0..=MOST_ROWS {
            let extremes: Vec<[f32; 2]> = numbers(2 * windows, scale).as_chunks().0.to_vec();
            let (weights, bias) = (numbers(3 * PANEL, 1.0), numbers(3 * PANEL, scale));
            let len = windows * weights.len();
            let [a, b] = both!(len, expand_extremes(&extremes, &weights, &bias));
            assert_close(&(windows, scale), &a, &b, 2.0 * scale);
        }
    }
}

pub fn winograd_transforms_agree() {
    for tile in WinogradTile::ALL {
        for case in ImageCase::all() {
            let (shape, x) = (case.shape(), case.image());
            let Shape { n, h, w, c } = shape;
            let grid = [tile.count(h), tile.count(w)];
            let [height, width] = grid.map(|count| count * tile.output_side() + 2);
            let mut padded = vec![0.0; n * height * width * c];
            zero_pad(&x, shape, [height, width], &mut padded);
            let len = tile.positions() * n * grid[0] * grid[1] * c;
            let [a, b] = both!(len, winograd_input(&padded, n, c, tile, grid));
            // Rows of the matrices add up to at most 10.
            assert_close(&(tile, case), &a, &b, 100.0 * case.scale);
            let bias = numbers(c, case.scale);
            for residual in [None, Some(&x[..])] {
                let epilogue = Epilogue {
                    bias: &bias,
                    residual,
                    relu: true,
                };
                let [a, b] = both!(shape.len(), winograd_output(&a, shape, tile, epilogue));
                assert_close(&(tile, case), &a, &b, 10_000.0 * case.scale);
            }
        }
    }
}

/// The kernels together are the convolution that they stand for.
pub fn winograd_is_a_convolution() {
    let (h, w, inputs, outputs) = (7, 6, 5, 3);
    let filters = numbers(9 * inputs * outputs, 1.0);
    for tile in WinogradTile::ALL {
        let shape = Shape {
            n: 1,
            h,
            w,
            c: padded_channels(inputs),
        };
        let mut x = numbers(shape.len(), 1.0);
        for pixel in x.chunks_exact_mut(shape.c) {
            pixel[inputs..].fill(0.0);
        }
        let grid = [tile.count(h), tile.count(w)];
        let [height, width] = grid.map(|count| count * tile.output_side() + 2);
        let tiles = grid[0] * grid[1];
        let mut padded = vec![0.0; height * width * shape.c];
        zero_pad(&x, shape, [height, width], &mut padded);
        let mut v = vec![0.0; tile.positions() * tiles * shape.c];
        VectorKernels::winograd_input(&padded, 1, shape.c, tile, grid, &mut v);
        let out = Shape {
            c: padded_channels(outputs),
            ..shape
        };
        let mut m = vec![0.0; tile.positions() * tiles * out.c];
        let g = tile.filter_matrix();
        let results = m.chunks_exact_mut(tiles * out.c);
        for (position, (v, m)) in v.chunks_exact(tiles * shape.c).zip(results).enumerate() {
            let mut b = PackedMatrix::zeros(shape.c, outputs);
            for (number, filter) in filters.as_chunks::<9>().0.iter().enumerate() {
                let value = WinogradTile::transform_filter(&g, filter)[position];
                b.set(number % inputs, number / inputs, value);
            }
            VectorKernels::matmul(v, &b, None, m);
        }
        let bias = vec![0.0; out.c];
        let epilogue = Epilogue {
            bias: &bias,
            residual: None,
            relu: false,
        };
        let mut found = vec![0.0; out.len()];
        VectorKernels::winograd_output(&m, out, tile, epilogue, &mut found);
        for (at, found) in found.iter().enumerate() {
            let (y, x0, o) = (at / out.c / w, at / out.c % w, at % out.c);
            let mut expected = 0.0;
            for (i, dy, dx) in (0..inputs).flat_map(|i| (0..9).map(move |t| (i, t / 3, t % 3))) {
                let inside = (1..=h).contains(&(y + dy)) && (1..=w).contains(&(x0 + dx));
                if inside && o < outputs {
                    let pixel = (y + dy - 1) * w + x0 + dx - 1;
                    expected +=
                        x[pixel * shape.c + i] * filters[(o * inputs + i) * 9 + dy * 3 + dx];
                }
            }
            assert!(
                (found - expected).abs() < 1e-4,
                "{tile:?} at {at}: {found}, {expected}"
            );
        }
    }
}

/// Hold every fast kernel to its scalar twin.
pub fn all_agree() {
    matrix_products_agree();
    quantized_products_agree();
    depthwise_convolutions_agree();
    pooling_agrees();
    expansions_agree();
    winograd_transforms_agree();
    winograd_is_a_convolution();
}
