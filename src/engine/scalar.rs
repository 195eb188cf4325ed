//! The kernels as plain loops: the definition that the fast kernels are held to.

use super::instruction_set::QuantizedValue;
use super::kernels::{Epilogue, InferenceKernels};
use super::lanes::max;
use super::layout::{PackedMatrix, Shape};
use super::quantization::{QuantizedMatrix, RowQuantization};
use super::winograd::WinogradTile;

/// Plain loops.
#[derive(Clone, Copy, Debug)]
pub struct ScalarKernels;

impl InferenceKernels for ScalarKernels {
    fn matmul(a: &[f32], b: &PackedMatrix, epilogue: Option<Epilogue<'_>>, out: &mut [f32]) {
        let (k, n) = (b.k(), b.n());
        let rows = out.len() / n;
        assert_eq!([a.len(), out.len()], [rows * k, rows * n], "shapes");
        if let Some(epilogue) = epilogue {
            epilogue.check(out.len(), n);
        }
        for (at, out) in out.iter_mut().enumerate() {
            let (row, column) = (at / n, at % n);
            let sum = (0..k).map(|i| a[row * k + i] * b.at(i, column)).sum();
            *out = epilogue.map_or(sum, |epilogue| apply(epilogue, sum, at, n));
        }
    }

    fn quantized_matmul(
        a: &[QuantizedValue],
        quantizations: &[RowQuantization],
        b: &QuantizedMatrix,
        epilogue: Epilogue<'_>,
        out: &mut [f32],
    ) {
        let (k, n) = (b.k(), b.n());
        let rows = quantizations.len();
        assert_eq!([a.len(), out.len()], [rows * k, rows * n], "shapes");
        epilogue.check(out.len(), n);
        for (at, out) in out.iter_mut().enumerate() {
            let (row, column) = (at / n, at % n);
            let product = |i| i32::from(a[row * k + i]) * i32::from(b.at(i, column));
            let sum: i32 = (0..k).map(product).sum();
            let RowQuantization { scale, minimum } = quantizations[row];
            let sum = sum as f32 * scale * b.scales()[column] + minimum * b.sums()[column];
            *out = apply(epilogue, sum, at, n);
        }
    }

    fn depthwise(x: &[f32], shape: Shape, weights: &[f32], bias: &[f32], out: &mut [f32]) {
        let Shape { n, h, w, c } = shape;
        let padded = n * (h + 2) * (w + 2) * c;
        assert_eq!([x.len(), out.len()], [padded, shape.len()], "shapes");
        assert_eq!([weights.len(), bias.len()], [9 * c, c], "weights");
        for (at, (image, y, x0, channel)) in positions(n, h, w, c).enumerate() {
            let products = grid(3, 3).enumerate().map(|(tap, (dy, dx))| {
                let pixel = (image * (h + 2) + y + dy) * (w + 2) + x0 + dx;
                weights[tap * c + channel] * x[pixel * c + channel]
            });
            out[at] = products.sum::<f32>() + bias[channel];
        }
    }

    fn expand_extremes(extremes: &[[f32; 2]], weights: &[f32], bias: &[f32], out: &mut [f32]) {
        let c = weights.len();
        assert_eq!([out.len(), bias.len()], [extremes.len() * c, c], "channels");
        for (out, window) in out.chunks_exact_mut(c).zip(extremes) {
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

    fn global_average_pool(x: &[f32], shape: Shape, out: &mut [f32]) {
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
        tile: WinogradTile,
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

    fn winograd_output(
        m: &[f32],
        shape: Shape,
        tile: WinogradTile,
        epilogue: Epilogue<'_>,
        out: &mut [f32],
    ) {
        let Shape { n, h, w, c } = shape;
        let (matrix, side, step) = (tile.output_matrix(), tile.input_side(), tile.output_side());
        let (rows, columns) = (tile.count(h), tile.count(w));
        let tiles = n * rows * columns;
        assert_eq!(
            [m.len(), out.len()],
            [side * side * tiles * c, shape.len()],
            "shapes"
        );
        epilogue.check(out.len(), c);
        for (image, y, x, channel) in positions(n, h, w, c) {
            let number = (image * rows + y / step) * columns + x / step;
            let (up, across) = (&matrix[y % step], &matrix[x % step]);
            let at = |i: usize, j: usize| m[((i * side + j) * tiles + number) * c + channel];
            let sum = grid(side, side)
                .map(|(i, j)| up[i] * at(i, j) * across[j])
                .sum();
            let at = ((image * h + y) * w + x) * c + channel;
            out[at] = apply(epilogue, sum, at, c);
        }
    }
}

/// Finish the sum at position `at` of an activation with `c` channels.
fn apply(epilogue: Epilogue<'_>, sum: f32, at: usize, c: usize) -> f32 {
    let residual = epilogue.residual.map_or(0.0, |residual| residual[at]);
    let y = sum + epilogue.bias[at % c] + residual;
    if epilogue.relu && y < 0.0 { 0.0 } else { y }
}

/// The rows and columns of a grid, row by row.
fn grid(rows: usize, columns: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).flat_map(move |i| (0..columns).map(move |j| (i, j)))
}

/// Image, row, column and channel of every number of an activation, in the order of memory.
fn positions(
    n: usize,
    h: usize,
    w: usize,
    c: usize,
) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    grid(n, h).flat_map(move |(i, y)| grid(w, c).map(move |(x, channel)| (i, y, x, channel)))
}
