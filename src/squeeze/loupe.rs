//! Which weights lie under the loupe: a type that the page knows without the code that reads weights.

use serde::{Deserialize, Serialize};

/// The weights that lie under the loupe: of one layer, one tap of its window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loupe {
    /// The layer's name.
    pub layer: String,
    /// The tap in the middle of the window.
    pub tap: usize,
    /// Output channels.
    pub rows: usize,
    /// Inputs.
    pub columns: usize,
}
