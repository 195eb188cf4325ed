//! Fetching files: every model by itself, as `crate::loading` decides, and the test images.

use super::squeezed::{Fetched, KeptFile};
use super::state::{Model, Worker};
use crate::calibration::Calibrated;
use crate::card::{Summary, WeightSet, WeightsFile};
use crate::catalog;
use crate::classifier::Classifier;
use crate::dataset;
use crate::image::GrayImage;
use crate::loader::Loaded;
use crate::loading::{Action, Failure, STALL_MS};
use crate::preprocess::normalize;
use crate::protocol::{Ready, Response};
use crate::squeeze::model_file;
use crate::turns::Done;
use crate::weave::Weave;
use crate::web::fetch::{Fetch, FetchError, Sent};
use crate::web::scope::{self, memory_bytes, now_ms, post};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, AbortSignal};

/// How often the time is told while something is under way, in milliseconds.
const TICK_MS: i32 = 1000;
/// The longest card, in bytes.
const MOST_CARD_BYTES: usize = 1_000_000;

/// Why a model is not there.
struct Problem {
    failure: Failure,
    message: String,
}

impl From<FetchError> for Problem {
    fn from(error: FetchError) -> Self {
        let failure = match error {
            FetchError::Connection { .. } => Failure::Connection,
            FetchError::Status { .. } | FetchError::TooLong { .. } => Failure::Content,
        };
        Self {
            failure,
            message: error.to_string(),
        }
    }
}

/// A file that came, but is not what it should be.
fn unusable(message: String) -> Problem {
    Problem {
        failure: Failure::Content,
        message,
    }
}

/// The address of a weights file.
fn weights_url(file: &str) -> String {
    format!("models/{file}")
}

/// One attempt to load a model.
struct Attempt {
    name: &'static str,
    number: u32,
    signal: AbortSignal,
}

impl Attempt {
    fn ask<'a>(&self, url: &'a str) -> Sent<'a> {
        let fetch = Fetch::new(url).until(&self.signal);
        // What came first may have been an old file in a cache.
        if self.number > 1 {
            fetch.past_the_cache().send()
        } else {
            fetch.send()
        }
    }
}

impl Worker {
    /// Load every model, and go on until each is loaded or has failed.
    pub(super) fn load_models(self: &Rc<Self>) {
        self.proceed(0);
        if self.ticking.replace(true) {
            return;
        }
        let worker = Rc::clone(self);
        spawn_local(async move {
            while !worker.loads.borrow().is_settled() {
                let begin = now_ms();
                scope::sleep(TICK_MS).await;
                worker.proceed((now_ms() - begin) as u32);
            }
            worker.ticking.set(false);
        });
    }

    /// Let time pass, and do what is to be done then.
    fn proceed(self: &Rc<Self>, elapsed_ms: u32) {
        let actions = self.loads.borrow_mut().advance(elapsed_ms);
        for action in actions {
            match action {
                Action::Start { model, attempt } => self.begin(model, attempt),
                Action::Stall { model, retry_in_ms } => {
                    self.end_fetching(model);
                    post(&Response::Stalled {
                        model: model.to_owned(),
                        retry_in_ms,
                    });
                }
            }
        }
    }

    fn end_fetching(&self, model: &str) {
        if let Some(controller) = self.fetching.borrow_mut().remove(model) {
            controller.abort();
        }
    }

    fn begin(self: &Rc<Self>, name: &'static str, number: u32) {
        let controller = AbortController::new().expect("browsers with SIMD have it");
        let signal = controller.signal();
        self.fetching.borrow_mut().insert(name, controller);
        let attempt = Attempt {
            name,
            number,
            signal,
        };
        let worker = Rc::clone(self);
        spawn_local(async move {
            match worker.load(&attempt).await {
                Ok((model, ready)) => {
                    if worker.loads.borrow_mut().loaded(name, number) {
                        worker.models.borrow_mut().push(model);
                        post(&Response::Loaded(Box::new(ready)));
                        worker.answer();
                    }
                }
                Err(Problem { failure, message }) => {
                    if worker.loads.borrow_mut().failed(name, number, failure) {
                        worker.end_fetching(name);
                        let model = name.to_owned();
                        post(&Response::LoadFailed { model, message });
                    }
                }
            }
            worker.proceed(0);
        });
    }

    async fn load(&self, attempt: &Attempt) -> Result<(Model, Ready), Problem> {
        let name = attempt.name;
        let heard = || self.loads.borrow_mut().received(name, attempt.number);
        let url = format!("models/{name}.json");
        let sent = attempt.ask(&url).most_bytes(MOST_CARD_BYTES);
        // The first answer waits for one round trip less; others leave the browser's few connections to each other.
        let model = catalog::in_load_order().into_iter().next();
        let model = model.filter(|model| model.name == name);
        let early_url = model.map(|model| weights_url(model.file));
        let early = early_url.as_deref().map(|url| attempt.ask(url));
        let bytes = sent.bytes(|_| heard()).await?.to_vec();
        let card: Summary = serde_json::from_slice(&bytes).map_err(|e| {
            let (line, column) = (e.line(), e.column());
            unusable(format!(
                "{name}.json is no model's card (line {line}, column {column}). Load it again."
            ))
        })?;
        let damaged = |e| unusable(format!("{name}.json cannot be used: {e}. Load it again."));
        card.validate(name).map_err(damaged)?;
        let url = weights_url(&card.weights.file);
        let early = early.filter(|_| early_url.as_ref() == Some(&url));
        let first = early.unwrap_or_else(|| attempt.ask(&url));
        let drawings = card.drawings.as_ref();
        let before = card.weights.size_bytes;
        let total = before + drawings.map_or(0, |drawings| drawings.weights.size_bytes);
        let arrived = |received| {
            heard();
            let model = name.to_owned();
            post(&Response::Loading {
                model,
                received,
                total,
            });
        };
        arrived(0);
        let damaged = |e| {
            unusable(format!(
                "The weights of {name} are damaged: {e}. Load them again."
            ))
        };
        let (file, temperature) = (&card.weights, card.temperature);
        let Fetched { kept, mut model } = self.receive(first, file, temperature, arrived).await?;
        // Before the model takes memory, so that the little that this needs can be used again.
        let weave = Weave::of_file(&model).map_err(|e| damaged(e.to_string()))?;
        let mut files = vec![(WeightSet::Photographs, kept)];
        if let Some(drawings) = drawings {
            // One file at a time takes memory here.
            drop(model);
            let arrived = |received| arrived(before + received);
            let (file, temperature) = (&drawings.weights, drawings.temperature);
            let url = weights_url(&file.file);
            let sent = attempt.ask(&url);
            let fetched = self.receive(sent, file, temperature, arrived).await?;
            files.push((WeightSet::Drawings, fetched.kept));
            model = fetched.model;
        }
        self.prepare(name, card, weave, &model, files)
            .map_err(damaged)
    }

    /// Wait for a weights file and check it against its card; packed bytes are unpacked.
    async fn receive(
        &self,
        sent: Sent<'_>,
        WeightsFile {
            file,
            sha256: expected,
            size_bytes: total,
            ..
        }: &WeightsFile,
        temperature: f64,
        arrived: impl Fn(usize),
    ) -> Result<Fetched, Problem> {
        let bytes = sent.most_bytes(*total).bytes(arrived).await?;
        let found = bytes.length() as usize;
        if found != *total {
            return Err(unusable(format!(
                "{file} has {found} bytes, expected {total}: it is incomplete. Load it again."
            )));
        }
        // What follows takes the processor for a while, and memory for this file alone.
        self.give_way_to_answers().await;
        let content = bytes.to_vec();
        let found = dataset::sha256(&content);
        if !found.eq_ignore_ascii_case(expected) {
            return Err(unusable(format!(
                "{file} has sha256 {found}, its card says {expected}. Load it again."
            )));
        }
        let refuse = |e| unusable(format!("{file} cannot be used: {e}. Load it again."));
        let model = model_file(content).map_err(refuse)?;
        let kept = KeptFile { bytes, temperature };
        Ok(Fetched { kept, model })
    }

    /// Make a model of the last of its weights files, which are `bytes`, and let it run once: the first picture is a
    /// drawing, as a rule.
    fn prepare(
        &self,
        name: &'static str,
        mut card: Summary,
        weave: Weave,
        bytes: &[u8],
        files: Vec<(WeightSet, KeptFile)>,
    ) -> Result<(Model, Ready), String> {
        let (set, temperature) = files
            .last()
            .map(|(set, file)| (*set, file.temperature))
            .expect("a file");
        let has_integers = Cell::new(false);
        let fastest = || {
            has_integers.set(true);
            self.arithmetic()
        };
        let Loaded {
            classifier,
            path,
            integers,
        } = (self.load)(name, bytes, &fastest)?;
        if integers && let Some(accuracy) = card.integer_accuracy.take() {
            card.accuracy = accuracy;
        }
        let mut classifier = Calibrated::new(classifier, temperature);
        let begin = now_ms();
        classifier.predict_proba(&normalize(&GrayImage::black()))?;
        let cold_ms = now_ms() - begin;
        let ready = Ready {
            card,
            weave,
            cold_ms,
            path: path.to_owned(),
            integers,
            probe: self.probe.get().copied().filter(|_| has_integers.get()),
            memory_bytes: memory_bytes(),
        };
        let mut kept = self.files.borrow_mut();
        kept.extend(files.into_iter().map(|(set, file)| ((name, set), file)));
        let done = Done::default();
        let model = Model {
            name,
            network: Some((set, classifier)),
            done,
        };
        Ok((model, ready))
    }

    /// Fetch a file of the data set; what `reading` holds then ends it, and another call with the same one does.
    pub(super) async fn read_data(
        &self,
        name: &str,
        reading: &RefCell<Option<AbortController>>,
    ) -> Result<Vec<u8>, String> {
        let controller = AbortController::new().expect("browsers with SIMD have it");
        if let Some(earlier) = reading.replace(Some(controller.clone())) {
            earlier.abort();
        }
        // Milliseconds without a byte; none at the end.
        let silent_ms = Rc::new(Cell::new(Some(0)));
        let (watched, signal) = (Rc::clone(&silent_ms), controller.signal());
        spawn_local(async move {
            while let Some(silent) = watched.get() {
                if silent >= STALL_MS {
                    return controller.abort();
                }
                scope::sleep(TICK_MS).await;
                watched.set(watched.get().map(|ms| ms + TICK_MS as u32));
            }
        });
        let url = format!("data/{name}");
        let heard = |_| silent_ms.set(Some(0));
        let bytes = Fetch::new(&url).until(&signal).bytes(heard).await;
        let stalled = silent_ms.replace(None).is_some_and(|ms| ms >= STALL_MS);
        bytes.map_err(|e| {
            if stalled {
                let seconds = STALL_MS / 1000;
                format!("Nothing of {name} has arrived for {seconds} s. Check the connection and start again.")
            } else {
                e.to_string()
            }
        })
    }

    /// Stop fetching a file of the data set.
    pub(super) fn end_reading(&self) {
        if let Some(controller) = self.reading.take() {
            controller.abort();
        }
    }
}
