//! `lightweight`: three depthwise-separable blocks, global average pooling and one dense layer.
//! 178,968 parameters, 13,296,272 MACs.
//!
//! The published count does not fix where `ReLU` and pooling go inside a block; here they follow the
//! block's second batch norm.

use super::layers::{self, Epilogue, LayerOps};
use super::module::Network;
use crate::label::CLASSES;
use crate::layer::Layer;
use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

const CHANNELS: [usize; 4] = [1, 128, 256, 512];

/// Depthwise 3x3, batch norm, pointwise, batch norm, and an epilogue.
///
/// **Source**: Howard et al., "`MobileNets`", 2017, figure 3 (<https://arxiv.org/abs/1704.04861>),
/// without the `ReLU` between the two convolutions.
#[derive(Module, Debug)]
pub struct SeparableBlock {
    depthwise: Conv2d,
    depthwise_norm: BatchNorm,
    pointwise: Conv2d,
    pointwise_norm: BatchNorm,
}

impl SeparableBlock {
    /// Build the block with random weights.
    pub fn init(in_channels: usize, out_channels: usize, device: &Device) -> Self {
        Self {
            depthwise: layers::depthwise3x3(in_channels, true, device),
            depthwise_norm: layers::batch_norm(in_channels, device),
            pointwise: layers::conv1x1(in_channels, out_channels, true, device),
            pointwise_norm: layers::batch_norm(out_channels, device),
        }
    }

    /// Apply the block.
    pub fn forward<K: LayerOps>(&self, x: Tensor<4>, epilogue: Epilogue) -> Tensor<4> {
        let x = K::depthwise(&self.depthwise, x);
        let x = K::batch_norm(&self.depthwise_norm, x, Epilogue::Linear);
        K::pointwise_norm(&self.pointwise, &self.pointwise_norm, x, epilogue)
    }

    /// Describe the block, whose path in the module is `name`.
    pub fn layers(&self, name: &str, epilogue: Epilogue) -> Vec<Layer> {
        let mut layers = vec![
            Layer::depthwise(&format!("{name}.depthwise"), &self.depthwise),
            Layer::batch_norm(&format!("{name}.depthwise_norm"), &self.depthwise_norm),
            Layer::pointwise(&format!("{name}.pointwise"), &self.pointwise),
            Layer::batch_norm(&format!("{name}.pointwise_norm"), &self.pointwise_norm),
        ];
        layers.extend_from_slice(epilogue.layers());
        layers
    }
}

/// The published depthwise-separable network, recovered from its parameter count.
#[derive(Module, Debug)]
pub struct Lightweight {
    block1: SeparableBlock,
    block2: SeparableBlock,
    block3: SeparableBlock,
    output: Linear,
}

impl Lightweight {
    /// Build the network with random weights.
    pub fn init(device: &Device) -> Self {
        let block = |i: usize| SeparableBlock::init(CHANNELS[i], CHANNELS[i + 1], device);
        Self {
            block1: block(0),
            block2: block(1),
            block3: block(2),
            output: LinearConfig::new(CHANNELS[3], CLASSES).init(device),
        }
    }
}

impl Network for Lightweight {
    fn forward_with<K: LayerOps>(&self, images: Tensor<4>) -> Tensor<2> {
        let x = self.block1.forward::<K>(images, Epilogue::ReluPool);
        let x = self.block2.forward::<K>(x, Epilogue::ReluPool);
        let x = self.block3.forward::<K>(x, Epilogue::Relu);
        self.output.forward(K::global_average_pool(x))
    }

    fn layers(&self) -> Vec<Layer> {
        let mut layers = self.block1.layers("block1", Epilogue::ReluPool);
        layers.extend(self.block2.layers("block2", Epilogue::ReluPool));
        layers.extend(self.block3.layers("block3", Epilogue::Relu));
        layers.extend([
            Layer::GlobalAveragePool,
            Layer::dense("output", &self.output),
        ]);
        layers
    }
}
