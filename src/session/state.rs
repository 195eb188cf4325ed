//! The session's fields, and what every part of it needs.

use super::availability::Availability;
use super::event::{Effect, Timer};
use super::inspection::Look;
use super::model::Model;
use super::picture::Pictures;
use super::programs::{Decoder, Worker};
use super::squeeze::{Given, Squeeze};
use super::task::{Evaluation, Task, Wish};
use crate::prediction::Verdict;
use crate::protocol::{Inspected, InspectionNumber, PictureNumber, TaskNumber};

/// Without input for so long, the full measurement starts by itself, in milliseconds.
pub const MEASURE_AFTER_MS: u32 = 2000;

/// The model that is looked into first.
const FIRST_LOOK: &str = "pocket";

/// The page's state.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) worker: Worker,
    pub(super) decoder: Decoder,
    pub(super) burn: Availability,
    pub(super) online: bool,
    pub(super) models: Vec<Model>,
    pub(super) pictures: Pictures,
    pub(super) task: Option<Task>,
    pub(super) queued: Option<Wish>,
    pub(super) tasks: TaskNumber,
    pub(super) evaluation: Evaluation,
    /// The squeezed network, once the dials have a stop.
    pub(super) squeeze: Option<Squeeze>,
    /// A weights file or packed bytes whose network is not known yet.
    pub(super) given: Option<Given>,
    /// The file of the squeezed network was asked for and is not here yet.
    pub(super) is_saving: bool,
    /// A dial was let go, and nothing was said of it yet.
    pub(super) announce_squeeze: bool,
    /// The latest picture that every loaded model has answered, and the latest whose answers were announced.
    pub(super) answered: Option<PictureNumber>,
    pub(super) announced: Option<PictureNumber>,
    /// The verdict on the latest picture that every loaded network answered.
    pub(super) verdict: Verdict,
    /// The latest sentence that is about one action of the visitor.
    pub(super) message: Option<String>,
    /// Counts the pauses that a measurement may follow.
    pub(super) rests: u64,
    /// The looks inside: the activations of a network, the occlusion map of a model.
    pub(super) looks: [Look; 2],
    /// Counts the looks that were asked for.
    pub(super) inspections: InspectionNumber,
    pub(super) effects: Vec<Effect>,
}

impl Session {
    /// A session with models of these names; the flag tells networks from classical models.
    pub fn new(models: impl IntoIterator<Item = (&'static str, bool)>) -> Self {
        let models: Vec<Model> = models
            .into_iter()
            .map(|(name, is_network)| Model::new(name, is_network))
            .collect();
        let names = || models.iter().map(|model| model.name);
        let first = names().find(|name| *name == FIRST_LOOK);
        let first = first.or_else(|| names().next()).unwrap_or_default();
        let looks = [Inspected::Activations, Inspected::Occlusion];
        Self {
            looks: looks.map(|inspected| Look::new(inspected, first)),
            inspections: 0,
            worker: Worker::default(),
            decoder: Decoder::default(),
            burn: Availability::default(),
            online: true,
            models,
            pictures: Pictures::default(),
            task: None,
            queued: None,
            tasks: 0,
            evaluation: Evaluation::default(),
            squeeze: None,
            given: None,
            is_saving: false,
            announce_squeeze: false,
            answered: None,
            announced: None,
            verdict: Verdict::Blank,
            message: None,
            rests: 0,
            effects: Vec::new(),
        }
    }

    pub(super) fn act(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn ready_models(&self) -> impl Iterator<Item = &Model> {
        self.models.iter().filter(|model| model.is_ready())
    }

    /// Wait for a pause in which to measure.
    pub(super) fn rest(&mut self) {
        self.rests += 1;
        let timer = Timer::Rest(self.rests);
        self.act(Effect::SetTimer(timer, MEASURE_AFTER_MS));
    }

    pub(super) fn show_all_models(&mut self) {
        let names: Vec<_> = self.models.iter().map(|m| m.name.to_owned()).collect();
        for name in names {
            self.act(Effect::ShowModel(name));
        }
    }
}
