//! The ladder: networks of a few hundred to 5,000 parameters, one shape in several widths.
//!
//! Each is a 3x3 stem and separable blocks at 14x14 and at 7x7. `tests/networks.rs` holds each to its budget.

use super::architecture::Network;
use super::layers::{self, Epilogue, LayerOps};
use crate::label::CLASSES;
use crate::layer::Layer;
use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use std::fmt::Debug;
use std::marker::PhantomData;

/// The name and the channels of a network of the ladder.
pub trait Rung: Clone + Debug + Send + Sync + 'static {
    /// The network's name.
    const NAME: &'static str;
    /// Channels that the stem puts out.
    const STEM: usize;
    /// Channels that each block at 14x14 puts out; the last one's result is pooled to 7x7.
    const EARLY: &'static [usize];
    /// Channels that each block at 7x7 puts out.
    const LATE: &'static [usize];
}

macro_rules! rungs {
    ($($(#[$doc:meta])* $network:ident, $rung:ident: $name:literal, $stem:literal, $early:expr, $late:expr;)*) => {
        $(
            #[doc = concat!("The widths of [`", stringify!($network), "`].")]
            #[derive(Clone, Debug)]
            pub struct $rung;

            impl Rung for $rung {
                const NAME: &'static str = $name;
                const STEM: usize = $stem;
                const EARLY: &'static [usize] = &$early;
                const LATE: &'static [usize] = &$late;
            }

            $(#[$doc])*
            pub type $network = Ladder<$rung>;
        )*
    };
}

rungs! {
    /// At most 500 parameters.
    Tiny500, Widths500: "tiny-500", 6, [8], [9];
    /// At most 1,000 parameters.
    Tiny1k, Widths1k: "tiny-1k", 10, [14], [16];
    /// At most 2,000 parameters.
    Tiny2k, Widths2k: "tiny-2k", 12, [12, 20], [24];
    /// At most 5,000 parameters.
    Tiny5k, Widths5k: "tiny-5k", 16, [16, 16, 24], [32, 32];
}

/// Depthwise 3x3 and pointwise convolution, batch norm, plus what came in where the channels are as many, `ReLU`.
///
/// **Source**: Chollet, "Xception", 2017, section 3 (<https://arxiv.org/abs/1610.02357>), which found nothing between
/// the two convolutions to be best.
#[derive(Module, Debug)]
pub struct LadderBlock {
    depthwise: Conv2d,
    pointwise: Conv2d,
    norm: BatchNorm,
}

impl LadderBlock {
    /// Build the block with random weights.
    pub fn init(in_channels: usize, out_channels: usize, device: &Device) -> Self {
        Self {
            depthwise: layers::depthwise3x3(in_channels, false, device),
            pointwise: layers::conv1x1(in_channels, out_channels, false, device),
            norm: layers::batch_norm(out_channels, device),
        }
    }

    /// Apply the block.
    pub fn forward<K: LayerOps>(&self, x: Tensor<4>, epilogue: Epilogue) -> Tensor<4> {
        let y = K::depthwise(&self.depthwise, x.clone());
        if self.is_residual() {
            K::batch_norm_add(&self.norm, K::pointwise(&self.pointwise, y), x, epilogue)
        } else {
            K::pointwise_norm(&self.pointwise, &self.norm, y, epilogue)
        }
    }

    /// Describe the block, whose path in the module is `name`.
    pub fn layers(&self, name: &str, epilogue: Epilogue) -> Vec<Layer> {
        let mut layers = vec![
            Layer::depthwise(&format!("{name}.depthwise"), &self.depthwise),
            Layer::pointwise(&format!("{name}.pointwise"), &self.pointwise),
            Layer::batch_norm(&format!("{name}.norm"), &self.norm),
        ];
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
pub struct Ladder<R: Rung> {
    stem: Conv2d,
    stem_norm: BatchNorm,
    early: Vec<LadderBlock>,
    late: Vec<LadderBlock>,
    output: Linear,
    #[module(skip)]
    rung: PhantomData<R>,
}

impl<R: Rung> Network for Ladder<R> {
    const NAME: &'static str = R::NAME;

    fn init(device: &Device) -> Self {
        let mut channels = R::STEM;
        let mut block = |&outputs: &usize| {
            let block = LadderBlock::init(channels, outputs, device);
            channels = outputs;
            block
        };
        Self {
            stem: layers::conv3x3(1, R::STEM, false, device),
            stem_norm: layers::batch_norm(R::STEM, device),
            early: R::EARLY.iter().map(&mut block).collect(),
            late: R::LATE.iter().map(&mut block).collect(),
            output: LinearConfig::new(channels, CLASSES).init(device),
            rung: PhantomData,
        }
    }

    fn forward_with<K: LayerOps>(&self, images: Tensor<4>) -> Tensor<2> {
        let x = K::conv(&self.stem, images);
        let x = K::batch_norm(&self.stem_norm, x, Epilogue::ReluPool);
        let x = self
            .blocks()
            .fold(x, |x, (_, block, epilogue)| block.forward::<K>(x, epilogue));
        self.output.forward(K::global_average_pool(x))
    }

    fn layers(&self) -> Vec<Layer> {
        let mut layers = vec![
            Layer::conv("stem", &self.stem),
            Layer::batch_norm("stem_norm", &self.stem_norm),
        ];
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

impl<R: Rung> Ladder<R> {
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
