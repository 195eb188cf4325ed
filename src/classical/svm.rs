//! A support vector machine with the Gaussian kernel, exact, one class against one: each pair of classes is
//! separated by its own weights of the training images near the border between the two.
//!
//! The kernel sees quantized principal components, so a support vector is a row of bytes.
//!
//! **Source**: Cortes and Vapnik, "Support-vector networks", Machine Learning 20 (1995); Hsu and Lin, "A
//! comparison of methods for multiclass support vector machines", 2002, for the pairs and their votes.

use super::projection::{Projection, quantize, squared_distance};
use super::{ClassicalModel, check_labels, content};
use crate::classifier::Classifier;
use crate::image::PIXELS;
use crate::label::CLASSES;
use crate::prediction::Logits;
use crate::preprocess::Features;
use crate::tensor_file::{TensorFile, TensorFileBuilder, WeightsError};

/// How fast a pair's vote goes from one class to the other: at a margin of one half it is 96 % decided.
const SHARPNESS: f64 = 4.0;

/// Support vectors and their weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Svm {
    projection: Projection,
    /// Coordinates, support vector by support vector.
    support: Vec<i8>,
    labels: Vec<u8>,
    /// For each support vector its weight against each other class; zero for its own.
    weights: Vec<f32>,
    /// For each class and each class after it, what is added to their margin; zero elsewhere.
    biases: Vec<f32>,
    /// The kernel is `exp(-gamma |a - b|^2)` in the unit of the coordinates.
    gamma: f32,
    query: Vec<i8>,
}

impl Svm {
    /// Make a model of support vectors (coordinates, one after the other), a label and ten weights for each,
    /// and a bias for each class against each other.
    ///
    /// # Errors
    /// [`WeightsError::Content`] when sizes do not fit, a label is no class or `gamma` is not positive.
    pub fn new(
        projection: Projection,
        support: Vec<i8>,
        labels: Vec<u8>,
        weights: Vec<f32>,
        biases: Vec<f32>,
        gamma: f32,
    ) -> Result<Self, WeightsError> {
        let (dimensions, count) = (projection.dimensions(), labels.len());
        let fits = support.len() == count * dimensions && weights.len() == count * CLASSES;
        if dimensions == 0 || count == 0 || !fits || biases.len() != CLASSES * CLASSES {
            let (numbers, weights) = (support.len(), weights.len());
            let reason = format!(
                "has {numbers} numbers and {weights} weights for {count} vectors of {dimensions}"
            );
            return Err(content("support", reason));
        }
        check_labels(&labels)?;
        if !(gamma > 0.0 && gamma.is_finite()) {
            return Err(content("gamma", format!("is {gamma}, expected above 0")));
        }
        Ok(Self {
            query: vec![0; dimensions],
            projection,
            support,
            labels,
            weights,
            biases,
            gamma,
        })
    }
}

impl Classifier for Svm {
    /// For each class, its votes in the nine pairs that it belongs to.
    ///
    /// **Formula**: `sum_d tanh(4 m_cd)`, where the margin `m_cd` of class `c` over `d` is `s_cd - s_dc`, and
    /// `s_cd = b_cd + sum_j a_jd exp(-gamma |x - v_j|^2)` over the support vectors of class `c`.
    fn logits(&mut self, features: &Features) -> Logits {
        quantize(self.projection.apply(features), &mut self.query);
        // Thousands of terms that almost cancel: single precision would lose what decides.
        let bias = |c: usize| std::array::from_fn(|d| f64::from(self.biases[c * CLASSES + d]));
        let mut sums: [[f64; CLASSES]; CLASSES] = std::array::from_fn(bias);
        let vectors = self.support.chunks_exact(self.query.len());
        let weights = self.weights.as_chunks::<CLASSES>().0;
        for ((vector, label), weights) in vectors.zip(&self.labels).zip(weights) {
            let distance = squared_distance(vector, &self.query);
            let kernel = (-self.gamma * distance as f32).exp();
            let sums = &mut sums[usize::from(*label)];
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += f64::from(weight * kernel);
            }
        }
        std::array::from_fn(|c| {
            let vote = |d: usize| (SHARPNESS * (sums[c][d] - sums[d][c])).tanh();
            (0..CLASSES).map(vote).sum::<f64>() as f32
        })
    }
}

impl ClassicalModel for Svm {
    fn read(file: &TensorFile<'_>) -> Result<Self, WeightsError> {
        let projection = Projection::read(file)?;
        let [count] = file.shape("label")?;
        let support = file.integers("support", &[count, projection.dimensions()])?;
        Self::new(
            projection,
            support,
            file.integers("label", &[count])?,
            file.floats("weight", &[count, CLASSES])?,
            file.floats("bias", &[CLASSES, CLASSES])?,
            file.floats("gamma", &[1])?[0],
        )
    }

    fn write<'a>(&self, file: TensorFileBuilder<'a>) -> TensorFileBuilder<'a> {
        let count = self.labels.len();
        let shape = [count, self.projection.dimensions()];
        self.projection
            .write(file)
            .tensor("support", &shape, &self.support)
            .tensor("label", &[count], &self.labels)
            .halves("weight", &[count, CLASSES], &self.weights)
            .tensor("bias", &[CLASSES, CLASSES], &self.biases)
            .tensor("gamma", &[1], &[self.gamma])
    }

    fn parameters(&self) -> usize {
        let weights = self.labels.len() * CLASSES;
        let pairs = CLASSES * (CLASSES - 1) / 2;
        self.support.len() + weights + pairs + self.projection.parameters()
    }

    fn operations(&self, _image: &Features) -> usize {
        self.support.len() + self.weights.len() + PIXELS * self.projection.dimensions()
    }
}
