//! The recipes of `decision-tree` and `random-forest`.
//!
//! **Source**: Breiman, "Random forests", 2001: each tree grows on a bootstrap sample, and each split chooses among a
//! few random pixels.

use super::cart::{Grower, Growth, Table};
use super::impurity::Criterion;
use super::{Fit, check};
use crate::classical::trees::{DecisionTree, Node, RandomForest};
use crate::dataset::Samples;
use crate::image::PIXELS;
use itertools::iproduct;
use rand::RngExt;
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
    /// Strength of hierarchical shrinkage: the weight of the node above, in images.
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
        let nodes = Grower::new(&table, growth, 0)?.tree(&mut rows);
        DecisionTree::new(nodes.into_iter()).map_err(|e| e.to_string())
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
            Ok(grower.tree(&mut rows))
        };
        let trees: Result<Vec<_>, _> = (0..choice.trees).into_par_iter().map(grow).collect();
        RandomForest::new(trees?.into_iter().flatten()).map_err(|e| e.to_string())
    }
}
