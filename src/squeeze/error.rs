//! Why a network cannot be squeezed, or packed bytes cannot be read.

use crate::weights::WeightsError;

/// Why a network cannot be squeezed, or packed bytes cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SqueezeError {
    /// The weights file is damaged.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A number of bits that no code has.
    #[error("{0} bits for each weight, expected 2 to 8, or 16 for as trained")]
    Bits(u8),
    /// More weights than may be cut.
    #[error("{0} % of the weights are to be cut, expected 0 to 90 %")]
    Cut(u8),
    /// A layer cannot be squeezed.
    #[error("layer {title} {reason}")]
    Layer {
        /// The layer.
        title: String,
        /// What is wrong.
        reason: String,
    },
    /// A network is to fit into fewer bytes than its codes take.
    #[error("the network takes at least {least} bytes, expected at most {most}")]
    TooLarge {
        /// The fewest bytes that it takes.
        least: usize,
        /// The most that it may take.
        most: usize,
    },
    /// The bytes end inside a part.
    #[error("the packed bytes end at {end}, inside {part}")]
    End {
        /// Number of bytes that are there.
        end: usize,
        /// What was being read.
        part: &'static str,
    },
    /// The part of the bytes that is entropy coded cannot be read.
    #[error("the packed codes {0}")]
    Codes(&'static str),
    /// A part of the bytes says something that no packed network says.
    #[error("{part} is {found}, expected {expected}")]
    Content {
        /// The part.
        part: &'static str,
        /// What the bytes say.
        found: String,
        /// What they may say.
        expected: String,
    },
}

impl SqueezeError {
    /// A part that says something else than it may.
    pub(super) fn content(
        part: &'static str,
        found: &impl ToString,
        expected: &impl ToString,
    ) -> Self {
        Self::Content {
            part,
            found: found.to_string(),
            expected: expected.to_string(),
        }
    }
}
