//! Weights in the order in which the kernels read them. Each output channel is multiplied by the scale of the
//! batch norm that follows it.

use super::layout::{PackedMatrix, padded_channels};
use super::winograd::WinogradTile;

/// Values, and zeros up to a whole panel.
pub(super) fn pad(values: &[f32]) -> Vec<f32> {
    let mut values = values.to_vec();
    values.resize(padded_channels(values.len()), 0.0);
    values
}

/// Filters `[outputs, 1, 3, 3]` as nine rows.
pub(super) fn im2col(weights: &[f32], [_, outputs]: [usize; 2], scale: &[f32]) -> PackedMatrix {
    let mut packed = PackedMatrix::zeros(9, outputs);
    for (o, filter) in weights.as_chunks::<9>().0.iter().enumerate() {
        for (tap, weight) in filter.iter().enumerate() {
            packed.set(tap, o, weight * scale[o]);
        }
    }
    packed
}

/// Filters `[outputs, inputs, 3, 3]`, transformed: the inputs of each position of the tile, one after the other.
pub(super) fn winograd(
    weights: &[f32],
    [inputs, outputs]: [usize; 2],
    scale: &[f32],
    tile: WinogradTile,
) -> PackedMatrix {
    let stride = padded_channels(inputs);
    let mut packed = PackedMatrix::zeros(tile.positions() * stride, outputs);
    let g = tile.filter_matrix();
    for (number, filter) in weights.as_chunks::<9>().0.iter().enumerate() {
        let (o, i) = (number / inputs, number % inputs);
        let transformed = WinogradTile::transform_filter(&g, &filter.map(|w| w * scale[o]));
        for (position, value) in transformed[..tile.positions()].iter().enumerate() {
            packed.set(position * stride + i, o, *value);
        }
    }
    packed
}

/// Filters `[channels, 1, 3, 3]` as nine rows of padded channels.
pub(super) fn taps(weights: &[f32], scale: &[f32]) -> Vec<f32> {
    let c = padded_channels(scale.len());
    let mut taps = vec![0.0; 9 * c];
    for (channel, filter) in weights.as_chunks::<9>().0.iter().enumerate() {
        for (tap, weight) in filter.iter().enumerate() {
            taps[tap * c + channel] = weight * scale[channel];
        }
    }
    taps
}

/// Weights `[outputs, inputs]` of a pointwise layer over activations of `stride` numbers per pixel.
pub(super) fn rows(
    weights: &[f32],
    [inputs, outputs]: [usize; 2],
    scale: &[f32],
    stride: usize,
) -> PackedMatrix {
    let mut packed = PackedMatrix::zeros(stride, outputs);
    for (o, row) in weights.chunks_exact(inputs).enumerate() {
        for (i, weight) in row.iter().enumerate() {
            packed.set(i, o, weight * scale[o]);
        }
    }
    packed
}

/// Weights `[inputs, outputs]` of a dense layer. Burn flattens channel by channel, the engine keeps the
/// channels of a pixel together.
pub(super) fn flattened(
    weights: &[f32],
    [_, h, w]: [usize; 3],
    scale: &[f32],
    stride: usize,
) -> PackedMatrix {
    let mut packed = PackedMatrix::zeros(h * w * stride, scale.len());
    for (input, row) in weights.chunks_exact(scale.len()).enumerate() {
        let (channel, pixel) = (input / (h * w), input % (h * w));
        for (o, weight) in row.iter().enumerate() {
            packed.set(pixel * stride + channel, o, weight * scale[o]);
        }
    }
    packed
}
