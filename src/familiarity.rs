//! How a picture and a network's answer to it tell clothing from other things: log-odds, linear in a few scores.
//!
//! `threadcount calibrate` fits the numbers on photographs, drawn garments and drawn other things, and puts them on the
//! network's card; the page and `evaluate --drawn` use them through [`Familiarity::log_odds`]. Only the answer and the
//! 28x28 picture are looked at, so a network keeps its ten outputs.

use crate::appearance::{MEASURES, appearance};
use crate::image::GrayImage;
use crate::label::CLASSES;
use crate::prediction::Prediction;
use serde::{Deserialize, Serialize};

/// Numbers that a picture and an answer are judged by.
pub const SCORES: usize = GENERAL + CLASSES + MEASURES;
/// Scores of an answer beside its probabilities.
const GENERAL: usize = 6;
/// Log-odds of a confidence are taken within these bounds.
const CONFIDENCE: (f32, f32) = (0.01, 0.999_9);
/// What brings the scores to about the same size.
const SCALES: [f32; GENERAL] = [4.0, 1.0, 8.0, 10.0, 10.0, 1.0];

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

/// The scores: confidence as log-odds, entropy, how far the second class is behind, the negative energy and
/// its square, the second probability, and the probabilities, which say what other things are taken for; then the
/// picture's appearance.
///
/// # Panics
/// Never: the number of scores is the sum of its parts.
pub fn scores(prediction: &Prediction, image: &GrayImage) -> [f32; SCORES] {
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
    let general: [f32; GENERAL] = std::array::from_fn(|i| general[i] / SCALES[i]);
    let scores = [&general[..], &probabilities, &appearance(image)].concat();
    scores.try_into().expect("as many as SCORES says")
}

impl Familiarity {
    /// The log-odds that a picture with this answer shows clothing.
    pub fn log_odds(&self, prediction: &Prediction, image: &GrayImage) -> f32 {
        self.weigh(&scores(prediction, image))
    }

    /// The log-odds by scores.
    pub fn weigh(&self, scores: &[f32; SCORES]) -> f32 {
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
            assert!(
                scores(&answer(z), &GrayImage::black())
                    .iter()
                    .all(|s| s.is_finite()),
                "{z}"
            );
        }
        let confidence = |z| scores(&answer(z), &GrayImage::black())[0];
        assert!(confidence(5.0) > confidence(1.0));
    }

    #[test]
    fn weights_apply_to_the_scores_in_order() {
        let mut weights = vec![0.0; SCORES];
        weights[GENERAL + 2] = 2.0;
        let familiarity = Familiarity {
            weights,
            bias: -1.0,
            photographs: 0.0,
            drawings: 0.0,
            others: 0.0,
        };
        assert!((familiarity.log_odds(&answer(80.0), &GrayImage::black()) - 1.0).abs() < 1e-6);
    }
}
