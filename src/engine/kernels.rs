//! The kernels of a plan: what each computes, and on which shapes.
//!
//! [`super::scalar`] defines every kernel by plain loops, [`super::vector`] is the fast twin, and
//! `tests/kernels` holds one to the other. All buffers are slices, and every implementation checks their
//! lengths before its loops.

use super::instruction_set::{DotVector, LANES, PAIR, QuantizedValue};
use super::lanes::DotProduct;
use super::layout::{PackedMatrix, Shape};
use super::quantization::{QuantizedMatrix, RowQuantization};
use super::short::{ShortMatrix, ShortWeight};
use super::winograd::WinogradTile;

/// What a kernel does to a sum of products before it writes it.
#[derive(Clone, Copy, Debug)]
pub struct Epilogue<'a> {
    /// One number per channel, added first.
    pub bias: &'a [f32],
    /// A second activation, added next.
    pub residual: Option<&'a [f32]>,
    /// Whether negative results become zero.
    pub relu: bool,
}

impl Epilogue<'_> {
    /// Check that the epilogue fits an activation of `len` numbers in `c` channels.
    ///
    /// # Panics
    /// When it does not.
    #[inline(always)]
    pub fn check(&self, len: usize, c: usize) {
        assert_eq!(self.bias.len(), c, "numbers of the bias");
        assert!(
            self.residual.is_none_or(|residual| residual.len() == len),
            "numbers of the residual"
        );
    }
}

/// The kernels, with one implementation per way of computing.
///
/// # Panics
/// Every kernel panics when the length of a buffer does not fit the shapes. The fast kernels also panic when
/// channels are not padded to whole panels.
pub trait InferenceKernels {
    /// `out[r][j] = sum_k a[r][k] b[k][j]`, then the epilogue where there is one.
    ///
    /// **Shapes**: `[rows, k]` and `[k, n]` to `[rows, n]`.
    fn matmul(a: &[f32], b: &PackedMatrix, epilogue: Option<Epilogue<'_>>, out: &mut [f32]);

    /// The product of quantized matrices, see [`super::quantization`], then the epilogue.
    ///
    /// **Shapes**: `[rows, k]` with `[rows]` quantizations and `[k, n]` to `[rows, n]`.
    fn quantized_matmul(
        a: &[QuantizedValue],
        quantizations: &[RowQuantization],
        b: &QuantizedMatrix,
        epilogue: Epilogue<'_>,
        out: &mut [f32],
    );

    /// 3x3 convolution of a single channel, plus bias, `ReLU` where `relu` says so, and 2x2 max-pooling that drops an odd
    /// last row and column, of images that [`zero_pad`](super::im2col::zero_pad) has padded. `shape` is that before
    /// pooling.
    ///
    /// **Shapes**: `[n, h + 2, w + 2]` and `[9, c]` to `[n, h / 2, w / 2, c]`.
    fn pooled_stem(
        x: &[f32],
        shape: Shape,
        weights: &PackedMatrix,
        bias: &[f32],
        relu: bool,
        out: &mut [f32],
    );

    /// 3x3 convolution of each channel by itself, plus bias, of images that
    /// [`zero_pad`](super::im2col::zero_pad) has padded.
    ///
    /// **Shapes**: `[n, h + 2, w + 2, c]` and weights `[9, c]` to `shape`.
    fn depthwise(x: &[f32], shape: Shape, weights: &[f32], bias: &[f32], out: &mut [f32]);

    /// Pointwise convolution of a single channel, `ReLU` and max-pooling, see [`super::single_channel`]:
    /// `out[i][j] = max(0, bias[j] + max over z in extremes[i] of weights[j] z)`.
    ///
    /// **Shapes**: smallest and largest value of `[n, h, w]` windows to `[n, h, w, c]`.
    fn expand_extremes(extremes: &[[f32; 2]], weights: &[f32], bias: &[f32], out: &mut [f32]);

    /// 2x2 max-pooling that drops an odd last row and column.
    ///
    /// **Shapes**: `shape` to `[n, h / 2, w / 2, c]`.
    fn max_pool(x: &[f32], shape: Shape, out: &mut [f32]);

    /// The mean of each plane.
    ///
    /// **Shapes**: `[n, h, w, c]` to `[n, c]`.
    fn global_average_pool(x: &[f32], shape: Shape, out: &mut [f32]);

    /// `B^T d B` of every tile, of images that [`zero_pad`](super::im2col::zero_pad) has padded. `grid` is the
    /// number of tiles below and beside each other; they overlap by two pixels.
    ///
    /// **Shapes**: `[n, grid[0] * m + 2, grid[1] * m + 2, c]` to `[n * grid[0] * grid[1], positions, c]`,
    /// `m` being the tile's output side.
    fn winograd_input(
        x: &[f32],
        n: usize,
        c: usize,
        tile: WinogradTile,
        grid: [usize; 2],
        out: &mut [f32],
    );

    /// The same of integers of at most [`WinogradTile::largest_input`], exactly.
    fn short_winograd_input(
        x: &[i16],
        n: usize,
        c: usize,
        tile: WinogradTile,
        grid: [usize; 2],
        out: &mut [i16],
    );

    /// `A^T [V . U] A` of every tile, `U` being the transformed filters, then the epilogue. `scratch` holds
    /// [`WinogradTile::scratch`] numbers.
    ///
    /// **Shapes**: `[tiles, positions, k]` and `[positions * k, c]` to `shape`.
    fn winograd_output(
        v: &[f32],
        weights: &PackedMatrix,
        shape: Shape,
        tile: WinogradTile,
        epilogue: Epilogue<'_>,
        scratch: &mut [f32],
        out: &mut [f32],
    );

    /// The same of integers, with what one step of each image stands for.
    ///
    /// **Shapes**: `[tiles, positions, k]` with `[n]` scales and `[positions * k, c]` to `shape`.
    #[expect(
        clippy::too_many_arguments,
        reason = "those of the kernel before it, and scales"
    )]
    fn short_winograd_output<W: ShortWeight>(
        v: &[i16],
        scales: &[f32],
        weights: &ShortMatrix<W>,
        shape: Shape,
        tile: WinogradTile,
        epilogue: Epilogue<'_>,
        scratch: &mut [f32],
        out: &mut [f32],
    ) where
        DotVector: DotProduct<LANES, PAIR, W, Value = i16>;
}
