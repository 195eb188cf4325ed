//! What the squeezed network gets right, counted image by image beside the network as trained. It goes on in slices of
//! time while pictures are answered, and a newer stop or newer images end it.

use super::network::Network;
use super::squeezed::Right;
use super::state::Worker;
use super::tasks::BATCH;
use crate::card::WeightSet;
use crate::classifier::Classifier;
use crate::dataset::{self, Samples};
use crate::image::GrayImage;
use crate::label::Label;
use crate::prediction::Prediction;
use crate::preprocess::{Features, normalize};
use crate::protocol::{Response, StopNumber};
use crate::report::{TEST_SAMPLE_FILES, VALIDATION_SAMPLE_FILES};
use crate::squeeze::{ImageSet, Score};
use crate::turns::Slice;
use crate::web::scope::{now_ms, post};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Milliseconds between two reports.
const REPORT_MS: f64 = 60.0;

/// The files of a set of images, and of their labels.
fn files(on: ImageSet) -> [&'static str; 2] {
    match on {
        ImageSet::Test200 | ImageSet::Test1000 => TEST_SAMPLE_FILES,
        ImageSet::Validation1000 => VALIDATION_SAMPLE_FILES,
        ImageSet::Test10000 => [2, 3].map(|file: usize| dataset::SOURCE_FILES[file].name),
    }
}

impl Worker {
    /// Score a stop on a set of images instead of what was scored before.
    pub(super) fn score(self: &Rc<Self>, stop: StopNumber, on: ImageSet) {
        let scoring = &self.squeezing.scoring;
        if self.squeezing.score_waiting(stop, on) || self.squeezing.stop() != Some(stop) {
            return;
        }
        scoring.wanted.set(Some((stop, on)));
        if scoring.is_busy.replace(true) {
            return;
        }
        let worker = Rc::clone(self);
        spawn_local(async move {
            let scoring = &worker.squeezing.scoring;
            while let Some((stop, on)) = scoring.wanted.get() {
                let problem = match worker.samples(on).await {
                    Ok(samples) => worker.score_all(stop, on, &samples).await.err(),
                    Err(message) => Some(message),
                };
                if scoring.wanted.get() == Some((stop, on)) {
                    scoring.wanted.set(None);
                    if let Some(message) = problem {
                        post(&Response::ScoreFailed { stop, on, message });
                    }
                    worker.measure_sizes(stop).await;
                }
            }
            scoring.is_busy.set(false);
        });
    }

    async fn samples(self: &Rc<Self>, on: ImageSet) -> Result<Rc<Samples>, String> {
        let [images, labels] = files(on);
        let scoring = &self.squeezing.scoring;
        let kept = scoring.samples.borrow().get(images).cloned();
        if let Some(samples) = kept {
            return Ok(samples);
        }
        let pictures = self.read_data(images, &scoring.reading).await?;
        let truth = self.read_data(labels, &scoring.reading).await?;
        let samples = Rc::new(Samples {
            images: dataset::parse_images(images, &pictures).map_err(|e| e.to_string())?,
            labels: dataset::parse_labels(labels, &truth).map_err(|e| e.to_string())?,
        });
        if samples.images.len() < on.count() || samples.labels.len() < on.count() {
            return Err(format!("{images} has too few images. Load the page again."));
        }
        if on != ImageSet::Test10000 {
            let mut kept = scoring.samples.borrow_mut();
            kept.insert(images, Rc::clone(&samples));
        }
        Ok(samples)
    }

    /// Classify what neither network has classified yet, and report.
    async fn score_all(
        &self,
        stop: StopNumber,
        on: ImageSet,
        samples: &Samples,
    ) -> Result<(), String> {
        let [file, _] = files(on);
        let scoring = &self.squeezing.scoring;
        let Some(model) = self.begin_scoring(stop, file) else {
            return Ok(());
        };
        let (mut slice, mut reported_ms) = (Slice::begin(now_ms()), now_ms());
        for start in (0..on.count()).step_by(BATCH) {
            if slice.is_over(now_ms()) {
                self.give_way_to_answers().await;
                slice = Slice::begin(now_ms());
            }
            if scoring.wanted.get() != Some((stop, on)) || self.squeezing.stop() != Some(stop) {
                return Ok(());
            }
            let end = (start + BATCH).min(on.count());
            let block = (&samples.images[start..end], &samples.labels[start..end]);
            self.score_block(&model, file, start, block)?;
            if end == on.count() || now_ms() - reported_ms > REPORT_MS {
                reported_ms = now_ms();
                post(&Response::SqueezedScored {
                    stop,
                    score: self.count(&model, file, on, end),
                });
            }
        }
        Ok(())
    }

    /// Keep what the same stop got right of the same file; returns the network's name.
    fn begin_scoring(&self, stop: StopNumber, file: &'static str) -> Option<String> {
        let present = self.squeezing.present.borrow();
        let present = present.as_ref().filter(|p| p.wanted.stop == stop)?;
        let mut squeezed = self.squeezing.scoring.squeezed.borrow_mut();
        if (squeezed.stop, squeezed.file) != (stop, file) {
            let images = Vec::new();
            *squeezed = Right { stop, file, images };
        }
        Some(present.wanted.model.clone())
    }

    fn score_block(
        &self,
        model: &str,
        file: &'static str,
        start: usize,
        (images, labels): (&[GrayImage], &[Label]),
    ) -> Result<(), String> {
        let scoring = &self.squeezing.scoring;
        let features: Vec<Features> = images.iter().map(normalize).collect();
        let mut as_trained = scoring.as_trained.borrow_mut();
        let as_trained = as_trained.entry((model.to_owned(), file)).or_default();
        if as_trained.len() <= start {
            let score = |network: &mut Network| right(network, &features, labels);
            as_trained.extend(self.compute(model, WeightSet::Photographs, score)?);
        }
        let squeezed = &mut scoring.squeezed.borrow_mut().images;
        if squeezed.len() <= start {
            let score = |network: &mut Network| right(network, &features, labels);
            let right = self.compute_squeezed(WeightSet::Photographs, score)?;
            squeezed.extend(right.unwrap_or_default());
        }
        Ok(())
    }

    fn count(&self, model: &str, file: &'static str, on: ImageSet, done: usize) -> Score {
        let scoring = &self.squeezing.scoring;
        let count = |right: &[bool]| right.iter().take(done).filter(|right| **right).count();
        let as_trained = scoring.as_trained.borrow();
        let as_trained = as_trained.get(&(model.to_owned(), file));
        Score {
            on,
            done,
            correct: count(&scoring.squeezed.borrow().images),
            as_trained: as_trained.map_or(0, |right| count(right)),
        }
    }
}

/// Which images a model classifies correctly.
fn right(network: &mut Network, features: &[Features], labels: &[Label]) -> Vec<bool> {
    let logits = network.logits_of_many(features);
    let right = logits.iter().zip(labels).map(|(logits, label)| {
        Prediction::from_logits(logits).is_ok_and(|answer| answer.label() == *label)
    });
    right.collect()
}
