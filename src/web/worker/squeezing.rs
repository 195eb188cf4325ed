//! The squeezed network: made anew for each stop of the dials, it answers the current picture at once and those that
//! follow in their turn. Of several stops that wait, only the newest is made.

use super::gzip;
use super::network::Network;
use super::squeezed::{KeptFile, Parsed, Present, Sizes, Wanted};
use super::state::{Current, Worker};
use super::tasks::BATCH;
use crate::calibration::Calibrated;
use crate::card::WeightSet;
use crate::classifier::Classifier;
use crate::loader::{self, Loaded};
use crate::preprocess::Features;
use crate::protocol::{Response, SqueezedNetwork, StopNumber};
use crate::qr::MOST_BYTES;
use crate::squeeze::{
    BITS, Setting, Source, Squeezed, is_packed, model_file, pack, squeeze, unpack,
};
use crate::timing::{Thoroughness, WARM_UP_RUNS};
use crate::turns::Done;
use crate::web::scope::post;
use serde_bytes::ByteBuf;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// A set of weights that was squeezed.
struct Made {
    source: Rc<Source>,
    squeezed: Squeezed,
    /// The file that the engine reads.
    file: Vec<u8>,
    /// The packed bytes; none as trained.
    packed: Option<Vec<u8>>,
    network: Network,
}

impl Worker {
    /// Make a stop the present one, unless a newer one comes first.
    pub(super) fn squeeze(self: &Rc<Self>, wanted: Wanted) {
        self.squeezing.wanted.replace(Some(wanted));
        if self.squeezing.is_busy.replace(true) {
            return;
        }
        let worker = Rc::clone(self);
        spawn_local(async move {
            loop {
                worker.give_way_to_answers().await;
                let Some(wanted) = worker.squeezing.wanted.take() else {
                    break;
                };
                let stop = wanted.stop;
                if let Err(message) = worker.make(wanted) {
                    post(&Response::SqueezeFailed { stop, message });
                }
            }
            worker.squeezing.is_busy.set(false);
        });
    }

    /// Squeeze, pack, unpack, compile and answer, so that the answer is that of the packed bytes.
    fn make(self: &Rc<Self>, wanted: Wanted) -> Result<(), String> {
        let made = self.make_set(&wanted, WeightSet::Photographs)?;
        let drawings = if self.has(&wanted.model, WeightSet::Drawings) {
            Some(self.make_set(&wanted, WeightSet::Drawings)?.network)
        } else {
            None
        };
        let Made {
            source,
            squeezed,
            file,
            packed,
            network,
        } = made;
        let stop = wanted.stop;
        let on = wanted.on;
        self.squeezing.present.replace(Some(Present {
            wanted,
            photographs: network,
            drawings,
            done: Done::default(),
        }));
        let current = self.current.borrow().clone();
        if let Some((current, features)) = current.and_then(|c| Some((c.clone(), c.features?))) {
            self.predict_squeezed(&current, &features);
        }
        let [weights, threads] = squeezed.network.weights_and_threads();
        post(&Response::Squeezed {
            stop,
            network: Box::new(SqueezedNetwork {
                size_bytes: packed.as_ref().map_or(file.len(), Vec::len),
                code: packed
                    .as_deref()
                    .filter(|p| p.len() <= MOST_BYTES)
                    .map(ByteBuf::from),
                weights,
                threads,
                weave: squeezed.weave(&source),
                loupe: source.loupe(),
            }),
        });
        gzip::measure(stop, packed.as_ref().unwrap_or(&file));
        // It is timed in its turn, and scored beside everything else.
        self.answer();
        self.score(stop, on);
        self.measure_sizes(stop, source);
        Ok(())
    }

    /// Squeeze one set of a network's weights.
    fn make_set(&self, wanted: &Wanted, set: WeightSet) -> Result<Made, String> {
        let temperature = self.temperature(&wanted.model, set)?;
        let source = self.source(&wanted.model, set)?;
        let squeezed = squeeze(&source, wanted.setting).map_err(|e| e.to_string())?;
        let (file, packed) = if wanted.setting.is_as_trained() {
            let released = self.released(&wanted.model, set)?;
            let packed = is_packed(&released).then(|| released.clone());
            let file = model_file(released).map_err(|e| e.to_string())?;
            (file, packed)
        } else {
            let packed = pack(&squeezed.network);
            let network = unpack(&packed).map_err(|e| e.to_string())?;
            (network.to_model_file(), Some(packed))
        };
        let Loaded { classifier, .. } =
            loader::load(&wanted.model, &file, BATCH, || self.arithmetic())?;
        Ok(Made {
            source,
            squeezed,
            file,
            packed,
            network: Calibrated::new(classifier, temperature),
        })
    }

    /// Pack the network with every number of bits and say what it comes to, unless a newer stop comes first.
    fn measure_sizes(self: &Rc<Self>, stop: StopNumber, source: Rc<Source>) {
        let worker = Rc::clone(self);
        spawn_local(async move {
            let squeezing = &worker.squeezing;
            let present = squeezing
                .present
                .borrow()
                .as_ref()
                .map(|p| p.wanted.clone());
            let Some(Wanted { model, setting, .. }) = present else {
                return;
            };
            let scale = setting.scale();
            let known = squeezing
                .sizes
                .take()
                .filter(|s| s.model == model && s.scale == scale);
            let mut bytes = known.map_or_else(Vec::new, |sizes| sizes.bytes);
            for bits in BITS.into_iter().skip(1 + bytes.len()) {
                worker.give_way_to_answers().await;
                if squeezing.stop() != Some(stop) || squeezing.is_waiting() {
                    break;
                }
                let setting = Setting::new(bits, 0, scale);
                let Ok(squeezed) = setting.and_then(|setting| squeeze(&source, setting)) else {
                    return;
                };
                bytes.push((bits, pack(&squeezed.network).len()));
            }
            if bytes.len() + 1 == BITS.len() {
                let sizes = bytes.clone();
                post(&Response::SqueezedSizes { stop, sizes });
            }
            squeezing.sizes.replace(Some(Sizes {
                model,
                scale,
                bytes,
            }));
        });
    }

    /// Whether a model that is ready has a set of weights of its own.
    pub(super) fn has(&self, model: &str, set: WeightSet) -> bool {
        let files = self.files.borrow();
        files.keys().any(|(name, of)| *name == model && *of == set)
    }

    /// What is asked of a ready model's file of a set.
    fn kept<T>(
        &self,
        model: &str,
        set: WeightSet,
        ask: impl Fn(&KeptFile) -> T,
    ) -> Result<T, String> {
        let files = self.files.borrow();
        let mut files = files.iter();
        let file = files.find(|((name, of), _)| *name == model && *of == set);
        file.map(|(_, file)| ask(file))
            .ok_or_else(|| not_loaded(model))
    }

    /// A ready model's released file of a set, packed or not.
    fn released(&self, model: &str, set: WeightSet) -> Result<Vec<u8>, String> {
        self.kept(model, set, |file| file.bytes.to_vec())
    }

    /// A ready model's weights file of a set, unpacked.
    pub(super) fn file(&self, model: &str, set: WeightSet) -> Result<Vec<u8>, String> {
        model_file(self.released(model, set)?).map_err(|e| e.to_string())
    }

    /// What the logits of a ready model's set are divided by.
    pub(super) fn temperature(&self, model: &str, set: WeightSet) -> Result<f64, String> {
        self.kept(model, set, |file| file.temperature)
    }

    /// A set of a network's weights; those of the latest network are kept, so that its next stop reads no file.
    pub(super) fn source(&self, model: &str, set: WeightSet) -> Result<Rc<Source>, String> {
        let mut parsed = self.squeezing.parsed.borrow_mut();
        parsed.retain(|parsed| parsed.model == model);
        if let Some(parsed) = parsed.iter().find(|parsed| parsed.set == set) {
            return Ok(Rc::clone(&parsed.source));
        }
        let source = Source::parse(&self.file(model, set)?)
            .map_err(|e| format!("{model} cannot be squeezed: {e}."))?;
        let source = Rc::new(source);
        parsed.push(Parsed {
            model: model.to_owned(),
            set,
            source: Rc::clone(&source),
        });
        Ok(source)
    }

    /// Let the squeezed network answer a picture.
    pub(super) fn predict_squeezed(&self, current: &Current, features: &Features) {
        let (stop, answer) = {
            let mut present = self.squeezing.present.borrow_mut();
            let Some(present) = present.as_mut() else {
                return;
            };
            present.done.answered = current.turn;
            (
                present.wanted.stop,
                present.network(current.set).predict_proba(features),
            )
        };
        post(&match answer {
            Ok(prediction) => Response::SqueezedPredicted {
                stop,
                number: current.number,
                prediction,
            },
            Err(problem) => Response::SqueezeFailed {
                stop,
                message: format!(
                    "So much squeezed, the network gives no usable answer ({problem})."
                ),
            },
        });
    }

    /// Time the squeezed network for a few runs on a picture. On the first of a stop it runs before, until its program is
    /// fast.
    pub(super) async fn time_squeezed(&self, current: &Current, features: &Features) {
        let turn = current.turn;
        let Some(stop) = self.squeezing.stop() else {
            return;
        };
        let is_new = {
            let present = self.squeezing.present.borrow();
            present.as_ref().is_some_and(|p| p.done.timed == 0)
        };
        let warm_up_runs = if is_new { WARM_UP_RUNS } else { 0 };
        let run = || {
            if let Some(present) = self.squeezing.present.borrow_mut().as_mut() {
                // The answer was given before; one that is no number was told of then.
                let _ = present.network(current.set).predict_proba(features);
            }
        };
        let is_present = || self.squeezing.stop() == Some(stop) && !self.squeezing.is_waiting();
        let wanted = || self.is_current(turn) && is_present();
        if let Some(latency) = self
            .time(run, Thoroughness::Quick, warm_up_runs, wanted)
            .await
        {
            post(&Response::SqueezedTimed { stop, latency });
        }
        if let Some(present) = self.squeezing.present.borrow_mut().as_mut()
            && present.wanted.stop == stop
        {
            present.done.timed = turn;
        }
    }

    /// Send the weights file of a stop, if it is the present one.
    pub(super) fn send_squeezed_file(&self, stop: StopNumber) {
        let wanted = {
            let present = self.squeezing.present.borrow();
            let present = present
                .as_ref()
                .filter(|present| present.wanted.stop == stop);
            let Some(present) = present else { return };
            present.wanted.clone()
        };
        let Wanted { model, setting, .. } = wanted;
        let bytes = if setting.is_as_trained() {
            self.file(&model, WeightSet::Photographs)
        } else {
            self.source(&model, WeightSet::Photographs)
                .and_then(|source| {
                    let squeezed = squeeze(&source, setting).map_err(|e| e.to_string())?;
                    Ok(squeezed.network.to_model_file())
                })
        };
        post(&match bytes {
            Ok(bytes) => Response::SqueezedFile {
                stop,
                name: format!("{}.safetensors", setting.file_stem(&model)),
                bytes,
            },
            Err(message) => Response::SqueezeFailed { stop, message },
        });
    }
}

fn not_loaded(model: &str) -> String {
    format!("{model} is not loaded yet.")
}
