//! The two classical models that are stacks of dense layers: logistic regression, and a multi-layer
//! perceptron with one hidden layer and dropout.

use super::layers::LayerOps;
use super::module::Network;
use crate::image::PIXELS;
use crate::label::CLASSES;
use crate::layer::Layer;
use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

/// Neurons of the perceptron's hidden layer.
const HIDDEN: usize = 256;
/// Probability of dropout after the hidden layer.
const DROPOUT: f64 = 0.2;

/// A dense layer from pixels to classes: 7,850 parameters.
#[derive(Module, Debug)]
pub struct LogisticRegression {
    output: Linear,
}

impl LogisticRegression {
    /// Build the network with random weights.
    pub fn init(device: &Device) -> Self {
        Self {
            output: LinearConfig::new(PIXELS, CLASSES).init(device),
        }
    }
}

impl Network for LogisticRegression {
    fn forward_with<K: LayerOps>(&self, images: Tensor<4>) -> Tensor<2> {
        self.output.forward(images.flatten(1, 3))
    }

    fn layers(&self) -> Vec<Layer> {
        vec![Layer::dense("output", &self.output)]
    }
}

/// A hidden layer with `ReLU` between pixels and classes: 203,530 parameters.
#[derive(Module, Debug)]
pub struct Mlp {
    hidden: Linear,
    output: Linear,
    dropout: Dropout,
}

impl Mlp {
    /// Build the network with random weights.
    pub fn init(device: &Device) -> Self {
        Self {
            hidden: LinearConfig::new(PIXELS, HIDDEN).init(device),
            output: LinearConfig::new(HIDDEN, CLASSES).init(device),
            dropout: DropoutConfig::new(DROPOUT).init(),
        }
    }
}

impl Network for Mlp {
    fn forward_with<K: LayerOps>(&self, images: Tensor<4>) -> Tensor<2> {
        let x = relu(self.hidden.forward(images.flatten(1, 3)));
        self.output.forward(self.dropout.forward(x))
    }

    fn scale_dropout(&mut self, share: f64) {
        self.dropout.prob = DROPOUT * share;
    }

    fn layers(&self) -> Vec<Layer> {
        vec![
            Layer::dense("hidden", &self.hidden),
            Layer::Relu,
            Layer::dense("output", &self.output),
        ]
    }
}
