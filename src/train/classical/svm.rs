//! A support vector machine with the Gaussian kernel: every pair of classes by sequential minimal
//! optimization over the whole kernel matrix of its images.
//!
//! **Source**: Platt, "Fast training of support vector machines using sequential minimal optimization", 1998;
//! Fan, Chen and Lin, "Working set selection using second order information for training support vector
//! machines", JMLR 6 (2005), for the two images of a step.

use super::decomposition::{principal_components, project, rows};
use super::{Fit, check};
use crate::classical::projection::quantize;
use crate::classical::svm::Svm;
use crate::dataset::Samples;
use crate::image::PIXELS;
use crate::label::CLASSES;
use crate::preprocess::STANDARD_DEVIATION;
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, get_global_parallelism};
use itertools::iproduct;
use serde::{Deserialize, Serialize};

/// The search ends when no step gains more margin than this.
const TOLERANCE: f32 = 1e-3;
/// Least curvature of a step; two equal images would have none.
const LEAST_CURVATURE: f32 = 1e-12;

/// The recipe of `svm`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    dimensions: Vec<usize>,
    gamma: Vec<f32>,
    cost: Vec<f32>,
}

/// A choice for `svm`.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// Principal components.
    dimensions: usize,
    /// The kernel is `exp(-gamma |a - b|^2)` over pixels from 0 to 1.
    gamma: f32,
    /// Largest weight of an image, usually called C.
    cost: f32,
}

impl Fit for Recipe {
    type Choice = Choice;
    type Model = Svm;

    fn choices(&self) -> Vec<Choice> {
        iproduct!(&self.dimensions, &self.gamma, &self.cost)
            .map(|(&dimensions, &gamma, &cost)| Choice {
                dimensions,
                gamma,
                cost,
            })
            .collect()
    }

    fn fit(&self, choice: &Choice, samples: &Samples) -> Result<Svm, String> {
        let &Choice {
            dimensions,
            gamma,
            cost,
        } = choice;
        check(
            (1..=PIXELS).contains(&dimensions),
            "dimensions",
            dimensions,
            "1 to 784",
        )?;
        check(gamma > 0.0, "gamma", gamma, "above 0")?;
        check(cost > 0.0, "cost", cost, "above 0")?;

        let (mut projection, unit) = principal_components(samples, dimensions, 0.0)?;
        // Coordinates are `unit` a deviation of the pixels, and a deviation is that part of the pixels' range.
        let gamma = gamma * (STANDARD_DEVIATION / unit).powi(2);
        let mut coordinates = vec![0; samples.len() * dimensions];
        quantize(&project(&mut projection, samples), &mut coordinates);
        let classes: Vec<Vec<usize>> = (0..CLASSES)
            .map(|class| {
                let of_class = |i: &usize| samples.labels[*i].index() == class;
                (0..samples.len()).filter(of_class).collect()
            })
            .collect();

        let mut weights = vec![[0.0; CLASSES]; samples.len()];
        let mut biases = vec![0.0; CLASSES * CLASSES];
        for first in 0..CLASSES {
            for second in first + 1..CLASSES {
                let images = [&classes[first][..], &classes[second]].concat();
                let points: Vec<f32> = images
                    .iter()
                    .flat_map(|i| &coordinates[i * dimensions..(i + 1) * dimensions])
                    .map(|coordinate| f32::from(*coordinate))
                    .collect();
                let kernel = kernel(&points, dimensions, gamma);
                let border = separate(&kernel, classes[first].len(), cost);
                for (i, weight) in images.iter().zip(&border.weights) {
                    let other = if *weight > 0.0 { second } else { first };
                    weights[*i][other] = weight.abs();
                }
                biases[first * CLASSES + second] = border.bias;
            }
        }

        let is_support = |i: &usize| weights[*i] != [0.0; CLASSES];
        let support: Vec<usize> = classes.concat().into_iter().filter(is_support).collect();
        let label = |i: &usize| samples.labels[*i].index() as u8;
        let vector = |i: &usize| &coordinates[i * dimensions..(i + 1) * dimensions];
        Svm::new(
            projection,
            support.iter().flat_map(vector).copied().collect(),
            support.iter().map(label).collect(),
            support.iter().flat_map(|i| weights[*i]).collect(),
            biases,
            gamma,
        )
        .map_err(|e| e.to_string())
    }
}

/// The kernel matrix: `exp(-gamma |a - b|^2)` for every pair of points.
fn kernel(points: &[f32], dimensions: usize, gamma: f32) -> Mat<f32> {
    let points: MatRef<'_, f32> = rows(points, dimensions);
    let norms: Vec<f32> = points
        .row_iter()
        .map(|point| point.squared_norm_l2())
        .collect();
    let mut kernel = Mat::<f32>::zeros(points.nrows(), points.nrows());
    let parallel = get_global_parallelism();
    let (replace, transposed) = (Accum::Replace, points.transpose());
    matmul(&mut kernel, replace, points, transposed, -2.0, parallel);
    for (column, norm_b) in kernel.col_iter_mut().zip(&norms) {
        for (value, norm_a) in column.iter_mut().zip(&norms) {
            *value = (-gamma * (*value + norm_a + norm_b).max(0.0)).exp();
        }
    }
    kernel
}

/// The decision function between two classes.
struct Border {
    /// One for each image: positive for those of the first class, negative for those of the second.
    weights: Vec<f32>,
    bias: f32,
}

/// Separate the images before position `second` from the others.
///
/// **Formula**: maximize `sum_i y_i w_i - 1/2 sum_ij w_i w_j K_ij` with `sum_i w_i = 0` and `y_i w_i` from 0 to
/// `cost`, where `y_i` is 1 or -1 and `w_i` is the usual dual variable times `y_i`. The gradient of `w_i` is the
/// residual `y_i - sum_j w_j K_ij`; a step moves weight from the image `low` to the image `high`.
fn separate(kernel: &Mat<f32>, second: usize, cost: f32) -> Border {
    let count = kernel.ncols();
    let sign = |i: usize| if i < second { 1.0 } else { -1.0 };
    let upper = |i: usize| if i < second { cost } else { 0.0 };
    let lower = |i: usize| if i < second { 0.0 } else { -cost };
    let mut weights = vec![0.0_f32; count];
    let mut residuals: Vec<f32> = (0..count).map(sign).collect();
    loop {
        let (mut high, mut most) = (0, f32::NEG_INFINITY);
        let mut least = f32::INFINITY;
        for (i, (&weight, &residual)) in weights.iter().zip(&residuals).enumerate() {
            if weight < upper(i) && residual > most {
                (high, most) = (i, residual);
            }
            if weight > lower(i) {
                least = least.min(residual);
            }
        }
        if most - least < TOLERANCE {
            let bias = f32::midpoint(most, least);
            return Border { weights, bias };
        }
        let row_high = kernel.col_as_slice(high);
        let (mut low, mut gain) = (high, 0.0);
        for (i, (&weight, &residual)) in weights.iter().zip(&residuals).enumerate() {
            let difference = most - residual;
            if weight > lower(i) && difference > 0.0 {
                let found = difference * difference / curvature(row_high[i]);
                if found > gain {
                    (low, gain) = (i, found);
                }
            }
        }
        let row_low = kernel.col_as_slice(low);
        let step = ((most - residuals[low]) / curvature(row_high[low]))
            .min(upper(high) - weights[high])
            .min(weights[low] - lower(low));
        weights[high] += step;
        weights[low] -= step;
        let rows = row_high.iter().zip(row_low);
        for (residual, (k_high, k_low)) in residuals.iter_mut().zip(rows) {
            *residual -= step * (k_high - k_low);
        }
    }
}

/// Second derivative along a step between two images of that kernel value.
fn curvature(kernel: f32) -> f32 {
    (2.0 - 2.0 * kernel).max(LEAST_CURVATURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_images_are_separated_in_the_middle() {
        // Maximize 2 w - w^2 (1 - k): w = 1 / (1 - k), unless the cost is less.
        let kernel = Mat::from_fn(2, 2, |i, j| if i == j { 1.0 } else { 0.5 });
        for (cost, weight) in [(10.0, 2.0), (0.5, 0.5)] {
            let border = separate(&kernel, 1, cost);
            assert_eq!(border.weights, [weight, -weight]);
            assert_eq!(border.bias, 0.0);
        }
    }

    #[test]
    fn the_solution_meets_the_conditions_of_optimality() {
        let points: Vec<f32> = (0..60).map(|i| (i as f32 * 0.7).sin() * 3.0).collect();
        let (kernel, second, cost) = (kernel(&points, 2, 0.4), 13, 2.0);
        let Border { weights, bias } = separate(&kernel, second, cost);
        assert!(weights.iter().sum::<f32>().abs() < 1e-4);
        for (i, weight) in weights.iter().enumerate() {
            let sign = if i < second { 1.0 } else { -1.0 };
            let sum: f32 = (0..30).map(|j| weights[j] * kernel[(i, j)]).sum();
            let (dual, margin) = (sign * weight, sign * (sum + bias));
            assert!((-1e-6..=cost + 1e-6).contains(&dual), "{dual}");
            // An image beyond the margin carries no weight, one within it all that it may.
            assert!(dual < cost || margin < 1.0 + 2.0 * TOLERANCE, "{margin}");
            assert!(dual > 0.0 || margin > 1.0 - 2.0 * TOLERANCE, "{margin}");
        }
    }
}
