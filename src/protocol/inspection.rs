//! What the page asks and the worker says of a look inside a model: its activations, or its occlusion map.

use crate::activation::Activation;
use crate::card::WeightSet;
use crate::image::GrayImage;
use crate::prediction::{Logits, Prediction};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Channels of a layer that are shown.
pub const MOST_CHANNELS: usize = 64;

/// The number of a look inside, from 1 in the order in which they were asked for.
pub type InspectionNumber = u64;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inspected {
    /// What each layer of a network makes of the picture.
    Activations,
    /// Which places of the picture speak for a model's answer.
    Occlusion,
}

/// A look inside. It ends with a newer picture, and with another look at the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Its number.
    pub number: InspectionNumber,
    /// What is looked at.
    pub inspected: Inspected,
    /// The name of a loaded model.
    pub model: String,
    /// The picture.
    pub image: GrayImage,
    /// Which of the model's weights answer it.
    pub set: WeightSet,
}

/// What was found by a look inside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Finding {
    /// The activations of a network.
    Activations(Box<Activations>),
    /// The share of the time that each step takes, 0 to 1, together 1; empty when the clock is too coarse to tell.
    TimeShares(Vec<f64>),
    /// A part of an occlusion map.
    Occlusion {
        /// The answer to the whole picture.
        answer: Prediction,
        /// What the places since the part before cost, in the order of [`crate::occlusion::places`].
        costs: Vec<f32>,
    },
    /// There is nothing to be found; this is why.
    None(String),
}

/// What the steps of a network make of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activations {
    /// The steps in order.
    pub steps: Vec<StepView>,
    /// The logits, which are the last activation.
    pub logits: Logits,
    /// The answer, calibrated.
    pub answer: Prediction,
}

/// A step of a network, and small pictures of its channels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    /// What it is called.
    pub name: String,
    /// What it does.
    pub operations: String,
    /// Channels, height and width.
    pub shape: [usize; 3],
    /// Numbers that it holds.
    pub parameters: usize,
    /// Its multiply-adds.
    pub macs: usize,
    /// The largest magnitude of all its channels.
    pub largest: f32,
    /// The share of the numbers of all its channels that are above zero, and of those below.
    pub signs: [f32; 2],
    /// The first [`MOST_CHANNELS`] channels, row by row: an `i8` each, 127 for the largest magnitude.
    pub values: ByteBuf,
}

impl StepView {
    /// Reduce an activation to what is shown of it.
    pub fn new(activation: &Activation) -> Self {
        let [c, h, w] = activation.shape;
        let values = &activation.values;
        let largest = values.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
        let share = |holds: fn(f32) -> bool| {
            let n = values.iter().filter(|v| holds(**v)).count();
            n as f32 / values.len().max(1) as f32
        };
        let shown = &values[..c.min(MOST_CHANNELS) * h * w];
        let byte = |v: &f32| (v / largest.max(f32::MIN_POSITIVE) * 127.0).round() as i8 as u8;
        Self {
            name: activation.name(),
            operations: activation.operations(),
            shape: activation.shape,
            parameters: activation.parameters,
            macs: activation.macs,
            largest,
            signs: [share(|v| v > 0.0), share(|v| v < 0.0)],
            values: ByteBuf::from(shown.iter().map(byte).collect::<Vec<_>>()),
        }
    }

    /// How many channels are shown.
    pub fn channels(&self) -> usize {
        self.shape[0].min(MOST_CHANNELS)
    }

    /// The value at a row and a column of a channel that is shown, -1 to 1.
    ///
    /// # Panics
    /// When there is no such place.
    pub fn value(&self, channel: usize, row: usize, column: usize) -> f32 {
        let [_, h, w] = self.shape;
        let byte = self.values[(channel * h + row) * w + column];
        f32::from(byte as i8) / 127.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Layer;

    #[test]
    fn a_view_keeps_signs_scale_and_the_first_channels() {
        let mut values = vec![0.0; 70 * 4];
        (values[1], values[6], values[279]) = (2.0, -4.0, 1.0);
        let view = StepView::new(&Activation {
            layers: vec![Layer::MaxPool],
            shape: [70, 2, 2],
            parameters: 0,
            macs: 0,
            values,
        });
        assert_eq!((view.channels(), view.values.len()), (64, 256));
        assert_eq!((view.value(0, 0, 1) * 127.0).round(), 64.0);
        assert_eq!(view.value(1, 1, 0), -1.0);
        assert_eq!(view.value(63, 1, 1), 0.0);
        assert_eq!(view.largest, 4.0);
        assert_eq!(view.signs, [2.0 / 280.0, 1.0 / 280.0]);
        assert_eq!(view.name, "max pool");
    }

    #[test]
    fn nothing_but_zeros_is_no_division_by_zero() {
        let view = StepView::new(&Activation {
            layers: vec![Layer::Relu],
            shape: [1, 1, 2],
            parameters: 0,
            macs: 0,
            values: vec![0.0; 2],
        });
        assert_eq!([view.value(0, 0, 0), view.value(0, 0, 1)], [0.0; 2]);
    }
}
