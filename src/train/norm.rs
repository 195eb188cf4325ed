//! Batch norm with what follows it, forward and backward, on plain slices.
//!
//! Fused so that the normalized activation is never written by itself. `tests/gradients.rs` holds it to
//! Burn's gradients.

use super::kernels::AffineGradients;
use super::planes::{INACTIVE, dot, map, pool_plane, sum, sum_by, unpool_plane};
use crate::network::layers::Tail;
use rayon::prelude::*;

/// Mean and biased variance of each channel of `[n, c, h*w]`: `c` means, then `c` variances.
pub fn channel_moments(x: &[f32], c: usize, pixels: usize) -> Vec<f32> {
    let count = (x.len() / c) as f64;
    let planes = |channel: usize| x[channel * pixels..].chunks(pixels).step_by(c);
    let (mean, variance): (Vec<f32>, Vec<f32>) = (0..c)
        .into_par_iter()
        .map(|channel| {
            let mean = planes(channel).map(|p| f64::from(sum(p))).sum::<f64>() / count;
            let m = mean as f32;
            let squares = planes(channel)
                .map(|p| f64::from(sum_by(p, |v| (v - m) * (v - m))))
                .sum::<f64>();
            (m, (squares / count) as f32)
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
    pub tail: Tail,
    /// Added to the variance.
    pub epsilon: f32,
}

impl NormShape {
    fn pixels(&self) -> usize {
        self.h * self.w
    }

    /// Height and width of the result.
    pub fn output(&self) -> (usize, usize) {
        if self.tail == Tail::ReluPool {
            (self.h / 2, self.w / 2)
        } else {
            (self.h, self.w)
        }
    }

    fn output_pixels(&self) -> usize {
        let (h, w) = self.output();
        h * w
    }
}

/// Normalize with `moments` (see [`channel_moments`]), scale, shift, and apply the tail.
///
/// Returns the result and which pixel of each window won; without pooling no pixel did.
pub fn batch_norm(
    x: &[f32],
    gamma: &[f32],
    beta: &[f32],
    moments: &[f32],
    s: NormShape,
) -> (Vec<f32>, Vec<u8>) {
    let images = x.len() / (s.c * s.pixels());
    let item = s.c * s.output_pixels();
    let mut y = vec![0.0; images * item];
    let mut winners = vec![INACTIVE; y.len()];
    y.par_chunks_mut(item)
        .zip(winners.par_chunks_mut(item))
        .zip(x.par_chunks(s.c * s.pixels()))
        .for_each(|((y, winners), x)| {
            for c in 0..s.c {
                let scale = gamma[c] / (moments[s.c + c] + s.epsilon).sqrt();
                let shift = beta[c] - moments[c] * scale;
                let x = &x[c * s.pixels()..][..s.pixels()];
                let range = c * s.output_pixels()..(c + 1) * s.output_pixels();
                match s.tail {
                    Tail::Linear => map(x, &mut y[range], |v| v * scale + shift),
                    Tail::Relu => map(x, &mut y[range], |v| (v * scale + shift).max(0.0)),
                    Tail::ReluPool => {
                        // The scale may be negative, so pixels are compared after it.
                        pool_plane(
                            x,
                            s.w,
                            |v| v * scale + shift,
                            &mut y[range.clone()],
                            &mut winners[range],
                        );
                    }
                }
            }
        });
    (y, winners)
}

/// The gradients of [`batch_norm`] when `moments` are those of `x`.
///
/// **Source**: Ioffe and Szegedy, "Batch normalization", 2015, section 3 (<https://arxiv.org/abs/1502.03167>).
pub fn batch_norm_backward(
    x: &[f32],
    gamma: &[f32],
    moments: &[f32],
    y: &[f32],
    winners: &[u8],
    dy: &[f32],
    s: NormShape,
) -> AffineGradients {
    let images = x.len() / (s.c * s.pixels());
    let count = (images * s.pixels()) as f32;
    let inverse: Vec<f32> = moments[s.c..]
        .iter()
        .map(|v| 1.0 / (v + s.epsilon).sqrt())
        .collect();
    // The gradient in front of the tail, one plane at a time.
    let plane_gradient = |image: usize, c: usize, plane: &mut [f32]| {
        let at = (image * s.c + c) * s.output_pixels();
        let range = at..at + s.output_pixels();
        match s.tail {
            Tail::Linear => plane.copy_from_slice(&dy[range]),
            Tail::Relu => {
                for ((d, g), v) in plane.iter_mut().zip(&dy[range.clone()]).zip(&y[range]) {
                    *d = if *v > 0.0 { *g } else { 0.0 };
                }
            }
            Tail::ReluPool => {
                plane.fill(0.0);
                unpool_plane(&dy[range.clone()], &winners[range], s.w, plane);
            }
        }
    };
    let sums: Vec<[f32; 2]> = (0..s.c)
        .into_par_iter()
        .map_init(
            || vec![0.0; s.pixels()],
            |plane, c| {
                let mut total = [0.0_f64; 2];
                for image in 0..images {
                    plane_gradient(image, c, plane);
                    let x = &x[(image * s.c + c) * s.pixels()..][..s.pixels()];
                    total[0] += f64::from(sum(plane));
                    total[1] += f64::from(dot(plane, x));
                }
                let mean = f64::from(moments[c]);
                [
                    total[0] as f32,
                    ((total[1] - mean * total[0]) * f64::from(inverse[c])) as f32,
                ]
            },
        )
        .collect();
    let mut dx = vec![0.0; x.len()];
    dx.par_chunks_mut(s.c * s.pixels())
        .enumerate()
        .for_each(|(image, dx)| {
            for c in 0..s.c {
                let plane = &mut dx[c * s.pixels()..][..s.pixels()];
                plane_gradient(image, c, plane);
                let x = &x[(image * s.c + c) * s.pixels()..][..s.pixels()];
                let [total, total_x] = sums[c];
                let scale = gamma[c] * inverse[c];
                let slope = total_x / count * inverse[c];
                let offset = total / count - slope * moments[c];
                for (d, v) in plane.iter_mut().zip(x) {
                    *d = scale * (*d - offset - slope * v);
                }
            }
        });
    AffineGradients {
        x: dx,
        weight: sums.iter().map(|s| s[1]).collect(),
        bias: sums.iter().map(|s| s[0]).collect(),
    }
}
