//! Trained numbers in a safetensors file.
//!
//! A tensor is named by its path in the module (`block1.pointwise.weight`), so the file and the
//! definition cannot drift apart unnoticed: a missing, extra or wrongly shaped tensor is an error.
//! Values are stored as `f16` or `f32` and always expanded to `f32`. A model's file carries the list of
//! its layers beside them. `network::weights` moves the numbers into a Burn module and back.

pub use crate::tensor_file::WeightsError;

use crate::layer::Layer;
use crate::tensor_file::{TensorFile, TensorFileBuilder};
use half::f16;
use std::collections::BTreeMap;

/// The key of the list of layers in the file's metadata.
pub const LAYERS: &str = "layers";

/// The number type of a weights file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageType {
    /// IEEE half precision, rounded from 11 to 8 significant bits: the file has the same size, but compresses to
    /// three quarters.
    ShortF16,
    /// IEEE half precision.
    F16,
    /// IEEE single precision.
    F32,
}

impl StorageType {
    /// The name that a model's card uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::ShortF16 => "f16, 8 significant bits",
            Self::F16 => "f16",
            Self::F32 => "f32",
        }
    }
}

/// Round half precision to 8 significant bits, ties to even. The largest numbers become infinite, and a reader
/// refuses a file with infinite numbers.
fn shorten(value: f32) -> f32 {
    let bits = f16::from_f32(value).to_bits();
    let up = 3 + ((bits >> 3) & 1);
    f16::from_bits((bits + up) & !7).to_f32()
}

/// A tensor's shape and values.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredTensor {
    /// Size of each dimension.
    pub shape: Vec<usize>,
    /// Values in row-major order.
    pub values: Vec<f32>,
}

/// All tensors of a network by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights(BTreeMap<String, StoredTensor>);

impl Weights {
    /// Read all tensors of a safetensors file.
    ///
    /// # Errors
    /// [`WeightsError`] for truncated bytes, a number type other than `f16` and `f32`, or a number
    /// that is not finite.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let file = TensorFile::parse(bytes)?;
        let read = |name: &str| {
            let (shape, values) = file.any_floats(name)?;
            Ok((name.to_owned(), StoredTensor { shape, values }))
        };
        file.names()
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Write a safetensors file of the tensors alone.
    pub fn to_bytes(&self, storage: StorageType) -> Vec<u8> {
        self.builder(storage).to_bytes()
    }

    /// Write a safetensors file that describes its network too.
    ///
    /// # Panics
    /// Never: layers are plain data.
    pub fn to_model_file(&self, storage: StorageType, layers: &[Layer]) -> Vec<u8> {
        let layers = serde_json::to_string(layers).expect("layers are plain data");
        self.builder(storage).metadata(LAYERS, &layers).to_bytes()
    }

    fn builder(&self, storage: StorageType) -> TensorFileBuilder<'static> {
        let add = |file: TensorFileBuilder<'static>, (name, t): (&str, &StoredTensor)| match storage
        {
            StorageType::ShortF16 => {
                let values: Vec<f32> = t.values.iter().copied().map(shorten).collect();
                file.halves(name, &t.shape, &values)
            }
            StorageType::F16 => file.halves(name, &t.shape, &t.values),
            StorageType::F32 => file.tensor(name, &t.shape, &t.values),
        };
        self.iter().fold(TensorFileBuilder::default(), add)
    }

    /// Move by `share` (0 to 1) towards other weights of the same architecture.
    pub fn blend(&mut self, other: &Self, share: f32) {
        for (name, tensor) in &mut self.0 {
            if let Some(target) = other.get(name) {
                for (value, target) in tensor.values.iter_mut().zip(&target.values) {
                    *value += share * (target - *value);
                }
            }
        }
    }

    /// The tensor of a name.
    pub fn get(&self, name: &str) -> Option<&StoredTensor> {
        self.0.get(name)
    }

    /// All tensors in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &StoredTensor)> {
        self.0.iter().map(|(name, tensor)| (name.as_str(), tensor))
    }

    /// Take a tensor out.
    pub fn remove(&mut self, name: &str) -> Option<StoredTensor> {
        self.0.remove(name)
    }

    /// Insert or replace a tensor.
    pub fn insert(&mut self, name: &str, tensor: StoredTensor) {
        self.0.insert(name.to_owned(), tensor);
    }
}

/// A network's file; a tensor is expanded when it is asked for.
#[derive(Debug)]
pub struct ModelFile<'a> {
    tensors: TensorFile<'a>,
    layers: Vec<Layer>,
}

impl<'a> ModelFile<'a> {
    /// Parse the file's header and its list of layers.
    ///
    /// # Errors
    /// [`WeightsError`] for truncated bytes or a file without layers.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, WeightsError> {
        let tensors = TensorFile::parse(bytes)?;
        let layers = tensors.metadata(LAYERS);
        let layers = layers.ok_or_else(|| WeightsError::Layers("there is none".to_owned()))?;
        let layers =
            serde_json::from_str(layers).map_err(|e| WeightsError::Layers(e.to_string()))?;
        Ok(Self { tensors, layers })
    }

    /// The layers from input to output.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The tensors.
    pub fn tensors(&self) -> &TensorFile<'a> {
        &self.tensors
    }
}
