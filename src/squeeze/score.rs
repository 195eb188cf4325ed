//! What a squeezed network gets right, always beside the network as trained on the same images.

use serde::{Deserialize, Serialize};

/// The labelled images that a squeezed network is scored on. Each set is fixed and has as many images of every class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ImageSet {
    /// 200 test images, the first of the 1,000.
    Test200,
    /// 1,000 test images.
    Test1000,
    /// All 10,000 test images.
    Test10000,
    /// 1,000 validation images, for what is chosen: the edge.
    Validation1000,
}

impl ImageSet {
    /// How many images there are.
    pub fn count(self) -> usize {
        match self {
            Self::Test200 => 200,
            Self::Test1000 | Self::Validation1000 => 1000,
            Self::Test10000 => 10_000,
        }
    }

    /// What the images are called.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Validation1000 => "validation images",
            _ => "test images",
        }
    }
}

/// What a squeezed network gets right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The images.
    pub on: ImageSet,
    /// Images done so far.
    pub done: usize,
    /// Of these, those that it classifies correctly.
    pub correct: usize,
    /// Of these, those that the network as trained classifies correctly.
    pub as_trained: usize,
}

impl Score {
    /// Whether every image was classified.
    pub fn is_complete(&self) -> bool {
        self.done == self.on.count()
    }

    /// The share of the images done so far that is classified correctly, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.done.max(1) as f64
    }

    /// How many points of accuracy are lost against the network as trained, on the same images; negative for a gain.
    pub fn points_lost(&self) -> f64 {
        (self.as_trained as f64 - self.correct as f64) * 100.0 / self.done.max(1) as f64
    }
}
