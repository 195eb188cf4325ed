//! The weights file of a squeezed network: every weight in single precision, readable like any released file, and the
//! setting beside the list of layers, so that a file that comes back is recognized.

use super::coded::CodedNetwork;
use super::error::SqueezeError;
use super::layers::weighted;
use super::setting::Setting;
use super::unpack::{is_packed, unpack};
use crate::layer::Layer;
use crate::tensor_file::{TensorFile, TensorFileBuilder};
use crate::weights::{LAYERS, WeightsError};
use half::f16;
use serde::Deserialize;

/// The first layer of the list, as far as it tells of squeezing; readers of layers skip it.
#[derive(Deserialize)]
struct Entry {
    squeezed: Option<Setting>,
}

impl CodedNetwork {
    /// The weights file of the network: each weight is the product of its code and its scale. A layer has a bias where
    /// it adds something; a dense layer always has one.
    ///
    /// # Panics
    /// When there is not one matrix for each layer with weights; `squeeze` and `unpack` see to it.
    pub fn to_model_file(&self) -> Vec<u8> {
        let mut layers = self.layers.clone();
        let weighted_layers = layers.iter_mut().filter(|layer| weighted(layer).is_some());
        let weighted_layers: Vec<&mut Layer> = weighted_layers.collect();
        assert_eq!(
            weighted_layers.len(),
            self.matrices.len(),
            "one matrix a layer"
        );
        let bits = self.setting.bits();
        let mut file = TensorFileBuilder::default();
        for (layer, matrix) in weighted_layers.into_iter().zip(&self.matrices) {
            layer.set_bias(!matrix.offsets.is_empty());
            let Some(layer) = weighted(layer) else {
                continue;
            };
            let name = layer.name;
            let weights = matrix.weights(bits, layer.channels_last);
            file = file.computed(&format!("{name}.weight"), &layer.shape, weights);
            if layer.bias {
                let offset = |row| matrix.offsets.get(row).copied().map_or(0.0, f16::to_f32);
                file = file.computed(&format!("{name}.bias"), &[matrix.rows], offset);
            }
        }
        let layers = self.description(&layers);
        file.metadata(LAYERS, &layers).to_bytes()
    }

    /// The list of layers as JSON, the setting in the first.
    fn description(&self, layers: &[Layer]) -> String {
        let json = |layer| serde_json::to_string(layer).expect("layers are plain data");
        let mut layers: Vec<String> = layers.iter().map(json).collect();
        let setting = serde_json::to_string(&self.setting).expect("a setting is plain data");
        if let Some(first) = layers.first_mut() {
            first.pop();
            first.push_str(&format!(r#","squeezed":{setting}}}"#));
        }
        format!("[{}]", layers.join(","))
    }
}

/// The weights file of what a network's file holds: a weights file as it is, packed bytes unpacked.
///
/// # Errors
/// [`SqueezeError`] for bytes that begin as packed ones and are none.
pub fn model_file(bytes: Vec<u8>) -> Result<Vec<u8>, SqueezeError> {
    if is_packed(&bytes) {
        Ok(unpack(&bytes)?.to_model_file())
    } else {
        Ok(bytes)
    }
}

/// How the network of a weights file was squeezed; none when the file does not say that it was.
///
/// # Errors
/// [`SqueezeError`] for bytes that are no weights file, or a setting that no dial has.
pub fn setting_of_file(bytes: &[u8]) -> Result<Option<Setting>, SqueezeError> {
    let file = TensorFile::parse(bytes)?;
    let refuse = |e: serde_json::Error| WeightsError::Layers(e.to_string());
    let layers = file.metadata(LAYERS).unwrap_or("[]");
    let layers: Vec<Entry> = serde_json::from_str(layers).map_err(refuse)?;
    let setting = layers.first().and_then(|first| first.squeezed);
    let check = |s: Setting| Setting::new(s.bits(), s.cut(), s.scale());
    setting.map(check).transpose()
}
