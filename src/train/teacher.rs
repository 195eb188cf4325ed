//! Distillation: the soft targets that other networks give the augmented views, computed once for the whole run.
//!
//! **Source**: Hinton et al., "Distilling the knowledge in a neural network", 2015, section 2
//! (<https://arxiv.org/abs/1503.02531>), at temperature one; that a teacher should be asked about the very views
//! that are trained on, Beyer et al., "Knowledge distillation: a good teacher is patient and consistent", 2022,
//! section 3 (<https://arxiv.org/abs/2106.05237>).

use super::inference::logits;
use super::targets::SoftTarget;
use super::views::AugmentedViews;
use crate::calibration::predictions;
use crate::image::GrayImage;
use crate::label::{CLASSES, Label};
use crate::network::Network;

/// The mean probabilities of an ensemble for some views of each training image.
#[derive(Clone, Debug, PartialEq)]
pub struct Teacher {
    /// By view, then by image.
    sums: Vec<Vec<SoftTarget>>,
    networks: f32,
}

impl Teacher {
    /// A teacher of the images behind `views`, to which networks are still to be added.
    pub fn new(views: &AugmentedViews) -> Self {
        Self {
            sums: vec![vec![[0.0; CLASSES]; views.images()]; views.views_per_image()],
            networks: 0.0,
        }
    }

    /// Add the probabilities that a trained network gives the views.
    ///
    /// # Panics
    /// When there are not as many views as the teacher was made for.
    pub fn add<N: Network>(&mut self, network: &N, views: &AugmentedViews) {
        assert_eq!(
            views.views_per_image(),
            self.sums.len(),
            "the teacher's views"
        );
        for (view, sums) in self.sums.iter_mut().enumerate() {
            let shown: Vec<GrayImage> = (0..sums.len())
                .map(|image| views.shown(view, image))
                .collect();
            let answers = predictions(&logits(network, &shown), 1.0);
            for (sums, answer) in sums.iter_mut().zip(answers) {
                for (sum, p) in sums.iter_mut().zip(answer.probabilities) {
                    *sum += p;
                }
            }
        }
        self.networks += 1.0;
    }

    /// The share of images whose label the teacher finds most probable, shown one view of each.
    pub fn accuracy(&self, view: usize, labels: &[Label]) -> f64 {
        let right = |(sums, label): &(&SoftTarget, &Label)| {
            (0..CLASSES).all(|class| sums[class] <= sums[label.index()])
        };
        let answers = self.sums[view].iter().zip(labels);
        answers.filter(right).count() as f64 / labels.len() as f64
    }

    /// All soft targets as little-endian floats, by view, image and class.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mean = |sum: &f32| (sum / self.networks).to_le_bytes();
        let sums = self.sums.iter().flatten().flatten();
        sums.flat_map(mean).collect()
    }

    /// Read what [`Teacher::to_bytes`] wrote of the same views; `None` when it is not whole.
    pub fn from_bytes(bytes: &[u8], views: &AugmentedViews) -> Option<Self> {
        let (images, per_image) = (views.images(), views.views_per_image());
        let (floats, rest) = bytes.as_chunks::<4>();
        let values: Vec<f32> = floats.iter().map(|b| f32::from_le_bytes(*b)).collect();
        let (answers, incomplete) = values.as_chunks::<CLASSES>();
        if !rest.is_empty() || !incomplete.is_empty() || answers.len() != images * per_image {
            return None;
        }
        Some(Self {
            sums: answers.chunks(images).map(<[SoftTarget]>::to_vec).collect(),
            networks: 1.0,
        })
    }

    /// The soft target of a view of an image.
    pub fn target(&self, view: usize, image: usize) -> SoftTarget {
        self.sums[view][image].map(|sum| sum / self.networks)
    }
}
