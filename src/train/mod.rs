//! Training, native only (feature `cli`): nothing of this reaches the page.
//!
//! `fit` is the loop: `batch` builds each step's batch of augmented `views`, `step` makes it, `validation` measures
//! the result. `kernels` has the operations on plain slices, and `fused` makes Burn operations with gradients of
//! them.

pub mod augment;
pub mod batch;
pub mod checkpoint;
pub mod classical;
pub mod drawn;
pub mod drawn_pictures;
pub mod ema;
pub mod fit;
pub mod fused;
pub mod inference;
pub mod kernels;
pub mod log;
mod muon;
pub mod optimizer;
pub mod plot;
pub mod progress;
mod quantization;
pub mod schedule;
pub mod seed;
pub mod step;
pub mod targets;
pub mod teacher;
pub mod validation;
pub mod views;
