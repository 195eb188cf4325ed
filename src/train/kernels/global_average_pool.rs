//! The mean of each plane, forward and backward.

use super::parts::by_parts;
use super::simd::{sum, vectorized};
use rayon::prelude::*;

/// Average each plane: `[n, c, pixels]` to `[n, c]`.
pub fn average_planes(x: &[f32], c: usize, pixels: usize) -> Vec<f32> {
    by_parts(
        x.len() / pixels,
        c,
        x.par_chunks(c * pixels),
        || (),
        |(), y, x| {
            vectorized(
                #[inline(always)]
                || {
                    for (y, plane) in y.iter_mut().zip(x.chunks_exact(pixels)) {
                        *y = sum(plane) / pixels as f32;
                    }
                },
            );
        },
    )
}

/// The gradient of [`average_planes`].
pub fn average_planes_backward(dy: &[f32], c: usize, pixels: usize) -> Vec<f32> {
    by_parts(
        dy.len() * pixels,
        c * pixels,
        dy.par_chunks(c),
        || (),
        |(), dx, dy| {
            for (plane, d) in dx.chunks_exact_mut(pixels).zip(dy) {
                plane.fill(d / pixels as f32);
            }
        },
    )
}
