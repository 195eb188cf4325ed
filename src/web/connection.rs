//! The page's side of a worker program: what it says is heard, what it is asked is sent.

use super::fetch;
use super::listen;
use super::wire;
use crate::protocol::Response;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, Worker};

/// A worker program that was started.
pub struct Connection(Worker);

impl Connection {
    /// Start the program of a loader, a file of this build, and let `hear` have what it says; [`Response::Crashed`]
    /// also when the loader cannot be fetched.
    ///
    /// # Errors
    /// When the browser allows no workers here.
    pub fn open(loader: &str, hear: impl Fn(Response) + Clone + 'static) -> Result<Self, JsValue> {
        let worker = Worker::new(&fetch::program(loader))?;
        if let Some(files) = fetch::carried_files() {
            worker.post_message(&files)?;
        }
        Ok(Self::adopt(worker, hear))
    }

    /// The worker that the page's first script started beside the page's program, if it did; once only.
    pub fn take_early() -> Option<Worker> {
        let global = js_sys::global();
        let name = JsValue::from("threadcountWorker");
        let worker: Worker = js_sys::Reflect::get(&global, &name).ok()?.dyn_into().ok()?;
        js_sys::Reflect::delete_property(&global, &name).ok()?;
        Some(worker)
    }

    /// Hear a worker that runs already, and what it said before.
    pub fn adopt(worker: Worker, hear: impl Fn(Response) + Clone + 'static) -> Self {
        // The first script's handlers go, so that each message is heard once.
        worker.set_onmessage(None);
        worker.set_onerror(None);
        let said = js_sys::Reflect::get(&worker, &"messages".into()).unwrap_or(JsValue::UNDEFINED);
        let listener = hear.clone();
        listen(&worker, "message", move |event: MessageEvent| {
            // Browser extensions may post messages of their own.
            if let Some(response) = wire::decode(event.data()) {
                listener(response);
            }
        });
        let listener = hear.clone();
        listen(&worker, "error", move |event: Event| {
            event.prevent_default();
            listener(Response::Crashed {
                message: fault(&event),
            });
        });
        if js_sys::Array::is_array(&said) {
            // After this function: whoever adopts the worker has to hold it before it is heard.
            wasm_bindgen_futures::spawn_local(async move {
                let said = js_sys::Array::from(&said);
                said.iter().filter_map(wire::decode).for_each(hear);
            });
        }
        Self(worker)
    }

    /// Send a message.
    pub fn send(&self, message: &impl Serialize) {
        // Messages are plain data, which can always be posted.
        let _ = self.0.post_message(&wire::encode(message));
    }

    /// End the program.
    pub fn close(self) {
        self.0.terminate();
    }
}

/// What ended a program: a fault that it met has a message, one that it could not be loaded for has none.
fn fault(event: &Event) -> String {
    let message = js_sys::Reflect::get(event, &"message".into()).ok();
    match message.and_then(|message| message.as_string()) {
        Some(message) if !message.is_empty() => message,
        _ => "its program could not be loaded".to_owned(),
    }
}
