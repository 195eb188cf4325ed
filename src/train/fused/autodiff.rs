//! The operations under autodiff: each runs its forward pass and registers its backward pass.

use super::backend::{
    Affine, FusedBackend, run_affine, run_batch_norm, run_dropout, run_expansion,
    run_global_average_pool,
};
use super::backward::{
    AffineBackward, DropoutBackward, ExpansionBackward, GlobalAveragePoolBackward, NormAddBackward,
    NormBackward, SavedAffine, SavedExpansion, SavedNorm,
};
use crate::network::ndarray::{ReferenceBackend, ReferenceTensor};
use crate::train::kernels::batch_norm::NormShape;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::ops::{Backward, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, TensorMetadata};

impl<C: CheckpointStrategy> FusedBackend for Autodiff<ReferenceBackend, C> {
    fn affine(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        kind: Affine,
    ) -> FloatTensor<Self> {
        let (y, argmax) = run_affine(x.primitive(), weight.primitive(), bias.primitive(), kind);
        let prep = AffineBackward.prepare::<C>([x.node(), weight.node(), bias.node()]);
        match prep.compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let (x, weight) = (x.into_primitive(), weight.into_primitive());
                prep.finish(
                    SavedAffine {
                        x,
                        weight,
                        argmax,
                        kind,
                    },
                    y,
                )
            }
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn channel_moments(x: FloatTensor<Self>) -> FloatTensor<Self> {
        FloatTensor::<Self>::new(ReferenceBackend::channel_moments(x.into_primitive()))
    }

    fn batch_norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        shape: NormShape,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), gamma.node(), beta.node()];
        let (y, saved) = saved_norm::<C>(x, None, gamma, &beta, moments, shape);
        match NormBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(saved, y),
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
        match GlobalAveragePoolBackward
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
        let (y, saved) = saved_norm::<C>(x, Some(&residual), gamma, &beta, moments, shape);
        match NormAddBackward
            .prepare::<C>(nodes)
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => prep.finish(saved, y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn expansion(
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
        let y = run_expansion(&x, &weight, &gamma, beta.primitive(), &moments, shape);
        match ExpansionBackward
            .prepare::<C>(nodes)
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => {
                let saved = SavedExpansion {
                    x,
                    weight,
                    gamma,
                    moments,
                    y: y.clone(),
                    shape,
                };
                prep.finish(saved, y)
            }
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }
}

/// Run a batch norm and keep what its backward pass needs.
fn saved_norm<C: CheckpointStrategy>(
    x: FloatTensor<Autodiff<ReferenceBackend, C>>,
    residual: Option<&FloatTensor<Autodiff<ReferenceBackend, C>>>,
    gamma: FloatTensor<Autodiff<ReferenceBackend, C>>,
    beta: &FloatTensor<Autodiff<ReferenceBackend, C>>,
    moments: FloatTensor<Autodiff<ReferenceBackend, C>>,
    shape: NormShape,
) -> (ReferenceTensor, SavedNorm) {
    let (x, gamma, moments) = (
        x.into_primitive(),
        gamma.into_primitive(),
        moments.into_primitive(),
    );
    let residual = residual.map(FloatTensor::<Autodiff<ReferenceBackend, C>>::primitive);
    let (y, argmax) = run_batch_norm(&x, residual, &gamma, beta.primitive(), &moments, shape);
    let saved = SavedNorm {
        x,
        gamma,
        moments,
        y: y.clone(),
        argmax,
        shape,
    };
    (y, saved)
}
