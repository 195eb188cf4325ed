//! The page without a network: starts the service worker, says when all is kept, and offers a newer build.
//!
//! What is kept and when is decided in `scripts/service-worker.js`. Nothing changes by itself: a newer build waits until
//! the visitor presses Reload.

use super::{by_id, document, fetch, listen, now_ms, window, wire};
use serde::Deserialize;
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Event, HtmlElement, MessageEvent, RegistrationOptions, ServiceWorker, ServiceWorkerContainer,
    ServiceWorkerRegistration, ServiceWorkerState, ServiceWorkerUpdateViaCache,
};

const PROGRAM: &str = "./service-worker.js";
/// What the service worker is asked: its build, and whether it has kept all of it.
const STATE: &str = "state";
/// What it is told when the visitor wants its build.
const TAKE_OVER: &str = "take over";
/// How long a page is open before it looks for a newer build again, in milliseconds.
const LOOK_AGAIN_MS: f64 = 3_600_000.0;

/// What the service worker answers.
#[derive(Deserialize)]
struct State {
    version: String,
    complete: bool,
}

/// Start the service worker, once everything else is loaded; nothing in a frame for a slide, in the page in one file,
/// and where the browser has no service workers for us.
pub fn start() {
    let window = window();
    let page = document().document_element();
    let embedded = page.is_some_and(|page| page.class_list().contains("embed"));
    let navigator = window.navigator();
    let known = js_sys::Reflect::has(&navigator, &"serviceWorker".into());
    if embedded || fetch::version().is_empty() || !window.is_secure_context() || known != Ok(true) {
        return;
    }
    let container = navigator.service_worker();
    spawn_local(async move {
        // Without it the page works as before, but for the network.
        let _ = follow(container).await;
    });
}

async fn follow(container: ServiceWorkerContainer) -> Result<(), JsValue> {
    let options = RegistrationOptions::new();
    options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
    let registered = container.register_with_options(PROGRAM, &options);
    let registration: ServiceWorkerRegistration = JsFuture::from(registered).await?.dyn_into()?;
    wire_buttons(&container, &registration);
    listen(&container, "message", |event: MessageEvent| {
        if let Some(state) = wire::decode::<State>(event.data()) {
            show(&state);
        }
    });
    if registration.waiting().is_some() {
        offer();
    }
    let (known, newer) = (registration.clone(), registration.clone());
    let watch_newer = move || {
        if let Some(installing) = newer.installing() {
            watch(&installing, &newer);
        }
    };
    watch_newer();
    listen(&known, "updatefound", move |_: Event| watch_newer());
    look_for_newer(registration);
    let active: ServiceWorkerRegistration = JsFuture::from(container.ready()?).await?.dyn_into()?;
    if let Some(worker) = active.active() {
        worker.post_message(&STATE.into())?;
    }
    Ok(())
}

/// Offer a build when all of it has arrived, unless it is the first one.
fn watch(installing: &ServiceWorker, registration: &ServiceWorkerRegistration) {
    let (worker, registration) = (installing.clone(), registration.clone());
    listen(installing, "statechange", move |_: Event| {
        if worker.state() == ServiceWorkerState::Installed && registration.active().is_some() {
            offer();
        }
    });
}

/// Look for a newer build when the visitor comes back to a page that was open for long.
fn look_for_newer(registration: ServiceWorkerRegistration) {
    let looked = Cell::new(now_ms());
    listen(&document(), "visibilitychange", move |_: Event| {
        if document().hidden() || now_ms() - looked.get() < LOOK_AGAIN_MS {
            return;
        }
        looked.set(now_ms());
        let registration = registration.clone();
        spawn_local(async move {
            if let Ok(update) = registration.update() {
                // Without a network there is none.
                let _ = JsFuture::from(update).await;
            }
        });
    });
}

fn show(state: &State) {
    if fetch::version() != format!("?v={}", state.version) {
        offer();
    } else if state.complete {
        let place: HtmlElement = by_id("offline-note");
        place.set_text_content(Some("Works offline now: this browser has kept the page."));
        super::set(&place, "data-complete", &state.version);
    }
}

fn offer() {
    by_id::<HtmlElement>("update").set_hidden(false);
}

fn wire_buttons(container: &ServiceWorkerContainer, registration: &ServiceWorkerRegistration) {
    let (container, registration) = (container.clone(), registration.clone());
    listen(&by_id("update-reload"), "click", move |_: Event| {
        let Some(waiting) = registration.waiting() else {
            return reload();
        };
        listen(&container, "controllerchange", |_: Event| reload());
        // A service worker takes messages as long as it is installed.
        let _ = waiting.post_message(&TAKE_OVER.into());
    });
    listen(&by_id("update-close"), "click", |_: Event| {
        by_id::<HtmlElement>("update").set_hidden(true);
    });
}

fn reload() {
    // The address is the page's own.
    let _ = window().location().reload();
}
