//! The operations in which training spends its time, forward and backward, on plain slices.
//!
//! Letters: `n` images, `c` input channels, `m` output channels, `h` x `w` pixels. Work is split over the batch, one
//! part a thread. `fused` makes Burn operations of them; `tests/gradients.rs` holds every function to Burn's
//! own gradients.

pub mod batch_norm;
pub mod convolution;
pub mod depthwise;
pub mod dropout;
pub mod expansion;
pub mod global_average_pool;
pub mod gradients;
mod im2col;
mod matrix;
mod max_pool;
mod parts;
pub mod pointwise;
mod scratch;
pub mod shape;
mod simd;
mod winograd;
