//! What a card says of a weights file.

use serde::{Deserialize, Serialize};

/// The weights file that a card belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightsFile {
    /// File name, in the card's folder.
    pub file: String,
    /// sha256 of the file, in hexadecimal.
    pub sha256: String,
    /// Length of the file.
    pub size_bytes: usize,
    /// Number type of the stored tensors, or how long their codes are.
    pub dtype: String,
    /// Bits of a weight's code, where the file holds packed codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<u8>,
}
