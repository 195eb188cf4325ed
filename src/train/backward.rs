//! The gradients of the trainer's kernels, for Burn's autodiff.
//!
//! Each operation of [`FusedOps`] keeps what its backward pass reads and hands every parent its gradient.

#![allow(deprecated)] // burn-ndarray is deprecated upstream and is this project's reference backend by design.

use super::convolution;
use super::fused::{
    Affine, FusedOps, conv_shape, pair, run_affine, run_batch_norm, run_dropout,
    run_global_average_pool, run_spread, tensor, values,
};
use super::kernels::{self, AffineGradients};
use super::norm::{self, NormShape, Normalized};
use super::spread::Spread;
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, NdArray, TensorMetadata};
use burn::tensor::Shape;
use burn_ndarray::NdArrayTensor;

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
            Affine::Conv => convolution::conv_backward(&xs, &weights, &dys, s, with_x),
            Affine::ConvReluPool => {
                convolution::conv_relu_pool_backward(&xs, &weights, &winners, &dys, s, with_x)
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

/// The gradients of a batch norm and that of its residual.
fn norm_gradients(
    state: &NormState,
    dy: &NdArrayTensor,
    with_residual: bool,
) -> (AffineGradients, Vec<f32>) {
    let forward = Normalized {
        x: &values(&state.x),
        gamma: &values(&state.gamma),
        moments: &values(&state.moments),
        y: &values(&state.y),
        winners: &state.winners,
    };
    norm::batch_norm_backward(&forward, &values(dy), state.shape, with_residual)
}

impl Backward<NdArray, 3> for NormBackward {
    type State = NormState;

    fn backward(self, ops: Ops<NormState, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<NdArray>(&ops.node);
        let (gradients, _) = norm_gradients(&ops.state, &dy, false);
        let parents = ops.parents.map(|parent| parent.map(|node| node.id));
        hand_over(gradients, parents, &ops.state.x, &ops.state.gamma, grads);
    }
}

/// As [`NormBackward`], with the residual as fourth parent.
#[derive(Debug)]
struct NormAddBackward;

impl Backward<NdArray, 4> for NormAddBackward {
    type State = NormState;

    fn backward(self, ops: Ops<NormState, 4>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<NdArray>(&ops.node);
        let [x, gamma, beta, residual] = ops.parents.map(|parent| parent.map(|node| node.id));
        let (gradients, dresidual) = norm_gradients(&ops.state, &dy, residual.is_some());
        if let Some(node) = residual {
            grads.register::<NdArray>(node, tensor(dresidual, ops.state.x.shape()));
        }
        let parents = [x, gamma, beta];
        hand_over(gradients, parents, &ops.state.x, &ops.state.gamma, grads);
    }
}

/// What the backward pass of a [`Spread`] keeps.
#[derive(Clone, Debug)]
struct SpreadState {
    x: NdArrayTensor,
    weight: NdArrayTensor,
    gamma: NdArrayTensor,
    moments: NdArrayTensor,
    y: NdArrayTensor,
    shape: NormShape,
}

#[derive(Debug)]
struct SpreadBackward;

impl Backward<NdArray, 5> for SpreadBackward {
    type State = SpreadState;

    fn backward(self, ops: Ops<SpreadState, 5>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<NdArray>(&ops.node);
        let state = ops.state;
        let spread = Spread {
            x: &values(&state.x),
            weight: &values(&state.weight),
            gamma: &values(&state.gamma),
            moments: pair(&state.moments),
            shape: state.shape,
        };
        let found = spread.backward(&values(&state.y), &values(&dy));
        let channels = Shape::new([state.shape.c]);
        let of_parents = [
            (found.x, state.x.shape()),
            (found.weight, state.weight.shape()),
            (vec![0.0; state.shape.c], channels.clone()),
            (found.gamma, channels.clone()),
            (found.beta, channels),
        ];
        for (parent, (values, shape)) in ops.parents.into_iter().zip(of_parents) {
            if let Some(node) = parent {
                grads.register::<NdArray>(node.id, tensor(values, shape));
            }
        }
    }
}

/// Keeps the seed and the probability; the gradient is the same map of the result's gradient.
#[derive(Debug)]
struct DropoutBackward;

impl Backward<NdArray, 1> for DropoutBackward {
    type State = (u64, f64);

    fn backward(self, ops: Ops<(u64, f64), 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<NdArray>(&ops.node);
        let (seed, p) = ops.state;
        if let [Some(x)] = ops.parents {
            grads.register::<NdArray>(x.id, run_dropout(&dy, seed, p));
        }
    }
}

/// Keeps the input's shape.
#[derive(Debug)]
struct AverageBackward;

impl Backward<NdArray, 1> for AverageBackward {
    type State = [usize; 4];

    fn backward(self, ops: Ops<[usize; 4], 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<NdArray>(&ops.node);
        let [_, c, h, w] = ops.state;
        if let [Some(x)] = ops.parents {
            let dx = kernels::average_planes_backward(&values(&dy), c, h * w);
            grads.register::<NdArray>(x.id, tensor(dx, ops.state));
        }
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
        let nodes = [x.node(), gamma.node(), beta.node()];
        let (y, state) = norm_state::<C>(x, None, gamma, &beta, moments, shape);
        match NormBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(state, y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn dropout(x: FloatTensor<Self>, seed: u64, p: f64) -> FloatTensor<Self> {
        let y = run_dropout(x.primitive(), seed, p);
        match DropoutBackward
            .prepare::<C>([x.node()])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => prep.finish((seed, p), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn global_average_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let y = run_global_average_pool(x.primitive());
        let shape = x.primitive().shape().dims();
        match AverageBackward
            .prepare::<C>([x.node()])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => prep.finish(shape, y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn batch_norm_add(
        x: FloatTensor<Self>,
        residual: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), gamma.node(), beta.node(), residual.node()];
        let (y, state) = norm_state::<C>(x, Some(&residual), gamma, &beta, moments, shape);
        match NormAddBackward
            .prepare::<C>(nodes)
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => prep.finish(state, y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn spread(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self> {
        let nodes = [
            x.node(),
            weight.node(),
            bias.node(),
            gamma.node(),
            beta.node(),
        ];
        let [x, weight, gamma, moments] =
            [x, weight, gamma, moments].map(FloatTensor::<Self>::into_primitive);
        let y = run_spread(&x, &weight, &gamma, beta.primitive(), &moments, shape);
        match SpreadBackward
            .prepare::<C>(nodes)
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => {
                let state = SpreadState {
                    x,
                    weight,
                    gamma,
                    moments,
                    y: y.clone(),
                    shape,
                };
                prep.finish(state, y)
            }
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }
}

/// Run a batch norm and keep what its backward pass needs.
fn norm_state<C: CheckpointStrategy>(
    x: FloatTensor<Autodiff<NdArray, C>>,
    residual: Option<&FloatTensor<Autodiff<NdArray, C>>>,
    gamma: FloatTensor<Autodiff<NdArray, C>>,
    beta: &FloatTensor<Autodiff<NdArray, C>>,
    moments: FloatTensor<Autodiff<NdArray, C>>,
    shape: NormShape,
) -> (NdArrayTensor, NormState) {
    let (x, gamma, moments) = (
        x.into_primitive(),
        gamma.into_primitive(),
        moments.into_primitive(),
    );
    let residual = residual.map(FloatTensor::<Autodiff<NdArray, C>>::primitive);
    let (y, winners) = run_batch_norm(&x, residual, &gamma, beta.primitive(), &moments, shape);
    let state = NormState {
        x,
        gamma,
        moments,
        y: y.clone(),
        winners,
        shape,
    };
    (y, state)
}
