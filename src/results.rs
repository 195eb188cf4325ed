//! The reports that evaluations and experiments write to `results/`. A report on released weights has their sha256, by
//! which `threadcount readme --check` finds reports on other weights.

use crate::metrics::Evaluation;
use serde::{Deserialize, Serialize};

/// What `evaluate` writes to `results/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationReport {
    /// The model's name.
    pub name: String,
    /// sha256 of the weights file that was evaluated.
    pub weights_sha256: String,
    /// What the predictions come to.
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// The predicted class of each test image in order, one digit each.
    pub predictions: String,
    /// The same as the engine predicts in integers, where it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integer_predictions: Option<String>,
    /// The most confident errors, the worst first.
    #[serde(default)]
    pub confident_errors: Vec<ConfidentError>,
}

/// What a network shows when it was trained without regularization on training and test images alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimExperiment {
    /// The network's name.
    pub network: String,
    /// Passes over the images.
    pub epochs: usize,
    /// Time spent, in seconds.
    pub wall_time_s: f64,
    /// Accuracy on the 55,000 training images, 0 to 1.
    pub training_images: f64,
    /// Accuracy on the 10,000 test images, which it was trained on, 0 to 1.
    pub test_images_trained_on: f64,
    /// Accuracy on the 5,000 validation images, which it was not trained on, 0 to 1.
    pub validation_images: f64,
}

/// A test image that was misread with confidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfidentError {
    /// Its position among the test images.
    pub image: usize,
    /// What it is.
    pub label: String,
    /// What the model says it is.
    pub prediction: String,
    /// How sure the model is, 0 to 1.
    pub confidence: f32,
}
