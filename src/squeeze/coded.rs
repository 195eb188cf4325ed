//! A network whose weights are codes with scales: what packed bytes hold, and the weights that follow from it.

use super::setting::{AS_TRAINED_BITS, Setting};
use crate::layer::Layer;
use half::f16;

/// The codes of one layer: rows are output channels.
///
/// **Formula**: `weight[row][column] = code[row][column] scale[row] 2^exponent`, and the layer adds `offset[row]`.
#[derive(Clone, Debug, PartialEq)]
pub struct CodedMatrix {
    /// Output channels.
    pub rows: usize,
    /// Weights of an output channel.
    pub columns: usize,
    /// `[rows, columns]`: integers up to the largest code of their bits in magnitude; of 16 bits, the bits of an `f16`.
    pub codes: Vec<i16>,
    /// The power of two that every scale is multiplied by, so that a small scale keeps its digits.
    pub exponent: i8,
    /// One scale, or one a row.
    pub scales: Vec<f16>,
    /// What the layer adds to each output channel; empty when that is zero everywhere.
    pub offsets: Vec<f16>,
}

/// The largest exponent in magnitude.
pub(super) const MOST_EXPONENT: i32 = 100;

/// Two to the power of an exponent up to [`MOST_EXPONENT`], exactly.
pub(super) fn power_of_two(exponent: i8) -> f32 {
    f32::from_bits(((i32::from(exponent) + 127) as u32) << 23)
}

/// The largest code of so many bits: `2^(bits - 1) - 1`, so that codes are symmetric.
pub fn largest_code(bits: u8) -> i16 {
    (1 << (bits - 1)) - 1
}

impl CodedMatrix {
    /// The scale of a row.
    pub fn scale(&self, row: usize) -> f32 {
        let scale = self.scales[row.min(self.scales.len() - 1)];
        scale.to_f32() * power_of_two(self.exponent)
    }

    /// The weights by position: row by row, or column by column where output channels come `last`.
    pub fn weights(&self, bits: u8, last: bool) -> impl Fn(usize) -> f32 + '_ {
        let [rows, columns] = [self.rows, self.columns];
        let scales: Vec<f32> = (0..rows).map(|row| self.scale(row)).collect();
        move |position| {
            let (row, column) = if last {
                (position % rows, position / rows)
            } else {
                (position / columns, position % columns)
            };
            number(self.codes[row * columns + column], bits) * scales[row]
        }
    }

    /// How many codes are not zero.
    pub fn threads(&self) -> usize {
        self.codes.iter().filter(|code| **code != 0).count()
    }
}

/// The number that a code stands for before it is scaled.
pub(super) fn number(code: i16, bits: u8) -> f32 {
    if bits == AS_TRAINED_BITS {
        f16::from_bits(code as u16).to_f32()
    } else {
        f32::from(code)
    }
}

/// A network whose weights are codes.
#[derive(Clone, Debug, PartialEq)]
pub struct CodedNetwork {
    /// How it was squeezed.
    pub setting: Setting,
    /// Its layers, with batch norms folded.
    pub layers: Vec<Layer>,
    /// The codes of every layer with weights, in order.
    pub matrices: Vec<CodedMatrix>,
}

impl CodedNetwork {
    /// How many weights there are, and how many are not zero.
    pub fn weights_and_threads(&self) -> [usize; 2] {
        let sum = |count: fn(&CodedMatrix) -> usize| self.matrices.iter().map(count).sum();
        [sum(|m| m.codes.len()), sum(CodedMatrix::threads)]
    }

    /// The same network with other names of its layers, as many as there are layers with weights.
    pub fn with_layers(self, layers: Vec<Layer>) -> Self {
        Self { layers, ..self }
    }
}
