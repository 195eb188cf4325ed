//! The squeezed network in the chart of accuracy against size.

use super::axis::Axis;
use super::mark::{Mark, own};
use crate::format::{kilobytes, thousands};
use crate::metrics::wilson_interval;

/// A network as it is squeezed now: it moves beside the mark of the network as it was trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    /// The network's name.
    pub network: &'static str,
    /// How much it is squeezed: `at 3 bits`.
    pub setting: String,
    /// Bytes of what is packed.
    pub size_bytes: usize,
    /// Images that it has classified so far, above 0.
    pub images: usize,
    /// How many of them it got right.
    pub correct: usize,
    /// What images they are: `test images`.
    pub kind: &'static str,
}

impl Ghost {
    /// Share of the images that it gets right, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.images as f64
    }

    /// The 95 % interval of that.
    pub fn interval(&self) -> [f64; 2] {
        wilson_interval(self.correct, self.images)
    }

    /// All of it in words.
    pub fn words(&self) -> String {
        format!(
            "{} {}, {}, {:.1} % of {} {}",
            self.network,
            self.setting,
            kilobytes(self.size_bytes),
            self.accuracy() * 100.0,
            thousands(self.images),
            self.kind
        )
    }
}

/// A ghost, where it stands on an axis, and the mark of its network as it was trained.
#[derive(Clone, Copy)]
pub(super) struct Shade<'a> {
    pub ghost: &'a Ghost,
    pub x: f64,
    pub trained: &'a Mark,
}

impl<'a> Shade<'a> {
    /// None when the network has no mark. Squeezing changes its bytes and nothing else that is on an axis.
    pub fn new(ghost: &'a Ghost, marks: &'a [Mark], axis: Axis) -> Option<Self> {
        let trained = own(ghost.network, marks)?;
        let x = match axis {
            Axis::Bytes => ghost.size_bytes as f64,
            _ => trained.x,
        };
        Some(Self { ghost, x, trained })
    }
}
