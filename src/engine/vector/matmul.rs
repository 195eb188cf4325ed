//! Matrix products by register tiles: a few rows of activations times one panel of weights, all of whose sums
//! stay in registers.

#![allow(unsafe_code)]

use super::epilogue::VectorEpilogue;
use crate::engine::instruction_set::{DotVector, GROUP, LANES, QuantizedValue, Vector as V};
use crate::engine::kernels::Epilogue;
use crate::engine::lanes::{Additive, DotProduct, IntegerSums, Lanes};
use crate::engine::layout::{PANEL, PackedMatrix, PanelRow, VECTORS, as_vectors, as_vectors_mut};
use crate::engine::quantization::{QuantizedMatrix, RowQuantization};

/// Rows of a register tile: with two vectors each, its sums, a row of weights and a factor fill 15 of 16
/// registers.
const ROWS: usize = 6;
/// Rows of a quantized register tile: measured faster than five and six, which would fit, too.
const QUANTIZED_ROWS: usize = 4;
/// Panels side by side where there is only one row.
const PANELS: usize = 4;

/// See [`InferenceKernels::matmul`](crate::engine::kernels::InferenceKernels::matmul).
#[inline(always)]
pub(super) fn matmul(a: &[f32], b: &PackedMatrix, epilogue: Option<Epilogue<'_>>, out: &mut [f32]) {
    let (k, n) = (b.k(), b.n());
    let (rows, panels) = (a.len() / k, n / PANEL);
    assert_eq!([a.len(), out.len()], [rows * k, rows * n], "shapes");
    let epilogue = epilogue.map(|epilogue| VectorEpilogue::new(epilogue, out.len(), n));
    let out = as_vectors_mut(out);
    if rows == 1 {
        let wide = panels - panels % PANELS;
        for panel in (0..wide).step_by(PANELS) {
            register_tile::<1, PANELS>(a, b, epilogue, out, 0, panel);
        }
        for panel in wide..panels {
            register_tile::<1, 1>(a, b, epilogue, out, 0, panel);
        }
        return;
    }
    for panel in 0..panels {
        let mut row = 0;
        while row + ROWS <= rows {
            register_tile::<ROWS, 1>(a, b, epilogue, out, row, panel);
            row += ROWS;
        }
        match rows - row {
            1 => register_tile::<1, 1>(a, b, epilogue, out, row, panel),
            2 => register_tile::<2, 1>(a, b, epilogue, out, row, panel),
            3 => register_tile::<3, 1>(a, b, epilogue, out, row, panel),
            4 => register_tile::<4, 1>(a, b, epilogue, out, row, panel),
            5 => register_tile::<5, 1>(a, b, epilogue, out, row, panel),
            _ => {}
        }
    }
}

/// `R` rows times `P` panels, counted from the first of `a`, `b` and `out`.
#[inline(always)]
fn register_tile<const R: usize, const P: usize>(
    a: &[f32],
    b: &PackedMatrix,
    epilogue: Option<VectorEpilogue<'_>>,
    out: &mut [[f32; LANES]],
    row: usize,
    panel: usize,
) {
    let pixel = b.n() / LANES;
    let (first, end) = (panel * VECTORS, (panel + P) * VECTORS);
    assert!(end <= pixel && (row + R) * pixel <= out.len(), "tile");
    assert!(
        epilogue.is_none_or(|epilogue| epilogue.fits(out.len(), pixel)),
        "epilogue"
    );
    let k = b.k();
    let rows: [&[f32]; R] = std::array::from_fn(|r| &a[(row + r) * k..][..k]);
    let panels: [&[PanelRow]; P] = std::array::from_fn(|p| &b.panel(panel + p)[..k]);
    let sums = accumulate(rows, panels, k);
    for r in 0..R {
        for i in 0..P * VECTORS {
            let (at, channel) = ((row + r) * pixel + first + i, first + i);
            let sum = sums[r][i / VECTORS][i % VECTORS];
            // SAFETY: the epilogue fits `out`, `at` lies in `out` and `channel` in a pixel, all as asserted.
            let y = epilogue.map_or(sum, |e| unsafe { e.finish(sum, at, channel) });
            // SAFETY: `at` is below `(row + R) * pixel`, which is at most the length, as asserted.
            y.store(unsafe { out.get_unchecked_mut(at) });
        }
    }
}

/// The sums of `k` products of each row with the columns of each panel.
#[inline(always)]
pub(super) fn accumulate<const R: usize, const P: usize>(
    rows: [&[f32]; R],
    panels: [&[PanelRow]; P],
    k: usize,
) -> [[[V; VECTORS]; P]; R] {
    let (rows, panels) = (rows.map(|row| &row[..k]), panels.map(|panel| &panel[..k]));
    let mut sums = [[[V::ZERO; VECTORS]; P]; R];
    for i in 0..k {
        for p in 0..P {
            // SAFETY: `i` is below `k`, and each panel was cut to `k` rows.
            let weights = unsafe { panels[p].get_unchecked(i) };
            let weights: [V; VECTORS] = std::array::from_fn(|v| V::load(&weights[v]));
            for r in 0..R {
                // SAFETY: `i` is below `k`, and each row was cut to `k` numbers.
                let factor = V::splat(unsafe { *rows[r].get_unchecked(i) });
                for v in 0..VECTORS {
                    sums[r][p][v] = factor.mul_add(weights[v], sums[r][p][v]);
                }
            }
        }
    }
    sums
}

/// The sums of `groups` times `G` products of each row with the columns of a panel, in integers.
#[inline(always)]
pub(super) fn accumulate_groups<const R: usize, const G: usize, T: Copy, W>(
    rows: [&[[T; G]]; R],
    weights: &[[[[W; G]; LANES]; VECTORS]],
    groups: usize,
) -> [[DotVector; VECTORS]; R]
where
    DotVector: DotProduct<LANES, G, W, Value = T>,
{
    let (rows, weights) = (rows.map(|row| &row[..groups]), &weights[..groups]);
    let mut sums = [[DotVector::ZERO; VECTORS]; R];
    for (i, weights) in weights.iter().enumerate() {
        for r in 0..R {
            // SAFETY: `i` is below `groups`, to which the weights and each row were cut.
            let activations = unsafe { rows[r].get_unchecked(i) };
            for v in 0..VECTORS {
                sums[r][v] = sums[r][v].dot_add(&weights[v], activations);
            }
        }
    }
    sums
}

/// See [`InferenceKernels::quantized_matmul`](crate::engine::kernels::InferenceKernels::quantized_matmul).
#[inline(always)]
pub(super) fn quantized_matmul(
    a: &[QuantizedValue],
    quantizations: &[RowQuantization],
    b: &QuantizedMatrix,
    epilogue: Epilogue<'_>,
    out: &mut [f32],
) {
    let (k, n, rows) = (b.k(), b.n(), quantizations.len());
    assert_eq!([a.len(), out.len()], [rows * k, rows * n], "shapes");
    let product = QuantizedProduct {
        // Rows are whole groups, as `QuantizedMatrix` ensures, and so are all rows together.
        a: a.as_chunks().0,
        quantizations,
        b,
        scales: as_vectors(b.scales()),
        sums: as_vectors(b.sums()),
        epilogue: VectorEpilogue::new(epilogue, out.len(), n),
    };
    let out = as_vectors_mut(out);
    for panel in 0..n / PANEL {
        let mut row = 0;
        while row + QUANTIZED_ROWS <= rows {
            product.register_tile::<QUANTIZED_ROWS>(out, row, panel);
            row += QUANTIZED_ROWS;
        }
        match rows - row {
            1 => product.register_tile::<1>(out, row, panel),
            2 => product.register_tile::<2>(out, row, panel),
            3 => product.register_tile::<3>(out, row, panel),
            _ => {}
        }
    }
}

/// The operands of a quantized matrix product, in groups and vectors.
struct QuantizedProduct<'a> {
    a: &'a [[QuantizedValue; GROUP]],
    quantizations: &'a [RowQuantization],
    b: &'a QuantizedMatrix,
    scales: &'a [[f32; LANES]],
    sums: &'a [[f32; LANES]],
    epilogue: VectorEpilogue<'a>,
}

impl QuantizedProduct<'_> {
    /// `R` rows times one panel, counted from the first.
    #[inline(always)]
    fn register_tile<const R: usize>(&self, out: &mut [[f32; LANES]], row: usize, panel: usize) {
        let (groups, pixel) = (self.b.k() / GROUP, self.b.n() / LANES);
        let first = panel * VECTORS;
        assert!(
            first + VECTORS <= pixel && (row + R) * pixel <= out.len(),
            "tile"
        );
        assert!(self.epilogue.fits(out.len(), pixel), "epilogue");
        let scales: &[_; VECTORS] = self.scales[first..].first_chunk().expect("one per column");
        let column_sums: &[_; VECTORS] = self.sums[first..].first_chunk().expect("one per column");
        let quantizations: &[RowQuantization; R] = self.quantizations[row..]
            .first_chunk()
            .expect("one per row");
        let rows: [&[[QuantizedValue; GROUP]]; R] =
            std::array::from_fn(|r| &self.a[(row + r) * groups..][..groups]);
        let sums = accumulate_groups(rows, self.b.panel(panel), groups);
        for r in 0..R {
            let RowQuantization { scale, minimum } = quantizations[r];
            let [scale, minimum] = [scale, minimum].map(V::splat);
            for v in 0..VECTORS {
                let (at, channel) = ((row + r) * pixel + first + v, first + v);
                let constant = minimum.mul(V::load(&column_sums[v]));
                let scale = scale.mul(V::load(&scales[v]));
                let sum = sums[r][v].to_float().mul_add(scale, constant);
                // SAFETY: the epilogue fits `out`, `at` lies in `out` and `channel` in a pixel, all as asserted.
                let y = unsafe { self.epilogue.finish(sum, at, channel) };
                // SAFETY: `at` is below `(row + R) * pixel`, which is at most the length, as asserted.
                y.store(unsafe { out.get_unchecked_mut(at) });
            }
        }
    }
}
