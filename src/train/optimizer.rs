//! The optimizer of a recipe.

use super::muon::Muon;
use crate::card::{OptimizerName, Recipe};
use crate::network::Network;
use burn::grad_clipping::GradientClipping;
use burn::module::{ModuleVisitor, Param, ParamGroup};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamWConfig, ModuleOptimizer, SgdConfig};
use burn::tensor::Tensor;

/// Matrices with fewer rows or columns are trained by `AdamW`.
const LEAST_MATRIX_SIDE: usize = 16;
/// The field of every network with its last layer.
const LAST_LAYER: &str = "output";

/// Build the optimizer that `recipe` names for a network.
pub fn optimizer<N: Network>(network: &N, recipe: &Recipe) -> ModuleOptimizer {
    let decay = recipe.weight_decay as f32;
    let adamw = || AdamWConfig::new().with_weight_decay(decay);
    let clipping = recipe.max_grad_norm.map(GradientClipping::Norm);
    let optimizer: ModuleOptimizer = match recipe.optimizer {
        OptimizerName::AdamW => adamw().init(),
        OptimizerName::Sgd => SgdConfig::new()
            .with_weight_decay(Some(WeightDecayConfig::new(decay)))
            .with_momentum(Some(MomentumConfig {
                momentum: 0.9,
                dampening: 0.0,
                nesterov: true,
            }))
            .init(),
        OptimizerName::Muon => {
            let matrix_rate = recipe.matrix_learning_rate.unwrap_or(recipe.learning_rate);
            let matrices = Muon::new(recipe.weight_decay, matrix_rate / recipe.learning_rate);
            adamw().init().with_group(
                ParamGroup::from_paths(matrix_paths(network)),
                matrices,
                clipping.clone(),
            )
        }
    };
    match clipping {
        Some(clipping) => optimizer.with_grad_clipping(clipping),
        None => optimizer,
    }
}

/// The weight matrices that Muon trains: large ones, without the last layer, as Muon's author advises.
fn matrix_paths<N: Network>(network: &N) -> Vec<String> {
    let mut matrices = Matrices::default();
    network.visit(&mut matrices);
    matrices.found
}

/// The paths of matrices as the optimizer names them.
#[derive(Default)]
struct Matrices {
    path: Vec<String>,
    found: Vec<String>,
}

impl ModuleVisitor for Matrices {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let shape = param.dims();
        let rows = shape[0];
        let columns = shape.iter().skip(1).product();
        let is_last = self.path.iter().any(|name| name == LAST_LAYER);
        if D > 1 && rows.min(columns) >= LEAST_MATRIX_SIDE && !is_last {
            self.found.push(self.path.join("."));
        }
    }

    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Architecture, Lightweight, device};

    #[test]
    fn muon_trains_large_matrices_but_the_last_layer() {
        let device = device();
        let matrices = ["block2.pointwise.weight", "block3.pointwise.weight"];
        assert_eq!(matrix_paths(&Lightweight::init(&device)), matrices);
        // As Burn names them in an enum.
        let named = Architecture::Lightweight.init(&device);
        let in_enum = matrices.map(|path| format!("Lightweight.{path}"));
        assert_eq!(matrix_paths(&named), in_enum);
    }
}
