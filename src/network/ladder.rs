//! The ladder: networks of a few hundred to 20,000 parameters, one shape in several widths.
//!
//! Each is a 3x3 stem and separable blocks at 14x14 and at 7x7, trained with batch norms that are folded before it is
//! released. `tests/networks.rs` holds each to its budget.

use super::layers::{self, Epilogue, LayerOps};
use super::module::Network;
use crate::label::CLASSES;
use crate::layer::Layer;
use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use std::fmt::{Display, Formatter};

/// The channels of a network of the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widths {
    /// Channels that the stem puts out.
    pub stem: usize,
    /// Channels that each block at 14x14 puts out; the last one's result is pooled to 7x7.
    pub early: Vec<usize>,
    /// Channels that each block at 7x7 puts out.
    pub late: Vec<usize>,
}

impl Widths {
    /// Widths from the stem on; `early` at 14x14 and `late` at 7x7.
    pub fn new(stem: usize, early: &[usize], late: &[usize]) -> Self {
        Self {
            stem,
            early: early.to_vec(),
            late: late.to_vec(),
        }
    }

    /// Parameters of a released network: weights and biases.
    pub fn parameters(&self) -> usize {
        let mut inputs = self.stem;
        let mut sum = 10 * self.stem;
        for &outputs in self.early.iter().chain(&self.late) {
            sum += (9 + outputs) * inputs + outputs;
            inputs = outputs;
        }
        sum + (inputs + 1) * CLASSES
    }
}

impl Display for Widths {
    /// Write as `stem 6, 8 at 14x14, 9 at 7x7`.
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Self { stem, early, late } = self;
        let list = |widths: &[usize]| {
            let widths: Vec<String> = widths.iter().map(usize::to_string).collect();
            widths.join(" ")
        };
        write!(
            f,
            "stem {stem}, {} at 14x14, {} at 7x7",
            list(early),
            list(late)
        )
    }
}

/// Depthwise 3x3 and pointwise convolution, plus what came in where the channels are as many, `ReLU`. In training, batch
/// norm follows the pointwise convolution; in a released network it is folded into that.
///
/// **Source**: Chollet, "Xception", 2017, section 3 (<https://arxiv.org/abs/1610.02357>), which found nothing between
/// the two convolutions to be best.
#[derive(Module, Debug)]
pub struct LadderBlock {
    depthwise: Conv2d,
    pointwise: Conv2d,
    norm: Option<BatchNorm>,
}

impl LadderBlock {
    /// Build the block with random weights; without batch norm the pointwise convolution has a bias.
    pub fn init(
        in_channels: usize,
        out_channels: usize,
        batch_norm: bool,
        device: &Device,
    ) -> Self {
        Self {
            depthwise: layers::depthwise3x3(in_channels, false, device),
            pointwise: layers::conv1x1(in_channels, out_channels, !batch_norm, device),
            norm: batch_norm.then(|| layers::batch_norm(out_channels, device)),
        }
    }

    /// Fold the batch norm into the pointwise convolution.
    fn folded(self) -> Self {
        Self {
            pointwise: layers::fold(self.pointwise, self.norm),
            norm: None,
            ..self
        }
    }

    /// Apply the block.
    pub fn forward<K: LayerOps>(&self, x: Tensor<4>, epilogue: Epilogue) -> Tensor<4> {
        let y = K::depthwise(&self.depthwise, x.clone());
        match (&self.norm, self.is_residual()) {
            (Some(norm), true) => {
                K::batch_norm_add(norm, K::pointwise(&self.pointwise, y), x, epilogue)
            }
            (Some(norm), false) => K::pointwise_norm(&self.pointwise, norm, y, epilogue),
            (None, true) => epilogue.forward(K::pointwise(&self.pointwise, y) + x),
            (None, false) => epilogue.forward(K::pointwise(&self.pointwise, y)),
        }
    }

    /// Describe the block, whose path in the module is `name`.
    pub fn layers(&self, name: &str, epilogue: Epilogue) -> Vec<Layer> {
        let mut layers = vec![
            Layer::depthwise(&format!("{name}.depthwise"), &self.depthwise),
            Layer::pointwise(&format!("{name}.pointwise"), &self.pointwise),
        ];
        let norm = self.norm.as_ref();
        layers.extend(norm.map(|norm| Layer::batch_norm(&format!("{name}.norm"), norm)));
        if self.is_residual() {
            layers.insert(0, Layer::ResidualStart);
            layers.push(Layer::ResidualAdd);
        }
        layers.extend_from_slice(epilogue.layers());
        layers
    }

    /// Whether what comes in has as many channels as what goes out.
    fn is_residual(&self) -> bool {
        let [outputs, inputs, ..] = self.pointwise.weight.dims();
        inputs == outputs
    }
}

/// A 3x3 stem and pooling, separable blocks at 14x14, pooling, separable blocks at 7x7.
#[derive(Module, Debug)]
pub struct Ladder {
    stem: Conv2d,
    stem_norm: Option<BatchNorm>,
    early: Vec<LadderBlock>,
    late: Vec<LadderBlock>,
    output: Linear,
}

impl Network for Ladder {
    fn folded(self) -> Self {
        Self {
            stem: layers::fold(self.stem, self.stem_norm),
            stem_norm: None,
            early: self.early.into_iter().map(LadderBlock::folded).collect(),
            late: self.late.into_iter().map(LadderBlock::folded).collect(),
            ..self
        }
    }

    fn forward_with<K: LayerOps>(&self, images: Tensor<4>) -> Tensor<2> {
        let x = match &self.stem_norm {
            Some(norm) => K::batch_norm(norm, K::conv(&self.stem, images), Epilogue::ReluPool),
            None => K::conv_relu_pool(&self.stem, images),
        };
        let x = self
            .blocks()
            .fold(x, |x, (_, block, epilogue)| block.forward::<K>(x, epilogue));
        self.output.forward(K::global_average_pool(x))
    }

    fn layers(&self) -> Vec<Layer> {
        let mut layers = vec![Layer::conv("stem", &self.stem)];
        let norm = self.stem_norm.as_ref();
        layers.extend(norm.map(|norm| Layer::batch_norm("stem_norm", norm)));
        layers.extend_from_slice(Epilogue::ReluPool.layers());
        for (name, block, epilogue) in self.blocks() {
            layers.extend(block.layers(&name, epilogue));
        }
        layers.extend([
            Layer::GlobalAveragePool,
            Layer::dense("output", &self.output),
        ]);
        layers
    }
}

impl Ladder {
    /// Build a network of these widths with random weights, for training with batch norms.
    pub fn init(widths: &Widths, batch_norm: bool, device: &Device) -> Self {
        let mut channels = widths.stem;
        let mut block = |&outputs: &usize| {
            let block = LadderBlock::init(channels, outputs, batch_norm, device);
            channels = outputs;
            block
        };
        Self {
            stem: layers::conv3x3(1, widths.stem, !batch_norm, device),
            stem_norm: batch_norm.then(|| layers::batch_norm(widths.stem, device)),
            early: widths.early.iter().map(&mut block).collect(),
            late: widths.late.iter().map(&mut block).collect(),
            output: LinearConfig::new(channels, CLASSES).init(device),
        }
    }

    /// The blocks in order, each with its path in the module. The last one at 14x14 ends in the pooling to 7x7.
    fn blocks(&self) -> impl Iterator<Item = (String, &LadderBlock, Epilogue)> {
        let last = self.early.len().saturating_sub(1);
        let early = self.early.iter().enumerate().map(move |(i, block)| {
            let epilogue = if i == last {
                Epilogue::ReluPool
            } else {
                Epilogue::Relu
            };
            (format!("early.{i}"), block, epilogue)
        });
        let late = self.late.iter().enumerate();
        early.chain(late.map(|(i, block)| (format!("late.{i}"), block, Epilogue::Relu)))
    }
}
