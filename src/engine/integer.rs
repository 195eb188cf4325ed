//! Matrix products in integers: weights of eight bits, one scale an output channel, and activations of seven
//! bits, with a range for each row that is found anew in each product.
//!
//! **Formula**: with `a = s q + l` and `b = t p`, `sum_k a[k] b[k] = s t sum_k q[k] p[k] + l t sum_k p[k]`,
//! where `q = round((a - l) / s)` is from 0 to 127, which is what relaxed SIMD multiplies `i8` by, `l` is the
//! smallest number of the row, and `p = round(b / t)` is from -127 to 127.
//!
//! **Source**: Jacob et al., "Quantization and training of neural networks for efficient
//! integer-arithmetic-only inference", 2018 (<https://arxiv.org/abs/1712.05877>), section 2.

use super::kernels::{PANEL, Packed, VECTORS, Vector as V};
use super::lanes::{Dots, Lanes};

/// Sums of integer products of the build's instruction set.
#[cfg(target_arch = "wasm32")]
pub type Sums = super::simd128::I32x4;
/// Sums of integer products of the build's instruction set.
#[cfg(not(target_arch = "wasm32"))]
pub type Sums = super::lanes::IntegerArray;

/// What the kernels store a weight or an activation as.
pub type Number = <Sums as Dots>::Number;

/// Neighbouring rows of the weights whose products one instruction adds up.
pub const GROUP: usize = Sums::GROUP;

/// The largest rounded weight, and the largest rounded activation.
const LARGEST: f32 = 127.0;
/// A range is as wide as this at least, so that its inverse is finite.
const NARROWEST: f32 = 1e-30;
/// Added to a number from 0 to 127, it leaves the nearest integer in the lowest seven bits.
const ROUNDING: f32 = 8_388_608.0;

/// How a row of activations was rounded.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowRange {
    /// The difference that a rounded activation of one makes.
    pub scale: f32,
    /// What zero stands for.
    pub lowest: f32,
}

/// A matrix of rounded weights, `k` rows of `n` columns, packed as `n / PANEL` panels of `k / GROUP` groups.
#[derive(Clone, Debug)]
pub struct Rounded {
    /// Rows: input channels.
    pub k: usize,
    /// Columns: output channels, padding included.
    pub n: usize,
    /// The panels, one after the other; in a group, the rows of a column lie side by side.
    pub values: Vec<Number>,
    /// The scale of each column.
    pub scales: Vec<f32>,
    /// The sum of each column, after rounding, times its scale.
    pub sums: Vec<f32>,
}

impl Rounded {
    /// Round a matrix.
    ///
    /// # Panics
    /// When the rows are not whole groups.
    pub fn new(weights: &Packed) -> Self {
        let (k, n) = (weights.k, weights.n);
        assert!(k.is_multiple_of(GROUP), "rows in whole groups");
        let mut rounded = Self {
            k,
            n,
            values: vec![Number::default(); k * n],
            scales: vec![0.0; n],
            sums: vec![0.0; n],
        };
        for column in 0..n {
            let values = (0..k).map(|row| weights.at(row, column));
            let widest = values.clone().fold(NARROWEST, |most, w| most.max(w.abs()));
            let mut sum = 0;
            for (row, weight) in values.enumerate() {
                let value = (weight / widest * LARGEST).round_ties_even() as i8;
                let place = rounded.place(row, column);
                rounded.values[place] = Number::from(value);
                sum += i32::from(value);
            }
            rounded.scales[column] = widest / LARGEST;
            rounded.sums[column] = rounded.scales[column] * sum as f32;
        }
        rounded
    }

    /// The number at a row and a column.
    pub fn at(&self, row: usize, column: usize) -> Number {
        self.values[self.place(row, column)]
    }

    fn place(&self, row: usize, column: usize) -> usize {
        let group = column / PANEL * (self.k / GROUP) + row / GROUP;
        (group * PANEL + column % PANEL) * GROUP + row % GROUP
    }

    /// Bytes of the packed numbers.
    pub fn size_bytes(&self) -> usize {
        size_of_val(&self.values[..]) + size_of_val(&self.scales[..]) * 2
    }
}

/// Round every row of an activation to its own range.
///
/// A row with an infinite number gets an infinite range and so no finite result.
///
/// **Shapes**: `[rows, k]` to `[rows, k]` and `[rows]`; `k` is whole panels.
///
/// # Panics
/// When the buffers' lengths do not fit.
pub fn round_rows(a: &[f32], k: usize, out: &mut [Number], ranges: &mut [RowRange]) {
    assert_eq!([out.len(), ranges.len() * k], [a.len(); 2], "shapes");
    let rows = a.chunks_exact(k).zip(out.chunks_exact_mut(k));
    for ((row, out), range) in rows.zip(ranges) {
        // The smallest number is the largest of their opposites.
        let mut extremes = [[V::splat(f32::NEG_INFINITY); VECTORS]; 2];
        for values in row.as_chunks::<PANEL>().0 {
            for v in 0..VECTORS {
                let values = V::load(&values[v * V::COUNT..]);
                extremes[0][v] = extremes[0][v].max(V::splat(0.0).sub(values));
                extremes[1][v] = extremes[1][v].max(values);
            }
        }
        let [lowest, highest] = extremes.map(|vectors| {
            let mut values = [0.0; V::COUNT];
            vectors
                .into_iter()
                .fold(vectors[0], V::max)
                .store(&mut values);
            values.into_iter().fold(f32::NEG_INFINITY, f32::max)
        });
        let lowest = -lowest;
        let width = (highest - lowest).max(NARROWEST);
        let scale = width / LARGEST;
        *range = RowRange { scale, lowest };
        let inverse = LARGEST / width;
        let groups = row.as_chunks::<PANEL>().0.iter();
        for (values, out) in groups.zip(out.as_chunks_mut::<PANEL>().0) {
            *out = values.map(|value| {
                let bits = ((value - lowest) * inverse + ROUNDING).to_bits();
                (bits & 0x7f) as Number
            });
        }
    }
}
