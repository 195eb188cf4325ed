//! Winograd's transforms over vectors of channels: the fast twin of what [`crate::engine::scalar`] computes
//! with the matrices of [`crate::engine::winograd`]. The sums are written out, without the terms that are zero.

#![allow(unsafe_code)]

use crate::engine::instruction_set::Vector as V;
use crate::engine::lanes::{Additive, Lanes};
use crate::engine::layout::product;
use crate::engine::winograd::{MAX_SIDE, WinogradTile};

/// `B^T d` for the tile whose input side is `T`.
#[inline(always)]
fn transform_input<const T: usize, X: Additive>(d: [X; T]) -> [X; T] {
    let mut padded = [X::ZERO; MAX_SIDE];
    padded[..T].copy_from_slice(&d);
    let [a, b, c, d, e, f] = padded;
    let two = |v: X| v.add(v);
    let all = if T == 5 {
        let (ca, db, ec) = (c.sub(a), d.sub(b), e.sub(c));
        [
            d.sub(b).sub(two(ca)),
            d.sub(c).sub(two(b)),
            d.add(two(b)).sub(two(c)).sub(c),
            db,
            ec.sub(two(db)),
            a,
        ]
    } else {
        let (even, odd) = (e.add_times(-4, c), d.add_times(-4, b));
        let (outer, inner) = (e.sub(c), two(d.sub(b)));
        [
            e.add_times(-5, c).add_times(4, a),
            even.add(odd),
            even.sub(odd),
            outer.add(inner),
            outer.sub(inner),
            f.add_times(-5, d).add_times(4, b),
        ]
    };
    std::array::from_fn(|i| all[i])
}

/// `A^T m` for the tile whose input side is `T` and output side `M`.
#[inline(always)]
pub(super) fn transform_output<const T: usize, const M: usize>(m: [V; T]) -> [V; M] {
    let mut padded = [V::splat(0.0); MAX_SIDE];
    padded[..T].copy_from_slice(&m);
    let [a, b, c, d, e, f] = padded;
    let (sum, difference) = (b.add(c), b.sub(c));
    let all = if T == 5 {
        let two = d.add(d);
        [
            a.add(sum).add(d),
            difference.add(two),
            sum.add(two).add(two).add(e),
            a,
        ]
    } else {
        let (far, apart) = (d.add(e), d.sub(e));
        [
            a.add(sum).add(far),
            V::splat(2.0).mul_add(apart, difference),
            V::splat(4.0).mul_add(far, sum),
            V::splat(8.0).mul_add(apart, difference).add(f),
        ]
    };
    std::array::from_fn(|i| all[i])
}

/// `B^T d B` of every tile, of pixels that are so many vectors.
#[inline(always)]
pub(super) fn input<X: Additive>(
    x: &[X::Memory],
    n: usize,
    pixel: usize,
    tile: WinogradTile,
    grid: [usize; 2],
    out: &mut [X::Memory],
) {
    match tile {
        WinogradTile::F3x3_3x3 => input_tiles::<5, 3, X>(x, n, pixel, grid, out),
        WinogradTile::F4x4_3x3 => input_tiles::<6, 4, X>(x, n, pixel, grid, out),
    }
}

/// The same for the tile whose input side is `T` and output side `M`.
#[inline(always)]
fn input_tiles<const T: usize, const M: usize, X: Additive>(
    x: &[X::Memory],
    n: usize,
    pixel: usize,
    [rows, columns]: [usize; 2],
    out: &mut [X::Memory],
) {
    // This product comes first: that it fits means that none of those after it wraps around.
    let transformed = product([T * T, n, rows, columns, pixel]);
    let (h, w, tiles) = (rows * M + 2, columns * M + 2, n * rows * columns);
    let image = product([n, h, w, pixel]);
    assert_eq!([x.len(), out.len()], [image, transformed], "shapes");
    for number in 0..tiles {
        let (image, row, column) = (
            number / (rows * columns),
            number / columns % rows,
            number % columns,
        );
        let first = ((image * h + row * M) * w + column * M) * pixel;
        let lines: [&[X::Memory]; T] =
            std::array::from_fn(|i| &x[first + i * w * pixel..][..T * pixel]);
        for channel in 0..pixel {
            let along: [[X; T]; T] = std::array::from_fn(|i| {
                transform_input(std::array::from_fn(|j| {
                    // SAFETY: `j` is below `T` and `channel` below `pixel`; each line was cut to `T * pixel` vectors.
                    X::load(unsafe { lines[i].get_unchecked(j * pixel + channel) })
                }))
            });
            for j in 0..T {
                let column = transform_input::<T, X>(std::array::from_fn(|i| along[i][j]));
                for i in 0..T {
                    let at = ((number * T + i) * T + j) * pixel + channel;
                    // SAFETY: `i` and `j` are below `T`, `number` below `tiles` and `channel` below `pixel`; as
                    // asserted, `out` holds `T * T * tiles * pixel` vectors.
                    column[i].store(unsafe { out.get_unchecked_mut(at) });
                }
            }
        }
    }
}
