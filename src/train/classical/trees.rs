//! Decision trees by the CART algorithm, and forests of them.
//!
//! **Source**: Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984: the split
//! with the least impurity; Breiman, "Random forests", 2001: a bootstrap sample a tree, some pixels a split;
//! Agarwal et al., "Hierarchical shrinkage", 2022 (<https://arxiv.org/abs/2202.00858>): leaves that borrow
//! from the nodes above them.

use super::{Fit, check};
use crate::classical::trees::{DecisionTree, Node, RandomForest};
use crate::dataset::Samples;
use crate::image::PIXELS;
use crate::label::CLASSES;
use chacha20::ChaCha12Rng;
use itertools::iproduct;
use rand::{RngExt, SeedableRng, seq::index};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// The recipe of `decision-tree`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeRecipe {
    criterion: Vec<Criterion>,
    min_samples_leaf: Vec<usize>,
    shrinkage: Vec<f32>,
}

/// A choice for `decision-tree`.
#[derive(Clone, Debug, Serialize)]
pub struct TreeChoice {
    criterion: Criterion,
    min_samples_leaf: usize,
    /// Images that the node above counts for, in the class shares of a node.
    shrinkage: f32,
}

impl Fit for TreeRecipe {
    type Choice = TreeChoice;
    type Model = DecisionTree;

    fn choices(&self) -> Vec<TreeChoice> {
        iproduct!(&self.criterion, &self.min_samples_leaf, &self.shrinkage)
            .map(|(&criterion, &min_samples_leaf, &shrinkage)| TreeChoice {
                criterion,
                min_samples_leaf,
                shrinkage,
            })
            .collect()
    }

    fn fit(&self, choice: &TreeChoice, samples: &Samples) -> Result<DecisionTree, String> {
        let table = Table::new(samples)?;
        let mut rows: Vec<u32> = (0..samples.len() as u32).collect();
        let growth = Growth {
            criterion: choice.criterion,
            pixels_per_split: PIXELS,
            min_samples_leaf: choice.min_samples_leaf,
            shrinkage: choice.shrinkage,
        };
        let mut grower = Grower::new(&table, growth, 0)?;
        grower.grow(&mut rows, None);
        DecisionTree::new(grower.nodes.into_iter()).map_err(|e| e.to_string())
    }
}

/// The recipe of `random-forest`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForestRecipe {
    trees: Vec<usize>,
    pixels_per_split: Vec<usize>,
    min_samples_leaf: Vec<usize>,
    seed: u64,
}

/// A choice for `random-forest`.
#[derive(Clone, Debug, Serialize)]
pub struct ForestChoice {
    trees: usize,
    pixels_per_split: usize,
    min_samples_leaf: usize,
    seed: u64,
}

impl Fit for ForestRecipe {
    type Choice = ForestChoice;
    type Model = RandomForest;

    fn choices(&self) -> Vec<ForestChoice> {
        iproduct!(&self.trees, &self.pixels_per_split, &self.min_samples_leaf)
            .map(
                |(&trees, &pixels_per_split, &min_samples_leaf)| ForestChoice {
                    trees,
                    pixels_per_split,
                    min_samples_leaf,
                    seed: self.seed,
                },
            )
            .collect()
    }

    fn fit(&self, choice: &ForestChoice, samples: &Samples) -> Result<RandomForest, String> {
        check(choice.trees > 0, "trees", choice.trees, "at least 1")?;
        let table = Table::new(samples)?;
        let grow = |tree: usize| -> Result<Vec<Node>, String> {
            let seed = choice.seed << 32 | tree as u64;
            let growth = Growth {
                criterion: Criterion::Gini,
                pixels_per_split: choice.pixels_per_split,
                min_samples_leaf: choice.min_samples_leaf,
                shrinkage: 0.0,
            };
            let mut grower = Grower::new(&table, growth, seed)?;
            let count = samples.len() as u32;
            let draw = |_| grower.random.random_range(0..count);
            let mut rows: Vec<u32> = (0..count).map(draw).collect();
            grower.grow(&mut rows, None);
            Ok(grower.nodes)
        };
        let trees: Result<Vec<_>, _> = (0..choice.trees).into_par_iter().map(grow).collect();
        RandomForest::new(trees?.into_iter().flatten()).map_err(|e| e.to_string())
    }
}

/// What makes a node impure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Criterion {
    /// `1 - sum_c p_c^2`.
    Gini,
    /// `-sum_c p_c ln p_c`.
    Entropy,
}

impl Criterion {
    /// The images of a node times a constant minus its impurity: the larger, the purer.
    fn purity(self, counts: &[usize; CLASSES], count: usize) -> f64 {
        match self {
            Self::Gini => counts.iter().map(|n| n * n).sum::<usize>() as f64 / count as f64,
            Self::Entropy => {
                let term = |n: usize| {
                    if n == 0 {
                        0.0
                    } else {
                        n as f64 * (n as f64).ln()
                    }
                };
                counts.iter().map(|n| term(*n)).sum::<f64>() - term(count)
            }
        }
    }
}

/// The images as columns, one a pixel.
struct Table {
    columns: Vec<Vec<u8>>,
    labels: Vec<u8>,
}

impl Table {
    fn new(samples: &Samples) -> Result<Self, String> {
        check(!samples.is_empty(), "the number of images", 0, "at least 1")?;
        let column = |pixel: usize| samples.images.iter().map(|i| i.pixels()[pixel]).collect();
        Ok(Self {
            columns: (0..PIXELS).map(column).collect(),
            labels: samples.labels.iter().map(|l| l.index() as u8).collect(),
        })
    }
}

/// A split that may be made.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Split {
    /// Sum over both sides, as [`Criterion::purity`] measures it.
    purity: f64,
    pixel: usize,
    threshold: u8,
}

impl Split {
    /// The purer of two, the one of the first pixel when they are equal.
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
struct Growth {
    criterion: Criterion,
    pixels_per_split: usize,
    min_samples_leaf: usize,
    shrinkage: f32,
}

/// What a node says of the classes.
#[derive(Clone, Copy)]
struct Shares {
    /// Among its images.
    plain: [f32; CLASSES],
    /// Drawn towards those of the nodes above.
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

/// A tree in the making.
struct Grower<'a> {
    table: &'a Table,
    growth: Growth,
    random: ChaCha12Rng,
    nodes: Vec<Node>,
}

impl<'a> Grower<'a> {
    fn new(table: &'a Table, growth: Growth, seed: u64) -> Result<Self, String> {
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
    fn purity_is_the_images_times_a_constant_less_the_impurity() {
        let mut counts = [0; CLASSES];
        counts[2..4].copy_from_slice(&[3, 1]);
        let gini = 1.0 - (0.75_f64.powi(2) + 0.25_f64.powi(2));
        let entropy = -(0.75 * 0.75_f64.ln() + 0.25 * 0.25_f64.ln());
        assert!((Criterion::Gini.purity(&counts, 4) - 4.0 * (1.0 - gini)).abs() < 1e-12);
        assert!((Criterion::Entropy.purity(&counts, 4) + 4.0 * entropy).abs() < 1e-12);
    }

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
