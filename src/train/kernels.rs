//! Forward and backward passes of the network's heavy operations, on plain slices.
//!
//! Burn's own CPU gradients of grouped convolution, batch norm and pooling are bound by memory
//! traffic: whole activations are written and read again between operations. Here a group of images
//! stays in cache from convolution to pooling, and matrix products go through `matrixmultiply`.
//! `tests/gradients.rs` holds every function to Burn's gradients.
//!
//! Letters: `n` images, `c` input channels, `m` output channels, `h` x `w` pixels, `k = 9 c`.
//! Work is split over the batch in one part a thread, and partial sums are added in order, so that a
//! run is reproducible for a given number of threads.

use super::planes::{
    INACTIVE, add, col2im, convolve, dot, im2col, matmul, matrix, pad, padded, pool_plane, shifted,
    sum, tap, unpool_plane,
};
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

/// `[n, c, h, w]`, `[m, c, 3, 3]`, `[m]` to `[n, m, h/2, w/2]`, and which pixel of each window won.
pub fn conv_relu_pool(
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    s: ConvShape,
) -> (Vec<f32>, Vec<u8>) {
    let (k, group) = (s.c * 9, s.group());
    let mut y = vec![0.0; s.n * s.m * s.pooled()];
    let mut winners = vec![INACTIVE; y.len()];
    let item = s.m * s.pooled();
    y.par_chunks_mut(group * item)
        .zip(winners.par_chunks_mut(group * item))
        .zip(x.par_chunks(group * s.c * s.pixels()))
        .for_each_init(
            || {
                (
                    vec![0.0; k * group * s.pixels()],
                    vec![0.0; s.m * group * s.pixels()],
                )
            },
            |(columns, out), ((y, winners), x)| {
                let images = y.len() / item;
                let wide = images * s.pixels();
                im2col(x, s, images, columns);
                matmul(&matrix(weight, s.m, k), &matrix(columns, k, wide), 0.0, out);
                for i in 0..images {
                    for m in 0..s.m {
                        let plane = &out[m * wide + i * s.pixels()..][..s.pixels()];
                        let at = (i * s.m + m) * s.pooled();
                        let range = at..at + s.pooled();
                        pool_plane(
                            plane,
                            s.w,
                            |v| v + bias[m],
                            &mut y[range.clone()],
                            &mut winners[range],
                        );
                    }
                }
            },
        );
    (y, winners)
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
    let (k, group) = (s.c * 9, s.group());
    let item = s.m * s.pooled();
    over_parts(s, weight.len(), with_x, |images, grads, dx| {
        let mut columns = vec![0.0; k * group * s.pixels()];
        let mut dcolumns = vec![0.0; if with_x { columns.len() } else { 0 }];
        let mut dout = vec![0.0; s.m * group * s.pixels()];
        let mut start = images.start;
        while start < images.end {
            let count = group.min(images.end - start);
            let wide = count * s.pixels();
            dout[..s.m * wide].fill(0.0);
            for i in 0..count {
                for m in 0..s.m {
                    let range = (start + i) * item + m * s.pooled()
                        ..(start + i) * item + (m + 1) * s.pooled();
                    let plane = &mut dout[m * wide + i * s.pixels()..][..s.pixels()];
                    grads.bias[m] += unpool_plane(&dy[range.clone()], &winners[range], s.w, plane);
                }
            }
            let x = &x[start * s.c * s.pixels()..(start + count) * s.c * s.pixels()];
            im2col(x, s, count, &mut columns);
            matmul(
                &matrix(&dout, s.m, wide),
                &matrix(&columns, k, wide).reversed_axes(),
                1.0,
                &mut grads.weight,
            );
            if with_x {
                matmul(
                    &matrix(weight, s.m, k).reversed_axes(),
                    &matrix(&dout, s.m, wide),
                    0.0,
                    &mut dcolumns,
                );
                let at = (start - images.start) * s.c * s.pixels();
                col2im(
                    &dcolumns,
                    s,
                    count,
                    &mut dx[at..at + count * s.c * s.pixels()],
                );
            }
            start += count;
        }
    })
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
            matmul(
                &matrix(weight, s.m, s.c),
                &matrix(x, s.c, s.pixels()),
                1.0,
                y,
            );
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
    over_parts(s, weight.len(), with_x, |images, grads, dx| {
        for i in images.clone() {
            let x = &x[i * s.c * s.pixels()..][..s.c * s.pixels()];
            let dy = &dy[i * s.m * s.pixels()..][..s.m * s.pixels()];
            for (b, plane) in grads.bias.iter_mut().zip(dy.chunks_exact(s.pixels())) {
                *b += sum(plane);
            }
            matmul(
                &matrix(dy, s.m, s.pixels()),
                &matrix(x, s.c, s.pixels()).reversed_axes(),
                1.0,
                &mut grads.weight,
            );
            if with_x {
                let dx = &mut dx[(i - images.start) * s.c * s.pixels()..][..s.c * s.pixels()];
                matmul(
                    &matrix(weight, s.m, s.c).reversed_axes(),
                    &matrix(dy, s.m, s.pixels()),
                    0.0,
                    dx,
                );
            }
        }
    })
}

/// `[n, c, h, w]`, `[c, 1, 3, 3]`, `[c]` to `[n, c, h, w]`; `s.m` equals `s.c`.
pub fn depthwise(x: &[f32], weight: &[f32], bias: &[f32], s: ConvShape) -> Vec<f32> {
    let mut y = vec![0.0; x.len()];
    y.par_chunks_mut(s.c * s.pixels())
        .zip(x.par_chunks(s.c * s.pixels()))
        .for_each_init(
            || padded(s),
            |border, (y, x)| {
                for c in 0..s.c {
                    let plane = c * s.pixels()..(c + 1) * s.pixels();
                    pad(&x[plane.clone()], s, border);
                    y[plane.clone()].fill(bias[c]);
                    convolve(border, tap(weight, c), s, &mut y[plane]);
                }
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
    over_parts(s, weight.len(), with_x, |images, grads, dx| {
        let mut border = padded(s);
        for i in images.clone() {
            for c in 0..s.c {
                let at = (i * s.c + c) * s.pixels();
                let dy = &dy[at..at + s.pixels()];
                grads.bias[c] += sum(dy);
                pad(&x[at..at + s.pixels()], s, &mut border);
                let dweight: &mut [f32] = &mut grads.weight[c * 9..c * 9 + 9];
                for (t, d) in dweight.iter_mut().enumerate() {
                    *d += (0..s.h)
                        .map(|row| dot(&dy[row * s.w..][..s.w], shifted(&border, t, row, s)))
                        .sum::<f32>();
                }
                if with_x {
                    pad(dy, s, &mut border);
                    let mut flipped = *tap(weight, c);
                    flipped.reverse();
                    let at = ((i - images.start) * s.c + c) * s.pixels();
                    convolve(&border, &flipped, s, &mut dx[at..at + s.pixels()]);
                }
            }
        }
    })
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
            work(images, &mut grads, dx);
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
