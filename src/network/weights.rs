//! Moves trained numbers between a Burn module and [`crate::weights`].

pub use crate::weights::{StorageType, StoredTensor, Weights, WeightsError};

use crate::layer::{Layer, name_by_kind};
use crate::weights::ModelFile;
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};

impl Weights {
    /// Collect the weights of a module.
    pub fn of<M: Module>(module: &M) -> Self {
        let mut collector = Collector::default();
        module.visit(&mut collector);
        collector.found
    }

    /// Read the file of a network with these layers.
    ///
    /// A file that was unpacked names its layers by their kind; they get the names of the network's, in order. It
    /// lacks the biases that are zeros, and batch norms, which are folded into its weights: the network's batch norms
    /// only add what its layer has no bias for.
    ///
    /// # Errors
    /// [`WeightsError`] for a damaged file.
    pub fn of_file(bytes: &[u8], layers: &[Layer]) -> Result<Self, WeightsError> {
        let mut weights = Self::from_bytes(bytes)?;
        let Ok(file) = ModelFile::parse(bytes) else {
            // A file of a training run has no list of layers.
            return Ok(weights);
        };
        let mut by_kind = file.layers().to_vec();
        name_by_kind(&mut by_kind);
        if paths(&by_kind).ne(paths(file.layers())) {
            return Ok(weights);
        }
        let of_network = layers.iter().enumerate();
        let of_network = of_network.filter_map(|(at, layer)| Some((at, layer, layer.path()?)));
        for (old, (position, layer, new)) in paths(&by_kind).zip(of_network) {
            if let Some(tensor) = weights.remove(&format!("{old}.weight")) {
                weights.insert(&format!("{new}.weight"), tensor);
            }
            let rows = layer.cost([1; 3]).output[0];
            let mut bias = weights.remove(&format!("{old}.bias"));
            if layer.has_bias() {
                let bias = bias.take().unwrap_or_else(|| same(rows, 0.0));
                weights.insert(&format!("{new}.bias"), bias);
            }
            if let Some(Layer::BatchNorm { name, epsilon, .. }) = layers.get(position + 1) {
                // 1 / sqrt(variance + epsilon) times this gamma is 1.
                let gamma = (1.0 + epsilon).sqrt() as f32;
                let beta = bias.unwrap_or_else(|| same(rows, 0.0));
                let parts = [
                    ("gamma", same(rows, gamma)),
                    ("beta", beta),
                    ("running_mean", same(rows, 0.0)),
                    ("running_var", same(rows, 1.0)),
                ];
                for (part, tensor) in parts {
                    weights.insert(&format!("{name}.{part}"), tensor);
                }
            }
        }
        Ok(weights)
    }

    /// Put the weights into a module of the same architecture.
    ///
    /// # Errors
    /// [`WeightsError`] naming the first tensor that is missing, unknown or wrongly shaped.
    pub fn apply<M: Module>(&self, module: M) -> Result<M, WeightsError> {
        let mut loader = Loader {
            path: Path::default(),
            weights: self.clone(),
            error: None,
        };
        let module = module.map(&mut loader);
        match (loader.error, loader.weights.iter().next()) {
            (Some(error), _) => Err(error),
            (None, Some((name, _))) => Err(WeightsError::Unknown(name.to_owned())),
            (None, None) => Ok(module),
        }
    }
}

/// The paths of the layers with weights.
fn paths(layers: &[Layer]) -> impl Iterator<Item = &str> {
    layers.iter().filter_map(Layer::path)
}

/// A tensor of so many times the same number.
fn same(rows: usize, value: f32) -> StoredTensor {
    StoredTensor {
        shape: vec![rows],
        values: vec![value; rows],
    }
}

/// The path of the module that a visit has reached, without the names of an enum's variants: the weights of an
/// [`AnyNetwork`](super::AnyNetwork) are named as those of the network in it.
#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn name(&self) -> String {
        self.0.join(".")
    }

    fn enter(&mut self, name: &str, container: &str) {
        if !is_enum(container) {
            self.0.push(name.to_owned());
        }
    }

    fn exit(&mut self, container: &str) {
        if !is_enum(container) {
            self.0.pop();
        }
    }
}

/// Whether a module's container is an enum, by Burn's name of its kind.
fn is_enum(container: &str) -> bool {
    container.starts_with("Enum:")
}

#[derive(Default)]
struct Collector {
    path: Path,
    found: Weights,
}

impl ModuleVisitor for Collector {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let data = param.val().into_data();
        let values = data.try_to_vec().expect("networks are f32");
        let shape = param.dims().to_vec();
        self.found
            .insert(&self.path.name(), StoredTensor { shape, values });
    }

    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, container: &str) {
        self.path.exit(container);
    }
}

/// Take the tensors that `is_frozen` says of their names out of training.
pub fn freeze<M: Module>(module: M, is_frozen: impl Fn(&str) -> bool) -> M {
    module.map(&mut Freezer {
        path: Path::default(),
        is_frozen,
    })
}

struct Freezer<F> {
    path: Path,
    is_frozen: F,
}

impl<F: Fn(&str) -> bool> ModuleMapper for Freezer<F> {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, container: &str) {
        self.path.exit(container);
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if (self.is_frozen)(&self.path.name()) {
            param.set_require_grad(false)
        } else {
            param
        }
    }
}

struct Loader {
    path: Path,
    weights: Weights,
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
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, container: &str) {
        self.path.exit(container);
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
