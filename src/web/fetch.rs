//! Fetch a file of our own origin, with progress in bytes.

use js_sys::{Array, Reflect, Uint8Array};
use std::path::Path;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

/// Fetch the bytes at an address, calling `progress` with the number that has arrived.
///
/// What is in a `.gz` file comes unpacked. Works on the page and in a worker.
///
/// # Errors
/// A sentence that names the file and what to do.
pub async fn bytes(url: &str, mut progress: impl FnMut(usize)) -> Result<Vec<u8>, String> {
    let name = url.rsplit('/').next().unwrap_or(url).to_owned();
    read(url, &mut progress).await.map_err(|problem| {
        format!("{name} could not be loaded ({problem}). Check the connection and reload the page.")
    })
}

async fn read(url: &str, progress: &mut impl FnMut(usize)) -> Result<Vec<u8>, String> {
    let text = |e: JsValue| {
        js_sys::Error::from(e)
            .message()
            .as_string()
            .unwrap_or_default()
    };
    let global = js_sys::global();
    let fetch: js_sys::Function = Reflect::get(&global, &"fetch".into())
        .map_err(text)?
        .dyn_into()
        .map_err(text)?;
    let promise: js_sys::Promise = fetch
        .call1(&global, &url.into())
        .map_err(text)?
        .dyn_into()
        .map_err(text)?;
    let response: Response = JsFuture::from(promise)
        .await
        .map_err(text)?
        .dyn_into()
        .map_err(text)?;
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()));
    }
    let mut body = response.body().ok_or("the answer is empty")?;
    // A server may have sent the file as gzip of what is inside; then the browser has unpacked it already.
    let encoding = response.headers().get("content-encoding").map_err(text)?;
    let packed = Path::new(url).extension().is_some_and(|e| e == "gz");
    if packed && encoding.is_none() {
        // web-sys has this class among its unstable parts alone.
        let class = Reflect::get(&global, &"DecompressionStream".into()).map_err(text)?;
        let class: js_sys::Function = class.dyn_into().map_err(text)?;
        let unpack = Reflect::construct(&class, &Array::of1(&"gzip".into())).map_err(text)?;
        body = body.pipe_through(unpack.unchecked_ref());
    }
    let reader: ReadableStreamDefaultReader =
        body.get_reader().dyn_into().map_err(|_| "no reader")?;
    // Room for all of it at once: memory that a growing vector leaves behind is never given back.
    let length = response.headers().get("content-length").map_err(text)?;
    let mut content = Vec::with_capacity(length.and_then(|l| l.parse().ok()).unwrap_or(0));
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(text)?;
        if Reflect::get(&chunk, &"done".into())
            .map_err(text)?
            .is_truthy()
        {
            return Ok(content);
        }
        let chunk = Reflect::get(&chunk, &"value".into()).map_err(text)?;
        content.extend_from_slice(&Uint8Array::from(chunk).to_vec());
        progress(content.len());
    }
}
