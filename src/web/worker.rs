//! The worker: holds the models, answers requests, and lets a newer picture interrupt an older one.
//!
//! Work is cut into runs of one model. Between runs the worker hands control back to its event loop,
//! so a newer request is heard within one run of the slowest model.

use super::fetch;
use super::protocol::{Picture, Ready, Request, RequestNumber, Response, Seen};
use super::scope::{self, now_ms, post, scope};
use crate::calibration::Calibrated;
use crate::card::Summary;
use crate::catalog;
use crate::classifier::Classifier;
use crate::dataset::{self, SOURCE_FILES};
use crate::loader::{self, Loaded};
use crate::prediction::Prediction;
use crate::preprocess::{Features, normalize, preprocess};
use crate::timing::{Stopwatch, Thoroughness, WARM_UP_RUNS, clock_grain_ms};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// The longest time that the worker keeps control while it measures, in milliseconds.
const SLICE_MS: f64 = 40.0;
/// Test images between two reports of an evaluation.
const REPORT_EVERY: usize = 100;
/// Images that a model classifies at once in an evaluation; more would take the memory above 40 MB.
const BATCH: usize = 2;

/// A model that is ready.
struct Model {
    name: &'static str,
    classifier: Calibrated<Box<dyn Classifier>>,
}

/// How a program makes a model of its name and the bytes of its weights file.
pub type Load = fn(&str, &[u8]) -> Result<Loaded, String>;

/// Compile a network for the engine, or read a classical model.
///
/// # Errors
/// What is wrong with the bytes.
pub fn compile(name: &str, bytes: &[u8]) -> Result<Loaded, String> {
    loader::load(name, bytes, BATCH)
}

/// The worker's state, shared by the tasks that are under way.
#[derive(Clone)]
struct Worker {
    load: Load,
    models: Rc<RefCell<Vec<Model>>>,
    newest: Rc<Cell<RequestNumber>>,
    current: Rc<RefCell<Option<Features>>>,
    /// The clock's smallest step in milliseconds, once it is known.
    grain_ms: Rc<Cell<Option<f64>>>,
}

/// Fetch the models and listen for requests; the `main` of a worker program calls it once with its way to load
/// a model.
pub fn start(load: Load) {
    let worker = Worker {
        load,
        models: Rc::default(),
        newest: Rc::default(),
        current: Rc::default(),
        grain_ms: Rc::default(),
    };
    let loader = worker.clone();
    scope::start(move |request| worker.handle(request));
    spawn_local(async move { loader.load_models().await });
}

/// What this program's memory has grown to.
fn memory_bytes() -> usize {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
    buffer.byte_length() as usize
}

/// Let the event loop run, so that waiting messages are heard.
async fn yield_to_events() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        scope()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 0)
            .expect("timers can be set");
    });
    // A timer's promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

impl Worker {
    fn handle(&self, request: Request) {
        let worker = self.clone();
        match request {
            Request::Classify { number, picture } => {
                self.newest.set(number);
                spawn_local(async move { worker.classify(number, picture).await });
            }
            Request::Benchmark { number } => {
                self.newest.set(number);
                spawn_local(async move { worker.benchmark(number).await });
            }
            Request::Evaluate { number, images } => {
                self.newest.set(number);
                spawn_local(async move { worker.evaluate(number, images).await });
            }
            Request::Stop { number } => self.newest.set(number),
        }
    }

    fn is_stale(&self, number: RequestNumber) -> bool {
        self.newest.get() != number
    }

    fn grain_ms(&self) -> f64 {
        let grain = self
            .grain_ms
            .get()
            .unwrap_or_else(|| clock_grain_ms(now_ms));
        self.grain_ms.set(Some(grain));
        grain
    }

    async fn load_models(&self) {
        for model in catalog::in_load_order() {
            if let Err(message) = self.load_model(model.name).await {
                post(&Response::LoadFailed {
                    model: model.name.to_owned(),
                    message,
                });
            }
        }
    }

    async fn load_model(&self, name: &'static str) -> Result<(), String> {
        let card = fetch::bytes(&format!("models/{name}.json"), |_| ()).await?;
        let mut card: Summary = serde_json::from_slice(&card)
            .map_err(|e| format!("{name}.json is damaged ({e}). Reload the page."))?;
        let total = card.weights.size_bytes;
        let loading = |received| {
            post(&Response::Loading {
                model: name.to_owned(),
                received,
                total,
            });
        };
        loading(0);
        let bytes = fetch::bytes(&format!("models/{}", card.weights.file), loading).await?;
        if bytes.len() != total {
            return Err(format!(
                "{} has {} bytes, expected {total}. It is incomplete: reload the page.",
                card.weights.file,
                bytes.len()
            ));
        }
        let found = dataset::sha256(&bytes);
        if found != card.weights.sha256 {
            return Err(format!(
                "{} has sha256 {found}, its card says {}. Empty the browser's cache and reload the page.",
                card.weights.file, card.weights.sha256
            ));
        }
        let Loaded {
            classifier,
            path,
            integers,
        } = (self.load)(name, &bytes)
            .map_err(|e| format!("The weights of {name} are damaged: {e}. Reload the page."))?;
        if integers && let Some(accuracy) = card.integer_accuracy.take() {
            card.accuracy = accuracy;
        }
        drop(bytes);
        let mut classifier = Calibrated::new(classifier, card.temperature);
        let blank = normalize(&crate::image::GrayImage::black());
        let begin = now_ms();
        classifier.predict_proba(&blank)?;
        let cold_ms = now_ms() - begin;
        self.models.borrow_mut().push(Model { name, classifier });
        post(&Response::Loaded(Box::new(Ready {
            card,
            cold_ms,
            path: path.to_owned(),
            integers,
            memory_bytes: memory_bytes(),
        })));
        Ok(())
    }

    async fn classify(&self, number: RequestNumber, picture: Picture) {
        // Several pictures may be waiting; only the newest is worth the work.
        yield_to_events().await;
        if self.is_stale(number) {
            return;
        }
        *self.current.borrow_mut() = match picture {
            Picture::Prepared(image) => Some(normalize(&image)),
            Picture::Rgba(pixels) => {
                let begin = now_ms();
                let seen = Seen::from(preprocess(&pixels));
                let duration_ms = now_ms() - begin;
                let features = match &seen {
                    Seen::Blank => None,
                    Seen::Garment { image, .. } => Some(normalize(image)),
                };
                post(&Response::Preprocessed {
                    number,
                    seen,
                    duration_ms,
                });
                features
            }
        };
        let Some(features) = self.current.borrow().clone() else {
            return post(&Response::Finished { number });
        };
        let count = self.models.borrow().len();
        for index in 0..count {
            if self.is_stale(number) {
                return;
            }
            self.predict(number, index, &features);
            yield_to_events().await;
        }
        for index in 0..count {
            if !self
                .measure(number, index, &features, Thoroughness::Quick, 1)
                .await
            {
                return;
            }
        }
        post(&Response::Finished { number });
    }

    fn predict(&self, number: RequestNumber, index: usize, features: &Features) {
        let model = &mut self.models.borrow_mut()[index];
        match model.classifier.predict_proba(features) {
            Ok(prediction) => {
                post(&Response::Predicted {
                    number,
                    model: model.name.to_owned(),
                    prediction,
                });
            }
            Err(message) => post(&Response::Refused { number, message }),
        }
    }

    /// Time one model; false when a newer request interrupted it.
    async fn measure(
        &self,
        number: RequestNumber,
        index: usize,
        features: &Features,
        thoroughness: Thoroughness,
        warm_up: usize,
    ) -> bool {
        let run = || {
            // The answer was posted before; a NaN was refused then.
            let _ = self.models.borrow_mut()[index]
                .classifier
                .predict_proba(features);
        };
        let mut slice = now_ms();
        for _ in 0..warm_up {
            run();
            if now_ms() - slice > SLICE_MS {
                yield_to_events().await;
                slice = now_ms();
            }
            if self.is_stale(number) {
                return false;
            }
        }
        let mut stopwatch = Stopwatch::new(thoroughness, self.grain_ms());
        while !stopwatch.time(now_ms, run) {
            if now_ms() - slice > SLICE_MS {
                yield_to_events().await;
                slice = now_ms();
            }
            if self.is_stale(number) {
                return false;
            }
        }
        if let Some(latency) = stopwatch.latency() {
            let model = self.models.borrow()[index].name.to_owned();
            post(&Response::Measured {
                number,
                model,
                latency,
                thoroughness,
            });
        }
        true
    }

    async fn benchmark(&self, number: RequestNumber) {
        let Some(features) = self.current.borrow().clone() else {
            return post(&Response::Finished { number });
        };
        let count = self.models.borrow().len();
        for index in 0..count {
            self.predict(number, index, &features);
            if !self
                .measure(number, index, &features, Thoroughness::Full, WARM_UP_RUNS)
                .await
            {
                return;
            }
        }
        post(&Response::Finished { number });
    }

    async fn evaluate(&self, number: RequestNumber, images: usize) {
        let [images_name, labels_name] = [SOURCE_FILES[2].name, SOURCE_FILES[3].name];
        let read = async || -> Result<_, String> {
            let pictures = fetch::bytes(&format!("data/{images_name}"), |_| ()).await?;
            let labels = fetch::bytes(&format!("data/{labels_name}"), |_| ()).await?;
            let pictures = dataset::parse_images(images_name, &pictures);
            let labels = dataset::parse_labels(labels_name, &labels);
            Ok((
                pictures.map_err(|e| e.to_string())?,
                labels.map_err(|e| e.to_string())?,
            ))
        };
        let (pictures, labels) = match read().await {
            Ok(data) => data,
            Err(message) => return post(&Response::Refused { number, message }),
        };
        let total = images.min(pictures.len());
        let mut correct: Vec<(String, usize)> = self
            .models
            .borrow()
            .iter()
            .map(|m| (m.name.to_owned(), 0))
            .collect();
        let pairs: Vec<_> = pictures.iter().zip(&labels).take(total).collect();
        let (mut done, mut slice) = (0, now_ms());
        for block in pairs.chunks(BATCH) {
            // A timer waits 4 ms at least, so control is handed back as seldom as a visitor allows.
            if now_ms() - slice > SLICE_MS {
                yield_to_events().await;
                slice = now_ms();
            }
            if self.is_stale(number) {
                return;
            }
            let features: Vec<Features> = block.iter().map(|(p, _)| normalize(p)).collect();
            for (index, (_, hits)) in correct.iter_mut().enumerate() {
                let logits = self.models.borrow_mut()[index]
                    .classifier
                    .logits_of_many(&features);
                let answers = logits.iter().map(Prediction::from_logits);
                let right = answers.zip(block).filter(|(answer, (_, label))| {
                    answer.as_ref().is_ok_and(|p| p.label() == **label)
                });
                *hits += right.count();
            }
            let reported = done / REPORT_EVERY;
            done += block.len();
            if done / REPORT_EVERY > reported || done == total {
                post(&Response::Evaluated {
                    number,
                    done,
                    total,
                    correct: correct.clone(),
                });
            }
        }
        post(&Response::Finished { number });
    }
}
