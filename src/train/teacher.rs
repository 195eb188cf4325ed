//! Distillation: what other networks say of the training images, kept for the whole run.
//!
//! **Source**: Hinton et al., "Distilling the knowledge in a neural network", 2015, section 2
//! (<https://arxiv.org/abs/1503.02531>), at temperature one.

use super::augment::mirrored;
use super::fit::logits;
use crate::calibration::predictions;
use crate::image::GrayImage;
use crate::label::CLASSES;
use crate::network::Network;

/// A probability for each class.
pub type Target = [f32; CLASSES];

/// The mean probabilities of an ensemble for each training image, and for its mirror image.
#[derive(Clone, Debug, PartialEq)]
pub struct Teacher {
    sums: Vec<[Target; 2]>,
    networks: f32,
}

impl Teacher {
    /// A teacher of `images` training images, to which networks are still to be added.
    pub fn new(images: usize) -> Self {
        Self {
            sums: vec![[[0.0; CLASSES]; 2]; images],
            networks: 0.0,
        }
    }

    /// Add what a trained network says of the images.
    ///
    /// # Panics
    /// When there are not as many images as the teacher was made for.
    pub fn add<N: Network>(&mut self, network: &N, images: &[GrayImage]) {
        assert_eq!(images.len(), self.sums.len(), "the teacher's images");
        let mirrors: Vec<GrayImage> = images.iter().map(mirrored).collect();
        for (side, images) in [images, &mirrors].into_iter().enumerate() {
            let answers = predictions(&logits(network, images), 1.0);
            for (sums, answer) in self.sums.iter_mut().zip(answers) {
                for (sum, p) in sums[side].iter_mut().zip(answer.probabilities) {
                    *sum += p;
                }
            }
        }
        self.networks += 1.0;
    }

    /// Move a target by `share` (0 to 1) towards what the teacher says of an image.
    pub fn blend(&self, target: &mut Target, image: usize, mirrored: bool, share: f32) {
        for (target, sum) in target
            .iter_mut()
            .zip(self.sums[image][usize::from(mirrored)])
        {
            *target += share * (sum / self.networks - *target);
        }
    }
}
