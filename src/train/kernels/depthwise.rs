//! 3x3 convolution of each channel by itself, forward and backward, over zero-padded planes.

use super::gradients::{AffineGradients, over_parts};
use super::parts::by_parts;
use super::shape::ConvShape;
use super::simd::{sum, vectorized};
use rayon::prelude::*;

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

/// Floats that the loops over padded planes take at once.
const LANES: usize = 8;

/// A zero-padded plane, and a buffer for a result with rows as long as its own.
///
/// Rows of the border are `w + 2` long, so a tap is one shift of the whole plane and the loops run over
/// all rows at once; the two values between rows are left out when a result is read.
pub(super) struct Padded {
    border: Vec<f32>,
    wide: Vec<f32>,
    h: usize,
    w: usize,
}

impl Padded {
    pub(super) fn new(s: ConvShape) -> Self {
        let stride = s.w + 2;
        Self {
            border: vec![0.0; (s.h + 2) * stride + LANES],
            wide: vec![0.0; (s.h * stride - 2).next_multiple_of(LANES)],
            h: s.h,
            w: s.w,
        }
    }

    /// Put a plane inside the border.
    #[inline(always)]
    pub(super) fn fill(&mut self, plane: &[f32]) {
        let stride = self.w + 2;
        for (y, row) in plane.chunks_exact(self.w).enumerate() {
            self.border[(y + 1) * stride + 1..][..self.w].copy_from_slice(row);
        }
    }

    /// The part of the border that tap `t` (0 to 8) of the values from `at` on reads.
    #[inline(always)]
    fn tap(&self, t: usize, at: usize) -> &[f32; LANES] {
        let from = at + t / 3 * (self.w + 2) + t % 3;
        self.border[from..]
            .first_chunk()
            .expect("the border ends with room for the last values")
    }

    /// The 3x3 convolution of the plane, plus `bias`.
    #[inline(always)]
    pub(super) fn convolve(&mut self, taps: &[f32; 9], bias: f32, out: &mut [f32]) {
        for i in 0..self.wide.len() / LANES {
            let mut sums = [bias; LANES];
            for (t, weight) in taps.iter().enumerate() {
                for (sum, v) in sums.iter_mut().zip(self.tap(t, i * LANES)) {
                    *sum += weight * v;
                }
            }
            self.wide[i * LANES..][..LANES].copy_from_slice(&sums);
        }
        for (y, out) in out.chunks_exact_mut(self.w).enumerate() {
            out.copy_from_slice(&self.wide[y * (self.w + 2)..][..self.w]);
        }
    }

    /// Add the gradient of the nine taps for the gradient `dy` of the convolution.
    #[inline(always)]
    pub(super) fn add_tap_gradients(&mut self, dy: &[f32], gradients: &mut [f32]) {
        for i in 0..self.h {
            let row = &mut self.wide[i * (self.w + 2)..];
            row[..self.w].copy_from_slice(&dy[i * self.w..][..self.w]);
            let between = row.len().min(self.w + 2);
            row[self.w..between].fill(0.0);
        }
        let used = self.h * (self.w + 2) - 2;
        self.wide[used..].fill(0.0);
        let mut sums = [[0.0; LANES]; 9];
        for i in 0..self.wide.len() / LANES {
            let d: [f32; LANES] = *self.wide[i * LANES..].first_chunk().expect("whole chunks");
            for (t, sums) in sums.iter_mut().enumerate() {
                let values = self.tap(t, i * LANES);
                for j in 0..LANES {
                    sums[j] += d[j] * values[j];
                }
            }
        }
        for (gradient, sums) in gradients.iter_mut().zip(sums) {
            *gradient += sums.iter().sum::<f32>();
        }
    }
}

pub(super) fn tap(weight: &[f32], c: usize) -> &[f32; 9] {
    &weight.as_chunks::<9>().0[c]
}
