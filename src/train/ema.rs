//! The exponential moving average (EMA) of a network's weights.

use super::fused::FusedOps;
use crate::network::Network;
use crate::network::weights::Weights;
use burn::tensor::Tensor;

/// Steps between updates; each update decays by as many steps at once.
const UPDATE_EVERY: usize = 8;
/// Batches that set the running statistics of the EMA's batch norms; each counts for a tenth.
const STATISTICS_BATCHES: usize = 40;

/// The EMA of a network's weights.
///
/// **Source**: Izmailov et al., "Averaging weights leads to wider optima and better generalization", 2018,
/// section 3 (<https://arxiv.org/abs/1803.05407>), with the decay of Polyak averaging.
#[derive(Clone, Debug)]
pub struct Ema {
    weights: Weights,
    decay: f32,
}

impl Ema {
    /// Start from `weights`; `decay` is the share of the EMA that a step keeps.
    pub fn new(weights: Weights, decay: f32) -> Self {
        Self { weights, decay }
    }

    /// The weights of the EMA.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Move towards the network's weights after step `step`.
    pub fn update<N: Network>(&mut self, network: &N, step: usize) {
        if step.is_multiple_of(UPDATE_EVERY) {
            // In the first steps the decay is lower, so that the EMA forgets the random weights it started from.
            let decay = self.decay.min((1.0 + step as f32) / (10.0 + step as f32));
            let kept = decay.powi(UPDATE_EVERY as i32);
            self.weights
                .blend(&Weights::of(&network.valid()), 1.0 - kept);
        }
    }

    /// `network` with the weights of the EMA.
    ///
    /// # Panics
    /// When the EMA belongs to another architecture.
    pub fn apply<N: Network>(&self, network: N) -> N {
        self.weights
            .apply(network)
            .expect("an EMA of this architecture")
    }
}

/// `network`, whose batch norms take their running statistics from `batches`.
pub(super) fn with_statistics<N: Network>(
    network: N,
    batches: impl Iterator<Item = Tensor<4>>,
) -> N {
    if network.trainable_parameters() < network.num_params() {
        for batch in batches.take(STATISTICS_BATCHES) {
            network.forward_with::<FusedOps>(batch);
        }
    }
    network
}
