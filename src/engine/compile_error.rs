//! Why a network cannot be compiled.

use crate::weights::WeightsError;

/// Why a network cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The weights are damaged or do not fit the layers.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A layer cannot follow the one before it.
    #[error("layer {number} ({title}) {reason}")]
    Layer {
        /// Position in the list, from zero.
        number: usize,
        /// The layer.
        title: String,
        /// What is wrong.
        reason: String,
    },
}
