//! The networks, defined in Burn once: the trainer, the tests and the page all use these modules.
//!
//! Each file holds one architecture. [`layers`] has the pieces they are made of and the seam at
//! which the trainer swaps in faster kernels; [`weights`] carries trained numbers between a module
//! and a safetensors file. Parameter counts and MACs come from the built module; `tests/networks.rs`
//! holds them to the published figures.

pub mod baseline;
pub mod compact;
pub mod dense;
pub mod layers;
pub mod lightweight;
pub mod reference;
pub mod weights;

pub use baseline::Baseline;
pub use compact::{Compact, Pocket};
pub use dense::{LogisticRegression, Mlp};
pub use layers::{Kernels, PlainKernels};
pub use lightweight::Lightweight;
pub use reference::ReferenceClassifier;

use crate::layer::{Layer, costs};
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// The reference device: Burn's `ndarray` backend.
///
/// Upstream prefers its `flex` backend; `ndarray` is this project's reference by design.
#[allow(deprecated)]
pub fn device() -> Device {
    Device::ndarray()
}

/// A network that maps normalized images to logits.
pub trait Network: Module + Sync + 'static {
    /// The model's name: in file names, on the command line and in `data-model`.
    const NAME: &'static str;

    /// Build the network with random weights.
    fn init(device: &Device) -> Self;

    /// Map images to logits with the given kernels.
    ///
    /// **Shapes**: `[n, 1, 28, 28]` to `[n, 10]`. On an autodiff device dropout is active and batch
    /// norm uses the batch's statistics.
    fn forward_with<K: Kernels>(&self, images: Tensor<4>) -> Tensor<2>;

    /// Map images to logits with Burn's own operations, which define the network.
    fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        self.forward_with::<PlainKernels>(images)
    }

    /// Let dropout drop a `share` of what the definition says, 0 to 1; networks without dropout ignore it.
    fn scale_dropout(&mut self, _share: f64) {}

    /// Describe the layers from input to output.
    fn layers(&self) -> Vec<Layer>;

    /// Multiply-accumulate operations for one image.
    fn macs(&self) -> usize {
        costs(&self.layers()).iter().map(|cost| cost.macs).sum()
    }

    /// Parameters that training fits: all but the running statistics of batch norm.
    fn trainable_parameters(&self) -> usize {
        let costs = costs(&self.layers());
        let running: usize = costs.iter().map(|cost| cost.running_statistics).sum();
        self.num_params() - running
    }
}
