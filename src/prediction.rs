//! Logits to probabilities, and what is said about them.
//!
//! `softmax` is the only one in the project; the page, the command line and the tests use it.

use crate::label::{CLASSES, Label};
use serde::{Deserialize, Serialize};

/// Unnormalized scores of the ten classes.
pub type Logits = [f32; CLASSES];

/// Below this mean confidence a picture is [`Verdict::Unsure`], as long as nothing better is known.
const UNSURE_BELOW: f32 = 0.5;

/// What a model answers: one probability for each class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Probabilities in label order, each 0 to 1, together 1.
    pub probabilities: [f32; CLASSES],
    /// The logarithm of the sum of the exponentials of the logits: the lower, the less any class fits.
    ///
    /// **Source**: the negative energy of Liu et al., "Energy-based out-of-distribution detection", 2020, section 3
    /// (<https://arxiv.org/abs/2010.03759>).
    pub log_sum_exp: f32,
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
        Ok(Self {
            probabilities,
            log_sum_exp: max + sum.ln(),
        })
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
    /// Most networks name the same garment, and together they hold the picture for clothing.
    Clothing,
    /// No class has most of the networks, or they hold the picture for something else.
    Unsure,
    /// There is nothing in the picture.
    Blank,
}

impl Verdict {
    /// Judge the answers that several networks gave to one picture, each with its log-odds that it shows clothing.
    ///
    /// `Clothing` when more than half of them name the same class and the mean of their log-odds is not negative;
    /// `familiarity` says where these come from. As long as a network has none, all must name the same class, with a
    /// mean confidence of at least one half.
    pub fn of(answers: &[(Prediction, Option<f32>)]) -> Self {
        let votes = |label: Label| answers.iter().filter(|(p, _)| p.label() == label).count();
        let Some(most) = answers.iter().map(|(p, _)| votes(p.label())).max() else {
            return Self::Unsure;
        };
        let log_odds: Option<f32> = answers.iter().map(|(_, log_odds)| *log_odds).sum();
        let is_clothing = if let Some(log_odds) = log_odds {
            2 * most > answers.len() && log_odds >= 0.0
        } else {
            let confidence: f32 = answers.iter().map(|(p, _)| p.confidence()).sum();
            most == answers.len() && confidence >= UNSURE_BELOW * most as f32
        };
        if is_clothing {
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
    fn verdict_needs_a_majority_and_log_odds() {
        let mut logits = [0.0; CLASSES];
        let flat = Prediction::from_logits(&logits).unwrap();
        logits[1] = 9.0;
        let one = Prediction::from_logits(&logits).unwrap();
        logits[2] = 18.0;
        let two = Prediction::from_logits(&logits).unwrap();
        let verdict = |answers: &[(Prediction, f32)]| {
            let known: Vec<_> = answers.iter().map(|(p, odds)| (*p, Some(*odds))).collect();
            Verdict::of(&known)
        };
        assert_eq!(verdict(&[(one, 1.0), (one, -0.5)]), Verdict::Clothing);
        assert_eq!(verdict(&[(one, 1.0), (one, -1.5)]), Verdict::Unsure);
        assert_eq!(verdict(&[(one, 1.0), (two, 1.0)]), Verdict::Unsure);
        assert_eq!(
            verdict(&[(one, 1.0), (one, 1.0), (two, 1.0)]),
            Verdict::Clothing
        );
        assert_eq!(verdict(&[]), Verdict::Unsure);
        // Without log-odds all must agree, and be confident.
        assert_eq!(
            Verdict::of(&[(one, None), (one, Some(1.0))]),
            Verdict::Clothing
        );
        assert_eq!(Verdict::of(&[(one, None), (two, None)]), Verdict::Unsure);
        assert_eq!(Verdict::of(&[(flat, None), (flat, None)]), Verdict::Unsure);
    }
}
