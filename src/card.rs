//! A model's card: the JSON file beside its weights, and the only source of the figures shown.
//!
//! `train` writes it, `evaluate` adds what the test images say, the page and README read it.

mod measured;
mod recipe;
mod validate;
mod weight_set;

pub use measured::{Accuracy, Calibration};
pub use recipe::{InitialWeights, OptimizerName, Recipe, RecipeError, TeacherFile};
pub use validate::CardError;
pub use weight_set::{DrawingSummary, DrawingWeights, WeightSet};

use crate::familiarity::Familiarity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that is claimed about one released model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// The model's name.
    pub name: String,
    /// Numbers it holds, running statistics included.
    pub parameters: usize,
    /// Numbers that training fits.
    pub trainable_parameters: usize,
    /// Multiply-accumulate operations for one image; of trees, the mean number of comparisons.
    pub macs: usize,
    /// The weights file.
    pub weights: WeightsFile,
    /// How it was trained.
    pub training: Origin,
    /// What it was trained on.
    pub data: Data,
    /// Measured accuracies, in single precision.
    pub accuracy: Accuracy,
    /// The same of the engine with pointwise layers in integers; none where there are no such layers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integer_accuracy: Option<Accuracy>,
    /// Share of the development drawings of garments that are recognized, 0 to 1, as the page computes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_accuracy: Option<f64>,
    /// Mean negative log-likelihood on the test images, in nats.
    pub test_nll: Option<f64>,
    /// Expected calibration error on the test images, 15 bins, 0 to 1.
    pub test_ece: Option<f64>,
    /// What logits are divided by before softmax, fitted on the validation images.
    pub temperature: f64,
    /// What the temperature changed.
    #[serde(default)]
    pub calibration: Option<Calibration>,
    /// The weights that answer drawings and uploaded pictures; where there are none, those above answer them too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawings: Option<DrawingWeights>,
    /// How its answers tell clothing from other things.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub familiarity: Option<Familiarity>,
}

impl Card {
    /// The weights file of a set.
    pub fn weights_of(&self, set: WeightSet) -> &WeightsFile {
        match (&self.drawings, set) {
            (Some(drawings), WeightSet::Drawings) => &drawings.weights,
            _ => &self.weights,
        }
    }

    /// What logits of a set are divided by before softmax.
    pub fn temperature_of(&self, set: WeightSet) -> f64 {
        match (&self.drawings, set) {
            (Some(drawings), WeightSet::Drawings) => drawings.temperature,
            _ => self.temperature,
        }
    }

    /// What the page shows of it.
    pub fn summary(&self) -> Summary {
        Summary {
            name: self.name.clone(),
            parameters: self.parameters,
            macs: self.macs,
            weights: self.weights.clone(),
            accuracy: self.accuracy.clone(),
            integer_accuracy: self.integer_accuracy.clone(),
            drawn_accuracy: self.drawn_accuracy,
            temperature: self.temperature,
            drawings: self.drawings.as_ref().map(|drawings| DrawingSummary {
                weights: drawings.weights.clone(),
                validation: drawings.validation,
                temperature: drawings.temperature,
            }),
            familiarity: self.familiarity.clone(),
        }
    }
}

/// The part of a card that the page shows; it is read from the card's file, too, where the rest is skipped,
/// so that the page's programs need not know how a model was trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// As in [`Card`].
    pub name: String,
    /// As in [`Card`].
    pub parameters: usize,
    /// As in [`Card`].
    pub macs: usize,
    /// As in [`Card`].
    pub weights: WeightsFile,
    /// As in [`Card`].
    pub accuracy: Accuracy,
    /// As in [`Card`].
    pub integer_accuracy: Option<Accuracy>,
    /// As in [`Card`].
    #[serde(default)]
    pub drawn_accuracy: Option<f64>,
    /// As in [`Card`].
    pub temperature: f64,
    /// As in [`Card`].
    #[serde(default)]
    pub drawings: Option<DrawingSummary>,
    /// As in [`Card`].
    #[serde(default)]
    pub familiarity: Option<Familiarity>,
}

/// The weights file that a card belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightsFile {
    /// File name, in the card's folder.
    pub file: String,
    /// sha256 of the file, in hexadecimal.
    pub sha256: String,
    /// Length of the file.
    pub size_bytes: usize,
    /// Number type of the stored tensors.
    pub dtype: String,
}

/// Where a model's numbers come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Origin {
    /// A network, trained step by step.
    Trained(Box<Training>),
    /// A classical model, fitted.
    Fitted(Fitting),
}

impl Origin {
    /// The run of a network; none of a classical model.
    pub fn run(&self) -> Option<&Training> {
        match self {
            Self::Trained(training) => Some(training),
            Self::Fitted(_) => None,
        }
    }
}

/// How a classical model was fitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fitting {
    /// The hyper-parameters that did best on the validation images.
    pub choice: serde_json::Value,
    /// All that were tried.
    pub candidates: Vec<Candidate>,
    /// Images of the released fit, which are the training and the validation images.
    pub images: usize,
    /// Time spent on all fits, in seconds.
    pub wall_time_s: f64,
}

/// Hyper-parameters that were tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The hyper-parameters.
    pub choice: serde_json::Value,
    /// Accuracy on the validation images of a fit on the training images, 0 to 1.
    pub validation: f64,
}

/// How a network was trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// Every choice of the run.
    pub recipe: Recipe,
    /// Seed of weights, order, augmentation and dropout.
    pub seed: u64,
    /// Passes over the training images that were made.
    pub epochs: usize,
    /// The epoch after which the released weights were taken, from 1.
    pub best_epoch: usize,
    /// Images of the released run: the training images, and the validation images where the recipe has a
    /// `final_fit`.
    pub images: usize,
    /// Time spent, in seconds, over all sessions of the run.
    pub wall_time_s: f64,
    /// Training images a second, validation not counted.
    pub images_per_s: f64,
    /// Every seed that was run; the released weights are those of the best on validation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seeds: Vec<SeedRun>,
}

/// One seed's run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeedRun {
    /// The seed.
    pub seed: u64,
    /// Its best validation accuracy, 0 to 1.
    pub validation: f64,
}

impl Training {
    /// Mean and standard deviation (n - 1) of the seeds' validation accuracies; none below two seeds.
    pub fn seed_spread(&self) -> Option<[f64; 2]> {
        let n = self.seeds.len() as f64;
        if self.seeds.len() < 2 {
            return None;
        }
        let mean = self.seeds.iter().map(|s| s.validation).sum::<f64>() / n;
        let squares: f64 = self
            .seeds
            .iter()
            .map(|s| (s.validation - mean).powi(2))
            .sum();
        Some([mean, (squares / (n - 1.0)).sqrt()])
    }
}

/// What a model was trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// sha256 of each decompressed file.
    pub sha256: BTreeMap<String, String>,
}
