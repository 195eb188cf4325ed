//! 3x3 correlations and their gradients by Winograd's minimal filtering, which needs 36 multiplications a
//! channel pair for a 4x4 tile of the result instead of 144.
//!
//! The gradients are the transposes of the same maps (see `tile`), so that all three passes are 36 matrix
//! products. `tests/gradients.rs` holds all of it to Burn's gradients.
//!
//! **Source**: Lavin and Gray, "Fast algorithms for convolutional neural networks", 2015, section 4
//! (<https://arxiv.org/abs/1509.09308>).
//!
//! Letters as in `kernels`. Transformed tiles are kept as 36 matrices, a row a tile and a column a channel;
//! channels are padded with zeros to whole vectors.

#![allow(clippy::inline_always)] // As in `planes`.

use super::kernels::ConvShape;
use super::planes::{matmul, matrix, vectorized};
use super::tile::{
    INPUT, LANES, Lanes, POSITIONS, RESULT, both, filter, filter_transposed, input,
    input_transposed, output, output_transposed,
};
use faer::{Accum, MatRef};
use std::ops::Range;

/// Rows of a matrix product that keep it busy.
const ROWS: usize = 128;

/// Where the numbers of a group of tiles lie.
#[derive(Clone, Copy)]
struct Grid {
    tiles: [usize; 2],
    s: ConvShape,
}

impl Grid {
    fn per_image(&self) -> usize {
        self.tiles[0] * self.tiles[1]
    }

    /// Pixels of a row of the room in which planes are interleaved: that of the tiles and of what surrounds them.
    fn stride(&self) -> usize {
        self.tiles[1] * RESULT + 2
    }

    fn room(&self) -> Vec<Lanes> {
        vec![[0.0; LANES]; (self.tiles[0] * RESULT + 2) * self.stride()]
    }

    /// Interleave the planes of some channels, with `margin` pixels before the first row and column.
    #[inline(always)]
    fn interleave(&self, planes: &[f32], margin: usize, room: &mut [Lanes]) {
        for (lane, plane) in planes.chunks_exact(self.s.pixels()).enumerate() {
            for (y, row) in plane.chunks_exact(self.s.w).enumerate() {
                let out = &mut room[(y + margin) * self.stride() + margin..][..self.s.w];
                for (out, v) in out.iter_mut().zip(row) {
                    out[lane] = *v;
                }
            }
        }
    }

    /// The plane of a lane, the inverse of [`Grid::interleave`].
    #[inline(always)]
    fn plane(&self, room: &[Lanes], margin: usize, lane: usize, plane: &mut [f32]) {
        for (y, row) in plane.chunks_exact_mut(self.s.w).enumerate() {
            let room = &room[(y + margin) * self.stride() + margin..][..self.s.w];
            for (v, from) in row.iter_mut().zip(room) {
                *v = from[lane];
            }
        }
    }

    /// The first pixel of a tile.
    fn first(&self, tile: usize) -> usize {
        (tile / self.tiles[1] * self.stride() + tile % self.tiles[1]) * RESULT
    }
}

/// Read a square of pixels.
#[inline(always)]
fn square<const I: usize>(room: &[Lanes], first: usize, stride: usize) -> [[Lanes; I]; I] {
    let mut tile = [[[0.0; LANES]; I]; I];
    for (y, row) in tile.iter_mut().enumerate() {
        row.copy_from_slice(&room[first + y * stride..][..I]);
    }
    tile
}

/// Numbers between two of the 36 matrices: were they a power of two apart, as channels and tiles often are, a
/// tile's numbers would all fall on the same lines of the cache.
const GAP: usize = 16;

/// Where 36 matrices lie, one after the other.
#[derive(Clone, Copy)]
struct Positions {
    rows: usize,
    columns: usize,
}

impl Positions {
    /// Numbers from the start of a matrix to that of the next.
    fn stride(&self) -> usize {
        self.rows * self.columns + GAP
    }

    fn len(&self) -> usize {
        POSITIONS * self.stride()
    }

    fn range(&self, position: usize) -> Range<usize> {
        let start = position * self.stride();
        start..start + self.rows * self.columns
    }

    fn matrix<'a>(&self, all: &'a [f32], position: usize) -> MatRef<'a, f32> {
        matrix(&all[self.range(position)], self.rows, self.columns)
    }

    #[inline(always)]
    fn write(&self, all: &mut [f32], row: usize, column: usize, tile: &[[Lanes; INPUT]; INPUT]) {
        for (position, v) in tile.as_flattened().iter().enumerate() {
            let at = position * self.stride() + row * self.columns + column;
            all[at..at + LANES].copy_from_slice(v);
        }
    }

    #[inline(always)]
    fn read(&self, all: &[f32], row: usize, column: usize) -> [[Lanes; INPUT]; INPUT] {
        let mut tile = [[[0.0; LANES]; INPUT]; INPUT];
        for (position, v) in tile.as_flattened_mut().iter_mut().enumerate() {
            let at = position * self.stride() + row * self.columns + column;
            v.copy_from_slice(&all[at..at + LANES]);
        }
        tile
    }
}

/// Room that is used again for each group of images.
#[derive(Default)]
pub(super) struct Room {
    inputs: Vec<f32>,
    outputs: Vec<f32>,
}

impl Room {
    /// Room for so many numbers, whatever they are now.
    pub(super) fn of(&mut self, inputs: usize, outputs: usize) -> (&mut [f32], &mut [f32]) {
        self.inputs.resize(self.inputs.len().max(inputs), 0.0);
        self.outputs.resize(self.outputs.len().max(outputs), 0.0);
        (&mut self.inputs[..inputs], &mut self.outputs[..outputs])
    }
}

/// The filters of a 3x3 correlation, transformed.
pub(super) struct Filters {
    grid: Grid,
    /// 36 matrices `[c, m]`, both padded.
    values: Vec<f32>,
    at: Positions,
}

impl Filters {
    /// Transform `[m, c, 3, 3]`.
    pub(super) fn new(weight: &[f32], s: ConvShape) -> Self {
        let at = Positions {
            rows: s.c.next_multiple_of(LANES),
            columns: s.m.next_multiple_of(LANES),
        };
        let mut values = vec![0.0; at.len()];
        vectorized(
            #[inline(always)]
            || {
                for c in 0..s.c {
                    for column in (0..s.m).step_by(LANES) {
                        let mut filters = [[[0.0; LANES]; 3]; 3];
                        for lane in 0..LANES.min(s.m - column) {
                            let from = &weight[((column + lane) * s.c + c) * 9..][..9];
                            for (to, v) in filters.as_flattened_mut().iter_mut().zip(from) {
                                to[lane] = *v;
                            }
                        }
                        at.write(&mut values, c, column, &both(&filters, filter));
                    }
                }
            },
        );
        let tiles = [s.h.div_ceil(RESULT), s.w.div_ceil(RESULT)];
        Self {
            grid: Grid { tiles, s },
            values,
            at,
        }
    }

    /// Images that are taken at once.
    pub(super) fn group(&self) -> usize {
        ROWS.div_ceil(self.grid.per_image()).clamp(1, self.grid.s.n)
    }

    fn inputs(&self, images: usize) -> Positions {
        Positions {
            rows: images * self.grid.per_image(),
            columns: self.at.rows,
        }
    }

    fn outputs(&self, images: usize) -> Positions {
        Positions {
            columns: self.at.columns,
            ..self.inputs(images)
        }
    }

    /// 3x3 correlations of a group of images; `each(image of the group, output channel, plane)` takes them.
    pub(super) fn correlate(
        &self,
        x: &[f32],
        room: &mut Room,
        mut each: impl FnMut(usize, usize, &[f32]),
    ) {
        let (grid, s) = (self.grid, self.grid.s);
        let images = x.len() / (s.c * s.pixels());
        let (inputs, outputs) = (self.inputs(images), self.outputs(images));
        let (v, products) = room.of(inputs.len(), outputs.len());
        vectorized(
            #[inline(always)]
            || self.transform_inputs(x, images, v),
        );
        for position in 0..POSITIONS {
            matmul(
                inputs.matrix(v, position),
                self.at.matrix(&self.values, position),
                Accum::Replace,
                &mut products[outputs.range(position)],
            );
        }
        let (mut lanes, mut plane) = (grid.room(), vec![0.0; s.pixels()]);
        vectorized(
            #[inline(always)]
            || {
                for image in 0..images {
                    for m in (0..s.m).step_by(LANES) {
                        for tile in 0..grid.per_image() {
                            let row = image * grid.per_image() + tile;
                            let result = both(&outputs.read(products, row, m), output);
                            for (y, line) in result.iter().enumerate() {
                                let at = grid.first(tile) + y * grid.stride();
                                lanes[at..at + RESULT].copy_from_slice(line);
                            }
                        }
                        for lane in 0..LANES.min(s.m - m) {
                            grid.plane(&lanes, 0, lane, &mut plane);
                            each(image, m + lane, &plane);
                        }
                    }
                }
            },
        );
    }

    #[inline(always)]
    fn transform_inputs(&self, x: &[f32], images: usize, out: &mut [f32]) {
        let (grid, s) = (self.grid, self.grid.s);
        let inputs = self.inputs(images);
        let mut lanes = grid.room();
        for image in 0..images {
            for c in (0..s.c).step_by(LANES) {
                let (first, end) = (image * s.c + c, image * s.c + s.c.min(c + LANES));
                if end - first < LANES {
                    lanes.fill([0.0; LANES]);
                }
                grid.interleave(&x[first * s.pixels()..end * s.pixels()], 1, &mut lanes);
                for tile in 0..grid.per_image() {
                    let row = image * grid.per_image() + tile;
                    let tile = square(&lanes, grid.first(tile), grid.stride());
                    inputs.write(out, row, c, &both(&tile, input));
                }
            }
        }
    }

    /// Transform the gradients of a result, which `fill(image, output channel, plane)` writes.
    #[inline(always)]
    fn transform_gradients(
        &self,
        images: usize,
        out: &mut [f32],
        mut fill: impl FnMut(usize, usize, &mut [f32]),
    ) {
        let (grid, s) = (self.grid, self.grid.s);
        let outputs = self.outputs(images);
        let (mut lanes, mut planes) = (grid.room(), vec![0.0; LANES * s.pixels()]);
        for image in 0..images {
            for m in (0..s.m).step_by(LANES) {
                let count = LANES.min(s.m - m);
                if count < LANES {
                    lanes.fill([0.0; LANES]);
                }
                let planes = &mut planes[..count * s.pixels()];
                for (lane, plane) in planes.chunks_exact_mut(s.pixels()).enumerate() {
                    fill(image, m + lane, plane);
                }
                grid.interleave(planes, 0, &mut lanes);
                for tile in 0..grid.per_image() {
                    let row = image * grid.per_image() + tile;
                    let tile = square(&lanes, grid.first(tile), grid.stride());
                    outputs.write(out, row, m, &both(&tile, output_transposed));
                }
            }
        }
    }

    /// Add up what the tiles, whose transformed gradients are `from`, say of each pixel of the images.
    #[inline(always)]
    fn add_tiles(&self, from: &[f32], dx: &mut [f32]) {
        let (grid, s) = (self.grid, self.grid.s);
        let images = dx.len() / (s.c * s.pixels());
        let inputs = self.inputs(images);
        let mut lanes = grid.room();
        for image in 0..images {
            for c in (0..s.c).step_by(LANES) {
                lanes.fill([0.0; LANES]);
                for tile in 0..grid.per_image() {
                    let row = image * grid.per_image() + tile;
                    let result = both(&inputs.read(from, row, c), input_transposed);
                    for (y, line) in result.iter().enumerate() {
                        let at = grid.first(tile) + y * grid.stride();
                        for (sums, part) in lanes[at..at + INPUT].iter_mut().zip(line) {
                            for (sum, part) in sums.iter_mut().zip(part) {
                                *sum += part;
                            }
                        }
                    }
                }
                let first = (image * s.c + c) * s.pixels();
                let count = LANES.min(s.c - c);
                let planes = dx[first..first + count * s.pixels()].chunks_exact_mut(s.pixels());
                for (lane, plane) in planes.enumerate() {
                    grid.plane(&lanes, 1, lane, plane);
                }
            }
        }
    }
}

/// The gradients of the filters, transformed, and room for the next images.
pub(super) struct Gradients<'a> {
    filters: &'a Filters,
    room: Room,
    /// As [`Filters::values`].
    sums: Vec<f32>,
}

impl<'a> Gradients<'a> {
    pub(super) fn new(filters: &'a Filters) -> Self {
        Self {
            filters,
            room: Room::default(),
            sums: vec![0.0; filters.at.len()],
        }
    }

    /// Take a group of images `x`; `fill(image of the group, output channel, plane)` writes the gradient of a
    /// plane of the result, and the gradient of the images goes to `dx`.
    #[inline(always)]
    pub(super) fn add(
        &mut self,
        x: &[f32],
        dx: &mut [f32],
        fill: impl FnMut(usize, usize, &mut [f32]),
    ) {
        let filters = self.filters;
        let (s, at) = (filters.grid.s, filters.at);
        let images = x.len() / (s.c * s.pixels());
        let (inputs, outputs) = (filters.inputs(images), filters.outputs(images));
        let (v, dm) = self.room.of(inputs.len(), outputs.len());
        filters.transform_inputs(x, images, v);
        filters.transform_gradients(images, dm, fill);
        for position in 0..POSITIONS {
            let dm = outputs.matrix(dm, position);
            let sums = &mut self.sums[at.range(position)];
            matmul(inputs.matrix(v, position).transpose(), dm, Accum::Add, sums);
            // The transformed input is not read again: its gradient takes its place.
            let filters = at.matrix(&filters.values, position).transpose();
            let dv = &mut v[inputs.range(position)];
            matmul(dm, filters, Accum::Replace, dv);
        }
        filters.add_tiles(v, dx);
    }

    /// Write the gradient of the filters, `[m, c, 3, 3]`.
    #[inline(always)]
    pub(super) fn finish(&self, weight: &mut [f32]) {
        let (s, at) = (self.filters.grid.s, self.filters.at);
        for c in 0..s.c {
            for column in (0..s.m).step_by(LANES) {
                let gradients = both(&at.read(&self.sums, c, column), filter_transposed);
                for lane in 0..LANES.min(s.m - column) {
                    let to = &mut weight[((column + lane) * s.c + c) * 9..][..9];
                    for (to, v) in to.iter_mut().zip(gradients.as_flattened()) {
                        *to = v[lane];
                    }
                }
            }
        }
    }
}
