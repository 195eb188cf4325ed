//! What computes one set of a model's weights.

use crate::calibration::Calibrated;
use crate::classifier::Classifier;

/// A classifier with its temperature.
pub type Network = Calibrated<Box<dyn Classifier>>;
