//! How a network's answer tells clothing from other things: log-odds, linear in a few scores of the answer.
//!
//! `threadcount calibrate` fits the numbers on photographs, drawn garments and drawn other things, and puts them on the
//! network's card; the page and `evaluate --drawn` use them through [`Familiarity::log_odds`]. Only the answer is looked at, so a
//! network keeps its ten outputs.

use crate::label::CLASSES;
use crate::prediction::Prediction;
use serde::{Deserialize, Serialize};

/// Numbers that an answer is judged by.
pub const SCORES: usize = 6 + CLASSES;
/// Log-odds of a confidence are taken within these bounds.
const CONFIDENCE: (f32, f32) = (0.01, 0.999_9);
/// What brings the scores to about the same size.
const SCALES: [f32; 6] = [4.0, 1.0, 8.0, 10.0, 10.0, 1.0];

/// What is on a card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Familiarity {
    /// What each score is multiplied with.
    pub weights: Vec<f32>,
    /// What is added: at a sum of zero the picture is held for clothing.
    pub bias: f32,
    /// Share of the rightly answered validation photographs that the network holds for clothing, 0 to 1.
    pub photographs: f64,
    /// The same of drawn garments of families that were not fitted on.
    pub drawings: f64,
    /// Share of drawn other things, of families that were not fitted on, that it does not.
    pub others: f64,
}

/// The scores of an answer: confidence as log-odds, entropy, how far the second class is behind, the negative energy and
/// its square, the second probability, and the probabilities, which say what other things are taken for.
pub fn scores(prediction: &Prediction) -> [f32; SCORES] {
    let probabilities = prediction.probabilities;
    let mut sorted = probabilities;
    sorted.sort_by(|a, b| b.total_cmp(a));
    let [first, second] = [sorted[0], sorted[1]];
    let confidence = first.clamp(CONFIDENCE.0, CONFIDENCE.1);
    let entropy: f32 = probabilities.iter().map(|p| -p * p.max(1e-9).ln()).sum();
    let energy = prediction.log_sum_exp;
    let general = [
        (confidence / (1.0 - confidence)).ln(),
        entropy,
        (first / second.max(1e-9)).ln().min(2.0 * SCALES[2]),
        energy,
        energy * energy / SCALES[4],
        second,
    ];
    std::array::from_fn(|i| match i.checked_sub(general.len()) {
        None => general[i] / SCALES[i],
        Some(class) => probabilities[class],
    })
}

impl Familiarity {
    /// The log-odds that an answer is to a picture of clothing.
    pub fn log_odds(&self, prediction: &Prediction) -> f32 {
        let scores = scores(prediction);
        let sum: f32 = self.weights.iter().zip(scores).map(|(w, s)| w * s).sum();
        self.bias + sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(z: f32) -> Prediction {
        let mut logits = [0.0; CLASSES];
        logits[2] = z;
        Prediction::from_logits(&logits).unwrap()
    }

    #[test]
    fn scores_are_finite_and_grow_with_confidence() {
        for z in [0.0, 3.0, 80.0] {
            assert!(scores(&answer(z)).iter().all(|s| s.is_finite()), "{z}");
        }
        assert!(scores(&answer(5.0))[0] > scores(&answer(1.0))[0]);
    }

    #[test]
    fn weights_apply_to_the_scores_in_order() {
        let mut weights = vec![0.0; SCORES];
        weights[6 + 2] = 2.0;
        let familiarity = Familiarity {
            weights,
            bias: -1.0,
            photographs: 0.0,
            drawings: 0.0,
            others: 0.0,
        };
        assert!((familiarity.log_odds(&answer(80.0)) - 1.0).abs() < 1e-6);
    }
}
