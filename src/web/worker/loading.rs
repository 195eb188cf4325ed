//! Fetching files: every model by itself, as `crate::loading` decides, and the test images.

use super::squeezed::{Fetched, KeptFile};
use super::state::{Model, Worker};
use crate::calibration::Calibrated;
use crate::card::{Summary, WeightSet, WeightsFile};
use crate::classifier::Classifier;
use crate::dataset;
use crate::image::GrayImage;
use crate::loader::Loaded;
use crate::loading::{Action, Failure, STALL_MS};
use crate::preprocess::normalize;
use crate::protocol::{Ready, Response};
use crate::squeeze::{is_packed, model_file};
use crate::turns::Done;
use crate::weave::Weave;
use crate::web::fetch::{Fetch, FetchError};
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

/// One attempt to load a model.
struct Attempt {
    name: &'static str,
    number: u32,
    signal: AbortSignal,
}

impl Attempt {
    fn fetch<'a>(&self, url: &'a str, most_bytes: usize) -> Fetch<'a> {
        let fetch = Fetch::new(url).most_bytes(most_bytes).until(&self.signal);
        // What came first may have been an old file in a cache.
        if self.number > 1 {
            fetch.past_the_cache()
        } else {
            fetch
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
                    if let Some(controller) = self.fetching.borrow_mut().remove(model) {
                        controller.abort();
                    }
                    post(&Response::Stalled {
                        model: model.to_owned(),
                        retry_in_ms,
                    });
                }
            }
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
        let bytes = attempt.fetch(&url, MOST_CARD_BYTES).bytes(|_| heard());
        let card: Summary = serde_json::from_slice(&bytes.await?).map_err(|e| {
            let (line, column) = (e.line(), e.column());
            unusable(format!(
                "{name}.json is no model's card (line {line}, column {column}). Load it again."
            ))
        })?;
        let damaged = |e| unusable(format!("{name}.json cannot be used: {e}. Load it again."));
        card.validate(name).map_err(damaged)?;
        let drawings = card.drawings.as_ref().map(|drawings| &drawings.weights);
        let total = card.weights.size_bytes + drawings.map_or(0, |file| file.size_bytes);
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
        let mut fetched = self.fetch_weights(attempt, &card.weights, arrived).await?;
        let damaged = |e| {
            unusable(format!(
                "The weights of {name} are damaged: {e}. Load them again."
            ))
        };
        // Before the model takes memory, so that the little that this needs can be used again.
        let weave = Weave::of_file(&fetched.model).map_err(|e| damaged(e.to_string()))?;
        let mut files = vec![(
            WeightSet::Photographs,
            KeptFile::new(&fetched, card.temperature),
        )];
        if let Some(drawings) = &card.drawings {
            // One file at a time takes memory here.
            drop(fetched);
            let before = card.weights.size_bytes;
            let arrived = |received| arrived(before + received);
            fetched = self
                .fetch_weights(attempt, &drawings.weights, arrived)
                .await?;
            files.push((
                WeightSet::Drawings,
                KeptFile::new(&fetched, drawings.temperature),
            ));
        }
        self.prepare(name, card, weave, &fetched.model, files)
            .map_err(damaged)
    }

    /// Fetch a weights file and check it against its card; packed bytes are unpacked.
    async fn fetch_weights(
        &self,
        attempt: &Attempt,
        WeightsFile {
            file,
            sha256: expected,
            size_bytes: total,
            ..
        }: &WeightsFile,
        arrived: impl Fn(usize),
    ) -> Result<Fetched, Problem> {
        let url = format!("models/{file}");
        let bytes = attempt.fetch(&url, *total).bytes(arrived).await?;
        if bytes.len() != *total {
            let found = bytes.len();
            return Err(unusable(format!(
                "{file} has {found} bytes, expected {total}: it is incomplete. Load it again."
            )));
        }
        // What follows takes the processor for a while.
        self.give_way_to_answers().await;
        let found = dataset::sha256(&bytes);
        if !found.eq_ignore_ascii_case(expected) {
            return Err(unusable(format!(
                "{file} has sha256 {found}, its card says {expected}. Load it again."
            )));
        }
        let packed = is_packed(&bytes).then(|| bytes.clone());
        let refuse = |e| unusable(format!("{file} cannot be used: {e}. Load it again."));
        let model = model_file(bytes).map_err(refuse)?;
        Ok(Fetched { model, packed })
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
        let Loaded {
            classifier,
            path,
            integers,
        } = (self.load)(name, bytes)?;
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
