//! Forward and backward passes of pointwise and depthwise convolution, of dropout and of global average
//! pooling, on plain slices, and how gradients of weights are split over threads.
//!
//! Burn's own CPU gradients of grouped convolution, batch norm and pooling are bound by memory
//! traffic: whole activations are written and read again between operations. Here images stay in cache
//! from one step to the next, and matrix products go through `faer`.
//! `tests/gradients.rs` holds every function to Burn's gradients.
//!
//! Letters: `n` images, `c` input channels, `m` output channels, `h` x `w` pixels.
//! Work is split over the batch in one part a thread, and partial sums are added in order, so that a
//! run is reproducible for a given number of threads.

use super::augment::mix_seed;
use super::parts::by_parts;
use super::planes::{Padded, add, matmul, matrix, sum, tap, vectorized};
use faer::Accum;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use rayon::prelude::*;
use std::ops::Range;

/// Different numbers of which dropout draws one for each value.
const DRAWS: f64 = 65_536.0;

/// Sizes of a convolution's input and output.
#[derive(Clone, Copy, Debug)]
pub struct ConvShape {
    /// Images.
    pub n: usize,
    /// Input channels.
    pub c: usize,
    /// Output channels.
    pub m: usize,
    /// Height.
    pub h: usize,
    /// Width.
    pub w: usize,
}

impl ConvShape {
    pub(super) fn pixels(&self) -> usize {
        self.h * self.w
    }

    /// Where the images lie, with so many channels each.
    pub(super) fn images(&self, images: &Range<usize>, channels: usize) -> Range<usize> {
        let size = channels * self.pixels();
        images.start * size..images.end * size
    }
}

/// Gradients of an affine operation.
#[derive(Debug)]
pub struct AffineGradients {
    /// Of the input; empty when it was not asked for.
    pub x: Vec<f32>,
    /// Of the weights.
    pub weight: Vec<f32>,
    /// Of the bias.
    pub bias: Vec<f32>,
}

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

/// `[n, c, h, w]`, `[c, 1, 3, 3]`, `[c]` to `[n, c, h, w]`; `s.m` equals `s.c`.
pub fn depthwise(x: &[f32], weight: &[f32], bias: &[f32], s: ConvShape) -> Vec<f32> {
    by_parts(
        x.len(),
        s.c * s.pixels(),
        x.par_chunks(s.c * s.pixels()),
        || Padded::new(s),
        |padded, y, x| {
            vectorized(
                #[inline(always)]
                || {
                    for c in 0..s.c {
                        let plane = c * s.pixels()..(c + 1) * s.pixels();
                        padded.fill(&x[plane.clone()]);
                        padded.convolve(tap(weight, c), bias[c], &mut y[plane]);
                    }
                },
            );
        },
    )
}

/// The gradients of [`depthwise`].
pub fn depthwise_backward(
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
            let mut padded = Padded::new(s);
            for i in images.clone() {
                for c in 0..s.c {
                    let at = (i * s.c + c) * s.pixels();
                    let dy = &dy[at..at + s.pixels()];
                    grads.bias[c] += sum(dy);
                    padded.fill(&x[at..at + s.pixels()]);
                    padded.add_tap_gradients(dy, &mut grads.weight[c * 9..c * 9 + 9]);
                    if with_x {
                        padded.fill(dy);
                        let mut flipped = *tap(weight, c);
                        flipped.reverse();
                        let at = at - images.start * s.c * s.pixels();
                        padded.convolve(&flipped, 0.0, &mut dx[at..at + s.pixels()]);
                    }
                }
            }
        },
    )
}

/// Multiply each of the values, `item` an image, by zero with probability `p`, else by `1 / (1 - p)`.
///
/// The factors follow from the seed alone, so the gradient is the same map of the result's gradient.
///
/// **Range**: `p` from 0 to below 1, in steps of 1/65,536.
pub fn dropout(x: &[f32], seed: u64, p: f64, item: usize) -> Vec<f32> {
    let kept = (1.0 / (1.0 - p)) as f32;
    let threshold = (p * DRAWS).round() as u32;
    by_parts(
        x.len(),
        item,
        x.par_chunks(item.max(1)).enumerate(),
        || vec![0_u16; item],
        |draws, y, (image, x)| {
            StdRng::seed_from_u64(mix_seed(&[seed, image as u64])).fill(&mut draws[..]);
            vectorized(
                #[inline(always)]
                || {
                    for ((y, x), draw) in y.iter_mut().zip(x).zip(&*draws) {
                        *y = if u32::from(*draw) < threshold {
                            0.0
                        } else {
                            x * kept
                        };
                    }
                },
            );
        },
    )
}

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

/// Run `work` on one range of images a thread and add up the gradients of weights and bias.
pub(super) fn over_parts<F>(s: ConvShape, weights: usize, with_x: bool, work: F) -> AffineGradients
where
    F: Fn(Range<usize>, &mut AffineGradients, &mut [f32]) + Sync,
{
    let parts = rayon::current_num_threads().min(s.n).max(1);
    let size = s.n.div_ceil(parts);
    let mut partial: Vec<AffineGradients> = (0..s.n.div_ceil(size))
        .map(|_| AffineGradients {
            x: Vec::new(),
            weight: vec![0.0; weights],
            bias: vec![0.0; s.m],
        })
        .collect();
    let work = |part: usize, grads: &mut AffineGradients, dx: &mut [f32]| {
        let images = part * size..((part + 1) * size).min(s.n);
        vectorized(
            #[inline(always)]
            || work(images, grads, dx),
        );
    };
    let inputs = partial.par_iter_mut().enumerate();
    let dx = if with_x {
        by_parts(
            s.n * s.c * s.pixels(),
            size * s.c * s.pixels(),
            inputs,
            || (),
            |(), dx, (part, grads)| work(part, grads, dx),
        )
    } else {
        inputs.for_each(|(part, grads)| work(part, grads, &mut []));
        Vec::new()
    };
    let mut partial = partial.into_iter();
    let mut total = partial.next().expect("at least one part");
    for grads in partial {
        add(&mut total.weight, &grads.weight);
        add(&mut total.bias, &grads.bias);
    }
    total.x = dx;
    total
}
