//! Fitting, native only (feature `cli`): nothing of this reaches the page.
//!
//! `fit` is the loop; `fused` and `backward` hand it the functions of `kernels`, `convolution`,
//! `norm` and `spread` as Burn operations with gradients.

pub mod augment;
pub mod average;
mod backward;
pub mod checkpoint;
pub mod classical;
pub mod convolution;
pub mod fit;
pub mod fused;
pub mod kernels;
pub mod log;
mod muon;
pub mod norm;
pub mod optimizer;
mod parts;
pub mod pictures;
mod planes;
pub mod plot;
pub mod schedule;
mod spread;
pub mod teacher;
mod tile;
mod winograd;
