//! Batch norm and what follows it, forward and backward.
//!
//! Fused: the normalized activation is never written by itself.

use super::gradients::AffineGradients;
use super::max_pool::{INACTIVE, pool_plane, unpool_plane};
use super::parts::by_parts;
use super::simd::{map, sum, sum_and_dot, sum_by, vectorized};
use crate::network::layers::Epilogue;
use rayon::prelude::*;

/// Two numbers of each plane, in order; `push` appends those of an image's planes, in a loop, because the
/// closure of an iterator would not be compiled for the processor's vectors.
fn of_planes(images: usize, push: impl Fn(usize, &mut Vec<[f32; 2]>) + Sync) -> Vec<[f32; 2]> {
    (0..images)
        .into_par_iter()
        .flat_map_iter(|image| {
            let mut planes = Vec::new();
            vectorized(
                #[inline(always)]
                || push(image, &mut planes),
            );
            planes
        })
        .collect()
}

/// Mean and biased variance of each channel of `[n, c, h*w]`: `c` means, then `c` variances.
///
/// Each plane is read once; the planes' means and squared deviations are then put together.
///
/// **Source**: Chan, Golub and `LeVeque`, "Updating formulae and a pairwise algorithm for computing sample
/// variances", 1979, equation 2.1b.
pub fn channel_moments(x: &[f32], c: usize, pixels: usize) -> Vec<f32> {
    let planes = of_planes(
        x.len() / (c * pixels),
        #[inline(always)]
        |image, planes| {
            for plane in x[image * c * pixels..][..c * pixels].chunks_exact(pixels) {
                let mean = sum(plane) / pixels as f32;
                planes.push([mean, sum_by(plane, |v| (v - mean) * (v - mean))]);
            }
        },
    );
    let images = (planes.len() / c) as f64;
    let (mean, variance): (Vec<f32>, Vec<f32>) = (0..c)
        .map(|channel| {
            let planes = || planes[channel..].iter().step_by(c);
            let mean = planes().map(|p| f64::from(p[0])).sum::<f64>() / images;
            let deviation = |p: &[f32; 2]| {
                let shift = f64::from(p[0]) - mean;
                f64::from(p[1]) / pixels as f64 + shift * shift
            };
            let variance = planes().map(deviation).sum::<f64>() / images;
            (mean as f32, variance as f32)
        })
        .unzip();
    [mean, variance].concat()
}

/// Sizes of a batch norm's input, what follows it, and its epsilon.
#[derive(Clone, Copy, Debug)]
pub struct NormShape {
    /// Channels.
    pub c: usize,
    /// Height.
    pub h: usize,
    /// Width.
    pub w: usize,
    /// What follows.
    pub epilogue: Epilogue,
    /// Added to the variance.
    pub epsilon: f32,
}

impl NormShape {
    fn pixels(&self) -> usize {
        self.h * self.w
    }

    /// Height and width of the result.
    pub fn output(&self) -> (usize, usize) {
        if self.epilogue == Epilogue::ReluPool {
            (self.h / 2, self.w / 2)
        } else {
            (self.h, self.w)
        }
    }

    fn output_pixels(&self) -> usize {
        let (h, w) = self.output();
        h * w
    }

    /// Where the result's plane of a channel lies.
    fn output_plane(&self, image: usize, c: usize) -> std::ops::Range<usize> {
        let at = (image * self.c + c) * self.output_pixels();
        at..at + self.output_pixels()
    }
}

/// Normalize with `moments` (see [`channel_moments`]), scale, shift, add a residual if there is one, and
/// apply the epilogue.
///
/// Returns the result and, with pooling, the position of each window's maximum.
pub fn batch_norm(
    x: &[f32],
    residual: Option<&[f32]>,
    gamma: &[f32],
    beta: &[f32],
    moments: &[f32],
    s: NormShape,
) -> (Vec<f32>, Vec<u8>) {
    let images = x.len() / (s.c * s.pixels());
    let item = s.c * s.output_pixels();
    let pooled = s.epilogue == Epilogue::ReluPool;
    let mut argmax = vec![INACTIVE; if pooled { images * item } else { 0 }];
    let mut argmax_of: Vec<&mut [u8]> = argmax.chunks_mut(item).collect();
    argmax_of.resize_with(images, Default::default);
    let y = by_parts(
        images * item,
        item,
        argmax_of
            .into_par_iter()
            .zip(x.par_chunks(s.c * s.pixels()))
            .enumerate(),
        || vec![0.0; s.pixels()],
        |scratch, y, (image, (argmax, x))| {
            vectorized(
                #[inline(always)]
                || {
                    for c in 0..s.c {
                        let scale = gamma[c] / (moments[s.c + c] + s.epsilon).sqrt();
                        let shift = beta[c] - moments[c] * scale;
                        let affine = |v: f32| v * scale + shift;
                        let plane = (image * s.c + c) * s.pixels();
                        let x = &x[c * s.pixels()..][..s.pixels()];
                        let y = &mut y[c * s.output_pixels()..][..s.output_pixels()];
                        let sums = residual.map(|residual| {
                            for ((sum, v), r) in scratch.iter_mut().zip(x).zip(&residual[plane..]) {
                                *sum = affine(*v) + r;
                            }
                            &scratch[..]
                        });
                        // The scale may be negative, so pixels are compared after it.
                        let argmax = if pooled {
                            &mut argmax[c * s.output_pixels()..]
                        } else {
                            &mut []
                        };
                        match sums {
                            Some(sums) => finish(
                                s,
                                sums,
                                #[inline(always)]
                                |v| v,
                                y,
                                argmax,
                            ),
                            None => finish(s, x, affine, y, argmax),
                        }
                    }
                },
            );
        },
    );
    (y, argmax)
}

/// Map a plane and apply the epilogue.
#[inline(always)]
fn finish(s: NormShape, x: &[f32], f: impl Fn(f32) -> f32, y: &mut [f32], argmax: &mut [u8]) {
    match s.epilogue {
        Epilogue::Linear => map(x, y, f),
        Epilogue::Relu => map(x, y, |v| f(v).max(0.0)),
        Epilogue::ReluPool => pool_plane(x, s.w, f, y, argmax),
    }
}

/// What went into a batch norm, and what came out.
#[derive(Clone, Copy, Debug)]
pub struct Normalized<'a> {
    /// The input.
    pub x: &'a [f32],
    /// The scales.
    pub gamma: &'a [f32],
    /// See [`channel_moments`].
    pub moments: &'a [f32],
    /// The result.
    pub y: &'a [f32],
    /// The position of each window's maximum; empty without pooling.
    pub argmax: &'a [u8],
}

/// The gradient in front of the epilogue, of one plane.
#[inline(always)]
fn before_epilogue(
    forward: &Normalized,
    dy: &[f32],
    s: NormShape,
    (image, c): (usize, usize),
    out: &mut [f32],
) {
    let range = s.output_plane(image, c);
    let dy = &dy[range.clone()];
    match s.epilogue {
        Epilogue::Linear => out.copy_from_slice(dy),
        Epilogue::Relu => {
            for ((d, g), v) in out.iter_mut().zip(dy).zip(&forward.y[range]) {
                *d = if *v > 0.0 { *g } else { 0.0 };
            }
        }
        Epilogue::ReluPool => unpool_plane(dy, &forward.argmax[range], s.w, out),
    }
}

/// The gradients of [`batch_norm`] when `moments` are those of `x`, and the gradient in front of the epilogue
/// when `with_residual`, which is that of the residual.
///
/// **Source**: Ioffe and Szegedy, "Batch normalization", 2015, section 3 (<https://arxiv.org/abs/1502.03167>).
pub fn batch_norm_backward(
    forward: &Normalized,
    dy: &[f32],
    s: NormShape,
    with_residual: bool,
) -> (AffineGradients, Vec<f32>) {
    let Normalized {
        x, gamma, moments, ..
    } = *forward;
    let images = x.len() / (s.c * s.pixels());
    let count = (images * s.pixels()) as f32;
    let inverse: Vec<f32> = moments[s.c..]
        .iter()
        .map(|v| 1.0 / (v + s.epsilon).sqrt())
        .collect();
    let planes = of_planes(
        images,
        #[inline(always)]
        |image, planes| {
            let mut scratch = vec![0.0; s.pixels()];
            for c in 0..s.c {
                let x = &x[(image * s.c + c) * s.pixels()..][..s.pixels()];
                before_epilogue(forward, dy, s, (image, c), &mut scratch);
                planes.push(sum_and_dot(&scratch, x));
            }
        },
    );
    let sums: Vec<[f32; 2]> = (0..s.c)
        .map(|c| {
            let total = |i: usize| -> f64 {
                let planes = planes[c..].iter().step_by(s.c);
                planes.map(|p| f64::from(p[i])).sum()
            };
            let centered = total(1) - f64::from(moments[c]) * total(0);
            [total(0) as f32, (centered * f64::from(inverse[c])) as f32]
        })
        .collect();
    let item = s.c * s.pixels();
    let mut dresidual = vec![0.0; if with_residual { x.len() } else { 0 }];
    let mut residuals: Vec<&mut [f32]> = dresidual.chunks_mut(item).collect();
    residuals.resize_with(images, Default::default);
    let dx = by_parts(
        x.len(),
        item,
        residuals.into_par_iter().enumerate(),
        || (),
        |(), dx, (image, dresidual)| {
            vectorized(
                #[inline(always)]
                || {
                    for c in 0..s.c {
                        let plane = &mut dx[c * s.pixels()..][..s.pixels()];
                        before_epilogue(forward, dy, s, (image, c), plane);
                        if with_residual {
                            dresidual[c * s.pixels()..][..s.pixels()].copy_from_slice(plane);
                        }
                        let x = &x[(image * s.c + c) * s.pixels()..][..s.pixels()];
                        let [total, total_x] = sums[c];
                        let scale = gamma[c] * inverse[c];
                        let slope = total_x / count * inverse[c];
                        let offset = total / count - slope * moments[c];
                        for (d, v) in plane.iter_mut().zip(x) {
                            *d = scale * (*d - offset - slope * v);
                        }
                    }
                },
            );
        },
    );
    let gradients = AffineGradients {
        x: dx,
        weight: sums.iter().map(|s| s[1]).collect(),
        bias: sums.iter().map(|s| s[0]).collect(),
    };
    (gradients, dresidual)
}
