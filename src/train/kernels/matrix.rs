//! Matrix products over slices, each on the calling thread: the kernels are parallel over the batch.

use faer::linalg::matmul;
use faer::{Accum, MatMut, MatRef, Par};

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
