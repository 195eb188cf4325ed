//! The page's side of a worker program. What is sent before the program hears is kept until it does.

use super::protocol::{self, Response};
use super::{after, listen};
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, Worker};

/// A worker that is silent for so long did not start, in milliseconds.
const START_LIMIT_MS: i32 = 20_000;

/// A worker program that was started.
pub struct Connection {
    worker: Worker,
    state: Rc<State>,
}

#[derive(Default)]
struct State {
    /// The program hears, or will never.
    settled: Cell<bool>,
    /// The newest message, until the program hears.
    waiting: RefCell<Option<JsValue>>,
}

impl Connection {
    /// Start the program of a loader and let `hear` have what it says; [`Response::Crashed`] also when it cannot
    /// be loaded.
    ///
    /// # Errors
    /// When the browser allows no workers here.
    pub fn open(loader: &str, hear: impl Fn(Response) + 'static) -> Result<Self, JsValue> {
        Worker::new(loader).map(|worker| Self::adopt(worker, hear))
    }

    /// As [`Connection::open`], for the worker that the page's first script started, if it did.
    pub fn open_early(hear: impl Fn(Response) + 'static) -> Option<Self> {
        let get = |object: &JsValue, key: &str| js_sys::Reflect::get(object, &key.into()).ok();
        let worker: Worker = get(&js_sys::global(), "threadcountWorker")?
            .dyn_into()
            .ok()?;
        let messages = js_sys::Array::from(&get(&worker, "messages")?);
        // The script's handler goes, so that each message is heard once.
        worker.set_onmessage(None);
        let connection = Self::adopt(worker, hear);
        for data in messages.iter() {
            // The same event as if the page had listened from the beginning.
            let event = MessageEvent::new("message").ok()?;
            event.init_message_event_with_bubbles_and_cancelable_and_data(
                "message", false, false, &data,
            );
            connection.worker.dispatch_event(&event).ok()?;
        }
        Some(connection)
    }

    fn adopt(worker: Worker, hear: impl Fn(Response) + 'static) -> Self {
        let (state, hear): (Rc<State>, Rc<dyn Fn(Response)>) = (Rc::default(), Rc::new(hear));
        let crash = |message: &str| Response::Crashed {
            message: message.to_owned(),
        };
        let (shared, listener, program) = (Rc::clone(&state), Rc::clone(&hear), worker.clone());
        listen(&worker, "message", move |event: MessageEvent| {
            match protocol::decode::<Response>(event.data()) {
                Some(Response::Started) => {
                    shared.settled.set(true);
                    if let Some(message) = shared.waiting.take() {
                        // Messages are plain data, which can always be posted.
                        let _ = program.post_message(&message);
                    }
                }
                Some(response) => listener(response),
                None => {}
            }
        });
        let listener = Rc::clone(&hear);
        listen(&worker, "error", move |event: Event| {
            event.prevent_default();
            listener(crash("its program could not be loaded"));
        });
        let shared = Rc::clone(&state);
        after(START_LIMIT_MS, move || {
            if !shared.settled.get() {
                hear(crash("its program has not started yet"));
            }
        });
        Self { worker, state }
    }

    /// Send a message; of those that the program cannot hear yet the newest is kept.
    pub fn send(&self, message: &impl Serialize) {
        let message = protocol::encode(message);
        if self.state.settled.get() {
            // Messages are plain data, which can always be posted.
            let _ = self.worker.post_message(&message);
        } else {
            self.state.waiting.replace(Some(message));
        }
    }

    /// End the program.
    pub fn close(self) {
        self.state.settled.set(true);
        self.worker.terminate();
    }
}
