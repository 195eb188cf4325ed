//! Decision trees by the CART algorithm, and forests of them.
//!
//! **Source**: Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984: the split
//! with the least Gini impurity; Breiman, "Random forests", 2001: a bootstrap sample a tree, some pixels a
//! split.

use super::{Fit, check};
use crate::classical::decision_tree::{Node, Trees};
use crate::classical::{Classical, DecisionTree, RandomForest};
use crate::dataset::Samples;
use crate::image::PIXELS;
use crate::label::CLASSES;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng, seq::index};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// The recipe of `decision-tree`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeRecipe {
    min_samples_leaf: Vec<usize>,
}

/// A choice for `decision-tree`.
#[derive(Clone, Debug, Serialize)]
pub struct TreeChoice {
    min_samples_leaf: usize,
}

impl Fit for TreeRecipe {
    type Choice = TreeChoice;

    fn choices(&self) -> Vec<TreeChoice> {
        let choice = |&min_samples_leaf: &usize| TreeChoice { min_samples_leaf };
        self.min_samples_leaf.iter().map(choice).collect()
    }

    fn fit(&self, choice: &TreeChoice, samples: &Samples) -> Result<Classical, String> {
        let table = Table::new(samples)?;
        let mut rows: Vec<u32> = (0..samples.len() as u32).collect();
        let mut grower = Grower::new(&table, PIXELS, choice.min_samples_leaf, 0)?;
        grower.grow(&mut rows);
        let trees = Trees::new(grower.nodes.into_iter()).map_err(|e| e.to_string())?;
        let tree = DecisionTree::new(trees).map_err(|e| e.to_string())?;
        Ok(Classical::DecisionTree(tree))
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

    fn choices(&self) -> Vec<ForestChoice> {
        let mut choices = Vec::new();
        for &trees in &self.trees {
            for &pixels_per_split in &self.pixels_per_split {
                for &min_samples_leaf in &self.min_samples_leaf {
                    choices.push(ForestChoice {
                        trees,
                        pixels_per_split,
                        min_samples_leaf,
                        seed: self.seed,
                    });
                }
            }
        }
        choices
    }

    fn fit(&self, choice: &ForestChoice, samples: &Samples) -> Result<Classical, String> {
        check(choice.trees > 0, "trees", choice.trees, "at least 1")?;
        let table = Table::new(samples)?;
        let grow = |tree: usize| -> Result<Vec<Node>, String> {
            let seed = choice.seed << 32 | tree as u64;
            let (pixels, least) = (choice.pixels_per_split, choice.min_samples_leaf);
            let mut grower = Grower::new(&table, pixels, least, seed)?;
            let count = samples.len() as u32;
            let draw = |_| grower.random.random_range(0..count);
            let mut rows: Vec<u32> = (0..count).map(draw).collect();
            grower.grow(&mut rows);
            Ok(grower.nodes)
        };
        let trees: Result<Vec<_>, _> = (0..choice.trees).into_par_iter().map(grow).collect();
        let trees = Trees::new(trees?.into_iter().flatten()).map_err(|e| e.to_string())?;
        Ok(Classical::RandomForest(RandomForest(trees)))
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
    /// Sum over both sides of the squared class counts over the side's count; the larger, the purer.
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

/// A tree in the making.
struct Grower<'a> {
    table: &'a Table,
    pixels_per_split: usize,
    min_samples_leaf: usize,
    random: StdRng,
    nodes: Vec<Node>,
}

impl<'a> Grower<'a> {
    fn new(table: &'a Table, pixels: usize, least: usize, seed: u64) -> Result<Self, String> {
        let range = "1 to 784";
        check(
            (1..=PIXELS).contains(&pixels),
            "pixels_per_split",
            pixels,
            range,
        )?;
        check(least > 0, "min_samples_leaf", least, "at least 1")?;
        Ok(Self {
            table,
            pixels_per_split: pixels,
            min_samples_leaf: least,
            random: StdRng::seed_from_u64(seed),
            nodes: Vec::new(),
        })
    }

    /// Append the nodes of the tree over some images, in preorder.
    fn grow(&mut self, rows: &mut [u32]) {
        let counts = self.counts(rows);
        let pure = counts.iter().filter(|n| **n > 0).count() == 1;
        let Some(split) = (if pure { None } else { self.best_split(rows) }) else {
            self.nodes.push(Node::Leaf(weights(&counts)));
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
        self.grow(left);
        self.grow(right);
    }

    fn counts(&self, rows: &[u32]) -> [usize; CLASSES] {
        let mut counts = [0; CLASSES];
        for row in rows {
            counts[usize::from(self.table.labels[*row as usize])] += 1;
        }
        counts
    }

    fn best_split(&mut self, rows: &[u32]) -> Option<Split> {
        let pixels = index::sample(&mut self.random, PIXELS, self.pixels_per_split).into_vec();
        let counts = self.counts(rows);
        let unsplit = purity(&counts, rows.len());
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
            if same || darker < self.min_samples_leaf || brighter < self.min_samples_leaf {
                continue;
            }
            let split = Split {
                purity: purity(&left, darker) + purity(&right, brighter),
                pixel,
                threshold: (pair[0] >> 4) as u8,
            };
            best = Some(best.map_or(split, |best| best.better(split)));
        }
        best
    }
}

/// Sum of the squared class counts over the count: the count times one minus the Gini impurity.
fn purity(counts: &[usize; CLASSES], count: usize) -> f64 {
    counts.iter().map(|n| n * n).sum::<usize>() as f64 / count as f64
}

/// Class counts as bytes.
fn weights(counts: &[usize; CLASSES]) -> [u8; CLASSES] {
    let most = counts.iter().copied().max().unwrap_or(0).max(255);
    counts.map(|n| (n * 255 / most) as u8)
}
