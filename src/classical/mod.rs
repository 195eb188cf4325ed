//! The classical models: one file an algorithm, each small enough to read, fast enough for every stroke.
//!
//! ```text
//! model file --from_bytes--> ClassicalModel --logits--> Logits
//! Features --(Projection)--> trees, kernels, neighbors, densities ---^
//! ```
//! Logistic regression and the multi-layer perceptron are not here: they are stacks of dense layers, so
//! `network` defines them and `engine` runs them like any other network. `train::classical` fits what is
//! here. `tests/classical.rs` holds the files to their errors and the models to their figures.

pub mod gaussian_nb;
pub mod k_nearest_neighbors;
pub mod projection;
pub mod svm;
pub mod trees;

use crate::classifier::Classifier;
use crate::label::CLASSES;
use crate::prediction::Logits;
use crate::preprocess::Features;
use crate::tensor_file::{TensorFile, TensorFileBuilder, WeightsError};

/// A model that is fitted, not trained step by step.
pub trait ClassicalModel: Classifier + Clone + Send + Sync + 'static {
    /// The version of its files; a program reads its own alone.
    const VERSION: u8 = 2;

    /// Read the model's tensors.
    ///
    /// # Errors
    /// [`WeightsError`] when one is missing or damaged.
    fn read(file: &TensorFile<'_>) -> Result<Self, WeightsError>;

    /// Add the model's tensors to a file.
    fn write<'a>(&self, file: TensorFileBuilder<'a>) -> TensorFileBuilder<'a>;

    /// How many numbers fitting chose or stored.
    fn parameters(&self) -> usize;

    /// Multiply-adds for one image; for trees the comparisons that it takes.
    fn operations(&self, image: &Features) -> usize;

    /// Read the model of a name from its file.
    ///
    /// # Errors
    /// [`WeightsError`] when the file is damaged, or of another model or version.
    fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, WeightsError> {
        let file = TensorFile::parse(bytes)?;
        file.expect("model", &titled::<Self>(name))?;
        let model = Self::read(&file)?;
        file.refuse_unread()?;
        Ok(model)
    }

    /// Write the model's file under a name.
    fn to_bytes(&self, name: &str) -> Vec<u8> {
        let file = TensorFileBuilder::default().metadata("model", &titled::<Self>(name));
        self.write(file).to_bytes()
    }
}

/// Logits whose softmax is close to probabilities that may be zero.
///
/// One hundredth is added to each, so that a class without a vote is unlikely, not impossible; the
/// model's temperature, fitted on validation images, settles how unlikely.
fn logits_of_probabilities(probabilities: &[f32; CLASSES]) -> Logits {
    probabilities.map(|p| (p + 0.01).ln())
}

/// What a file says of itself: the model's name and the version of its format.
fn titled<M: ClassicalModel>(name: &str) -> String {
    format!("{name} {}", M::VERSION)
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
