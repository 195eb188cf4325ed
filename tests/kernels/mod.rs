//! Every fast kernel against its scalar twin; run natively, in the browser with SIMD and with relaxed SIMD.
//!
//! Old numbers in a buffer must not matter, so results begin as NaN. What a kernel must refuse is in [`REFUSED`].

/// Run both kinds of a kernel on results of so many numbers.
macro_rules! both {
    ($len:expr, $kernel:ident($($argument:expr),*)) => {{
        let mut results = [vec![f32::NAN; $len], vec![f32::NAN; $len]];
        ScalarKernels::$kernel($($argument),*, &mut results[0]);
        VectorKernels::$kernel($($argument),*, &mut results[1]);
        results
    }};
}

mod cases;
mod refused;
mod winograd;

pub use refused::REFUSED;

use cases::{ImageCase, MOST_ROWS, ProductCase, SCALES, numbers};
use threadcount::engine::im2col::zero_pad;
use threadcount::engine::instruction_set::QuantizedValue;
use threadcount::engine::kernels::{Epilogue, InferenceKernels};
use threadcount::engine::layout::{PANEL, PackedMatrix, Shape, padded_channels};
use threadcount::engine::quantization::{self, QuantizedMatrix, RowQuantization, quantize_rows};
use threadcount::engine::scalar::ScalarKernels;
use threadcount::engine::vector::VectorKernels;

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

/// Sums of as many products of the largest size as there may be do not wrap around.
pub fn quantized_sums_stay_within_32_bits() {
    let (k, n) = (quantization::MOST_ROWS, PANEL);
    let mut weights = PackedMatrix::zeros(k, n);
    for (row, column) in (0..k).flat_map(|row| (0..n).map(move |column| (row, column))) {
        weights.set(row, column, 1.0);
    }
    let weights = QuantizedMatrix::new(&weights);
    let (a, bias) = (vec![127; k], vec![0.0; n]);
    let (scale, minimum) = (1.0 / 127.0, 0.0);
    let rows = [RowQuantization { scale, minimum }];
    let epilogue = Epilogue {
        bias: &bias,
        residual: None,
        relu: false,
    };
    let results = both!(n, quantized_matmul(&a, &rows, &weights, epilogue));
    for found in results.concat() {
        assert!((found / k as f32 - 1.0).abs() < 1e-4, "{found} of {k}");
    }
}

/// A row with a number that is not finite leaves no finite result.
pub fn rows_that_are_not_finite_are_not_quantized() {
    for (bad, at) in [
        (f32::NAN, 0),
        (f32::INFINITY, 3),
        (f32::NEG_INFINITY, PANEL - 1),
    ] {
        let mut a = numbers(2 * PANEL, 1.0);
        a[PANEL + at] = bad;
        let mut quantized = [QuantizedValue::default(); 2 * PANEL];
        let mut rows = [RowQuantization::default(); 2];
        quantize_rows(&a, PANEL, &mut quantized, &mut rows);
        assert!(
            rows[0].minimum.is_finite() && rows[1].minimum.is_nan(),
            "{bad} at {at}"
        );
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

pub fn pooled_stems_agree() {
    for case in ImageCase::all() {
        let shape = case.shape();
        let Shape { n, h, w, c } = shape;
        let image = Shape { c: 1, ..shape };
        let mut padded = vec![0.0; n * (h + 2) * (w + 2)];
        let x = numbers(image.len(), case.scale);
        zero_pad(&x, image, [h + 2, w + 2], &mut padded);
        let product = ProductCase {
            rows: 0,
            k: 9,
            n: c,
            scale: 1.0,
        };
        let (weights, bias) = (product.weights(), numbers(c, case.scale));
        for relu in [false, true] {
            let len = shape.halved().len();
            let [a, b] = both!(len, pooled_stem(&padded, shape, &weights, &bias, relu));
            assert_close(&(case, relu), &a, &b, 10.0 * case.scale);
        }
    }
}

/// Hold every fast kernel to its scalar twin.
pub fn all_agree() {
    matrix_products_agree();
    quantized_products_agree();
    quantized_sums_stay_within_32_bits();
    rows_that_are_not_finite_are_not_quantized();
    depthwise_convolutions_agree();
    pooling_agrees();
    expansions_agree();
    pooled_stems_agree();
    winograd::winograd_transforms_agree();
    winograd::rounded_images_are_near();
    winograd::short_transforms_are_exact();
    winograd::winograd_filters_agree();
    winograd::short_sums_stay_within_32_bits();
    winograd::what_is_not_finite_is_not_rounded();
    winograd::winograd_is_a_convolution();
}
