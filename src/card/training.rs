//! Where a model's numbers come from: the run of a network, the fits of a classical model.

use super::recipe::Recipe;
use serde::{Deserialize, Serialize};

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
