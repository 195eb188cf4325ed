//! Give the visitor a file.

use super::{after, document, set};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlElement, Url};

/// How long the browser may take to take the file, in milliseconds.
const TAKEN_MS: i32 = 60_000;

/// Let the browser save bytes as a file of a name; nothing when it refuses.
///
/// # Panics
/// Never for a valid tag.
pub fn save(name: &str, bytes: &[u8]) {
    let parts = Array::of1(&Uint8Array::from(bytes));
    if let Ok(blob) = Blob::new_with_u8_array_sequence(&parts) {
        save_blob(name, &blob);
    }
}

/// The same with what the browser holds already.
///
/// # Panics
/// Never for a valid tag.
pub fn save_blob(name: &str, blob: &Blob) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else {
        return;
    };
    let link = document().create_element("a").expect("a valid tag");
    set(&link, "href", &address);
    set(&link, "download", name);
    link.unchecked_into::<HtmlElement>().click();
    after(TAKEN_MS, move || drop(Url::revoke_object_url(&address)));
}
