//! 3x3 convolution and what follows it, forward and backward.
//!
//! A layer of few input channels is im2col and one matrix product; any other is computed by Winograd's minimal
//! filtering (see `winograd`), which needs a quarter to a third of the multiplications. `k = 9 c`.

use super::gradients::{AffineGradients, over_parts};
use super::im2col::im2col;
use super::matrix::{matmul, matrix};
use super::max_pool::{INACTIVE, pool_plane, unpool_plane};
use super::parts::by_parts;
use super::scratch::Scratch;
use super::shape::ConvShape;
use super::simd::{map, sum, vectorized};
use super::winograd::{Filters, Gradients};
use faer::Accum;
use rayon::prelude::*;
use std::ops::Range;

/// Fewer input channels are not worth transforming.
const LEAST_TRANSFORMED: usize = 8;
/// Columns of an im2col matrix: enough to keep the product busy, few enough for the cache.
const COLUMNS: usize = 384;

/// Images of one im2col matrix.
fn im2col_group(s: ConvShape) -> usize {
    (COLUMNS / s.pixels()).clamp(1, s.n)
}

/// Pixels of a plane after 2x2 pooling.
fn pooled(s: ConvShape) -> usize {
    (s.h / 2) * (s.w / 2)
}

/// How a convolution is computed.
enum Algorithm<'a> {
    /// im2col and one matrix product.
    Im2col { weight: &'a [f32], s: ConvShape },
    /// See [`super::winograd`].
    Winograd(Filters),
}

impl<'a> Algorithm<'a> {
    fn new(weight: &'a [f32], s: ConvShape) -> Self {
        if s.c < LEAST_TRANSFORMED {
            Self::Im2col { weight, s }
        } else {
            Self::Winograd(Filters::new(weight, s))
        }
    }

    /// Images that are taken at once.
    fn group(&self) -> usize {
        match self {
            Self::Im2col { s, .. } => im2col_group(*s),
            Self::Winograd(filters) => filters.group(),
        }
    }

    /// Convolve a group of images; `each(image of the group, output channel, plane)` takes the result.
    fn run(&self, x: &[f32], scratch: &mut Scratch, mut each: impl FnMut(usize, usize, &[f32])) {
        let (weight, s) = match self {
            Self::Im2col { weight, s } => (*weight, *s),
            Self::Winograd(filters) => return filters.convolve(x, scratch, each),
        };
        let images = x.len() / (s.c * s.pixels());
        let (k, wide) = (s.c * 9, images * s.pixels());
        let (columns, out) = scratch.buffers(k * wide, s.m * wide);
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
}

/// `[n, c, h, w]`, `[m, c, 3, 3]`, `[m]` to `[n, m, h, w]`.
pub fn conv(x: &[f32], weight: &[f32], bias: &[f32], s: ConvShape) -> Vec<f32> {
    let algorithm = Algorithm::new(weight, s);
    let group = algorithm.group();
    by_parts(
        s.n * s.m * s.pixels(),
        group * s.m * s.pixels(),
        x.par_chunks(group * s.c * s.pixels()),
        Scratch::default,
        |scratch, y, x| {
            algorithm.run(
                x,
                scratch,
                #[inline(always)]
                |i, m, plane| {
                    let y = &mut y[(i * s.m + m) * s.pixels()..][..s.pixels()];
                    map(plane, y, |v| v + bias[m]);
                },
            );
        },
    )
}

/// `[n, c, h, w]`, `[m, c, 3, 3]`, `[m]` to `[n, m, h/2, w/2]`, and the position of each window's maximum.
pub fn conv_relu_pool(
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    s: ConvShape,
) -> (Vec<f32>, Vec<u8>) {
    let algorithm = Algorithm::new(weight, s);
    let group = algorithm.group();
    let item = s.m * pooled(s);
    let mut argmax = vec![INACTIVE; s.n * item];
    let y = by_parts(
        s.n * item,
        group * item,
        argmax
            .par_chunks_mut(group * item)
            .zip(x.par_chunks(group * s.c * s.pixels())),
        Scratch::default,
        |scratch, y, (argmax, x)| {
            algorithm.run(
                x,
                scratch,
                #[inline(always)]
                |i, m, plane| {
                    let at = (i * s.m + m) * pooled(s);
                    let range = at..at + pooled(s);
                    let argmax = &mut argmax[range.clone()];
                    pool_plane(plane, s.w, |v| v + bias[m], &mut y[range], argmax);
                },
            );
        },
    );
    (y, argmax)
}

/// The gradients of [`conv`] for the gradient `dy` of its result.
pub fn conv_backward(
    x: &[f32],
    weight: &[f32],
    dy: &[f32],
    s: ConvShape,
    with_x: bool,
) -> AffineGradients {
    conv_gradients(
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
    argmax: &[u8],
    dy: &[f32],
    s: ConvShape,
    with_x: bool,
) -> AffineGradients {
    conv_gradients(
        x,
        weight,
        s,
        with_x,
        #[inline(always)]
        |image, m, plane| {
            let at = (image * s.m + m) * pooled(s);
            let range = at..at + pooled(s);
            unpool_plane(&dy[range.clone()], &argmax[range], s.w, plane);
            sum(plane)
        },
    )
}

/// The gradients of 3x3 convolutions; `fill(image, output channel, plane)` writes the gradient of one
/// and returns its sum.
fn conv_gradients(
    x: &[f32],
    weight: &[f32],
    s: ConvShape,
    with_x: bool,
    fill: impl Fn(usize, usize, &mut [f32]) -> f32 + Sync,
) -> AffineGradients {
    if with_x {
        winograd_gradients(x, weight, s, fill)
    } else {
        im2col_gradients(x, weight.len(), s, fill)
    }
}

/// All of [`conv_gradients`], by Winograd's minimal filtering.
fn winograd_gradients(
    x: &[f32],
    weight: &[f32],
    s: ConvShape,
    fill: impl Fn(usize, usize, &mut [f32]) -> f32 + Sync,
) -> AffineGradients {
    let filters = Filters::new(weight, s);
    over_parts(
        s,
        weight.len(),
        true,
        #[inline(always)]
        |images, grads, dx| {
            let mut gradients = Gradients::new(&filters);
            for group in groups(&images, filters.group()) {
                let start = group.start - images.start;
                gradients.add(
                    &x[s.images(&group, s.c)],
                    &mut dx[s.images(&(start..start + group.len()), s.c)],
                    #[inline(always)]
                    |i, m, plane| grads.bias[m] += fill(group.start + i, m, plane),
                );
            }
            gradients.finish(&mut grads.weight);
        },
    )
}

/// [`conv_gradients`] without the images' gradient, which a first layer does not need, by im2col.
fn im2col_gradients(
    x: &[f32],
    weights: usize,
    s: ConvShape,
    fill: impl Fn(usize, usize, &mut [f32]) -> f32 + Sync,
) -> AffineGradients {
    let k = s.c * 9;
    over_parts(
        s,
        weights,
        false,
        #[inline(always)]
        |images, grads, _| {
            let mut scratch = Scratch::default();
            for group in groups(&images, im2col_group(s)) {
                let wide = group.len() * s.pixels();
                let (columns, dout) = scratch.buffers(k * wide, s.m * wide);
                for i in 0..group.len() {
                    for m in 0..s.m {
                        let plane = &mut dout[m * wide + i * s.pixels()..][..s.pixels()];
                        grads.bias[m] += fill(group.start + i, m, plane);
                    }
                }
                im2col(&x[s.images(&group, s.c)], s, group.len(), columns);
                let (dout, columns) = (matrix(dout, s.m, wide), matrix(columns, k, wide));
                matmul(dout, columns.transpose(), Accum::Add, &mut grads.weight);
            }
        },
    )
}

/// Groups of at most `size` of some images.
fn groups(images: &Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> + use<> {
    let end = images.end;
    images
        .clone()
        .step_by(size)
        .map(move |start| start..end.min(start + size))
}
