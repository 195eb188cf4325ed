//! The number format that a network's products are computed in, and which is faster here.

use serde::{Deserialize, Serialize};

/// What wide pointwise layers, 3x3 convolutions and large dense layers are computed in; all else is in single precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arithmetic {
    /// Single precision, as in training.
    Float,
    /// Integers: of 8 and 7 bits in matrix products, see [`quantization`](crate::engine::quantization), and of 16 bits in 3x3
    /// convolutions, see [`short`](crate::engine::short).
    Quantized,
}

/// Single precision is taken where integers need this many times as long. The measurement comes before the browser has
/// optimized the program: with V8's first compiler alone `lightweight` took 1.4 ms in integers and 3.7 in single precision,
/// optimized 0.53 and 0.70, so a small difference at the start tells nothing.
const MARGIN: f64 = 1.25;

/// How long a run of a small network took, in milliseconds: medians.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// In single precision.
    pub float_ms: f64,
    /// In integers.
    pub quantized_ms: f64,
}

impl Probe {
    /// What wide pointwise layers are computed in here.
    pub fn fastest(self) -> Arithmetic {
        if self.quantized_ms > self.float_ms * MARGIN {
            Arithmetic::Float
        } else {
            Arithmetic::Quantized
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_precision_is_taken_where_it_is_clearly_faster() {
        let fastest = |float_ms, quantized_ms| {
            let probe = Probe {
                float_ms,
                quantized_ms,
            };
            probe.fastest()
        };
        assert_eq!(fastest(1.0, 0.5), Arithmetic::Quantized);
        assert_eq!(fastest(1.0, 1.2), Arithmetic::Quantized);
        assert_eq!(fastest(1.0, 1.3), Arithmetic::Float);
    }
}
