//! The small steps that the training kernels are made of: planes, rows, columns and matrix products.
//!
//! Letters as in `kernels`.

use super::kernels::ConvShape;
use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

/// Marks an output that `ReLU` set to zero, among positions 0 to 3 of a pooling window.
pub(super) const INACTIVE: u8 = 4;

/// Write the 3x3 neighborhoods of `images` pictures as columns: `[9 c, images * h * w]`.
pub(super) fn im2col(x: &[f32], s: ConvShape, images: usize, columns: &mut [f32]) {
    let wide = images * s.pixels();
    for row in 0..s.c * 9 {
        let (c, dy, dx) = (row / 9, row % 9 / 3, row % 3);
        for i in 0..images {
            let plane = &x[(i * s.c + c) * s.pixels()..][..s.pixels()];
            let out = &mut columns[row * wide + i * s.pixels()..][..s.pixels()];
            for (y, out) in out.chunks_exact_mut(s.w).enumerate() {
                match (y + dy).checked_sub(1).filter(|y| *y < s.h) {
                    None => out.fill(0.0),
                    Some(y) => shift_row(&plane[y * s.w..][..s.w], dx, out),
                }
            }
        }
    }
}

/// Copy a row so that `out[x] = row[x + dx - 1]`, zero outside.
pub(super) fn shift_row(row: &[f32], dx: usize, out: &mut [f32]) {
    let w = row.len();
    match dx {
        0 => {
            out[0] = 0.0;
            out[1..].copy_from_slice(&row[..w - 1]);
        }
        1 => out.copy_from_slice(row),
        _ => {
            out[..w - 1].copy_from_slice(&row[1..]);
            out[w - 1] = 0.0;
        }
    }
}

/// The transpose of [`im2col`]: add every column back to the pixels it was taken from.
pub(super) fn col2im(columns: &[f32], s: ConvShape, images: usize, x: &mut [f32]) {
    let wide = images * s.pixels();
    for row in 0..s.c * 9 {
        let (c, dy, dx) = (row / 9, row % 9 / 3, row % 3);
        for i in 0..images {
            let plane = &mut x[(i * s.c + c) * s.pixels()..][..s.pixels()];
            let source = &columns[row * wide + i * s.pixels()..][..s.pixels()];
            for (y, source) in source.chunks_exact(s.w).enumerate() {
                if let Some(y) = (y + dy).checked_sub(1).filter(|y| *y < s.h) {
                    let out = &mut plane[y * s.w..][..s.w];
                    match dx {
                        0 => add(&mut out[..s.w - 1], &source[1..]),
                        1 => add(out, source),
                        _ => add(&mut out[1..], &source[..s.w - 1]),
                    }
                }
            }
        }
    }
}

/// 2x2 max-pooling and `ReLU` of one plane after the monotone or affine map `f`.
pub(super) fn pool_plane(
    plane: &[f32],
    w: usize,
    f: impl Fn(f32) -> f32,
    y: &mut [f32],
    winners: &mut [u8],
) {
    let half = w / 2;
    for (row, (y, winners)) in y
        .chunks_exact_mut(half)
        .zip(winners.chunks_exact_mut(half))
        .enumerate()
    {
        let top = &plane[2 * row * w..][..w];
        let bottom = &plane[(2 * row + 1) * w..][..w];
        for (column, (y, winner)) in y.iter_mut().zip(winners).enumerate() {
            let window = [
                top[2 * column],
                top[2 * column + 1],
                bottom[2 * column],
                bottom[2 * column + 1],
            ];
            let (mut best, mut at) = (0.0, INACTIVE);
            for (position, v) in window.into_iter().enumerate() {
                let v = f(v);
                if v > best {
                    (best, at) = (v, position as u8);
                }
            }
            (*y, *winner) = (best, at);
        }
    }
}

/// Put each pooled gradient on the pixel that won; returns the sum of those that were put.
pub(super) fn unpool_plane(dy: &[f32], winners: &[u8], w: usize, plane: &mut [f32]) -> f32 {
    let half = w / 2;
    let mut total = 0.0;
    for (at, (d, winner)) in dy.iter().zip(winners).enumerate() {
        if *winner != INACTIVE {
            let (row, column) = (at / half, at % half);
            let (down, right) = (usize::from(winner / 2), usize::from(winner % 2));
            plane[(2 * row + down) * w + 2 * column + right] = *d;
            total += d;
        }
    }
    total
}

/// Room for a plane with a border of zeros.
pub(super) fn padded(s: ConvShape) -> Vec<f32> {
    vec![0.0; (s.h + 2) * (s.w + 2)]
}

pub(super) fn pad(plane: &[f32], s: ConvShape, border: &mut [f32]) {
    for (y, row) in plane.chunks_exact(s.w).enumerate() {
        border[(y + 1) * (s.w + 2) + 1..][..s.w].copy_from_slice(row);
    }
}

/// The part of a padded plane that tap `t` (0 to 8) of output row `y` reads.
pub(super) fn shifted(border: &[f32], t: usize, y: usize, s: ConvShape) -> &[f32] {
    &border[(y + t / 3) * (s.w + 2) + t % 3..][..s.w]
}

pub(super) fn tap(weight: &[f32], c: usize) -> &[f32; 9] {
    &weight.as_chunks::<9>().0[c]
}

/// Add the 3x3 correlation of a padded plane to `out`.
pub(super) fn convolve(border: &[f32], taps: &[f32; 9], s: ConvShape, out: &mut [f32]) {
    for (y, out) in out.chunks_exact_mut(s.w).enumerate() {
        for (t, weight) in taps.iter().enumerate() {
            for (o, v) in out.iter_mut().zip(shifted(border, t, y, s)) {
                *o += weight * v;
            }
        }
    }
}

/// `out = beta out + a b`; shapes `[rows, inner]`, `[inner, columns]`, `[rows, columns]`.
pub(super) fn matmul(a: &ArrayView2<f32>, b: &ArrayView2<f32>, beta: f32, out: &mut [f32]) {
    let dims = (a.nrows(), b.ncols());
    let mut out = ArrayViewMut2::from_shape(dims, &mut out[..dims.0 * dims.1])
        .expect("a slice of rows x columns");
    general_mat_mul(1.0, a, b, beta, &mut out);
}

/// The first `rows * columns` values as a matrix.
pub(super) fn matrix(data: &[f32], rows: usize, columns: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((rows, columns), &data[..rows * columns])
        .expect("a slice of rows x columns")
}

pub(super) fn map(x: &[f32], y: &mut [f32], f: impl Fn(f32) -> f32) {
    for (y, x) in y.iter_mut().zip(x) {
        *y = f(*x);
    }
}

pub(super) fn add(total: &mut [f32], part: &[f32]) {
    for (t, p) in total.iter_mut().zip(part) {
        *t += p;
    }
}

/// Sixteen running sums, so that the compiler may use vector registers.
pub(super) fn sum_by(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<16>();
    let mut lanes = [0.0; 16];
    for chunk in chunks {
        for (lane, v) in lanes.iter_mut().zip(chunk) {
            *lane += f(*v);
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|v| f(*v)).sum::<f32>()
}

pub(super) fn sum(values: &[f32]) -> f32 {
    sum_by(values, |v| v)
}

pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut lanes = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for i in 0..8 {
            lanes[i] += a[i] * b[i];
        }
    }
    lanes.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}
