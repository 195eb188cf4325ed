//! The classical models: one file an algorithm, each small enough to read, fast enough for every stroke.
//!
//! ```text
//! model file --from_bytes--> Classical --logits--> Logits
//! Features --(Projection)--> trees, kernels, neighbours, densities ---^
//! ```
//! Logistic regression and the multi-layer perceptron are not here: they are stacks of dense layers, so
//! `network` defines them and `engine` runs them like any other network. `train::classical` fits what is
//! here. `tests/classical.rs` holds the files to their errors and the models to their figures.

pub mod decision_tree;
pub mod gaussian_nb;
pub mod k_nearest_neighbors;
pub mod projection;
pub mod random_forest;
pub mod svm;

pub use decision_tree::DecisionTree;
pub use gaussian_nb::GaussianNb;
pub use k_nearest_neighbors::KNearestNeighbors;
pub use random_forest::RandomForest;
pub use svm::Svm;

use crate::classifier::Classifier;
use crate::label::CLASSES;
use crate::prediction::Logits;
use crate::preprocess::Features;
use crate::tensor_file::{TensorFile, TensorFileBuilder, WeightsError};

/// The version of the files; a program reads its own alone.
const VERSION: u8 = 2;

/// The models that are defined here, by the name of their files.
pub const NAMES: [&str; 6] = [
    "decision-tree",
    "random-forest",
    "svm",
    "knn",
    "naive-bayes",
    "naive-bayes-lda",
];

/// A classical model that is ready to answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Classical {
    /// `decision-tree`.
    DecisionTree(DecisionTree),
    /// `random-forest`.
    RandomForest(RandomForest),
    /// `svm`.
    Svm(Svm),
    /// `knn`.
    KNearestNeighbors(KNearestNeighbors),
    /// `naive-bayes` and `naive-bayes-lda`.
    GaussianNb(GaussianNb),
}

impl Classical {
    /// Read the model of a name from its file.
    ///
    /// # Errors
    /// [`WeightsError`] when the file is damaged, or of another model or version.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, WeightsError> {
        let file = TensorFile::parse(bytes)?;
        file.expect("model", &titled(name))?;
        let model = match name {
            "decision-tree" => Self::DecisionTree(DecisionTree::read(&file)?),
            "random-forest" => Self::RandomForest(RandomForest::read(&file)?),
            "svm" => Self::Svm(Svm::read(&file)?),
            "knn" => Self::KNearestNeighbors(KNearestNeighbors::read(&file)?),
            "naive-bayes" | "naive-bayes-lda" => Self::GaussianNb(GaussianNb::read(&file)?),
            other => {
                return Err(WeightsError::Metadata {
                    key: "model",
                    expected: NAMES.join(", "),
                    found: other.to_owned(),
                });
            }
        };
        file.refuse_unread()?;
        Ok(model)
    }

    /// Write the model's file under a name.
    pub fn to_bytes(&self, name: &str) -> Vec<u8> {
        let file = TensorFileBuilder::default().metadata("model", &titled(name));
        match self {
            Self::DecisionTree(model) => model.write(file),
            Self::RandomForest(model) => model.write(file),
            Self::Svm(model) => model.write(file),
            Self::KNearestNeighbors(model) => model.write(file),
            Self::GaussianNb(model) => model.write(file),
        }
        .to_bytes()
    }

    /// How many numbers fitting chose or stored.
    pub fn parameters(&self) -> usize {
        match self {
            Self::DecisionTree(model) => model.parameters(),
            Self::RandomForest(model) => model.parameters(),
            Self::Svm(model) => model.parameters(),
            Self::KNearestNeighbors(model) => model.parameters(),
            Self::GaussianNb(model) => model.parameters(),
        }
    }

    /// What [`Classical::parameters`] counts, for the reader of a table.
    pub fn what_parameters_are(&self) -> &'static str {
        match self {
            Self::DecisionTree(_) | Self::RandomForest(_) => decision_tree::PARAMETERS,
            Self::Svm(_) => svm::PARAMETERS,
            Self::KNearestNeighbors(_) => k_nearest_neighbors::PARAMETERS,
            Self::GaussianNb(_) => gaussian_nb::PARAMETERS,
        }
    }

    /// Multiply-accumulate operations for one image; for trees the comparisons that it takes.
    pub fn operations(&self, image: &Features) -> usize {
        match self {
            Self::DecisionTree(model) => model.comparisons(image),
            Self::RandomForest(model) => model.comparisons(image),
            Self::Svm(model) => model.macs(),
            Self::KNearestNeighbors(model) => model.macs(),
            Self::GaussianNb(model) => model.macs(),
        }
    }
}

impl Classifier for Classical {
    fn logits(&mut self, features: &Features) -> Logits {
        if features.values().iter().any(|value| !value.is_finite()) {
            return [f32::NAN; CLASSES];
        }
        match self {
            Self::DecisionTree(model) => model.logits(features),
            Self::RandomForest(model) => model.logits(features),
            Self::Svm(model) => model.logits(features),
            Self::KNearestNeighbors(model) => model.logits(features),
            Self::GaussianNb(model) => model.logits(features),
        }
    }
}

/// Logits whose softmax is close to shares of votes, which may be zero.
///
/// One hundredth is added to each share, so that a class without a vote is unlikely, not impossible; the
/// model's temperature, fitted on validation images, settles how unlikely.
fn logits_of_shares(shares: &[f32; CLASSES]) -> Logits {
    shares.map(|share| (share + 0.01).ln())
}

/// What a file says of itself: the model's name and the version of its format.
fn titled(name: &str) -> String {
    format!("{name} {VERSION}")
}

/// Refuse labels that are no class.
fn check_labels(labels: &[u8]) -> Result<(), WeightsError> {
    let outside = |label: &u8| usize::from(*label) >= CLASSES;
    match labels.iter().position(outside) {
        Some(at) => {
            let reason = format!("has {} at index {at}, expected below {CLASSES}", labels[at]);
            Err(content("label", reason))
        }
        None => Ok(()),
    }
}

/// Refuse what a tensor holds.
fn content(name: &str, reason: String) -> WeightsError {
    let name = name.to_owned();
    WeightsError::Content { name, reason }
}
