//! Weights in the order in which the kernels read them. Each output channel is multiplied by the scale of the
//! batch norm that follows it.

use super::layout::{PackedMatrix, padded_channels};
use super::winograd::WinogradTile;
use crate::tensor_file::Numbers;
use std::ops::Range;

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

/// Some of the weights `[outputs, inputs]` of a pointwise layer, those to the output channels `to`, over activations of
/// `stride` numbers per pixel.
pub(super) fn rows(
    weights: &[f32],
    inputs: usize,
    scale: &[f32],
    to: Range<usize>,
    stride: usize,
) -> PackedMatrix {
    let mut packed = PackedMatrix::zeros(stride, to.len());
    for (column, o) in to.enumerate() {
        let row = &weights[o * inputs..][..inputs];
        for (i, weight) in row.iter().enumerate() {
            packed.set(i, column, weight * scale[o]);
        }
    }
    packed
}

/// Some of the weights `[inputs, outputs]` of a dense layer, those to the output channels `to`. Burn flattens channel by
/// channel, the engine keeps the channels of a pixel together.
pub(super) fn flattened(
    weights: &Numbers<'_>,
    [channels, h, w]: [usize; 3],
    scale: &[f32],
    to: Range<usize>,
    stride: usize,
) -> PackedMatrix {
    let mut packed = PackedMatrix::zeros(h * w * stride, to.len());
    for input in 0..channels * h * w {
        let (channel, pixel) = (input / (h * w), input % (h * w));
        for (column, o) in to.clone().enumerate() {
            let weight = weights.at(input * scale.len() + o) * scale[o];
            packed.set(pixel * stride + channel, column, weight);
        }
    }
    packed
}
