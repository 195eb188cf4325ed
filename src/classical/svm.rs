//! A support vector machine with the Gaussian kernel, reduced by Nystroem's method: instead of each training
//! image near a border, a fixed set of landmark images carries the decision of every class.
//!
//! **Source**: Williams and Seeger, "Using the Nystroem method to speed up kernel machines", 2001; one class
//! against the rest, squared hinge loss.

use super::content;
use super::projection::Projection;
use crate::image::PIXELS;
use crate::label::CLASSES;
use crate::prediction::Logits;
use crate::preprocess::Features;
use crate::tensor_file::{TensorFile, TensorFileBuilder, WeightsError};

/// What is counted as parameters.
pub const PARAMETERS: &str = "the coordinates of the landmarks, a weight for each landmark and class, ten biases, and the projection";

/// Landmarks whose distances are computed together.
const LANES: usize = 8;

/// Landmarks and their weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Svm {
    projection: Projection,
    landmarks: Vec<i8>,
    weights: Vec<f32>,
    biases: Vec<f32>,
    /// The kernel is `exp(-gamma |a - b|^2)` in the unit of the coordinates.
    gamma: f32,
    /// Coordinates of eight landmarks side by side, then the next eight; zeros fill the last.
    blocks: Vec<[f32; LANES]>,
}

impl Svm {
    /// Make a model of landmarks (coordinates, one landmark after the other), a row of ten weights for each,
    /// and ten biases.
    ///
    /// # Errors
    /// [`WeightsError::Content`] when sizes do not fit or `gamma` is not positive.
    pub fn new(
        projection: Projection,
        landmarks: Vec<i8>,
        weights: Vec<f32>,
        biases: Vec<f32>,
        gamma: f32,
    ) -> Result<Self, WeightsError> {
        let dimensions = projection.dimensions();
        let count = weights.len() / CLASSES;
        let fits = landmarks.len() == count * dimensions && weights.len() == count * CLASSES;
        if dimensions == 0 || count == 0 || !fits || biases.len() != CLASSES {
            let (numbers, weights) = (landmarks.len(), weights.len());
            let reason =
                format!("has {numbers} numbers of {dimensions} a landmark, {weights} weights");
            return Err(content("landmark", reason));
        }
        if !(gamma > 0.0 && gamma.is_finite()) {
            return Err(content("gamma", format!("is {gamma}, expected above 0")));
        }
        let mut blocks = vec![[0.0; LANES]; count.div_ceil(LANES) * dimensions];
        for (number, landmark) in landmarks.chunks_exact(dimensions).enumerate() {
            let (block, lane) = (number / LANES, number % LANES);
            for (i, coordinate) in landmark.iter().enumerate() {
                blocks[block * dimensions + i][lane] = f32::from(*coordinate);
            }
        }
        Ok(Self {
            projection,
            landmarks,
            weights,
            biases,
            gamma,
            blocks,
        })
    }

    /// Read the model from its file.
    ///
    /// # Errors
    /// [`WeightsError`] when the file is damaged.
    pub fn read(file: &TensorFile<'_>) -> Result<Self, WeightsError> {
        let projection = Projection::read(file)?;
        let [count, _] = file.shape("landmark")?;
        let landmarks = file.integers("landmark", &[count, projection.dimensions()])?;
        Self::new(
            projection,
            landmarks,
            file.floats("weight", &[count, CLASSES])?,
            file.floats("bias", &[CLASSES])?,
            file.floats("gamma", &[1])?[0],
        )
    }

    pub(super) fn write(&self, file: TensorFileBuilder) -> TensorFileBuilder {
        let count = self.weights.len() / CLASSES;
        let shape = [count, self.projection.dimensions()];
        self.projection
            .write(file)
            .tensor("landmark", &shape, &self.landmarks)
            .halves("weight", &[count, CLASSES], &self.weights)
            .tensor("bias", &[CLASSES], &self.biases)
            .tensor("gamma", &[1], &[self.gamma])
    }

    pub(super) fn parameters(&self) -> usize {
        let own = self.landmarks.len() + self.weights.len() + self.biases.len();
        own + self.projection.parameters()
    }

    pub(super) fn macs(&self) -> usize {
        self.landmarks.len() + self.weights.len() + PIXELS * self.projection.dimensions()
    }

    /// The decision value of each class.
    ///
    /// **Formula**: `b_c + sum_j w_jc exp(-gamma |x - l_j|^2)`.
    pub(super) fn logits(&mut self, features: &Features) -> Logits {
        let picture = self.projection.apply(features);
        let mut logits: Logits = std::array::from_fn(|class| self.biases[class]);
        let blocks = self.blocks.chunks_exact(picture.len());
        for (block, weights) in blocks.zip(self.weights.chunks(LANES * CLASSES)) {
            let mut distances = [0.0; LANES];
            for (landmarks, x) in block.iter().zip(picture) {
                for (distance, l) in distances.iter_mut().zip(landmarks) {
                    *distance += (x - l) * (x - l);
                }
            }
            for (distance, weights) in distances.iter().zip(weights.as_chunks::<CLASSES>().0) {
                let kernel = (-self.gamma * distance).exp();
                for (logit, weight) in logits.iter_mut().zip(weights) {
                    *logit += weight * kernel;
                }
            }
        }
        logits
    }
}
