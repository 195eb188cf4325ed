//! The recipe of a network's run: every choice that was made for it.

use serde::{Deserialize, Serialize};

/// The choices of a training run: `models/recipes/NAME.toml`, and a copy in the card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// What makes a step of a gradient.
    #[serde(default)]
    pub optimizer: OptimizerName,
    /// Highest learning rate of the one-cycle schedule.
    pub learning_rate: f64,
    /// Highest learning rate of the weight matrices, with [`OptimizerName::Muon`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matrix_learning_rate: Option<f64>,
    /// Share of the steps in which the learning rate rises, 0 to 1.
    pub warm_up: f64,
    /// Weight decay: decoupled with `AdamW` and Muon, part of the gradient with SGD.
    pub weight_decay: f64,
    /// Largest norm of the gradient of one parameter tensor; longer gradients are clipped to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_grad_norm: Option<f32>,
    /// Decay a step of the exponential moving average (EMA) of the weights; with it, the EMA is released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ema_decay: Option<f32>,
    /// Share of the steps in which the network's dropout falls linearly to none, above 0 and at most 1; without it
    /// dropout stays as the network defines it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_dropout: Option<f64>,
    /// Share of the target that is spread over all classes, 0 to 1.
    pub label_smoothing: f32,
    /// Whether half of the training images are mirrored.
    #[serde(default = "yes")]
    pub flip: bool,
    /// Largest shift of an augmented image in each direction, in pixels.
    pub max_shift: usize,
    /// Largest relative change of an augmented image's width and of its height.
    #[serde(default)]
    pub max_scale: f32,
    /// Largest sideways shift of an augmented image's row, in rows of distance from the middle.
    #[serde(default)]
    pub max_shear: f32,
    /// Probability that a random rectangle of an augmented image is erased.
    #[serde(default)]
    pub erase: f64,
    /// Probability that an augmented image is mixed with another one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mixup: f64,
    /// Augmented views of each training image, which the epochs cycle through; 0 makes a new one in each epoch.
    #[serde(default, skip_serializing_if = "is_default")]
    pub augmented_views: usize,
    /// Share of each batch that is drawn garments instead of photographs, from 0 to below 1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drawn_share: f64,
    /// Drawn garments that are made for the run.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drawn_pictures: usize,
    /// Share of the drawn pictures that are training photographs turned into drawings, 0 to 1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drawn_from_photographs: f64,
    /// Share of each batch that is drawn pictures of other things than clothing, 0 to below 1. With some, the network is
    /// trained as if it had an eleventh class for them, whose logit is always zero.
    #[serde(default, skip_serializing_if = "is_default")]
    pub other_share: f64,
    /// Drawn pictures of other things that are made for the run.
    #[serde(default, skip_serializing_if = "is_default")]
    pub other_pictures: usize,
    /// The seeds to train with, one run each; the best on validation is released.
    #[serde(default = "one_seed")]
    pub seeds: Vec<u64>,
    /// Whether the best seed is trained again on training and validation images, to its best epoch, and released.
    #[serde(default, skip_serializing_if = "is_default")]
    pub final_fit: bool,
    /// Bits of a weight's code, 2 to 8: each step computes with weights rounded as `squeeze` rounds them, one scale an
    /// output channel, and the rounded weights are released. Without it, weights are not rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_bits: Option<u8>,
    /// Binary digits behind the first one of a channel's scale, 0 to 10; biases have as many below the widest of their
    /// layer. The network is trained as it is released, without batch norms. Without it, scales are not rounded in
    /// training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_digits: Option<u32>,
    /// The released file holds packed codes of `weight_bits` and is at most so long: its scales and offsets have as many
    /// digits as fit. Without it, the file holds a number for each weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_bytes: Option<usize>,
    /// The networks whose mean probabilities are part of the target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teachers: Vec<TeacherFile>,
    /// Weight of the teachers' soft targets against the label, 0 to 1.
    #[serde(default)]
    pub distillation_weight: f32,
    /// The weights that training starts from; random ones when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial: Option<InitialWeights>,
    /// Parts of the names of the tensors that are trained, such as `norm`; the others stay as they start. Without any,
    /// all are trained.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trained: Vec<String>,
}

/// Why a recipe cannot be followed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{name} is {found}, expected {expected}")]
pub struct RecipeError {
    /// The choice.
    name: &'static str,
    /// Its value.
    found: f64,
    /// What it has to be.
    expected: &'static str,
}

impl Recipe {
    /// Check that every choice is possible.
    ///
    /// # Errors
    /// [`RecipeError`] naming the first one that is not.
    pub fn validate(&self) -> Result<(), RecipeError> {
        let counts = [
            ("epochs", self.epochs),
            ("batch_size", self.batch_size),
            ("the number of seeds", self.seeds.len()),
        ];
        for (name, found) in counts {
            if found == 0 {
                return Err(RecipeError {
                    name,
                    found: 0.0,
                    expected: "at least 1",
                });
            }
        }
        let shares = [
            ("warm_up", self.warm_up),
            ("label_smoothing", self.label_smoothing.into()),
            ("max_scale", self.max_scale.into()),
            ("erase", self.erase),
            ("mixup", self.mixup),
            ("drawn_share", self.drawn_share),
            ("other_share", self.other_share),
            ("drawn_from_photographs", self.drawn_from_photographs),
            ("distillation_weight", self.distillation_weight.into()),
        ];
        for (name, found) in shares {
            if !(0.0..=1.0).contains(&found) {
                return Err(RecipeError {
                    name,
                    found,
                    expected: "0 to 1",
                });
            }
        }
        if let Some(bits) = self.weight_bits.filter(|bits| !(2..=8).contains(bits)) {
            return Err(RecipeError {
                name: "weight_bits",
                found: bits.into(),
                expected: "2 to 8",
            });
        }
        if let Some(digits) = self.scale_digits.filter(|digits| *digits > 10) {
            return Err(RecipeError {
                name: "scale_digits",
                found: digits.into(),
                expected: "0 to 10",
            });
        }
        let of_codes = self.scale_digits.is_some() || self.most_bytes.is_some();
        if of_codes && self.weight_bits.is_none() {
            return Err(RecipeError {
                name: "weight_bits, which scale_digits and most_bytes need,",
                found: 16.0,
                expected: "2 to 8",
            });
        }
        let drawn = [
            ("drawn_pictures", self.drawn_in_batch(), self.drawn_pictures),
            (
                "other_pictures",
                self.others_in_batch(),
                self.other_pictures,
            ),
        ];
        for (name, taken, pictures) in drawn {
            if pictures < taken {
                return Err(RecipeError {
                    name,
                    found: pictures as f64,
                    expected: "as many as a batch takes",
                });
            }
        }
        let has_others = self.other_share > 0.0;
        if has_others && self.drawn_in_batch() == 0 {
            return Err(RecipeError {
                name: "drawn_share, which other_share needs,",
                found: self.drawn_share,
                expected: "above 0",
            });
        }
        let both = self.drawn_share + self.other_share;
        if has_others && (both >= 1.0 || self.others_in_batch() == 0) {
            return Err(RecipeError {
                name: "other_share",
                found: self.other_share,
                expected: "a picture of each batch or more, and below 1 with drawn_share",
            });
        }
        Ok(())
    }

    /// Drawn garments in a batch, which always holds a photograph too.
    pub fn drawn_in_batch(&self) -> usize {
        let drawn = (self.batch_size as f64 * self.drawn_share).round() as usize;
        drawn.min(self.batch_size.saturating_sub(1))
    }

    /// Drawn other things in a batch, which always holds a photograph too.
    pub fn others_in_batch(&self) -> usize {
        let others = (self.batch_size as f64 * self.other_share).round() as usize;
        let most = (self.batch_size - self.drawn_in_batch()).saturating_sub(1);
        others.min(most)
    }
}

/// Weights of the same network that training starts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InitialWeights {
    /// Their safetensors file.
    pub weights: String,
    /// sha256 of the file; a run writes it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// A network that teaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeacherFile {
    /// The network's name.
    pub model: String,
    /// Its safetensors file.
    pub weights: String,
    /// Whether it was trained on drawn pictures too, and so teaches them as well as photographs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drawn: bool,
    /// sha256 of the file; a run writes it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

fn yes() -> bool {
    true
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn one_seed() -> Vec<u64> {
    vec![1]
}

/// What makes a step of a gradient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptimizerName {
    /// Adam with decoupled weight decay.
    #[default]
    AdamW,
    /// Stochastic gradient descent with Nesterov momentum 0.9.
    Sgd,
    /// Muon for weight matrices, `AdamW` for everything else.
    Muon,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(more: &str) -> Option<String> {
        let least = r#""epochs": 1, "batch_size": 10, "learning_rate": 0.1, "warm_up": 0.1, "weight_decay": 0.0,
                       "label_smoothing": 0.0, "max_shift": 0"#;
        let recipe: Recipe = serde_json::from_str(&format!("{{{least}{more}}}")).unwrap();
        recipe.validate().err().map(|error| error.to_string())
    }

    #[test]
    fn impossible_choices_are_named() {
        assert_eq!(problem(""), None);
        assert_eq!(
            problem(r#", "drawn_share": 0.5, "drawn_pictures": 5"#),
            None
        );
        for (choice, expected) in [
            (r#", "erase": 1.5"#, "erase is 1.5, expected 0 to 1"),
            (r#", "mixup": -0.5"#, "mixup is -0.5, expected 0 to 1"),
            (
                r#", "seeds": []"#,
                "the number of seeds is 0, expected at least 1",
            ),
            (
                r#", "drawn_share": 0.5, "drawn_pictures": 4"#,
                "drawn_pictures is 4, expected as many as a batch takes",
            ),
            (
                r#", "drawn_share": 0.5, "drawn_pictures": 5, "other_share": 0.2, "other_pictures": 1"#,
                "other_pictures is 1, expected as many as a batch takes",
            ),
            (
                r#", "drawn_share": 0.5, "drawn_pictures": 5, "other_share": 0.5, "other_pictures": 9"#,
                "other_share is 0.5, expected a picture of each batch or more, and below 1 with drawn_share",
            ),
            (
                r#", "drawn_share": 0.5, "drawn_pictures": 5, "other_share": 0.04, "other_pictures": 9"#,
                "other_share is 0.04, expected a picture of each batch or more, and below 1 with drawn_share",
            ),
            (
                r#", "other_share": 0.2, "other_pictures": 2"#,
                "drawn_share, which other_share needs, is 0, expected above 0",
            ),
            (r#", "weight_bits": 9"#, "weight_bits is 9, expected 2 to 8"),
            (
                r#", "weight_bits": 4, "scale_digits": 11"#,
                "scale_digits is 11, expected 0 to 10",
            ),
            (
                r#", "most_bytes": 2953"#,
                "weight_bits, which scale_digits and most_bytes need, is 16, expected 2 to 8",
            ),
        ] {
            assert_eq!(problem(choice).as_deref(), Some(expected));
        }
    }
}
