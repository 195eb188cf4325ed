//! `baseline` (CNN-3-128): three 3x3 convolutions, each with `ReLU`, 2x2 max-pooling and dropout, then
//! two dense layers. 2,067,850 parameters, 117,099,776 MACs.

use super::layers::{self, LayerOps};
use super::module::Network;
use crate::label::CLASSES;
use crate::layer::Layer;
use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

const CHANNELS: [usize; 4] = [1, 128, 256, 512];
/// Height and width of the last activation: 28 halved three times, rounded down.
const LAST_SIDE: usize = 3;
const HIDDEN: usize = 128;
/// Probabilities of dropout after a convolution and after the hidden layer.
const DROPOUT: [f64; 2] = [0.25, 0.5];

/// The published CNN-3-128, recovered from its parameter count.
#[derive(Module, Debug)]
pub struct Baseline {
    conv1: Conv2d,
    conv2: Conv2d,
    conv3: Conv2d,
    hidden: Linear,
    output: Linear,
    dropout: Dropout,
    hidden_dropout: Dropout,
}

impl Baseline {
    /// Build the network with random weights.
    pub fn init(device: &Device) -> Self {
        let dense = |inputs, outputs| LinearConfig::new(inputs, outputs).init(device);
        Self {
            conv1: layers::conv3x3(CHANNELS[0], CHANNELS[1], true, device),
            conv2: layers::conv3x3(CHANNELS[1], CHANNELS[2], true, device),
            conv3: layers::conv3x3(CHANNELS[2], CHANNELS[3], true, device),
            hidden: dense(CHANNELS[3] * LAST_SIDE * LAST_SIDE, HIDDEN),
            output: dense(HIDDEN, CLASSES),
            dropout: DropoutConfig::new(DROPOUT[0]).init(),
            hidden_dropout: DropoutConfig::new(DROPOUT[1]).init(),
        }
    }
}

impl Network for Baseline {
    fn forward_with<K: LayerOps>(&self, images: Tensor<4>) -> Tensor<2> {
        let x = K::dropout(&self.dropout, K::conv_relu_pool(&self.conv1, images));
        let x = K::dropout(&self.dropout, K::conv_relu_pool(&self.conv2, x));
        let x = K::dropout(&self.dropout, K::conv_relu_pool(&self.conv3, x));
        let x = relu(self.hidden.forward(x.flatten(1, 3)));
        self.output.forward(self.hidden_dropout.forward(x))
    }

    fn scale_dropout(&mut self, share: f64) {
        self.dropout.prob = DROPOUT[0] * share;
        self.hidden_dropout.prob = DROPOUT[1] * share;
    }

    fn layers(&self) -> Vec<Layer> {
        let mut layers = Vec::new();
        for (name, conv) in [
            ("conv1", &self.conv1),
            ("conv2", &self.conv2),
            ("conv3", &self.conv3),
        ] {
            layers.extend([Layer::conv(name, conv), Layer::Relu, Layer::MaxPool]);
        }
        layers.extend([Layer::dense("hidden", &self.hidden), Layer::Relu]);
        layers.push(Layer::dense("output", &self.output));
        layers
    }
}
