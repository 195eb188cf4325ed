//! What the worker holds: models, the current picture, the task under way.

use super::inspected::Inspecting;
use super::network::Network;
use super::squeezed::{KeptFile, Squeezing};
use crate::arithmetic::{Arithmetic, Probe};
use crate::card::WeightSet;
use crate::loader::Loaded;
use crate::loading::Loads;
use crate::preprocess::Features;
use crate::probe::probe;
use crate::protocol::{PictureNumber, Response, TaskNumber};
use crate::timing::clock_grain_ms;
use crate::turns::Done;
use crate::web::scope::{Yielder, now_ms, post};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use web_sys::AbortController;

/// How a program makes a model of its name and the bytes of its weights file; it asks for what is fastest where layers
/// have integers.
pub type Load = fn(&str, &[u8], &dyn Fn() -> Arithmetic) -> Result<Loaded, String>;

/// A model that is ready.
pub struct Model {
    /// Its name in the catalog.
    pub name: &'static str,
    /// What computes a set of its weights; none while the other one is made.
    pub network: Option<(WeightSet, Network)>,
    /// What it did last.
    pub done: Done,
}

/// The picture that the models answer.
#[derive(Clone)]
pub struct Current {
    /// Its number on the page.
    pub number: PictureNumber,
    /// Its place among the pictures that came here, from 1: a picture may come twice.
    pub turn: u64,
    /// What the models get; none of a blank picture.
    pub features: Option<Features>,
    /// Which of a model's weights answer it.
    pub set: WeightSet,
}

/// What is shared by everything that is under way.
pub struct Worker {
    pub(super) load: Load,
    /// How fast integers are here, once it is known.
    pub(super) probe: OnceCell<Probe>,
    pub(super) loads: RefCell<Loads>,
    /// How the fetching of a model is ended.
    pub(super) fetching: RefCell<HashMap<&'static str, AbortController>>,
    /// [`Loads`] is told the time.
    pub(super) ticking: Cell<bool>,
    /// How the fetching of test images is ended.
    pub(super) reading: RefCell<Option<AbortController>>,
    pub(super) models: RefCell<Vec<Model>>,
    /// The weights files of the models that are ready, by name and set.
    pub(super) files: RefCell<HashMap<(&'static str, WeightSet), KeptFile>>,
    pub(super) squeezing: Squeezing,
    pub(super) inspecting: Inspecting,
    pub(super) current: RefCell<Option<Current>>,
    /// Pictures that came.
    pub(super) turns: Cell<u64>,
    /// The turn of the latest picture of which it was said that all is done.
    pub(super) finished: Cell<u64>,
    /// Answers are under way.
    pub(super) answering: Cell<bool>,
    pub(super) task: Cell<Option<TaskNumber>>,
    pub(super) yielder: Yielder,
    /// The clock's smallest step in milliseconds, once it is known.
    grain_ms: Cell<Option<f64>>,
}

impl Worker {
    /// A worker with nothing loaded, and the list of what it will load.
    pub fn new(load: Load, models: impl IntoIterator<Item = &'static str>) -> Rc<Self> {
        Rc::new(Self {
            load,
            probe: OnceCell::new(),
            loads: RefCell::new(Loads::new(models)),
            fetching: RefCell::default(),
            ticking: Cell::default(),
            reading: RefCell::default(),
            models: RefCell::default(),
            files: RefCell::default(),
            squeezing: Squeezing::default(),
            inspecting: Inspecting::default(),
            current: RefCell::default(),
            turns: Cell::default(),
            finished: Cell::default(),
            answering: Cell::default(),
            task: Cell::default(),
            yielder: Yielder::open(),
            grain_ms: Cell::default(),
        })
    }

    /// What wide pointwise layers are computed in: what is fastest here, measured when the first network asks.
    pub(super) fn arithmetic(&self) -> Arithmetic {
        let probe = || probe(&now_ms, self.grain_ms());
        self.probe.get_or_init(probe).fastest()
    }

    /// The smallest step of the clock, in milliseconds.
    pub(super) fn grain_ms(&self) -> f64 {
        let grain = self
            .grain_ms
            .get()
            .unwrap_or_else(|| clock_grain_ms(now_ms));
        self.grain_ms.set(Some(grain));
        grain
    }

    /// Whether the picture that came at this turn is still the current one.
    pub(super) fn is_current(&self, turn: u64) -> bool {
        self.turns.get() == turn
    }

    /// The position of a model.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.models
            .borrow()
            .iter()
            .position(|model| model.name == name)
    }

    /// A model gives no numbers: do without it.
    pub(super) fn discard(&self, name: &str, problem: &str) {
        self.models.borrow_mut().retain(|model| model.name != name);
        self.files
            .borrow_mut()
            .retain(|(model, _), _| *model != name);
        self.loads.borrow_mut().discard(name);
        post(&Response::LoadFailed {
            model: name.to_owned(),
            message: format!("{name} gives no usable answer ({problem}). Load it again."),
        });
    }
}
