//! Figures of a card that are measured: accuracies, and what the temperature changed.

use serde::{Deserialize, Serialize};

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
