//! What the worker says of one model: on its way, ready, its answer, its time; and the verdict that follows.

use super::event::Effect;
use super::model::{Model, Stage, Timed};
use super::state::Session;
use crate::prediction::{Prediction, Verdict};
use crate::protocol::{PictureNumber, Response};
use crate::timing::Thoroughness;

impl Session {
    pub(super) fn hear_of_model(&mut self, response: Response) {
        let name = match &response {
            Response::Loaded(ready) => ready.card.name.clone(),
            Response::Loading { model, .. }
            | Response::Stalled { model, .. }
            | Response::LoadFailed { model, .. }
            | Response::Predicted { model, .. }
            | Response::Measured { model, .. } => model.clone(),
            _ => return,
        };
        let Some(model) = self.models.iter_mut().find(|model| model.name == name) else {
            return;
        };
        match response {
            Response::Loading {
                received, total, ..
            } => model.stage = Stage::Loading { received, total },
            Response::Stalled { retry_in_ms, .. } => {
                model.stage = Stage::Stalled { retry_in_ms };
            }
            Response::LoadFailed { message, .. } => {
                model.unload();
                let said = format!("{name} did not arrive: {message}");
                model.stage = Stage::Failed { message };
                self.act(Effect::Announce(said));
                self.send_given();
            }
            Response::Loaded(ready) => {
                model.stage = Stage::Ready(ready);
                self.act(Effect::ShowTimes);
                self.rest();
                self.send_squeeze();
                self.send_given();
                if self.models.iter().all(Model::is_ready) {
                    // From now on a file can be read without a connection.
                    self.start_decoder();
                }
            }
            Response::Predicted {
                number, prediction, ..
            } => {
                if self.pictures.is_current(number) && model.is_ready() {
                    model.answer = Some((number, prediction));
                    self.judge(number);
                }
                self.landed(number);
            }
            Response::Measured {
                number,
                latency,
                thoroughness,
                ..
            } => {
                if !self.pictures.is_current(number) || !model.is_ready() {
                    return;
                }
                // A few runs say less than the full measurement on the same picture.
                if thoroughness == Thoroughness::Full || !model.is_measured_on(number) {
                    model.timed = Some(Timed {
                        number,
                        latency,
                        thoroughness,
                    });
                }
                self.act(Effect::ShowTimes);
            }
            _ => {}
        }
        if self
            .squeeze
            .as_ref()
            .is_some_and(|squeeze| squeeze.network == name)
        {
            self.act(Effect::ShowSqueeze);
        }
        self.act(Effect::ShowModel(name));
    }

    /// Form the verdict once every network that takes part in it and is ready has answered.
    pub(super) fn judge(&mut self, number: PictureNumber) {
        let Some(shown) = &self.pictures.shown else {
            return;
        };
        let Some(image) = shown.picture.seen.image() else {
            return;
        };
        let networks = self.ready_models().filter(|model| model.is_judge());
        let judged = |model: &Model| {
            let answer = model.answer_to(number)?;
            let card = model.card();
            let familiarity = card.and_then(|card| card.familiarity_of(shown.picture.set));
            Some((answer, familiarity.map(|f| f.log_odds(&answer, image))))
        };
        let answers: Option<Vec<_>> = networks.map(judged).collect();
        if let Some(answers) = answers.filter(|answers| !answers.is_empty()) {
            self.verdict = Verdict::of(&answers);
        }
    }

    /// Let a screen reader say what the networks answer: once a picture, and not while more is being drawn.
    pub(super) fn announce_answers(&mut self) {
        let more_comes = self.pictures.is_held || self.pictures.drawing.is_some();
        let current = self.pictures.garment();
        if more_comes || current.is_none() || self.answered != current || self.announced == current
        {
            return;
        }
        let say = |(name, answer): (&str, Prediction)| {
            let percent = answer.confidence() * 100.0;
            format!("{name}: {}, {percent:.0} %", answer.label().name())
        };
        let answers: Vec<String> = self.network_answers().map(say).collect();
        if !answers.is_empty() {
            self.announced = current;
            self.act(Effect::Announce(answers.join("; ")));
        }
    }
}
