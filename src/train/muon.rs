//! The Muon optimizer for weights of any rank, with its matrix products on all cores.
//!
//! Burn's Muon multiplies on one core, and multiplies the whole matrix in each iteration, which took a quarter of a
//! step of `baseline`. Here the iterations run on the small Gram matrix of the rows, and the whole matrix is
//! multiplied once. The tests hold it to Burn's.

use burn::optim::momentum::{Momentum, MomentumConfig};
use burn::optim::{LearningRate, Muon as BurnMuon, MuonState, Optimizer};
use burn::tensor::{Device, Tensor, TensorData};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par};

/// Momentum, as in the source of [`Muon`].
const MOMENTUM: MomentumConfig = MomentumConfig {
    momentum: 0.95,
    dampening: 0.0,
    nesterov: true,
};
/// Coefficients of the Newton-Schulz polynomial for powers 1, 3 and 5, from the same source.
const COEFFICIENTS: [f32; 3] = [3.4445, -4.775, 2.0315];
/// Newton-Schulz iterations, from the same source.
const ITERATIONS: usize = 5;
/// Least norm that a matrix is divided by.
const LEAST_NORM: f32 = 1e-7;
/// Root mean square of a step's changes divided by the learning rate, chosen to match `AdamW`'s.
///
/// **Source**: Liu et al., "Muon is scalable for LLM training", 2025, equation 4
/// (<https://arxiv.org/abs/2502.16982>).
const ROOT_MEAN_SQUARE: f64 = 0.2;

/// The optimizer: each step is the momentum, replaced by the nearest orthogonal matrix.
///
/// A tensor of weights is a matrix with a row for each output channel.
///
/// **Source**: Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024
/// (<https://kellerjordan.github.io/posts/muon/>).
#[derive(Clone)]
pub(super) struct Muon {
    momentum: Momentum,
    decay: f64,
    rate: f64,
}

impl Muon {
    /// `rate` is the learning rate of matrices divided by that of all other weights.
    pub(super) fn new(decay: f64, rate: f64) -> Self {
        Self {
            momentum: Momentum::new(&MOMENTUM),
            decay,
            rate,
        }
    }
}

impl Optimizer for Muon {
    type State<const D: usize> = MuonState<2>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<D>, Option<Self::State<D>>) {
        let shape = tensor.shape();
        let (rows, columns) = (shape[0], shape.num_elements() / shape[0]);
        let momentum = state.map(|state| state.momentum);
        let (update, momentum) = self
            .momentum
            .transform(gradient.reshape([rows, columns]), momentum);
        let update: Vec<f32> = update.into_data().try_to_vec().expect("networks are f32");
        let update = TensorData::new(orthogonalized(&update, rows, columns), shape);
        let rate = rate * self.rate;
        let size = ROOT_MEAN_SQUARE * (rows.max(columns) as f64).sqrt();
        let update = Tensor::from_data(update, &tensor.device()).mul_scalar(rate * size);
        let tensor = tensor.mul_scalar(1.0 - rate * self.decay) - update;
        (tensor, Some(MuonState::new(momentum)))
    }

    fn to_device<const D: usize>(state: Self::State<D>, device: &Device) -> Self::State<D> {
        BurnMuon::to_device::<2>(state, device)
    }
}

/// Approximate the nearest matrix whose rows (or columns, if there are fewer) are orthonormal, by the
/// Newton-Schulz iteration `X <- (a + b X X^T + c (X X^T)^2) X`.
///
/// The factor of `X` is a polynomial of `G = X X^T` and commutes with it, so the iteration needs only `G`:
/// `P = a + b G + c G^2` and `G <- P G P`, and `X` is multiplied once by the product of all `P`.
fn orthogonalized(matrix: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut result = vec![0.0; matrix.len()];
    let mut x = MatRef::from_row_major_slice(matrix, rows, columns);
    let mut y = MatMut::from_row_major_slice_mut(&mut result, rows, columns);
    if rows > columns {
        (x, y) = (x.transpose(), y.transpose_mut());
    }
    let scale = 1.0 / x.norm_l2().max(LEAST_NORM);
    let mut gram = product(x, x.transpose(), scale * scale);
    let mut factor = polynomial(gram.as_ref());
    let mut total = factor.clone();
    for _ in 1..ITERATIONS {
        let half = product(factor.as_ref(), gram.as_ref(), 1.0);
        gram = product(half.as_ref(), factor.as_ref(), 1.0);
        factor = polynomial(gram.as_ref());
        total = product(factor.as_ref(), total.as_ref(), 1.0);
    }
    matmul(
        y.as_mut(),
        Accum::Replace,
        total.as_ref(),
        x,
        scale,
        Par::rayon(0),
    );
    result
}

/// `a + b G + c G^2`.
fn polynomial(gram: MatRef<f32>) -> Mat<f32> {
    let [a, b, c] = COEFFICIENTS;
    let squared = product(gram, gram, 1.0);
    Mat::from_fn(gram.nrows(), gram.nrows(), |i, j| {
        let diagonal = if i == j { a } else { 0.0 };
        diagonal + b * gram[(i, j)] + c * squared[(i, j)]
    })
}

/// `factor a b`.
fn product(a: MatRef<f32>, b: MatRef<f32>, factor: f32) -> Mat<f32> {
    let mut out = Mat::zeros(a.nrows(), b.ncols());
    matmul(out.as_mut(), Accum::Replace, a, b, factor, Par::rayon(0));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::device;
    use burn::optim::decay::WeightDecayConfig;
    use burn::optim::{AdjustLrFn, MuonConfig};
    use burn::tensor::Distribution;

    /// The weights after three steps of an optimizer.
    fn after_steps<O: Optimizer>(
        optimizer: &O,
        weights: Tensor<2>,
        gradients: &[Tensor<2>],
    ) -> Vec<f32> {
        let step = |(weights, state), gradient: &Tensor<2>| {
            optimizer.step(0.5, weights, gradient.clone(), state)
        };
        let (weights, _) = gradients.iter().fold((weights, None), step);
        weights.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn steps_are_those_of_burn() {
        let burn = MuonConfig::new()
            .with_adjust_lr_fn(AdjustLrFn::MatchRmsAdamW)
            .with_weight_decay(Some(WeightDecayConfig::new(0.1)))
            .build();
        for shape in [[16, 288], [72, 648], [64, 24], [32, 32]] {
            let random = || Tensor::<2>::random(shape, Distribution::Normal(0.0, 1.0), &device());
            let (weights, gradients) = (random(), [random(), random(), random()]);
            let expected = after_steps(&burn, weights.clone(), &gradients);
            let found = after_steps(&Muon::new(0.1, 1.0), weights, &gradients);
            for (expected, found) in expected.iter().zip(&found) {
                assert!(
                    (expected - found).abs() < 1e-3,
                    "{expected} {found} {shape:?}"
                );
            }
        }
    }

    #[test]
    fn a_matrix_of_zeros_stays() {
        assert_eq!(orthogonalized(&[0.0; 6], 2, 3), [0.0; 6]);
    }
}
