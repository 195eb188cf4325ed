//! Fitting, native only (feature `cli`): nothing of this reaches the page.
//!
//! `fit` is the loop; `fused` hands it the operations of `kernels` and `norm` as Burn operations with gradients.

pub mod augment;
pub mod checkpoint;
pub mod fit;
pub mod fused;
pub mod kernels;
pub mod norm;
mod planes;
pub mod schedule;
