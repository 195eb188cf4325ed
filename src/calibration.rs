//! Temperature scaling: one number per model, fitted on validation images, that makes its confidence honest.
//!
//! **Source**: Guo et al., "On calibration of modern neural networks", 2017, section 4.2
//! (<https://arxiv.org/abs/1706.04599>).

use crate::activation::Layered;
use crate::classifier::Classifier;
use crate::label::Label;
use crate::metrics::Evaluation;
use crate::prediction::{Logits, Prediction};
use crate::preprocess::Features;

/// The temperatures that are searched.
const RANGE: (f64, f64) = (0.05, 1000.0);
/// Halvings of the search, each by the golden ratio: the last interval is below one part in a million.
const SEARCH_STEPS: usize = 40;

/// Turn the logits of many images into probabilities at a temperature.
///
/// # Panics
/// When a logit is not finite: trained weights are, and pixels are.
pub fn predictions(logits: &[Logits], temperature: f64) -> Vec<Prediction> {
    let scaled = |logits: &Logits| {
        Prediction::from_logits(&scale(logits, temperature)).expect("finite logits")
    };
    logits.iter().map(scaled).collect()
}

fn scale(logits: &Logits, temperature: f64) -> Logits {
    logits.map(|z| z / temperature as f32)
}

/// The temperature with the least negative log-likelihood, by golden-section search over its logarithm.
///
/// The likelihood has a single optimum: it is concave in one over the temperature.
///
/// # Panics
/// When there are no images, or not one label an image.
pub fn fit_temperature(logits: &[Logits], labels: &[Label]) -> f64 {
    let nll = |log: f64| Evaluation::new(&predictions(logits, log.exp()), labels).nll;
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (RANGE.0.ln(), RANGE.1.ln());
    let inner = |low: f64, high: f64| [high - ratio * (high - low), low + ratio * (high - low)];
    let [mut left, mut right] = inner(low, high);
    let (mut at_left, mut at_right) = (nll(left), nll(right));
    for _ in 0..SEARCH_STEPS {
        if at_left < at_right {
            (high, right, at_right) = (right, left, at_left);
            left = inner(low, high)[0];
            at_left = nll(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = inner(low, high)[1];
            at_right = nll(right);
        }
    }
    f64::midpoint(low, high).exp()
}

/// A model whose logits are divided by its temperature.
#[derive(Debug)]
pub struct Calibrated<C> {
    classifier: C,
    temperature: f64,
}

impl<C: Classifier> Calibrated<C> {
    /// Calibrate a model; `temperature` is the one on its card.
    pub fn new(classifier: C, temperature: f64) -> Self {
        Self {
            classifier,
            temperature,
        }
    }
}

impl<C: Classifier> Classifier for Calibrated<C> {
    fn logits(&mut self, features: &Features) -> Logits {
        scale(&self.classifier.logits(features), self.temperature)
    }

    fn logits_of_many(&mut self, features: &[Features]) -> Vec<Logits> {
        let logits = self.classifier.logits_of_many(features);
        logits
            .iter()
            .map(|one| scale(one, self.temperature))
            .collect()
    }

    /// Its activations are the classifier's own: the last one is not divided by the temperature.
    fn layered(&mut self) -> Option<&mut dyn Layered> {
        self.classifier.layered()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three of four images are of the class that is named with logit `z` against zeros.
    fn three_of_four(z: f32) -> (Vec<Logits>, Vec<Label>) {
        let mut logits = [0.0; 10];
        logits[0] = z;
        let labels = [0, 0, 0, 1].map(|i| Label::new(i).unwrap());
        (vec![logits; 4], labels.to_vec())
    }

    #[test]
    fn the_fitted_temperature_is_the_closed_form() {
        // The best probability is 3/4: z / t = ln(9 * 3).
        for z in [1.0_f32, 8.0, 30.0] {
            let (logits, labels) = three_of_four(z);
            let expected = f64::from(z) / 27.0_f64.ln();
            let found = fit_temperature(&logits, &labels);
            assert!(
                (found / expected - 1.0).abs() < 1e-3,
                "{z}: {found}, {expected}"
            );
        }
    }

    #[test]
    fn a_temperature_changes_confidence_and_no_answer() {
        let (logits, _) = three_of_four(8.0);
        let [hot, cold] = [4.0, 0.5].map(|t| predictions(&logits, t)[0]);
        assert_eq!(hot.label(), cold.label());
        assert!(hot.confidence() < 0.5 && cold.confidence() > 0.99);
    }
}
