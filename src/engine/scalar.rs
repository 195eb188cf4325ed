//! The kernels as plain loops: the definition that the fast kernels are held to.

use super::instruction_set::{DotVector, LANES, PAIR, QuantizedValue};
use super::kernels::{Epilogue, InferenceKernels};
use super::lanes::{DotProduct, max};
use super::layout::{PANEL, PackedMatrix, Shape};
use super::quantization::{QuantizedMatrix, RowQuantization};
use super::short::{ShortMatrix, ShortWeight};
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

    fn pooled_stem(
        x: &[f32],
        shape: Shape,
        weights: &PackedMatrix,
        bias: &[f32],
        relu: bool,
        out: &mut [f32],
    ) {
        let Shape { n, h, w, c } = shape;
        let half = shape.halved();
        let padded = n * (h + 2) * (w + 2);
        assert_eq!([x.len(), out.len()], [padded, half.len()], "shapes");
        let sizes = [weights.k(), weights.n(), bias.len()];
        assert_eq!(sizes, [9, c, c], "weights");
        for (at, (image, y, x0, channel)) in positions(half.n, half.h, half.w, c).enumerate() {
            let pixel = |(dy, dx)| {
                let first = (image * (h + 2) + 2 * y + dy) * (w + 2) + 2 * x0 + dx;
                let taps = grid(3, 3).enumerate();
                let products = taps
                    .map(|(tap, (dy, dx))| weights.at(tap, channel) * x[first + dy * (w + 2) + dx]);
                products.sum::<f32>() + bias[channel]
            };
            let largest = grid(2, 2)
                .map(pixel)
                .fold(f32::NEG_INFINITY, |a, b| max(b, a));
            out[at] = if relu { max(largest, 0.0) } else { largest };
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
        grid: [usize; 2],
        out: &mut [f32],
    ) {
        transform_input(x, [n, c], tile, grid, out, |sum| sum);
    }

    fn short_winograd_input(
        x: &[i16],
        n: usize,
        c: usize,
        tile: WinogradTile,
        grid: [usize; 2],
        out: &mut [i16],
    ) {
        // Integers of so few bits are exact in single precision, and so are their sums.
        transform_input(x, [n, c], tile, grid, out, |sum| sum as i16);
    }

    fn winograd_output(
        v: &[f32],
        weights: &PackedMatrix,
        shape: Shape,
        tile: WinogradTile,
        epilogue: Epilogue<'_>,
        scratch: &mut [f32],
        out: &mut [f32],
    ) {
        let positions = tile.positions();
        let k = weights.k() / positions;
        let sizes = [weights.k(), v.len(), scratch.len()];
        let tiles = shape.n * tile.tiles([shape.h, shape.w]);
        let expected = [positions * k, tiles * positions * k, tile.scratch()];
        assert_eq!(sizes, expected, "shapes");
        transform_output(shape, tile, epilogue, out, |number, position, channel| {
            let row = &v[(number * positions + position) * k..][..k];
            let weight = |i| weights.at(position * k + i, channel);
            row.iter().enumerate().map(|(i, v)| v * weight(i)).sum()
        });
    }

    fn short_winograd_output<W: ShortWeight>(
        v: &[i16],
        scales: &[f32],
        weights: &ShortMatrix<W>,
        shape: Shape,
        tile: WinogradTile,
        epilogue: Epilogue<'_>,
        scratch: &mut [f32],
        out: &mut [f32],
    ) where
        DotVector: DotProduct<LANES, PAIR, W, Value = i16>,
    {
        let (positions, k) = (weights.positions(), weights.k());
        let tiles = tile.tiles([shape.h, shape.w]);
        let sizes = [positions, v.len(), scales.len(), scratch.len()];
        let all = shape.n * tiles * positions * k;
        let expected = [tile.positions(), all, shape.n, tile.scratch()];
        assert_eq!(sizes, expected, "shapes");
        transform_output(shape, tile, epilogue, out, |number, position, channel| {
            let row = &v[(number * positions + position) * k..][..k];
            let (panel, column) = (channel / PANEL, channel % PANEL);
            let (pairs, steps) = weights.panel(panel, position);
            let weight = |i: usize| pairs[i / PAIR].as_flattened()[column][i % PAIR];
            let products = row.iter().enumerate();
            let products = products.map(|(i, v)| i32::from(*v) * weight(i).into());
            let sum = products.fold(0, i32::wrapping_add) as f32;
            sum * steps.as_flattened()[column] * scales[number / tiles]
        });
    }
}

/// `B^T d B` of every tile of `n` images of `c` channels.
fn transform_input<T: Copy + Into<f32>>(
    x: &[T],
    [n, c]: [usize; 2],
    tile: WinogradTile,
    [rows, columns]: [usize; 2],
    out: &mut [T],
    finish: impl Fn(f32) -> T,
) {
    let (matrix, side, step) = (tile.input_matrix(), tile.input_side(), tile.output_side());
    let (h, w, tiles) = (rows * step + 2, columns * step + 2, n * rows * columns);
    assert_eq!(
        [x.len(), out.len()],
        [n * h * w * c, side * side * tiles * c],
        "shapes"
    );
    for (image, row, column, channel) in positions(n, rows, columns, c) {
        let at = |i: usize, j: usize| -> f32 {
            x[((image * h + row * step + i) * w + column * step + j) * c + channel].into()
        };
        let number = (image * rows + row) * columns + column;
        for (i, j) in grid(side, side) {
            let sum = grid(side, side).map(|(k, l)| matrix[i][k] * at(k, l) * matrix[j][l]);
            out[((number * side + i) * side + j) * c + channel] = finish(sum.sum());
        }
    }
}

/// `A^T m A` of every tile, then the epilogue; `m` is asked for by the tile's number, the position and the channel.
fn transform_output(
    shape: Shape,
    tile: WinogradTile,
    epilogue: Epilogue<'_>,
    out: &mut [f32],
    m: impl Fn(usize, usize, usize) -> f32,
) {
    let Shape { n, h, w, c } = shape;
    let (matrix, side, step) = (tile.output_matrix(), tile.input_side(), tile.output_side());
    assert_eq!(out.len(), shape.len(), "shapes");
    epilogue.check(out.len(), c);
    let (rows, columns) = (tile.count(h), tile.count(w));
    for (image, row, column, channel) in positions(n, rows, columns, c) {
        let number = (image * rows + row) * columns + column;
        let m: Vec<f32> = (0..side * side)
            .map(|position| m(number, position, channel))
            .collect();
        for (i, j) in grid(step, step) {
            let (y, x) = (row * step + i, column * step + j);
            if y < h && x < w {
                let sum =
                    grid(side, side).map(|(k, l)| matrix[i][k] * m[k * side + l] * matrix[j][l]);
                let at = ((image * h + y) * w + x) * c + channel;
                out[at] = apply(epilogue, sum.sum(), at, c);
            }
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
