//! The backward pass: the transposes of the forward pass's maps, in the same 36 matrix products.

use super::filters::Filters;
use super::layout::square;
use super::tile::{
    INPUT, LANES, POSITIONS, both, filter_transposed, input_transposed, output_transposed,
};
use crate::train::kernels::matrix::matmul;
use crate::train::kernels::scratch::Scratch;
use faer::Accum;

impl Filters {
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
        let (mut lanes, mut planes) = (grid.zeros(), vec![0.0; LANES * s.pixels()]);
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
        let mut lanes = grid.zeros();
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

/// The gradients of the filters, transformed, and buffers for the next images.
pub(in crate::train::kernels) struct Gradients<'a> {
    filters: &'a Filters,
    scratch: Scratch,
    /// As [`Filters::values`].
    sums: Vec<f32>,
}

impl<'a> Gradients<'a> {
    pub(in crate::train::kernels) fn new(filters: &'a Filters) -> Self {
        Self {
            filters,
            scratch: Scratch::default(),
            sums: vec![0.0; filters.at.len()],
        }
    }

    /// Take a group of images `x`; `fill(image of the group, output channel, plane)` writes the gradient of a
    /// plane of the result, and the gradient of the images goes to `dx`.
    #[inline(always)]
    pub(in crate::train::kernels) fn add(
        &mut self,
        x: &[f32],
        dx: &mut [f32],
        fill: impl FnMut(usize, usize, &mut [f32]),
    ) {
        let filters = self.filters;
        let (s, at) = (filters.grid.s, filters.at);
        let images = x.len() / (s.c * s.pixels());
        let (inputs, outputs) = (filters.inputs(images), filters.outputs(images));
        let (v, dm) = self.scratch.buffers(inputs.len(), outputs.len());
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
    pub(in crate::train::kernels) fn finish(&self, weight: &mut [f32]) {
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
