//! Forward and backward passes of the network's heavy operations, on plain slices.
//!
//! Burn's own CPU gradients of grouped convolution, batch norm and pooling are bound by memory
//! traffic: whole activations are written and read again between operations. Here a group of images
//! stays in cache from convolution to pooling, and matrix products go through `matrixmultiply`.
//! `tests/gradients.rs` holds every function to Burn's gradients.
//!
//! Letters: `n` images, `c` input channels, `m` output channels, `h` x `w` pixels, `k = 9 c`.
//! Work is split over the batch in one part a thread, and partial sums are added in order, so that a
//! run is reproducible for a given number of threads.

use crate::network::layers::Tail;
use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};
use rayon::prelude::*;

/// Sizes of a convolution's input and output.
#[derive(Clone, Copy, Debug)]
pub struct ConvShape {
    /// Images.
    pub n: usize,
    /// Input channels.
    pub c: usize,
    /// Output channels.
    pub m: usize,
    /// Height.
    pub h: usize,
    /// Width.
    pub w: usize,
}

impl ConvShape {
    fn pixels(&self) -> usize {
        self.h * self.w
    }

    fn pooled(&self) -> usize {
        (self.h / 2) * (self.w / 2)
    }

    /// Images that one matrix product takes: enough columns to keep it busy, few enough for the cache.
    fn group(&self) -> usize {
        (384 / self.pixels()).clamp(1, self.n)
    }
}

/// Gradients of an affine operation.
#[derive(Debug)]
pub struct AffineGradients {
    /// Of the input; empty when it was not asked for.
    pub x: Vec<f32>,
    /// Of the weights.
    pub weight: Vec<f32>,
    /// Of the bias.
    pub bias: Vec<f32>,
}

/// Marks an output that ReLU set to zero, among positions 0 to 3 of a pooling window.
const INACTIVE: u8 = 4;

/// `[n, c, h, w]`, `[m, c, 3, 3]`, `[m]` to `[n, m, h/2, w/2]`, and which pixel of each window won.
pub fn conv_relu_pool(x: &[f32], weight: &[f32], bias: &[f32], s: ConvShape) -> (Vec<f32>, Vec<u8>) {
    let (k, group) = (s.c * 9, s.group());
    let mut y = vec![0.0; s.n * s.m * s.pooled()];
    let mut winners = vec![INACTIVE; y.len()];
    let item = s.m * s.pooled();
    y.par_chunks_mut(group * item)
        .zip(winners.par_chunks_mut(group * item))
        .zip(x.par_chunks(group * s.c * s.pixels()))
        .for_each_init(
            || (vec![0.0; k * group * s.pixels()], vec![0.0; s.m * group * s.pixels()]),
            |(columns, out), ((y, winners), x)| {
                let images = y.len() / item;
                let wide = images * s.pixels();
                im2col(x, s, images, columns);
                matmul(weight, (s.m, k), columns, (k, wide), out, false);
                for i in 0..images {
                    for m in 0..s.m {
                        let plane = &out[m * wide + i * s.pixels()..][..s.pixels()];
                        let at = (i * s.m + m) * s.pooled();
                        let range = at..at + s.pooled();
                        pool_plane(plane, s.w, |v| v + bias[m], &mut y[range.clone()], &mut winners[range]);
                    }
                }
            },
        );
    (y, winners)
}

/// The gradients of [`conv_relu_pool`] for the gradient `dy` of its result.
pub fn conv_relu_pool_backward(
    x: &[f32],
    weight: &[f32],
    winners: &[u8],
    dy: &[f32],
    s: ConvShape,
    with_x: bool,
) -> AffineGradients {
    let (k, group) = (s.c * 9, s.group());
    let item = s.m * s.pooled();
    over_parts(s, weight.len(), with_x, |images, grads, dx| {
        let mut columns = vec![0.0; k * group * s.pixels()];
        let mut dcolumns = vec![0.0; if with_x { columns.len() } else { 0 }];
        let mut dout = vec![0.0; s.m * group * s.pixels()];
        let mut start = images.start;
        while start < images.end {
            let count = group.min(images.end - start);
            let wide = count * s.pixels();
            dout[..s.m * wide].fill(0.0);
            for i in 0..count {
                for m in 0..s.m {
                    let range = (start + i) * item + m * s.pooled()..(start + i) * item + (m + 1) * s.pooled();
                    let plane = &mut dout[m * wide + i * s.pixels()..][..s.pixels()];
                    grads.bias[m] += unpool_plane(&dy[range.clone()], &winners[range], s.w, plane);
                }
            }
            let x = &x[start * s.c * s.pixels()..(start + count) * s.c * s.pixels()];
            im2col(x, s, count, &mut columns);
            matmul_transposed_right(&dout, (s.m, wide), &columns, (k, wide), &mut grads.weight);
            if with_x {
                matmul_transposed_left(weight, (s.m, k), &dout, (s.m, wide), &mut dcolumns);
                let at = (start - images.start) * s.c * s.pixels();
                col2im(&dcolumns, s, count, &mut dx[at..at + count * s.c * s.pixels()]);
            }
            start += count;
        }
    })
}

/// `[n, c, h, w]`, `[m, c]`, `[m]` to `[n, m, h, w]`.
pub fn pointwise(x: &[f32], weight: &[f32], bias: &[f32], s: ConvShape) -> Vec<f32> {
    let mut y = vec![0.0; s.n * s.m * s.pixels()];
    y.par_chunks_mut(s.m * s.pixels()).zip(x.par_chunks(s.c * s.pixels())).for_each(|(y, x)| {
        for (plane, b) in y.chunks_exact_mut(s.pixels()).zip(bias) {
            plane.fill(*b);
        }
        matmul(weight, (s.m, s.c), x, (s.c, s.pixels()), y, true);
    });
    y
}

/// The gradients of [`pointwise`].
pub fn pointwise_backward(x: &[f32], weight: &[f32], dy: &[f32], s: ConvShape, with_x: bool) -> AffineGradients {
    over_parts(s, weight.len(), with_x, |images, grads, dx| {
        for i in images.clone() {
            let x = &x[i * s.c * s.pixels()..][..s.c * s.pixels()];
            let dy = &dy[i * s.m * s.pixels()..][..s.m * s.pixels()];
            for (b, plane) in grads.bias.iter_mut().zip(dy.chunks_exact(s.pixels())) {
                *b += sum(plane);
            }
            matmul_transposed_right(dy, (s.m, s.pixels()), x, (s.c, s.pixels()), &mut grads.weight);
            if with_x {
                let dx = &mut dx[(i - images.start) * s.c * s.pixels()..][..s.c * s.pixels()];
                matmul_transposed_left(weight, (s.m, s.c), dy, (s.m, s.pixels()), dx);
            }
        }
    })
}

/// `[n, c, h, w]`, `[c, 1, 3, 3]`, `[c]` to `[n, c, h, w]`; `s.m` equals `s.c`.
pub fn depthwise(x: &[f32], weight: &[f32], bias: &[f32], s: ConvShape) -> Vec<f32> {
    let mut y = vec![0.0; x.len()];
    y.par_chunks_mut(s.c * s.pixels()).zip(x.par_chunks(s.c * s.pixels())).for_each_init(
        || padded(s),
        |border, (y, x)| {
            for c in 0..s.c {
                let plane = c * s.pixels()..(c + 1) * s.pixels();
                pad(&x[plane.clone()], s, border);
                y[plane.clone()].fill(bias[c]);
                convolve(border, tap(weight, c), s, &mut y[plane]);
            }
        },
    );
    y
}

/// The gradients of [`depthwise`].
pub fn depthwise_backward(x: &[f32], weight: &[f32], dy: &[f32], s: ConvShape, with_x: bool) -> AffineGradients {
    over_parts(s, weight.len(), with_x, |images, grads, dx| {
        let mut border = padded(s);
        for i in images.clone() {
            for c in 0..s.c {
                let at = (i * s.c + c) * s.pixels();
                let dy = &dy[at..at + s.pixels()];
                grads.bias[c] += sum(dy);
                pad(&x[at..at + s.pixels()], s, &mut border);
                let dweight: &mut [f32] = &mut grads.weight[c * 9..c * 9 + 9];
                for (t, d) in dweight.iter_mut().enumerate() {
                    *d += (0..s.h).map(|row| dot(&dy[row * s.w..][..s.w], shifted(&border, t, row, s))).sum::<f32>();
                }
                if with_x {
                    pad(dy, s, &mut border);
                    let mut flipped = *tap(weight, c);
                    flipped.reverse();
                    let at = ((i - images.start) * s.c + c) * s.pixels();
                    convolve(&border, &flipped, s, &mut dx[at..at + s.pixels()]);
                }
            }
        }
    })
}

/// Mean and biased variance of each channel of `[n, c, h*w]`: `c` means, then `c` variances.
pub fn channel_moments(x: &[f32], c: usize, pixels: usize) -> Vec<f32> {
    let count = (x.len() / c) as f64;
    let planes = |channel: usize| x[channel * pixels..].chunks(pixels).step_by(c);
    let (mean, variance): (Vec<f32>, Vec<f32>) = (0..c)
        .into_par_iter()
        .map(|channel| {
            let mean = planes(channel).map(|p| f64::from(sum(p))).sum::<f64>() / count;
            let m = mean as f32;
            let squares = planes(channel).map(|p| f64::from(sum_by(p, |v| (v - m) * (v - m)))).sum::<f64>();
            (m, (squares / count) as f32)
        })
        .unzip();
    [mean, variance].concat()
}

/// Sizes of a batch norm's input, what follows it, and its epsilon.
#[derive(Clone, Copy, Debug)]
pub struct NormShape {
    /// Channels.
    pub c: usize,
    /// Height.
    pub h: usize,
    /// Width.
    pub w: usize,
    /// What follows.
    pub tail: Tail,
    /// Added to the variance.
    pub epsilon: f32,
}

impl NormShape {
    fn pixels(&self) -> usize {
        self.h * self.w
    }

    /// Height and width of the result.
    pub fn output(&self) -> (usize, usize) {
        if self.tail == Tail::ReluPool { (self.h / 2, self.w / 2) } else { (self.h, self.w) }
    }

    fn output_pixels(&self) -> usize {
        let (h, w) = self.output();
        h * w
    }
}

/// Normalize with `moments` (see [`channel_moments`]), scale, shift, and apply the tail.
///
/// Returns the result and, with [`Tail::ReluPool`], which pixel of each window won.
pub fn batch_norm(x: &[f32], gamma: &[f32], beta: &[f32], moments: &[f32], s: NormShape) -> (Vec<f32>, Vec<u8>) {
    let images = x.len() / (s.c * s.pixels());
    let item = s.c * s.output_pixels();
    let mut y = vec![0.0; images * item];
    let mut winners = vec![INACTIVE; if s.tail == Tail::ReluPool { y.len() } else { 0 }];
    let winner_item = if s.tail == Tail::ReluPool { item } else { 1 };
    let mut unused = vec![0; if s.tail == Tail::ReluPool { 0 } else { images }];
    let winner_chunks = if s.tail == Tail::ReluPool { &mut winners } else { &mut unused };
    y.par_chunks_mut(item)
        .zip(winner_chunks.par_chunks_mut(winner_item))
        .zip(x.par_chunks(s.c * s.pixels()))
        .for_each(|((y, winners), x)| {
            for c in 0..s.c {
                let scale = gamma[c] / (moments[s.c + c] + s.epsilon).sqrt();
                let shift = beta[c] - moments[c] * scale;
                let x = &x[c * s.pixels()..][..s.pixels()];
                let range = c * s.output_pixels()..(c + 1) * s.output_pixels();
                match s.tail {
                    Tail::Linear => map(x, &mut y[range], |v| v * scale + shift),
                    Tail::Relu => map(x, &mut y[range], |v| (v * scale + shift).max(0.0)),
                    Tail::ReluPool => {
                        // The scale may be negative, so pixels are compared after it.
                        pool_plane(x, s.w, |v| v * scale + shift, &mut y[range.clone()], &mut winners[range]);
                    }
                }
            }
        });
    (y, winners)
}

/// The gradients of [`batch_norm`] when `moments` are those of `x`.
///
/// **Source**: Ioffe and Szegedy, "Batch normalization", 2015, section 3 (<https://arxiv.org/abs/1502.03167>).
pub fn batch_norm_backward(
    x: &[f32],
    gamma: &[f32],
    moments: &[f32],
    y: &[f32],
    winners: &[u8],
    dy: &[f32],
    s: NormShape,
) -> AffineGradients {
    let images = x.len() / (s.c * s.pixels());
    let count = (images * s.pixels()) as f32;
    let inverse: Vec<f32> = moments[s.c..].iter().map(|v| 1.0 / (v + s.epsilon).sqrt()).collect();
    // The gradient in front of the tail, one plane at a time.
    let plane_gradient = |image: usize, c: usize, plane: &mut [f32]| {
        let at = (image * s.c + c) * s.output_pixels();
        let range = at..at + s.output_pixels();
        match s.tail {
            Tail::Linear => plane.copy_from_slice(&dy[range]),
            Tail::Relu => {
                for ((d, g), v) in plane.iter_mut().zip(&dy[range.clone()]).zip(&y[range]) {
                    *d = if *v > 0.0 { *g } else { 0.0 };
                }
            }
            Tail::ReluPool => {
                plane.fill(0.0);
                unpool_plane(&dy[range.clone()], &winners[range], s.w, plane);
            }
        }
    };
    let sums: Vec<[f32; 2]> = (0..s.c)
        .into_par_iter()
        .map_init(
            || vec![0.0; s.pixels()],
            |plane, c| {
                let mut total = [0.0_f64; 2];
                for image in 0..images {
                    plane_gradient(image, c, plane);
                    let x = &x[(image * s.c + c) * s.pixels()..][..s.pixels()];
                    total[0] += f64::from(sum(plane));
                    total[1] += f64::from(dot(plane, x));
                }
                let mean = f64::from(moments[c]);
                [total[0] as f32, ((total[1] - mean * total[0]) * f64::from(inverse[c])) as f32]
            },
        )
        .collect();
    let mut dx = vec![0.0; x.len()];
    dx.par_chunks_mut(s.c * s.pixels()).enumerate().for_each(|(image, dx)| {
        for c in 0..s.c {
            let plane = &mut dx[c * s.pixels()..][..s.pixels()];
            plane_gradient(image, c, plane);
            let x = &x[(image * s.c + c) * s.pixels()..][..s.pixels()];
            let [total, total_x] = sums[c];
            let scale = gamma[c] * inverse[c];
            let slope = total_x / count * inverse[c];
            let offset = total / count - slope * moments[c];
            for (d, v) in plane.iter_mut().zip(x) {
                *d = scale * (*d - offset - slope * v);
            }
        }
    });
    AffineGradients {
        x: dx,
        weight: sums.iter().map(|s| s[1]).collect(),
        bias: sums.iter().map(|s| s[0]).collect(),
    }
}

/// Run `work` on one range of images a thread and add up the gradients of weights and bias.
fn over_parts<F>(s: ConvShape, weights: usize, with_x: bool, work: F) -> AffineGradients
where
    F: Fn(std::ops::Range<usize>, &mut AffineGradients, &mut [f32]) + Sync,
{
    let parts = rayon::current_num_threads().min(s.n).max(1);
    let size = s.n.div_ceil(parts);
    let mut dx = vec![0.0; if with_x { s.n * s.c * s.pixels() } else { 0 }];
    let mut chunks: Vec<&mut [f32]> = dx.chunks_mut((size * s.c * s.pixels()).max(1)).collect();
    chunks.resize_with(parts, Default::default);
    let partial: Vec<AffineGradients> = chunks
        .into_par_iter()
        .enumerate()
        .map(|(part, dx)| {
            let images = (part * size).min(s.n)..((part + 1) * size).min(s.n);
            let mut grads = AffineGradients {
                x: Vec::new(),
                weight: vec![0.0; weights],
                bias: vec![0.0; s.m],
            };
            work(images, &mut grads, dx);
            grads
        })
        .collect();
    let mut partial = partial.into_iter();
    let mut total = partial.next().expect("at least one part");
    for grads in partial {
        add(&mut total.weight, &grads.weight);
        add(&mut total.bias, &grads.bias);
    }
    total.x = dx;
    total
}

/// Write the 3x3 neighborhoods of `images` pictures as columns: `[9 c, images * h * w]`.
fn im2col(x: &[f32], s: ConvShape, images: usize, columns: &mut [f32]) {
    let wide = images * s.pixels();
    for row in 0..s.c * 9 {
        let (c, dy, dx) = (row / 9, row % 9 / 3, row % 3);
        for i in 0..images {
            let plane = &x[(i * s.c + c) * s.pixels()..][..s.pixels()];
            let out = &mut columns[row * wide + i * s.pixels()..][..s.pixels()];
            for (y, out) in out.chunks_exact_mut(s.w).enumerate() {
                match (y + dy).checked_sub(1).filter(|y| *y < s.h) {
                    None => out.fill(0.0),
                    Some(y) => shift_row(&plane[y * s.w..][..s.w], dx, out),
                }
            }
        }
    }
}

/// Copy a row so that `out[x] = row[x + dx - 1]`, zero outside.
fn shift_row(row: &[f32], dx: usize, out: &mut [f32]) {
    let w = row.len();
    match dx {
        0 => {
            out[0] = 0.0;
            out[1..].copy_from_slice(&row[..w - 1]);
        }
        1 => out.copy_from_slice(row),
        _ => {
            out[..w - 1].copy_from_slice(&row[1..]);
            out[w - 1] = 0.0;
        }
    }
}

/// The transpose of [`im2col`]: add every column back to the pixels it was taken from.
fn col2im(columns: &[f32], s: ConvShape, images: usize, x: &mut [f32]) {
    let wide = images * s.pixels();
    for row in 0..s.c * 9 {
        let (c, dy, dx) = (row / 9, row % 9 / 3, row % 3);
        for i in 0..images {
            let plane = &mut x[(i * s.c + c) * s.pixels()..][..s.pixels()];
            let source = &columns[row * wide + i * s.pixels()..][..s.pixels()];
            for (y, source) in source.chunks_exact(s.w).enumerate() {
                if let Some(y) = (y + dy).checked_sub(1).filter(|y| *y < s.h) {
                    let out = &mut plane[y * s.w..][..s.w];
                    match dx {
                        0 => add(&mut out[..s.w - 1], &source[1..]),
                        1 => add(out, source),
                        _ => add(&mut out[1..], &source[..s.w - 1]),
                    }
                }
            }
        }
    }
}

/// 2x2 max-pooling and ReLU of one plane after the monotone or affine map `f`.
fn pool_plane(plane: &[f32], w: usize, f: impl Fn(f32) -> f32, y: &mut [f32], winners: &mut [u8]) {
    let half = w / 2;
    for (row, (y, winners)) in y.chunks_exact_mut(half).zip(winners.chunks_exact_mut(half)).enumerate() {
        let top = &plane[2 * row * w..][..w];
        let bottom = &plane[(2 * row + 1) * w..][..w];
        for (column, (y, winner)) in y.iter_mut().zip(winners).enumerate() {
            let window = [top[2 * column], top[2 * column + 1], bottom[2 * column], bottom[2 * column + 1]];
            let (mut best, mut at) = (0.0, INACTIVE);
            for (position, v) in window.into_iter().enumerate() {
                let v = f(v);
                if v > best {
                    (best, at) = (v, position as u8);
                }
            }
            (*y, *winner) = (best, at);
        }
    }
}

/// Put each pooled gradient on the pixel that won; returns the sum of those that were put.
fn unpool_plane(dy: &[f32], winners: &[u8], w: usize, plane: &mut [f32]) -> f32 {
    let half = w / 2;
    let mut total = 0.0;
    for (at, (d, winner)) in dy.iter().zip(winners).enumerate() {
        if *winner != INACTIVE {
            let (row, column) = (at / half, at % half);
            let (down, right) = (usize::from(winner / 2), usize::from(winner % 2));
            plane[(2 * row + down) * w + 2 * column + right] = *d;
            total += d;
        }
    }
    total
}

/// Room for a plane with a border of zeros.
fn padded(s: ConvShape) -> Vec<f32> {
    vec![0.0; (s.h + 2) * (s.w + 2)]
}

fn pad(plane: &[f32], s: ConvShape, border: &mut [f32]) {
    for (y, row) in plane.chunks_exact(s.w).enumerate() {
        border[(y + 1) * (s.w + 2) + 1..][..s.w].copy_from_slice(row);
    }
}

/// The part of a padded plane that tap `t` (0 to 8) of output row `y` reads.
fn shifted(border: &[f32], t: usize, y: usize, s: ConvShape) -> &[f32] {
    &border[(y + t / 3) * (s.w + 2) + t % 3..][..s.w]
}

fn tap(weight: &[f32], c: usize) -> &[f32; 9] {
    &weight.as_chunks::<9>().0[c]
}

/// Add the 3x3 correlation of a padded plane to `out`.
fn convolve(border: &[f32], taps: &[f32; 9], s: ConvShape, out: &mut [f32]) {
    for (y, out) in out.chunks_exact_mut(s.w).enumerate() {
        for (t, weight) in taps.iter().enumerate() {
            for (o, v) in out.iter_mut().zip(shifted(border, t, y, s)) {
                *o += weight * v;
            }
        }
    }
}

/// `out = a b`, or `out += a b`; shapes `[rows, inner]`, `[inner, columns]`, `[rows, columns]`.
fn matmul(a: &[f32], a_dims: (usize, usize), b: &[f32], b_dims: (usize, usize), out: &mut [f32], add: bool) {
    let beta = if add { 1.0 } else { 0.0 };
    general_mat_mul(1.0, &view(a, a_dims), &view(b, b_dims), beta, &mut view_mut(out, (a_dims.0, b_dims.1)));
}

/// `out += a b^T`; shapes `[rows, inner]`, `[columns, inner]`, `[rows, columns]`.
fn matmul_transposed_right(a: &[f32], a_dims: (usize, usize), b: &[f32], b_dims: (usize, usize), out: &mut [f32]) {
    general_mat_mul(1.0, &view(a, a_dims), &view(b, b_dims).t(), 1.0, &mut view_mut(out, (a_dims.0, b_dims.0)));
}

/// `out = a^T b`; shapes `[inner, rows]`, `[inner, columns]`, `[rows, columns]`.
fn matmul_transposed_left(a: &[f32], a_dims: (usize, usize), b: &[f32], b_dims: (usize, usize), out: &mut [f32]) {
    general_mat_mul(1.0, &view(a, a_dims).t(), &view(b, b_dims), 0.0, &mut view_mut(out, (a_dims.1, b_dims.1)));
}

fn view(data: &[f32], dims: (usize, usize)) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape(dims, &data[..dims.0 * dims.1]).expect("a slice of rows x columns")
}

fn view_mut(data: &mut [f32], dims: (usize, usize)) -> ArrayViewMut2<'_, f32> {
    ArrayViewMut2::from_shape(dims, &mut data[..dims.0 * dims.1]).expect("a slice of rows x columns")
}

fn map(x: &[f32], y: &mut [f32], f: impl Fn(f32) -> f32) {
    for (y, x) in y.iter_mut().zip(x) {
        *y = f(*x);
    }
}

fn add(total: &mut [f32], part: &[f32]) {
    for (t, p) in total.iter_mut().zip(part) {
        *t += p;
    }
}

/// Sixteen running sums, so that the compiler may use vector registers.
fn sum_by(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<16>();
    let mut lanes = [0.0; 16];
    for chunk in chunks {
        for (lane, v) in lanes.iter_mut().zip(chunk) {
            *lane += f(*v);
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|v| f(*v)).sum::<f32>()
}

fn sum(values: &[f32]) -> f32 {
    sum_by(values, |v| v)
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut lanes = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for i in 0..8 {
            lanes[i] += a[i] * b[i];
        }
    }
    lanes.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}
