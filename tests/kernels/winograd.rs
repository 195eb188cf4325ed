//! The kernels of Winograd's algorithm, in single precision and in integers.

use super::assert_close;
use super::cases::{ImageCase, SCALES, numbers};
use threadcount::engine::im2col::zero_pad;
use threadcount::engine::instruction_set::{DotVector, LANES, PAIR};
use threadcount::engine::kernels::{Epilogue, InferenceKernels};
use threadcount::engine::lanes::DotProduct;
use threadcount::engine::layout::{PANEL, PackedMatrix, Shape, padded_channels};
use threadcount::engine::scalar::ScalarKernels;
use threadcount::engine::short::{ShortMatrix, ShortWeight, round_and_pad};
use threadcount::engine::vector::VectorKernels;
use threadcount::engine::winograd::WinogradTile;

/// An image in tiles, with the padding that they need.
struct Tiles {
    tile: WinogradTile,
    shape: Shape,
    grid: [usize; 2],
    padded: Vec<f32>,
    /// What the image was rounded to, and the scale of each.
    rounded: Vec<i16>,
    scales: Vec<f32>,
}

impl Tiles {
    fn new(x: &[f32], shape: Shape, tile: WinogradTile) -> Self {
        let Shape { n, h, w, c } = shape;
        let [height, width] = tile.padded([h, w]);
        let mut padded = vec![f32::NAN; n * height * width * c];
        zero_pad(x, shape, [height, width], &mut padded);
        let (mut rounded, mut scales) = (vec![-1; padded.len()], vec![f32::NAN; n]);
        let (size, largest) = ([height, width], tile.largest_input());
        round_and_pad(x, shape, size, largest, &mut rounded, &mut scales);
        let grid = [h, w].map(|side| tile.count(side));
        Self {
            tile,
            shape,
            grid,
            padded,
            rounded,
            scales,
        }
    }

    /// Numbers in all transformed tiles.
    fn transformed(&self) -> usize {
        let Shape { n, h, w, c } = self.shape;
        n * self.tile.tiles([h, w]) * self.tile.positions() * c
    }

    /// The transform, by loops and by vectors.
    fn transform(&self) -> [Vec<f32>; 2] {
        let Shape { n, c, .. } = self.shape;
        let (tile, grid) = (self.tile, self.grid);
        both!(
            self.transformed(),
            winograd_input(&self.padded, n, c, tile, grid)
        )
    }

    /// The same of integers.
    fn transform_rounded(&self) -> [Vec<i16>; 2] {
        let Shape { n, c, .. } = self.shape;
        let (tile, grid) = (self.tile, self.grid);
        let mut results = [vec![-1; self.transformed()], vec![-1; self.transformed()]];
        ScalarKernels::short_winograd_input(&self.rounded, n, c, tile, grid, &mut results[0]);
        VectorKernels::short_winograd_input(&self.rounded, n, c, tile, grid, &mut results[1]);
        results
    }
}

pub fn winograd_transforms_agree() {
    for (tile, case) in tiles_and_images() {
        let tiles = Tiles::new(&case.image(), case.shape(), tile);
        let [a, b] = tiles.transform();
        // Rows of the matrices add up to at most 10.
        assert_close(&(tile, case), &a, &b, 100.0 * case.scale);
    }
}

/// What an image is rounded to is at most half a step away, whatever its size and sign.
pub fn rounded_images_are_near() {
    for (tile, case) in tiles_and_images() {
        let tiles = Tiles::new(&case.image(), case.shape(), tile);
        let image = tiles.padded.len() / tiles.scales.len();
        for (at, (exact, rounded)) in tiles.padded.iter().zip(&tiles.rounded).enumerate() {
            let scale = tiles.scales[at / image];
            let found = scale * f32::from(*rounded);
            assert!(
                (exact - found).abs() <= 0.5001 * scale && rounded.abs() <= tile.largest_input(),
                "{case:?} at {at}: {exact}, {rounded} steps of {scale}"
            );
        }
    }
}

/// Integers of the largest size that a tile takes are transformed without an error, whatever their signs.
pub fn short_transforms_are_exact() {
    for (tile, case) in tiles_and_images() {
        if case.scale != 1.0 {
            continue;
        }
        let largest = f32::from(tile.largest_input());
        let x: Vec<f32> = case.image().iter().map(|x| largest.copysign(*x)).collect();
        let tiles = Tiles::new(&x, case.shape(), tile);
        assert!(tiles.scales.iter().all(|scale| *scale == 1.0), "{tile:?}");
        let [exact, _] = tiles.transform();
        for found in tiles.transform_rounded() {
            let found = found.iter().map(|value| f32::from(*value));
            assert!(found.eq(exact.iter().copied()), "{tile:?} {case:?}");
        }
    }
}

/// Every tile with every image.
fn tiles_and_images() -> impl Iterator<Item = (WinogradTile, ImageCase)> {
    let images = |tile| ImageCase::all().into_iter().map(move |case| (tile, case));
    WinogradTile::ALL.into_iter().flat_map(images)
}

/// Filters `[outputs, inputs, 3, 3]`, transformed as a plan has them.
fn transformed_filters(
    filters: &[f32],
    [inputs, outputs]: [usize; 2],
    tile: WinogradTile,
) -> PackedMatrix {
    let (g, stride) = (tile.filter_matrix(), padded_channels(inputs));
    let mut packed = PackedMatrix::zeros(tile.positions() * stride, outputs);
    for (number, filter) in filters.as_chunks::<9>().0.iter().enumerate() {
        let transformed = WinogradTile::transform_filter(&g, filter);
        for (position, value) in transformed[..tile.positions()].iter().enumerate() {
            packed.set(position * stride + number % inputs, number / inputs, *value);
        }
    }
    packed
}

/// Single precision and integers, by loops and by vectors, with and without a residual.
fn filters_agree(tile: WinogradTile, case: ImageCase, outputs: usize) {
    let inputs = case.channels;
    let filters = numbers(9 * inputs * outputs, 1.0);
    let weights = transformed_filters(&filters, [inputs, outputs], tile);
    let tiles = Tiles::new(&case.image(), case.shape(), tile);
    let shape = Shape {
        c: padded_channels(outputs),
        ..case.shape()
    };
    let bias = numbers(shape.c, case.scale);
    let residual = numbers(shape.len(), case.scale);
    let mut scratch = vec![f32::NAN; tile.scratch()];
    for residual in [None, Some(&residual[..])] {
        let epilogue = Epilogue {
            bias: &bias,
            residual,
            relu: residual.is_some(),
        };
        let [v, _] = tiles.transform();
        let [a, b] = both!(
            shape.len(),
            winograd_output(&v, &weights, shape, tile, epilogue, &mut scratch)
        );
        assert_close(&(tile, case), &a, &b, 10_000.0 * case.scale);
        short_filters_agree::<i16>(&tiles, &weights, shape, epilogue, &a);
        short_filters_agree::<i8>(&tiles, &weights, shape, epilogue, &a);
    }
}

/// What loops and vectors may differ by, as a share of the image's size (the root of the mean square): sums are the
/// same, transforms round.
const SHORT_DIFFERENCE: f64 = 2e-6;

/// Integers by loops and by vectors, and near single precision.
fn short_filters_agree<W: ShortWeight>(
    tiles: &Tiles,
    weights: &PackedMatrix,
    shape: Shape,
    epilogue: Epilogue<'_>,
    exact: &[f32],
) where
    DotVector: DotProduct<LANES, PAIR, W, Value = i16>,
{
    let tile = tiles.tile;
    let weights = ShortMatrix::<W>::new(weights, tile.positions());
    let [v, _] = tiles.transform_rounded();
    let mut scratch = vec![f32::NAN; tile.scratch()];
    let scales = &tiles.scales;
    let [a, b] = both!(
        shape.len(),
        short_winograd_output(&v, scales, &weights, shape, tile, epilogue, &mut scratch)
    );
    // What integers may be off, as a share of the image's size; no plan rounds filters of the larger tile to 8 bits.
    let error = match (size_of::<W>(), tile) {
        (1, WinogradTile::F3x3_3x3) => 0.05,
        (1, WinogradTile::F4x4_3x3) => 0.06,
        _ => 0.004,
    };
    let image = shape.len() / shape.n;
    let pairs = a.chunks(image).zip(b.chunks(image));
    for (exact, (a, b)) in exact.chunks(image).zip(pairs) {
        let size = rms(exact.iter().map(|value| f64::from(*value)));
        let apart = |x: &[f32], y: &[f32]| {
            let pairs = x.iter().zip(y);
            rms(pairs.map(|(x, y)| f64::from(*x) - f64::from(*y)))
        };
        for (found, most, what) in [
            (apart(exact, b), error, "single precision and integers"),
            (apart(a, b), SHORT_DIFFERENCE, "loops and vectors"),
        ] {
            // Numbers this small are rounded to zero.
            assert!(
                found <= most * size + 1e-28,
                "{tile:?} of {:?}: {what} are {found} apart, of {size}",
                tiles.shape
            );
        }
    }
}

/// The root of the mean square.
fn rms(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    (values.map(|value| value * value).sum::<f64>() / count).sqrt()
}

pub fn winograd_filters_agree() {
    for tile in WinogradTile::ALL {
        for (side, channels, outputs) in [(1, 3, 1), (6, 17, PANEL + 1), (7, 8, 33), (14, 33, 17)] {
            for scale in SCALES {
                let case = ImageCase {
                    h: side,
                    w: side,
                    channels,
                    scale,
                };
                filters_agree(tile, case, outputs);
            }
        }
    }
}

/// Sums of products of integers of the largest size do not wrap around.
pub fn short_sums_stay_within_32_bits() {
    let tile = WinogradTile::F3x3_3x3;
    let (k, n) = (padded_channels(300), PANEL);
    let mut weights = PackedMatrix::zeros(tile.positions() * k, n);
    for row in 0..weights.k() {
        for column in 0..n {
            weights.set(row, column, 1.0);
        }
    }
    let v = vec![i16::MAX; tile.positions() * k];
    // All products are one; the transform adds up the squares of the sums of a row.
    let shape = Shape {
        n: 1,
        h: 1,
        w: 1,
        c: n,
    };
    let sum = |row: &Vec<f32>| row.iter().sum::<f32>();
    let expected = sum(&tile.output_matrix()[0]).powi(2) * k as f32 * f32::from(i16::MAX);
    let bias = vec![0.0; n];
    let mut scratch = vec![0.0; tile.scratch()];
    let mut out = vec![0.0; n];
    let short = ShortMatrix::<i16>::new(&weights, tile.positions());
    let epilogue = Epilogue {
        bias: &bias,
        residual: None,
        relu: false,
    };
    VectorKernels::short_winograd_output(
        &v,
        &[1.0],
        &short,
        shape,
        tile,
        epilogue,
        &mut scratch,
        &mut out,
    );
    for found in out {
        assert!((found / expected - 1.0).abs() < 0.01, "{found}, {expected}");
    }
}

/// A number that is not finite leaves no finite result of its image, and the other image as it is.
pub fn what_is_not_finite_is_not_rounded() {
    let shape = Shape {
        n: 2,
        h: 3,
        w: 3,
        c: PANEL,
    };
    for (bad, at) in [
        (f32::NAN, 0),
        (f32::INFINITY, 5),
        (f32::NEG_INFINITY, 9 * PANEL - 1),
    ] {
        let mut x = numbers(shape.len(), 1.0);
        x[9 * PANEL + at] = bad;
        let tiles = Tiles::new(&x, shape, WinogradTile::F3x3_3x3);
        assert!(
            tiles.scales[0].is_finite() && tiles.scales[1].is_nan(),
            "{bad} at {at}"
        );
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
        let tiles = Tiles::new(&x, shape, tile);
        let ([_, v], [_, short]) = (tiles.transform(), tiles.transform_rounded());
        let weights = transformed_filters(&filters, [inputs, outputs], tile);
        let rounded = ShortMatrix::<i16>::new(&weights, tile.positions());
        let out = Shape {
            c: padded_channels(outputs),
            ..shape
        };
        let bias = vec![0.0; out.c];
        let epilogue = Epilogue {
            bias: &bias,
            residual: None,
            relu: false,
        };
        let (mut scratch, mut found) = (vec![0.0; tile.scratch()], vec![0.0; out.len()]);
        VectorKernels::winograd_output(&v, &weights, out, tile, epilogue, &mut scratch, &mut found);
        let mut in_integers = vec![0.0; out.len()];
        VectorKernels::short_winograd_output(
            &short,
            &tiles.scales,
            &rounded,
            out,
            tile,
            epilogue,
            &mut scratch,
            &mut in_integers,
        );
        for (at, (found, integer)) in found.iter().zip(in_integers).enumerate() {
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
                (found - expected).abs() < 1e-4 && (integer - expected).abs() < 0.03,
                "{tile:?} at {at}: {found}, {integer} in integers, {expected}"
            );
        }
    }
}
