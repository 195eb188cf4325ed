//! 3x3 convolution and its gradients by Winograd's minimal filtering F(4x4, 3x3), which needs 36 multiplications a
//! channel pair for a 4x4 tile of the result instead of 144.
//!
//! The gradients are the transposes of the same maps (see `tile`), so that all three passes are 36 matrix
//! products. `tests/gradients.rs` holds all of it to Burn's gradients.
//!
//! **Source**: Lavin and Gray, "Fast algorithms for convolutional neural networks", 2015, section 4
//! (<https://arxiv.org/abs/1509.09308>).

mod filters;
mod gradients;
mod layout;
mod tile;

pub(super) use filters::Filters;
pub(super) use gradients::Gradients;
