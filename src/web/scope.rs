//! What every worker program has: its global scope, its clock, and its messages from and to the page.

use super::protocol::{self, Response};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// The worker itself.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Tell the page something.
pub fn post(response: &Response) {
    // The page may be gone; nobody is left to tell.
    let _ = scope().post_message(&protocol::encode(response));
}

/// Milliseconds on the worker's clock.
///
/// # Panics
/// Never: workers have a clock.
pub fn now_ms() -> f64 {
    scope().performance().expect("workers have a clock").now()
}

/// Hand every request to `handle` from now on, and tell the page so, and of a panic.
pub fn start<R: DeserializeOwned>(handle: impl Fn(R) + 'static) {
    std::panic::set_hook(Box::new(|info| {
        post(&Response::Crashed {
            message: info.to_string(),
        });
    }));
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(request) = protocol::decode(event.data()) {
            handle(request);
        }
    });
    scope().set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget();
    post(&Response::Started);
}
