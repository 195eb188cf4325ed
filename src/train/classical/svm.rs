//! A support vector machine with the Gaussian kernel: Nystroem's features, then dual coordinate descent for
//! each class against the rest.
//!
//! **Source**: Williams and Seeger, 2001 (features); Hsieh et al., "A dual coordinate descent method for
//! large-scale linear SVM", 2008, algorithm 1 with the squared hinge loss.

use super::decomposition::{principal_components, project, rows};
use super::{Fit, check};
use crate::classical::k_nearest_neighbors::round;
use crate::classical::{Classical, Svm};
use crate::dataset::{Samples, shuffle};
use crate::image::PIXELS;
use crate::label::CLASSES;
use faer::linalg::matmul::matmul;
use faer::linalg::triangular_solve::{
    solve_lower_triangular_in_place, solve_upper_triangular_in_place,
};
use faer::{Accum, Mat, MatRef, Side, get_global_parallelism};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Added to the diagonal of the landmarks' kernel, so that landmarks that are almost alike do not matter.
const JITTER: f32 = 1e-4;

/// The recipe of `svm`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    dimensions: usize,
    landmarks: Vec<usize>,
    gamma: Vec<f32>,
    cost: Vec<f32>,
    passes: usize,
    seed: u64,
}

/// A choice for `svm`.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    dimensions: usize,
    landmarks: usize,
    /// The kernel is `exp(-gamma |a - b|^2)` over normalized pixels.
    gamma: f32,
    /// Weight of the loss against the norm of the solution.
    cost: f32,
    /// Times that every image is looked at.
    passes: usize,
    seed: u64,
}

impl Fit for Recipe {
    type Choice = Choice;

    fn choices(&self) -> Vec<Choice> {
        let mut choices = Vec::new();
        for &landmarks in &self.landmarks {
            for &gamma in &self.gamma {
                for &cost in &self.cost {
                    choices.push(Choice {
                        dimensions: self.dimensions,
                        landmarks,
                        gamma,
                        cost,
                        passes: self.passes,
                        seed: self.seed,
                    });
                }
            }
        }
        choices
    }

    fn fit(&self, choice: &Choice, samples: &Samples) -> Result<Classical, String> {
        let &Choice {
            dimensions,
            landmarks,
            gamma,
            cost,
            passes,
            seed,
        } = choice;
        check(
            (1..=PIXELS).contains(&dimensions),
            "dimensions",
            dimensions,
            "1 to 784",
        )?;
        let most = samples.len();
        let range = format!("1 to {most}");
        check(
            (1..=most).contains(&landmarks),
            "landmarks",
            landmarks,
            &range,
        )?;
        check(gamma > 0.0, "gamma", gamma, "above 0")?;
        check(cost > 0.0, "cost", cost, "above 0")?;
        check(passes > 0, "passes", passes, "at least 1")?;

        let (mut projection, unit) = principal_components(samples, dimensions, 0.0)?;
        let gamma = gamma / (unit * unit);
        let coordinates = project(&mut projection, samples);
        let mut order: Vec<usize> = (0..samples.len()).collect();
        shuffle(&mut order, seed);
        let mut chosen = vec![0; landmarks * dimensions];
        for (landmark, &i) in chosen.chunks_exact_mut(dimensions).zip(&order) {
            round(&coordinates[i * dimensions..(i + 1) * dimensions], landmark);
        }
        let points: Vec<f32> = chosen.iter().map(|v| f32::from(*v)).collect();
        let mut inner = kernel(&points, &points, dimensions, gamma);
        for i in 0..landmarks {
            inner[(i, i)] += JITTER;
        }
        let factor = inner
            .llt(Side::Lower)
            .map_err(|e| format!("the landmarks' kernel is not positive: {e:?}"))?;
        // A column an image: landmarks rows of kernel become landmarks features.
        let mut features = kernel(&points, &coordinates, dimensions, gamma);
        let parallel = get_global_parallelism();
        solve_lower_triangular_in_place(factor.L(), features.as_mut(), parallel);

        let labels: Vec<usize> = samples.labels.iter().map(|l| l.index()).collect();
        let solve = |class: usize| descend(&features, &labels, class, cost, passes, seed);
        let solutions: Vec<(Vec<f32>, f32)> = (0..CLASSES).into_par_iter().map(solve).collect();
        let mut weights = Mat::from_fn(landmarks, CLASSES, |i, class| solutions[class].0[i]);
        let upper = factor.L().transpose();
        solve_upper_triangular_in_place(upper, weights.as_mut(), parallel);
        let row_major = (0..landmarks * CLASSES).map(|i| weights[(i / CLASSES, i % CLASSES)]);
        let biases = solutions.iter().map(|(_, bias)| *bias).collect();
        Svm::new(projection, chosen, row_major.collect(), biases, gamma)
            .map(Classical::Svm)
            .map_err(|e| e.to_string())
    }
}

/// `exp(-gamma |a_i - b_j|^2)`, a row for each `a`, a column for each `b`.
fn kernel(a: &[f32], b: &[f32], dimensions: usize, gamma: f32) -> Mat<f32> {
    let norms = |points: &[f32]| -> Vec<f32> {
        let norm = |point: &[f32]| point.iter().map(|v| v * v).sum();
        points.chunks_exact(dimensions).map(norm).collect()
    };
    let (norms_a, norms_b) = (norms(a), norms(b));
    let (a, b): (MatRef<'_, f32>, MatRef<'_, f32>) = (rows(a, dimensions), rows(b, dimensions));
    let mut kernel = Mat::<f32>::zeros(a.nrows(), b.nrows());
    let parallel = get_global_parallelism();
    matmul(
        &mut kernel,
        Accum::Replace,
        a,
        b.transpose(),
        -2.0,
        parallel,
    );
    for (column, norm_b) in kernel.col_iter_mut().zip(norms_b) {
        for (value, norm_a) in column.iter_mut().zip(&norms_a) {
            *value = (-gamma * (*value + norm_a + norm_b).max(0.0)).exp();
        }
    }
    kernel
}

/// Weights and bias that separate a class from the rest.
fn descend(
    features: &Mat<f32>,
    labels: &[usize],
    class: usize,
    cost: f32,
    passes: usize,
    seed: u64,
) -> (Vec<f32>, f32) {
    let diagonal = 0.5 / cost;
    let images: Vec<&[f32]> = (0..features.ncols())
        .map(|i| features.col_as_slice(i))
        .collect();
    // The bias is the weight of a feature that is always one.
    let norms: Vec<f32> = images.iter().map(|x| dot(x, x) + 1.0 + diagonal).collect();
    let (mut weights, mut bias) = (vec![0.0; features.nrows()], 0.0);
    let mut duals = vec![0.0_f32; images.len()];
    let mut order: Vec<usize> = (0..images.len()).collect();
    for pass in 0..passes {
        shuffle(&mut order, seed + pass as u64);
        for &i in &order {
            let sign = if labels[i] == class { 1.0 } else { -1.0 };
            let gradient = sign * (dot(&weights, images[i]) + bias) - 1.0 + diagonal * duals[i];
            if duals[i] == 0.0 && gradient >= 0.0 {
                continue;
            }
            let before = duals[i];
            duals[i] = (before - gradient / norms[i]).max(0.0);
            let step = sign * (duals[i] - before);
            for (weight, x) in weights.iter_mut().zip(images[i]) {
                *weight += step * x;
            }
            bias += step;
        }
    }
    (weights, bias)
}

/// Inner product in sixteen sums, which the compiler turns into vectors.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (blocks_a, rest_a) = a.as_chunks::<16>();
    let (blocks_b, rest_b) = b.as_chunks::<16>();
    let mut sums = [0.0; 16];
    for (a, b) in blocks_a.iter().zip(blocks_b) {
        for i in 0..16 {
            sums[i] += a[i] * b[i];
        }
    }
    let rest: f32 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}
