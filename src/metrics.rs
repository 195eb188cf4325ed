//! From predictions and labels to the figures that a card and the page show.
//!
//! `evaluate` on the command line and the page's own evaluation call the same functions.

use crate::label::{CLASSES, Label};
use crate::prediction::Prediction;
use serde::{Deserialize, Serialize};

/// Number of confidence bins of the expected calibration error.
pub const ECE_BINS: usize = 15;

/// What the predictions of one model on labelled images come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Number of images.
    pub images: usize,
    /// Number of images whose most probable class is the label.
    pub correct: usize,
    /// `correct / images`, 0 to 1.
    pub accuracy: f64,
    /// 95 % Wilson interval of the accuracy.
    pub interval: [f64; 2],
    /// Mean negative log-likelihood of the label, in nats.
    pub nll: f64,
    /// Expected calibration error with [`ECE_BINS`] bins, 0 to 1.
    pub ece: f64,
    /// For each class, the share of its images that were recognized.
    pub recall: [f64; CLASSES],
    /// `confusion[label][prediction]`, in images.
    pub confusion: [[usize; CLASSES]; CLASSES],
    /// Share of the errors in which label and prediction are both in [`UPPER_BODY`], 0 to 1.
    #[serde(default)]
    pub upper_body_errors: f64,
}

/// T-shirt/top, Pullover, Coat and Shirt, which are taken for one another most often.
pub const UPPER_BODY: [usize; 4] = [0, 2, 4, 6];

impl Evaluation {
    /// Compare predictions with labels.
    ///
    /// # Panics
    /// When there are none, or not one prediction a label.
    pub fn new(predictions: &[Prediction], labels: &[Label]) -> Self {
        assert!(!labels.is_empty(), "an evaluation needs images");
        assert_eq!(predictions.len(), labels.len(), "one prediction a label");
        let mut confusion = [[0; CLASSES]; CLASSES];
        for (prediction, label) in predictions.iter().zip(labels) {
            confusion[label.index()][prediction.label().index()] += 1;
        }
        let images = labels.len();
        let correct = (0..CLASSES).map(|i| confusion[i][i]).sum();
        let recall = std::array::from_fn(|i| {
            let total: usize = confusion[i].iter().sum();
            if total == 0 {
                0.0
            } else {
                confusion[i][i] as f64 / total as f64
            }
        });
        let errors_within = |classes: &[usize]| -> usize {
            let row = |label: &usize| classes.iter().map(|p| confusion[*label][*p]).sum::<usize>();
            let hits: usize = classes.iter().map(|i| confusion[*i][*i]).sum();
            classes.iter().map(row).sum::<usize>() - hits
        };
        Self {
            images,
            correct,
            accuracy: correct as f64 / images as f64,
            interval: wilson_interval(correct, images),
            nll: negative_log_likelihood(predictions, labels),
            ece: expected_calibration_error(predictions, labels),
            recall,
            confusion,
            upper_body_errors: errors_within(&UPPER_BODY) as f64 / (images - correct).max(1) as f64,
        }
    }
}

/// The 95 % interval of a share of `correct` among `total`, from 0 to 1; all of that when `total` is 0.
///
/// **Source**: E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference", JASA 22 (1927), with z = 1.959964.
pub fn wilson_interval(correct: usize, total: usize) -> [f64; 2] {
    const Z: f64 = 1.959_964;
    if total == 0 {
        return [0.0, 1.0];
    }
    let n = total as f64;
    let p = correct as f64 / n;
    let denominator = 1.0 + Z * Z / n;
    let center = (p + Z * Z / (2.0 * n)) / denominator;
    let half = Z / denominator * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    [center - half, center + half]
}

/// Mean of `-ln p(label)`; a probability of zero counts as the smallest positive `f32`.
fn negative_log_likelihood(predictions: &[Prediction], labels: &[Label]) -> f64 {
    let sum: f64 = predictions
        .iter()
        .zip(labels)
        .map(|(p, label)| -f64::from(p.probabilities[label.index()].max(f32::MIN_POSITIVE)).ln())
        .sum();
    sum / labels.len() as f64
}

/// Mean distance between confidence and accuracy over equal-width bins of confidence.
///
/// **Source**: Guo et al., "On calibration of modern neural networks", 2017, equation 3
/// (<https://arxiv.org/abs/1706.04599>).
fn expected_calibration_error(predictions: &[Prediction], labels: &[Label]) -> f64 {
    let mut confidence = [0.0; ECE_BINS];
    let mut hits = [0.0; ECE_BINS];
    for (prediction, label) in predictions.iter().zip(labels) {
        let p = f64::from(prediction.confidence());
        let bin = ((p * ECE_BINS as f64).ceil() as usize).clamp(1, ECE_BINS) - 1;
        confidence[bin] += p;
        hits[bin] += f64::from(u8::from(prediction.label() == *label));
    }
    let gaps: f64 = confidence
        .iter()
        .zip(&hits)
        .map(|(c, h)| (c - h).abs())
        .sum();
    gaps / labels.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prediction(class: usize, confidence: f32) -> Prediction {
        let mut probabilities = [(1.0 - confidence) / 9.0; CLASSES];
        probabilities[class] = confidence;
        Prediction {
            probabilities,
            log_sum_exp: 0.0,
        }
    }

    #[test]
    fn wilson_interval_agrees_with_a_published_example() {
        // Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 gives 0.2553 to 0.3662.
        let [low, high] = wilson_interval(81, 263);
        assert!(
            (low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5,
            "{low} {high}"
        );
    }

    #[test]
    fn evaluation_counts_by_hand() {
        let labels: Vec<Label> = [0, 0, 1, 1].map(|i| Label::new(i).unwrap()).to_vec();
        let predictions = [
            prediction(0, 0.8),
            prediction(1, 0.8),
            prediction(1, 0.8),
            prediction(1, 0.8),
        ];
        let evaluation = Evaluation::new(&predictions, &labels);
        assert_eq!((evaluation.correct, evaluation.images), (3, 4));
        assert_eq!(evaluation.confusion[0][1], 1);
        assert!((evaluation.recall[0] - 0.5).abs() < 1e-12);
        // Confidence 0.8, accuracy 0.75, all in one bin.
        assert!((evaluation.ece - 0.05).abs() < 1e-6, "{}", evaluation.ece);
        let expected = -(3.0 * 0.8_f64.ln() + (0.2_f64 / 9.0).ln()) / 4.0;
        assert!((evaluation.nll - expected).abs() < 1e-6);
    }

    #[test]
    fn errors_among_upper_body_garments_are_counted() {
        let labels: Vec<Label> = [0, 2, 4, 9].map(|i| Label::new(i).unwrap()).to_vec();
        let predictions = [6, 2, 9, 4].map(|i| prediction(i, 0.8));
        let evaluation = Evaluation::new(&predictions, &labels);
        // Of three errors one stays within: T-shirt/top taken for Shirt.
        assert!((evaluation.upper_body_errors - 1.0 / 3.0).abs() < 1e-12);
    }
}
