//! Validation metrics, by which a run picks its best weights.

use super::inference::logits;
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
}

/// Measure a network on `samples`.
pub fn validate<N: Network>(network: &N, samples: &Samples) -> ValidationMetrics {
    let logits = logits(network, &samples.images);
    let temperature = fit_temperature(&logits, &samples.labels);
    let found = Evaluation::new(&predictions(&logits, temperature), &samples.labels);
    ValidationMetrics {
        accuracy: found.accuracy,
        nll: found.nll,
    }
}
