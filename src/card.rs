//! A model's card: the JSON file beside its weights, and the only source of the figures shown.
//!
//! `train` writes it, `evaluate` adds what the test images say, the page and README read it.

mod measured;
mod recipe;
mod training;
mod validate;
mod weight_set;
mod weights_file;

pub use measured::{Accuracy, Calibration};
pub use recipe::{InitialWeights, OptimizerName, Recipe, RecipeError, TeacherFile};
pub use training::{Candidate, Fitting, Origin, SeedRun, Training};
pub use validate::CardError;
pub use weight_set::{DrawingSummary, DrawingWeights, WeightSet};
pub use weights_file::WeightsFile;

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
    /// The same of the engine in integers; none where no layer takes them.
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

    /// How the answers of a set tell clothing from other things.
    pub fn familiarity_of(&self, set: WeightSet) -> Option<&Familiarity> {
        match (&self.drawings, set) {
            (Some(drawings), WeightSet::Drawings) => drawings.familiarity.as_ref(),
            _ => self.familiarity.as_ref(),
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
                familiarity: drawings.familiarity.clone(),
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

impl Summary {
    /// As [`Card::familiarity_of`].
    pub fn familiarity_of(&self, set: WeightSet) -> Option<&Familiarity> {
        match (&self.drawings, set) {
            (Some(drawings), WeightSet::Drawings) => drawings.familiarity.as_ref(),
            _ => self.familiarity.as_ref(),
        }
    }
}

/// What a model was trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// sha256 of each decompressed file.
    pub sha256: BTreeMap<String, String>,
}
