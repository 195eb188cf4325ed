//! Logits to probabilities, and what is said about them.
//!
//! `softmax` is the only one in the project; the page, the command line and the tests use it.

use crate::label::{CLASSES, Label};
use serde::{Deserialize, Serialize};

/// Unnormalized scores of the ten classes.
pub type Logits = [f32; CLASSES];

/// Below this mean confidence a picture is called [`Verdict::Unsure`].
const UNSURE_BELOW: f32 = 0.5;

/// What a model answers: one probability for each class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Probabilities in label order, each 0 to 1, together 1.
    pub probabilities: [f32; CLASSES],
}

impl Prediction {
    /// Turn logits into probabilities.
    ///
    /// **Formula**: `exp(z_i - max z) / sum_j exp(z_j - max z)`, the shift against overflow.
    ///
    /// # Errors
    /// A message when a logit is not finite, because no probability follows from it.
    pub fn from_logits(logits: &Logits) -> Result<Self, String> {
        if let Some(bad) = logits.iter().find(|z| !z.is_finite()) {
            return Err(format!("a logit is {bad}, so there is no prediction"));
        }
        let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut probabilities = logits.map(|z| (z - max).exp());
        let sum: f32 = probabilities.iter().sum();
        for p in &mut probabilities {
            *p /= sum;
        }
        Ok(Self { probabilities })
    }

    /// The most probable class; the first of equals.
    ///
    /// # Panics
    /// Never: a class index is always below the number of classes.
    pub fn label(&self) -> Label {
        let best = (1..CLASSES).fold(0, |best, i| {
            if self.probabilities[i] > self.probabilities[best] {
                i
            } else {
                best
            }
        });
        Label::new(best as u8).expect("an index into ten classes")
    }

    /// The probability of the most probable class.
    pub fn confidence(&self) -> f32 {
        self.probabilities[self.label().index()]
    }
}

/// What the page says of a picture as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The networks agree on a garment.
    Clothing,
    /// The networks disagree, or are not confident.
    Unsure,
    /// There is nothing in the picture.
    Blank,
}

impl Verdict {
    /// Judge the answers that several models gave to one picture.
    ///
    /// `Clothing` when all name the same class and their mean confidence is at least one half.
    /// No threshold tells a garment from another object; the page says so beside the verdict.
    pub fn of(predictions: &[Prediction]) -> Self {
        let Some(first) = predictions.first() else {
            return Self::Unsure;
        };
        let agree = predictions.iter().all(|p| p.label() == first.label());
        let confidence: f32 = predictions.iter().map(Prediction::confidence).sum();
        if agree && confidence >= UNSURE_BELOW * predictions.len() as f32 {
            Self::Clothing
        } else {
            Self::Unsure
        }
    }

    /// The value of the page's `data-verdict`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clothing => "clothing",
            Self::Unsure => "unsure",
            Self::Blank => "blank",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_survives_large_logits_and_refuses_nan() {
        let mut logits = [0.0; CLASSES];
        logits[3] = 1e30;
        let prediction = Prediction::from_logits(&logits).unwrap();
        assert_eq!(prediction.label().index(), 3);
        assert!((prediction.confidence() - 1.0).abs() < 1e-6);
        logits[3] = f32::NAN;
        assert!(Prediction::from_logits(&logits).is_err());
    }

    #[test]
    fn verdict_needs_agreement_and_confidence() {
        let sure = |class: usize| {
            let mut logits = [0.0; CLASSES];
            logits[class] = 9.0;
            Prediction::from_logits(&logits).unwrap()
        };
        let flat = Prediction::from_logits(&[0.0; CLASSES]).unwrap();
        assert_eq!(Verdict::of(&[sure(1), sure(1)]), Verdict::Clothing);
        assert_eq!(Verdict::of(&[sure(1), sure(2)]), Verdict::Unsure);
        assert_eq!(Verdict::of(&[flat, flat]), Verdict::Unsure);
        assert_eq!(Verdict::of(&[]), Verdict::Unsure);
    }
}
