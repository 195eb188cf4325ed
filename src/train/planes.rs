//! The small steps that the training kernels are made of: planes, rows, columns and matrix products.
//!
//! Letters as in `kernels`. The loops are inlined into the functions that `vectorized` compiles for the
//! widest vectors of the processor.

#![allow(clippy::inline_always)] // A loop that is not inlined is compiled for the narrowest vectors.

use super::kernels::ConvShape;
use faer::linalg::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// Run `work` compiled for the widest vectors that the processor has.
///
/// That goes for what is inlined: `work`, and each closure that it calls, carries `#[inline(always)]`.
#[inline]
pub(super) fn vectorized<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

/// Marks an output that `ReLU` set to zero, among positions 0 to 3 of a pooling window.
pub(super) const INACTIVE: u8 = 4;

/// Write the 3x3 neighborhoods of `images` pictures as columns: `[9 c, images * h * w]`.
#[inline(always)]
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
#[inline(always)]
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

/// 2x2 max-pooling and `ReLU` of one plane after the monotone or affine map `f`.
#[inline(always)]
pub(super) fn pool_plane(
    plane: &[f32],
    w: usize,
    f: impl Fn(f32) -> f32,
    y: &mut [f32],
    winners: &mut [u8],
) {
    let half = w / 2;
    let rows = y.chunks_exact_mut(half).zip(winners.chunks_exact_mut(half));
    for (pair, (y, winners)) in plane.chunks_exact(2 * w).zip(rows) {
        let (top, bottom) = pair.split_at(w);
        let windows = top.as_chunks::<2>().0.iter().zip(bottom.as_chunks::<2>().0);
        for ((y, winner), (top, bottom)) in y.iter_mut().zip(winners).zip(windows) {
            let (mut best, mut at) = (0.0, INACTIVE);
            for (position, v) in [top[0], top[1], bottom[0], bottom[1]]
                .into_iter()
                .enumerate()
            {
                let v = f(v);
                // Two selections instead of a branch that nobody can predict.
                at = if v > best { position as u8 } else { at };
                best = if v > best { v } else { best };
            }
            (*y, *winner) = (best, at);
        }
    }
}

/// Put each pooled gradient on the pixel that won, and zero on all others.
#[inline(always)]
pub(super) fn unpool_plane(dy: &[f32], winners: &[u8], w: usize, plane: &mut [f32]) {
    let half = w / 2;
    // An odd last row and column belong to no window.
    if !w.is_multiple_of(2) || !plane.len().is_multiple_of(2 * w) {
        plane.fill(0.0);
    }
    let rows = dy.chunks_exact(half).zip(winners.chunks_exact(half));
    for (pair, (dy, winners)) in plane.chunks_exact_mut(2 * w).zip(rows) {
        let (top, bottom) = pair.split_at_mut(w);
        let windows = top
            .as_chunks_mut::<2>()
            .0
            .iter_mut()
            .zip(bottom.as_chunks_mut::<2>().0);
        for ((d, winner), (top, bottom)) in dy.iter().zip(winners).zip(windows) {
            let at = |position| if *winner == position { *d } else { 0.0 };
            (*top, *bottom) = ([at(0), at(1)], [at(2), at(3)]);
        }
    }
}

/// Floats that the loops over padded planes take at once.
const LANES: usize = 8;

/// A plane with a border of zeros, and room for a result with rows as long as its own.
///
/// Rows of the border are `w + 2` long, so a tap is one shift of the whole plane and the loops run over
/// all rows at once; the two values between rows are left out when a result is read.
pub(super) struct Padded {
    border: Vec<f32>,
    wide: Vec<f32>,
    h: usize,
    w: usize,
}

impl Padded {
    pub(super) fn new(s: ConvShape) -> Self {
        let stride = s.w + 2;
        Self {
            border: vec![0.0; (s.h + 2) * stride + LANES],
            wide: vec![0.0; (s.h * stride - 2).next_multiple_of(LANES)],
            h: s.h,
            w: s.w,
        }
    }

    /// Put a plane inside the border.
    #[inline(always)]
    pub(super) fn fill(&mut self, plane: &[f32]) {
        let stride = self.w + 2;
        for (y, row) in plane.chunks_exact(self.w).enumerate() {
            self.border[(y + 1) * stride + 1..][..self.w].copy_from_slice(row);
        }
    }

    /// The part of the border that tap `t` (0 to 8) of the values from `at` on reads.
    #[inline(always)]
    fn tap(&self, t: usize, at: usize) -> &[f32; LANES] {
        let from = at + t / 3 * (self.w + 2) + t % 3;
        self.border[from..]
            .first_chunk()
            .expect("the border ends with room for the last values")
    }

    /// The 3x3 correlation of the plane, plus `bias`.
    #[inline(always)]
    pub(super) fn convolve(&mut self, taps: &[f32; 9], bias: f32, out: &mut [f32]) {
        for i in 0..self.wide.len() / LANES {
            let mut sums = [bias; LANES];
            for (t, weight) in taps.iter().enumerate() {
                for (sum, v) in sums.iter_mut().zip(self.tap(t, i * LANES)) {
                    *sum += weight * v;
                }
            }
            self.wide[i * LANES..][..LANES].copy_from_slice(&sums);
        }
        for (y, out) in out.chunks_exact_mut(self.w).enumerate() {
            out.copy_from_slice(&self.wide[y * (self.w + 2)..][..self.w]);
        }
    }

    /// Add the gradient of the nine taps for the gradient `dy` of the correlation.
    #[inline(always)]
    pub(super) fn add_tap_gradients(&mut self, dy: &[f32], gradients: &mut [f32]) {
        for i in 0..self.h {
            let row = &mut self.wide[i * (self.w + 2)..];
            row[..self.w].copy_from_slice(&dy[i * self.w..][..self.w]);
            let between = row.len().min(self.w + 2);
            row[self.w..between].fill(0.0);
        }
        let used = self.h * (self.w + 2) - 2;
        self.wide[used..].fill(0.0);
        let mut sums = [[0.0; LANES]; 9];
        for i in 0..self.wide.len() / LANES {
            let d: [f32; LANES] = *self.wide[i * LANES..].first_chunk().expect("whole chunks");
            for (t, sums) in sums.iter_mut().enumerate() {
                let values = self.tap(t, i * LANES);
                for j in 0..LANES {
                    sums[j] += d[j] * values[j];
                }
            }
        }
        for (gradient, sums) in gradients.iter_mut().zip(sums) {
            *gradient += sums.iter().sum::<f32>();
        }
    }
}

pub(super) fn tap(weight: &[f32], c: usize) -> &[f32; 9] {
    &weight.as_chunks::<9>().0[c]
}

/// `out = a b`, or `out += a b`; shapes `[rows, inner]`, `[inner, columns]`, `[rows, columns]`.
pub(super) fn matmul(a: MatRef<f32>, b: MatRef<f32>, accum: Accum, out: &mut [f32]) {
    let (rows, columns) = (a.nrows(), b.ncols());
    let out = MatMut::from_row_major_slice_mut(&mut out[..rows * columns], rows, columns);
    matmul::matmul(out, accum, a, b, 1.0, Par::Seq);
}

/// The first `rows * columns` values as a matrix.
pub(super) fn matrix(data: &[f32], rows: usize, columns: usize) -> MatRef<'_, f32> {
    MatRef::from_row_major_slice(&data[..rows * columns], rows, columns)
}

#[inline(always)]
pub(super) fn map(x: &[f32], y: &mut [f32], f: impl Fn(f32) -> f32) {
    for (y, x) in y.iter_mut().zip(x) {
        *y = f(*x);
    }
}

#[inline(always)]
pub(super) fn add(total: &mut [f32], part: &[f32]) {
    for (t, p) in total.iter_mut().zip(part) {
        *t += p;
    }
}

/// Running sums of a reduction: enough that none waits for its last addition.
const SUMS: usize = 16;

#[inline(always)]
pub(super) fn sum_by(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<SUMS>();
    let mut sums = [0.0; SUMS];
    for chunk in chunks {
        for (sum, v) in sums.iter_mut().zip(chunk) {
            *sum += f(*v);
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|v| f(*v)).sum::<f32>()
}

#[inline(always)]
pub(super) fn sum(values: &[f32]) -> f32 {
    sum_by(values, |v| v)
}

/// The sum of `a`, and of its products with `b`, in running sums as in [`sum_by`].
#[inline(always)]
pub(super) fn sum_and_dot(a: &[f32], b: &[f32]) -> [f32; 2] {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<SUMS>(), b.as_chunks::<SUMS>());
    let (mut sums, mut products) = ([0.0; SUMS], [0.0; SUMS]);
    for (a, b) in a.iter().zip(b) {
        for i in 0..SUMS {
            sums[i] += a[i];
            products[i] += a[i] * b[i];
        }
    }
    for (i, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
        sums[i] += a;
        products[i] += a * b;
    }
    [sums.iter().sum(), products.iter().sum()]
}
