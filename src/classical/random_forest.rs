//! A random forest: the mean of many trees, each fitted on other images and other pixels.
//!
//! **Source**: Breiman, "Random forests", Machine Learning 45 (2001).

use super::decision_tree::Trees;
use super::logits_of_shares;
use crate::prediction::Logits;
use crate::preprocess::Features;
use crate::tensor_file::{TensorFile, TensorFileBuilder, WeightsError};

/// The trees.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomForest(pub Trees);

impl RandomForest {
    /// Read the trees from their file.
    ///
    /// # Errors
    /// [`WeightsError`] when the file is damaged.
    pub fn read(file: &TensorFile<'_>) -> Result<Self, WeightsError> {
        Trees::read(file).map(Self)
    }

    pub(super) fn write(&self, file: TensorFileBuilder) -> TensorFileBuilder {
        self.0.write(file)
    }

    pub(super) fn parameters(&self) -> usize {
        self.0.parameters()
    }

    pub(super) fn comparisons(&self, features: &Features) -> usize {
        self.0.comparisons(features)
    }

    pub(super) fn logits(&self, features: &Features) -> Logits {
        logits_of_shares(&self.0.shares(features))
    }
}
