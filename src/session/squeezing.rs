//! The dials, the search for the edge, and what the worker says of a stop.

use super::event::Effect;
use super::model::Model;
use super::squeeze::{Edge, Given, Grip, Squeeze};
use super::state::Session;
use super::task::Wish;
use crate::protocol::{Request, Response, StopNumber};
use crate::squeeze::{BITS, ImageSet, Score, Setting};

/// The accuracy that "Find the edge" may lose, in points.
const EDGE_POINTS: f64 = 1.0;

impl Session {
    /// The dials were moved, or let go.
    pub(super) fn squeeze_to(&mut self, network: &str, setting: Setting, grip: Grip) {
        let Some(network) = self
            .models
            .iter()
            .map(|m| m.name)
            .find(|name| *name == network)
        else {
            return;
        };
        let squeeze = self.squeeze_or_new(network, setting);
        squeeze.edge = Edge::Idle;
        let is_same = squeeze.stop > 0 && (squeeze.network, squeeze.setting) == (network, setting);
        if !is_same || squeeze.problem.is_some() {
            self.go(network, setting, grip.images());
        } else if grip.images().count() > squeeze.on.count()
            || squeeze.on == ImageSet::Validation1000
            || squeeze.unscored.is_some()
        {
            self.score_on(grip.images());
        }
        if grip == Grip::Released {
            self.announce_squeeze = true;
            self.announce_stop();
        }
        self.act(Effect::ShowSqueeze);
    }

    /// Score the present stop on all test images; pressed again, it ends there.
    pub(super) fn score_all(&mut self) {
        let Some(squeeze) = &self.squeeze else { return };
        let is_under_way = squeeze.on == ImageSet::Test10000 && squeeze.is_pending();
        self.score_on(if is_under_way {
            ImageSet::Test1000
        } else {
            ImageSet::Test10000
        });
        self.act(Effect::ShowSqueeze);
    }

    /// Look at the network as trained, or at the squeezed one again.
    pub(super) fn toggle_original(&mut self) {
        if let Some(squeeze) = &mut self.squeeze
            && !squeeze.setting.is_as_trained()
        {
            squeeze.shows_original = !squeeze.shows_original;
            self.act(Effect::ShowSqueeze);
        }
    }

    /// Begin the search for the edge; pressed while it goes on, end it where it is.
    pub(super) fn edge_pressed(&mut self) {
        let Some(squeeze) = &mut self.squeeze else {
            return;
        };
        if squeeze.edge.is_walking() {
            squeeze.edge = Edge::Cancelled;
            self.score_on(ImageSet::Test1000);
            self.act(Effect::Announce("Cancelled.".to_owned()));
        } else {
            squeeze.edge = Edge::Walking(None);
            let (network, scale) = (squeeze.network, squeeze.setting.scale());
            let as_trained = Setting::new(BITS[0], 0, scale).unwrap_or(Setting::AS_TRAINED);
            self.go(network, as_trained, ImageSet::Validation1000);
        }
        self.act(Effect::ShowSqueeze);
    }

    /// Ask for the file of the squeezed network.
    pub(super) fn ask_for_squeezed_file(&mut self) {
        if let Some(squeeze) = &self.squeeze
            && squeeze.made.is_some()
        {
            self.is_saving = true;
            let stop = squeeze.stop;
            self.act(Effect::ToWorker(Request::SqueezedFile { stop }));
        }
    }

    /// The visitor gave a weights file or packed bytes.
    pub(super) fn squeezed_file_given(&mut self, bytes: Result<Vec<u8>, String>) {
        match bytes {
            Ok(_) if self.worker.has_failed() => {
                self.message = Some("The networks cannot be squeezed now.".to_owned());
            }
            Ok(bytes) => {
                self.message = None;
                let is_sent = false;
                self.given = Some(Given { bytes, is_sent });
                self.send_given();
            }
            Err(message) => self.message = Some(message),
        }
    }

    /// Ask the worker what network was given, if it was not asked yet. It knows the networks that are loaded.
    pub(super) fn send_given(&mut self) {
        let is_running = self.worker.is_running();
        if let Some(given) = self
            .given
            .as_mut()
            .filter(|given| is_running && !given.is_sent)
        {
            given.is_sent = true;
            let bytes = given.bytes.clone();
            self.act(Effect::ToWorker(Request::Recognize { bytes }));
        }
    }

    /// Show the QR code of the present stop, if there is one, or close it.
    pub(super) fn show_code(&mut self, shows: bool) {
        if let Some(squeeze) = &mut self.squeeze {
            squeeze.shows_code = shows && squeeze.code().is_some();
            self.act(Effect::ShowSqueeze);
        }
    }

    /// The worker knows what network a file is of, or does not.
    pub(super) fn hear_of_file(&mut self, response: Response) {
        match response {
            Response::Recognized { model, setting } => {
                self.given = None;
                self.squeeze_to(&model, setting, Grip::Released);
            }
            Response::NotRecognized { message } => {
                let networks = |m: &&Model| m.is_network;
                if self.models.iter().filter(networks).all(Model::is_settled) {
                    self.given = None;
                    self.message = Some(message);
                } else if let Some(given) = &mut self.given {
                    // It may be of a network that is still on its way.
                    given.is_sent = false;
                }
            }
            _ => {}
        }
    }

    fn squeeze_or_new(&mut self, network: &'static str, setting: Setting) -> &mut Squeeze {
        let new = || Squeeze::new(network, setting);
        self.squeeze.get_or_insert_with(new)
    }

    fn go(&mut self, network: &'static str, setting: Setting, on: ImageSet) {
        self.squeeze_or_new(network, setting)
            .go(network, setting, on);
        self.is_saving = false;
        self.end_measurement();
        self.send_squeeze();
    }

    /// A measurement gives way, because the worker has one thread.
    fn end_measurement(&mut self) {
        if let Some(task) = self.task.take_if(|task| !task.wish.is_evaluation()) {
            self.act(Effect::ToWorker(Request::Cancel { task: task.number }));
        }
        self.queued.take_if(|wish| *wish == Wish::MeasureTheRest);
        self.rests += 1;
    }

    /// The stop that is to be timed beside its network as trained, if there is one.
    pub(super) fn stop_to_time(&self, wish: Wish) -> Option<StopNumber> {
        let squeeze = self.squeeze.as_ref()?;
        let is_wanted = match wish {
            Wish::Measure => true,
            Wish::MeasureTheRest => squeeze.latencies.is_none(),
            Wish::Evaluate(_) => false,
        };
        let is_there = squeeze.made.is_some() && squeeze.problem.is_none();
        let is_squeezed = !squeeze.setting.is_as_trained();
        (is_wanted && is_there && is_squeezed).then_some(squeeze.stop)
    }

    /// Ask the worker for the present stop, once the network is there.
    pub(super) fn send_squeeze(&mut self) {
        let is_running = self.worker.is_running();
        let trained_bits = self.trained_bits();
        let Some(squeeze) = &mut self.squeeze else {
            return;
        };
        let model = self.models.iter().find(|m| m.name == squeeze.network);
        if squeeze.is_sent || !is_running || !model.is_some_and(Model::is_ready) {
            return;
        }
        // How it was trained is known only now.
        squeeze.setting = squeeze.setting.of_trained(trained_bits);
        squeeze.is_sent = true;
        let request = Request::Squeeze {
            stop: squeeze.stop,
            model: squeeze.network.to_owned(),
            setting: squeeze.setting,
            on: squeeze.on,
        };
        self.act(Effect::ToWorker(request));
    }

    /// The program that squeezed ended; the next one is asked for the same stop.
    pub(super) fn unsend_squeeze(&mut self) {
        if let Some(squeeze) = &mut self.squeeze {
            squeeze.go(squeeze.network, squeeze.setting, squeeze.on);
            self.act(Effect::ShowSqueeze);
        }
    }

    fn score_on(&mut self, on: ImageSet) {
        let Some(squeeze) = &mut self.squeeze else {
            return;
        };
        squeeze.on = on;
        if squeeze.unscored.take().is_some() {
            self.message = None;
        }
        // A count on the same or more images stays until the new one is further.
        if squeeze
            .score
            .is_some_and(|score| score.on == ImageSet::Validation1000)
        {
            squeeze.score = None;
        }
        if squeeze.is_sent {
            let stop = squeeze.stop;
            self.end_measurement();
            self.act(Effect::ToWorker(Request::Score { stop, on }));
        }
    }

    pub(super) fn hear_of_squeeze(&mut self, response: Response) {
        let Some(stop) = stop_of(&response) else {
            return;
        };
        let current = self.pictures.garment();
        let Some(squeeze) = self.squeeze.as_mut().filter(|squeeze| squeeze.stop == stop) else {
            return; // It is of an earlier stop.
        };
        match response {
            Response::Squeezed { network, .. } => {
                squeeze.made = Some(network);
                squeeze.mark();
                if self.is_saving {
                    // The program that was asked for the file has ended.
                    self.ask_for_squeezed_file();
                }
            }
            Response::SqueezedPredicted {
                number, prediction, ..
            } if current == Some(number) => squeeze.answer = Some((number, prediction)),
            Response::SqueezedTimed { latencies, .. } => squeeze.latencies = Some(latencies),
            Response::SqueezedGzipped { size_bytes, .. } => {
                squeeze.gzipped_bytes = Some(size_bytes);
            }
            Response::SqueezedSizes { sizes, .. } => squeeze.sizes = sizes,
            Response::SqueezedScored { score, .. } if score.on == squeeze.on => {
                squeeze.score = Some(score);
                squeeze.mark();
                self.count_on(score);
            }
            Response::SqueezedFile { name, bytes, .. } => {
                self.is_saving = false;
                self.act(Effect::SaveFile(name, bytes));
            }
            Response::ScoreFailed { on, message, .. } if on == squeeze.on => {
                squeeze.edge = Edge::Idle;
                squeeze.unscored = Some(on);
                self.message = Some(message);
                self.rest();
            }
            Response::SqueezeFailed { message, .. } => {
                squeeze.edge = Edge::Idle;
                self.is_saving = false;
                squeeze.problem = Some(message);
                self.rest();
            }
            _ => {}
        }
        self.announce_stop();
        self.act(Effect::ShowSqueeze);
    }

    fn count_on(&mut self, score: Score) {
        if !score.is_complete() {
            return;
        }
        let Some(squeeze) = &self.squeeze else { return };
        if let Edge::Walking(best) = squeeze.edge {
            self.walk_on(best, score);
        } else {
            self.rest();
        }
    }

    /// One step of the search: go on to fewer bits, or back to the fewest that lose little enough.
    fn walk_on(&mut self, best: Option<(u8, Score)>, score: Score) {
        let trained_bits = self.trained_bits();
        let Some(squeeze) = &mut self.squeeze else {
            return;
        };
        let (network, setting) = (squeeze.network, squeeze.setting);
        let bits = setting.bits().min(trained_bits);
        let holds = score.points_lost() <= EDGE_POINTS;
        let best = if holds { Some((bits, score)) } else { best };
        let fewer = BITS.into_iter().find(|fewer| *fewer < bits);
        let at = |bits: u8| Setting::new(bits, 0, setting.scale()).ok();
        match (fewer.filter(|_| holds).and_then(at), best) {
            (Some(next), _) => {
                squeeze.edge = Edge::Walking(best);
                self.go(network, next, ImageSet::Validation1000);
            }
            (None, Some((bits, score))) => {
                squeeze.edge = Edge::Found(bits, score);
                match at(bits).filter(|edge| *edge != setting) {
                    Some(edge) => self.go(network, edge, ImageSet::Test1000),
                    None => self.score_on(ImageSet::Test1000),
                }
                self.announce_squeeze = true;
            }
            // As trained, nothing is lost.
            (None, None) => squeeze.edge = Edge::Idle,
        }
    }
}

/// The stop that a response is of.
fn stop_of(response: &Response) -> Option<StopNumber> {
    match response {
        Response::Squeezed { stop, .. }
        | Response::SqueezedPredicted { stop, .. }
        | Response::SqueezedTimed { stop, .. }
        | Response::SqueezedGzipped { stop, .. }
        | Response::SqueezedScored { stop, .. }
        | Response::SqueezedSizes { stop, .. }
        | Response::SqueezedFile { stop, .. }
        | Response::ScoreFailed { stop, .. }
        | Response::SqueezeFailed { stop, .. } => Some(*stop),
        _ => None,
    }
}
