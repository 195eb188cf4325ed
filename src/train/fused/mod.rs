//! The trainer's kernels as operations of Burn, with their gradients.
//!
//! [`FusedOps`] is what a network's `forward_with` takes. It calls the operations of `backend`, which Burn's backend
//! extension dispatches to the reference backend and to autodiff over it.

mod autodiff;
mod backend;
mod backward;

use self::backend::{Affine, FusedBackend};
use super::kernels::batch_norm::NormShape;
use crate::network::layers::{Epilogue, LayerOps};
use burn::backend::Dispatch;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Dropout};
use burn::tensor::{Distribution, Tensor};

/// The trainer's kernels.
#[derive(Debug)]
pub struct FusedOps;

impl LayerOps for FusedOps {
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

    fn batch_norm(norm: &BatchNorm, x: Tensor<4>, epilogue: Epilogue) -> Tensor<4> {
        let (moments, shape) = (moments(norm, &x), norm_shape(norm, &x, epilogue));
        Tensor::from_dispatch(Dispatch::batch_norm(
            x.into_dispatch(),
            norm.gamma.val().into_dispatch(),
            norm.beta.val().into_dispatch(),
            moments.into_dispatch(),
            shape,
        ))
    }

    fn pointwise_norm(
        conv: &Conv2d,
        norm: &BatchNorm,
        x: Tensor<4>,
        epilogue: Epilogue,
    ) -> Tensor<4> {
        let [_, channels, ..] = x.dims();
        if channels > 1 || epilogue != Epilogue::ReluPool || !x.device().is_autodiff() {
            return Self::batch_norm(norm, Self::pointwise(conv, x), epilogue);
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
            ..norm_shape(norm, &x, epilogue)
        };
        Tensor::from_dispatch(Dispatch::expansion(
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
        epilogue: Epilogue,
    ) -> Tensor<4> {
        let (moments, shape) = (moments(norm, &x), norm_shape(norm, &x, epilogue));
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

fn norm_shape(norm: &BatchNorm, x: &Tensor<4>, epilogue: Epilogue) -> NormShape {
    let [_, c, h, w] = x.dims();
    NormShape {
        c,
        h,
        w,
        epilogue,
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
