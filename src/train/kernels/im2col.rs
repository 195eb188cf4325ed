//! im2col: the 3x3 windows of all pixels as the columns of a matrix, so that a convolution is one matrix product.

use super::shape::ConvShape;

/// Write the 3x3 windows of `images` images as columns: `[9 c, images * h * w]`.
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
