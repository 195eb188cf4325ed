//! The trainer's kernels as operations of Burn, with their gradients.
//!
//! Burn's backend extension registers the functions of `kernels`, `convolution`, `norm` and `spread` for the
//! `ndarray` backend and for autodiff over it. [`FusedKernels`] is what a network's `forward_with` takes.

#![allow(deprecated)] // burn-ndarray is deprecated upstream and is this project's reference backend by design.

use super::convolution;
use super::kernels::{self, ConvShape};
use super::norm::{self, NormShape};
use super::spread::Spread;
use crate::network::layers::{Kernels, Tail};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, NdArray, TensorMetadata, backend_extension};
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Dropout};
use burn::tensor::{Distribution, Shape, Tensor, TensorData};
use burn_ndarray::NdArrayTensor;
use std::borrow::Cow;

/// The trainer's kernels.
#[derive(Debug)]
pub struct FusedKernels;

impl Kernels for FusedKernels {
    fn conv(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        affine(Affine::Conv, conv, x)
    }

    fn conv_relu_pool(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        affine(Affine::ConvReluPool, conv, x)
    }

    fn depthwise(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        affine(Affine::Depthwise, conv, x)
    }

    fn pointwise(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        affine(Affine::Pointwise, conv, x)
    }

    fn batch_norm(norm: &BatchNorm, x: Tensor<4>, tail: Tail) -> Tensor<4> {
        let (moments, shape) = (moments(norm, &x), norm_shape(norm, &x, tail));
        Tensor::from_dispatch(Dispatch::batch_norm(
            x.into_dispatch(),
            norm.gamma.val().into_dispatch(),
            norm.beta.val().into_dispatch(),
            moments.into_dispatch(),
            shape,
        ))
    }

    fn pointwise_norm(conv: &Conv2d, norm: &BatchNorm, x: Tensor<4>, tail: Tail) -> Tensor<4> {
        let [_, channels, ..] = x.dims();
        if channels > 1 || tail != Tail::ReluPool || !x.device().is_autodiff() {
            return Self::batch_norm(norm, Self::pointwise(conv, x), tail);
        }
        let moments = channel_moments(&x);
        let of_plane = |i: usize| moments.clone().narrow(0, i, 1);
        let weight = conv.weight.val().detach().flatten(0, 3);
        let mut mean = weight.clone() * of_plane(0);
        if let Some(bias) = &conv.bias {
            mean = mean + bias.val().detach();
        }
        move_running_moments(norm, mean, weight.clone() * weight * of_plane(1));
        let [c, ..] = conv.weight.dims();
        let shape = NormShape {
            c,
            ..norm_shape(norm, &x, tail)
        };
        Tensor::from_dispatch(Dispatch::spread(
            x.into_dispatch(),
            conv.weight.val().into_dispatch(),
            bias_of(conv).into_dispatch(),
            norm.gamma.val().into_dispatch(),
            norm.beta.val().into_dispatch(),
            moments.into_dispatch(),
            shape,
        ))
    }

    fn dropout(dropout: &Dropout, x: Tensor<4>) -> Tensor<4> {
        if !x.device().is_autodiff() || dropout.prob == 0.0 {
            return x;
        }
        // The mask follows from one number of the device's generator, as Burn's does from many.
        let bits = Tensor::<1>::random([1], Distribution::Default, &x.device());
        let seed = bits.into_scalar::<f32>().to_bits();
        Tensor::from_dispatch(Dispatch::dropout(
            x.into_dispatch(),
            u64::from(seed),
            dropout.prob,
        ))
    }

    fn global_average_pool(x: Tensor<4>) -> Tensor<2> {
        Tensor::from_dispatch(Dispatch::global_average_pool(x.into_dispatch()))
    }

    fn batch_norm_add(
        norm: &BatchNorm,
        x: Tensor<4>,
        residual: Tensor<4>,
        tail: Tail,
    ) -> Tensor<4> {
        let (moments, shape) = (moments(norm, &x), norm_shape(norm, &x, tail));
        Tensor::from_dispatch(Dispatch::batch_norm_add(
            x.into_dispatch(),
            residual.into_dispatch(),
            norm.gamma.val().into_dispatch(),
            norm.beta.val().into_dispatch(),
            moments.into_dispatch(),
            shape,
        ))
    }
}

fn norm_shape(norm: &BatchNorm, x: &Tensor<4>, tail: Tail) -> NormShape {
    let [_, c, h, w] = x.dims();
    NormShape {
        c,
        h,
        w,
        tail,
        epsilon: norm.epsilon as f32,
    }
}

/// The moments of each channel, through which no gradient flows.
fn channel_moments(x: &Tensor<4>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::channel_moments(x.clone().into_dispatch())).detach()
}

/// Move the running moments of `norm` towards those of a batch.
fn move_running_moments(norm: &BatchNorm, mean: Tensor<1>, variance: Tensor<1>) {
    let moved = |state: Tensor<1>, batch: Tensor<1>| {
        state
            .mul_scalar(1.0 - norm.momentum)
            .add(batch.mul_scalar(norm.momentum))
            .detach()
    };
    norm.running_mean
        .update(moved(norm.running_mean.value_sync(), mean));
    norm.running_var
        .update(moved(norm.running_var.value_sync(), variance));
}

/// The moments that `norm` normalizes `x` with: in training those of `x`, which also move the running
/// ones, otherwise the running ones.
fn moments(norm: &BatchNorm, x: &Tensor<4>) -> Tensor<1> {
    let [_, c, ..] = x.dims();
    if x.device().is_autodiff() {
        let moments = channel_moments(x);
        let batch = |from: usize| moments.clone().narrow(0, from, c);
        move_running_moments(norm, batch(0), batch(c));
        moments
    } else {
        Tensor::cat(vec![norm.running_mean.value(), norm.running_var.value()], 0)
    }
}

/// The bias of a convolution, zero where there is none.
fn bias_of(conv: &Conv2d) -> Tensor<1> {
    match &conv.bias {
        Some(bias) => bias.val(),
        None => Tensor::zeros([conv.weight.dims()[0]], &conv.weight.device()),
    }
}

fn affine(kind: Affine, conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::affine(
        x.into_dispatch(),
        conv.weight.val().into_dispatch(),
        bias_of(conv).into_dispatch(),
        kind,
    ))
}

/// The operations that have weights and a bias.
#[derive(Clone, Copy, Debug)]
pub enum Affine {
    /// 3x3 convolution.
    Conv,
    /// 3x3 convolution, `ReLU`, 2x2 max-pooling.
    ConvReluPool,
    /// 3x3 convolution of each channel by itself.
    Depthwise,
    /// 1x1 convolution.
    Pointwise,
}

/// The operations that Burn dispatches to `kernels`.
#[backend_extension(NdArray, Autodiff)]
pub trait FusedOps: Backend {
    /// One of the [`Affine`] operations.
    fn affine(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        kind: Affine,
    ) -> FloatTensor<Self>;

    /// See [`norm::channel_moments`]; no gradient flows through it.
    fn channel_moments(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// See [`norm::batch_norm`]; on autodiff `moments` must be those of `x`.
    fn batch_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self>;

    /// See [`kernels::dropout`].
    fn dropout(x: FloatTensor<Self>, seed: u64, p: f64) -> FloatTensor<Self>;

    /// See [`kernels::average_planes`].
    fn global_average_pool(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// [`FusedOps::batch_norm`] with a residual that is added in front of the tail.
    fn batch_norm_add(
        x: FloatTensor<Self>,
        residual: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self>;

    /// See `spread`; the bias has no effect, and `moments` are mean and variance of `x`.
    fn spread(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self>;
}

pub(super) fn values(tensor: &NdArrayTensor) -> Cow<'_, [f32]> {
    let NdArrayTensor::F32(storage) = tensor else {
        unreachable!("networks are f32")
    };
    let view = storage.view();
    match view.to_slice() {
        Some(slice) => Cow::Borrowed(slice),
        None => Cow::Owned(view.iter().copied().collect()),
    }
}

pub(super) fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> NdArrayTensor {
    NdArrayTensor::from_data(TensorData::new(values, shape))
}

pub(super) fn conv_shape(x: &NdArrayTensor, weight: &NdArrayTensor) -> ConvShape {
    let [n, c, h, w] = x.shape().dims();
    let [m, ..] = weight.shape().dims::<4>();
    ConvShape { n, c, m, h, w }
}

pub(super) fn run_affine(
    x: &NdArrayTensor,
    weight: &NdArrayTensor,
    bias: &NdArrayTensor,
    kind: Affine,
) -> (NdArrayTensor, Vec<u8>) {
    let s = conv_shape(x, weight);
    let (x, weight, bias) = (values(x), values(weight), values(bias));
    let same = |y: Vec<f32>| (tensor(y, [s.n, s.m, s.h, s.w]), Vec::new());
    match kind {
        Affine::Conv => same(convolution::conv(&x, &weight, &bias, s)),
        Affine::ConvReluPool => {
            let (y, winners) = convolution::conv_relu_pool(&x, &weight, &bias, s);
            (tensor(y, [s.n, s.m, s.h / 2, s.w / 2]), winners)
        }
        Affine::Depthwise => same(kernels::depthwise(&x, &weight, &bias, s)),
        Affine::Pointwise => same(kernels::pointwise(&x, &weight, &bias, s)),
    }
}

pub(super) fn run_batch_norm(
    x: &NdArrayTensor,
    residual: Option<&NdArrayTensor>,
    gamma: &NdArrayTensor,
    beta: &NdArrayTensor,
    moments: &NdArrayTensor,
    s: NormShape,
) -> (NdArrayTensor, Vec<u8>) {
    let [n, ..] = x.shape().dims::<4>();
    let residual = residual.map(values);
    let (y, winners) = norm::batch_norm(
        &values(x),
        residual.as_deref(),
        &values(gamma),
        &values(beta),
        &values(moments),
        s,
    );
    let (h, w) = s.output();
    (tensor(y, [n, s.c, h, w]), winners)
}

pub(super) fn run_spread(
    x: &NdArrayTensor,
    weight: &NdArrayTensor,
    gamma: &NdArrayTensor,
    beta: &NdArrayTensor,
    moments: &NdArrayTensor,
    s: NormShape,
) -> NdArrayTensor {
    let [n, ..] = x.shape().dims::<4>();
    let spread = Spread {
        x: &values(x),
        weight: &values(weight),
        gamma: &values(gamma),
        moments: pair(moments),
        shape: s,
    };
    let (h, w) = s.output();
    tensor(spread.forward(&values(beta)), [n, s.c, h, w])
}

pub(super) fn run_dropout(x: &NdArrayTensor, seed: u64, p: f64) -> NdArrayTensor {
    let shape = x.shape();
    let item = shape.num_elements() / shape[0];
    tensor(kernels::dropout(&values(x), seed, p, item), shape)
}

pub(super) fn run_global_average_pool(x: &NdArrayTensor) -> NdArrayTensor {
    let [n, c, h, w] = x.shape().dims();
    tensor(kernels::average_planes(&values(x), c, h * w), [n, c])
}

/// Mean and variance of a single channel.
pub(super) fn pair(moments: &NdArrayTensor) -> [f32; 2] {
    let values = values(moments);
    [values[0], values[1]]
}

impl FusedOps for NdArray {
    fn affine(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        kind: Affine,
    ) -> FloatTensor<Self> {
        run_affine(&x, &weight, &bias, kind).0
    }

    fn channel_moments(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let [_, c, h, w] = x.shape().dims();
        tensor(norm::channel_moments(&values(&x), c, h * w), [2 * c])
    }

    fn batch_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self> {
        run_batch_norm(&x, None, &gamma, &beta, &moments, shape).0
    }

    fn dropout(x: FloatTensor<Self>, seed: u64, p: f64) -> FloatTensor<Self> {
        run_dropout(&x, seed, p)
    }

    fn global_average_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        run_global_average_pool(&x)
    }

    fn batch_norm_add(
        x: FloatTensor<Self>,
        residual: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self> {
        run_batch_norm(&x, Some(&residual), &gamma, &beta, &moments, shape).0
    }

    fn spread(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        _bias: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self> {
        run_spread(&x, &weight, &gamma, &beta, &moments, shape)
    }
}
