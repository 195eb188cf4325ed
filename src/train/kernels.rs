//! Forward and backward passes of pointwise and depthwise convolution and of dropout, on plain slices, and
//! how all kernels split their work.
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
use super::planes::{Padded, add, matmul, matrix, sum, tap, vectorized};
use faer::Accum;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use rayon::prelude::*;
use std::ops::Range;

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
    let mut y = vec![0.0; s.n * s.m * s.pixels()];
    y.par_chunks_mut(s.m * s.pixels())
        .zip(x.par_chunks(s.c * s.pixels()))
        .for_each(|(y, x)| {
            for (plane, b) in y.chunks_exact_mut(s.pixels()).zip(bias) {
                plane.fill(*b);
            }
            let (weight, x) = (matrix(weight, s.m, s.c), matrix(x, s.c, s.pixels()));
            matmul(weight, x, Accum::Add, y);
        });
    y
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
    let mut y = vec![0.0; x.len()];
    y.par_chunks_mut(s.c * s.pixels())
        .zip(x.par_chunks(s.c * s.pixels()))
        .for_each_init(
            || Padded::new(s),
            |padded, (y, x)| {
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
        );
    y
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

/// The factors of dropout for `images` of `item` values each: zero with probability `p`, else `1 / (1 - p)`.
///
/// # Panics
/// When `p` is not a probability.
pub fn dropout_mask(seed: u64, p: f64, images: usize, item: usize) -> Vec<f32> {
    let kept = (1.0 / (1.0 - p)) as f32;
    let mut mask = vec![0.0; images * item];
    mask.par_chunks_mut(item.max(1))
        .enumerate()
        .for_each(|(image, mask)| {
            let mut rng = StdRng::seed_from_u64(mix_seed(&[seed, image as u64]));
            mask.fill_with(|| if rng.random_bool(p) { 0.0 } else { kept });
        });
    mask
}

/// Run `work` on one range of images a thread and add up the gradients of weights and bias.
pub(super) fn over_parts<F>(s: ConvShape, weights: usize, with_x: bool, work: F) -> AffineGradients
where
    F: Fn(Range<usize>, &mut AffineGradients, &mut [f32]) + Sync,
{
    let parts = rayon::current_num_threads().min(s.n).max(1);
    let size = s.n.div_ceil(parts);
    let mut dx = vec![0.0; if with_x { s.n * s.c * s.pixels() } else { 0 }];
    let mut chunks: Vec<&mut [f32]> = dx.chunks_mut((size * s.c * s.pixels()).max(1)).collect();
    chunks.resize_with(parts, Default::default);
    let partial: Vec<AffineGradients> = chunks
        .into_par_iter()
        .enumerate()
        .map(|(part, dx)| {
            let images = (part * size).min(s.n)..((part + 1) * size).min(s.n);
            let mut grads = AffineGradients {
                x: Vec::new(),
                weight: vec![0.0; weights],
                bias: vec![0.0; s.m],
            };
            vectorized(
                #[inline(always)]
                || work(images, &mut grads, dx),
            );
            grads
        })
        .collect();
    let mut partial = partial.into_iter();
    let mut total = partial.next().expect("at least one part");
    for grads in partial {
        add(&mut total.weight, &grads.weight);
        add(&mut total.bias, &grads.bias);
    }
    total.x = dx;
    total
}
