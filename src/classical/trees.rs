//! A decision tree over pixels, and a forest: the mean of many trees, each fitted on other images and other pixels.
//!
//! **Source**: Breiman, "Random forests", Machine Learning 45 (2001).
//!
//! A file holds trees as their nodes in preorder: a split, then everything on its left, then everything on
//! its right. Nothing points anywhere, so a tree cannot point outside itself or in a circle; it can only
//! end too early, which is an error. The leaves of a forest repeat one another, so each kind is filed once; a
//! single tree gains nothing by it.

use super::{ClassicalModel, content, logits_of_probabilities};
use crate::classifier::Classifier;
use crate::image::PIXELS;
use crate::label::CLASSES;
use crate::prediction::Logits;
use crate::preprocess::{Features, normalize_pixel};
use crate::tensor_file::{TensorFile, TensorFileBuilder, WeightsError};
use std::collections::HashMap;

/// What a file has in a leaf's place among the splits' pixels.
const LEAF: u16 = u16::MAX;
/// Kinds of leaves that a file can tell apart.
const MOST_KINDS: usize = 1 << u16::BITS;

/// A node as it is fitted and filed, in preorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// Pixels of at most the threshold go left, to the next node; brighter ones go right.
    Split {
        /// Position of the pixel, below 784.
        pixel: u16,
        /// Brightness, 0 to 255.
        threshold: u8,
    },
    /// The weight of each class, not all zero.
    Leaf([u8; CLASSES]),
}

/// A node as it is walked, in six bytes: a forest has hundreds of thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LinkedNode {
    /// The pixel that is compared, or [`LEAF`].
    pixel: u16,
    threshold: u8,
    /// Splits on its left; in a leaf the position of its kind in [`Trees::leaves`].
    rest: u16,
}

impl LinkedNode {
    fn is_leaf(self) -> bool {
        self.pixel == LEAF
    }

    /// Nodes on the left of a split: they have one leaf more than splits.
    fn nodes_on_its_left(self) -> usize {
        2 * usize::from(self.rest) + 1
    }
}

/// A node with the kind of leaf in place of its weights.
enum Filed {
    Split { pixel: u16, threshold: u8 },
    Leaf(u16),
}

/// A single tree.
pub type DecisionTree = Trees<1>;
/// Any number of trees.
pub type RandomForest = Trees<{ usize::MAX }>;

/// At most `MOST` trees, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Trees<const MOST: usize> {
    nodes: Vec<LinkedNode>,
    /// The weights of each kind of leaf.
    leaves: Vec<[u8; CLASSES]>,
    /// The first node of each tree.
    roots: Vec<u32>,
    /// The feature half a step of brightness above each threshold.
    limits: Vec<f32>,
}

impl<const MOST: usize> Trees<MOST> {
    /// Link nodes that are in preorder.
    ///
    /// # Errors
    /// [`WeightsError::Content`] when there is no tree or more than `MOST`, the last tree is not complete, a
    /// pixel does not exist, a leaf weighs nothing, there are more than 65,536 kinds of leaves, or a split has more than
    /// 65,535 splits on its left.
    pub fn new(nodes: impl Iterator<Item = Node>) -> Result<Self, WeightsError> {
        let (mut kinds, mut positions) = (Vec::new(), HashMap::new());
        let mut filed = Vec::new();
        for node in nodes {
            filed.push(match node {
                Node::Split { pixel, threshold } => Filed::Split { pixel, threshold },
                Node::Leaf(weights) => {
                    let count = kinds.len();
                    let kind = *positions.entry(weights).or_insert(count);
                    if kind == count {
                        kinds.push(weights);
                    }
                    Filed::Leaf(u16::try_from(kind).map_err(|_| {
                        let reason = format!("has more than {MOST_KINDS} kinds");
                        content("leaf", reason)
                    })?)
                }
            });
        }
        Self::linked(filed.into_iter(), kinds, Vec::new())
    }

    /// Link nodes whose leaves are of some kinds, in a vector that may have room for them: growing would take twice the
    /// memory.
    fn linked(
        nodes: impl Iterator<Item = Filed>,
        leaves: Vec<[u8; CLASSES]>,
        mut linked: Vec<LinkedNode>,
    ) -> Result<Self, WeightsError> {
        if let Some(kind) = leaves.iter().position(|weights| *weights == [0; CLASSES]) {
            return Err(content("leaf", format!("weighs nothing in kind {kind}")));
        }
        let mut roots = Vec::new();
        // Splits whose left side is not complete yet.
        let mut open: Vec<usize> = Vec::new();
        let mut complete = true;
        for (at, node) in nodes.enumerate() {
            if complete {
                roots.push(at as u32);
            }
            complete = false;
            match node {
                Filed::Split { pixel, threshold } => {
                    if usize::from(pixel) >= PIXELS {
                        let reason = format!("has {pixel} in node {at}, expected below {PIXELS}");
                        return Err(content("pixel", reason));
                    }
                    open.push(at);
                    linked.push(LinkedNode {
                        pixel,
                        threshold,
                        rest: 0,
                    });
                }
                Filed::Leaf(kind) => {
                    if usize::from(kind) >= leaves.len() {
                        let kinds = leaves.len();
                        let reason = format!("has {kind} in node {at}, expected below {kinds}");
                        return Err(content("kind", reason));
                    }
                    linked.push(LinkedNode {
                        pixel: LEAF,
                        threshold: 0,
                        rest: kind,
                    });
                    match open.pop() {
                        Some(split) => {
                            let splits = (at - split) / 2;
                            linked[split].rest = u16::try_from(splits).map_err(|_| {
                                let most = u16::MAX;
                                let reason = format!(
                                    "has {splits} splits on the left of node {split}, expected at most {most}"
                                );
                                content("pixel", reason)
                            })?;
                        }
                        None => complete = true,
                    }
                }
            }
        }
        if roots.is_empty() || !complete {
            let reason = format!("ends inside a tree, after {} nodes", linked.len());
            return Err(content("pixel", reason));
        }
        if roots.len() > MOST {
            let reason = format!("has {} trees, expected {MOST}", roots.len());
            return Err(content("pixel", reason));
        }
        let limit = |threshold| normalize_pixel(f32::from(threshold) + 0.5);
        let limits = (0..=u8::MAX).map(limit).collect();
        Ok(Self {
            nodes: linked,
            leaves,
            roots,
            limits,
        })
    }

    /// How many trees there are.
    pub fn count(&self) -> usize {
        self.roots.len()
    }

    /// The weights of the leaf that a picture reaches in a tree, and the splits on the way.
    fn walk(&self, root: u32, features: &Features) -> (&[u8; CLASSES], usize) {
        let (mut at, mut splits) = (root as usize, 0);
        loop {
            let node = self.nodes[at];
            if node.is_leaf() {
                return (&self.leaves[usize::from(node.rest)], splits);
            }
            let limit = self.limits[usize::from(node.threshold)];
            let brighter = features.values()[usize::from(node.pixel)] > limit;
            at += 1;
            if brighter {
                at += node.nodes_on_its_left();
            }
            splits += 1;
        }
    }

    /// The mean over the leaves that a picture reaches of each class's probability.
    pub fn probabilities(&self, features: &Features) -> [f32; CLASSES] {
        let mut sums = [0.0; CLASSES];
        for root in &self.roots {
            let (weights, _) = self.walk(*root, features);
            let sum: f32 = weights.iter().map(|w| f32::from(*w)).sum();
            for (mean, weight) in sums.iter_mut().zip(weights) {
                *mean += f32::from(*weight) / sum;
            }
        }
        sums.map(|p| p / self.roots.len() as f32)
    }
}

impl<const MOST: usize> Classifier for Trees<MOST> {
    fn logits(&mut self, features: &Features) -> Logits {
        logits_of_probabilities(&self.probabilities(features))
    }
}

impl<const MOST: usize> ClassicalModel for Trees<MOST> {
    const VERSION: u8 = 3;

    fn read(file: &TensorFile<'_>) -> Result<Self, WeightsError> {
        let shape = file.shape::<1>("pixel")?;
        let pixels = || file.each_integer::<u16>("pixel", &shape);
        let leaves = pixels()?.filter(|pixel| *pixel == LEAF).count();
        let mut thresholds = file.each_integer("threshold", &[shape[0] - leaves])?;
        let [count, _] = file.shape::<2>("leaf")?;
        let weights: Vec<u8> = file.integers("leaf", &[count, CLASSES])?;
        let mut kinds = file.each_integer("kind", &[leaves])?;
        let nodes = pixels()?.map_while(|pixel| match pixel {
            LEAF => kinds.next().map(Filed::Leaf),
            pixel => {
                let threshold = thresholds.next()?;
                Some(Filed::Split { pixel, threshold })
            }
        });
        let weights = weights.as_chunks::<CLASSES>().0.to_vec();
        Self::linked(nodes, weights, Vec::with_capacity(shape[0]))
    }

    fn write<'a>(&self, file: TensorFileBuilder<'a>) -> TensorFileBuilder<'a> {
        let pixels: Vec<u16> = self.nodes.iter().map(|node| node.pixel).collect();
        let splits = self.nodes.iter().filter(|node| !node.is_leaf());
        let thresholds: Vec<u8> = splits.map(|node| node.threshold).collect();
        let leaves = self.nodes.iter().filter(|node| node.is_leaf());
        let kinds: Vec<u16> = leaves.map(|node| node.rest).collect();
        file.tensor("pixel", &[pixels.len()], &pixels)
            .tensor("threshold", &[thresholds.len()], &thresholds)
            .tensor("kind", &[kinds.len()], &kinds)
            .tensor(
                "leaf",
                &[self.leaves.len(), CLASSES],
                self.leaves.as_flattened(),
            )
    }

    fn parameters(&self) -> usize {
        let leaves = self.nodes.iter().filter(|node| node.is_leaf()).count();
        2 * (self.nodes.len() - leaves) + CLASSES * leaves
    }

    fn operations(&self, image: &Features) -> usize {
        let splits = |root: &u32| self.walk(*root, image).1;
        self.roots.iter().map(splits).sum()
    }
}
