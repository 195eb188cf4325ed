//! Matrix products by register tiles: a few rows of activations times one panel of weights, all of whose sums
//! stay in registers.

use super::epilogue::VectorEpilogue;
use crate::engine::instruction_set::{DotVector, GROUP, LANES, QuantizedValue, Vector as V};
use crate::engine::kernels::Epilogue;
use crate::engine::lanes::{DotProduct, Lanes};
use crate::engine::layout::{PANEL, PackedMatrix, PanelRow, VECTORS, as_vectors, as_vectors_mut};
use crate::engine::quantization::{PanelGroup, QuantizedMatrix, RowQuantization};

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
    let k = b.k();
    let rows: [&[f32]; R] = std::array::from_fn(|r| &a[(row + r) * k..][..k]);
    let panels: [&[PanelRow]; P] = std::array::from_fn(|p| b.panel(panel + p));
    let mut sums = [[[V::splat(0.0); VECTORS]; P]; R];
    for i in 0..k {
        for p in 0..P {
            let weights: [V; VECTORS] = std::array::from_fn(|v| V::load(&panels[p][i][v]));
            for r in 0..R {
                let factor = V::splat(rows[r][i]);
                for v in 0..VECTORS {
                    sums[r][p][v] = factor.mul_add(weights[v], sums[r][p][v]);
                }
            }
        }
    }
    for r in 0..R {
        let channel = panel * VECTORS;
        let at = (row + r) * b.n() / LANES + channel;
        let out = &mut out[at..][..P * VECTORS];
        for (i, sum) in sums[r].as_flattened().iter().enumerate() {
            let y = epilogue.map_or(*sum, |e| e.finish(*sum, at + i, channel + i));
            y.store(&mut out[i]);
        }
    }
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
        let groups = self.b.k() / GROUP;
        let rows: [&[[QuantizedValue; GROUP]]; R] =
            std::array::from_fn(|r| &self.a[(row + r) * groups..][..groups]);
        let weights: &[PanelGroup] = &self.b.panel(panel)[..groups];
        let mut sums = [[DotVector::ZERO; VECTORS]; R];
        for i in 0..groups {
            for r in 0..R {
                for v in 0..VECTORS {
                    sums[r][v] = sums[r][v].dot_add(&weights[i][v], &rows[r][i]);
                }
            }
        }
        for r in 0..R {
            let RowQuantization { scale, minimum } = self.quantizations[row + r];
            let [scale, minimum] = [scale, minimum].map(V::splat);
            for v in 0..VECTORS {
                let channel = panel * VECTORS + v;
                let at = (row + r) * self.b.n() / LANES + channel;
                let constant = minimum.mul(V::load(&self.sums[channel]));
                let scale = scale.mul(V::load(&self.scales[channel]));
                let sum = sums[r][v].to_float().mul_add(scale, constant);
                let y = self.epilogue.finish(sum, at, channel);
                y.store(&mut out[at]);
            }
        }
    }
}
