//! 1x1 convolution, forward and backward: a matrix product an image.

use super::gradients::{AffineGradients, over_parts};
use super::matrix::{matmul, matrix};
use super::parts::by_parts;
use super::shape::ConvShape;
use super::simd::sum;
use faer::Accum;
use rayon::prelude::*;

/// `[n, c, h, w]`, `[m, c]`, `[m]` to `[n, m, h, w]`.
pub fn pointwise(x: &[f32], weight: &[f32], bias: &[f32], s: ConvShape) -> Vec<f32> {
    by_parts(
        s.n * s.m * s.pixels(),
        s.m * s.pixels(),
        x.par_chunks(s.c * s.pixels()),
        || (),
        |(), y, x| {
            for (plane, b) in y.chunks_exact_mut(s.pixels()).zip(bias) {
                plane.fill(*b);
            }
            let (weight, x) = (matrix(weight, s.m, s.c), matrix(x, s.c, s.pixels()));
            matmul(weight, x, Accum::Add, y);
        },
    )
}

/// The gradients of [`pointwise`].
pub fn pointwise_backward(
    x: &[f32],
    weight: &[f32],
    dy: &[f32],
    s: ConvShape,
    with_x: bool,
) -> AffineGradients {
    over_parts(
        s,
        weight.len(),
        with_x,
        #[inline(always)]
        |images, grads, dx| {
            for i in images.clone() {
                let x = &x[i * s.c * s.pixels()..][..s.c * s.pixels()];
                let dy = &dy[i * s.m * s.pixels()..][..s.m * s.pixels()];
                for (b, plane) in grads.bias.iter_mut().zip(dy.chunks_exact(s.pixels())) {
                    *b += sum(plane);
                }
                matmul(
                    matrix(dy, s.m, s.pixels()),
                    matrix(x, s.c, s.pixels()).transpose(),
                    Accum::Add,
                    &mut grads.weight,
                );
                if with_x {
                    let dx = &mut dx[(i - images.start) * s.c * s.pixels()..][..s.c * s.pixels()];
                    matmul(
                        matrix(weight, s.m, s.c).transpose(),
                        matrix(dy, s.m, s.pixels()),
                        Accum::Replace,
                        dx,
                    );
                }
            }
        },
    )
}
