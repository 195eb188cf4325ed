//! Whether a part of the page is in view, so that nothing is computed for what nobody sees.

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// How far from the window an element counts as seen, so that it is there when it is scrolled into view.
const MARGIN: &str = "300px";

/// Call back whenever an element comes into view or leaves it.
///
/// # Panics
/// Never: the options are valid.
pub fn watch(element: &Element, mut changed: impl FnMut(bool) + 'static) {
    let hear = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
        let newest = entries.pop();
        let is_seen = newest
            .dyn_ref::<IntersectionObserverEntry>()
            .is_some_and(IntersectionObserverEntry::is_intersecting);
        changed(is_seen);
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin(MARGIN);
    let observer = IntersectionObserver::new_with_options(hear.as_ref().unchecked_ref(), &options)
        .expect("valid options");
    observer.observe(element);
    // It watches for as long as the page lives.
    hear.forget();
}
