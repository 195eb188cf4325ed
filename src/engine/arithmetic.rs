//! The number format that a network's products are computed in.

use serde::{Deserialize, Serialize};

/// What pointwise layers, 3x3 convolutions and large dense layers are computed in; all else is in single precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arithmetic {
    /// Single precision, as in training.
    Float,
    /// Integers: of 8 and 7 bits in matrix products, see [`quantization`](super::quantization), and of 16 bits in 3x3
    /// convolutions, see [`short`](super::short).
    Quantized,
}
