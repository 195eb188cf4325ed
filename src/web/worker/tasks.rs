//! Tasks: measuring models on the current picture, and classifying test images. One at a time; a newer one or a
//! cancellation ends it without a word, because the page knows.

use super::network::Network;
use super::state::Worker;
use crate::card::WeightSet;
use crate::classifier::Classifier;
use crate::dataset::{self, SOURCE_FILES};
use crate::image::GrayImage;
use crate::label::{CLASSES, Label};
use crate::prediction::Prediction;
use crate::preprocess::{Features, normalize};
use crate::protocol::{Response, TaskNumber};
use crate::timing::{Thoroughness, WARM_UP_RUNS};
use crate::turns::Slice;
use crate::web::scope::{now_ms, post};
use serde_bytes::ByteBuf;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Test images between two reports of an evaluation.
const REPORT_EVERY: usize = 100;
/// Images that a model classifies at once in an evaluation; more would take the memory above 40 MB.
pub const BATCH: usize = 2;

impl Worker {
    /// Measure models on the current picture.
    pub(super) fn measure(self: &Rc<Self>, task: TaskNumber, models: Vec<String>) {
        self.task.set(Some(task));
        let worker = Rc::clone(self);
        spawn_local(async move { worker.measure_all(task, &models).await });
    }

    async fn measure_all(&self, task: TaskNumber, models: &[String]) {
        // Nothing else may run beside a measurement.
        while self.answering.get()
            || self.squeezing.scoring.is_busy.get()
            || self.inspecting.is_busy()
        {
            self.yielder.give_way().await;
        }
        let current = self.current.borrow().clone();
        let Some((current, features)) = current.and_then(|c| Some((c.clone(), c.features?))) else {
            return self.end(task);
        };
        for name in models {
            let wanted = || {
                self.task.get() == Some(task)
                    && self.is_current(current.turn)
                    && self.position(name).is_some()
            };
            self.time_model(
                name,
                &current,
                &features,
                Thoroughness::Full,
                WARM_UP_RUNS,
                wanted,
            )
            .await;
        }
        self.end(task);
    }

    /// Classify the first test images with some models.
    pub(super) fn evaluate(self: &Rc<Self>, task: TaskNumber, images: usize, models: Vec<String>) {
        self.task.set(Some(task));
        let worker = Rc::clone(self);
        spawn_local(async move {
            match worker.test_images().await {
                Ok((pictures, labels)) => {
                    let pairs: Vec<_> = pictures.iter().zip(labels).take(images).collect();
                    worker.classify(task, &pairs, models).await;
                }
                Err(message) if worker.task.get() == Some(task) => {
                    worker.task.set(None);
                    post(&Response::TaskFailed { task, message });
                }
                Err(_) => {}
            }
        });
    }

    /// End a task if it is under way.
    pub(super) fn cancel(&self, task: TaskNumber) {
        if self.task.get() == Some(task) {
            self.task.set(None);
            self.end_reading();
        }
    }

    /// Say that a task is complete, unless it was ended before.
    fn end(&self, task: TaskNumber) {
        if self.task.get() == Some(task) {
            self.task.set(None);
            post(&Response::TaskFinished { task });
        }
    }

    async fn test_images(self: &Rc<Self>) -> Result<(Vec<GrayImage>, Vec<Label>), String> {
        let [images, labels] = [SOURCE_FILES[2].name, SOURCE_FILES[3].name];
        let pictures = self.read_data(images, &self.reading).await?;
        let pictures = dataset::parse_images(images, &pictures).map_err(|e| e.to_string())?;
        let truth = self.read_data(labels, &self.reading).await?;
        let truth = dataset::parse_labels(labels, &truth).map_err(|e| e.to_string())?;
        Ok((pictures, truth))
    }

    async fn classify(&self, task: TaskNumber, pairs: &[(&GrayImage, Label)], models: Vec<String>) {
        let total = pairs.len();
        let mut correct: Vec<(String, usize)> = models.iter().map(|m| (m.clone(), 0)).collect();
        // What was not reported yet.
        let mut labels = ByteBuf::new();
        let mut answers: Vec<_> = models.into_iter().map(|m| (m, ByteBuf::new())).collect();
        let (mut done, mut slice) = (0, Slice::begin(now_ms()));
        for block in pairs.chunks(BATCH) {
            let features: Vec<Features> = block.iter().map(|(p, _)| normalize(p)).collect();
            labels.extend(block.iter().map(|(_, label)| label.index() as u8));
            for ((name, hits), (_, answers)) in correct.iter_mut().zip(&mut answers) {
                if slice.is_over(now_ms()) {
                    self.yielder.give_way().await;
                    slice = Slice::begin(now_ms());
                }
                if self.task.get() != Some(task) {
                    return;
                }
                let classes = self.classes(name, &features);
                let right = classes.iter().zip(block);
                let right =
                    right.filter(|(class, (_, label))| usize::from(**class) == label.index());
                *hits += right.count();
                answers.extend(classes);
            }
            let reported = done / REPORT_EVERY;
            done += block.len();
            if done / REPORT_EVERY > reported || done == total {
                post(&Response::Evaluated {
                    task,
                    done,
                    total,
                    correct: correct.clone(),
                    labels: std::mem::take(&mut labels),
                    answers: answers
                        .iter_mut()
                        .map(|(name, answers)| (name.clone(), std::mem::take(answers)))
                        .collect(),
                });
            }
        }
        self.end(task);
    }

    /// What a model takes pictures for, 0 to 9; one more than that where it gives no usable answer.
    fn classes(&self, name: &str, features: &[Features]) -> Vec<u8> {
        const NONE: u8 = CLASSES as u8;
        let classify = |network: &mut Network| network.logits_of_many(features);
        let Ok(logits) = self.compute(name, WeightSet::Photographs, classify) else {
            return vec![NONE; features.len()]; // It was discarded meanwhile, and its swatch says so.
        };
        let answers = logits.iter().map(Prediction::from_logits);
        answers
            .map(|answer| answer.map_or(NONE, |p| p.label().index() as u8))
            .collect()
    }
}
