//! The networks, defined in Burn once: the trainer, the tests and the page all use these modules.
//!
//! Each file holds one architecture. [`layers`] has the pieces they are made of, whose computation the trainer
//! replaces by faster kernels; [`weights`] moves trained numbers between a module and a safetensors file.
//! Parameter counts and MACs come from the built module; `tests/networks.rs` holds them to the published figures.

mod architecture;
pub mod baseline;
pub mod compact;
pub mod dense;
pub mod ladder;
pub mod layers;
pub mod lightweight;
pub mod ndarray;
pub mod reference;
pub mod weights;

pub use architecture::Network;
pub use baseline::Baseline;
pub use compact::{Compact, Pocket};
pub use dense::{LogisticRegression, Mlp};
pub use ladder::{Stitch, Tiny1k, Tiny2k, Tiny5k, Tiny10k, Tiny20k, Tiny500};
pub use layers::{BurnOps, LayerOps};
pub use lightweight::Lightweight;
pub use ndarray::device;
pub use reference::ReferenceClassifier;
