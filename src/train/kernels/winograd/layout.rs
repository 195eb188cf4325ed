//! Where transformed tiles lie: 36 matrices, one for each position in a tile, with a row a tile and a column a
//! channel. Channels are padded with zeros to whole vectors.

use super::tile::{INPUT, LANES, Lanes, POSITIONS, RESULT};
use crate::train::kernels::matrix::matrix;
use crate::train::kernels::shape::ConvShape;
use faer::MatRef;
use std::ops::Range;

/// The tiles of a plane, and its pixels with some channels interleaved.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    /// Tiles in a column and in a row.
    pub(super) tiles: [usize; 2],
    pub(super) s: ConvShape,
}

impl Grid {
    pub(super) fn per_image(&self) -> usize {
        self.tiles[0] * self.tiles[1]
    }

    /// Pixels of a row of an interleaved plane: those of the tiles and of the zero padding.
    pub(super) fn stride(&self) -> usize {
        self.tiles[1] * RESULT + 2
    }

    /// An interleaved plane of zeros.
    pub(super) fn zeros(&self) -> Vec<Lanes> {
        vec![[0.0; LANES]; (self.tiles[0] * RESULT + 2) * self.stride()]
    }

    /// Interleave the planes of some channels, with `margin` pixels before the first row and column.
    #[inline(always)]
    pub(super) fn interleave(&self, planes: &[f32], margin: usize, lanes: &mut [Lanes]) {
        for (lane, plane) in planes.chunks_exact(self.s.pixels()).enumerate() {
            for (y, row) in plane.chunks_exact(self.s.w).enumerate() {
                let out = &mut lanes[(y + margin) * self.stride() + margin..][..self.s.w];
                for (out, v) in out.iter_mut().zip(row) {
                    out[lane] = *v;
                }
            }
        }
    }

    /// The plane of a lane, the inverse of [`Grid::interleave`].
    #[inline(always)]
    pub(super) fn plane(&self, lanes: &[Lanes], margin: usize, lane: usize, plane: &mut [f32]) {
        for (y, row) in plane.chunks_exact_mut(self.s.w).enumerate() {
            let lanes = &lanes[(y + margin) * self.stride() + margin..][..self.s.w];
            for (v, from) in row.iter_mut().zip(lanes) {
                *v = from[lane];
            }
        }
    }

    /// The first pixel of a tile.
    pub(super) fn first(&self, tile: usize) -> usize {
        (tile / self.tiles[1] * self.stride() + tile % self.tiles[1]) * RESULT
    }
}

/// Read a square of pixels.
#[inline(always)]
pub(super) fn square<const I: usize>(
    lanes: &[Lanes],
    first: usize,
    stride: usize,
) -> [[Lanes; I]; I] {
    let mut tile = [[[0.0; LANES]; I]; I];
    for (y, row) in tile.iter_mut().enumerate() {
        row.copy_from_slice(&lanes[first + y * stride..][..I]);
    }
    tile
}

/// Unused numbers between two of the 36 matrices. Without them the matrices often lie a power of two apart, and
/// all numbers of a tile map to the same cache lines.
const GAP: usize = 16;

/// Where 36 matrices lie, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Positions {
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl Positions {
    /// Numbers from the start of a matrix to that of the next.
    pub(super) fn stride(&self) -> usize {
        self.rows * self.columns + GAP
    }

    pub(super) fn len(&self) -> usize {
        POSITIONS * self.stride()
    }

    pub(super) fn range(&self, position: usize) -> Range<usize> {
        let start = position * self.stride();
        start..start + self.rows * self.columns
    }

    pub(super) fn matrix<'a>(&self, all: &'a [f32], position: usize) -> MatRef<'a, f32> {
        matrix(&all[self.range(position)], self.rows, self.columns)
    }

    #[inline(always)]
    pub(super) fn write(
        &self,
        all: &mut [f32],
        row: usize,
        column: usize,
        tile: &[[Lanes; INPUT]; INPUT],
    ) {
        for (position, v) in tile.as_flattened().iter().enumerate() {
            let at = position * self.stride() + row * self.columns + column;
            all[at..at + LANES].copy_from_slice(v);
        }
    }

    #[inline(always)]
    pub(super) fn read(&self, all: &[f32], row: usize, column: usize) -> [[Lanes; INPUT]; INPUT] {
        let mut tile = [[[0.0; LANES]; INPUT]; INPUT];
        for (position, v) in tile.as_flattened_mut().iter_mut().enumerate() {
            let at = position * self.stride() + row * self.columns + column;
            v.copy_from_slice(&all[at..at + LANES]);
        }
        tile
    }
}
