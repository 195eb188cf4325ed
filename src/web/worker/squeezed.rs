//! What squeezing and scoring hold: the stops that were asked for, the one that answers, and what was counted.

use super::network::Network;
use crate::card::WeightSet;
use crate::dataset::Samples;
use crate::protocol::StopNumber;
use crate::squeeze::{ImageSet, Scale, Setting, Source};
use crate::turns::Done;
use js_sys::Uint8Array;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use web_sys::AbortController;

/// A weights file of a model that is ready, kept outside of this program's memory.
pub struct KeptFile {
    /// The bytes as they were fetched, packed or not.
    pub bytes: Uint8Array,
    /// What the logits are divided by.
    pub temperature: f64,
}

/// A weights file that was fetched.
pub struct Fetched {
    /// What is kept of it.
    pub kept: KeptFile,
    /// The bytes of the weights file, unpacked.
    pub model: Vec<u8>,
}

/// A stop that was asked for.
#[derive(Clone)]
pub struct Wanted {
    /// Its number.
    pub stop: StopNumber,
    /// The network.
    pub model: String,
    /// How much it is squeezed.
    pub setting: Setting,
    /// What it is scored on.
    pub on: ImageSet,
}

/// The stop that answers.
pub struct Present {
    /// What was asked for.
    pub wanted: Wanted,
    /// What computes each set of its weights; a set is squeezed when it is needed first.
    pub networks: HashMap<WeightSet, Network>,
    /// The latest picture that it answered, by its turn; 0 for none.
    pub answered: u64,
}

impl Present {
    /// A stop of which nothing is squeezed yet.
    pub fn new(wanted: Wanted) -> Self {
        Self {
            wanted,
            networks: HashMap::new(),
            answered: 0,
        }
    }

    /// What it did last. It is not timed for a few runs, which would compare with nothing.
    pub fn done(&self) -> Done {
        Done {
            answered: self.answered,
            timed: self.answered,
        }
    }
}

/// A network whose file was read.
pub struct Parsed {
    /// Its name.
    pub model: String,
    /// Which of its weights.
    pub set: WeightSet,
    /// The weights.
    pub source: Rc<Source>,
}

/// What a network comes to without a cut.
pub struct Sizes {
    /// Its name.
    pub model: String,
    /// What shares a scale.
    pub scale: Scale,
    /// Bits for each weight and bytes of what was packed, as many as are known.
    pub bytes: Vec<(u8, usize)>,
}

/// What squeezing holds.
#[derive(Default)]
pub struct Squeezing {
    /// The newest stop that was not made yet.
    pub wanted: RefCell<Option<Wanted>>,
    /// Whether stops are being made.
    pub is_busy: Cell<bool>,
    /// The network that was read last, each set of its weights by itself.
    pub parsed: RefCell<Vec<Parsed>>,
    /// What was packed with every number of bits.
    pub sizes: RefCell<Option<Sizes>>,
    /// The stop that answers.
    pub present: RefCell<Option<Present>>,
    /// What is scored.
    pub scoring: Scoring,
}

impl Squeezing {
    /// The number of the stop that answers.
    pub fn stop(&self) -> Option<StopNumber> {
        let present = self.present.borrow();
        present.as_ref().map(|present| present.wanted.stop)
    }

    /// What was asked for of the stop that answers.
    pub fn wanted_of_present(&self) -> Option<Wanted> {
        let present = self.present.borrow();
        present.as_ref().map(|present| present.wanted.clone())
    }

    /// The stop that answers the picture of a turn now.
    pub fn answers(&self, turn: u64) -> Option<StopNumber> {
        let mut present = self.present.borrow_mut();
        let present = present.as_mut()?;
        present.answered = turn;
        Some(present.wanted.stop)
    }

    /// Score a stop that waits to be made on other images; false when there is no such stop.
    pub fn score_waiting(&self, stop: StopNumber, on: ImageSet) -> bool {
        let mut wanted = self.wanted.borrow_mut();
        let waiting = wanted.as_mut().filter(|wanted| wanted.stop == stop);
        waiting.map(|wanted| wanted.on = on).is_some()
    }

    /// Whether a stop waits to be made.
    pub fn is_waiting(&self) -> bool {
        self.wanted.borrow().is_some()
    }
}

/// What scoring holds.
#[derive(Default)]
pub struct Scoring {
    /// What is to be scored on what.
    pub wanted: Cell<Option<(StopNumber, ImageSet)>>,
    /// Whether something is scored.
    pub is_busy: Cell<bool>,
    /// How the fetching of the images is ended.
    pub reading: RefCell<Option<AbortController>>,
    /// The images that were fetched, by the name of their file; all 10,000 are not kept.
    pub samples: RefCell<HashMap<&'static str, Rc<Samples>>>,
    /// What the latest stop got right, and on which file.
    pub squeezed: RefCell<Right>,
    /// What each network gets right as trained, by its name and the file.
    pub as_trained: RefCell<HashMap<(String, &'static str), Vec<bool>>>,
}

/// What a stop got right of the images of a file, from the first on.
#[derive(Default)]
pub struct Right {
    /// The stop.
    pub stop: StopNumber,
    /// The file.
    pub file: &'static str,
    /// Whether each image was classified correctly.
    pub images: Vec<bool>,
}
