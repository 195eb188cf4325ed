//! What every model does: normalized features in, logits out.

use crate::activation::Layered;
use crate::image::GrayImage;
use crate::occlusion::Occlusion;
use crate::prediction::{Logits, Prediction};
use crate::preprocess::{Features, normalize};

/// A model with its weights, ready to answer.
pub trait Classifier {
    /// Compute the logits of one picture.
    fn logits(&mut self, features: &Features) -> Logits;

    /// Compute the logits of many pictures.
    fn logits_of_many(&mut self, features: &[Features]) -> Vec<Logits> {
        features.iter().map(|one| self.logits(one)).collect()
    }

    /// Compute the probabilities of one picture; this is what a latency measures.
    ///
    /// # Errors
    /// A message when the logits are not finite.
    fn predict_proba(&mut self, features: &Features) -> Result<Prediction, String> {
        Prediction::from_logits(&self.logits(features))
    }

    /// Ask about the next place of an occlusion map; nothing happens when all are known.
    ///
    /// # Errors
    /// A message when the logits are not finite.
    fn occlude_next(&mut self, map: &mut Occlusion, image: &GrayImage) -> Result<(), String> {
        match map.next_picture(image) {
            // Where there is only ground, nothing is covered.
            Some(covered) if covered == *image => map.extend(&[0.0]),
            Some(covered) => map.push(&self.predict_proba(&normalize(&covered))?),
            None => {}
        }
        Ok(())
    }

    /// The model as one that computes step by step; none where it computes in another way.
    fn layered(&mut self) -> Option<&mut dyn Layered> {
        None
    }
}

impl<C: Classifier + ?Sized> Classifier for Box<C> {
    fn logits(&mut self, features: &Features) -> Logits {
        (**self).logits(features)
    }

    fn logits_of_many(&mut self, features: &[Features]) -> Vec<Logits> {
        (**self).logits_of_many(features)
    }

    fn layered(&mut self) -> Option<&mut dyn Layered> {
        (**self).layered()
    }
}
