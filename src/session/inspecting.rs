//! When a look inside is asked for, and what is found. What is shown is always of the current picture: it is forgotten
//! when another one takes its place, and asked for again while the visitor sees that part of the page.

use super::event::Effect;
use super::inspection::Look;
use super::model::Model;
use super::state::Session;
use super::task::Wish;
use crate::occlusion::Occlusion;
use crate::protocol::{Finding, Inspected, Inspection, InspectionNumber, Request};

impl Session {
    /// A look inside.
    pub fn look(&self, inspected: Inspected) -> &Look {
        &self.looks[inspected as usize]
    }

    /// Whether something is still to come of a look inside.
    pub(super) fn is_inspecting(&self) -> bool {
        self.looks.iter().any(Look::is_pending)
    }

    /// Whether such a wish is being fulfilled, or waits for its turn.
    fn has_wish(&self, is_such: impl Fn(Wish) -> bool) -> bool {
        let current = self.task.as_ref().map(|task| task.wish);
        current.into_iter().chain(self.queued).any(is_such)
    }

    /// Whether the visitor has asked for a measurement that is not complete.
    pub(super) fn is_measuring(&self) -> bool {
        self.has_wish(|wish| wish == Wish::Measure)
    }

    /// A part of the page came into view, or left it. What is under way goes on.
    pub(super) fn see(&mut self, inspected: Inspected, is_seen: bool) {
        let was_seen = std::mem::replace(&mut self.looks[inspected as usize].is_open, is_seen);
        if is_seen && !was_seen {
            // Out of sight it was not kept up to date.
            self.act(Effect::ShowInspection(inspected));
        }
    }

    /// The visitor chose the model to look into.
    pub(super) fn choose_inspected(&mut self, inspected: Inspected, model: &str) {
        let name = self.models.iter().map(|m| m.name).find(|n| *n == model);
        let look = &mut self.looks[inspected as usize];
        if let Some(name) = name.filter(|name| *name != look.model) {
            look.model = name;
            look.forget();
            self.act(Effect::ShowInspection(inspected));
        }
    }

    /// Forget what is of another picture, and ask for what is seen and not there.
    pub(super) fn inspect(&mut self) {
        let garment = self.pictures.garment();
        // A look inside would take the processor from a measurement that the visitor asked for, and from an evaluation.
        let waits = self.has_wish(|wish| wish != Wish::MeasureTheRest)
            || self.pictures.any_pending()
            || !self.worker.is_running();
        for inspected in [Inspected::Activations, Inspected::Occlusion] {
            let look = &self.looks[inspected as usize];
            let model = self.models.iter().find(|model| model.name == look.model);
            let is_ready = model.is_some_and(Model::is_ready);
            if look.picture.is_some() && (look.picture != garment || !is_ready) {
                self.looks[inspected as usize].forget();
                self.act(Effect::ShowInspection(inspected));
            }
            let look = &self.looks[inspected as usize];
            if look.is_open && look.picture.is_none() && is_ready && !waits {
                self.ask(inspected);
            }
        }
    }

    fn ask(&mut self, inspected: Inspected) {
        let Some(shown) = &self.pictures.shown else {
            return;
        };
        let Some(image) = shown.picture.seen.image() else {
            return;
        };
        self.inspections += 1;
        let look = &mut self.looks[inspected as usize];
        (look.number, look.picture) = (self.inspections, Some(shown.number));
        let inspection = Inspection {
            number: look.number,
            inspected,
            model: look.model.to_owned(),
            image: image.clone(),
            set: shown.picture.set,
        };
        // A measurement gives way, because the worker has one thread.
        if let Some(task) = self.task.take() {
            self.act(Effect::ToWorker(Request::Cancel { task: task.number }));
        }
        self.queued = None;
        self.rests += 1;
        self.act(Effect::ToWorker(Request::Inspect(Box::new(inspection))));
        self.act(Effect::ShowInspection(inspected));
    }

    pub(super) fn hear_of_inspection(&mut self, number: InspectionNumber, finding: Finding) {
        let is_this = |look: &&mut Look| look.number == number && look.picture.is_some();
        let Some(look) = self.looks.iter_mut().find(is_this) else {
            return; // It is of an earlier picture or model.
        };
        match finding {
            Finding::Activations(activations) => look.activations = Some(activations),
            Finding::TimeShares(shares) => {
                look.time_shares = shares;
                look.is_done = true;
            }
            Finding::Occlusion { answer, costs } => {
                let occlusion = look.occlusion.get_or_insert_with(|| Occlusion::new(answer));
                occlusion.extend(&costs);
                look.is_done = occlusion.is_complete();
            }
            Finding::None(problem) => {
                look.problem = Some(problem);
                look.is_done = true;
            }
        }
        let (inspected, is_done) = (look.inspected, look.is_done);
        self.act(Effect::ShowInspection(inspected));
        if is_done {
            self.rest();
        }
    }
}
