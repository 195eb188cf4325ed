//! Pictures: every model answers the current one and is timed for a few runs, a model that comes later by itself.

use super::network::Network;
use super::squeezed::Present;
use super::state::{Current, Worker};
use crate::card::WeightSet;
use crate::classifier::Classifier;
use crate::drawing::Levels;
use crate::image::GrayImage;
use crate::preprocess::{Features, normalize};
use crate::protocol::{PictureNumber, Response, Seen};
use crate::steps::shots;
use crate::timing::Thoroughness;
use crate::turns::{self, Done, Slice, Turn};
use crate::web::scope::{now_ms, post};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

impl Worker {
    /// Preprocess a drawing and make it the current picture.
    pub(super) fn draw(self: &Rc<Self>, number: PictureNumber, drawing: &Levels) {
        let begin = now_ms();
        let (prepared, shots) = shots(&drawing.to_rgba());
        let seen = Seen::from(prepared);
        let duration_ms = now_ms() - begin;
        let features = match &seen {
            Seen::Blank => None,
            Seen::Garment { image, .. } => Some(normalize(image)),
        };
        post(&Response::Preprocessed {
            number,
            seen,
            shots,
            duration_ms,
        });
        self.take(number, features, WeightSet::Drawings);
    }

    /// Make a picture in the models' form the current one; a set of their weights answers it.
    pub(super) fn show(self: &Rc<Self>, number: PictureNumber, image: &GrayImage, set: WeightSet) {
        self.take(number, Some(normalize(image)), set);
    }

    fn take(self: &Rc<Self>, number: PictureNumber, features: Option<Features>, set: WeightSet) {
        let turn = self.turns.get() + 1;
        self.turns.set(turn);
        self.current.replace(Some(Current {
            number,
            turn,
            features,
            set,
        }));
        self.answer();
    }

    /// See to it that what the current picture lacks is done.
    pub(super) fn answer(self: &Rc<Self>) {
        if !self.answering.replace(true) {
            let worker = Rc::clone(self);
            spawn_local(async move {
                worker.answer_all().await;
                worker.answering.set(false);
            });
        }
    }

    async fn answer_all(&self) {
        // Several pictures may have come; only the newest is worth the work.
        self.yielder.give_way().await;
        let mut slice = Slice::begin(now_ms());
        // Each round begins with what is current now.
        while let Some(current) = self.unfinished() {
            let (number, turn) = (current.number, current.turn);
            let Some(features) = &current.features else {
                self.finish(number, turn);
                continue;
            };
            match turns::next(&self.done(), turn) {
                // After the models comes the squeezed network.
                Some(Turn::Answer(index)) if index == self.models.borrow().len() => {
                    self.predict_squeezed(&current, features);
                }
                Some(Turn::Answer(index)) => self.predict(index, &current, features),
                Some(Turn::Time(index)) => {
                    let name = self.models.borrow()[index].name;
                    let wanted = || self.is_current(turn) && self.position(name).is_some();
                    self.time_model(name, &current, features, Thoroughness::Quick, 1, wanted)
                        .await;
                    self.mark(name, |done| done.timed = turn);
                }
                None => self.finish(number, turn),
            }
            if slice.is_over(now_ms()) {
                self.yielder.give_way().await;
                slice = Slice::begin(now_ms());
            }
        }
    }

    /// Let requests be heard and the current picture be answered, before work goes on that nobody sees so soon.
    pub(super) async fn give_way_to_answers(&self) {
        loop {
            self.yielder.give_way().await;
            let current = self.current.borrow();
            let garment = current.as_ref().filter(|c| c.features.is_some());
            let next = garment.and_then(|current| turns::next(&self.done(), current.turn));
            if !matches!(next, Some(Turn::Answer(_))) {
                return;
            }
        }
    }

    /// The current picture, while there is something to do for it.
    fn unfinished(&self) -> Option<Current> {
        let current = self.current.borrow().clone()?;
        let lacks = current.features.is_some() && turns::next(&self.done(), current.turn).is_some();
        (lacks || self.finished.get() != current.turn).then_some(current)
    }

    /// Say once of a picture that all is done.
    fn finish(&self, number: PictureNumber, turn: u64) {
        self.finished.set(turn);
        post(&Response::Answered { number });
    }

    fn done(&self) -> Vec<Done> {
        let models = self.models.borrow();
        let models = models.iter().map(|model| model.done);
        let squeezed = self.squeezing.present.borrow();
        models.chain(squeezed.as_ref().map(Present::done)).collect()
    }

    fn mark(&self, name: &str, mark: impl FnOnce(&mut Done)) {
        if let Some(index) = self.position(name) {
            mark(&mut self.models.borrow_mut()[index].done);
        }
    }

    fn predict(&self, index: usize, current: &Current, features: &Features) {
        let name = {
            let model = &mut self.models.borrow_mut()[index];
            model.done.answered = current.turn;
            model.name
        };
        let predict = |network: &mut Network| network.predict_proba(features);
        let answer = self.compute(name, current.set, predict).flatten();
        match answer {
            Ok(prediction) => post(&Response::Predicted {
                number: current.number,
                model: name.to_owned(),
                prediction,
            }),
            Err(problem) => self.discard(name, &problem),
        }
    }
}
