//! The kernels as plain loops: the definition that the fast ones are held to.

use super::integer::{Number, Rounded, RowRange};
use super::kernels::{Kernels, Packed, Shape, Tail};
use super::winograd::Tile;

/// Plain loops.
#[derive(Clone, Copy, Debug)]
pub struct Scalar;

impl Tail<'_> {
    /// Finish the sum at position `at` of an activation with `c` channels.
    fn apply(self, sum: f32, at: usize, c: usize) -> f32 {
        let y = sum + self.bias[at % c] + self.residual.map_or(0.0, |r| r[at]);
        if self.relu && y < 0.0 { 0.0 } else { y }
    }
}

impl Kernels for Scalar {
    fn matmul(a: &[f32], b: &Packed, tail: Option<Tail<'_>>, out: &mut [f32]) {
        assert_eq!(a.len() / b.k, out.len() / b.n, "rows of the product");
        for (at, out) in out.iter_mut().enumerate() {
            let (row, column) = (at / b.n, at % b.n);
            let sum = (0..b.k).map(|k| a[row * b.k + k] * b.at(k, column)).sum();
            *out = tail.map_or(sum, |tail| tail.apply(sum, at, b.n));
        }
    }

    fn integer_matmul(
        a: &[Number],
        ranges: &[RowRange],
        b: &Rounded,
        tail: Tail<'_>,
        out: &mut [f32],
    ) {
        assert_eq!([a.len() / b.k, out.len() / b.n], [ranges.len(); 2], "rows");
        for (at, out) in out.iter_mut().enumerate() {
            let (row, column) = (at / b.n, at % b.n);
            let product = |k| i32::from(a[row * b.k + k]) * i32::from(b.at(k, column));
            let sum: i32 = (0..b.k).map(product).sum();
            let RowRange { scale, lowest } = ranges[row];
            let sum = sum as f32 * scale * b.scales[column] + lowest * b.sums[column];
            *out = tail.apply(sum, at, b.n);
        }
    }

    fn depthwise(x: &[f32], shape: Shape, weights: &[f32], bias: &[f32], out: &mut [f32]) {
        let Shape { n, h, w, c } = shape;
        let padded = n * (h + 2) * (w + 2) * c;
        assert_eq!([x.len(), out.len()], [padded, shape.len()], "shapes");
        for (at, (image, y, x0, channel)) in positions(n, h, w, c).enumerate() {
            let products = grid(3, 3).enumerate().map(|(tap, (dy, dx))| {
                let pixel = (image * (h + 2) + y + dy) * (w + 2) + x0 + dx;
                weights[tap * c + channel] * x[pixel * c + channel]
            });
            out[at] = products.sum::<f32>() + bias[channel];
        }
    }

    fn spread(extremes: &[[f32; 2]], weights: &[f32], bias: &[f32], out: &mut [f32]) {
        assert_eq!(out.len(), extremes.len() * weights.len(), "channels");
        for (out, window) in out.chunks_exact_mut(weights.len()).zip(extremes) {
            for ((out, weight), bias) in out.iter_mut().zip(weights).zip(bias) {
                let [a, b] = window.map(|z| weight * z + bias);
                *out = max(max(a, b), 0.0);
            }
        }
    }

    fn max_pool(x: &[f32], shape: Shape, out: &mut [f32]) {
        let half = shape.halved();
        assert_eq!([x.len(), out.len()], [shape.len(), half.len()], "shapes");
        for (image, y, x0, channel) in positions(half.n, half.h, half.w, half.c) {
            let at = |y, x0| x[((image * shape.h + y) * shape.w + x0) * shape.c + channel];
            let (top, left) = (2 * y, 2 * x0);
            let upper = max(at(top, left), at(top, left + 1));
            let lower = max(at(top + 1, left), at(top + 1, left + 1));
            out[((image * half.h + y) * half.w + x0) * half.c + channel] = max(upper, lower);
        }
    }

    fn average_pool(x: &[f32], shape: Shape, out: &mut [f32]) {
        let Shape { n, h, w, c } = shape;
        assert_eq!([x.len(), out.len()], [shape.len(), n * c], "shapes");
        for (image, out) in out.chunks_exact_mut(c).enumerate() {
            for (channel, out) in out.iter_mut().enumerate() {
                let plane = (0..h * w).map(|pixel| x[(image * h * w + pixel) * c + channel]);
                *out = plane.sum::<f32>() / (h * w) as f32;
            }
        }
    }

    fn winograd_input(
        x: &[f32],
        n: usize,
        c: usize,
        tile: Tile,
        [rows, columns]: [usize; 2],
        out: &mut [f32],
    ) {
        let (matrix, side, step) = (tile.input_matrix(), tile.input_side(), tile.output_side());
        let (h, w, tiles) = (rows * step + 2, columns * step + 2, n * rows * columns);
        assert_eq!(
            [x.len(), out.len()],
            [n * h * w * c, side * side * tiles * c],
            "shapes"
        );
        for (image, row, column, channel) in positions(n, rows, columns, c) {
            let at = |i: usize, j: usize| {
                x[((image * h + row * step + i) * w + column * step + j) * c + channel]
            };
            let number = (image * rows + row) * columns + column;
            for (i, j) in grid(side, side) {
                let sum = grid(side, side).map(|(k, l)| matrix[i][k] * at(k, l) * matrix[j][l]);
                out[((i * side + j) * tiles + number) * c + channel] = sum.sum();
            }
        }
    }

    fn winograd_output(m: &[f32], shape: Shape, tile: Tile, tail: Tail<'_>, out: &mut [f32]) {
        let Shape { n, h, w, c } = shape;
        let (matrix, side, step) = (tile.output_matrix(), tile.input_side(), tile.output_side());
        let (rows, columns) = (tile.count(h), tile.count(w));
        let tiles = n * rows * columns;
        assert_eq!(
            [m.len(), out.len()],
            [side * side * tiles * c, shape.len()],
            "shapes"
        );
        for (image, y, x, channel) in positions(n, h, w, c) {
            let number = (image * rows + y / step) * columns + x / step;
            let (up, across) = (&matrix[y % step], &matrix[x % step]);
            let at = |i: usize, j: usize| m[((i * side + j) * tiles + number) * c + channel];
            let sum = grid(side, side)
                .map(|(i, j)| up[i] * at(i, j) * across[j])
                .sum();
            let at = ((image * h + y) * w + x) * c + channel;
            out[at] = tail.apply(sum, at, c);
        }
    }
}

/// Filter padded images of one channel with 3x3 taps, and keep the smallest and the largest value of
/// each window of `side` times `side` pixels.
///
/// **Shapes**: `[n, h + 2, w + 2]` to `[n, h / side, w / side]`.
///
/// # Panics
/// When the buffers' lengths do not fit the shapes.
pub fn filter_extremes(
    x: &[f32],
    [n, h, w]: [usize; 3],
    filter: &[f32; 9],
    bias: f32,
    side: usize,
    out: &mut [[f32; 2]],
) {
    let (rows, columns, width) = (h / side, w / side, w + 2);
    assert_eq!(
        [x.len(), out.len()],
        [n * (h + 2) * width, n * rows * columns],
        "shapes"
    );
    for (at, (image, row, column, _)) in positions(n, rows, columns, 1).enumerate() {
        let mut extremes = [f32::INFINITY, f32::NEG_INFINITY];
        for (i, j) in grid(side, side) {
            let first = (image * (h + 2) + row * side + i) * width + column * side + j;
            let mut z = bias;
            for (dy, taps) in filter.as_chunks::<3>().0.iter().enumerate() {
                let x: &[f32; 3] = x[first + dy * width..]
                    .first_chunk()
                    .expect("asserted above");
                z += taps[0] * x[0] + taps[1] * x[1] + taps[2] * x[2];
            }
            extremes = [-max(-z, -extremes[0]), max(z, extremes[1])];
        }
        out[at] = extremes;
    }
}

/// Lay the 3x3 neighbourhoods of every pixel of padded images side by side.
///
/// **Shapes**: `[n, h + 2, w + 2, c]` to `[n, h, w, 9 c]`, `shape` being `[n, h, w, c]`.
///
/// # Panics
/// When the buffers' lengths do not fit the shapes.
pub fn neighbourhoods(x: &[f32], shape: Shape, out: &mut [f32]) {
    let Shape { n, h, w, c } = shape;
    let row = (w + 2) * c;
    assert_eq!(
        [x.len(), out.len()],
        [n * (h + 2) * row, 9 * shape.len()],
        "shapes"
    );
    for (patch, (image, y, x0, _)) in out.chunks_exact_mut(9 * c).zip(positions(n, h, w, 1)) {
        for (dy, patch) in patch.chunks_exact_mut(3 * c).enumerate() {
            let first = (image * (h + 2) + y + dy) * row + x0 * c;
            patch.copy_from_slice(&x[first..first + 3 * c]);
        }
    }
}

fn max(a: f32, b: f32) -> f32 {
    if a < b { b } else { a }
}

fn grid(rows: usize, columns: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).flat_map(move |i| (0..columns).map(move |j| (i, j)))
}

fn positions(
    n: usize,
    h: usize,
    w: usize,
    c: usize,
) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    grid(n, h).flat_map(move |(i, y)| grid(w, c).map(move |(x, channel)| (i, y, x, channel)))
}
