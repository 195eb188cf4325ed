//! What computes a model: one classifier for each set of its weights.

use crate::calibration::Calibrated;
use crate::card::WeightSet;
use crate::classifier::Classifier;

/// What computes one set of weights.
pub type Network = Calibrated<Box<dyn Classifier>>;

/// What computes a model.
pub struct Classifiers {
    photographs: Network,
    drawings: Option<Network>,
}

impl Classifiers {
    /// With the weights that answer photographs of the data set, and where the model has them those that answer
    /// drawings.
    pub fn new(photographs: Network, drawings: Option<Network>) -> Self {
        Self {
            photographs,
            drawings,
        }
    }

    /// What answers a picture of a kind.
    pub fn of(&mut self, set: WeightSet) -> &mut Network {
        match (&mut self.drawings, set) {
            (Some(drawings), WeightSet::Drawings) => drawings,
            _ => &mut self.photographs,
        }
    }
}
