//! The kernels of a plan, their buffers and the packed weights.
//!
//! Activations are NHWC with channels padded with zeros to whole panels, so that no kernel has a tail.
//! [`super::scalar`] defines every kernel by plain loops; [`super::vector`] is its fast twin, and
//! `tests/engine.rs` holds one to the other.

use super::integer::{Number, Rounded, RowRange};
use super::winograd::Tile;

/// Lanes of the build's vectors.
#[cfg(target_arch = "wasm32")]
pub type Vector = super::simd128::F32x4;
/// Lanes of the build's vectors.
#[cfg(not(target_arch = "wasm32"))]
pub type Vector = super::lanes::Array;

/// Vectors of channels that a matrix product computes at once.
pub(super) const VECTORS: usize = 2;

/// Channels that a matrix product computes at once.
pub const PANEL: usize = VECTORS * <Vector as super::lanes::Lanes>::COUNT;

/// Channels after padding to whole panels.
pub fn padded(channels: usize) -> usize {
    channels.next_multiple_of(PANEL)
}

/// Images, rows, columns and padded channels of an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Images.
    pub n: usize,
    /// Rows.
    pub h: usize,
    /// Columns.
    pub w: usize,
    /// Channels, padding included.
    pub c: usize,
}

impl Shape {
    /// Numbers in the activation.
    pub fn len(self) -> usize {
        self.n * self.h * self.w * self.c
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// After 2x2 max-pooling that drops an odd last row and column.
    pub fn halved(self) -> Self {
        Self {
            h: self.h / 2,
            w: self.w / 2,
            ..self
        }
    }
}

/// A matrix of weights, `k` rows of `n` columns, packed as `n / PANEL` panels of `k` rows.
#[derive(Clone, Debug)]
pub struct Packed {
    /// Rows: input channels.
    pub k: usize,
    /// Columns: output channels, padding included.
    pub n: usize,
    /// The panels, one after the other.
    pub values: Vec<f32>,
}

impl Packed {
    /// A matrix of zeros; rows and columns beyond the real ones stay so.
    pub fn zeros(k: usize, n: usize) -> Self {
        let n = padded(n);
        Self {
            k,
            n,
            values: vec![0.0; k * n],
        }
    }

    /// The number at a row and a column.
    pub fn at(&self, row: usize, column: usize) -> f32 {
        self.values[self.place(row, column)]
    }

    /// Put a number at a row and a column.
    pub fn set(&mut self, row: usize, column: usize, value: f32) {
        let place = self.place(row, column);
        self.values[place] = value;
    }

    /// Bytes of the packed numbers.
    pub fn size_bytes(&self) -> usize {
        size_of_val(&self.values[..])
    }

    fn place(&self, row: usize, column: usize) -> usize {
        (column / PANEL * self.k + row) * PANEL + column % PANEL
    }
}

/// What follows a sum of products.
#[derive(Clone, Copy, Debug)]
pub struct Tail<'a> {
    /// One number a channel, added first.
    pub bias: &'a [f32],
    /// A second activation, added next.
    pub residual: Option<&'a [f32]>,
    /// Whether negative results become zero.
    pub relu: bool,
}

/// The kernels, one implementation per way of computing.
pub trait Kernels {
    /// `out[r][j] = sum_k a[r][k] b[k][j]`, then the tail where there is one.
    ///
    /// **Shapes**: `[rows, k]` and `[k, n]` to `[rows, n]`.
    fn matmul(a: &[f32], b: &Packed, tail: Option<Tail<'_>>, out: &mut [f32]);

    /// The product of rounded matrices, see [`super::integer`], then the tail.
    ///
    /// **Shapes**: `[rows, k]` with `[rows]` ranges and `[k, n]` to `[rows, n]`.
    fn integer_matmul(
        a: &[Number],
        ranges: &[RowRange],
        b: &Rounded,
        tail: Tail<'_>,
        out: &mut [f32],
    );

    /// 3x3 convolution of each channel by itself, plus bias, of images that [`surround`] has padded.
    ///
    /// **Shapes**: `[n, h + 2, w + 2, c]` and weights `[9, c]` to `shape`.
    fn depthwise(x: &[f32], shape: Shape, weights: &[f32], bias: &[f32], out: &mut [f32]);

    /// One plane spread over many channels, pooled and rectified:
    /// `out[i][j] = max(0, bias[j] + max over z in extremes[i] of weights[j] z)`.
    ///
    /// `weight * z + bias` rises or falls with `z`, so the largest of a pooling window lies at its
    /// largest or its smallest `z`: pooling comes first, and a quarter of the products is left.
    ///
    /// **Shapes**: smallest and largest value of `[n, h, w]` windows to `[n, h, w, c]`.
    fn spread(extremes: &[[f32; 2]], weights: &[f32], bias: &[f32], out: &mut [f32]);

    /// 2x2 max-pooling that drops an odd last row and column.
    fn max_pool(x: &[f32], shape: Shape, out: &mut [f32]);

    /// The mean of each plane: `[n, h, w, c]` to `[n, c]`.
    fn average_pool(x: &[f32], shape: Shape, out: &mut [f32]);

    /// `B^T d B` of every tile, of images that [`surround`] has padded. `grid` is how many tiles lie
    /// below and beside each other; they overlap by two pixels.
    ///
    /// **Shapes**: `[n, grid[0] * m + 2, grid[1] * m + 2, c]` to `[positions, n * grid[0] * grid[1], c]`,
    /// `m` being the tile's output side.
    fn winograd_input(x: &[f32], n: usize, c: usize, tile: Tile, grid: [usize; 2], out: &mut [f32]);

    /// `A^T m A` of every tile, then the tail: `[positions, tiles, c]` to `shape`.
    fn winograd_output(m: &[f32], shape: Shape, tile: Tile, tail: Tail<'_>, out: &mut [f32]);
}

/// Put one row and column of zeros before each image, and as many behind it as make `[height, width]`.
///
/// **Shapes**: `[n, h, w, c]` to `[n, height, width, c]`.
///
/// # Panics
/// When the buffers' lengths do not fit the shapes.
pub fn surround(x: &[f32], shape: Shape, [height, width]: [usize; 2], out: &mut [f32]) {
    let Shape { n, h, w, c } = shape;
    let size = height * width * c;
    assert_eq!([x.len(), out.len()], [shape.len(), n * size], "shapes");
    out.fill(0.0);
    for (image, out) in x.chunks_exact(h * w * c).zip(out.chunks_exact_mut(size)) {
        let rows = out.chunks_exact_mut(width * c).skip(1).take(height - 1);
        for (row, out) in image.chunks_exact(w * c).zip(rows) {
            let used = row.len().min(out.len() - c);
            out[c..c + used].copy_from_slice(&row[..used]);
        }
    }
}
