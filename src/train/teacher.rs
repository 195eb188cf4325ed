//! Distillation: what other networks say of the training pictures, kept for the whole run.
//!
//! **Source**: Hinton et al., "Distilling the knowledge in a neural network", 2015, section 2
//! (<https://arxiv.org/abs/1503.02531>), at temperature one; that a teacher should be asked about the very pictures
//! that are trained on, Beyer et al., "Knowledge distillation: a good teacher is patient and consistent", 2022,
//! section 3 (<https://arxiv.org/abs/2106.05237>).

use super::fit::logits;
use super::pictures::Pictures;
use crate::calibration::predictions;
use crate::image::GrayImage;
use crate::label::{CLASSES, Label};
use crate::network::Network;

/// A probability for each class.
pub type Target = [f32; CLASSES];

/// The mean probabilities of an ensemble for some versions of each training image.
#[derive(Clone, Debug, PartialEq)]
pub struct Teacher {
    /// By version, then by image.
    sums: Vec<Vec<Target>>,
    networks: f32,
}

impl Teacher {
    /// A teacher of the images behind `pictures`, to which networks are still to be added.
    pub fn new(pictures: &Pictures) -> Self {
        Self {
            sums: vec![vec![[0.0; CLASSES]; pictures.images()]; pictures.versions()],
            networks: 0.0,
        }
    }

    /// Add what a trained network says of the pictures.
    ///
    /// # Panics
    /// When there are not as many pictures as the teacher was made for.
    pub fn add<N: Network>(&mut self, network: &N, pictures: &Pictures) {
        assert_eq!(
            pictures.versions(),
            self.sums.len(),
            "the teacher's versions"
        );
        for (version, sums) in self.sums.iter_mut().enumerate() {
            let shown: Vec<GrayImage> = (0..sums.len())
                .map(|image| pictures.shown(version, image))
                .collect();
            for (sums, answer) in sums
                .iter_mut()
                .zip(predictions(&logits(network, &shown), 1.0))
            {
                for (sum, p) in sums.iter_mut().zip(answer.probabilities) {
                    *sum += p;
                }
            }
        }
        self.networks += 1.0;
    }

    /// The share of images that are what the teacher finds most probable, shown a version of each.
    pub fn accuracy(&self, version: usize, labels: &[Label]) -> f64 {
        let right = |(sums, label): &(&Target, &Label)| {
            (0..CLASSES).all(|class| sums[class] <= sums[label.index()])
        };
        let answers = self.sums[version].iter().zip(labels);
        answers.filter(right).count() as f64 / labels.len() as f64
    }

    /// All answers as little-endian floats, by version, image and class.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mean = |sum: &f32| (sum / self.networks).to_le_bytes();
        let sums = self.sums.iter().flatten().flatten();
        sums.flat_map(mean).collect()
    }

    /// Read what [`Teacher::to_bytes`] wrote of the same pictures; `None` when it is not whole.
    pub fn from_bytes(bytes: &[u8], pictures: &Pictures) -> Option<Self> {
        let (images, versions) = (pictures.images(), pictures.versions());
        let (floats, rest) = bytes.as_chunks::<4>();
        let values: Vec<f32> = floats.iter().map(|b| f32::from_le_bytes(*b)).collect();
        let (answers, incomplete) = values.as_chunks::<CLASSES>();
        if !rest.is_empty() || !incomplete.is_empty() || answers.len() != images * versions {
            return None;
        }
        Some(Self {
            sums: answers.chunks(images).map(<[Target]>::to_vec).collect(),
            networks: 1.0,
        })
    }

    /// Move a target by `share` (0 to 1) towards what the teacher says of a version of an image.
    pub fn blend(&self, target: &mut Target, image: usize, version: usize, share: f32) {
        for (target, sum) in target.iter_mut().zip(self.sums[version][image]) {
            *target += share * (sum / self.networks - *target);
        }
    }
}
