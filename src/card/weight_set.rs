//! The sets of weights that a network may have: one for photographs, one for drawings.

use super::training::Training;
use super::weights_file::WeightsFile;
use crate::familiarity::Familiarity;
use serde::{Deserialize, Serialize};

/// Which weights of a model answer a picture: a network may have a second set for what is no photograph of the data
/// set's kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WeightSet {
    /// Those that answer images of the data set as they are.
    #[default]
    Photographs,
    /// Those that answer what a visitor draws or uploads, after `preprocess`.
    Drawings,
}

/// The weights that answer drawings and uploaded pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawingWeights {
    /// Their file.
    pub weights: WeightsFile,
    /// How they were trained.
    pub training: Box<Training>,
    /// Their accuracy on the validation photographs as they are, 0 to 1.
    pub validation: f64,
    /// Their accuracy on drawn pictures of construction families that they have not seen, 0 to 1.
    pub drawn_validation: f64,
    /// What their logits are divided by before softmax, fitted on the same drawn pictures.
    pub temperature: f64,
    /// How their answers tell clothing from other things.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub familiarity: Option<Familiarity>,
}

/// The part of [`DrawingWeights`] that the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawingSummary {
    /// As in [`DrawingWeights`].
    pub weights: WeightsFile,
    /// As in [`DrawingWeights`].
    pub validation: f64,
    /// As in [`DrawingWeights`].
    pub temperature: f64,
    /// As in [`DrawingWeights`].
    #[serde(default)]
    pub familiarity: Option<Familiarity>,
}
