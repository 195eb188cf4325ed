//! The pieces that the networks are made of, and what each costs.
//!
//! [`Kernels`] names the four fused groups of operations in which training spends its time. Its
//! default methods are their definition in Burn's operations; `train::fused` overrides them.

use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Device, Tensor};

/// What follows the affine map of a batch norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Nothing.
    Linear,
    /// `ReLU`.
    Relu,
    /// `ReLU`, then 2x2 max-pooling that drops an odd last row and column.
    ReluPool,
}

/// How the groups of operations are computed.
pub trait Kernels {
    /// 3x3 convolution, bias, `ReLU`, 2x2 max-pooling that drops an odd last row and column.
    ///
    /// **Shapes**: `[n, c, h, w]` to `[n, m, h/2, w/2]`.
    fn conv_relu_pool(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        pool(relu(conv.forward(x)))
    }

    /// 3x3 convolution of each channel by itself, plus bias.
    ///
    /// **Shapes**: `[n, c, h, w]` to `[n, c, h, w]`.
    fn depthwise(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        conv.forward(x)
    }

    /// 1x1 convolution plus bias.
    ///
    /// **Shapes**: `[n, c, h, w]` to `[n, m, h, w]`.
    fn pointwise(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        conv.forward(x)
    }

    /// Batch norm and what follows it.
    ///
    /// **Shapes**: `[n, c, h, w]` to the same, or to `[n, c, h/2, w/2]` with [`Tail::ReluPool`].
    fn batch_norm(norm: &BatchNorm, x: Tensor<4>, tail: Tail) -> Tensor<4> {
        let y = norm.forward(x);
        match tail {
            Tail::Linear => y,
            Tail::Relu => relu(y),
            Tail::ReluPool => pool(relu(y)),
        }
    }
}

/// Burn's own operations, one after the other.
#[derive(Debug)]
pub struct PlainKernels;

impl Kernels for PlainKernels {}

fn pool(x: Tensor<4>) -> Tensor<4> {
    max_pool2d(x, MaxPoolOptions::new([2, 2]))
}

/// A 3x3 convolution that keeps height and width.
pub(super) fn conv3x3(in_channels: usize, out_channels: usize, device: &Device) -> Conv2d {
    Conv2dConfig::new([in_channels, out_channels], [3, 3])
        .with_padding(PaddingConfig2d::Same)
        .init(device)
}

/// A 3x3 convolution of each channel by itself that keeps height and width.
pub(super) fn depthwise3x3(channels: usize, device: &Device) -> Conv2d {
    Conv2dConfig::new([channels, channels], [3, 3])
        .with_groups(channels)
        .with_padding(PaddingConfig2d::Same)
        .init(device)
}

/// A 1x1 convolution.
pub(super) fn conv1x1(in_channels: usize, out_channels: usize, device: &Device) -> Conv2d {
    Conv2dConfig::new([in_channels, out_channels], [1, 1]).init(device)
}

/// A batch norm over `channels`.
pub(super) fn batch_norm(channels: usize, device: &Device) -> BatchNorm {
    BatchNormConfig::new(channels).init(device)
}

/// What one layer puts out and what it costs for one image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerSummary {
    /// A short name.
    pub name: String,
    /// Channels, height and width of its result, before any pooling.
    pub output: [usize; 3],
    /// Numbers it holds, running statistics included.
    pub parameters: usize,
    /// How many of `parameters` are running statistics.
    pub running_statistics: usize,
    /// Multiply-accumulate operations; batch norm and bias count none, because inference folds them.
    pub macs: usize,
}

impl LayerSummary {
    /// Describe a convolution whose result is `side` pixels wide and high.
    pub fn conv(name: &str, conv: &Conv2d, side: usize) -> Self {
        let [m, c, kh, kw] = conv.weight.dims();
        let weights = m * c * kh * kw;
        Self {
            name: name.to_owned(),
            output: [m, side, side],
            parameters: weights + if conv.bias.is_some() { m } else { 0 },
            running_statistics: 0,
            macs: weights * side * side,
        }
    }

    /// Describe a batch norm over an activation that is `side` pixels wide and high.
    pub fn batch_norm(name: &str, norm: &BatchNorm, side: usize) -> Self {
        let [c] = norm.gamma.dims();
        Self {
            name: name.to_owned(),
            output: [c, side, side],
            parameters: 4 * c,
            running_statistics: 2 * c,
            macs: 0,
        }
    }

    /// Describe a dense layer.
    pub fn dense(name: &str, dense: &Linear) -> Self {
        let [inputs, outputs] = dense.weight.dims();
        Self {
            name: name.to_owned(),
            output: [outputs, 1, 1],
            parameters: inputs * outputs + if dense.bias.is_some() { outputs } else { 0 },
            running_statistics: 0,
            macs: inputs * outputs,
        }
    }
}
