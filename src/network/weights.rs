//! Trained numbers between a Burn module and a safetensors file.
//!
//! A tensor is named by its path in the module (`block1.pointwise.weight`), so the file and the
//! definition cannot drift apart unnoticed: a missing, extra or wrongly shaped tensor is an error.
//! Values are stored as `f16` or `f32` and always expanded to `f32`.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};
use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::collections::BTreeMap;

/// Why a weights file was refused.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The bytes are not a complete safetensors file.
    #[error("the weights are not a complete safetensors file: {0}")]
    Format(String),
    /// The network has a tensor that the file lacks.
    #[error("the weights lack the tensor {name} of shape {expected:?}")]
    Missing {
        /// Path in the module.
        name: String,
        /// Its shape in the module.
        expected: Vec<usize>,
    },
    /// The file has a tensor that the network lacks.
    #[error("the weights have a tensor {0} that the network does not know")]
    Unknown(String),
    /// A tensor has another shape than in the network.
    #[error("tensor {name} has shape {found:?}, expected {expected:?}")]
    Shape {
        /// Path in the module.
        name: String,
        /// Its shape in the module.
        expected: Vec<usize>,
        /// Its shape in the file.
        found: Vec<usize>,
    },
    /// A tensor has a number type other than `f16` and `f32`.
    #[error("tensor {name} is stored as {found}, expected F16 or F32")]
    Type {
        /// Path in the module.
        name: String,
        /// Number type in the file.
        found: String,
    },
    /// A tensor holds a number that is NaN or infinite.
    #[error("tensor {name} holds {found} at index {index}, expected finite numbers")]
    NotFinite {
        /// Path in the module.
        name: String,
        /// Position in the tensor.
        index: usize,
        /// The number.
        found: f32,
    },
}

/// The number type of a weights file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageType {
    /// IEEE half precision.
    F16,
    /// IEEE single precision.
    F32,
}

impl StorageType {
    /// The name that a model's card uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::F16 => "f16",
            Self::F32 => "f32",
        }
    }
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
    /// Parse a safetensors file.
    ///
    /// # Errors
    /// [`WeightsError`] for truncated bytes, a number type other than `f16` and `f32`, or a number
    /// that is not finite.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let file =
            SafeTensors::deserialize(bytes).map_err(|e| WeightsError::Format(e.to_string()))?;
        file.iter()
            .map(|(name, view)| Ok((name.to_owned(), read_tensor(name, &view)?)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Write a safetensors file.
    ///
    /// # Panics
    /// Never: every tensor holds as many values as its shape says.
    pub fn to_bytes(&self, storage: StorageType) -> Vec<u8> {
        let (dtype, encode): (_, fn(&f32) -> Vec<u8>) = match storage {
            StorageType::F16 => (Dtype::F16, |v| f16::from_f32(*v).to_le_bytes().to_vec()),
            StorageType::F32 => (Dtype::F32, |v| v.to_le_bytes().to_vec()),
        };
        let data: Vec<(String, Vec<usize>, Vec<u8>)> = self
            .0
            .iter()
            .map(|(name, t)| {
                (
                    name.clone(),
                    t.shape.clone(),
                    t.values.iter().flat_map(encode).collect(),
                )
            })
            .collect();
        let views = data.iter().map(|(name, shape, bytes)| {
            let view = TensorView::new(dtype, shape.clone(), bytes)
                .expect("as many values as the shape says");
            (name, view)
        });
        safetensors::serialize(views, None).expect("tensors in memory are serializable")
    }

    /// Collect the weights of a module.
    pub fn of<M: Module>(module: &M) -> Self {
        let mut collector = Collector::default();
        module.visit(&mut collector);
        Self(collector.found)
    }

    /// Put the weights into a module of the same architecture.
    ///
    /// # Errors
    /// [`WeightsError`] naming the first tensor that is missing, unknown or wrongly shaped.
    pub fn apply<M: Module>(&self, module: M) -> Result<M, WeightsError> {
        let mut loader = Loader {
            path: Path::default(),
            weights: self.0.clone(),
            error: None,
        };
        let module = module.map(&mut loader);
        match (loader.error, loader.weights.into_keys().next()) {
            (Some(error), _) => Err(error),
            (None, Some(name)) => Err(WeightsError::Unknown(name)),
            (None, None) => Ok(module),
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

    /// Insert or replace a tensor.
    pub fn insert(&mut self, name: &str, tensor: StoredTensor) {
        self.0.insert(name.to_owned(), tensor);
    }
}

fn read_tensor(name: &str, view: &TensorView<'_>) -> Result<StoredTensor, WeightsError> {
    let values: Vec<f32> = match view.dtype() {
        Dtype::F16 => view
            .data()
            .as_chunks::<2>()
            .0
            .iter()
            .map(|b| f16::from_le_bytes(*b).to_f32())
            .collect(),
        Dtype::F32 => view
            .data()
            .as_chunks::<4>()
            .0
            .iter()
            .map(|b| f32::from_le_bytes(*b))
            .collect(),
        other => {
            return Err(WeightsError::Type {
                name: name.to_owned(),
                found: format!("{other:?}"),
            });
        }
    };
    if let Some(index) = values.iter().position(|v| !v.is_finite()) {
        return Err(WeightsError::NotFinite {
            name: name.to_owned(),
            index,
            found: values[index],
        });
    }
    Ok(StoredTensor {
        shape: view.shape().to_vec(),
        values,
    })
}

/// The place in the module tree that a visit has reached.
#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn name(&self) -> String {
        self.0.join(".")
    }
}

#[derive(Default)]
struct Collector {
    path: Path,
    found: BTreeMap<String, StoredTensor>,
}

impl ModuleVisitor for Collector {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let data = param.val().into_data();
        let values = data.try_to_vec().expect("networks are f32");
        let shape = param.dims().to_vec();
        self.found
            .insert(self.path.name(), StoredTensor { shape, values });
    }

    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.0.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.0.pop();
    }
}

struct Loader {
    path: Path,
    weights: BTreeMap<String, StoredTensor>,
    error: Option<WeightsError>,
}

impl Loader {
    fn take(&mut self, expected: &[usize]) -> Result<StoredTensor, WeightsError> {
        let name = self.path.name();
        match self.weights.remove(&name) {
            None => Err(WeightsError::Missing {
                name,
                expected: expected.to_vec(),
            }),
            Some(found) if found.shape != expected => Err(WeightsError::Shape {
                name,
                expected: expected.to_vec(),
                found: found.shape,
            }),
            Some(found) => Ok(found),
        }
    }
}

impl ModuleMapper for Loader {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.0.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.0.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        match self.take(&param.dims()) {
            Ok(stored) => param.map(|tensor| {
                let data = TensorData::new(stored.values, stored.shape);
                let device = tensor.device();
                let grad = tensor.is_require_grad();
                Tensor::from_data(data, &device).set_require_grad(grad)
            }),
            Err(error) => {
                self.error.get_or_insert(error);
                param
            }
        }
    }
}
