//! 3x3 convolution of each channel by itself: along a row, two of a window's three columns stay in registers.

#![allow(unsafe_code)]

use crate::engine::instruction_set::{LANES, Vector as V};
use crate::engine::lanes::{Additive, Lanes};
use crate::engine::layout::{Shape, as_vectors, as_vectors_mut, product, vectors_per_pixel};

/// See [`InferenceKernels::depthwise`](crate::engine::kernels::InferenceKernels::depthwise).
#[inline(always)]
pub(super) fn depthwise(x: &[f32], shape: Shape, weights: &[f32], bias: &[f32], out: &mut [f32]) {
    let Shape { n, h, w, c } = shape;
    let inside = shape.len();
    let padded = product([n, h + 2, w + 2, c]);
    assert_eq!([x.len(), out.len()], [padded, inside], "shapes");
    assert_eq!([weights.len(), bias.len()], [9 * c, c], "weights");
    let pixel = vectors_per_pixel(c);
    let line = (w + 2) * pixel;
    let [x, weights, bias] = [x, weights, bias].map(as_vectors);
    for (row, out) in as_vectors_mut(out).chunks_exact_mut(w * pixel).enumerate() {
        let lines: [&[[f32; LANES]]; 3] =
            std::array::from_fn(|i| &x[(row / h * (h + 2) + row % h + i) * line..][..line]);
        for channel in 0..pixel {
            let tap = |tap: usize| {
                // SAFETY: `tap` is below 9 and `channel` below `pixel`; as asserted, there are `9 * pixel` weights.
                V::load(unsafe { weights.get_unchecked(tap * pixel + channel) })
            };
            let taps: [V; 9] = std::array::from_fn(tap);
            let column = |at: usize| -> [V; 3] {
                std::array::from_fn(|i| {
                    // SAFETY: `at` is below `w + 2` and `channel` below `pixel`; each line was cut to
                    // `(w + 2) * pixel` vectors.
                    V::load(unsafe { lines[i].get_unchecked(at * pixel + channel) })
                })
            };
            let bias = V::load(&bias[channel]);
            let (mut left, mut middle) = (column(0), column(1));
            for at in 0..w {
                let right = column(at + 2);
                let mut sum = bias;
                for i in 0..3 {
                    sum = taps[3 * i].mul_add(left[i], sum);
                    sum = taps[3 * i + 1].mul_add(middle[i], sum);
                    sum = taps[3 * i + 2].mul_add(right[i], sum);
                }
                // SAFETY: `at` is below `w` and `channel` below `pixel`; `out` is a chunk of `w * pixel` vectors.
                sum.store(unsafe { out.get_unchecked_mut(at * pixel + channel) });
                (left, middle) = (middle, right);
            }
        }
    }
}
