//! A trained network run by Burn's own operations: the reference that the engine is tested against.

use super::architecture::{AnyNetwork, Architecture};
use super::module::Network;
use super::ndarray::device;
use super::weights::{Weights, WeightsError};
use crate::classifier::Classifier;
use crate::image::SIDE;
use crate::label::CLASSES;
use crate::prediction::Logits;
use crate::preprocess::Features;
use burn::tensor::{Device, Tensor, TensorData};

/// A network with trained weights on Burn's `ndarray` backend.
#[derive(Debug)]
pub struct ReferenceClassifier {
    network: AnyNetwork,
    device: Device,
}

impl ReferenceClassifier {
    /// Build a network of this architecture from the bytes of its safetensors file.
    ///
    /// # Errors
    /// [`WeightsError`] when the file is damaged or belongs to another network.
    pub fn from_bytes(architecture: &Architecture, bytes: &[u8]) -> Result<Self, WeightsError> {
        let device = device();
        let network = architecture.init(&device);
        let network = Weights::of_file(bytes, &network.layers())?.apply(network)?;
        Ok(Self { network, device })
    }

    /// The network.
    pub fn network(&self) -> &AnyNetwork {
        &self.network
    }
}

impl Classifier for ReferenceClassifier {
    fn logits(&mut self, features: &Features) -> Logits {
        let data = TensorData::new(features.values().to_vec(), [1, 1, SIDE, SIDE]);
        let logits = self.network.forward(Tensor::from_data(data, &self.device));
        let values: Vec<f32> = logits.into_data().try_to_vec().expect("networks are f32");
        let values: [f32; CLASSES] = values.try_into().expect("ten logits for one image");
        values
    }
}
