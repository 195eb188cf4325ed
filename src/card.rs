//! A model's card: the JSON file beside its weights, and the only source of the figures shown.
//!
//! `train` writes it, `evaluate` adds what the test images say, the page and README read it.

mod validate;

pub use validate::CardError;

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
        }
    }
}

/// Which weights of a model answer a picture: a network may have a second set for what is no photograph of the data
/// set's kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WeightSet {
    /// Those that answer images of the data set as they are.
    #[default]
    Photographs,
    /// Those that answer what a visitor draws or uploads, after `preprocess`.
    Drawings,
}

/// The weights that answer drawings and uploaded pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawingWeights {
    /// Their file.
    pub weights: WeightsFile,
    /// How they were trained.
    pub training: Box<Training>,
    /// Their accuracy on the validation photographs as they are, 0 to 1.
    pub validation: f64,
    /// Their accuracy on drawn pictures of construction families that they have not seen, 0 to 1.
    pub drawn_validation: f64,
    /// What their logits are divided by before softmax, fitted on the same drawn pictures.
    pub temperature: f64,
}

/// The part of [`DrawingWeights`] that the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawingSummary {
    /// As in [`DrawingWeights`].
    pub weights: WeightsFile,
    /// As in [`DrawingWeights`].
    pub validation: f64,
    /// As in [`DrawingWeights`].
    pub temperature: f64,
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
}

/// Negative log-likelihood (nats) and expected calibration error (15 bins, 0 to 1), each before and after
/// the temperature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// On the validation images.
    pub validation_nll: [f64; 2],
    /// On the validation images.
    pub validation_ece: [f64; 2],
    /// On the test images.
    pub test_nll: Option<[f64; 2]>,
    /// On the test images.
    pub test_ece: Option<[f64; 2]>,
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

/// The choices of a training run: `models/recipes/NAME.toml`, and a copy in the card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// What makes a step of a gradient.
    #[serde(default)]
    pub optimizer: OptimizerName,
    /// Highest learning rate of the one-cycle schedule.
    pub learning_rate: f64,
    /// Highest learning rate of the weight matrices, with [`OptimizerName::Muon`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matrix_learning_rate: Option<f64>,
    /// Share of the steps in which the learning rate rises, 0 to 1.
    pub warm_up: f64,
    /// Weight decay: decoupled with `AdamW` and Muon, part of the gradient with SGD.
    pub weight_decay: f64,
    /// Largest norm of the gradient of one parameter tensor; longer gradients are clipped to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_grad_norm: Option<f32>,
    /// Decay a step of the exponential moving average (EMA) of the weights; with it, the average is released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ema_decay: Option<f32>,
    /// Share of the steps in which the network's dropout falls linearly to none, above 0 and at most 1; without it
    /// dropout stays as the network defines it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_dropout: Option<f64>,
    /// Share of the target that is spread over all classes, 0 to 1.
    pub label_smoothing: f32,
    /// Whether half of the training images are mirrored.
    #[serde(default = "yes")]
    pub flip: bool,
    /// Largest shift of an augmented image in each direction, in pixels.
    pub max_shift: usize,
    /// Largest relative change of an augmented image's width and of its height.
    #[serde(default)]
    pub max_scale: f32,
    /// Largest sideways shift of an augmented image's row, in rows of distance from the middle.
    #[serde(default)]
    pub max_shear: f32,
    /// Probability that a random rectangle of an augmented image is erased.
    #[serde(default)]
    pub erase: f64,
    /// Probability that an augmented image is mixed with another one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mixup: f64,
    /// Augmented views of each training image, which the epochs cycle through; 0 makes a new one in each epoch.
    #[serde(default, skip_serializing_if = "is_default")]
    pub augmented_views: usize,
    /// Share of each batch that is drawn pictures instead of photographs, from 0 to below 1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drawn_share: f64,
    /// Drawn pictures that are made for the run.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drawn_pictures: usize,
    /// Share of the drawn pictures that are training photographs turned into drawings, 0 to 1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drawn_from_photographs: f64,
    /// The seeds to train with, one run each; the best on validation is released.
    #[serde(default = "one_seed")]
    pub seeds: Vec<u64>,
    /// Whether the best seed is trained again on training and validation images, to its best epoch, and released.
    #[serde(default, skip_serializing_if = "is_default")]
    pub final_fit: bool,
    /// The networks whose mean probabilities are part of the target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teachers: Vec<TeacherFile>,
    /// Weight of the teachers' soft targets against the label, 0 to 1.
    #[serde(default)]
    pub distillation_weight: f32,
    /// The weights that training starts from; random ones when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial: Option<InitialWeights>,
    /// Parts of the names of the tensors that are trained, such as `norm`; the others stay as they start. Without any,
    /// all are trained.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trained: Vec<String>,
}

impl Recipe {
    /// Drawn pictures in a batch, which always holds a photograph too.
    pub fn drawn_in_batch(&self) -> usize {
        let drawn = (self.batch_size as f64 * self.drawn_share).round() as usize;
        drawn.min(self.batch_size.saturating_sub(1))
    }
}

/// Weights of the same network that training starts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InitialWeights {
    /// Their safetensors file.
    pub weights: String,
    /// sha256 of the file; a run writes it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// A network that teaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeacherFile {
    /// The network's name.
    pub model: String,
    /// Its safetensors file.
    pub weights: String,
    /// Whether it was trained on drawn pictures too, and so teaches them as well as photographs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drawn: bool,
    /// sha256 of the file; a run writes it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

fn yes() -> bool {
    true
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn one_seed() -> Vec<u64> {
    vec![1]
}

/// What makes a step of a gradient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptimizerName {
    /// Adam with decoupled weight decay.
    #[default]
    AdamW,
    /// Stochastic gradient descent with Nesterov momentum 0.9.
    Sgd,
    /// Muon for weight matrices, `AdamW` for everything else.
    Muon,
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
