//! Transformed filters, and the forward pass over them.

use super::layout::{Grid, Positions, square};
use super::tile::{LANES, POSITIONS, RESULT, both, filter, input, output};
use crate::train::kernels::matrix::matmul;
use crate::train::kernels::scratch::Scratch;
use crate::train::kernels::shape::ConvShape;
use crate::train::kernels::simd::vectorized;
use faer::Accum;

/// Rows of a matrix product that keep it busy.
const ROWS: usize = 128;

/// The filters of a 3x3 convolution, transformed.
pub(in crate::train::kernels) struct Filters {
    pub(super) grid: Grid,
    /// 36 matrices `[c, m]`, both padded.
    pub(super) values: Vec<f32>,
    pub(super) at: Positions,
}

impl Filters {
    /// Transform `[m, c, 3, 3]`.
    pub(in crate::train::kernels) fn new(weight: &[f32], s: ConvShape) -> Self {
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
    pub(in crate::train::kernels) fn group(&self) -> usize {
        ROWS.div_ceil(self.grid.per_image()).clamp(1, self.grid.s.n)
    }

    pub(super) fn inputs(&self, images: usize) -> Positions {
        Positions {
            rows: images * self.grid.per_image(),
            columns: self.at.rows,
        }
    }

    pub(super) fn outputs(&self, images: usize) -> Positions {
        Positions {
            columns: self.at.columns,
            ..self.inputs(images)
        }
    }

    /// 3x3 convolutions of a group of images; `each(image of the group, output channel, plane)` takes them.
    pub(in crate::train::kernels) fn convolve(
        &self,
        x: &[f32],
        scratch: &mut Scratch,
        mut each: impl FnMut(usize, usize, &[f32]),
    ) {
        let (grid, s) = (self.grid, self.grid.s);
        let images = x.len() / (s.c * s.pixels());
        let (inputs, outputs) = (self.inputs(images), self.outputs(images));
        let (v, products) = scratch.buffers(inputs.len(), outputs.len());
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
        let (mut lanes, mut plane) = (grid.zeros(), vec![0.0; s.pixels()]);
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
    pub(super) fn transform_inputs(&self, x: &[f32], images: usize, out: &mut [f32]) {
        let (grid, s) = (self.grid, self.grid.s);
        let inputs = self.inputs(images);
        let mut lanes = grid.zeros();
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
}
