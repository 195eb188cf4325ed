//! The trainer's kernels as operations of Burn, with their gradients.
//!
//! Burn's backend extension registers each function of `kernels` for the `ndarray` backend and for
//! autodiff over it. [`FusedKernels`] is what a network's `forward_with` takes.

#![allow(deprecated)] // burn-ndarray is deprecated upstream and is this project's reference backend by design.

use super::kernels::{self, AffineGradients, ConvShape};
use super::norm::{self, NormShape};
use crate::network::layers::{Kernels, Tail};
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, NdArray, TensorMetadata, backend_extension};
use burn::nn::BatchNorm;
use burn::nn::conv::Conv2d;
use burn::tensor::{Shape, Tensor, TensorData};
use burn_ndarray::NdArrayTensor;
use std::borrow::Cow;

/// The trainer's kernels.
#[derive(Debug)]
pub struct FusedKernels;

impl Kernels for FusedKernels {
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
        let [_, c, h, w] = x.dims();
        let shape = NormShape {
            c,
            h,
            w,
            tail,
            epsilon: norm.epsilon as f32,
        };
        let moments = if x.device().is_autodiff() {
            let moments: Tensor<1> =
                Tensor::from_dispatch(Dispatch::channel_moments(x.clone().into_dispatch()))
                    .detach();
            let running = |state: Tensor<1>, batch: Tensor<1>| {
                state
                    .mul_scalar(1.0 - norm.momentum)
                    .add(batch.mul_scalar(norm.momentum))
                    .detach()
            };
            let batch = |from: usize| moments.clone().narrow(0, from, c);
            norm.running_mean
                .update(running(norm.running_mean.value_sync(), batch(0)));
            norm.running_var
                .update(running(norm.running_var.value_sync(), batch(c)));
            moments
        } else {
            Tensor::cat(vec![norm.running_mean.value(), norm.running_var.value()], 0)
        };
        Tensor::from_dispatch(Dispatch::batch_norm(
            x.into_dispatch(),
            norm.gamma.val().into_dispatch(),
            norm.beta.val().into_dispatch(),
            moments.into_dispatch(),
            shape,
        ))
    }
}

fn affine(kind: Affine, conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    let bias = conv
        .bias
        .as_ref()
        .expect("every convolution here has a bias");
    Tensor::from_dispatch(Dispatch::affine(
        x.into_dispatch(),
        conv.weight.val().into_dispatch(),
        bias.val().into_dispatch(),
        kind,
    ))
}

/// The operations that have weights and a bias.
#[derive(Clone, Copy, Debug)]
pub enum Affine {
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
}

fn values(tensor: &NdArrayTensor) -> Cow<'_, [f32]> {
    let NdArrayTensor::F32(storage) = tensor else {
        unreachable!("networks are f32")
    };
    let view = storage.view();
    match view.to_slice() {
        Some(slice) => Cow::Borrowed(slice),
        None => Cow::Owned(view.iter().copied().collect()),
    }
}

fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> NdArrayTensor {
    NdArrayTensor::from_data(TensorData::new(values, shape))
}

fn conv_shape(x: &NdArrayTensor, weight: &NdArrayTensor) -> ConvShape {
    let [n, c, h, w] = x.shape().dims();
    let [m, ..] = weight.shape().dims::<4>();
    ConvShape { n, c, m, h, w }
}

fn run_affine(
    x: &NdArrayTensor,
    weight: &NdArrayTensor,
    bias: &NdArrayTensor,
    kind: Affine,
) -> (NdArrayTensor, Vec<u8>) {
    let s = conv_shape(x, weight);
    let (x, weight, bias) = (values(x), values(weight), values(bias));
    match kind {
        Affine::ConvReluPool => {
            let (y, winners) = kernels::conv_relu_pool(&x, &weight, &bias, s);
            (tensor(y, [s.n, s.m, s.h / 2, s.w / 2]), winners)
        }
        Affine::Depthwise => (
            tensor(
                kernels::depthwise(&x, &weight, &bias, s),
                [s.n, s.m, s.h, s.w],
            ),
            Vec::new(),
        ),
        Affine::Pointwise => (
            tensor(
                kernels::pointwise(&x, &weight, &bias, s),
                [s.n, s.m, s.h, s.w],
            ),
            Vec::new(),
        ),
    }
}

fn run_batch_norm(
    x: &NdArrayTensor,
    gamma: &NdArrayTensor,
    beta: &NdArrayTensor,
    moments: &NdArrayTensor,
    s: NormShape,
) -> (NdArrayTensor, Vec<u8>) {
    let [n, ..] = x.shape().dims::<4>();
    let (y, winners) = norm::batch_norm(
        &values(x),
        &values(gamma),
        &values(beta),
        &values(moments),
        s,
    );
    let (h, w) = s.output();
    (tensor(y, [n, s.c, h, w]), winners)
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
        run_batch_norm(&x, &gamma, &beta, &moments, shape).0
    }
}

/// What the backward pass of an [`Affine`] operation keeps.
#[derive(Clone, Debug)]
struct AffineState {
    x: NdArrayTensor,
    weight: NdArrayTensor,
    winners: Vec<u8>,
    kind: Affine,
}

#[derive(Debug)]
struct AffineBackward;

impl Backward<NdArray, 3> for AffineBackward {
    type State = AffineState;

    fn backward(self, ops: Ops<AffineState, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<NdArray>(&ops.node);
        let AffineState {
            x,
            weight,
            winners,
            kind,
        } = ops.state;
        let s = conv_shape(&x, &weight);
        let with_x = ops.parents[0].is_some();
        let (xs, weights, dys) = (values(&x), values(&weight), values(&dy));
        let gradients = match kind {
            Affine::ConvReluPool => {
                kernels::conv_relu_pool_backward(&xs, &weights, &winners, &dys, s, with_x)
            }
            Affine::Depthwise => kernels::depthwise_backward(&xs, &weights, &dys, s, with_x),
            Affine::Pointwise => kernels::pointwise_backward(&xs, &weights, &dys, s, with_x),
        };
        let parents = ops.parents.map(|parent| parent.map(|node| node.id));
        hand_over(gradients, parents, &x, &weight, grads);
    }
}

/// Give each parent that wants one its gradient; the bias is as long as the weights' first dimension.
fn hand_over(
    gradients: AffineGradients,
    [x_node, weight_node, bias_node]: [Option<NodeId>; 3],
    x: &NdArrayTensor,
    weight: &NdArrayTensor,
    grads: &mut Gradients,
) {
    let mut give = |node: Option<NodeId>, values: Vec<f32>, shape: Shape| {
        if let Some(node) = node {
            grads.register::<NdArray>(node, tensor(values, shape));
        }
    };
    give(bias_node, gradients.bias, Shape::new([weight.shape()[0]]));
    give(x_node, gradients.x, x.shape());
    give(weight_node, gradients.weight, weight.shape());
}

/// What the backward pass of a batch norm keeps.
#[derive(Clone, Debug)]
struct NormState {
    x: NdArrayTensor,
    gamma: NdArrayTensor,
    moments: NdArrayTensor,
    y: NdArrayTensor,
    winners: Vec<u8>,
    shape: NormShape,
}

#[derive(Debug)]
struct NormBackward;

impl Backward<NdArray, 3> for NormBackward {
    type State = NormState;

    fn backward(self, ops: Ops<NormState, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<NdArray>(&ops.node);
        let NormState {
            x,
            gamma,
            moments,
            y,
            winners,
            shape,
        } = ops.state;
        let gradients = norm::batch_norm_backward(
            &values(&x),
            &values(&gamma),
            &values(&moments),
            &values(&y),
            &winners,
            &values(&dy),
            shape,
        );
        let parents = ops.parents.map(|parent| parent.map(|node| node.id));
        hand_over(gradients, parents, &x, &gamma, grads);
    }
}

impl<C: CheckpointStrategy> FusedOps for Autodiff<NdArray, C> {
    fn affine(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        kind: Affine,
    ) -> FloatTensor<Self> {
        let (y, winners) = run_affine(x.primitive(), weight.primitive(), bias.primitive(), kind);
        let prep = AffineBackward.prepare::<C>([x.node(), weight.node(), bias.node()]);
        match prep.compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let (x, weight) = (x.into_primitive(), weight.into_primitive());
                prep.finish(
                    AffineState {
                        x,
                        weight,
                        winners,
                        kind,
                    },
                    y,
                )
            }
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn channel_moments(x: FloatTensor<Self>) -> FloatTensor<Self> {
        FloatTensor::<Self>::new(NdArray::channel_moments(x.into_primitive()))
    }

    fn batch_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self> {
        let (y, winners) = run_batch_norm(
            x.primitive(),
            gamma.primitive(),
            beta.primitive(),
            moments.primitive(),
            shape,
        );
        let prep = NormBackward.prepare::<C>([x.node(), gamma.node(), beta.node()]);
        match prep.compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let state = NormState {
                    x: x.into_primitive(),
                    gamma: gamma.into_primitive(),
                    moments: moments.into_primitive(),
                    y: y.clone(),
                    winners,
                    shape,
                };
                prep.finish(state, y)
            }
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }
}
