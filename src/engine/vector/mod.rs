//! The fast kernels, written once for the vectors of every instruction set.
//!
//! Each kernel first checks the lengths of its buffers and views them as whole vectors. Loops over chunks of equal length
//! then need no bounds checks. The compiler cannot remove the checks in the inner loops of some kernels, where they cost
//! a quarter of the speed in the browser; these loops use unchecked reads, within bounds that the same function has
//! asserted. The gain over [`super::scalar`] is in `results/bench.json`, which `scripts/bench` measures.

mod depthwise;
mod epilogue;
mod filter_tiles;
mod matmul;
mod stem;
mod winograd;

use crate::engine::instruction_set::{
    DotVector, LANES, PAIR, QuantizedValue, ShortVector, Vector as V,
};
use crate::engine::kernels::{Epilogue, InferenceKernels};
use crate::engine::lanes::{Additive, DotProduct, Lanes};
use crate::engine::layout::{
    PackedMatrix, Shape, VECTORS, as_vectors, as_vectors_mut, vectors_per_pixel,
};
use crate::engine::quantization::{QuantizedMatrix, RowQuantization};
use crate::engine::short::{ShortMatrix, ShortWeight};
use crate::engine::winograd::WinogradTile;
use filter_tiles::{ShortOperands, SingleOperands, filter_tiles};

/// Kernels for the vectors of the build.
#[derive(Clone, Copy, Debug)]
pub struct VectorKernels;

impl InferenceKernels for VectorKernels {
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn matmul(a: &[f32], b: &PackedMatrix, epilogue: Option<Epilogue<'_>>, out: &mut [f32]) {
        matmul::matmul(a, b, epilogue, out);
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn quantized_matmul(
        a: &[QuantizedValue],
        quantizations: &[RowQuantization],
        b: &QuantizedMatrix,
        epilogue: Epilogue<'_>,
        out: &mut [f32],
    ) {
        matmul::quantized_matmul(a, quantizations, b, epilogue, out);
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn pooled_stem(
        x: &[f32],
        shape: Shape,
        weights: &PackedMatrix,
        bias: &[f32],
        relu: bool,
        out: &mut [f32],
    ) {
        stem::pooled_stem(x, shape, weights, bias, relu, out);
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn depthwise(x: &[f32], shape: Shape, weights: &[f32], bias: &[f32], out: &mut [f32]) {
        depthwise::depthwise(x, shape, weights, bias, out);
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn expand_extremes(extremes: &[[f32; 2]], weights: &[f32], bias: &[f32], out: &mut [f32]) {
        let c = weights.len();
        assert_eq!([out.len(), bias.len()], [extremes.len() * c, c], "channels");
        let pixel = vectors_per_pixel(c);
        let [weights, bias] = [weights, bias].map(as_vectors);
        let pixels = as_vectors_mut(out).chunks_exact_mut(pixel);
        for (out, window) in pixels.zip(extremes) {
            let [low, high] = window.map(V::splat);
            for ((out, weight), bias) in out.iter_mut().zip(weights).zip(bias) {
                let (weight, bias) = (V::load(weight), V::load(bias));
                let y = low.mul_add(weight, bias).max(high.mul_add(weight, bias));
                y.max(V::splat(0.0)).store(out);
            }
        }
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn max_pool(x: &[f32], shape: Shape, out: &mut [f32]) {
        let half = shape.halved();
        assert_eq!([x.len(), out.len()], [shape.len(), half.len()], "shapes");
        if out.is_empty() {
            return;
        }
        let pixel = vectors_per_pixel(shape.c);
        let line = shape.w * pixel;
        let x = as_vectors(x);
        let rows = as_vectors_mut(out).chunks_exact_mut(half.w * pixel);
        for (row, out) in rows.enumerate() {
            let (upper, lower) =
                x[(row / half.h * shape.h + row % half.h * 2) * line..][..2 * line].split_at(line);
            let pairs = upper
                .chunks_exact(2 * pixel)
                .zip(lower.chunks_exact(2 * pixel));
            for (out, (upper, lower)) in out.chunks_exact_mut(pixel).zip(pairs) {
                let [(a, b), (c, d)] = [upper, lower].map(|pair| pair.split_at(pixel));
                for (i, out) in out.iter_mut().enumerate() {
                    let [a, b, c, d] = [a, b, c, d].map(|pixel| V::load(&pixel[i]));
                    a.max(b).max(c.max(d)).store(out);
                }
            }
        }
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn global_average_pool(x: &[f32], shape: Shape, out: &mut [f32]) {
        let Shape { n, h, w, c } = shape;
        assert_eq!([x.len(), out.len()], [shape.len(), n * c], "shapes");
        let pixel = vectors_per_pixel(c);
        let scale = V::splat(1.0 / (h * w) as f32);
        let images = as_vectors(x).chunks_exact(h * w * pixel);
        for (x, out) in images.zip(as_vectors_mut(out).chunks_exact_mut(pixel)) {
            for (panel, out) in out.as_chunks_mut::<VECTORS>().0.iter_mut().enumerate() {
                let mut sums = [V::splat(0.0); VECTORS];
                for x in x.chunks_exact(pixel) {
                    let x: &[[f32; LANES]] = &x[panel * VECTORS..][..VECTORS];
                    for v in 0..VECTORS {
                        sums[v] = sums[v].add(V::load(&x[v]));
                    }
                }
                for (sum, out) in sums.into_iter().zip(out) {
                    sum.mul(scale).store(out);
                }
            }
        }
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn winograd_input(
        x: &[f32],
        n: usize,
        c: usize,
        tile: WinogradTile,
        grid: [usize; 2],
        out: &mut [f32],
    ) {
        let pixel = vectors_per_pixel(c);
        let (x, out) = (as_vectors(x), as_vectors_mut(out));
        winograd::input::<V>(x, n, pixel, tile, grid, out);
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn short_winograd_input(
        x: &[i16],
        n: usize,
        c: usize,
        tile: WinogradTile,
        grid: [usize; 2],
        out: &mut [i16],
    ) {
        // A vector of these holds a whole panel.
        let pixel = vectors_per_pixel(c) / VECTORS;
        let ((x, rest), (out, left)) = (x.as_chunks(), out.as_chunks_mut());
        assert!(rest.is_empty() && left.is_empty(), "whole panels");
        winograd::input::<ShortVector>(x, n, pixel, tile, grid, out);
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn winograd_output(
        v: &[f32],
        weights: &PackedMatrix,
        shape: Shape,
        tile: WinogradTile,
        epilogue: Epilogue<'_>,
        scratch: &mut [f32],
        out: &mut [f32],
    ) {
        let operands = SingleOperands::new(v, weights, tile.positions());
        filter_tiles(operands, shape, tile, epilogue, scratch, out);
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
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
        DotVector: DotProduct<LANES, PAIR, W, Value = i16>,
    {
        let operands = ShortOperands::new(v, scales, weights);
        filter_tiles(operands, shape, tile, epilogue, scratch, out);
    }
}
