//! The fast kernels, written once for every vector type.
//!
//! What they gain over [`super::scalar`] is in `results/bench.json`, which `scripts/bench` measures.

#![allow(unsafe_code)]

use super::integer::{GROUP, Number, Rounded, RowRange, Sums};
use super::kernels::{Kernels, PANEL, Packed, Shape, Tail, VECTORS, Vector as V};
use super::lanes::{Dots, Lanes};
use super::winograd::Tile;
use super::winograd_vector::{input_tiles, output_tiles};

/// Vectors of the build's instruction set.
#[derive(Clone, Copy, Debug)]
pub struct Vectorized;

const LANES: usize = V::COUNT;
/// Rows of a register tile: with two vectors each, its sums, a row of weights and a factor fill 15 of 16
/// registers.
const ROWS: usize = 6;
/// Rows of a register tile of integers: measured faster than five and six, which would fit, too.
const INTEGER_ROWS: usize = 4;
/// Panels side by side where there is one row only.
const PANELS: usize = 4;
/// The vector at a position.
///
/// # Safety
/// `at + LANES` is at most the length.
#[inline(always)]
pub(super) unsafe fn load(values: &[f32], at: usize) -> V {
    debug_assert!(at + LANES <= values.len());
    // SAFETY: the caller's promise.
    V::load(unsafe { values.get_unchecked(at..at + LANES) })
}

/// Write a vector to a position.
///
/// # Safety
/// `at + LANES` is at most the length.
#[inline(always)]
pub(super) unsafe fn store(vector: V, values: &mut [f32], at: usize) {
    debug_assert!(at + LANES <= values.len());
    // SAFETY: the caller's promise.
    vector.store(unsafe { values.get_unchecked_mut(at..at + LANES) });
}

/// Chains of multiply-adds in [`peak`], enough to hide their latency.
const CHAINS: usize = 12;
/// Multiply-adds of one repetition of [`peak`].
pub const PEAK_MACS: usize = CHAINS * LANES;

/// Multiply and add in registers only: what the kernels' speed is a share of.
pub fn peak(repetitions: u32, factor: f32) -> f32 {
    let factor = V::splat(factor);
    let mut sums = [factor; CHAINS];
    for _ in 0..repetitions {
        for sum in &mut sums {
            *sum = sum.mul_add(factor, factor);
        }
    }
    let mut all = [0.0; LANES];
    sums.into_iter().fold(V::splat(0.0), V::add).store(&mut all);
    all.iter().sum()
}

impl Tail<'_> {
    /// Check that the tail fits an activation of `len` numbers in `c` channels.
    pub(super) fn check(&self, len: usize, c: usize) {
        assert_eq!(self.bias.len(), c, "numbers of the bias");
        assert!(
            self.residual.is_none_or(|r| r.len() == len),
            "numbers of the residual"
        );
    }

    /// Finish the sums at position `at`.
    ///
    /// # Safety
    /// The tail fits the activation, `at` and `channel` lie in it.
    #[inline(always)]
    pub(super) unsafe fn finish(self, sum: V, at: usize, channel: usize) -> V {
        // SAFETY: the caller's promise.
        let mut y = sum.add(unsafe { load(self.bias, channel) });
        if let Some(residual) = self.residual {
            // SAFETY: the caller's promise.
            y = y.add(unsafe { load(residual, at) });
        }
        if self.relu { y.max(V::splat(0.0)) } else { y }
    }
}

/// `R` rows times `P` panels, counted from the first of `a`, `b` and `out`.
#[inline(always)]
fn register_tile<const R: usize, const P: usize>(
    a: &[f32],
    b: &Packed,
    tail: Option<Tail<'_>>,
    out: &mut [f32],
    row: usize,
    panel: usize,
) {
    let k = b.k;
    let rows: [&[f32]; R] = std::array::from_fn(|r| &a[(row + r) * k..][..k]);
    let panels: [&[f32]; P] =
        std::array::from_fn(|p| &b.values[(panel + p) * k * PANEL..][..k * PANEL]);
    let mut sums = [[[V::splat(0.0); VECTORS]; P]; R];
    for i in 0..k {
        for p in 0..P {
            // SAFETY: `i` is below `k`, and a panel holds `k` times `PANEL` numbers.
            let weights = unsafe { panels[p].get_unchecked(i * PANEL..(i + 1) * PANEL) };
            let weights: [V; VECTORS] = std::array::from_fn(|v| V::load(&weights[v * LANES..]));
            for r in 0..R {
                // SAFETY: `i` is below `k`, and a row holds `k` numbers.
                let factor = V::splat(unsafe { *rows[r].get_unchecked(i) });
                for v in 0..VECTORS {
                    sums[r][p][v] = factor.mul_add(weights[v], sums[r][p][v]);
                }
            }
        }
    }
    for r in 0..R {
        let out = &mut out[(row + r) * b.n + panel * PANEL..][..P * PANEL];
        for p in 0..P {
            for v in 0..VECTORS {
                let place = p * PANEL + v * LANES;
                let (at, channel) = (
                    (row + r) * b.n + panel * PANEL + place,
                    panel * PANEL + place,
                );
                let sum = sums[r][p][v];
                // SAFETY: `matmul` has checked that the tail fits, and `out` was cut to this row's part.
                unsafe { store(tail.map_or(sum, |t| t.finish(sum, at, channel)), out, place) };
            }
        }
    }
}

/// `R` rows times a panel of rounded numbers, counted from the first of `a`, `b` and `out`.
#[inline(always)]
fn integer_tile<const R: usize>(
    a: &[Number],
    ranges: &[RowRange],
    b: &Rounded,
    tail: Tail<'_>,
    out: &mut [f32],
    row: usize,
    panel: usize,
) {
    let k = b.k;
    let rows: [&[Number]; R] = std::array::from_fn(|r| &a[(row + r) * k..][..k]);
    let weights = &b.values[panel * k * PANEL..][..k * PANEL];
    let first = panel * PANEL;
    let ranges: &[RowRange; R] = ranges[row..].first_chunk().expect("a range a row");
    let mut sums = [[Sums::ZERO; VECTORS]; R];
    for (group, weights) in weights.chunks_exact(PANEL * GROUP).enumerate() {
        for r in 0..R {
            // SAFETY: there are `k / GROUP` groups, and a row holds `k` numbers.
            let factors = unsafe { rows[r].get_unchecked(group * GROUP..(group + 1) * GROUP) };
            for v in 0..VECTORS {
                sums[r][v] = sums[r][v].dot_add(&weights[v * LANES * GROUP..], factors);
            }
        }
    }
    for r in 0..R {
        let [scale, lowest] = [ranges[r].scale, ranges[r].lowest].map(V::splat);
        for v in 0..VECTORS {
            let (at, channel) = ((row + r) * b.n + first + v * LANES, first + v * LANES);
            // SAFETY: `integer_matmul` has checked the shapes and that the tail fits; there are whole panels.
            unsafe {
                let constant = lowest.mul(load(&b.sums, channel));
                let scale = scale.mul(load(&b.scales, channel));
                let sum = sums[r][v].to_float().mul_add(scale, constant);
                store(tail.finish(sum, at, channel), out, at);
            }
        }
    }
}

impl Kernels for Vectorized {
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn matmul(a: &[f32], b: &Packed, tail: Option<Tail<'_>>, out: &mut [f32]) {
        let rows = a.len() / b.k;
        let panels = b.n / PANEL;
        assert_eq!(
            [a.len(), out.len()],
            [rows * b.k, rows * b.n],
            "the product's shapes"
        );
        if let Some(tail) = tail {
            tail.check(out.len(), b.n);
        }
        if rows == 1 {
            let wide = panels - panels % PANELS;
            for panel in (0..wide).step_by(PANELS) {
                register_tile::<1, PANELS>(a, b, tail, out, 0, panel);
            }
            for panel in wide..panels {
                register_tile::<1, 1>(a, b, tail, out, 0, panel);
            }
            return;
        }
        for panel in 0..panels {
            let mut row = 0;
            while row + ROWS <= rows {
                register_tile::<ROWS, 1>(a, b, tail, out, row, panel);
                row += ROWS;
            }
            match rows - row {
                1 => register_tile::<1, 1>(a, b, tail, out, row, panel),
                2 => register_tile::<2, 1>(a, b, tail, out, row, panel),
                3 => register_tile::<3, 1>(a, b, tail, out, row, panel),
                4 => register_tile::<4, 1>(a, b, tail, out, row, panel),
                5 => register_tile::<5, 1>(a, b, tail, out, row, panel),
                _ => {}
            }
        }
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn integer_matmul(
        a: &[Number],
        ranges: &[RowRange],
        b: &Rounded,
        tail: Tail<'_>,
        out: &mut [f32],
    ) {
        let rows = ranges.len();
        assert_eq!([a.len(), out.len()], [rows * b.k, rows * b.n], "shapes");
        tail.check(out.len(), b.n);
        for panel in 0..b.n / PANEL {
            let mut row = 0;
            while row + INTEGER_ROWS <= rows {
                integer_tile::<INTEGER_ROWS>(a, ranges, b, tail, out, row, panel);
                row += INTEGER_ROWS;
            }
            match rows - row {
                1 => integer_tile::<1>(a, ranges, b, tail, out, row, panel),
                2 => integer_tile::<2>(a, ranges, b, tail, out, row, panel),
                3 => integer_tile::<3>(a, ranges, b, tail, out, row, panel),
                _ => {}
            }
        }
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn depthwise(x: &[f32], shape: Shape, weights: &[f32], bias: &[f32], out: &mut [f32]) {
        let Shape { n, h, w, c } = shape;
        let line = (w + 2) * c;
        assert_eq!(
            [x.len(), out.len()],
            [n * (h + 2) * line, shape.len()],
            "shapes"
        );
        assert_eq!([weights.len(), bias.len()], [9 * c, c], "weights");
        for (row, out) in out.chunks_exact_mut(w * c).enumerate() {
            let x = &x[(row / h * (h + 2) + row % h) * line..][..3 * line];
            for channel in (0..c).step_by(LANES) {
                // SAFETY: of whole vectors in `c` channels there are nine in the weights, one in the
                // bias, `w + 2` in each of three lines of `x` and `w` in `out`.
                unsafe {
                    let taps: [V; 9] = std::array::from_fn(|tap| load(weights, tap * c + channel));
                    let bias = load(bias, channel);
                    let column = |at: usize| -> [V; 3] {
                        std::array::from_fn(|line_| load(x, line_ * line + at * c + channel))
                    };
                    let (mut left, mut middle) = (column(0), column(1));
                    for at in 0..w {
                        let right = column(at + 2);
                        let mut sum = bias;
                        for i in 0..3 {
                            sum = taps[3 * i].mul_add(left[i], sum);
                            sum = taps[3 * i + 1].mul_add(middle[i], sum);
                            sum = taps[3 * i + 2].mul_add(right[i], sum);
                        }
                        store(sum, out, at * c + channel);
                        (left, middle) = (middle, right);
                    }
                }
            }
        }
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn spread(extremes: &[[f32; 2]], weights: &[f32], bias: &[f32], out: &mut [f32]) {
        let c = weights.len();
        assert_eq!([out.len(), bias.len()], [extremes.len() * c, c], "channels");
        for (out, window) in out.chunks_exact_mut(c).zip(extremes) {
            let [low, high] = window.map(V::splat);
            for channel in (0..c).step_by(LANES) {
                // SAFETY: weights, bias and a row of `out` hold `c` numbers, which is whole vectors.
                unsafe {
                    let (weight, bias) = (load(weights, channel), load(bias, channel));
                    let y = low.mul_add(weight, bias).max(high.mul_add(weight, bias));
                    store(y.max(V::splat(0.0)), out, channel);
                }
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
        let (c, line) = (shape.c, shape.w * shape.c);
        for (row, out) in out.chunks_exact_mut(half.w * c).enumerate() {
            let x = &x[(row / half.h * shape.h + row % half.h * 2) * line..][..2 * line];
            for column in 0..half.w {
                for channel in (0..c).step_by(LANES) {
                    let first = 2 * column * c + channel;
                    // SAFETY: `x` was cut to two lines, `out` to one; both hold whole vectors.
                    unsafe {
                        let upper = load(x, first).max(load(x, first + c));
                        let lower = load(x, first + line).max(load(x, first + line + c));
                        store(upper.max(lower), out, column * c + channel);
                    }
                }
            }
        }
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn average_pool(x: &[f32], shape: Shape, out: &mut [f32]) {
        let Shape { n, h, w, c } = shape;
        assert_eq!([x.len(), out.len()], [shape.len(), n * c], "shapes");
        let scale = V::splat(1.0 / (h * w) as f32);
        for (x, out) in x.chunks_exact(h * w * c).zip(out.chunks_exact_mut(c)) {
            for channel in (0..c).step_by(PANEL) {
                let mut sums = [V::splat(0.0); VECTORS];
                for pixel in 0..h * w {
                    for (v, sum) in sums.iter_mut().enumerate() {
                        let at = pixel * c + channel + v * LANES;
                        // SAFETY: `x` was cut to one image, whose pixels hold whole panels.
                        *sum = sum.add(unsafe { load(x, at) });
                    }
                }
                for (sum, out) in sums.into_iter().zip(out[channel..].chunks_exact_mut(LANES)) {
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
        tile: Tile,
        grid: [usize; 2],
        out: &mut [f32],
    ) {
        match tile {
            Tile::Two => input_tiles::<4, 2>(x, n, c, grid, out),
            Tile::Three => input_tiles::<5, 3>(x, n, c, grid, out),
            Tile::Four => input_tiles::<6, 4>(x, n, c, grid, out),
        }
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn winograd_output(m: &[f32], shape: Shape, tile: Tile, tail: Tail<'_>, out: &mut [f32]) {
        match tile {
            Tile::Two => output_tiles::<4, 2>(m, shape, tile, tail, out),
            Tile::Three => output_tiles::<5, 3>(m, shape, tile, tail, out),
            Tile::Four => output_tiles::<6, 4>(m, shape, tile, tail, out),
        }
    }
}
