//! Validation metrics, by which a run picks its best weights.

use super::inference::{accuracy, logits};
use crate::calibration::{fit_temperature, predictions};
use crate::dataset::Samples;
use crate::metrics::Evaluation;
use crate::network::Network;

/// How a network does on the validation images.
#[derive(Clone, Copy, Debug)]
pub struct ValidationMetrics {
    /// Share that it classifies correctly, 0 to 1.
    pub accuracy: f64,
    /// Mean negative log-likelihood in nats, at the temperature that is best on these images.
    pub nll: f64,
    /// The same share of the held-out drawn pictures, where the run has some.
    pub drawn_accuracy: Option<f64>,
}

/// Measure a network on the validation images and on drawn pictures.
pub fn validate<N: Network>(
    network: &N,
    samples: &Samples,
    drawn: Option<&Samples>,
) -> ValidationMetrics {
    let logits = logits(network, &samples.images);
    let temperature = fit_temperature(&logits, &samples.labels);
    let found = Evaluation::new(&predictions(&logits, temperature), &samples.labels);
    ValidationMetrics {
        accuracy: found.accuracy,
        nll: found.nll,
        drawn_accuracy: drawn.map(|drawn| accuracy(network, drawn)),
    }
}
