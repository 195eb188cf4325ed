//! Released models as the page runs them: the engine (in integers where it has them) or the classical algorithm,
//! with the temperature of the card.

use crate::files::Result;
use crate::released::{card, weights};
use rayon::prelude::*;
use threadcount::calibration::Calibrated;
use threadcount::card::{Card, WeightSet};
use threadcount::classifier::Classifier;
use threadcount::engine::Arithmetic;
use threadcount::image::GrayImage;
use threadcount::loader;
use threadcount::prediction::Prediction;
use threadcount::preprocess::{Preprocessed, normalize, preprocess};

/// Images of one task, and of one run of the engine.
const BLOCK: usize = 500;
const BATCH: usize = 16;

/// A released model's card and one set of its weights, whose sum was checked.
pub struct Released {
    /// The card.
    pub card: Card,
    /// The set.
    set: WeightSet,
    bytes: Vec<u8>,
}

impl Released {
    /// Read a model with the weights that answer pictures of a kind.
    ///
    /// # Errors
    /// When a file is missing or the weights are not those of the card.
    pub fn read(name: &str, set: WeightSet) -> Result<Self> {
        let card = card(name)?;
        let bytes = weights(card.weights_of(set))?;
        Ok(Self { card, set, bytes })
    }

    fn load(&self) -> Calibrated<Box<dyn Classifier>> {
        let loaded = loader::load(&self.card.name, &self.bytes, BATCH, || {
            Arithmetic::Quantized
        });
        let classifier = loaded.expect("read before").classifier;
        Calibrated::new(classifier, self.card.temperature_of(self.set))
    }

    /// Answer what becomes of each picture, on all cores; a blank one has no answer.
    ///
    /// # Errors
    /// When the weights are damaged.
    pub fn answers(&self, pictures: &[Preprocessed]) -> Result<Vec<Option<Prediction>>> {
        loader::load(&self.card.name, &self.bytes, BATCH, || {
            Arithmetic::Quantized
        })?;
        let block = |pictures: &[Preprocessed]| {
            let features: Vec<_> = pictures.iter().filter_map(garment).map(normalize).collect();
            let logits = self.load().logits_of_many(&features);
            let mut answers = logits
                .into_iter()
                .map(|logits| Prediction::from_logits(&logits).expect("finite logits"));
            let answer = |picture| garment(picture).and_then(|_| answers.next());
            pictures.iter().map(answer).collect::<Vec<_>>()
        };
        Ok(pictures.par_chunks(BLOCK).flat_map_iter(block).collect())
    }
}

/// What the models see of a picture; nothing of a blank one.
pub fn garment(picture: &Preprocessed) -> Option<&GrayImage> {
    match picture {
        Preprocessed::Garment { image, .. } => Some(image),
        Preprocessed::Blank => None,
    }
}

/// What the models see of images of the data set that are uploaded.
pub fn uploaded(images: &[GrayImage]) -> Vec<Preprocessed> {
    let upload = |image: &GrayImage| preprocess(&image.to_rgba());
    images.par_iter().map(upload).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_picture_has_no_answer_and_moves_no_other() {
        let model = Released::read("pocket", WeightSet::Photographs).unwrap();
        let mut image = GrayImage::black();
        image.pixels_mut()[200..500].fill(200);
        let pictures = uploaded(&[GrayImage::black(), image.clone(), GrayImage::black()]);
        assert_eq!(pictures[0], Preprocessed::Blank);
        let answers = model.answers(&pictures).unwrap();
        let alone = model.load().predict_proba(&normalize(&image)).unwrap();
        let found = answers[1].unwrap();
        for (a, b) in found.probabilities.iter().zip(alone.probabilities) {
            assert!((a - b).abs() < 1e-5, "{found:?} {alone:?}");
        }
        assert_eq!((answers[0], answers[2]), (None, None));
    }
}
