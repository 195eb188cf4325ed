//! Depthwise-separable convolution of a single channel: a 3x3 filter, then a pointwise convolution to many
//! channels, `ReLU` and max-pooling.
//!
//! After the filter, each output channel is `weight * z + bias`, which rises or falls with `z`. So the largest
//! value of a pooling window lies at its largest or its smallest `z`: with those two pooled first, the
//! pointwise convolution computes half as many products. [`super::kernels::InferenceKernels::expand_extremes`]
//! is that second step.

use super::lanes::max;

/// Filter zero-padded images of one channel with 3x3 taps, and keep the smallest and the largest value of
/// each window of `side` times `side` pixels.
///
/// **Shapes**: `[n, h + 2, w + 2]` to `[n, h / side, w / side]`.
///
/// # Panics
/// When the buffers' lengths do not fit the shapes, `side` is zero, or a window is wider than the image.
pub fn filter_extremes(
    x: &[f32],
    [n, h, w]: [usize; 3],
    filter: &[f32; 9],
    bias: f32,
    side: usize,
    out: &mut [[f32; 2]],
) {
    let (rows, columns, width) = (h / side, w / side, w + 2);
    assert_eq!(
        [x.len(), out.len()],
        [n * (h + 2) * width, n * rows * columns],
        "shapes"
    );
    for (number, out) in out.chunks_exact_mut(columns).enumerate() {
        let (image, row) = (number / rows, number % rows);
        let top = (image * (h + 2) + row * side) * width;
        for (column, out) in out.iter_mut().enumerate() {
            let mut extremes = [f32::INFINITY, f32::NEG_INFINITY];
            for (i, j) in (0..side).flat_map(|i| (0..side).map(move |j| (i, j))) {
                let first = top + i * width + column * side + j;
                let mut z = bias;
                for (dy, taps) in filter.as_chunks::<3>().0.iter().enumerate() {
                    let x: &[f32; 3] = x[first + dy * width..]
                        .first_chunk()
                        .expect("the window ends inside the padded image");
                    z += taps[0] * x[0] + taps[1] * x[1] + taps[2] * x[2];
                }
                extremes = [-max(-z, -extremes[0]), max(z, extremes[1])];
            }
            *out = extremes;
        }
    }
}
