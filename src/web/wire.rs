//! From messages to what `postMessage` takes, and back.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// Turn a message into what `postMessage` takes.
///
/// # Panics
/// Never: messages are plain data.
pub fn encode(message: &impl Serialize) -> JsValue {
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_large_number_types_as_bigints(false);
    message
        .serialize(&serializer)
        .expect("messages are plain data")
}

/// Read a message; `None` when it is none of ours, as browser extensions may post too.
pub fn decode<T: DeserializeOwned>(value: JsValue) -> Option<T> {
    serde_wasm_bindgen::from_value(value).ok()
}
