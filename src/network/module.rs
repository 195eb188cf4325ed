//! What every network is: a Burn module from images to logits that can describe its layers.

use super::layers::{BurnOps, LayerOps};
use crate::layer::{Layer, costs};
use burn::module::Module;
use burn::tensor::Tensor;

/// A network that maps normalized images to logits.
pub trait Network: Module + Sync + 'static {
    /// The network as it is released, of the same answers: batch norms that it has for training alone are folded.
    fn folded(self) -> Self {
        self
    }

    /// Map images to logits, with the layers computed by `K`.
    ///
    /// **Shapes**: `[n, 1, 28, 28]` to `[n, 10]`. On an autodiff device dropout is active and batch
    /// norm uses the batch's statistics.
    fn forward_with<K: LayerOps>(&self, images: Tensor<4>) -> Tensor<2>;

    /// Map images to logits with Burn's own operations, which define the network.
    fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        self.forward_with::<BurnOps>(images)
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
