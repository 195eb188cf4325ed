//! Winograd's transforms over vectors of channels: the fast twin of what [`crate::engine::scalar`] computes
//! with the matrices of [`crate::engine::winograd`]. The sums are written out, without the terms that are zero.

#![allow(unsafe_code)]

use super::epilogue::VectorEpilogue;
use crate::engine::instruction_set::{LANES, Vector as V};
use crate::engine::kernels::Epilogue;
use crate::engine::lanes::Lanes;
use crate::engine::layout::{Shape, as_vectors, as_vectors_mut, product, vectors_per_pixel};
use crate::engine::winograd::{MAX_SIDE, WinogradTile};

/// `B^T d` for the tile whose input side is `T`.
#[inline(always)]
fn transform_input<const T: usize>(d: [V; T]) -> [V; T] {
    let mut padded = [V::splat(0.0); MAX_SIDE];
    padded[..T].copy_from_slice(&d);
    let [a, b, c, d, e, f] = padded;
    let two = |v: V| v.add(v);
    let four = V::splat(-4.0);
    let all = match T {
        4 => [c.sub(a), b.add(c), c.sub(b), d.sub(b), a, a],
        5 => {
            let (ca, db, ec) = (c.sub(a), d.sub(b), e.sub(c));
            [
                d.sub(b).sub(two(ca)),
                d.sub(c).sub(two(b)),
                d.add(two(b)).sub(two(c)).sub(c),
                db,
                ec.sub(two(db)),
                a,
            ]
        }
        _ => {
            let (even, odd) = (four.mul_add(c, e), four.mul_add(b, d));
            let (outer, inner) = (e.sub(c), two(d.sub(b)));
            let ends = V::splat(-5.0);
            [
                ends.mul_add(c, e).sub(four.mul(a)),
                even.add(odd),
                even.sub(odd),
                outer.add(inner),
                outer.sub(inner),
                ends.mul_add(d, f).sub(four.mul(b)),
            ]
        }
    };
    std::array::from_fn(|i| all[i])
}

/// `A^T m` for the tile whose input side is `T` and output side `M`.
#[inline(always)]
fn transform_output<const T: usize, const M: usize>(m: [V; T]) -> [V; M] {
    let mut padded = [V::splat(0.0); MAX_SIDE];
    padded[..T].copy_from_slice(&m);
    let [a, b, c, d, e, f] = padded;
    let (sum, difference) = (b.add(c), b.sub(c));
    let all = match T {
        4 => [a.add(sum), difference.add(d), a, a],
        5 => {
            let two = d.add(d);
            [
                a.add(sum).add(d),
                difference.add(two),
                sum.add(two).add(two).add(e),
                a,
            ]
        }
        _ => {
            let (far, apart) = (d.add(e), d.sub(e));
            [
                a.add(sum).add(far),
                V::splat(2.0).mul_add(apart, difference),
                V::splat(4.0).mul_add(far, sum),
                V::splat(8.0).mul_add(apart, difference).add(f),
            ]
        }
    };
    std::array::from_fn(|i| all[i])
}

/// `B^T d B` of every tile whose input side is `T` and output side `M`.
#[inline(always)]
pub(super) fn input_tiles<const T: usize, const M: usize>(
    x: &[f32],
    n: usize,
    c: usize,
    [rows, columns]: [usize; 2],
    out: &mut [f32],
) {
    // This product comes first: that it fits means that none of those after it wraps around.
    let transformed = product([T * T, n, rows, columns, c]);
    let (h, w, tiles) = (rows * M + 2, columns * M + 2, n * rows * columns);
    let image = product([n, h, w, c]);
    assert_eq!([x.len(), out.len()], [image, transformed], "shapes");
    let pixel = vectors_per_pixel(c);
    let (x, out) = (as_vectors(x), as_vectors_mut(out));
    for number in 0..tiles {
        let (image, row, column) = (
            number / (rows * columns),
            number / columns % rows,
            number % columns,
        );
        let first = ((image * h + row * M) * w + column * M) * pixel;
        let lines: [&[[f32; LANES]]; T] =
            std::array::from_fn(|i| &x[first + i * w * pixel..][..T * pixel]);
        for channel in 0..pixel {
            let along: [[V; T]; T] = std::array::from_fn(|i| {
                transform_input(std::array::from_fn(|j| {
                    // SAFETY: `j` is below `T` and `channel` below `pixel`; each line was cut to `T * pixel` vectors.
                    V::load(unsafe { lines[i].get_unchecked(j * pixel + channel) })
                }))
            });
            for j in 0..T {
                let column = transform_input::<T>(std::array::from_fn(|i| along[i][j]));
                for i in 0..T {
                    let at = ((i * T + j) * tiles + number) * pixel + channel;
                    // SAFETY: `i` and `j` are below `T`, `number` below `tiles` and `channel` below `pixel`; as
                    // asserted, `out` holds `T * T * tiles * pixel` vectors.
                    column[i].store(unsafe { out.get_unchecked_mut(at) });
                }
            }
        }
    }
}

/// `A^T m A` of every tile whose input side is `T` and output side `M`, then the epilogue.
#[inline(always)]
pub(super) fn output_tiles<const T: usize, const M: usize>(
    m: &[f32],
    shape: Shape,
    tile: WinogradTile,
    epilogue: Epilogue<'_>,
    out: &mut [f32],
) {
    let Shape { n, h, w, c } = shape;
    let (rows, columns) = (tile.count(h), tile.count(w));
    let tiles = n * rows * columns;
    let transformed = product([T * T, n, rows, columns, c]);
    assert_eq!([m.len(), out.len()], [transformed, shape.len()], "shapes");
    let pixel = vectors_per_pixel(c);
    let epilogue = VectorEpilogue::new(epilogue, out.len(), c);
    let (m, out) = (as_vectors(m), as_vectors_mut(out));
    assert!(epilogue.fits(out.len(), pixel), "epilogue");
    for number in 0..tiles {
        let (image, row, column) = (
            number / (rows * columns),
            number / columns % rows,
            number % columns,
        );
        let (top, left) = (row * M, column * M);
        let first = ((image * h + top) * w + left) * pixel;
        for channel in 0..pixel {
            let up: [[V; M]; T] = std::array::from_fn(|j| {
                transform_output::<T, M>(std::array::from_fn(|i| {
                    let at = ((i * T + j) * tiles + number) * pixel + channel;
                    // SAFETY: `i` and `j` are below `T`, `number` below `tiles` and `channel` below `pixel`; as
                    // asserted, `m` holds `T * T * tiles * pixel` vectors.
                    V::load(unsafe { m.get_unchecked(at) })
                }))
            });
            for i in 0..M {
                if top + i >= h {
                    break;
                }
                let values: [V; M] = transform_output::<T, M>(std::array::from_fn(|j| up[j][i]));
                for j in 0..M {
                    if left + j >= w {
                        break;
                    }
                    let at = first + (i * w + j) * pixel + channel;
                    // SAFETY: the epilogue fits `out`, as asserted; rows and columns outside the image are left
                    // out, so that `at` lies in `out`, which holds `n * h * w * pixel` vectors.
                    let y = unsafe { epilogue.finish(values[j], at, channel) };
                    // SAFETY: as above.
                    y.store(unsafe { out.get_unchecked_mut(at) });
                }
            }
        }
    }
}
