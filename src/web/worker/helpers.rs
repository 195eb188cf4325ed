//! The helpers of an evaluation, as the worker sees them: it starts them, gives them blocks of images, and hears what
//! they make of those. They end with the evaluation.

use super::helper;
use super::state::Worker;
use crate::card::WeightSet;
use crate::dataset::Samples;
use crate::image::GrayImage;
use crate::protocol::{HelperRequest, HelperResponse};
use crate::shares::{self, Blocks};
use crate::web::{scope, wire};
use serde_bytes::ByteBuf;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, WorkerOptions};

/// Images of a block, after each of which the page hears how the evaluation stands.
const BLOCK: usize = 100;

/// What the worker and its helpers share of an evaluation.
pub struct Shared {
    samples: Samples,
    /// The blocks, each done with the answers of every model.
    pub blocks: RefCell<Blocks<Vec<ByteBuf>>>,
}

impl Shared {
    /// An evaluation on these images.
    pub fn new(samples: Samples) -> Self {
        let blocks = samples.len().div_ceil(BLOCK);
        Self {
            samples,
            blocks: RefCell::new(Blocks::new(blocks)),
        }
    }

    fn range(&self, block: usize) -> Range<usize> {
        let end = self.samples.len();
        (block * BLOCK).min(end)..((block + 1) * BLOCK).min(end)
    }

    /// The images of a block.
    pub fn images(&self, block: usize) -> &[GrayImage] {
        &self.samples.images[self.range(block)]
    }

    /// The labels of a block, 0 to 9.
    pub fn labels(&self, block: usize) -> Vec<u8> {
        let labels = &self.samples.labels[self.range(block)];
        labels.iter().map(|label| label.index() as u8).collect()
    }
}

/// A helper at work; it ends when this is dropped.
pub struct Helper {
    worker: web_sys::Worker,
    /// Called from outside for as long as the helper is there.
    _hear: Closure<dyn FnMut(MessageEvent)>,
    _fail: Closure<dyn FnMut(Event)>,
}

impl Helper {
    /// As many as the machine has cores for. The page in one file has none: its worker has no address.
    pub fn start_all(worker: &Rc<Worker>, models: &[String], shared: &Rc<Shared>) -> Vec<Self> {
        let address = scope::address();
        if !address.starts_with("http") {
            return Vec::new();
        }
        let blocks = shared.samples.len().div_ceil(BLOCK);
        let count = shares::helpers(scope::cores(), scope::memory_gb(), blocks);
        let start = |_| Self::start(&address, worker, models, shared);
        (0..count).filter_map(start).collect()
    }

    /// None where the browser lets workers start none.
    fn start(
        address: &str,
        worker: &Rc<Worker>,
        models: &[String],
        shared: &Rc<Shared>,
    ) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_name(helper::NAME);
        let helper = web_sys::Worker::new_with_options(address, &options).ok()?;
        let seat = Rc::new(Seat {
            helper: helper.clone(),
            block: Cell::new(None),
            shared: Rc::clone(shared),
        });
        let (worker, models) = (Rc::clone(worker), models.to_vec());
        let at = Rc::clone(&seat);
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            match wire::decode(event.data()) {
                Some(HelperResponse::Started) => {
                    for model in &models {
                        let Ok(bytes) = worker.file(model, WeightSet::Photographs) else {
                            return; // It was discarded meanwhile; the others do this helper's part.
                        };
                        at.send(&HelperRequest::Load {
                            model: model.clone(),
                            bytes: ByteBuf::from(bytes),
                            arithmetic: worker.arithmetic(),
                        });
                    }
                    at.next();
                }
                Some(HelperResponse::Classified { block, answers }) => {
                    let images = at.shared.images(block).len();
                    let is_whole = answers.len() == models.len()
                        && answers.iter().all(|answers| answers.len() == images);
                    if is_whole {
                        at.shared.blocks.borrow_mut().put(block, answers);
                        at.next();
                    } else {
                        at.give_up(); // It lacks a model, for want of memory, say.
                    }
                }
                Some(HelperResponse::Crashed { .. }) => at.give_up(),
                None => {}
            }
        });
        let fail = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            seat.give_up();
        });
        helper.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        helper.set_onerror(Some(fail.as_ref().unchecked_ref()));
        Some(Self {
            worker: helper,
            _hear: hear,
            _fail: fail,
        })
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// A helper's place in the evaluation.
struct Seat {
    helper: web_sys::Worker,
    /// The block that it has.
    block: Cell<Option<usize>>,
    shared: Rc<Shared>,
}

impl Seat {
    fn send(&self, request: &HelperRequest) {
        // Messages are plain data, which can always be posted.
        let _ = self.helper.post_message(&wire::encode(request));
    }

    /// Give it the next block, if there is one.
    fn next(&self) {
        let block = self.shared.blocks.borrow_mut().take();
        self.block.set(block);
        if let Some(block) = block {
            let images = self.shared.images(block).to_vec();
            self.send(&HelperRequest::Classify { block, images });
        }
    }

    /// It does nothing any more: its block goes to another.
    fn give_up(&self) {
        self.helper.set_onmessage(None);
        self.helper.terminate();
        if let Some(block) = self.block.take() {
            self.shared.blocks.borrow_mut().give_back(block);
        }
    }
}
