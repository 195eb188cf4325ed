//! The number format that a network's pointwise layers are computed in.

/// What pointwise layers, which hold most of a separable network's products, are computed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// Single precision, as in training.
    Float,
    /// Weights of 8 bits and activations of 7 bits, see [`quantization`](super::quantization).
    Quantized,
}
