//! The kernels as operations of a Burn backend: the trait, and its implementation without gradients.

#![allow(deprecated)] // `backend_extension` expands to the name of the deprecated reference backend.

use crate::network::ndarray::{ReferenceBackend, ReferenceTensor, tensor, values};
use crate::train::kernels::batch_norm::{self, NormShape};
use crate::train::kernels::expansion::Expansion;
use crate::train::kernels::shape::ConvShape;
use crate::train::kernels::{convolution, depthwise, dropout, global_average_pool, pointwise};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata, backend_extension};

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
pub trait FusedBackend: Backend {
    /// One of the [`Affine`] operations.
    fn affine(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        kind: Affine,
    ) -> FloatTensor<Self>;

    /// See [`batch_norm::channel_moments`]; no gradient flows through it.
    fn channel_moments(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// See [`batch_norm::batch_norm`]; on autodiff `moments` must be those of `x`.
    fn batch_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self>;

    /// See [`dropout::dropout`].
    fn dropout(x: FloatTensor<Self>, seed: u64, p: f64) -> FloatTensor<Self>;

    /// See [`global_average_pool::average_planes`].
    fn global_average_pool(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// [`FusedBackend::batch_norm`] with a residual that is added in front of the epilogue.
    fn batch_norm_add(
        x: FloatTensor<Self>,
        residual: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self>;

    /// See [`Expansion`](crate::train::kernels::expansion::Expansion); the bias has no effect, and `moments` are mean and variance of `x`.
    fn expansion(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self>;
}

pub(super) fn conv_shape(x: &ReferenceTensor, weight: &ReferenceTensor) -> ConvShape {
    let [n, c, h, w] = x.shape().dims();
    let [m, ..] = weight.shape().dims::<4>();
    ConvShape { n, c, m, h, w }
}

pub(super) fn run_affine(
    x: &ReferenceTensor,
    weight: &ReferenceTensor,
    bias: &ReferenceTensor,
    kind: Affine,
) -> (ReferenceTensor, Vec<u8>) {
    let s = conv_shape(x, weight);
    let (x, weight, bias) = (values(x), values(weight), values(bias));
    let same = |y: Vec<f32>| (tensor(y, [s.n, s.m, s.h, s.w]), Vec::new());
    match kind {
        Affine::Conv => same(convolution::conv(&x, &weight, &bias, s)),
        Affine::ConvReluPool => {
            let (y, argmax) = convolution::conv_relu_pool(&x, &weight, &bias, s);
            (tensor(y, [s.n, s.m, s.h / 2, s.w / 2]), argmax)
        }
        Affine::Depthwise => same(depthwise::depthwise(&x, &weight, &bias, s)),
        Affine::Pointwise => same(pointwise::pointwise(&x, &weight, &bias, s)),
    }
}

pub(super) fn run_batch_norm(
    x: &ReferenceTensor,
    residual: Option<&ReferenceTensor>,
    gamma: &ReferenceTensor,
    beta: &ReferenceTensor,
    moments: &ReferenceTensor,
    s: NormShape,
) -> (ReferenceTensor, Vec<u8>) {
    let [n, ..] = x.shape().dims::<4>();
    let residual = residual.map(values);
    let (y, argmax) = batch_norm::batch_norm(
        &values(x),
        residual.as_deref(),
        &values(gamma),
        &values(beta),
        &values(moments),
        s,
    );
    let (h, w) = s.output();
    (tensor(y, [n, s.c, h, w]), argmax)
}

pub(super) fn run_expansion(
    x: &ReferenceTensor,
    weight: &ReferenceTensor,
    gamma: &ReferenceTensor,
    beta: &ReferenceTensor,
    moments: &ReferenceTensor,
    s: NormShape,
) -> ReferenceTensor {
    let [n, ..] = x.shape().dims::<4>();
    let expansion = Expansion {
        x: &values(x),
        weight: &values(weight),
        gamma: &values(gamma),
        moments: pair(moments),
        shape: s,
    };
    let (h, w) = s.output();
    tensor(expansion.forward(&values(beta)), [n, s.c, h, w])
}

pub(super) fn run_dropout(x: &ReferenceTensor, seed: u64, p: f64) -> ReferenceTensor {
    let shape = x.shape();
    let item = shape.num_elements() / shape[0];
    tensor(dropout::dropout(&values(x), seed, p, item), shape)
}

pub(super) fn run_global_average_pool(x: &ReferenceTensor) -> ReferenceTensor {
    let [n, c, h, w] = x.shape().dims();
    tensor(
        global_average_pool::average_planes(&values(x), c, h * w),
        [n, c],
    )
}

/// Mean and variance of a single channel.
pub(super) fn pair(moments: &ReferenceTensor) -> [f32; 2] {
    let values = values(moments);
    [values[0], values[1]]
}

impl FusedBackend for ReferenceBackend {
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
        tensor(batch_norm::channel_moments(&values(&x), c, h * w), [2 * c])
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

    fn expansion(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        _bias: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self> {
        run_expansion(&x, &weight, &gamma, &beta, &moments, shape)
    }
}
