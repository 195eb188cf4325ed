//! One gradient step: forward, cross-entropy, backward, optimizer.

use super::batch::Batch;
use super::inference::image_tensor;
use super::optimizer::optimizer;
use super::quantization::quantized;
use super::targets::{cross_entropy, smoothed};
use crate::card::Recipe;
use crate::dataset::Samples;
use crate::label::Label;
use crate::network::{Architecture, LayerOps, Network, device};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::Device;
use std::time::Instant;

/// The reference device with gradients.
pub(super) fn training_device() -> Device {
    device().autodiff()
}

/// Make one step with the layers computed by `K`; returns the network and the batch's mean loss in nats.
///
/// With the recipe's `weight_bits`, the gradient is that of the rounded weights, and is applied to those that were
/// rounded: the straight-through estimator.
///
/// **Source**: Bengio, Leonard and Courville, "Estimating or propagating gradients through stochastic neurons for
/// conditional computation", 2013, section 4 (<https://arxiv.org/abs/1308.3432>).
pub(super) fn step<N: Network, K: LayerOps>(
    network: N,
    recipe: &Recipe,
    optimizer: &mut ModuleOptimizer,
    batch: &Batch,
    learning_rate: f64,
) -> (N, f64) {
    let device = training_device();
    let computed = quantized(network.clone(), recipe);
    let logits = computed.forward_with::<K>(image_tensor(&batch.images, &device));
    let loss = cross_entropy(logits, &batch.targets, batch.has_others);
    let gradients = GradientsParams::from_grads(loss.backward(), &computed);
    let value = loss.into_scalar::<f32>();
    let network = optimizer.step(learning_rate, network, gradients);
    (network, f64::from(value))
}

/// Seconds of each of `count` steps on one batch of images without augmentation, with the layers computed by `K`.
///
/// # Panics
/// When there are fewer samples than a batch holds.
pub fn step_times<K: LayerOps>(
    architecture: &Architecture,
    recipe: &Recipe,
    samples: &Samples,
    count: usize,
) -> Vec<f64> {
    let size = recipe.batch_size;
    let target = |label: &Label| smoothed(*label, recipe.label_smoothing);
    let batch = Batch {
        images: samples.images[..size].to_vec(),
        targets: samples.labels[..size].iter().map(target).collect(),
        has_others: false,
    };
    let mut network = architecture.init_for_training(&training_device());
    let mut optimizer = optimizer(&network, recipe);
    let mut times = Vec::new();
    for _ in 0..count {
        let begin = Instant::now();
        (network, _) = step::<_, K>(
            network,
            recipe,
            &mut optimizer,
            &batch,
            recipe.learning_rate,
        );
        times.push(begin.elapsed().as_secs_f64());
    }
    times
}
