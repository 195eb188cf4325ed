//! A model's card: the JSON file beside its weights, and the only source of the figures shown.
//!
//! `train` writes it, `evaluate` adds what the test images say, the page and README read it.

use crate::metrics::Evaluation;
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
    /// Multiply-accumulate operations for one image.
    pub macs: usize,
    /// The weights file.
    pub weights: WeightsFile,
    /// How it was trained.
    pub training: Training,
    /// What it was trained on.
    pub data: Data,
    /// Measured accuracies.
    pub accuracy: Accuracy,
    /// Mean negative log-likelihood on the test images, in nats.
    pub test_nll: Option<f64>,
    /// Expected calibration error on the test images, 15 bins, 0 to 1.
    pub test_ece: Option<f64>,
    /// What logits are divided by before softmax.
    pub temperature: f64,
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

/// How a model was trained.
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
    /// Time spent, in seconds, over all sessions of the run.
    pub wall_time_s: f64,
    /// Training images a second, validation not counted.
    pub images_per_s: f64,
}

/// The choices of a training run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// Highest learning rate of the one-cycle schedule.
    pub learning_rate: f64,
    /// Share of the steps in which the learning rate rises, 0 to 1.
    pub warm_up: f64,
    /// Decoupled weight decay of `AdamW`.
    pub weight_decay: f64,
    /// Share of the target that is spread over all classes, 0 to 1.
    pub label_smoothing: f32,
    /// Largest shift of an augmented image in each direction, in pixels.
    pub max_shift: usize,
    /// sha256 of the weights file that training started from; random weights when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_weights: Option<String>,
}

/// What a model was trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// sha256 of each decompressed file.
    pub sha256: BTreeMap<String, String>,
}

/// Shares of correctly classified images, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// On the 55,000 training images, without augmentation.
    pub train: f64,
    /// On the 5,000 validation images.
    pub validation: f64,
    /// On the 10,000 test images.
    pub test: Option<f64>,
    /// 95 % Wilson interval of the test accuracy.
    pub test_interval: Option<[f64; 2]>,
}

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
}
