//! A Winograd convolution as a step of a plan, in single precision or in integers.

use super::kernels::{Epilogue, InferenceKernels};
use super::layout::{PANEL, PackedMatrix, Shape, padded_channels};
use super::pack;
use super::short::{MOST_ROWS, ShortMatrix, ShortWeight, round_and_pad};
use super::winograd::WinogradTile;
use crate::arithmetic::Arithmetic;

/// The filters of a Winograd convolution, and with them what it computes in.
#[derive(Debug)]
pub(super) enum TransformedFilters {
    /// Single precision.
    Single(PackedMatrix),
    /// Integers, filters of 16 bits.
    Short(ShortMatrix<i16>),
    /// Integers, filters of 8 bits.
    Bytes(ShortMatrix<i8>),
}

impl TransformedFilters {
    /// Bytes of the packed numbers.
    pub(super) fn size_bytes(&self) -> usize {
        match self {
            Self::Single(weights) => weights.size_bytes(),
            Self::Short(weights) => weights.size_bytes(),
            Self::Bytes(weights) => weights.size_bytes(),
        }
    }
}

/// Filters that are to be transformed.
pub(super) struct Filters<'a> {
    /// `[outputs, inputs, 3, 3]`.
    weights: &'a [f32],
    /// Inputs and outputs.
    channels: [usize; 2],
    /// For each output, what its filters are multiplied by.
    scale: &'a [f32],
}

impl<'a> Filters<'a> {
    pub(super) fn new(weights: &'a [f32], channels: [usize; 2], scale: &'a [f32]) -> Self {
        Self {
            weights,
            channels,
            scale,
        }
    }

    /// Transform the filters, and round them where `arithmetic` says so and they are not too many.
    ///
    /// Rounding to 8 bits loses little in the smaller tile, whose transforms multiply what is lost by up to 49; with those
    /// of the larger one, which multiply it by up to 361, logits of `baseline` moved by up to 0.7.
    pub(super) fn transformed(
        &self,
        tile: WinogradTile,
        arithmetic: Arithmetic,
    ) -> TransformedFilters {
        let fits = padded_channels(self.channels[0]) <= MOST_ROWS;
        match (arithmetic, tile) {
            (Arithmetic::Quantized, WinogradTile::F3x3_3x3) if fits => {
                TransformedFilters::Bytes(self.short(tile))
            }
            (Arithmetic::Quantized, WinogradTile::F4x4_3x3) if fits => {
                TransformedFilters::Short(self.short(tile))
            }
            _ => {
                let weights = pack::winograd(self.weights, self.channels, self.scale, tile);
                TransformedFilters::Single(weights)
            }
        }
    }

    /// Transform and round them, a panel of outputs at a time: in single precision all of them would take several times
    /// the memory.
    fn short<W: ShortWeight>(&self, tile: WinogradTile) -> ShortMatrix<W> {
        let inputs = self.channels[0];
        let panels = self.weights.chunks(PANEL * inputs * 9);
        let parts = panels
            .zip(self.scale.chunks(PANEL))
            .map(|(weights, scale)| {
                let transformed = pack::winograd(weights, [inputs, scale.len()], scale, tile);
                ShortMatrix::new(&transformed, tile.positions())
            });
        ShortMatrix::side_by_side(parts)
    }
}

/// A convolution of some images.
pub(super) struct WinogradStep<'a> {
    pub tile: WinogradTile,
    pub weights: &'a TransformedFilters,
    pub input: Shape,
    /// The output before pooling, as far as it is computed.
    pub shape: Shape,
}

/// Where a convolution puts what it computes on the way.
pub(super) struct WinogradBuffers<'a> {
    /// The transformed tiles in single precision.
    pub tiles: &'a mut [f32],
    /// The padded input and the transformed tiles in integers, and the scale of each image.
    pub shorts: &'a mut [Vec<i16>; 2],
    pub scales: &'a mut [f32],
    /// The products of a block of tiles.
    pub products: &'a mut [f32],
}

impl WinogradStep<'_> {
    /// Numbers in all transformed tiles.
    fn transformed(&self) -> usize {
        let Shape { n, h, w, .. } = self.shape;
        n * self.tile.tiles([h, w]) * self.tile.positions() * self.input.c
    }

    /// Transform the tiles of the input, which is padded only for single precision.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(super) fn transform<K: InferenceKernels>(
        &self,
        x: &[f32],
        padded: &[f32],
        buffers: &mut WinogradBuffers<'_>,
    ) {
        let Shape { n, c, .. } = self.input;
        let (tile, covered) = (self.tile, [self.shape.h, self.shape.w]);
        let grid = covered.map(|length| tile.count(length));
        if let TransformedFilters::Single(_) = self.weights {
            let tiles = &mut buffers.tiles[..self.transformed()];
            K::winograd_input(padded, n, c, tile, grid, tiles);
            return;
        }
        let size = tile.padded(covered);
        let [padded, tiles] = &mut *buffers.shorts;
        let padded = &mut padded[..n * size[0] * size[1] * c];
        let scales = &mut buffers.scales[..n];
        round_and_pad(x, self.input, size, tile.largest_input(), padded, scales);
        let tiles = &mut tiles[..self.transformed()];
        K::short_winograd_input(padded, n, c, tile, grid, tiles);
    }

    /// Filter the tiles.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(super) fn filter<K: InferenceKernels>(
        &self,
        epilogue: Epilogue<'_>,
        buffers: &mut WinogradBuffers<'_>,
        out: &mut [f32],
    ) {
        let (shape, tile) = (self.shape, self.tile);
        let products = &mut buffers.products[..tile.scratch()];
        let scales = &buffers.scales[..shape.n];
        match self.weights {
            TransformedFilters::Single(weights) => {
                let tiles = &buffers.tiles[..self.transformed()];
                K::winograd_output(tiles, weights, shape, tile, epilogue, products, out);
            }
            TransformedFilters::Short(weights) => {
                let tiles = &buffers.shorts[1][..self.transformed()];
                K::short_winograd_output(
                    tiles, scales, weights, shape, tile, epilogue, products, out,
                );
            }
            TransformedFilters::Bytes(weights) => {
                let tiles = &buffers.shorts[1][..self.transformed()];
                K::short_winograd_output(
                    tiles, scales, weights, shape, tile, epilogue, products, out,
                );
            }
        }
    }
}
