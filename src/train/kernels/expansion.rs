//! A pointwise layer that expands a single channel, with batch norm, `ReLU` and 2x2 max-pooling, forward and
//! backward.
//!
//! Each output channel is the input plane times one number. So its moments follow from those of the plane, and each
//! pooled value follows from the maximum or the minimum of a window; the unpooled activation, the largest of all in
//! `lightweight`, is never written. The layer's bias has no effect, because batch norm subtracts it again.

use super::batch_norm::NormShape;
use super::parts::by_parts;
use super::simd::{map, sum_and_dot, vectorized};
use rayon::prelude::*;

/// The layer's numbers, one a channel but for the moments, and what it is applied to.
#[derive(Clone, Copy, Debug)]
pub struct Expansion<'a> {
    /// The planes, `[n, 1, h, w]`.
    pub x: &'a [f32],
    /// What the plane is multiplied by.
    pub weight: &'a [f32],
    /// The scales of batch norm.
    pub gamma: &'a [f32],
    /// Mean and biased variance of the planes.
    pub moments: [f32; 2],
    /// The result's channels, the planes' height and width, and epsilon.
    pub shape: NormShape,
}

/// Gradients of an [`Expansion`]; that of its bias is zero.
#[derive(Debug)]
pub struct ExpansionGradients {
    /// Of the planes.
    pub x: Vec<f32>,
    /// Of the weights.
    pub weight: Vec<f32>,
    /// Of the scales.
    pub gamma: Vec<f32>,
    /// Of the shifts.
    pub beta: Vec<f32>,
}

/// The largest or the smallest number of each 2x2 window of a plane, and where in the plane it is.
struct Extremes {
    values: Vec<f32>,
    places: Vec<usize>,
}

impl Extremes {
    /// `beats(a, b)` says whether `a` is to be taken instead of an earlier `b`.
    fn of(plane: &[f32], s: NormShape, beats: impl Fn(f32, f32) -> bool) -> Self {
        let (h, w) = s.output();
        let window = |at: usize| {
            let first = at / w * 2 * s.w + at % w * 2;
            let others = [first + 1, first + s.w, first + s.w + 1];
            others.into_iter().fold(first, |best, other| {
                if beats(plane[other], plane[best]) {
                    other
                } else {
                    best
                }
            })
        };
        let places: Vec<usize> = (0..h * w).map(window).collect();
        Self {
            values: places.iter().map(|place| plane[*place]).collect(),
            places,
        }
    }

    /// The smallest, which negative slopes make the largest, then the largest.
    fn both(plane: &[f32], s: NormShape) -> [Self; 2] {
        [
            Self::of(plane, s, |a, b| a < b),
            Self::of(plane, s, |a, b| a > b),
        ]
    }
}

impl Expansion<'_> {
    fn pixels(&self) -> usize {
        self.shape.h * self.shape.w
    }

    /// Numbers of the result for one image.
    fn item(&self) -> usize {
        let (h, w) = self.shape.output();
        self.shape.c * h * w
    }

    /// `1 / sqrt(variance + epsilon)` of each channel before batch norm.
    fn inverse(&self, channel: usize) -> f32 {
        let weight = self.weight[channel];
        1.0 / (weight * weight * self.moments[1] + self.shape.epsilon).sqrt()
    }

    /// What a channel multiplies the plane by in all.
    fn slope(&self, channel: usize) -> f32 {
        self.gamma[channel] * self.weight[channel] * self.inverse(channel)
    }

    /// The result, `[n, c, h/2, w/2]`, with the shifts `beta` of batch norm.
    pub fn forward(&self, beta: &[f32]) -> Vec<f32> {
        let images = self.x.len() / self.pixels();
        let size = self.item() / self.shape.c;
        by_parts(
            images * self.item(),
            self.item(),
            self.x.par_chunks(self.pixels()),
            || (),
            |(), y, plane| {
                let extremes = Extremes::both(plane, self.shape);
                vectorized(
                    #[inline(always)]
                    || {
                        for (c, y) in y.chunks_exact_mut(size).enumerate() {
                            let slope = self.slope(c);
                            let offset = beta[c] - slope * self.moments[0];
                            let extremes = &extremes[usize::from(slope > 0.0)];
                            map(&extremes.values, y, |v| (v * slope + offset).max(0.0));
                        }
                    },
                );
            },
        )
    }

    /// The gradients for the gradient `dy` of the result `y`, when the moments are those of the planes.
    ///
    /// **Source**: the derivatives of `gamma w (x - mean) / sqrt(w^2 variance + epsilon) + beta`.
    pub fn backward(&self, y: &[f32], dy: &[f32]) -> ExpansionGradients {
        let mut x = vec![0.0; self.x.len()];
        let of_images: Vec<Vec<[f32; 2]>> = x
            .par_chunks_mut(self.pixels())
            .zip(self.x.par_chunks(self.pixels()))
            .zip(y.par_chunks(self.item()).zip(dy.par_chunks(self.item())))
            .map(|((dx, plane), (y, dy))| self.image_backward(plane, y, dy, dx))
            .collect();
        // What each channel's offset and slope are to gain.
        let mean = f64::from(self.moments[0]);
        let totals = (0..self.shape.c).map(|c| {
            let total =
                |i: usize| -> f64 { of_images.iter().map(|sums| f64::from(sums[c][i])).sum() };
            [total(0), total(1) - mean * total(0)]
        });
        let (mut of_mean, mut of_variance) = (0.0, 0.0);
        let (mut weight, mut gamma, mut beta) = (Vec::new(), Vec::new(), Vec::new());
        for (c, [offset, slope]) in totals.enumerate() {
            let [w, scale, inverse] =
                [self.weight[c], self.gamma[c], self.inverse(c)].map(f64::from);
            let cubed = inverse.powi(3);
            of_mean -= offset * scale * w * inverse;
            of_variance -= 0.5 * slope * scale * w.powi(3) * cubed;
            beta.push(offset as f32);
            gamma.push((slope * w * inverse) as f32);
            weight.push((slope * scale * f64::from(self.shape.epsilon) * cubed) as f32);
        }
        let count = self.x.len() as f64;
        let per_value = 2.0 * of_variance / count;
        let (constant, per_value) = (
            (of_mean / count - per_value * mean) as f32,
            per_value as f32,
        );
        for (d, v) in x.iter_mut().zip(self.x) {
            *d += constant + per_value * v;
        }
        ExpansionGradients {
            x,
            weight,
            gamma,
            beta,
        }
    }

    /// The sums of each channel's gradients, and of their products with the pixels that won; the pixels'
    /// gradients but for what they do to the moments go to `dx`.
    fn image_backward(
        &self,
        plane: &[f32],
        y: &[f32],
        dy: &[f32],
        dx: &mut [f32],
    ) -> Vec<[f32; 2]> {
        let size = self.item() / self.shape.c;
        let extremes = Extremes::both(plane, self.shape);
        let mut of_extremes = [vec![0.0; size], vec![0.0; size]];
        let mut active = vec![0.0; size];
        let mut sums = Vec::with_capacity(self.shape.c);
        vectorized(
            #[inline(always)]
            || {
                let channels = y.chunks_exact(size).zip(dy.chunks_exact(size));
                for (c, (y, dy)) in channels.enumerate() {
                    let slope = self.slope(c);
                    let side = usize::from(slope > 0.0);
                    for ((active, y), d) in active.iter_mut().zip(y).zip(dy) {
                        *active = if *y > 0.0 { *d } else { 0.0 };
                    }
                    sums.push(sum_and_dot(&active, &extremes[side].values));
                    for (sum, d) in of_extremes[side].iter_mut().zip(&active) {
                        *sum += slope * d;
                    }
                }
            },
        );
        for (extremes, gradients) in extremes.iter().zip(of_extremes) {
            for (place, d) in extremes.places.iter().zip(gradients) {
                dx[*place] += d;
            }
        }
        sums
    }
}
