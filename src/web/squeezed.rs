//! A squeezed network as its swatch shows it.

use crate::prediction::Prediction;
use crate::weave::Weave;

/// A network as it was squeezed.
#[derive(Clone, Debug, PartialEq)]
pub struct Squeezed {
    /// Bits of each weight.
    pub bits: u32,
    /// Percent of the weights that were cut.
    pub cut: u32,
    /// Bytes of the packed file.
    pub bytes: usize,
    /// Its numbers as threads.
    pub weave: Weave,
    /// Its answer to the current picture.
    pub prediction: Option<Prediction>,
    /// Share of the scored images that it gets right, 0 to 1.
    pub accuracy: Option<f64>,
}

impl Squeezed {
    /// What stands behind the network's name: ` at 4 bits, 30 % cut`.
    pub fn words(&self) -> String {
        match (self.bits < 16, self.cut) {
            (true, 0) => format!(" at {} bits", self.bits),
            (true, cut) => format!(" at {} bits, {cut}\u{a0}% cut", self.bits),
            (false, 0) => String::new(),
            (false, cut) => format!(" {cut}\u{a0}% cut"),
        }
    }
}
