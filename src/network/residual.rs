//! `compact` and `pocket`: small residual networks of ordinary 3x3 convolutions, one shape in two widths.
//! `compact` is at most as large as `lightweight` in parameters and MACs, `pocket` has at most 50,000 parameters;
//! `tests/networks.rs` holds them to that.
//!
//! A depthwise-separable network of the same size trained at half the speed: it has more layers and wider
//! activations.

use super::layers::{self, Epilogue, LayerOps};
use super::module::Network;
use crate::label::CLASSES;
use crate::layer::Layer;
use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

/// Residual blocks at 14x14 and at 7x7.
const BLOCKS: [usize; 2] = [2, 1];

/// 3x3 convolution, batch norm, `ReLU`, 3x3 convolution, batch norm, plus what came in, `ReLU`.
///
/// **Source**: He et al., "Deep residual learning for image recognition", 2015, figure 2
/// (<https://arxiv.org/abs/1512.03385>).
#[derive(Module, Debug)]
pub struct ResidualBlock {
    conv1: Conv2d,
    norm1: BatchNorm,
    conv2: Conv2d,
    norm2: BatchNorm,
}

impl ResidualBlock {
    /// Build the block with random weights.
    pub fn init(channels: usize, device: &Device) -> Self {
        Self {
            conv1: layers::conv3x3(channels, channels, false, device),
            norm1: layers::batch_norm(channels, device),
            conv2: layers::conv3x3(channels, channels, false, device),
            norm2: layers::zero_init_batch_norm(channels, device),
        }
    }

    /// Apply the block, which keeps the shape but for pooling in its epilogue.
    pub fn forward<K: LayerOps>(&self, x: Tensor<4>, epilogue: Epilogue) -> Tensor<4> {
        let y = K::conv(&self.conv1, x.clone());
        let y = K::batch_norm(&self.norm1, y, Epilogue::Relu);
        K::batch_norm_add(&self.norm2, K::conv(&self.conv2, y), x, epilogue)
    }

    fn layers(&self, name: &str, epilogue: Epilogue) -> Vec<Layer> {
        let mut layers = vec![
            Layer::ResidualStart,
            Layer::conv(&format!("{name}.conv1"), &self.conv1),
            Layer::batch_norm(&format!("{name}.norm1"), &self.norm1),
            Layer::Relu,
            Layer::conv(&format!("{name}.conv2"), &self.conv2),
            Layer::batch_norm(&format!("{name}.norm2"), &self.norm2),
            Layer::ResidualAdd,
        ];
        layers.extend_from_slice(epilogue.layers());
        layers
    }
}

/// A 3x3 stem and pooling, residual blocks at 14x14, pooling, more channels, residual blocks at 7x7.
#[derive(Module, Debug)]
pub struct Residual {
    stem: Conv2d,
    stem_norm: BatchNorm,
    early: Vec<ResidualBlock>,
    widen: Conv2d,
    widen_norm: BatchNorm,
    late: Vec<ResidualBlock>,
    output: Linear,
}

impl Residual {
    /// Build the network with random weights; `channels` at 14x14 (as many as the stem's at 28x28) and at 7x7.
    pub fn init(channels: [usize; 2], device: &Device) -> Self {
        let [early, late] = channels;
        let blocks = |stage: usize| {
            let block = |_| ResidualBlock::init(channels[stage], device);
            (0..BLOCKS[stage]).map(block).collect()
        };
        Self {
            stem: layers::conv3x3(1, early, false, device),
            stem_norm: layers::batch_norm(early, device),
            early: blocks(0),
            widen: layers::conv3x3(early, late, false, device),
            widen_norm: layers::batch_norm(late, device),
            late: blocks(1),
            output: LinearConfig::new(late, CLASSES).init(device),
        }
    }

    /// The last block at 14x14 ends in the pooling that leads to 7x7.
    fn early_epilogue(&self, block: usize) -> Epilogue {
        if block + 1 == self.early.len() {
            Epilogue::ReluPool
        } else {
            Epilogue::Relu
        }
    }
}

impl Network for Residual {
    fn forward_with<K: LayerOps>(&self, images: Tensor<4>) -> Tensor<2> {
        let x = K::conv(&self.stem, images);
        let mut x = K::batch_norm(&self.stem_norm, x, Epilogue::ReluPool);
        for (i, block) in self.early.iter().enumerate() {
            x = block.forward::<K>(x, self.early_epilogue(i));
        }
        x = K::batch_norm(&self.widen_norm, K::conv(&self.widen, x), Epilogue::Relu);
        for block in &self.late {
            x = block.forward::<K>(x, Epilogue::Relu);
        }
        self.output.forward(K::global_average_pool(x))
    }

    fn layers(&self) -> Vec<Layer> {
        let mut layers = vec![
            Layer::conv("stem", &self.stem),
            Layer::batch_norm("stem_norm", &self.stem_norm),
        ];
        layers.extend_from_slice(Epilogue::ReluPool.layers());
        for (i, block) in self.early.iter().enumerate() {
            layers.extend(block.layers(&format!("early.{i}"), self.early_epilogue(i)));
        }
        layers.push(Layer::conv("widen", &self.widen));
        layers.push(Layer::batch_norm("widen_norm", &self.widen_norm));
        layers.push(Layer::Relu);
        for (i, block) in self.late.iter().enumerate() {
            layers.extend(block.layers(&format!("late.{i}"), Epilogue::Relu));
        }
        layers.extend([
            Layer::GlobalAveragePool,
            Layer::dense("output", &self.output),
        ]);
        layers
    }
}
