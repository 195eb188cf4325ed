//! The maps of Winograd's minimal filtering between tiles, and their transposes.
//!
//! A tile of the result is `Y = A^T [(G g G^T) . (B^T d B)] A` for filter `g` and input tile `d`. The
//! matrices are those of [`F4x4_3x3`](crate::engine::winograd::WinogradTile::F4x4_3x3), written out, because
//! most of their numbers are zero.

/// Channels that a transform takes at once.
pub(super) const LANES: usize = 8;
/// Pixels of the result along a tile's side.
pub(super) const RESULT: usize = 4;
/// Pixels of the input along a tile's side.
pub(super) const INPUT: usize = 6;
/// Numbers of a transformed tile.
pub(super) const POSITIONS: usize = INPUT * INPUT;
/// One number of each of some channels.
pub(super) type Lanes = [f32; LANES];

/// `B^T d`.
#[inline(always)]
pub(super) fn input([a, b, c, d, e, f]: [f32; INPUT]) -> [f32; INPUT] {
    let (even, odd) = (e - 4.0 * c, d - 4.0 * b);
    let (outer, inner) = (e - c, 2.0 * (d - b));
    [
        4.0 * a - 5.0 * c + e,
        even + odd,
        even - odd,
        outer + inner,
        outer - inner,
        4.0 * b - 5.0 * d + f,
    ]
}

/// `B v`, the transpose of [`input`].
#[inline(always)]
pub(super) fn input_transposed([a, b, c, d, e, f]: [f32; INPUT]) -> [f32; INPUT] {
    let (near, far) = (b + c, d + e);
    let (nearer, farther) = (b - c, 2.0 * (d - e));
    [
        4.0 * a,
        4.0 * (f - nearer) - farther,
        -5.0 * a - 4.0 * near - far,
        nearer + farther - 5.0 * f,
        a + near + far,
        f,
    ]
}

/// `A^T m`.
#[inline(always)]
pub(super) fn output([a, b, c, d, e, f]: [f32; INPUT]) -> [f32; RESULT] {
    let (near, far) = (b + c, d + e);
    let (nearer, farther) = (b - c, d - e);
    [
        a + near + far,
        nearer + 2.0 * farther,
        near + 4.0 * far,
        nearer + 8.0 * farther + f,
    ]
}

/// `A y`, the transpose of [`output`].
#[inline(always)]
pub(super) fn output_transposed([a, b, c, d]: [f32; RESULT]) -> [f32; INPUT] {
    let (near, nearer) = (a + c, b + d);
    let (far, farther) = (a + 4.0 * c, 2.0 * b + 8.0 * d);
    [
        a,
        near + nearer,
        near - nearer,
        far + farther,
        far - farther,
        d,
    ]
}

/// `G g`.
#[inline(always)]
pub(super) fn filter([a, b, c]: [f32; 3]) -> [f32; INPUT] {
    let (near, nearer) = ((a + c) / -6.0, b / -6.0);
    let (far, farther) = (a / 24.0 + c / 6.0, b / 12.0);
    [
        a / 4.0,
        near + nearer,
        near - nearer,
        far + farther,
        far - farther,
        c,
    ]
}

/// `G^T u`, the transpose of [`filter`].
#[inline(always)]
pub(super) fn filter_transposed([a, b, c, d, e, f]: [f32; INPUT]) -> [f32; 3] {
    let (near, far) = ((b + c) / -6.0, (d + e) / 24.0);
    [
        a / 4.0 + near + far,
        (b - c) / -6.0 + (d - e) / 12.0,
        near + 4.0 * far + f,
    ]
}

/// Apply a map to each line; what comes out of a line becomes a column.
///
/// The loops are written out because the closures of an array's `map` stay functions of their own.
#[inline(always)]
fn lines_to_columns<const J: usize, const I: usize, const O: usize>(
    lines: &[[Lanes; I]; J],
    f: impl Fn([f32; I]) -> [f32; O],
) -> [[Lanes; J]; O] {
    let mut columns = [[[0.0; LANES]; J]; O];
    for j in 0..J {
        for lane in 0..LANES {
            let mut line = [0.0; I];
            for i in 0..I {
                line[i] = lines[j][i][lane];
            }
            let line = f(line);
            for o in 0..O {
                columns[o][j][lane] = line[o];
            }
        }
    }
    columns
}

/// Apply a map along rows and columns.
#[inline(always)]
pub(super) fn both<const I: usize, const O: usize>(
    tile: &[[Lanes; I]; I],
    f: impl Fn([f32; I]) -> [f32; O],
) -> [[Lanes; O]; O] {
    lines_to_columns(&lines_to_columns(tile, &f), &f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::winograd::WinogradTile;

    /// The matrix of a map, a row an input.
    fn rows<const I: usize, const O: usize>(map: fn([f32; I]) -> [f32; O]) -> Vec<Vec<f32>> {
        let unit = |i| std::array::from_fn(|j| f32::from(u8::from(i == j)));
        (0..I).map(|i| map(unit(i)).to_vec()).collect()
    }

    fn transposed(matrix: &[Vec<f32>]) -> Vec<Vec<f32>> {
        let column = |i: usize| matrix.iter().map(|row| row[i]).collect();
        (0..matrix[0].len()).map(column).collect()
    }

    fn assert_same(found: &[Vec<f32>], expected: &[Vec<f32>]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!(found.len(), expected.len());
            for (a, b) in found.iter().zip(expected) {
                assert!((a - b).abs() < 1e-6, "{found:?}, expected {expected:?}");
            }
        }
    }

    #[test]
    fn the_maps_are_the_matrices_of_the_engine() {
        let g: Vec<_> = WinogradTile::F4x4_3x3
            .filter_matrix()
            .into_iter()
            .map(Vec::from)
            .collect();
        assert_same(
            &transposed(&rows(input)),
            &WinogradTile::F4x4_3x3.input_matrix(),
        );
        assert_same(
            &transposed(&rows(output)),
            &WinogradTile::F4x4_3x3.output_matrix(),
        );
        assert_same(&transposed(&rows(filter)), &g);
        assert_same(
            &rows(input_transposed),
            &WinogradTile::F4x4_3x3.input_matrix(),
        );
        assert_same(
            &rows(output_transposed),
            &WinogradTile::F4x4_3x3.output_matrix(),
        );
        assert_same(&rows(filter_transposed), &g);
    }
}
