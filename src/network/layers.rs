//! The layers that the networks are made of, and how each is described as a [`Layer`].
//!
//! [`LayerOps`] names the groups of operations in which training spends its time. Its default methods define
//! them in Burn's operations; `train::fused` overrides each with one fused kernel.

use crate::layer::Layer;
use burn::module::Param;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, Linear, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Device, Tensor};

/// What follows the affine map of a batch norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Epilogue {
    /// Nothing.
    Linear,
    /// `ReLU`.
    Relu,
    /// `ReLU`, then 2x2 max-pooling that drops an odd last row and column.
    ReluPool,
}

/// How layers are computed. The default methods are the definition, in Burn's operations.
pub trait LayerOps {
    /// 3x3 convolution, plus bias where there is one.
    ///
    /// **Shapes**: `[n, c, h, w]` to `[n, m, h, w]`.
    fn conv(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        conv.forward(x)
    }

    /// 3x3 convolution, bias, `ReLU`, 2x2 max-pooling that drops an odd last row and column.
    ///
    /// **Shapes**: `[n, c, h, w]` to `[n, m, h/2, w/2]`.
    fn conv_relu_pool(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        pool(relu(conv.forward(x)))
    }

    /// 3x3 convolution of each channel by itself, plus bias where there is one.
    ///
    /// **Shapes**: `[n, c, h, w]` to `[n, c, h, w]`.
    fn depthwise(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        conv.forward(x)
    }

    /// 1x1 convolution, plus bias where there is one.
    ///
    /// **Shapes**: `[n, c, h, w]` to `[n, m, h, w]`.
    fn pointwise(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        conv.forward(x)
    }

    /// Batch norm and what follows it.
    ///
    /// **Shapes**: `[n, c, h, w]` to the same, or to `[n, c, h/2, w/2]` with [`Epilogue::ReluPool`].
    fn batch_norm(norm: &BatchNorm, x: Tensor<4>, epilogue: Epilogue) -> Tensor<4> {
        epilogue.forward(norm.forward(x))
    }

    /// 1x1 convolution, batch norm and what follows it.
    ///
    /// **Shapes**: `[n, c, h, w]` to `[n, m, h, w]`, or to `[n, m, h/2, w/2]` with [`Epilogue::ReluPool`].
    fn pointwise_norm(
        conv: &Conv2d,
        norm: &BatchNorm,
        x: Tensor<4>,
        epilogue: Epilogue,
    ) -> Tensor<4> {
        Self::batch_norm(norm, Self::pointwise(conv, x), epilogue)
    }

    /// Dropout; outside training nothing.
    ///
    /// **Shapes**: `[n, c, h, w]` to the same.
    fn dropout(dropout: &Dropout, x: Tensor<4>) -> Tensor<4> {
        dropout.forward(x)
    }

    /// Average each plane.
    ///
    /// **Shapes**: `[n, c, h, w]` to `[n, c]`.
    fn global_average_pool(x: Tensor<4>) -> Tensor<2> {
        let [n, c, h, w] = x.dims();
        x.reshape([n, c, h * w]).mean_dim(2).reshape([n, c])
    }

    /// Batch norm, plus a residual, and what follows.
    ///
    /// **Shapes**: `[n, c, h, w]` and the same to the same, or to `[n, c, h/2, w/2]` with [`Epilogue::ReluPool`].
    fn batch_norm_add(
        norm: &BatchNorm,
        x: Tensor<4>,
        residual: Tensor<4>,
        epilogue: Epilogue,
    ) -> Tensor<4> {
        epilogue.forward(norm.forward(x) + residual)
    }
}

/// Layers by Burn's own operations.
#[derive(Debug)]
pub struct BurnOps;

impl LayerOps for BurnOps {}

/// 2x2 max-pooling that drops an odd last row and column.
pub(super) fn pool(x: Tensor<4>) -> Tensor<4> {
    max_pool2d(x, MaxPoolOptions::new([2, 2]))
}

/// A 3x3 convolution that keeps height and width.
pub(super) fn conv3x3(
    in_channels: usize,
    out_channels: usize,
    bias: bool,
    device: &Device,
) -> Conv2d {
    Conv2dConfig::new([in_channels, out_channels], [3, 3])
        .with_padding(PaddingConfig2d::Same)
        .with_bias(bias)
        .init(device)
}

/// A 3x3 convolution of each channel by itself that keeps height and width.
pub(super) fn depthwise3x3(channels: usize, bias: bool, device: &Device) -> Conv2d {
    Conv2dConfig::new([channels, channels], [3, 3])
        .with_groups(channels)
        .with_padding(PaddingConfig2d::Same)
        .with_bias(bias)
        .init(device)
}

/// A 1x1 convolution.
pub(super) fn conv1x1(
    in_channels: usize,
    out_channels: usize,
    bias: bool,
    device: &Device,
) -> Conv2d {
    Conv2dConfig::new([in_channels, out_channels], [1, 1])
        .with_bias(bias)
        .init(device)
}

/// A batch norm over `channels`.
pub(super) fn batch_norm(channels: usize, device: &Device) -> BatchNorm {
    BatchNormConfig::new(channels).init(device)
}

/// A batch norm whose scale starts at zero, so that a residual block adds nothing at first.
///
/// **Source**: Goyal et al., "Accurate, large minibatch SGD", 2017, section 5.1
/// (<https://arxiv.org/abs/1706.02677>).
pub(super) fn zero_init_batch_norm(channels: usize, device: &Device) -> BatchNorm {
    let mut norm = batch_norm(channels, device);
    norm.gamma = Param::from_tensor(Tensor::zeros([channels], device));
    norm
}

/// Fold a batch norm into the convolution before it, which has a bias from then on.
///
/// **Formula**: with `factor = gamma / sqrt(variance + epsilon)`, the weights of a channel are multiplied by `factor`,
/// and its bias is `beta + (bias - mean) factor`.
///
/// **Source**: Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only
/// inference", 2017, section 3.2 (<https://arxiv.org/abs/1712.05877>).
pub(super) fn fold(mut conv: Conv2d, norm: Option<BatchNorm>) -> Conv2d {
    let Some(norm) = norm else { return conv };
    let variance = norm.running_var.value();
    let factor = norm.gamma.val() / (variance + norm.epsilon).sqrt();
    let mut offset = -norm.running_mean.value();
    if let Some(bias) = &conv.bias {
        offset = offset + bias.val();
    }
    conv.bias = Some(Param::from_tensor(
        norm.beta.val() + offset * factor.clone(),
    ));
    let [channels] = factor.dims();
    let weight = conv.weight.val() * factor.reshape([channels, 1, 1, 1]);
    conv.weight = Param::from_tensor(weight);
    conv
}

impl Layer {
    /// Describe a 3x3 convolution; `name` is its path in the module.
    pub fn conv(name: &str, conv: &Conv2d) -> Self {
        let [outputs, inputs, _, _] = conv.weight.dims();
        Self::Conv {
            name: name.to_owned(),
            channels: [inputs, outputs],
            bias: conv.bias.is_some(),
        }
    }

    /// Describe a 3x3 convolution of each channel by itself.
    pub fn depthwise(name: &str, conv: &Conv2d) -> Self {
        let [channels, _, _, _] = conv.weight.dims();
        Self::Depthwise {
            name: name.to_owned(),
            channels,
            bias: conv.bias.is_some(),
        }
    }

    /// Describe a 1x1 convolution.
    pub fn pointwise(name: &str, conv: &Conv2d) -> Self {
        let [outputs, inputs, _, _] = conv.weight.dims();
        Self::Pointwise {
            name: name.to_owned(),
            channels: [inputs, outputs],
            bias: conv.bias.is_some(),
        }
    }

    /// Describe a batch norm.
    pub fn batch_norm(name: &str, norm: &BatchNorm) -> Self {
        let [channels] = norm.gamma.dims();
        Self::BatchNorm {
            name: name.to_owned(),
            channels,
            epsilon: norm.epsilon,
        }
    }

    /// Describe a dense layer with a bias.
    pub fn dense(name: &str, dense: &Linear) -> Self {
        Self::Dense {
            name: name.to_owned(),
            features: dense.weight.dims(),
        }
    }
}

impl Epilogue {
    /// Apply the epilogue.
    pub(super) fn forward(self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Self::Linear => x,
            Self::Relu => relu(x),
            Self::ReluPool => pool(relu(x)),
        }
    }

    /// Describe the epilogue.
    pub fn layers(self) -> &'static [Layer] {
        match self {
            Self::Linear => &[],
            Self::Relu => &[Layer::Relu],
            Self::ReluPool => &[Layer::Relu, Layer::MaxPool],
        }
    }
}
