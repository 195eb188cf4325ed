//! Trained networks over many images: tensors, logits and accuracy.

use super::fused::FusedOps;
use crate::calibration::predictions;
use crate::dataset::Samples;
use crate::image::{GrayImage, SIDE};
use crate::label::CLASSES;
use crate::metrics::Evaluation;
use crate::network::{Network, device};
use crate::prediction::Logits;
use crate::preprocess::normalize;
use burn::tensor::{Device, Tensor, TensorData};

/// Images that are sent through the network at once.
const BATCH_SIZE: usize = 100;

/// Images as `[n, 1, 28, 28]`, normalized as everywhere.
pub(super) fn image_tensor(images: &[GrayImage], device: &Device) -> Tensor<4> {
    let values: Vec<f32> = images
        .iter()
        .flat_map(|image| normalize(image).values().to_vec())
        .collect();
    Tensor::from_data(
        TensorData::new(values, [images.len(), 1, SIDE, SIDE]),
        device,
    )
}

/// The logits of a network that is not in training, in the order of the images.
///
/// # Panics
/// Never: networks are `f32`.
pub fn logits<N: Network>(network: &N, images: &[GrayImage]) -> Vec<Logits> {
    let device = device();
    images
        .chunks(BATCH_SIZE)
        .flat_map(|batch| {
            let logits = network.forward_with::<FusedOps>(image_tensor(batch, &device));
            let values: Vec<f32> = logits.into_data().try_to_vec().expect("networks are f32");
            values.as_chunks::<CLASSES>().0.to_vec()
        })
        .collect()
}

/// The share of samples that a network classifies correctly, 0 to 1.
pub fn accuracy<N: Network>(network: &N, samples: &Samples) -> f64 {
    let predictions = predictions(&logits(network, &samples.images), 1.0);
    Evaluation::new(&predictions, &samples.labels).accuracy
}
