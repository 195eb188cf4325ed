//! The page: one file a panel, and the workers that compute. The only users of `web-sys`.
//!
//! ```text
//! panels --Event--> session --Effect--> worker, decoder, panels
//! worker, decoder --Response--> session
//! ```
//! `page` is the shell: it turns what happens into events and does what the effects say. `wire` carries the messages
//! of `protocol` through `postMessage`.

pub mod activations_panel;
pub mod bars;
#[cfg(feature = "bench")]
pub mod bench;
pub mod book;
pub mod canvas;
pub mod chalk;
pub mod chart_panel;
pub mod cloth;
pub mod code_panel;
pub mod connection;
pub mod decoder;
pub mod download_panel;
pub mod drawing_panel;
pub mod evaluation_panel;
pub mod fetch;
pub mod first_drawing;
pub mod inspection_panel;
pub mod link_panel;
pub mod look;
pub mod matrix_panel;
pub mod message_panel;
pub mod model_panel;
pub mod occlusion_panel;
pub mod offline;
pub mod page;
pub mod patch;
pub mod picture_panel;
pub mod program_panel;

#[cfg(feature = "burn")]
pub mod reference;
pub mod reveal;
pub mod samples_panel;
pub mod save;
pub mod scope;
pub mod seen_panel;
pub mod separable_panel;
pub mod sight;
pub mod squeeze_cloth;
pub mod squeeze_dials;
pub mod squeeze_panel;
pub mod squeezed;
pub mod steps_panel;
pub mod strokes;
pub mod summary_panel;
pub mod svg;
pub mod swatch_panel;
pub mod table_panel;
pub mod theme;
pub mod tools;
pub mod upload_panel;
pub mod wire;
pub mod worker;

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlCanvasElement, HtmlElement, Window};

/// The page's document.
///
/// # Panics
/// In a worker, which has none.
pub fn document() -> Document {
    thread_local! {
        // Asked for thousands of times while the page starts.
        static DOCUMENT: Document = window().document().expect("a page has a document");
    }
    DOCUMENT.with(Document::clone)
}

/// The page's window.
///
/// # Panics
/// In a worker, which has none.
pub fn window() -> Window {
    thread_local! {
        static WINDOW: Window = web_sys::window().expect("a page has a window");
    }
    WINDOW.with(Window::clone)
}

/// The page's body.
///
/// # Panics
/// In a worker, which has none.
pub fn body() -> HtmlElement {
    document().body().expect("a page has a body")
}

/// The element with an id.
///
/// # Panics
/// When `www/index.html` lacks it; `tests/page.rs` opens every panel.
pub fn by_id<T: JsCast>(id: &str) -> T {
    let element = document().get_element_by_id(id);
    element
        .and_then(|e| e.dyn_into().ok())
        .unwrap_or_else(|| panic!("index.html lacks #{id}"))
}

/// The element inside `parent` that carries `data-part`.
///
/// # Panics
/// When `www/index.html` lacks it.
pub fn part(parent: &Element, name: &str) -> HtmlElement {
    let found = parent
        .query_selector(&format!("[data-part={name}]"))
        .ok()
        .flatten();
    found
        .and_then(|e| e.dyn_into().ok())
        .unwrap_or_else(|| panic!("a template lacks the part {name}"))
}

/// A new element at the end of another one.
///
/// # Panics
/// Never for a valid tag.
pub fn create(tag: &str, parent: &Element) -> HtmlElement {
    let element = document().create_element(tag).expect("a valid tag");
    // Appending an element that was just made cannot fail.
    let _ = parent.append_child(&element);
    element.unchecked_into()
}

/// Put a text into the element with an id; one that says it already is left alone, so that nothing is read out twice.
///
/// # Panics
/// When `www/index.html` lacks it.
pub fn say(id: &str, text: &str) {
    say_in(&by_id(id), text);
}

/// The same for an element.
pub fn say_in(place: &Element, text: &str) {
    if place.text_content().as_deref() != Some(text) {
        place.set_text_content(Some(text));
    }
}

/// A canvas that is not on the page.
///
/// # Panics
/// Never for a valid tag.
pub fn create_canvas() -> HtmlCanvasElement {
    let canvas = document().create_element("canvas");
    canvas.expect("a valid tag").unchecked_into()
}

/// Milliseconds on the page's clock.
pub fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Set an attribute; the names here are all valid.
///
/// # Panics
/// Never for a valid attribute name.
pub fn set(element: &Element, attribute: &str, value: &str) {
    element
        .set_attribute(attribute, value)
        .expect("a valid attribute name");
}

/// Run `handler` whenever `target` sends an event, for as long as the page lives.
///
/// # Panics
/// Never: adding a listener to an event target succeeds.
pub fn listen<E: JsCast + 'static>(
    target: &web_sys::EventTarget,
    event: &str,
    mut handler: impl FnMut(E) + 'static,
) {
    let closure = wasm_bindgen::closure::Closure::<dyn FnMut(web_sys::Event)>::new(
        move |event: web_sys::Event| {
            handler(event.unchecked_into());
        },
    );
    // Pointer moves must be able to prevent scrolling.
    let options = web_sys::AddEventListenerOptions::new();
    options.set_passive(false);
    target
        .add_event_listener_with_callback_and_add_event_listener_options(
            event,
            closure.as_ref().unchecked_ref(),
            &options,
        )
        .expect("an event target takes listeners");
    closure.forget();
}

/// Run `f` once before the next frame is drawn.
///
/// # Panics
/// In a worker, which has no window.
pub fn next_frame(f: impl FnOnce() + 'static) {
    let callback = wasm_bindgen::closure::Closure::once_into_js(f);
    window()
        .request_animation_frame(callback.unchecked_ref())
        .expect("a window has frames");
}

/// Run `f` once after `milliseconds`; returns the timer's number.
///
/// # Panics
/// In a worker, which has no window.
pub fn after(milliseconds: i32, f: impl FnOnce() + 'static) -> i32 {
    let callback = wasm_bindgen::closure::Closure::once_into_js(f);
    window()
        .set_timeout_with_callback_and_timeout_and_arguments_0(
            callback.unchecked_ref(),
            milliseconds,
        )
        .expect("timers can be set")
}
