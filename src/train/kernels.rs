//! Forward and backward passes of the network's heavy operations, on plain slices.
//!
//! Burn's own CPU gradients of grouped convolution, batch norm and pooling are bound by memory
//! traffic: whole activations are written and read again between operations. Here a group of images
//! stays in cache from convolution to pooling, and matrix products go through `faer`.
//! `tests/gradients.rs` holds every function to Burn's gradients.
//!
//! Letters: `n` images, `c` input channels, `m` output channels, `h` x `w` pixels, `k = 9 c`.
//! Work is split over the batch in one part a thread, and partial sums are added in order, so that a
//! run is reproducible for a given number of threads.

use super::augment::mix_seed;
use super::planes::{
    INACTIVE, Padded, add, col2im, im2col, map, matmul, matrix, pool_plane, sum, tap, unpool_plane,
    vectorized,
};
use faer::Accum;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use rayon::prelude::*;

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

    fn pooled(&self) -> usize {
        (self.h / 2) * (self.w / 2)
    }

    /// Images that one matrix product takes: enough columns to keep it busy, few enough for the cache.
    fn group(&self) -> usize {
        (384 / self.pixels()).clamp(1, self.n)
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

/// 3x3 correlations of a group of images; `each(image of the group, output channel, plane)` takes them.
fn correlate(
    x: &[f32],
    weight: &[f32],
    s: ConvShape,
    [columns, out]: &mut [Vec<f32>; 2],
    mut each: impl FnMut(usize, usize, &[f32]),
) {
    let images = x.len() / (s.c * s.pixels());
    let (k, wide) = (s.c * 9, images * s.pixels());
    columns.resize(k * s.group() * s.pixels(), 0.0);
    out.resize(s.m * s.group() * s.pixels(), 0.0);
    vectorized(
        #[inline(always)]
        || im2col(x, s, images, columns),
    );
    matmul(
        matrix(weight, s.m, k),
        matrix(columns, k, wide),
        Accum::Replace,
        out,
    );
    vectorized(
        #[inline(always)]
        || {
            for i in 0..images {
                for m in 0..s.m {
                    each(i, m, &out[m * wide + i * s.pixels()..][..s.pixels()]);
                }
            }
        },
    );
}

/// `[n, c, h, w]`, `[m, c, 3, 3]`, `[m]` to `[n, m, h, w]`.
pub fn conv(x: &[f32], weight: &[f32], bias: &[f32], s: ConvShape) -> Vec<f32> {
    let mut y = vec![0.0; s.n * s.m * s.pixels()];
    y.par_chunks_mut(s.group() * s.m * s.pixels())
        .zip(x.par_chunks(s.group() * s.c * s.pixels()))
        .for_each_init(Default::default, |room, (y, x)| {
            correlate(
                x,
                weight,
                s,
                room,
                #[inline(always)]
                |i, m, plane| {
                    let y = &mut y[(i * s.m + m) * s.pixels()..][..s.pixels()];
                    map(plane, y, |v| v + bias[m]);
                },
            );
        });
    y
}

/// `[n, c, h, w]`, `[m, c, 3, 3]`, `[m]` to `[n, m, h/2, w/2]`, and which pixel of each window won.
pub fn conv_relu_pool(
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    s: ConvShape,
) -> (Vec<f32>, Vec<u8>) {
    let item = s.m * s.pooled();
    let mut y = vec![0.0; s.n * item];
    let mut winners = vec![INACTIVE; y.len()];
    y.par_chunks_mut(s.group() * item)
        .zip(winners.par_chunks_mut(s.group() * item))
        .zip(x.par_chunks(s.group() * s.c * s.pixels()))
        .for_each_init(Default::default, |room, ((y, winners), x)| {
            correlate(
                x,
                weight,
                s,
                room,
                #[inline(always)]
                |i, m, plane| {
                    let at = (i * s.m + m) * s.pooled();
                    let range = at..at + s.pooled();
                    let winners = &mut winners[range.clone()];
                    pool_plane(plane, s.w, |v| v + bias[m], &mut y[range], winners);
                },
            );
        });
    (y, winners)
}

/// The gradients of [`conv`] for the gradient `dy` of its result.
pub fn conv_backward(
    x: &[f32],
    weight: &[f32],
    dy: &[f32],
    s: ConvShape,
    with_x: bool,
) -> AffineGradients {
    correlation_gradients(
        x,
        weight,
        s,
        with_x,
        #[inline(always)]
        |image, m, plane| {
            plane.copy_from_slice(&dy[(image * s.m + m) * s.pixels()..][..s.pixels()]);
            sum(plane)
        },
    )
}

/// The gradients of [`conv_relu_pool`] for the gradient `dy` of its result.
pub fn conv_relu_pool_backward(
    x: &[f32],
    weight: &[f32],
    winners: &[u8],
    dy: &[f32],
    s: ConvShape,
    with_x: bool,
) -> AffineGradients {
    correlation_gradients(
        x,
        weight,
        s,
        with_x,
        #[inline(always)]
        |image, m, plane| {
            let at = (image * s.m + m) * s.pooled();
            let range = at..at + s.pooled();
            unpool_plane(&dy[range.clone()], &winners[range], s.w, plane);
            sum(plane)
        },
    )
}

/// The gradients of 3x3 correlations; `fill(image, output channel, plane)` writes the gradient of one
/// and returns its sum.
fn correlation_gradients(
    x: &[f32],
    weight: &[f32],
    s: ConvShape,
    with_x: bool,
    fill: impl Fn(usize, usize, &mut [f32]) -> f32 + Sync,
) -> AffineGradients {
    let (k, group) = (s.c * 9, s.group());
    over_parts(
        s,
        weight.len(),
        with_x,
        #[inline(always)]
        |images, grads, dx| {
            let mut columns = vec![0.0; k * group * s.pixels()];
            let mut dcolumns = vec![0.0; if with_x { columns.len() } else { 0 }];
            let mut dout = vec![0.0; s.m * group * s.pixels()];
            for start in images.clone().step_by(group) {
                let count = group.min(images.end - start);
                let wide = count * s.pixels();
                for i in 0..count {
                    for m in 0..s.m {
                        let plane = &mut dout[m * wide + i * s.pixels()..][..s.pixels()];
                        grads.bias[m] += fill(start + i, m, plane);
                    }
                }
                let x = &x[start * s.c * s.pixels()..(start + count) * s.c * s.pixels()];
                im2col(x, s, count, &mut columns);
                let (dout, columns) = (matrix(&dout, s.m, wide), matrix(&columns, k, wide));
                matmul(dout, columns.transpose(), Accum::Add, &mut grads.weight);
                if with_x {
                    let weight = matrix(weight, s.m, k).transpose();
                    matmul(weight, dout, Accum::Replace, &mut dcolumns);
                    let dx = &mut dx[(start - images.start) * s.c * s.pixels()..];
                    col2im(&dcolumns, s, count, &mut dx[..count * s.c * s.pixels()]);
                }
            }
        },
    )
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
fn over_parts<F>(s: ConvShape, weights: usize, with_x: bool, work: F) -> AffineGradients
where
    F: Fn(std::ops::Range<usize>, &mut AffineGradients, &mut [f32]) + Sync,
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
