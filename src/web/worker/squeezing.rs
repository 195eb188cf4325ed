//! The squeezed network: made anew for each stop of the dials, it answers the current picture at once and those that
//! follow in their turn. Then it is packed and scored. Of several stops that wait, only the newest is made.

use super::gzip;
use super::network::Network;
use super::squeezed::{KeptFile, Parsed, Present, Sizes, Wanted};
use super::state::{Current, Worker};
use super::tasks::BATCH;
use crate::calibration::Calibrated;
use crate::card::WeightSet;
use crate::classifier::Classifier;
use crate::loader;
use crate::preprocess::Features;
use crate::protocol::{Response, SqueezedNetwork, StopNumber};
use crate::qr::MOST_BYTES;
use crate::squeeze::{BITS, Setting, Source, is_packed, model_file, pack, squeeze};
use crate::web::scope::post;
use serde_bytes::ByteBuf;
use std::collections::hash_map::Entry;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

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
                if let Err(message) = worker.make(wanted).await {
                    post(&Response::SqueezeFailed { stop, message });
                }
            }
            worker.squeezing.is_busy.set(false);
        });
    }

    /// Answer with a stop, then score and pack it. What is packed comes out of its bytes as it went in (`tests/squeeze`),
    /// so the answer need not wait for them and is theirs.
    async fn make(self: &Rc<Self>, wanted: Wanted) -> Result<(), String> {
        let (stop, on) = (wanted.stop, wanted.on);
        self.squeezing.present.replace(Some(Present::new(wanted)));
        let current = self.current.borrow().clone();
        if let Some((current, features)) = current.and_then(|c| Some((c.clone(), c.features?))) {
            self.predict_squeezed(&current, &features);
        }
        self.score(stop, on);
        self.give_way_to_answers().await;
        if self.squeezing.is_waiting() {
            return Ok(());
        }
        self.pack_present()?;
        // The other set is ready before a picture of its kind comes.
        for set in [WeightSet::Photographs, WeightSet::Drawings] {
            self.give_way_to_answers().await;
            if self.squeezing.is_waiting() {
                break;
            }
            self.compute_squeezed(set, |_| ())?;
        }
        Ok(())
    }

    /// Let the present stop compute with the weights that answer pictures of a kind; none without a stop.
    ///
    /// # Errors
    /// Why it cannot be squeezed.
    pub(super) fn compute_squeezed<T>(
        &self,
        set: WeightSet,
        work: impl FnOnce(&mut Network) -> T,
    ) -> Result<Option<T>, String> {
        let mut present = self.squeezing.present.borrow_mut();
        let Some(Present {
            wanted, networks, ..
        }) = present.as_mut()
        else {
            return Ok(None);
        };
        let network = match networks.entry(self.set_of(&wanted.model, set)) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let network = self.squeezed_network(&wanted.model, wanted.setting, *entry.key())?;
                entry.insert(network)
            }
        };
        Ok(Some(work(network)))
    }

    /// Squeeze a set of a network's weights and compile it for the engine.
    pub(super) fn squeezed_network(
        &self,
        model: &str,
        setting: Setting,
        set: WeightSet,
    ) -> Result<Network, String> {
        let file = if setting.is_as_trained() {
            self.file(model, set)?
        } else {
            let source = self.source(model, set)?;
            let squeezed = squeeze(&source, setting).map_err(|e| e.to_string())?;
            squeezed.network.to_model_file()
        };
        let loaded = loader::load(model, &file, BATCH, || self.arithmetic())?;
        let temperature = self.temperature(model, set)?;
        Ok(Calibrated::new(loaded.classifier, temperature))
    }

    /// Pack the present stop and tell what it comes to; as trained, it is the released file.
    fn pack_present(&self) -> Result<(), String> {
        let Some(wanted) = self.squeezing.wanted_of_present() else {
            return Ok(());
        };
        let Wanted {
            stop,
            model,
            setting,
            ..
        } = wanted;
        let source = self.source(&model, WeightSet::Photographs)?;
        let squeezed = squeeze(&source, setting).map_err(|e| e.to_string())?;
        let file = if setting.is_as_trained() {
            self.released(&model, WeightSet::Photographs)?
        } else {
            pack(&squeezed.network)
        };
        let fits_code = is_packed(&file) && file.len() <= MOST_BYTES;
        let [weights, threads] = squeezed.network.weights_and_threads();
        post(&Response::Squeezed {
            stop,
            network: Box::new(SqueezedNetwork {
                size_bytes: file.len(),
                code: fits_code.then(|| ByteBuf::from(file.as_slice())),
                weights,
                threads,
                weave: squeezed.weave(&source),
                loupe: source.loupe(),
            }),
        });
        gzip::measure(stop, &file);
        Ok(())
    }

    /// Pack the network of a stop with every number of bits and say what it comes to, unless something else is asked for.
    pub(super) async fn measure_sizes(&self, stop: StopNumber) {
        let squeezing = &self.squeezing;
        let present = squeezing.wanted_of_present();
        let Some(Wanted { model, setting, .. }) = present.filter(|present| present.stop == stop)
        else {
            return;
        };
        let Ok(source) = self.source(&model, WeightSet::Photographs) else {
            return; // It was told when it was to be packed.
        };
        let scale = setting.scale();
        let known = squeezing
            .sizes
            .take()
            .filter(|s| s.model == model && s.scale == scale);
        let mut bytes = known.map_or_else(Vec::new, |sizes| sizes.bytes);
        for bits in BITS.into_iter().skip(1 + bytes.len()) {
            self.give_way_to_answers().await;
            let is_over = squeezing.is_waiting() || squeezing.scoring.wanted.get().is_some();
            if squeezing.stop() != Some(stop) || is_over {
                break;
            }
            let setting = Setting::new(bits, 0, scale);
            let Ok(squeezed) = setting.and_then(|setting| squeeze(&source, setting)) else {
                break;
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
        let Some(stop) = self.squeezing.answers(current.turn) else {
            return;
        };
        let answer = self.compute_squeezed(current.set, |network| network.predict_proba(features));
        post(&match answer {
            Ok(Some(Ok(prediction))) => Response::SqueezedPredicted {
                stop,
                number: current.number,
                prediction,
            },
            Ok(Some(Err(problem))) => Response::SqueezeFailed {
                stop,
                message: format!("So much squeezed, it gives no usable answer ({problem})."),
            },
            Ok(None) => return,
            Err(message) => Response::SqueezeFailed { stop, message },
        });
    }

    /// Send the weights file of a stop, if it is the present one.
    pub(super) fn send_squeezed_file(&self, stop: StopNumber) {
        let present = self.squeezing.wanted_of_present();
        let Some(Wanted { model, setting, .. }) = present.filter(|present| present.stop == stop)
        else {
            return;
        };
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
