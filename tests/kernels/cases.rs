//! What the kernels are run on: every remainder of a tile, and numbers of every size.

use threadcount::engine::layout::{PANEL, PackedMatrix, Shape, padded_channels};

/// Rows of a product: ten whole register tiles of six rows and every remainder, before and after.
pub const MOST_ROWS: usize = 67;
/// Sizes of the input: ordinary, none, huge and tiny numbers.
pub const SCALES: [f32; 4] = [1.0, 0.0, 1e30, 1e-38];

/// Numbers between -`scale` and `scale` that look random and never change.
pub fn numbers(len: usize, scale: f32) -> Vec<f32> {
    let mut state = 12345_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..len).map(|_| next() * scale).collect()
}

/// A product of `rows` times `k` numbers and `k` times `n` weights.
#[derive(Clone, Copy, Debug)]
pub struct ProductCase {
    pub rows: usize,
    pub k: usize,
    pub n: usize,
    pub scale: f32,
}

impl ProductCase {
    /// Every number of rows, and every scale on products that are long, wide or narrow.
    pub fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for rows in 0..=MOST_ROWS {
            for (k, n) in [(1, 1), (9, 10), (33, 70)] {
                let scale = 1.0;
                cases.push(Self { rows, k, n, scale });
            }
        }
        for scale in SCALES {
            for (rows, k, n) in [(1, 33, 70), (3, 128, 17), (7, 300, 40), (50, 64, 33)] {
                cases.push(Self { rows, k, n, scale });
            }
        }
        cases
    }

    pub fn weights(self) -> PackedMatrix {
        let mut weights = PackedMatrix::zeros(self.k, self.n);
        for (i, value) in numbers(self.k * self.n, 1.0).into_iter().enumerate() {
            weights.set(i / self.n, i % self.n, value);
        }
        weights
    }
}

/// An activation.
#[derive(Clone, Copy, Debug)]
pub struct ImageCase {
    pub h: usize,
    pub w: usize,
    pub channels: usize,
    pub scale: f32,
}

impl ImageCase {
    /// Every remainder of a tile and of a pooling window, then larger images at every scale.
    pub fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        let mut add = |h, w, channels, scale| {
            cases.push(Self {
                h,
                w,
                channels,
                scale,
            });
        };
        for (h, w) in (1..=6).flat_map(|h| [1, 2, 3, 4, 5, 6].map(|w| (h, w))) {
            add(h, w, 1, 1.0);
            add(h, w, PANEL + 1, 1.0);
        }
        for side in [7, 14] {
            for channels in [1, 3, 7, 8, 17, 33] {
                for scale in SCALES {
                    add(side, side, channels, scale);
                }
            }
        }
        cases
    }

    pub fn shape(self) -> Shape {
        Shape {
            n: 2,
            h: self.h,
            w: self.w,
            c: padded_channels(self.channels),
        }
    }

    /// Two images; the numbers of the second are a tenth as large, so that a mixed-up scale shows.
    pub fn image(self) -> Vec<f32> {
        let mut image = numbers(self.shape().len(), self.scale);
        let half = image.len() / 2;
        image[half..].iter_mut().for_each(|value| *value *= 0.1);
        image
    }
}
