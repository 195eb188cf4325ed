//! Tasks: measuring models on the current picture, and classifying test images. One at a time; a newer one or a
//! cancellation ends it without a word, because the page knows.

use super::helpers::{Helper, Shared};
use super::network::Network;
use super::state::Worker;
use crate::card::WeightSet;
use crate::classifier::Classifier;
use crate::dataset::{self, SOURCE_FILES, Samples};
use crate::image::GrayImage;
use crate::preprocess::{Features, normalize};
use crate::protocol::{Response, StopNumber, TaskNumber};
use crate::shares::{NO_CLASS, class_of};
use crate::timing::{Thoroughness, WARM_UP_RUNS};
use crate::turns::Slice;
use crate::web::scope::{self, now_ms, post};
use serde_bytes::ByteBuf;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// How long the helpers are waited for at a time, and at most until their blocks are done here, in milliseconds.
const WAIT_MS: i32 = 10;
const MOST_WAIT_MS: i32 = 20_000;
/// Images that a model classifies at once in an evaluation. The buffers of every network grow with it.
pub const BATCH: usize = 2;

impl Worker {
    /// Measure a stop of the squeeze and models on the current picture.
    pub(super) fn measure(
        self: &Rc<Self>,
        task: TaskNumber,
        stop: Option<StopNumber>,
        models: Vec<String>,
    ) {
        self.task.set(Some(task));
        let worker = Rc::clone(self);
        spawn_local(async move { worker.measure_all(task, stop, &models).await });
    }

    async fn measure_all(&self, task: TaskNumber, stop: Option<StopNumber>, models: &[String]) {
        // Nothing else may run beside a measurement.
        while self.answering.get()
            || self.squeezing.is_busy.get()
            || self.squeezing.scoring.is_busy.get()
            || self.inspecting.is_busy()
        {
            self.yielder.give_way().await;
        }
        let current = self.current.borrow().clone();
        let Some((current, features)) = current.and_then(|c| Some((c.clone(), c.features?))) else {
            return self.end(task);
        };
        let goes_on = || self.task.get() == Some(task) && self.is_current(current.turn);
        if let Some(stop) = stop {
            self.time_squeezed(stop, &current, &features, goes_on).await;
        }
        for name in models {
            let wanted = || goes_on() && self.position(name).is_some();
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
                Ok(mut samples) => {
                    samples.images.truncate(images);
                    samples.labels.truncate(images);
                    worker.classify(task, samples, models).await;
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

    async fn test_images(self: &Rc<Self>) -> Result<Samples, String> {
        let [images, labels] = [SOURCE_FILES[2].name, SOURCE_FILES[3].name];
        let pictures = self.read_data(images, &self.reading).await?;
        let pictures = dataset::parse_images(images, &pictures).map_err(|e| e.to_string())?;
        let truth = self.read_data(labels, &self.reading).await?;
        let truth = dataset::parse_labels(labels, &truth).map_err(|e| e.to_string())?;
        Ok(Samples {
            images: pictures,
            labels: truth,
        })
    }

    /// Classify images with some models, with helpers where the machine has cores for them.
    async fn classify(self: &Rc<Self>, task: TaskNumber, samples: Samples, models: Vec<String>) {
        let mut report = Report::new(task, samples.len(), &models);
        let shared = Rc::new(Shared::new(samples));
        let helpers = Helper::start_all(self, &models, &shared);
        let mut waited_ms = 0;
        loop {
            while let Some((block, answers)) = shared.blocks.borrow_mut().report() {
                post(&report.add(&shared.labels(block), answers));
                waited_ms = 0;
            }
            if self.task.get() != Some(task) {
                return;
            }
            if shared.blocks.borrow().is_complete() {
                break;
            }
            let block = shared.blocks.borrow_mut().take();
            if let Some(block) = block {
                let Some(answers) = self
                    .classify_block(task, shared.images(block), &models)
                    .await
                else {
                    return;
                };
                shared.blocks.borrow_mut().put(block, answers);
            } else {
                scope::sleep(WAIT_MS).await;
                waited_ms += WAIT_MS;
                if waited_ms >= MOST_WAIT_MS {
                    // A helper may have ended without a word.
                    shared.blocks.borrow_mut().give_all_back();
                    waited_ms = 0;
                }
            }
        }
        drop(helpers);
        self.end(task);
    }

    /// The models' answers to a block of images; none when the task was ended.
    async fn classify_block(
        &self,
        task: TaskNumber,
        images: &[GrayImage],
        models: &[String],
    ) -> Option<Vec<ByteBuf>> {
        let mut answers = vec![ByteBuf::new(); models.len()];
        let mut slice = Slice::begin(now_ms());
        for images in images.chunks(BATCH) {
            let features: Vec<Features> = images.iter().map(normalize).collect();
            for (name, answers) in models.iter().zip(&mut answers) {
                if slice.is_over(now_ms()) {
                    self.yielder.give_way().await;
                    slice = Slice::begin(now_ms());
                }
                if self.task.get() != Some(task) {
                    return None;
                }
                answers.extend(self.classes(name, &features));
            }
        }
        Some(answers)
    }

    /// What a model takes pictures for, 0 to 9; one more than that where it gives no usable answer.
    fn classes(&self, name: &str, features: &[Features]) -> Vec<u8> {
        let classify = |network: &mut Network| network.logits_of_many(features);
        let Ok(logits) = self.compute(name, WeightSet::Photographs, classify) else {
            return vec![NO_CLASS; features.len()]; // It was discarded meanwhile, and its swatch says so.
        };
        logits.iter().map(class_of).collect()
    }
}

/// What is said of an evaluation while it goes on.
struct Report {
    task: TaskNumber,
    total: usize,
    done: usize,
    /// For each model its name and the images it classified correctly.
    correct: Vec<(String, usize)>,
}

impl Report {
    fn new(task: TaskNumber, total: usize, models: &[String]) -> Self {
        Self {
            task,
            total,
            done: 0,
            correct: models.iter().map(|name| (name.clone(), 0)).collect(),
        }
    }

    /// The next block: its labels, and for each model its answers.
    fn add(&mut self, labels: &[u8], answers: Vec<ByteBuf>) -> Response {
        self.done += labels.len();
        for ((_, hits), answers) in self.correct.iter_mut().zip(&answers) {
            let pairs = answers.iter().zip(labels);
            *hits += pairs.filter(|(class, label)| class == label).count();
        }
        let names = self.correct.iter().map(|(name, _)| name.clone());
        Response::Evaluated {
            task: self.task,
            done: self.done,
            total: self.total,
            correct: self.correct.clone(),
            labels: ByteBuf::from(labels),
            answers: names.zip(answers).collect(),
        }
    }
}
