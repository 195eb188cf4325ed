//! How numbers lie in memory: activations as NHWC, weights of a matrix product as panels.
//!
//! Channels are padded with zeros to whole panels, so that no kernel needs a loop for a remainder. A panel is
//! as wide as the register tile of [`super::vector`]. [`as_vectors`] and [`vectors_per_pixel`] check this once
//! per kernel; after that, the types carry it.

use super::instruction_set::LANES;

/// Vectors of channels that a matrix product computes at once.
pub const VECTORS: usize = 2;
/// Channels that a matrix product computes at once.
pub const PANEL: usize = VECTORS * LANES;

/// The number of channels after padding to whole panels.
pub fn padded_channels(channels: usize) -> usize {
    channels.next_multiple_of(PANEL)
}

/// View numbers as whole vectors.
///
/// # Panics
/// When a part of a vector is left.
#[inline(always)]
pub fn as_vectors(values: &[f32]) -> &[[f32; LANES]] {
    let (vectors, rest) = values.as_chunks();
    assert!(rest.is_empty(), "whole vectors of {LANES} numbers");
    vectors
}

/// View numbers as whole vectors.
///
/// # Panics
/// When a part of a vector is left.
#[inline(always)]
pub fn as_vectors_mut(values: &mut [f32]) -> &mut [[f32; LANES]] {
    let (vectors, rest) = values.as_chunks_mut();
    assert!(rest.is_empty(), "whole vectors of {LANES} numbers");
    vectors
}

/// Vectors that the channels of one pixel take.
///
/// # Panics
/// When the channels are not padded.
#[inline(always)]
pub fn vectors_per_pixel(channels: usize) -> usize {
    assert!(
        channels > 0 && channels.is_multiple_of(PANEL),
        "channels padded to whole panels of {PANEL}, got {channels}"
    );
    channels / LANES
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

/// The product of lengths, for lengths that kernels check before they read.
///
/// # Panics
/// When it is more than a `usize` counts: a product that wrapped around could pass for the length of a short buffer.
pub fn product<const N: usize>(lengths: [usize; N]) -> usize {
    let product = lengths.into_iter().try_fold(1_usize, usize::checked_mul);
    product.expect("lengths that fit into memory")
}

impl Shape {
    /// One image of one pixel.
    pub fn pixel(c: usize) -> Self {
        let [n, h, w] = [1; 3];
        Self { n, h, w, c }
    }

    /// Numbers in the activation.
    ///
    /// # Panics
    /// When there are more than a `usize` counts.
    pub fn len(self) -> usize {
        product([self.n, self.h, self.w, self.c])
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The shape after 2x2 max-pooling, which drops an odd last row and column.
    pub fn halved(self) -> Self {
        Self {
            h: self.h / 2,
            w: self.w / 2,
            ..self
        }
    }
}

/// One row of a panel.
pub type PanelRow = [[f32; LANES]; VECTORS];

/// A matrix of weights, `k` rows of `n` columns, packed as `n / PANEL` panels of `k` rows.
#[derive(Clone, Debug)]
pub struct PackedMatrix {
    k: usize,
    n: usize,
    /// The panels, one after the other: `n / PANEL * k` rows.
    panels: Vec<PanelRow>,
}

impl PackedMatrix {
    /// Make a matrix of zeros with at least `n` columns; the columns are padded to whole panels.
    ///
    /// # Panics
    /// When there are no rows or no columns.
    pub fn zeros(k: usize, n: usize) -> Self {
        assert!(k > 0 && n > 0, "a matrix of {k} rows and {n} columns");
        let n = padded_channels(n);
        Self {
            k,
            n,
            panels: vec![[[0.0; LANES]; VECTORS]; k * n / PANEL],
        }
    }

    /// Rows: input channels.
    pub fn k(&self) -> usize {
        self.k
    }

    /// Columns: output channels, padding included.
    pub fn n(&self) -> usize {
        self.n
    }

    /// The `k` rows of a panel.
    ///
    /// # Panics
    /// When there is no such panel.
    #[inline(always)]
    pub fn panel(&self, number: usize) -> &[PanelRow] {
        &self.panels[number * self.k..][..self.k]
    }

    /// The number at a row and a column.
    ///
    /// # Panics
    /// When there is no such row or column.
    pub fn at(&self, row: usize, column: usize) -> f32 {
        self.panel(column / PANEL)[row].as_flattened()[column % PANEL]
    }

    /// Set the number at a row and a column.
    ///
    /// # Panics
    /// When there is no such row or column.
    pub fn set(&mut self, row: usize, column: usize, value: f32) {
        let panel = &mut self.panels[column / PANEL * self.k..][..self.k];
        panel[row].as_flattened_mut()[column % PANEL] = value;
    }

    /// Bytes of the packed numbers.
    pub fn size_bytes(&self) -> usize {
        size_of_val(&self.panels[..])
    }
}
