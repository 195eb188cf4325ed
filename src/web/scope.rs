//! What every worker program has: its global scope, its clock, and its messages from and to the page.

use super::wire;
use crate::protocol::Response;
use js_sys::{Function, Promise};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

/// The worker itself.
fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Tell something to whoever started this worker.
pub fn post(response: &impl Serialize) {
    // The page may be gone; nobody is left to tell.
    let _ = scope().post_message(&wire::encode(response));
}

/// The name that this worker was given.
pub fn name() -> String {
    scope().name()
}

/// The address of this worker's program.
pub fn address() -> String {
    scope().location().href()
}

/// Gigabytes of memory that this machine has, rounded and at most 8, where the browser tells.
pub fn memory_gb() -> Option<f64> {
    let navigator = scope().navigator();
    js_sys::Reflect::get(&navigator, &"deviceMemory".into())
        .ok()?
        .as_f64()
}

/// How many threads run at once on this machine, as far as the browser tells.
pub fn cores() -> usize {
    scope().navigator().hardware_concurrency() as usize
}

/// Milliseconds on the worker's clock.
///
/// # Panics
/// Never: workers have a clock.
pub fn now_ms() -> f64 {
    scope().performance().expect("workers have a clock").now()
}

/// What this program's memory has grown to.
pub fn memory_bytes() -> usize {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
    buffer.byte_length() as usize
}

/// Wait for at least so many milliseconds.
///
/// # Panics
/// Never: timers can be set.
pub async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        scope()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
            .expect("timers can be set");
    });
    // A timer's promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// Hands control to the event loop and gets it back behind everything that waits there.
///
/// A message to itself takes microseconds; a timer would wait 4 ms.
pub struct Yielder {
    channel: MessageChannel,
    /// Who waits for a message, in order.
    waiting: Rc<RefCell<VecDeque<Function>>>,
}

impl Yielder {
    /// Open the channel.
    ///
    /// # Panics
    /// Never: channels can be opened.
    pub fn open() -> Self {
        let channel = MessageChannel::new().expect("channels can be opened");
        let waiting: Rc<RefCell<VecDeque<Function>>> = Rc::default();
        let queue = Rc::clone(&waiting);
        let hear = Closure::<dyn FnMut()>::new(move || {
            let next = queue.borrow_mut().pop_front();
            if let Some(resolve) = next {
                // A promise's own function does not fail.
                let _ = resolve.call0(&JsValue::NULL);
            }
        });
        // The first assignment also opens the port.
        channel
            .port2()
            .set_onmessage(Some(hear.as_ref().unchecked_ref()));
        hear.forget();
        Self { channel, waiting }
    }

    /// Let what waits be heard first.
    pub async fn give_way(&self) {
        let promise = Promise::new(&mut |resolve, _| self.waiting.borrow_mut().push_back(resolve));
        // Null can always be posted, and the promise is never rejected.
        let _ = self.channel.port1().post_message(&JsValue::NULL);
        let _ = JsFuture::from(promise).await;
    }
}

/// Hand every request to `handle` from now on, and tell the page so, and of a panic.
pub fn start<R: DeserializeOwned>(handle: impl Fn(R) + 'static) {
    std::panic::set_hook(Box::new(|info| {
        post(&Response::Crashed {
            message: info.to_string(),
        });
    }));
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(request) = wire::decode(event.data()) {
            handle(request);
        }
    });
    scope().set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget();
    post(&Response::Started);
}
