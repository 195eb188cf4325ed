//! k nearest neighbors among the training images, after a projection whose coordinates are quantized to bytes.
//!
//! **Source**: Cover and Hart, "Nearest neighbor pattern classification", 1967. The projection is a principal
//! component analysis, which keeps distances as well as a linear map of its size can.

use super::projection::{Projection, quantize, squared_distance};
use super::{ClassicalModel, check_labels, content, logits_of_probabilities};
use crate::classifier::Classifier;
use crate::image::PIXELS;
use crate::label::CLASSES;
use crate::prediction::Logits;
use crate::preprocess::Features;
use crate::tensor_file::{TensorFile, TensorFileBuilder, WeightsError};

/// Most neighbors that are asked.
const MOST_NEIGHBORS: usize = 64;

/// The stored images.
#[derive(Clone, Debug, PartialEq)]
pub struct KNearestNeighbors {
    projection: Projection,
    /// Coordinates, image by image.
    prototypes: Vec<i8>,
    labels: Vec<u8>,
    neighbors: u8,
    query: Vec<i8>,
    /// Squared distance and label of the nearest so far, the nearest first.
    nearest: Vec<(u32, u8)>,
}

impl KNearestNeighbors {
    /// Store images with their labels.
    ///
    /// # Errors
    /// [`WeightsError::Content`] when there are not as many labels as images, a label is no class, or the
    /// neighbors are none, more than 64 or more than images.
    pub fn new(
        projection: Projection,
        prototypes: Vec<i8>,
        labels: Vec<u8>,
        neighbors: u8,
    ) -> Result<Self, WeightsError> {
        let dimensions = projection.dimensions();
        if dimensions == 0 || prototypes.len() != labels.len() * dimensions {
            let (found, images) = (prototypes.len(), labels.len());
            let reason = format!("has {found} numbers for {images} images of {dimensions}");
            return Err(content("prototype", reason));
        }
        check_labels(&labels)?;
        let k = usize::from(neighbors);
        if k == 0 || k > MOST_NEIGHBORS.min(labels.len()) {
            let most = MOST_NEIGHBORS.min(labels.len());
            return Err(content(
                "neighbors",
                format!("is {k}, expected 1 to {most}"),
            ));
        }
        Ok(Self {
            query: vec![0; dimensions],
            nearest: Vec::with_capacity(k + 1),
            projection,
            prototypes,
            labels,
            neighbors,
        })
    }
}

impl Classifier for KNearestNeighbors {
    /// Let the nearest vote, each by one over its distance.
    fn logits(&mut self, features: &Features) -> Logits {
        quantize(self.projection.apply(features), &mut self.query);
        let k = usize::from(self.neighbors);
        self.nearest.clear();
        let images = self.prototypes.chunks_exact(self.query.len());
        for (image, label) in images.zip(&self.labels) {
            let distance = squared_distance(image, &self.query);
            if self.nearest.len() < k || distance < self.nearest[k - 1].0 {
                let place = self.nearest.partition_point(|(d, _)| *d <= distance);
                self.nearest.insert(place, (distance, *label));
                self.nearest.truncate(k);
            }
        }
        let mut votes = [0.0; CLASSES];
        for (distance, label) in &self.nearest {
            // One is less than the quantization error of the coordinates, and keeps a copy from voting alone.
            votes[usize::from(*label)] += 1.0 / (*distance as f32 + 1.0).sqrt();
        }
        let sum: f32 = votes.iter().sum();
        logits_of_probabilities(&votes.map(|vote| vote / sum))
    }
}

impl ClassicalModel for KNearestNeighbors {
    fn read(file: &TensorFile<'_>) -> Result<Self, WeightsError> {
        let projection = Projection::read(file)?;
        let [images] = file.shape("label")?;
        let prototypes = file.integers("prototype", &[images, projection.dimensions()])?;
        let labels = file.integers("label", &[images])?;
        let neighbors: Vec<u8> = file.integers("neighbors", &[1])?;
        Self::new(projection, prototypes, labels, neighbors[0])
    }

    fn write<'a>(&self, file: TensorFileBuilder<'a>) -> TensorFileBuilder<'a> {
        let images = self.labels.len();
        let shape = [images, self.projection.dimensions()];
        self.projection
            .write(file)
            .tensor("prototype", &shape, &self.prototypes)
            .tensor("label", &[images], &self.labels)
            .tensor("neighbors", &[1], &[self.neighbors])
    }

    fn parameters(&self) -> usize {
        self.prototypes.len() + self.labels.len() + self.projection.parameters()
    }

    fn operations(&self, _image: &Features) -> usize {
        self.prototypes.len() + PIXELS * self.projection.dimensions()
    }
}
