//! Gaussian naive Bayes: each class has a normal distribution for each feature, a pixel or a coordinate of a projection.
//! Within a class, features are taken as independent.
//!
//! **Source**: Hastie, Tibshirani and Friedman, "The elements of statistical learning", section 6.6.3.

use super::projection::Projection;
use super::{ClassicalModel, content};
use crate::classifier::Classifier;
use crate::image::PIXELS;
use crate::label::CLASSES;
use crate::prediction::Logits;
use crate::preprocess::Features;
use crate::tensor_file::{TensorFile, TensorFileBuilder, WeightsError};

/// A byte's share of the largest number of its tensor.
const STEP: f32 = 1.0 / 255.0;

/// Means and deviations, over pixels or over projected pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianNb {
    projection: Option<Projection>,
    numbers: usize,
    means: Vec<u8>,
    deviations: Vec<u8>,
    /// Smallest and largest mean, largest deviation.
    range: [f32; 3],
    /// Means, and 1 over each deviation, class by class.
    expanded: [Vec<f32>; 2],
    /// For each class, `- sum ln deviation`.
    constants: [f32; CLASSES],
}

impl GaussianNb {
    /// Make a model of means and deviations, class by class; all classes are equally likely beforehand.
    ///
    /// Both are rounded to 255 steps, and a deviation to one step at least.
    ///
    /// # Errors
    /// [`WeightsError::Content`] when there is not one of each for every class and feature, when their ranges are not
    /// finite, when all means are the same, or when no deviation is above zero.
    pub fn new(
        projection: Option<Projection>,
        means: &[f32],
        deviations: &[f32],
    ) -> Result<Self, WeightsError> {
        let low = means.iter().copied().fold(f32::INFINITY, f32::min);
        let high = means.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let widest = deviations.iter().copied().fold(0.0, f32::max);
        let byte = |share: f32| (share / STEP).round().clamp(0.0, 255.0) as u8;
        let means = means
            .iter()
            .map(|m| byte((m - low) / (high - low)))
            .collect();
        let deviations = deviations.iter().map(|d| byte(d / widest).max(1)).collect();
        Self::expand(projection, means, deviations, [low, high, widest])
    }

    fn expand(
        projection: Option<Projection>,
        means: Vec<u8>,
        deviations: Vec<u8>,
        range: [f32; 3],
    ) -> Result<Self, WeightsError> {
        let numbers = projection.as_ref().map_or(PIXELS, Projection::dimensions);
        let expected = CLASSES * numbers;
        for (name, found) in [("mean", means.len()), ("deviation", deviations.len())] {
            if found != expected {
                let reason = format!("has {found} numbers, expected {expected}");
                return Err(content(name, reason));
            }
        }
        if let Some(at) = deviations.iter().position(|d| *d == 0) {
            return Err(content("deviation", format!("is zero at index {at}")));
        }
        let [low, high, widest] = range;
        if !(high > low && widest > 0.0 && range.iter().all(|end| end.is_finite())) {
            let reason = format!("is {range:?}, expected a rising pair and a positive number");
            return Err(content("range", reason));
        }
        let mean = |m: &u8| low + f32::from(*m) * STEP * (high - low);
        let deviation = |d: &u8| f32::from(*d) * STEP * widest;
        let mut constants = [0.0; CLASSES];
        for (constant, row) in constants
            .iter_mut()
            .zip(deviations.chunks_exact(numbers.max(1)))
        {
            *constant = -row.iter().map(|d| deviation(d).ln()).sum::<f32>();
        }
        let expanded = [
            means.iter().map(mean).collect(),
            deviations.iter().map(|d| 1.0 / deviation(d)).collect(),
        ];
        Ok(Self {
            projection,
            numbers,
            means,
            deviations,
            range,
            expanded,
            constants,
        })
    }
}

impl Classifier for GaussianNb {
    /// The logarithm of each class's density, up to a constant.
    ///
    /// **Formula**: `- sum (ln s + ((x - m) / s)^2 / 2)` over the numbers.
    fn logits(&mut self, features: &Features) -> Logits {
        let numbers = match &mut self.projection {
            Some(projection) => projection.apply(features),
            None => features.values().as_slice(),
        };
        let [means, weights] = &self.expanded;
        std::array::from_fn(|class| {
            let row = class * self.numbers..(class + 1) * self.numbers;
            let pairs = means[row.clone()].iter().zip(&weights[row]);
            let distance = |(x, (m, w)): (&f32, (&f32, &f32))| ((x - m) * w).powi(2);
            let sum: f32 = numbers.iter().zip(pairs).map(distance).sum();
            self.constants[class] - sum / 2.0
        })
    }
}

impl ClassicalModel for GaussianNb {
    fn read(file: &TensorFile<'_>) -> Result<Self, WeightsError> {
        let projected = file.names().contains(&"projection");
        let projection = projected.then(|| Projection::read(file)).transpose()?;
        let numbers = projection.as_ref().map_or(PIXELS, Projection::dimensions);
        let range = file.floats("range", &[3])?;
        Self::expand(
            projection,
            file.integers("mean", &[CLASSES, numbers])?,
            file.integers("deviation", &[CLASSES, numbers])?,
            [range[0], range[1], range[2]],
        )
    }

    fn write<'a>(&self, file: TensorFileBuilder<'a>) -> TensorFileBuilder<'a> {
        let shape = [CLASSES, self.numbers];
        let file = file
            .tensor("mean", &shape, &self.means)
            .tensor("deviation", &shape, &self.deviations)
            .tensor("range", &[3], &self.range);
        match &self.projection {
            Some(projection) => projection.write(file),
            None => file,
        }
    }

    fn parameters(&self) -> usize {
        let projection = self.projection.as_ref().map_or(0, Projection::parameters);
        self.means.len() + self.deviations.len() + projection
    }

    fn operations(&self, _image: &Features) -> usize {
        let projection = self
            .projection
            .as_ref()
            .map_or(0, |p| PIXELS * p.dimensions());
        2 * self.means.len() + projection
    }
}
