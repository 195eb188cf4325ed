//! Quantized matrices: weights of 8 bits with one scale per output channel, activations of 7 bits with a range
//! per row that is found anew for each product (dynamic quantization).
//!
//! **Formula**: with `a = s q + m` and `b = t p`, `sum_k a[k] b[k] = s t sum_k q[k] p[k] + m t sum_k p[k]`.
//! `m` is the minimum of the row, `q = round((a - m) / s)` is from 0 to 127, which is what relaxed SIMD
//! multiplies `i8` by, and `p = round(b / t)` is from -127 to 127.
//!
//! **Source**: Jacob et al., "Quantization and training of neural networks for efficient
//! integer-arithmetic-only inference", 2018 (<https://arxiv.org/abs/1712.05877>), section 2.

use super::instruction_set::{GROUP, LANES, QuantizedValue, Vector as V};
use super::lanes::{Additive, Lanes};
use super::layout::{PANEL, PackedMatrix, VECTORS, as_vectors};

/// Rows that a [`QuantizedMatrix`] may have, so that no sum of products can exceed 32 bits.
pub const MOST_ROWS: usize = 131_072;
/// The largest quantized weight, and the largest quantized activation.
const LARGEST: f32 = 127.0;
/// A range is at least this wide, so that its inverse is finite.
const NARROWEST: f32 = 1e-30;
/// Added to a number from 0 to 127, it leaves the nearest integer in the lowest seven bits.
const ROUNDING: f32 = 8_388_608.0;

/// How a row of activations is quantized: `activation = scale * value + minimum`.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowQuantization {
    /// What one step of a quantized value stands for.
    pub scale: f32,
    /// What zero stands for.
    pub minimum: f32,
}

/// A group of rows of a panel.
pub type PanelGroup = [[[i8; GROUP]; LANES]; VECTORS];

/// A matrix of quantized weights, `k` rows of `n` columns, packed as `n / PANEL` panels of `k / GROUP` groups.
#[derive(Clone, Debug)]
pub struct QuantizedMatrix {
    k: usize,
    n: usize,
    /// The panels, one after the other; within a group, the rows of a column lie side by side.
    panels: Vec<PanelGroup>,
    scales: Vec<f32>,
    sums: Vec<f32>,
}

impl QuantizedMatrix {
    /// Quantize a matrix.
    ///
    /// # Panics
    /// When the rows are not whole groups, or more than [`MOST_ROWS`].
    pub fn new(weights: &PackedMatrix) -> Self {
        let (k, n) = (weights.k(), weights.n());
        assert!(
            k.is_multiple_of(GROUP) && k <= MOST_ROWS,
            "{k} rows in whole groups, at most {MOST_ROWS}"
        );
        let zeros = [[[0; GROUP]; LANES]; VECTORS];
        let mut quantized = Self {
            k,
            n,
            panels: vec![zeros; n / PANEL * k / GROUP],
            scales: vec![0.0; n],
            sums: vec![0.0; n],
        };
        for column in 0..n {
            quantized.quantize_column(column, weights);
        }
        quantized
    }

    /// Put matrices of as many rows side by side. Room is reserved for parts of the first one's size.
    ///
    /// # Panics
    /// When there is no part, or parts differ in rows.
    pub fn side_by_side(mut parts: impl ExactSizeIterator<Item = Self>) -> Self {
        let mut all = parts.next().expect("a part");
        all.panels.reserve_exact(all.panels.len() * parts.len());
        for part in parts {
            assert_eq!(part.k, all.k, "rows");
            all.n += part.n;
            all.panels.extend(part.panels);
            all.scales.extend(part.scales);
            all.sums.extend(part.sums);
        }
        all
    }

    fn quantize_column(&mut self, column: usize, weights: &PackedMatrix) {
        let values = (0..self.k).map(|row| weights.at(row, column));
        let widest = values.clone().fold(NARROWEST, |most, w| most.max(w.abs()));
        let scale = widest / LARGEST;
        let mut sum = 0;
        for (row, weight) in values.enumerate() {
            let value = (weight / widest * LARGEST).round_ties_even() as i8;
            let group = &mut self.panels[column / PANEL * (self.k / GROUP) + row / GROUP];
            group.as_flattened_mut()[column % PANEL][row % GROUP] = value;
            sum += i32::from(value);
        }
        self.scales[column] = scale;
        self.sums[column] = scale * sum as f32;
    }

    /// Rows: input channels.
    pub fn k(&self) -> usize {
        self.k
    }

    /// Columns: output channels, padding included.
    pub fn n(&self) -> usize {
        self.n
    }

    /// The scale of each column.
    pub fn scales(&self) -> &[f32] {
        &self.scales
    }

    /// The sum of each column after quantization, times its scale.
    pub fn sums(&self) -> &[f32] {
        &self.sums
    }

    /// The `k / GROUP` groups of a panel.
    ///
    /// # Panics
    /// When there is no such panel.
    #[inline(always)]
    pub fn panel(&self, number: usize) -> &[PanelGroup] {
        &self.panels[number * (self.k / GROUP)..][..self.k / GROUP]
    }

    /// The value at a row and a column.
    ///
    /// # Panics
    /// When there is no such row or column.
    pub fn at(&self, row: usize, column: usize) -> i8 {
        self.panel(column / PANEL)[row / GROUP].as_flattened()[column % PANEL][row % GROUP]
    }

    /// Bytes of the packed numbers.
    pub fn size_bytes(&self) -> usize {
        size_of_val(&self.panels[..]) + size_of_val(&self.scales[..]) * 2
    }
}

/// Quantize every row of an activation to its own range.
///
/// A row with a number that is not finite gets NaN for a minimum and so no finite result.
///
/// **Shapes**: `[rows, k]` to `[rows, k]` and `[rows]`; `k` is whole panels.
///
/// # Panics
/// When the buffers' lengths do not fit.
#[inline(always)]
pub fn quantize_rows(
    a: &[f32],
    k: usize,
    out: &mut [QuantizedValue],
    quantizations: &mut [RowQuantization],
) {
    assert_eq!([out.len(), quantizations.len() * k], [a.len(); 2], "shapes");
    assert!(
        k > 0 && k.is_multiple_of(PANEL),
        "rows of whole panels of {PANEL}, got {k}"
    );
    let rows = a.chunks_exact(k).zip(out.chunks_exact_mut(k));
    for ((row, out), quantization) in rows.zip(quantizations) {
        let [minimum, maximum] = range(row);
        let width = (maximum - minimum).max(NARROWEST);
        let scale = width / LARGEST;
        *quantization = RowQuantization { scale, minimum };
        let inverse = LARGEST / width;
        let groups = row.as_chunks::<PANEL>().0.iter();
        for (values, out) in groups.zip(out.as_chunks_mut::<PANEL>().0) {
            *out = values.map(|value| {
                let bits = ((value - minimum) * inverse + ROUNDING).to_bits();
                (bits & 0x7f) as QuantizedValue
            });
        }
    }
}

/// The smallest and the largest number of a row; the smallest is NaN when a number is not finite.
#[inline(always)]
fn range(row: &[f32]) -> [f32; 2] {
    // The smallest number is the opposite of the largest opposite.
    let mut extremes = [[V::splat(f32::NEG_INFINITY); VECTORS]; 2];
    let mut zeros = [V::ZERO; VECTORS];
    for panel in as_vectors(row).as_chunks::<VECTORS>().0 {
        for v in 0..VECTORS {
            let values = V::load(&panel[v]);
            extremes[0][v] = extremes[0][v].max(V::splat(0.0).sub(values));
            extremes[1][v] = extremes[1][v].max(values);
            zeros[v] = values.mul_add(V::ZERO, zeros[v]);
        }
    }
    let [opposite, maximum] = extremes.map(|vectors| {
        let mut values = [0.0; LANES];
        vectors
            .into_iter()
            .fold(vectors[0], V::max)
            .store(&mut values);
        values.into_iter().fold(f32::NEG_INFINITY, f32::max)
    });
    [sum(zeros) - opposite, maximum]
}

/// The sum of all numbers: NaN for products of zero with a number that is not finite.
#[inline(always)]
pub(super) fn sum(vectors: [V; VECTORS]) -> f32 {
    let mut values = [0.0; LANES];
    vectors.into_iter().fold(V::ZERO, V::add).store(&mut values);
    values.into_iter().sum()
}
