//! How many bytes the browser's own gzip makes of packed bytes.

use crate::protocol::{Response, StopNumber};
use crate::web::fetch::read;
use crate::web::scope::post;
use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

/// Gzip the bytes of a stop and say how many are left; a browser without `CompressionStream` says nothing.
pub fn measure(stop: StopNumber, bytes: &[u8]) {
    let bytes = Uint8Array::from(bytes);
    spawn_local(async move {
        if let Ok(size_bytes) = gzipped_bytes(&bytes).await {
            post(&Response::SqueezedGzipped { stop, size_bytes });
        }
    });
}

async fn gzipped_bytes(bytes: &Uint8Array) -> Result<usize, JsValue> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(bytes))?;
    // web-sys has this class among its unstable parts alone.
    let class: Function =
        Reflect::get(&js_sys::global(), &"CompressionStream".into())?.dyn_into()?;
    let pack = Reflect::construct(&class, &Array::of1(&"gzip".into()))?;
    let packed = blob.stream().pipe_through(pack.unchecked_ref());
    let reader = packed.get_reader().dyn_into()?;
    let mut size_bytes = 0;
    while let Some(chunk) = read(&reader).await? {
        size_bytes += chunk.length() as usize;
    }
    Ok(size_bytes)
}
