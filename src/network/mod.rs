//! The networks, defined in Burn once: the trainer, the tests and the page all use these modules.
//!
//! Each file holds one architecture. [`layers`] has the pieces they are made of, whose computation the trainer
//! replaces by faster kernels; [`weights`] moves trained numbers between a module and a safetensors file.
//! Parameter counts and MACs come from the built module; `tests/networks.rs` holds them to the published figures.

mod architecture;
pub mod baseline;
pub mod dense;
pub mod ladder;
pub mod layers;
pub mod lightweight;
mod module;
pub mod ndarray;
pub mod reference;
pub mod residual;
pub mod weights;

pub use architecture::{AnyNetwork, Architecture};
pub use baseline::Baseline;
pub use dense::{LogisticRegression, Mlp};
pub use ladder::{Ladder, Widths};
pub use layers::{BurnOps, LayerOps};
pub use lightweight::Lightweight;
pub use module::Network;
pub use ndarray::device;
pub use reference::ReferenceClassifier;
pub use residual::Residual;
