//! 3x3 convolution of a single channel and max-pooling: the four pixels of a window stay in registers, and only the
//! largest is written.
//!
//! It multiplies and adds in separate instructions, also in builds that have fused multiply-add. So the sums, which the
//! next layer rounds to integers, are the same in every build.

use crate::engine::instruction_set::{LANES, Vector as V};
use crate::engine::lanes::{Additive, Lanes};
use crate::engine::layout::{
    PackedMatrix, PanelRow, Shape, VECTORS, as_vectors, as_vectors_mut, product, vectors_per_pixel,
};

/// Rows and columns that a window of 2x2 pixels reads.
const READ: usize = 4;

/// See [`InferenceKernels::pooled_stem`](crate::engine::kernels::InferenceKernels::pooled_stem).
#[inline(always)]
pub(super) fn pooled_stem(
    x: &[f32],
    shape: Shape,
    weights: &PackedMatrix,
    bias: &[f32],
    relu: bool,
    out: &mut [f32],
) {
    let Shape { n, h, w, c } = shape;
    let half = shape.halved();
    let padded = product([n, h + 2, w + 2]);
    assert_eq!([x.len(), out.len()], [padded, half.len()], "shapes");
    let sizes = [weights.k(), weights.n(), bias.len()];
    assert_eq!(sizes, [9, c, c], "weights");
    if out.is_empty() {
        return;
    }
    let (line, pixel) = (w + 2, vectors_per_pixel(c));
    let (bias, _) = as_vectors(bias).as_chunks::<VECTORS>();
    let windows = as_vectors_mut(out).chunks_exact_mut(pixel);
    for (number, out) in windows.enumerate() {
        let (image, row, column) = (
            number / (half.h * half.w),
            number / half.w % half.h,
            number % half.w,
        );
        let first = (image * (h + 2) + 2 * row) * line + 2 * column;
        let read: [&[f32; READ]; READ] = std::array::from_fn(|i| {
            x[first + i * line..]
                .first_chunk()
                .expect("the window ends inside the padded image")
        });
        let panels = out.as_chunks_mut::<VECTORS>().0.iter_mut().zip(bias);
        for (panel, (out, bias)) in panels.enumerate() {
            let taps: &[PanelRow; 9] = weights.panel(panel).first_chunk().expect("nine taps");
            write_largest(&read, taps, bias, relu, out);
        }
    }
}

/// The largest of four pixels, for a panel of channels.
#[inline(always)]
fn write_largest(
    read: &[&[f32; READ]; READ],
    taps: &[PanelRow; 9],
    bias: &[[f32; LANES]; VECTORS],
    relu: bool,
    out: &mut [[f32; LANES]; VECTORS],
) {
    let mut sums = [[V::ZERO; VECTORS]; 4];
    for (tap, weights) in taps.iter().enumerate() {
        let weights: [V; VECTORS] = std::array::from_fn(|v| V::load(&weights[v]));
        for (pixel, sums) in sums.iter_mut().enumerate() {
            let value = V::splat(read[pixel / 2 + tap / 3][pixel % 2 + tap % 3]);
            for v in 0..VECTORS {
                sums[v] = sums[v].add(value.mul(weights[v]));
            }
        }
    }
    let least = V::splat(if relu { 0.0 } else { f32::NEG_INFINITY });
    for v in 0..VECTORS {
        let largest = sums[0][v].max(sums[1][v]).max(sums[2][v].max(sums[3][v]));
        largest.add(V::load(&bias[v])).max(least).store(&mut out[v]);
    }
}
