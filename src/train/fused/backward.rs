//! The backward passes of the operations: what each keeps of its forward pass, and how it gives every parent its
//! gradient.

use super::backend::{Affine, conv_shape, pair, run_dropout};
use crate::network::ndarray::{ReferenceBackend, ReferenceTensor, tensor, values};
use crate::train::kernels::batch_norm::{self, NormShape, Normalized};
use crate::train::kernels::expansion::Expansion;
use crate::train::kernels::gradients::AffineGradients;
use crate::train::kernels::{convolution, depthwise, global_average_pool, pointwise};
use burn::backend::TensorMetadata;
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::tensor::Shape;

/// What the backward pass of an [`Affine`] operation keeps.
#[derive(Clone, Debug)]
pub(super) struct SavedAffine {
    pub(super) x: ReferenceTensor,
    pub(super) weight: ReferenceTensor,
    pub(super) argmax: Vec<u8>,
    pub(super) kind: Affine,
}

#[derive(Debug)]
pub(super) struct AffineBackward;

impl Backward<ReferenceBackend, 3> for AffineBackward {
    type State = SavedAffine;

    fn backward(self, ops: Ops<SavedAffine, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<ReferenceBackend>(&ops.node);
        let SavedAffine {
            x,
            weight,
            argmax,
            kind,
        } = ops.state;
        let s = conv_shape(&x, &weight);
        let with_x = ops.parents[0].is_some();
        let (xs, weights, dys) = (values(&x), values(&weight), values(&dy));
        let gradients = match kind {
            Affine::Conv => convolution::conv_backward(&xs, &weights, &dys, s, with_x),
            Affine::ConvReluPool => {
                convolution::conv_relu_pool_backward(&xs, &weights, &argmax, &dys, s, with_x)
            }
            Affine::Depthwise => depthwise::depthwise_backward(&xs, &weights, &dys, s, with_x),
            Affine::Pointwise => pointwise::pointwise_backward(&xs, &weights, &dys, s, with_x),
        };
        let parents = ops.parents.map(|parent| parent.map(|node| node.id));
        hand_over(gradients, parents, &x, &weight, grads);
    }
}

/// Give each parent that wants one its gradient; the bias is as long as the weights' first dimension.
fn hand_over(
    gradients: AffineGradients,
    [x_node, weight_node, bias_node]: [Option<NodeId>; 3],
    x: &ReferenceTensor,
    weight: &ReferenceTensor,
    grads: &mut Gradients,
) {
    let mut give = |node: Option<NodeId>, values: Vec<f32>, shape: Shape| {
        if let Some(node) = node {
            grads.register::<ReferenceBackend>(node, tensor(values, shape));
        }
    };
    give(bias_node, gradients.bias, Shape::new([weight.shape()[0]]));
    give(x_node, gradients.x, x.shape());
    give(weight_node, gradients.weight, weight.shape());
}

/// What the backward pass of a batch norm keeps.
#[derive(Clone, Debug)]
pub(super) struct SavedNorm {
    pub(super) x: ReferenceTensor,
    pub(super) gamma: ReferenceTensor,
    pub(super) moments: ReferenceTensor,
    pub(super) y: ReferenceTensor,
    pub(super) argmax: Vec<u8>,
    pub(super) shape: NormShape,
}

#[derive(Debug)]
pub(super) struct NormBackward;

/// The gradients of a batch norm and that of its residual.
fn norm_gradients(
    state: &SavedNorm,
    dy: &ReferenceTensor,
    with_residual: bool,
) -> (AffineGradients, Vec<f32>) {
    let forward = Normalized {
        x: &values(&state.x),
        gamma: &values(&state.gamma),
        moments: &values(&state.moments),
        y: &values(&state.y),
        argmax: &state.argmax,
    };
    batch_norm::batch_norm_backward(&forward, &values(dy), state.shape, with_residual)
}

impl Backward<ReferenceBackend, 3> for NormBackward {
    type State = SavedNorm;

    fn backward(self, ops: Ops<SavedNorm, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<ReferenceBackend>(&ops.node);
        let (gradients, _) = norm_gradients(&ops.state, &dy, false);
        let parents = ops.parents.map(|parent| parent.map(|node| node.id));
        hand_over(gradients, parents, &ops.state.x, &ops.state.gamma, grads);
    }
}

/// As [`NormBackward`], with the residual as fourth parent.
#[derive(Debug)]
pub(super) struct NormAddBackward;

impl Backward<ReferenceBackend, 4> for NormAddBackward {
    type State = SavedNorm;

    fn backward(self, ops: Ops<SavedNorm, 4>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<ReferenceBackend>(&ops.node);
        let [x, gamma, beta, residual] = ops.parents.map(|parent| parent.map(|node| node.id));
        let (gradients, dresidual) = norm_gradients(&ops.state, &dy, residual.is_some());
        if let Some(node) = residual {
            grads.register::<ReferenceBackend>(node, tensor(dresidual, ops.state.x.shape()));
        }
        let parents = [x, gamma, beta];
        hand_over(gradients, parents, &ops.state.x, &ops.state.gamma, grads);
    }
}

/// What the backward pass of a [`Expansion`] keeps.
#[derive(Clone, Debug)]
pub(super) struct SavedExpansion {
    pub(super) x: ReferenceTensor,
    pub(super) weight: ReferenceTensor,
    pub(super) gamma: ReferenceTensor,
    pub(super) moments: ReferenceTensor,
    pub(super) y: ReferenceTensor,
    pub(super) shape: NormShape,
}

#[derive(Debug)]
pub(super) struct ExpansionBackward;

impl Backward<ReferenceBackend, 5> for ExpansionBackward {
    type State = SavedExpansion;

    fn backward(self, ops: Ops<SavedExpansion, 5>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<ReferenceBackend>(&ops.node);
        let state = ops.state;
        let expansion = Expansion {
            x: &values(&state.x),
            weight: &values(&state.weight),
            gamma: &values(&state.gamma),
            moments: pair(&state.moments),
            shape: state.shape,
        };
        let found = expansion.backward(&values(&state.y), &values(&dy));
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
                grads.register::<ReferenceBackend>(node.id, tensor(values, shape));
            }
        }
    }
}

/// Keeps the seed and the probability; the gradient is the same map of the result's gradient.
#[derive(Debug)]
pub(super) struct DropoutBackward;

impl Backward<ReferenceBackend, 1> for DropoutBackward {
    type State = (u64, f64);

    fn backward(self, ops: Ops<(u64, f64), 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<ReferenceBackend>(&ops.node);
        let (seed, p) = ops.state;
        if let [Some(x)] = ops.parents {
            grads.register::<ReferenceBackend>(x.id, run_dropout(&dy, seed, p));
        }
    }
}

/// Keeps the input's shape.
#[derive(Debug)]
pub(super) struct GlobalAveragePoolBackward;

impl Backward<ReferenceBackend, 1> for GlobalAveragePoolBackward {
    type State = [usize; 4];

    fn backward(self, ops: Ops<[usize; 4], 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<ReferenceBackend>(&ops.node);
        let [_, c, h, w] = ops.state;
        if let [Some(x)] = ops.parents {
            let dx = global_average_pool::average_planes_backward(&values(&dy), c, h * w);
            grads.register::<ReferenceBackend>(x.id, tensor(dx, ops.state));
        }
    }
}
