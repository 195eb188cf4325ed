//! The exponential moving average of a network's weights.

use super::fused::FusedKernels;
use crate::network::Network;
use crate::network::weights::Weights;
use burn::tensor::{Device, Tensor};

/// The average moves once in so many steps, by as much as so many single moves.
const EVERY: usize = 8;
/// Batches whose statistics an averaged network's batch norms are given; each counts for a tenth.
pub const STATISTICS_BATCHES: usize = 40;

/// Weights that follow those in training.
///
/// **Source**: Izmailov et al., "Averaging weights leads to wider optima and better generalization", 2018,
/// section 3 (<https://arxiv.org/abs/1803.05407>), with the decay of Polyak averaging.
#[derive(Clone, Debug)]
pub struct Average {
    weights: Weights,
    decay: f32,
}

impl Average {
    /// Start from `weights`; `decay` is what a step keeps of the average.
    pub fn new(weights: Weights, decay: f32) -> Self {
        Self { weights, decay }
    }

    /// The averaged weights.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Move towards the network's weights after step `step`.
    pub fn update<N: Network>(&mut self, network: &N, step: usize) {
        if step.is_multiple_of(EVERY) {
            // The average of few steps is young: it follows faster at first.
            let decay = self.decay.min((1.0 + step as f32) / (10.0 + step as f32));
            let kept = decay.powi(EVERY as i32);
            self.weights
                .blend(&Weights::of(&network.valid()), 1.0 - kept);
        }
    }

    /// A network with the averaged weights; `batch(i)` gives the images that batch norm's statistics are taken from.
    ///
    /// # Panics
    /// When the average belongs to another architecture.
    pub fn network<N: Network>(
        &self,
        device: &Device,
        mut batch: impl FnMut(usize) -> Tensor<4>,
    ) -> N {
        let network = self
            .weights
            .apply(N::init(device))
            .expect("averaged from this architecture");
        if network.trainable_parameters() < network.num_params() {
            for i in 0..STATISTICS_BATCHES {
                network.forward_with::<FusedKernels>(batch(i));
            }
        }
        network.valid()
    }
}
