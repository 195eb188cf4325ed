//! The instruction set of the build: which vectors the fast kernels use, and what to call them.
//!
//! The page shows [`InstructionSet::label`] beside a measured time, so it names what really computes.

use super::lanes::DotProduct;

#[cfg(not(target_arch = "wasm32"))]
pub use super::native::{
    F32x8 as Vector, GROUP, I16x16 as ShortVector, I32x8 as DotVector, LANES, PAIR,
};
#[cfg(target_arch = "wasm32")]
pub use super::simd128::{
    F32x4 as Vector, GROUP, I16x8 as ShortVector, I32x4 as DotVector, LANES, PAIR,
};

/// The type in which the build stores a quantized weight or activation of a pointwise layer.
pub type QuantizedValue = <DotVector as DotProduct<LANES, GROUP, i8>>::Value;

/// What a model computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstructionSet {
    /// Plain loops: the scalar kernels, and everything outside the engine.
    Scalar,
    /// The vectors of the build.
    Simd,
}

impl InstructionSet {
    /// The name of what really computes in this build.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Simd if cfg!(target_feature = "relaxed-simd") => "relaxed SIMD",
            Self::Simd if cfg!(target_arch = "wasm32") => "SIMD",
            Self::Simd => "native vectors",
        }
    }
}
