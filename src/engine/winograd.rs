//! Winograd convolution: a 3x3 convolution as many small matrix products.
//!
//! F(m x m, 3x3) computes an `m x m` tile of the output with `(m + 2)^2` multiplications per pair of channels
//! instead of `9 m^2`: `Y = A^T [(G g G^T) . (B^T d B)] A` for filter `g` and input tile `d`. Larger tiles
//! save more and round more; `tests/kernels` states the tolerance.
//!
//! **Source**: Lavin and Gray, "Fast algorithms for convolutional neural networks", 2015, section 4
//! (<https://arxiv.org/abs/1509.09308>). The matrices follow the Toom-Cook construction in Blahut,
//! "Fast algorithms for signal processing", 2010, section 5.2, with the points below and infinity.

use super::layout::PANEL;

/// Taps of the filter along one side.
const TAPS: usize = 3;
/// The largest input tile along one side.
pub const MAX_SIDE: usize = 6;
/// Tiles whose products are computed one after the other before they are transformed, so few that in the browser the
/// products of a panel of channels, at most 18 kB, stay in the first level of the cache.
pub const BLOCK: usize = 16;
/// Interpolation points, as many as a tile needs from the front.
const POINTS: [f32; 5] = [0.0, 1.0, -1.0, 2.0, -2.0];

/// The size of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WinogradTile {
    /// F(3x3, 3x3): 3x3 of the output from 5x5 of the input.
    F3x3_3x3,
    /// F(4x4, 3x3): 4x4 of the output from 6x6 of the input.
    F4x4_3x3,
}

impl WinogradTile {
    /// All sizes.
    pub const ALL: [Self; 2] = [Self::F3x3_3x3, Self::F4x4_3x3];

    /// The size with the fewest multiplications for an output of `height` times `width`.
    pub fn best(height: usize, width: usize) -> Self {
        let cost = |tile: &Self| tile.tiles([height, width]) * tile.positions();
        Self::ALL
            .into_iter()
            .min_by_key(cost)
            .unwrap_or(Self::F3x3_3x3)
    }

    /// Pixels of the output along one side.
    pub fn output_side(self) -> usize {
        match self {
            Self::F3x3_3x3 => 3,
            Self::F4x4_3x3 => 4,
        }
    }

    /// Pixels of the input along one side.
    pub fn input_side(self) -> usize {
        self.output_side() + TAPS - 1
    }

    /// Numbers in a transformed tile.
    pub fn positions(self) -> usize {
        self.input_side() * self.input_side()
    }

    /// Tiles that cover `length` pixels of the output.
    pub fn count(self, length: usize) -> usize {
        length.div_ceil(self.output_side())
    }

    /// Tiles that cover so many rows and columns of the output.
    pub fn tiles(self, covered: [usize; 2]) -> usize {
        self.count(covered[0]) * self.count(covered[1])
    }

    /// Rows and columns of the padded input that those tiles read.
    pub fn padded(self, covered: [usize; 2]) -> [usize; 2] {
        covered.map(|length| self.count(length) * self.output_side() + TAPS - 1)
    }

    /// Numbers that the products of a block of tiles with a panel of channels take.
    pub fn scratch(self) -> usize {
        self.positions() * BLOCK * PANEL
    }

    /// `B^T`: `input_side` rows of `input_side` numbers.
    ///
    /// Row `i` holds the coefficients of the product of `x - p` over all points but the `i`-th; the last
    /// row those of the product over all.
    pub fn input_matrix(self) -> Vec<Vec<f32>> {
        let points = self.points();
        let mut rows: Vec<_> = (0..points.len())
            .map(|skip| {
                let others = points.iter().enumerate().filter(|(i, _)| *i != skip);
                polynomial(others.map(|(_, p)| *p), self.input_side())
            })
            .collect();
        rows.push(polynomial(points.iter().copied(), self.input_side()));
        rows
    }

    /// The largest integer whose transform stays within 16 bits: no sum of `B^T d B` is larger than the largest number of
    /// `d` times the square of the largest sum of absolute values of a row of `B^T`.
    pub fn largest_input(self) -> i16 {
        match self {
            Self::F3x3_3x3 => 910,
            Self::F4x4_3x3 => 327,
        }
    }

    /// `G`: `input_side` rows of three numbers.
    pub fn filter_matrix(self) -> Vec<[f32; TAPS]> {
        let points = self.points();
        let mut rows: Vec<_> = points
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let others = points.iter().enumerate().filter(|(j, _)| *j != i);
                let scale: f32 = others.map(|(_, q)| p - q).product();
                [1.0, *p, p * p].map(|power| power / scale)
            })
            .collect();
        rows.push([0.0, 0.0, 1.0]);
        rows
    }

    /// `A^T`: `output_side` rows of `input_side` numbers.
    pub fn output_matrix(self) -> Vec<Vec<f32>> {
        (0..self.output_side())
            .map(|power| {
                let mut row: Vec<f32> =
                    self.points().iter().map(|p| p.powi(power as i32)).collect();
                row.push(if power + 1 == self.output_side() {
                    1.0
                } else {
                    0.0
                });
                row
            })
            .collect()
    }

    /// `G g G^T` of one filter in row-major order; `g` is [`WinogradTile::filter_matrix`], and as many numbers
    /// count as the tile has positions.
    pub fn transform_filter(
        g: &[[f32; TAPS]],
        filter: &[f32; TAPS * TAPS],
    ) -> [f32; MAX_SIDE * MAX_SIDE] {
        let mut transformed = [0.0; MAX_SIDE * MAX_SIDE];
        let mut next = transformed.iter_mut();
        for row in g {
            let along: [f32; TAPS] =
                std::array::from_fn(|x| (0..TAPS).map(|y| row[y] * filter[y * TAPS + x]).sum());
            for (column, out) in g.iter().zip(next.by_ref()) {
                *out = along.iter().zip(column).map(|(a, b)| a * b).sum();
            }
        }
        transformed
    }

    fn points(self) -> &'static [f32] {
        &POINTS[..self.input_side() - 1]
    }
}

/// Coefficients of the product of `x - root`, lowest power first, padded with zeros.
fn polynomial(roots: impl Iterator<Item = f32>, length: usize) -> Vec<f32> {
    let mut coefficients = vec![0.0; length];
    coefficients[0] = 1.0;
    for root in roots {
        for i in (0..length).rev() {
            let shifted = if i > 0 { coefficients[i - 1] } else { 0.0 };
            coefficients[i] = shifted - root * coefficients[i];
        }
    }
    coefficients
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrices_filter_exactly() {
        // On small whole numbers every step is exact to a few ULP, whatever the tile.
        for tile in WinogradTile::ALL {
            let signal: Vec<f32> = (0..tile.input_side()).map(|i| (i * i % 7) as f32).collect();
            let filter = [1.0, -2.0, 3.0];
            let transformed: Vec<f32> = tile
                .input_matrix()
                .iter()
                .zip(tile.filter_matrix())
                .map(|(b, g)| {
                    let signal: f32 = b.iter().zip(&signal).map(|(a, b)| a * b).sum();
                    let filter: f32 = g.iter().zip(filter).map(|(a, b)| a * b).sum();
                    signal * filter
                })
                .collect();
            for (i, row) in tile.output_matrix().iter().enumerate() {
                let found: f32 = row.iter().zip(&transformed).map(|(a, b)| a * b).sum();
                let expected: f32 = (0..TAPS).map(|t| signal[i + t] * filter[t]).sum();
                assert!(
                    (found - expected).abs() < 1e-4,
                    "{tile:?} {i}: {found}, {expected}"
                );
            }
        }
    }

    #[test]
    fn the_largest_integers_stay_within_16_bits() {
        for tile in WinogradTile::ALL {
            let sum = |row: &Vec<f32>| row.iter().map(|value| value.abs()).sum::<f32>();
            let most = tile.input_matrix().iter().map(sum).fold(0.0, f32::max);
            let largest = f32::from(i16::MAX) / (most * most);
            assert_eq!(tile.largest_input(), largest as i16, "{tile:?}");
        }
    }

    #[test]
    fn the_cheapest_tile_is_chosen() {
        for (side, tile) in [
            (1, WinogradTile::F3x3_3x3),
            (6, WinogradTile::F3x3_3x3),
            (7, WinogradTile::F4x4_3x3),
            (14, WinogradTile::F4x4_3x3),
        ] {
            assert_eq!(WinogradTile::best(side, side), tile, "{side}");
        }
    }
}
