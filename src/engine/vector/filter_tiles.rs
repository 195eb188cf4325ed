//! The products of transformed tiles with transformed filters, and the transform of the output: for one panel of
//! channels and one block of tiles at a time, so that what lies between the two stays in a near level of the cache.

#![allow(unsafe_code)]

use super::epilogue::VectorEpilogue;
use super::matmul::{accumulate, accumulate_groups};
use super::winograd::transform_output;
use crate::engine::instruction_set::{DotVector, LANES, PAIR, Vector as V};
use crate::engine::kernels::Epilogue;
use crate::engine::lanes::{Additive, DotProduct, IntegerSums, Lanes};
use crate::engine::layout::{
    PackedMatrix, Shape, VECTORS, as_vectors_mut, product, vectors_per_pixel,
};
use crate::engine::short::{ShortMatrix, ShortWeight};
use crate::engine::winograd::{BLOCK, WinogradTile};

/// Tiles of a register tile: a block is a whole number of them.
const TILES: usize = 4;

/// Tiles and filters, both transformed.
pub(super) trait TransformedOperands: Copy {
    /// Tiles, positions of each, and columns of the filters.
    fn size(self) -> [usize; 3];

    /// The products of `R` tiles, counted from the first, with the filters of a panel at a position.
    fn products<const R: usize>(
        self,
        panel: usize,
        position: usize,
        first: usize,
    ) -> [[V; VECTORS]; R];

    /// Whether there is one scale for each of so many images, or none is needed.
    fn has_scales(self, images: usize) -> bool;

    /// What the products of an image are multiplied by after the transform.
    fn scale(self, image: usize) -> Option<f32>;
}

/// Operands in single precision.
#[derive(Clone, Copy)]
pub(super) struct SingleOperands<'a> {
    v: &'a [f32],
    weights: &'a PackedMatrix,
    positions: usize,
    k: usize,
}

impl<'a> SingleOperands<'a> {
    /// Tiles and filters for so many positions.
    #[inline(always)]
    pub(super) fn new(v: &'a [f32], weights: &'a PackedMatrix, positions: usize) -> Self {
        let k = weights.k() / positions;
        Self {
            v,
            weights,
            positions,
            k,
        }
    }
}

impl TransformedOperands for SingleOperands<'_> {
    #[inline(always)]
    fn size(self) -> [usize; 3] {
        let row = self.positions * self.k;
        assert!(
            row == self.weights.k() && self.v.len().is_multiple_of(row),
            "shapes"
        );
        [self.v.len() / row, self.positions, self.weights.n()]
    }

    #[inline(always)]
    fn products<const R: usize>(
        self,
        panel: usize,
        position: usize,
        first: usize,
    ) -> [[V; VECTORS]; R] {
        let k = self.k;
        let rows =
            std::array::from_fn(|r| &self.v[((first + r) * self.positions + position) * k..][..k]);
        let weights = &self.weights.panel(panel)[position * k..][..k];
        accumulate::<R, 1>(rows, [weights], k).map(|[sums]| sums)
    }

    #[inline(always)]
    fn has_scales(self, _: usize) -> bool {
        true
    }

    #[inline(always)]
    fn scale(self, _: usize) -> Option<f32> {
        None
    }
}

/// Operands in integers.
#[derive(Clone, Copy)]
pub(super) struct ShortOperands<'a, W> {
    v: &'a [[i16; PAIR]],
    scales: &'a [f32],
    weights: &'a ShortMatrix<W>,
}

impl<'a, W> ShortOperands<'a, W> {
    /// Tiles, the scale of each image, and filters.
    #[inline(always)]
    pub(super) fn new(v: &'a [i16], scales: &'a [f32], weights: &'a ShortMatrix<W>) -> Self {
        let (v, rest) = v.as_chunks();
        assert!(rest.is_empty(), "whole pairs");
        Self { v, scales, weights }
    }
}

impl<W: ShortWeight> TransformedOperands for ShortOperands<'_, W>
where
    DotVector: DotProduct<LANES, PAIR, W, Value = i16>,
{
    #[inline(always)]
    fn size(self) -> [usize; 3] {
        let row = self.weights.positions() * (self.weights.k() / PAIR);
        assert!(self.v.len().is_multiple_of(row), "shapes");
        [
            self.v.len() / row,
            self.weights.positions(),
            self.weights.n(),
        ]
    }

    #[inline(always)]
    fn products<const R: usize>(
        self,
        panel: usize,
        position: usize,
        first: usize,
    ) -> [[V; VECTORS]; R] {
        let (pairs, positions) = (self.weights.k() / PAIR, self.weights.positions());
        let rows = std::array::from_fn(|r| {
            &self.v[((first + r) * positions + position) * pairs..][..pairs]
        });
        let (weights, scales) = self.weights.panel(panel, position);
        let scales: [V; VECTORS] = std::array::from_fn(|v| V::load(&scales[v]));
        accumulate_groups(rows, weights, pairs)
            .map(|sums| std::array::from_fn(|v| sums[v].to_float().mul(scales[v])))
    }

    #[inline(always)]
    fn has_scales(self, images: usize) -> bool {
        self.scales.len() == images
    }

    #[inline(always)]
    fn scale(self, image: usize) -> Option<f32> {
        Some(self.scales[image])
    }
}

/// `A^T m A` of the products of every tile, then the epilogue.
#[inline(always)]
pub(super) fn filter_tiles(
    operands: impl TransformedOperands,
    shape: Shape,
    tile: WinogradTile,
    epilogue: Epilogue<'_>,
    scratch: &mut [f32],
    out: &mut [f32],
) {
    let panels = vectors_per_pixel(shape.c) / VECTORS;
    let size = [
        shape.n * tile.tiles([shape.h, shape.w]),
        tile.positions(),
        shape.c,
    ];
    assert_eq!(operands.size(), size, "shapes");
    assert!(operands.has_scales(shape.n), "one scale per image");
    assert_eq!(
        [scratch.len(), out.len()],
        [tile.scratch(), shape.len()],
        "shapes"
    );
    let epilogue = VectorEpilogue::new(epilogue, out.len(), shape.c);
    let (m, out) = (as_vectors_mut(scratch), as_vectors_mut(out));
    match tile {
        WinogradTile::F3x3_3x3 => filter::<5, 3>(operands, shape, panels, epilogue, m, out),
        WinogradTile::F4x4_3x3 => filter::<6, 4>(operands, shape, panels, epilogue, m, out),
    }
}

/// The same for the tile whose input side is `T` and output side `M`.
#[inline(always)]
fn filter<const T: usize, const M: usize>(
    operands: impl TransformedOperands,
    shape: Shape,
    panels: usize,
    epilogue: VectorEpilogue<'_>,
    m: &mut [[f32; LANES]],
    out: &mut [[f32; LANES]],
) {
    let [tiles, ..] = operands.size();
    for panel in 0..panels {
        for first in (0..tiles).step_by(BLOCK) {
            let count = BLOCK.min(tiles - first);
            multiply::<T>(operands, panel, first, count, m);
            for number in 0..count {
                let at = first + number;
                transform::<T, M>(operands, shape, epilogue, [panel, number, at], m, out);
            }
        }
    }
}

/// The products of at most [`BLOCK`] tiles with a panel, to `[positions, BLOCK, PANEL]`.
#[inline(always)]
fn multiply<const T: usize>(
    operands: impl TransformedOperands,
    panel: usize,
    first: usize,
    count: usize,
    m: &mut [[f32; LANES]],
) {
    for (position, m) in m.chunks_exact_mut(BLOCK * VECTORS).take(T * T).enumerate() {
        let mut done = 0;
        while done + TILES <= count {
            let sums = operands.products::<TILES>(panel, position, first + done);
            write(sums, &mut m[done * VECTORS..]);
            done += TILES;
        }
        let (first, m) = (first + done, &mut m[done * VECTORS..]);
        match count - done {
            1 => write(operands.products::<1>(panel, position, first), m),
            2 => write(operands.products::<2>(panel, position, first), m),
            3 => write(operands.products::<3>(panel, position, first), m),
            _ => {}
        }
    }
}

#[inline(always)]
fn write<const R: usize>(sums: [[V; VECTORS]; R], out: &mut [[f32; LANES]]) {
    let (out, _) = out.as_chunks_mut::<VECTORS>();
    for (sums, out) in sums.into_iter().zip(&mut out[..R]) {
        for v in 0..VECTORS {
            sums[v].store(&mut out[v]);
        }
    }
}

/// Transform the products of one tile with a panel: tile `number` of a block, and tile `at` of all.
#[inline(always)]
fn transform<const T: usize, const M: usize>(
    operands: impl TransformedOperands,
    shape: Shape,
    epilogue: VectorEpilogue<'_>,
    [panel, number, at]: [usize; 3],
    m: &[[f32; LANES]],
    out: &mut [[f32; LANES]],
) {
    let Shape { h, w, c, .. } = shape;
    let (rows, columns, pixel) = (h.div_ceil(M), w.div_ceil(M), vectors_per_pixel(c));
    let (image, row, column) = (at / (rows * columns), at / columns % rows, at % columns);
    let (top, left) = (row * M, column * M);
    let first = ((image * h + top) * w + left) * pixel;
    let scale = operands.scale(image).map(V::splat);
    assert!(
        image < shape.n && (panel + 1) * VECTORS <= pixel && number < BLOCK,
        "tile"
    );
    assert_eq!(
        [m.len(), out.len()],
        [T * T * BLOCK * VECTORS, product([shape.n, h, w, pixel])],
        "shapes"
    );
    assert!(epilogue.fits(out.len(), pixel), "epilogue");
    for v in 0..VECTORS {
        let channel = panel * VECTORS + v;
        let up: [[V; M]; T] = std::array::from_fn(|j| {
            transform_output::<T, M>(std::array::from_fn(|i| {
                let at = ((i * T + j) * BLOCK + number) * VECTORS + v;
                // SAFETY: `i` and `j` are below `T`, `number` below `BLOCK` and `v` below `VECTORS`; as asserted, `m`
                // holds `T * T * BLOCK * VECTORS` vectors.
                V::load(unsafe { m.get_unchecked(at) })
            }))
        });
        for i in 0..M {
            if top + i >= h {
                break;
            }
            let values: [V; M] = transform_output::<T, M>(std::array::from_fn(|j| up[j][i]));
            for j in 0..M {
                if left + j >= w {
                    break;
                }
                let at = first + (i * w + j) * pixel + channel;
                let value = scale.map_or(values[j], |scale| values[j].mul(scale));
                // SAFETY: the epilogue fits `out`, as asserted; rows and columns outside the image are left out, so
                // that `at` lies in `out`, which holds `n * h * w * pixel` vectors, as asserted.
                let y = unsafe { epilogue.finish(value, at, channel) };
                // SAFETY: as above.
                y.store(unsafe { out.get_unchecked_mut(at) });
            }
        }
    }
}
