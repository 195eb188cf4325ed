//! Gaussian naive Bayes, over pixels (`naive-bayes`) or over discriminant directions (`naive-bayes-lda`).

use super::decomposition::{discriminants, project};
use super::{Fit, check, features};
use crate::classical::gaussian_nb::GaussianNb;
use crate::dataset::Samples;
use crate::image::PIXELS;
use crate::label::CLASSES;
use serde::{Deserialize, Serialize};

/// The recipe of `naive-bayes`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PixelRecipe {
    least_deviation: Vec<f32>,
}

/// A choice for `naive-bayes`.
#[derive(Clone, Debug, Serialize)]
pub struct PixelChoice {
    /// Smallest deviation of a pixel within a class, as a share of the largest.
    least_deviation: f32,
}

impl Fit for PixelRecipe {
    type Choice = PixelChoice;
    type Model = GaussianNb;

    fn choices(&self) -> Vec<PixelChoice> {
        let choice = |&least_deviation: &f32| PixelChoice { least_deviation };
        self.least_deviation.iter().map(choice).collect()
    }

    fn fit(&self, choice: &PixelChoice, samples: &Samples) -> Result<GaussianNb, String> {
        let least = choice.least_deviation;
        check(
            (0.0..=1.0).contains(&least),
            "least_deviation",
            least,
            "0 to 1",
        )?;
        let [means, mut deviations] = moments(&features(samples), PIXELS, samples)?;
        let widest = deviations.iter().copied().fold(0.0, f32::max);
        for deviation in &mut deviations {
            *deviation = deviation.max(least * widest);
        }
        GaussianNb::new(None, &means, &deviations).map_err(|e| e.to_string())
    }
}

/// The recipe of `naive-bayes-lda`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscriminantRecipe {
    shrinkage: Vec<f64>,
}

/// A choice for `naive-bayes-lda`.
#[derive(Clone, Debug, Serialize)]
pub struct DiscriminantChoice {
    shrinkage: f64,
}

impl Fit for DiscriminantRecipe {
    type Choice = DiscriminantChoice;
    type Model = GaussianNb;

    fn choices(&self) -> Vec<DiscriminantChoice> {
        let choice = |&shrinkage: &f64| DiscriminantChoice { shrinkage };
        self.shrinkage.iter().map(choice).collect()
    }

    fn fit(&self, choice: &DiscriminantChoice, samples: &Samples) -> Result<GaussianNb, String> {
        let shrinkage = choice.shrinkage;
        check(
            (0.0..=1.0).contains(&shrinkage),
            "shrinkage",
            shrinkage,
            "0 to 1",
        )?;
        let mut projection = discriminants(samples, shrinkage)?;
        let coordinates = project(&mut projection, samples);
        let [means, deviations] = moments(&coordinates, projection.dimensions(), samples)?;
        GaussianNb::new(Some(projection), &means, &deviations).map_err(|e| e.to_string())
    }
}

/// Mean and standard deviation of each feature in each class, class by class.
fn moments(rows: &[f32], numbers: usize, samples: &Samples) -> Result<[Vec<f32>; 2], String> {
    let counts = samples.class_counts();
    check(
        counts.iter().all(|n| *n > 0),
        "the images of a class",
        0,
        "at least 1",
    )?;
    let [mut sums, mut squares] = [vec![0.0; CLASSES * numbers], vec![0.0; CLASSES * numbers]];
    for (row, label) in rows.chunks_exact(numbers).zip(&samples.labels) {
        let class = label.index() * numbers..(label.index() + 1) * numbers;
        let cells = sums[class.clone()].iter_mut().zip(&mut squares[class]);
        for ((sum, square), value) in cells.zip(row) {
            *sum += f64::from(*value);
            *square += f64::from(*value).powi(2);
        }
    }
    for (i, (sum, square)) in sums.iter_mut().zip(&mut squares).enumerate() {
        let count = counts[i / numbers] as f64;
        *sum /= count;
        *square = (*square / count - *sum * *sum).max(0.0).sqrt();
    }
    Ok([sums, squares].map(|values| values.iter().map(|v| *v as f32).collect()))
}
