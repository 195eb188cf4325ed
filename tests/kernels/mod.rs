//! Every fast kernel against its scalar twin; run natively, in the browser with SIMD and with relaxed SIMD.

use threadcount::engine::integer::{Number, Rounded, RowRange, round_rows};
use threadcount::engine::kernels::{Kernels, PANEL, Packed, Shape, Tail, padded, surround};
use threadcount::engine::scalar::Scalar;
use threadcount::engine::vector::Vectorized;
use threadcount::engine::winograd::Tile;

/// Largest difference, as a share of the inputs' size times the number of products in a sum.
const TOLERANCE: f32 = 3e-6;
const CHANNELS: [usize; 5] = [1, 3, 7, 8, 17];
const IMAGES: [[usize; 2]; 4] = [[1, 1], [2, 3], [7, 7], [14, 14]];
/// Sizes of the input: ordinary, none, huge and tiny numbers.
const SCALES: [f32; 4] = [1.0, 0.0, 1e30, 1e-38];

/// Numbers between -`scale` and `scale` that look random and never change.
fn numbers(len: usize, scale: f32) -> Vec<f32> {
    let mut state = 12345_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..len).map(|_| next() * scale).collect()
}

fn assert_close(what: &str, scalar: &[f32], vector: &[f32], size: f32) {
    assert_eq!(scalar.len(), vector.len(), "{what}");
    // Below the smallest normal number a processor may round to zero.
    let tolerance = TOLERANCE * size + f32::MIN_POSITIVE;
    for (i, (a, b)) in scalar.iter().zip(vector).enumerate() {
        assert!(a.is_finite(), "{what}: {a} at {i}");
        assert!(
            (a - b).abs() <= tolerance,
            "{what} at {i}: {a} by loops, {b} by vectors"
        );
    }
}

/// Run both kinds of a kernel on results of so many numbers.
macro_rules! both {
    ($len:expr, $kernel:ident($($argument:expr),*)) => {{
        // Old numbers in a buffer must not matter.
        let mut results = [vec![f32::NAN; $len], vec![f32::NAN; $len]];
        Scalar::$kernel($($argument),*, &mut results[0]);
        Vectorized::$kernel($($argument),*, &mut results[1]);
        results
    }};
}

pub fn matrix_products_agree() {
    for (rows, k, n) in [
        (1, 1, 1),
        (1, 33, 70),
        (2, 9, 10),
        (3, 128, 17),
        (7, 300, 40),
        (50, 64, 33),
    ] {
        for scale in SCALES {
            let mut b = Packed::zeros(k, n);
            for (i, value) in numbers(k * n, 1.0).into_iter().enumerate() {
                b.set(i / n, i % n, value);
            }
            let (a, bias, residual) = (
                numbers(rows * k, scale),
                numbers(b.n, scale),
                numbers(rows * b.n, scale),
            );
            let tail = Tail {
                bias: &bias,
                residual: Some(&residual),
                relu: true,
            };
            for tail in [None, Some(tail)] {
                let [x, y] = both!(rows * b.n, matmul(&a, &b, tail));
                assert_close(
                    &format!("{rows}x{k}x{n}, scale {scale}"),
                    &x,
                    &y,
                    scale * k as f32,
                );
            }
        }
    }
}

/// Integer products are the same by loops and by vectors, and are near the product of what was rounded.
pub fn integer_products_agree() {
    for (rows, k, n) in [
        (1, 1, 1),
        (2, 9, 10),
        (3, 128, 17),
        (7, 300, 40),
        (50, 64, 33),
    ] {
        for scale in SCALES {
            let k = padded(k);
            let mut b = Packed::zeros(k, n);
            for (i, value) in numbers(k * n, 1.0).into_iter().enumerate() {
                b.set(i / n, i % n, value);
            }
            let (a, bias) = (numbers(rows * k, scale), numbers(b.n, scale));
            let tail = Tail {
                bias: &bias,
                residual: None,
                relu: false,
            };
            let [exact, _] = both!(rows * b.n, matmul(&a, &b, Some(tail)));
            let (mut rounded, mut ranges) = (
                vec![Number::default(); a.len()],
                vec![RowRange::default(); rows],
            );
            round_rows(&a, k, &mut rounded, &mut ranges);
            let b = Rounded::new(&b);
            let [x, y] = both!(rows * b.n, integer_matmul(&rounded, &ranges, &b, tail));
            let what = format!("{rows}x{k}x{n}, scale {scale}");
            assert_close(&what, &x, &y, scale);
            // Half a step of 2/127 and half a step of 1/127, each times at most one, in every product.
            let bound = 0.012 * k as f32 * scale + 1e-28;
            for (exact, found) in exact.iter().zip(&y) {
                assert!(
                    (exact - found).abs() <= bound,
                    "{what}: {exact}, {found} in integers"
                );
            }
        }
    }
}

/// Call `f` with images of every shape, channel count and scale.
fn images(f: impl Fn(&str, Shape, &[f32], f32)) {
    for channels in CHANNELS {
        for [h, w] in IMAGES {
            for scale in SCALES {
                let shape = Shape {
                    n: 2,
                    h,
                    w,
                    c: padded(channels),
                };
                let what = format!("{channels} channels, {h}x{w}, scale {scale}");
                f(&what, shape, &numbers(shape.len(), scale), scale);
            }
        }
    }
}

pub fn depthwise_convolutions_agree() {
    images(|what, shape, x, scale| {
        let mut surrounded = vec![0.0; shape.n * (shape.h + 2) * (shape.w + 2) * shape.c];
        surround(x, shape, [shape.h + 2, shape.w + 2], &mut surrounded);
        let (weights, bias) = (numbers(9 * shape.c, 1.0), numbers(shape.c, scale));
        let [a, b] = both!(shape.len(), depthwise(&surrounded, shape, &weights, &bias));
        assert_close(what, &a, &b, 10.0 * scale);
    });
}

pub fn pooling_agrees() {
    images(|what, shape, x, scale| {
        let [a, b] = both!(shape.halved().len(), max_pool(x, shape));
        assert_close(what, &a, &b, 0.0);
        let [a, b] = both!(shape.n * shape.c, average_pool(x, shape));
        assert_close(what, &a, &b, 10.0 * scale);
    });
}

pub fn spreading_agrees() {
    for scale in SCALES {
        let windows: Vec<[f32; 2]> = numbers(14, scale).as_chunks::<2>().0.to_vec();
        let (weights, bias) = (numbers(3 * PANEL, 1.0), numbers(3 * PANEL, scale));
        let [a, b] = both!(
            windows.len() * weights.len(),
            spread(&windows, &weights, &bias)
        );
        assert_close(&format!("scale {scale}"), &a, &b, 2.0 * scale);
    }
}

pub fn winograd_transforms_agree() {
    for tile in Tile::ALL {
        images(|what, shape, x, scale| {
            let Shape { n, h, w, c } = shape;
            let what = format!("{tile:?}, {what}");
            let grid = [tile.count(h), tile.count(w)];
            let around = grid.map(|count| count * tile.output_side() + 2);
            let mut surrounded = vec![0.0; n * around[0] * around[1] * c];
            surround(x, shape, around, &mut surrounded);
            let len = tile.positions() * n * grid[0] * grid[1] * c;
            let [a, b] = both!(len, winograd_input(&surrounded, n, c, tile, grid));
            // Rows of the matrices add up to at most 10.
            assert_close(&what, &a, &b, 100.0 * scale);
            let bias = numbers(c, scale);
            for residual in [None, Some(x)] {
                let tail = Tail {
                    bias: &bias,
                    residual,
                    relu: true,
                };
                let [a, b] = both!(shape.len(), winograd_output(&a, shape, tile, tail));
                assert_close(&what, &a, &b, 10_000.0 * scale);
            }
        });
    }
}

/// The kernels together are the convolution that they stand for.
pub fn winograd_is_a_convolution() {
    let (h, w, inputs, outputs) = (7, 6, 5, 3);
    let filters = numbers(9 * inputs * outputs, 1.0);
    for tile in Tile::ALL {
        let shape = Shape {
            n: 1,
            h,
            w,
            c: padded(inputs),
        };
        let mut x = numbers(shape.len(), 1.0);
        for pixel in x.chunks_exact_mut(shape.c) {
            pixel[inputs..].fill(0.0);
        }
        let grid = [tile.count(h), tile.count(w)];
        let around = grid.map(|count| count * tile.output_side() + 2);
        let tiles = grid[0] * grid[1];
        let mut surrounded = vec![0.0; around[0] * around[1] * shape.c];
        surround(&x, shape, around, &mut surrounded);
        let mut v = vec![0.0; tile.positions() * tiles * shape.c];
        Vectorized::winograd_input(&surrounded, 1, shape.c, tile, grid, &mut v);
        let out = Shape {
            c: padded(outputs),
            ..shape
        };
        let mut m = vec![0.0; tile.positions() * tiles * out.c];
        let g = tile.filter_matrix();
        let results = m.chunks_exact_mut(tiles * out.c);
        for (position, (v, m)) in v.chunks_exact(tiles * shape.c).zip(results).enumerate() {
            let mut b = Packed::zeros(shape.c, outputs);
            for (number, filter) in filters.as_chunks::<9>().0.iter().enumerate() {
                let value = Tile::transform_filter(&g, filter)[position];
                b.set(number % inputs, number / inputs, value);
            }
            Vectorized::matmul(v, &b, None, m);
        }
        let bias = vec![0.0; out.c];
        let tail = Tail {
            bias: &bias,
            residual: None,
            relu: false,
        };
        let mut found = vec![0.0; out.len()];
        Vectorized::winograd_output(&m, out, tile, tail, &mut found);
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
    integer_products_agree();
    depthwise_convolutions_agree();
    pooling_agrees();
    spreading_agrees();
    winograd_transforms_agree();
    winograd_is_a_convolution();
}
