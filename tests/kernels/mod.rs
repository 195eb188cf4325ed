//! Every fast kernel against its scalar twin; run natively, in the browser with SIMD and with relaxed SIMD.
//!
//! Old numbers in a buffer must not matter, so results begin as NaN. What a kernel must refuse is in
//! [`REFUSED`]: the safe functions must panic before they touch what does not fit.

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
/// Rows of a product: ten whole register tiles of six rows and every remainder, before and after.
const MOST_ROWS: usize = 67;
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

/// A product of `rows` times `k` numbers and `k` times `n` weights.
#[derive(Clone, Copy, Debug)]
struct ProductCase {
    rows: usize,
    k: usize,
    n: usize,
    scale: f32,
}

impl ProductCase {
    /// Every number of rows, and every scale on products that are long, wide or narrow.
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for rows in 0..=MOST_ROWS {
            for (k, n) in [(1, 1), (9, 10), (33, 70)] {
                let scale = 1.0;
                cases.push(Self { rows, k, n, scale });
            }
        }
        for scale in SCALES {
            for (rows, k, n) in [(1, 33, 70), (3, 128, 17), (7, 300, 40), (50, 64, 33)] {
                cases.push(Self { rows, k, n, scale });
            }
        }
        cases
    }

    fn weights(self) -> PackedMatrix {
        let mut weights = PackedMatrix::zeros(self.k, self.n);
        for (i, value) in numbers(self.k * self.n, 1.0).into_iter().enumerate() {
            weights.set(i / self.n, i % self.n, value);
        }
        weights
    }
}

/// An activation.
#[derive(Clone, Copy, Debug)]
struct ImageCase {
    h: usize,
    w: usize,
    channels: usize,
    scale: f32,
}

impl ImageCase {
    /// Every remainder of a tile and of a pooling window, then larger images at every scale.
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        let mut add = |h, w, channels, scale| {
            cases.push(Self {
                h,
                w,
                channels,
                scale,
            });
        };
        for (h, w) in (1..=6).flat_map(|h| [1, 2, 3, 4, 5, 6].map(|w| (h, w))) {
            add(h, w, 1, 1.0);
            add(h, w, PANEL + 1, 1.0);
        }
        for side in [7, 14] {
            for channels in [1, 3, 7, 8, 17, 33] {
                for scale in SCALES {
                    add(side, side, channels, scale);
                }
            }
        }
        cases
    }

    fn shape(self) -> Shape {
        Shape {
            n: 2,
            h: self.h,
            w: self.w,
            c: padded_channels(self.channels),
        }
    }

    fn image(self) -> Vec<f32> {
        numbers(self.shape().len(), self.scale)
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

const NOT_PADDED: &str = "padded to whole panels";

/// Calls that must panic, each with what is wrong and a part of the message: buffers that fit each other but whose
/// channels are not padded, and buffers that do not fit.
pub const REFUSED: [(&str, &str, fn()); 12] = [
    (
        "depthwise convolution of three channels",
        NOT_PADDED,
        || {
            let shape = image(3);
            let padded = vec![0.0; 8 * 8 * 3];
            VectorKernels::depthwise(&padded, shape, &[0.0; 27], &[0.0; 3], &mut zeros(shape));
        },
    ),
    ("expansion to three channels", NOT_PADDED, || {
        VectorKernels::expand_extremes(&[[0.0; 2]; 8], &[0.0; 3], &[0.0; 3], &mut [0.0; 24]);
    }),
    ("max-pooling of one channel too few", NOT_PADDED, || {
        let shape = image(PANEL - 1);
        VectorKernels::max_pool(&zeros(shape), shape, &mut zeros(shape.halved()));
    }),
    (
        "max-pooling of half a panel, which is a whole vector",
        NOT_PADDED,
        || {
            let shape = image(PANEL / 2);
            VectorKernels::max_pool(&zeros(shape), shape, &mut zeros(shape.halved()));
        },
    ),
    ("average of one channel too many", NOT_PADDED, || {
        let shape = image(PANEL + 1);
        VectorKernels::global_average_pool(&zeros(shape), shape, &mut [0.0; PANEL + 1]);
    }),
    (
        "Winograd transform of three input channels",
        NOT_PADDED,
        || {
            let (tile, x) = (WinogradTile::F4x4_3x3, [0.0; 6 * 6 * 3]);
            VectorKernels::winograd_input(&x, 1, 3, tile, [1, 1], &mut [0.0; 36 * 3]);
        },
    ),
    (
        "Winograd transform of three output channels",
        NOT_PADDED,
        || {
            let tile = WinogradTile::F2x2_3x3;
            let (m, shape, bias) = (vec![0.0; 16 * 9 * 3], image(3), [0.0; 3]);
            VectorKernels::winograd_output(&m, shape, tile, linear(&bias), &mut zeros(shape));
        },
    ),
    (
        "quantization of rows of three numbers",
        "rows of whole panels",
        || {
            let mut quantized = [QuantizedValue::default(); 6];
            quantize_rows(
                &[0.0; 6],
                3,
                &mut quantized,
                &mut [RowQuantization::default(); 2],
            );
        },
    ),
    ("product with fewer results than rows", "shapes", || {
        let b = PackedMatrix::zeros(4, PANEL);
        VectorKernels::matmul(&[0.0; 8], &b, None, &mut [0.0; PANEL]);
    }),
    ("product with a short bias", "numbers of the bias", || {
        let (b, bias) = (PackedMatrix::zeros(4, PANEL), [0.0; PANEL - 1]);
        VectorKernels::matmul(&[0.0; 4], &b, Some(linear(&bias)), &mut [0.0; PANEL]);
    }),
    (
        "product with a short residual",
        "numbers of the residual",
        || {
            let (b, bias) = (PackedMatrix::zeros(4, PANEL), [0.0; PANEL]);
            let epilogue = Epilogue {
                residual: Some(&[0.0; PANEL - 1]),
                ..linear(&bias)
            };
            VectorKernels::matmul(&[0.0; 4], &b, Some(epilogue), &mut [0.0; PANEL]);
        },
    ),
    (
        "quantized product with fewer rows than it says",
        "shapes",
        || {
            let b = QuantizedMatrix::new(&PackedMatrix::zeros(PANEL, PANEL));
            let (a, bias) = ([QuantizedValue::default(); PANEL], [0.0; PANEL]);
            let quantizations = [RowQuantization::default(); 2];
            let out = &mut [0.0; 2 * PANEL];
            VectorKernels::quantized_matmul(&a, &quantizations, &b, linear(&bias), out);
        },
    ),
];

/// One image of 6x6 pixels.
fn image(c: usize) -> Shape {
    let [n, h, w] = [1, 6, 6];
    Shape { n, h, w, c }
}

fn zeros(shape: Shape) -> Vec<f32> {
    vec![0.0; shape.len()]
}

fn linear(bias: &[f32]) -> Epilogue<'_> {
    Epilogue {
        bias,
        residual: None,
        relu: false,
    }
}
