//! What the worker says of a network that is ready, and of one that was squeezed.

use crate::arithmetic::Probe;
use crate::card::Summary;
use crate::squeeze::Loupe;
use crate::weave::Weave;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A model that is ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ready {
    /// Its card, with the accuracy of what computes it here.
    pub card: Summary,
    /// Duration of its first, cold run, in milliseconds.
    pub cold_ms: f64,
    /// What computes this model, such as `relaxed SIMD`.
    pub path: String,
    /// Whether any of its layers is computed in integers.
    pub integers: bool,
    /// How fast 8-bit integers are here; none where no layer can take them.
    pub probe: Option<Probe>,
    /// Memory of the worker's program, which never shrinks, in bytes.
    pub memory_bytes: usize,
    /// Its numbers as threads, for its swatch.
    pub weave: Weave,
}

/// A network that was squeezed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SqueezedNetwork {
    /// Bytes of what was packed; as trained, of the weights file.
    pub size_bytes: usize,
    /// Its weights, cut ones included.
    pub weights: usize,
    /// The weights that are not zero.
    pub threads: usize,
    /// The packed bytes, where a QR code holds them.
    pub code: Option<ByteBuf>,
    /// Its weights as threads, as strong as they are among the weights as trained.
    pub weave: Weave,
    /// Those under the loupe.
    pub loupe: Loupe,
}
