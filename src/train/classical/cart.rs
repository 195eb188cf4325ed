//! One decision tree, grown by the CART algorithm.
//!
//! **Source**: Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984: the split with the
//! least impurity; Agarwal et al., "Hierarchical shrinkage", 2022 (<https://arxiv.org/abs/2202.00858>): leaves that
//! borrow from the nodes above them.

use super::check;
use super::impurity::Criterion;
use crate::classical::trees::Node;
use crate::dataset::Samples;
use crate::image::PIXELS;
use crate::label::CLASSES;
use chacha20::ChaCha12Rng;
use rand::{SeedableRng, seq::index};
use rayon::prelude::*;

/// The training images by column: the values of one pixel in all images.
pub(super) struct Table {
    columns: Vec<Vec<u8>>,
    labels: Vec<u8>,
}

impl Table {
    /// The table of some images.
    pub(super) fn new(samples: &Samples) -> Result<Self, String> {
        check(!samples.is_empty(), "the number of images", 0, "at least 1")?;
        let column = |pixel: usize| samples.images.iter().map(|i| i.pixels()[pixel]).collect();
        Ok(Self {
            columns: (0..PIXELS).map(column).collect(),
            labels: samples.labels.iter().map(|l| l.index() as u8).collect(),
        })
    }
}

/// A candidate split of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Split {
    /// Sum over both sides, as [`Criterion::purity`] measures it.
    purity: f64,
    pixel: usize,
    threshold: u8,
}

impl Split {
    /// The purer of two splits; of equals, the one with the lower pixel index.
    fn better(self, other: Self) -> Self {
        let order = self.purity.total_cmp(&other.purity);
        if order.then(other.pixel.cmp(&self.pixel)).is_ge() {
            self
        } else {
            other
        }
    }
}

/// How a tree grows.
#[derive(Clone, Copy)]
pub(super) struct Growth {
    pub(super) criterion: Criterion,
    pub(super) pixels_per_split: usize,
    pub(super) min_samples_leaf: usize,
    pub(super) shrinkage: f32,
}

/// The class shares of a node.
#[derive(Clone, Copy)]
struct Shares {
    /// Among its images.
    plain: [f32; CLASSES],
    /// After hierarchical shrinkage towards the nodes above.
    shrunk: [f32; CLASSES],
    images: usize,
}

impl Shares {
    /// The shares of a node below another one, or of the root.
    ///
    /// **Formula**: `shrunk = shrunk_above + (plain - plain_above) / (1 + shrinkage / images_above)`.
    fn new(counts: &[usize; CLASSES], above: Option<Self>, shrinkage: f32) -> Self {
        let images = counts.iter().sum();
        let plain = counts.map(|n| n as f32 / images as f32);
        let shrunk = above.map_or(plain, |above| {
            let factor = 1.0 / (1.0 + shrinkage / above.images as f32);
            std::array::from_fn(|c| above.shrunk[c] + (plain[c] - above.plain[c]) * factor)
        });
        Self {
            plain,
            shrunk,
            images,
        }
    }
}

/// Grows one tree.
pub(super) struct Grower<'a> {
    table: &'a Table,
    growth: Growth,
    pub(super) random: ChaCha12Rng,
    nodes: Vec<Node>,
}

impl<'a> Grower<'a> {
    /// An empty tree.
    pub(super) fn new(table: &'a Table, growth: Growth, seed: u64) -> Result<Self, String> {
        let Growth {
            pixels_per_split: pixels,
            min_samples_leaf: least,
            shrinkage,
            ..
        } = growth;
        let range = "1 to 784";
        check(
            (1..=PIXELS).contains(&pixels),
            "pixels_per_split",
            pixels,
            range,
        )?;
        check(least > 0, "min_samples_leaf", least, "at least 1")?;
        check(shrinkage >= 0.0, "shrinkage", shrinkage, "at least 0")?;
        Ok(Self {
            table,
            growth,
            random: ChaCha12Rng::seed_from_u64(seed),
            nodes: Vec::new(),
        })
    }

    /// The nodes of the tree over some images, in preorder.
    pub(super) fn tree(mut self, rows: &mut [u32]) -> Vec<Node> {
        self.grow(rows, None);
        self.nodes
    }

    /// Append the nodes of the tree over some images, in preorder, below a node or as the root.
    fn grow(&mut self, rows: &mut [u32], above: Option<Shares>) {
        let counts = self.counts(rows);
        let shares = Shares::new(&counts, above, self.growth.shrinkage);
        let pure = counts.iter().filter(|n| **n > 0).count() == 1;
        let Some(split) = (if pure { None } else { self.best_split(rows) }) else {
            let byte = |share: f32| (share * 255.0).round() as u8;
            self.nodes.push(Node::Leaf(shares.shrunk.map(byte)));
            return;
        };
        let Split {
            pixel, threshold, ..
        } = split;
        let node = Node::Split {
            pixel: pixel as u16,
            threshold,
        };
        self.nodes.push(node);
        let column = &self.table.columns[pixel];
        rows.sort_by_key(|row| column[*row as usize] > threshold);
        let darker = rows.partition_point(|row| column[*row as usize] <= threshold);
        let (left, right) = rows.split_at_mut(darker);
        self.grow(left, Some(shares));
        self.grow(right, Some(shares));
    }

    fn counts(&self, rows: &[u32]) -> [usize; CLASSES] {
        let mut counts = [0; CLASSES];
        for row in rows {
            counts[usize::from(self.table.labels[*row as usize])] += 1;
        }
        counts
    }

    fn best_split(&mut self, rows: &[u32]) -> Option<Split> {
        let pixels =
            index::sample(&mut self.random, PIXELS, self.growth.pixels_per_split).into_vec();
        let counts = self.counts(rows);
        let unsplit = self.growth.criterion.purity(&counts, rows.len());
        let best = pixels
            .into_par_iter()
            .map_init(Vec::new, |sorted, pixel| {
                self.best_threshold(rows, &counts, pixel, sorted)
            })
            .flatten()
            .reduce_with(Split::better)?;
        (best.purity > unsplit + 1e-9).then_some(best)
    }

    /// The best threshold of a pixel that leaves enough images on both sides.
    fn best_threshold(
        &self,
        rows: &[u32],
        counts: &[usize; CLASSES],
        pixel: usize,
        sorted: &mut Vec<u16>,
    ) -> Option<Split> {
        let (column, labels) = (&self.table.columns[pixel], &self.table.labels);
        let (criterion, least) = (self.growth.criterion, self.growth.min_samples_leaf);
        sorted.clear();
        // Brightness above label in one number, so that sorting is by brightness.
        let packed = |row: &u32| {
            let row = *row as usize;
            u16::from(column[row]) << 4 | u16::from(labels[row])
        };
        sorted.extend(rows.iter().map(packed));
        sorted.sort_unstable();
        let (mut left, mut right) = ([0; CLASSES], *counts);
        let mut best: Option<Split> = None;
        for (i, pair) in sorted.windows(2).enumerate() {
            let class = usize::from(pair[0] & 15);
            left[class] += 1;
            right[class] -= 1;
            let (darker, brighter) = (i + 1, sorted.len() - i - 1);
            let same = pair[0] >> 4 == pair[1] >> 4;
            if same || darker < least || brighter < least {
                continue;
            }
            let split = Split {
                purity: criterion.purity(&left, darker) + criterion.purity(&right, brighter),
                pixel,
                threshold: (pair[0] >> 4) as u8,
            };
            best = Some(best.map_or(split, |best| best.better(split)));
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_borrow_from_the_nodes_above() {
        let [mut root, mut leaf] = [[0; CLASSES]; 2];
        root[..2].copy_from_slice(&[6, 4]);
        leaf[0] = 2;
        let root = Shares::new(&root, None, 10.0);
        assert_eq!(root.shrunk[..2], [0.6, 0.4]);
        // Ten images of shrinkage weigh as much as the ten of the root: half of the way.
        let shrunk = Shares::new(&leaf, Some(root), 10.0).shrunk;
        assert!((shrunk[0] - 0.8).abs() < 1e-6 && (shrunk[1] - 0.2).abs() < 1e-6);
        assert_eq!(Shares::new(&leaf, Some(root), 0.0).shrunk[..2], [1.0, 0.0]);
    }
}
