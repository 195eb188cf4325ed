//! Winograd's algorithm on integers: twice as many products an instruction as in single precision, and filters of a
//! half or a quarter of the bytes.
//!
//! Activations are rounded once, with one scale per image, to integers so small that the transform of the input stays
//! within 16 bits and so is exact. The transformed filters have 16 or 8 bits, with one scale per output channel and
//! position, so coarse that no sum of products can exceed 32 bits. Sums are converted to single precision, in
//! which the transform of the output goes on.
//!
//! **Source**: the scales are those of Jacob et al., "Quantization and training of neural networks for efficient
//! integer-arithmetic-only inference", 2018 (<https://arxiv.org/abs/1712.05877>), section 2, with a zero point of zero.

use super::instruction_set::{LANES, PAIR, Vector as V};
use super::lanes::{Additive, Lanes};
use super::layout::{PANEL, PackedMatrix, Shape, VECTORS, as_vectors, product, vectors_per_pixel};
use super::quantization::sum;

/// Rows for each position that a [`ShortMatrix`] may have, so that its weights are left some bits.
pub const MOST_ROWS: usize = 16_384;
/// To so many channels the build with the widest vectors pads.
const WIDEST_PANEL: usize = 16;
const _: () = assert!(WIDEST_PANEL.is_multiple_of(PANEL));
/// So large may the sum of a column's absolute values be: its product with the largest activation fits into 32 bits.
const LARGEST_SUM: f32 = 65_536.0;
/// A range is at least this wide, so that its inverse is finite.
const NARROWEST: f32 = 1e-30;
/// Added to a number between the least and the largest 16-bit integer, it leaves the nearest one in the lowest 16 bits.
const ROUNDING: f32 = 12_582_912.0;

/// The type in which a transformed filter is stored.
pub trait ShortWeight: Copy + Default + Into<i32> {
    /// The largest weight.
    const LARGEST: f32;

    /// The nearest weight.
    fn nearest(value: f32) -> Self;
}

impl ShortWeight for i8 {
    const LARGEST: f32 = 127.0;

    fn nearest(value: f32) -> Self {
        value.round_ties_even() as Self
    }
}

impl ShortWeight for i16 {
    const LARGEST: f32 = 32_767.0;

    fn nearest(value: f32) -> Self {
        value.round_ties_even() as Self
    }
}

/// Two rows of a panel; those of a column lie side by side.
pub type PanelPair<W> = [[[W; PAIR]; LANES]; VECTORS];

/// Transformed filters, `k` rows of `n` columns for each position, packed as `n / PANEL` panels of `positions * k / 2`
/// pairs of rows.
#[derive(Clone, Debug)]
pub struct ShortMatrix<W> {
    positions: usize,
    k: usize,
    n: usize,
    panels: Vec<PanelPair<W>>,
    /// For each panel, one scale per position and column.
    scales: Vec<[[f32; LANES]; VECTORS]>,
}

impl<W: ShortWeight> ShortMatrix<W> {
    /// Round a matrix of `positions * k` rows.
    ///
    /// # Panics
    /// When the rows are not as many pairs for every position, or more than [`MOST_ROWS`] for each.
    pub fn new(weights: &PackedMatrix, positions: usize) -> Self {
        let (k, n) = (weights.k() / positions, weights.n());
        assert!(
            positions * k == weights.k() && k.is_multiple_of(PAIR) && k <= MOST_ROWS,
            "{} rows for {positions} positions",
            weights.k()
        );
        let mut short = Self {
            positions,
            k,
            n,
            panels: vec![
                [[[W::default(); PAIR]; LANES]; VECTORS];
                n / PANEL * positions * k / PAIR
            ],
            scales: vec![[[0.0; LANES]; VECTORS]; n / PANEL * positions],
        };
        for (position, column) in (0..positions).flat_map(|p| (0..n).map(move |c| (p, c))) {
            short.round(position, column, weights);
        }
        short
    }

    /// Put matrices of as many rows side by side. Room is reserved for parts of the first one's size.
    ///
    /// # Panics
    /// When there is no part, or parts differ in rows.
    pub fn side_by_side(mut parts: impl ExactSizeIterator<Item = Self>) -> Self {
        let mut all = parts.next().expect("a part");
        all.panels.reserve_exact(all.panels.len() * parts.len());
        for part in parts {
            assert_eq!([part.positions, part.k], [all.positions, all.k], "rows");
            all.n += part.n;
            all.panels.extend(part.panels);
            all.scales.extend(part.scales);
        }
        all
    }

    fn round(&mut self, position: usize, column: usize, weights: &PackedMatrix) {
        let first = position * self.k;
        let sizes = (first..first + self.k).map(|row| weights.at(row, column).abs());
        let widest = sizes.clone().fold(NARROWEST, f32::max);
        let sum = sizes.sum::<f32>().max(NARROWEST);
        // Rounding adds less than one to each. Every build counts as many, so that all have the same weights.
        let rounded = self.k.next_multiple_of(WIDEST_PANEL) as f32;
        let steps = (W::LARGEST / widest).min((LARGEST_SUM - rounded) / sum);
        let (panel, column_of_panel) = (column / PANEL, column % PANEL);
        for row in first..first + self.k {
            let pair = &mut self.panels[(panel * self.positions * self.k + row) / PAIR];
            pair.as_flattened_mut()[column_of_panel][row % PAIR] =
                W::nearest(weights.at(row, column) * steps);
        }
        let scales = &mut self.scales[panel * self.positions + position];
        scales.as_flattened_mut()[column_of_panel] = 1.0 / steps;
    }

    /// Positions of the tile.
    pub fn positions(&self) -> usize {
        self.positions
    }

    /// Rows for each position: input channels.
    pub fn k(&self) -> usize {
        self.k
    }

    /// Columns: output channels, padding included.
    pub fn n(&self) -> usize {
        self.n
    }

    /// The `k / 2` pairs of rows of a panel at a position, and the scale of each column there.
    ///
    /// # Panics
    /// When there is no such panel or position.
    #[inline(always)]
    pub fn panel(
        &self,
        number: usize,
        position: usize,
    ) -> (&[PanelPair<W>], &[[f32; LANES]; VECTORS]) {
        let at = number * self.positions + position;
        let pairs = self.k / PAIR;
        (&self.panels[at * pairs..][..pairs], &self.scales[at])
    }

    /// Bytes of the packed numbers.
    pub fn size_bytes(&self) -> usize {
        size_of_val(&self.panels[..]) + size_of_val(&self.scales[..])
    }
}

/// Round images to integers of at most `largest`, and put a border of zeros around each, as
/// [`zero_pad`](super::im2col::zero_pad) does; each image has a scale of its own.
///
/// An image with a number that is not finite gets NaN for a scale and so no finite result.
///
/// **Shapes**: `[n, h, w, c]` to `[n, height, width, c]` and `[n]`.
///
/// # Panics
/// When the buffers' lengths do not fit the shapes, channels are not padded to whole panels, or a size is zero.
#[inline(always)]
pub fn round_and_pad(
    x: &[f32],
    shape: Shape,
    [height, width]: [usize; 2],
    largest: i16,
    out: &mut [i16],
    scales: &mut [f32],
) {
    let Shape { n, h, w, c } = shape;
    let size = product([height, width, vectors_per_pixel(c) * LANES]);
    assert_eq!(
        [x.len(), out.len(), scales.len()],
        [shape.len(), product([n, size]), n],
        "shapes"
    );
    let images = x.chunks_exact(h * w * c).zip(out.chunks_exact_mut(size));
    for ((image, out), scale) in images.zip(scales) {
        let (widest, zero) = widest(image);
        let widest = widest.max(NARROWEST);
        *scale = widest / f32::from(largest) + zero;
        let inverse = f32::from(largest) / widest;
        out.fill(0);
        let lines = out.chunks_exact_mut(width * c).skip(1).take(height - 1);
        for (line, out) in image.chunks_exact(w * c).zip(lines) {
            let used = line.len().min(out.len() - c);
            for (value, out) in line[..used].iter().zip(&mut out[c..]) {
                *out = (value * inverse + ROUNDING).to_bits() as i16;
            }
        }
    }
}

/// The largest absolute value of whole panels, and zero, or NaN when a number is not finite.
#[inline(always)]
fn widest(values: &[f32]) -> (f32, f32) {
    let (mut widest, mut zeros) = ([V::ZERO; VECTORS], [V::ZERO; VECTORS]);
    for panel in as_vectors(values).as_chunks::<VECTORS>().0 {
        for v in 0..VECTORS {
            let values = V::load(&panel[v]);
            widest[v] = widest[v].max(values).max(V::ZERO.sub(values));
            zeros[v] = values.mul_add(V::ZERO, zeros[v]);
        }
    }
    let mut values = [0.0; LANES];
    widest.into_iter().fold(V::ZERO, V::max).store(&mut values);
    (values.into_iter().fold(0.0, f32::max), sum(zeros))
}
