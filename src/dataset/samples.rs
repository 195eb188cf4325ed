//! Images with their labels.

use crate::image::GrayImage;
use crate::label::{CLASSES, Label};

/// Images and their labels, in equal number; images that show none of the classes have no labels at all.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// The pictures.
    pub images: Vec<GrayImage>,
    /// The truth.
    pub labels: Vec<Label>,
}

impl Samples {
    /// Number of samples.
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// Whether every image has a label.
    pub fn are_labeled(&self) -> bool {
        self.labels.len() == self.images.len()
    }

    /// These, then those of `others`.
    ///
    /// # Panics
    /// When one of them has images without labels.
    pub fn with(&self, others: &Self) -> Self {
        assert!(self.are_labeled() && others.are_labeled(), "labels");
        Self {
            images: [&self.images[..], &others.images].concat(),
            labels: [&self.labels[..], &others.labels].concat(),
        }
    }

    /// How many samples each class has.
    pub fn class_counts(&self) -> [usize; CLASSES] {
        let mut counts = [0; CLASSES];
        for label in &self.labels {
            counts[label.index()] += 1;
        }
        counts
    }

    /// The samples at some positions, in their order.
    ///
    /// # Panics
    /// When a position is beyond the last sample, or the images have no labels.
    pub fn select(&self, indices: &[usize]) -> Self {
        Self {
            images: indices.iter().map(|&i| self.images[i].clone()).collect(),
            labels: indices.iter().map(|&i| self.labels[i]).collect(),
        }
    }
}
