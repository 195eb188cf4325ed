//! Fetch a file of our own origin, within a length, with progress in bytes.

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use std::path::Path;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStreamDefaultReader, RequestCache, RequestInit, Response as Answer,
};

/// The length that a file has at most when its reader knows no better, in bytes.
const MOST_BYTES: usize = 64_000_000;

/// Why a file is not here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// There is no connection, or it broke.
    #[error("{name} could not be loaded ({problem}). Check the connection and try again.")]
    Connection {
        /// The file's name.
        name: String,
        /// What the browser says.
        problem: String,
    },
    /// The server has another answer than the file.
    #[error("{name} could not be loaded (the server answered {status}). Try again later.")]
    Status {
        /// The file's name.
        name: String,
        /// The HTTP status.
        status: u16,
    },
    /// More bytes came than the file has.
    #[error("{name} has more than the expected {most} bytes. Try again.")]
    TooLong {
        /// The file's name.
        name: String,
        /// The length that was expected at most.
        most: usize,
    },
}

/// A file to fetch.
pub struct Fetch<'a> {
    url: &'a str,
    most_bytes: usize,
    init: RequestInit,
}

impl<'a> Fetch<'a> {
    /// The file at an address.
    pub fn new(url: &'a str) -> Self {
        Self {
            url,
            most_bytes: MOST_BYTES,
            init: RequestInit::new(),
        }
    }

    /// Give up when more bytes come.
    pub fn most_bytes(mut self, bytes: usize) -> Self {
        self.most_bytes = bytes;
        self
    }

    /// Ask the server even if the browser's cache has the file: what came from there was of no use.
    pub fn past_the_cache(self) -> Self {
        self.init.set_cache(RequestCache::Reload);
        self
    }

    /// Give up when a signal says so.
    pub fn until(self, signal: &AbortSignal) -> Self {
        self.init.set_signal(Some(signal));
        self
    }

    /// Fetch the bytes, calling `progress` with the number that has arrived.
    ///
    /// What is in a `.gz` file comes unpacked. Works on the page and in a worker.
    ///
    /// # Errors
    /// [`FetchError`], a sentence that names the file and what to do.
    pub async fn bytes(self, mut progress: impl FnMut(usize)) -> Result<Vec<u8>, FetchError> {
        let name = self.url.rsplit('/').next().unwrap_or(self.url).to_owned();
        let (answer, reader) = self
            .open()
            .await
            .map_err(|problem| FetchError::Connection {
                name: name.clone(),
                problem: text(problem),
            })?;
        if !answer.ok() {
            let status = answer.status();
            return Err(FetchError::Status { name, status });
        }
        // Room for all of it at once: memory that a growing vector leaves behind is never given back.
        let length = answer.headers().get("content-length").ok().flatten();
        let length = length.and_then(|l| l.parse().ok()).unwrap_or(0);
        let mut content = Vec::with_capacity(self.most_bytes.min(length));
        loop {
            let chunk = read(&reader).await;
            let chunk = chunk.map_err(|problem| FetchError::Connection {
                name: name.clone(),
                problem: text(problem),
            })?;
            let Some(chunk) = chunk else {
                return Ok(content);
            };
            let (start, most) = (content.len(), self.most_bytes);
            if chunk.length() as usize > most - start {
                // Nobody waits for the rest.
                let _ = reader.cancel();
                return Err(FetchError::TooLong { name, most });
            }
            content.resize(start + chunk.length() as usize, 0);
            chunk.copy_to(&mut content[start..]);
            progress(content.len());
        }
    }

    async fn open(&self) -> Result<(Answer, ReadableStreamDefaultReader), JsValue> {
        let global = js_sys::global();
        let fetch: Function = Reflect::get(&global, &"fetch".into())?.dyn_into()?;
        let promise: Promise = fetch
            .call2(&global, &self.url.into(), &self.init)?
            .dyn_into()?;
        let answer: Answer = JsFuture::from(promise).await?.dyn_into()?;
        let mut body = answer.body().ok_or("the answer is empty")?;
        // A server may have sent the file as gzip of what is inside; then the browser has unpacked it already.
        let encoding = answer.headers().get("content-encoding")?;
        let packed = Path::new(self.url).extension().is_some_and(|e| e == "gz");
        if answer.ok() && packed && encoding.is_none() {
            // web-sys has this class among its unstable parts alone.
            let class: Function =
                Reflect::get(&global, &"DecompressionStream".into())?.dyn_into()?;
            let unpack = Reflect::construct(&class, &Array::of1(&"gzip".into()))?;
            body = body.pipe_through(unpack.unchecked_ref());
        }
        let reader = body.get_reader().dyn_into()?;
        Ok((answer, reader))
    }
}

/// The next bytes; none at the end.
///
/// # Errors
/// What the browser says of a stream that broke.
pub async fn read(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, JsValue> {
    let chunk = JsFuture::from(reader.read()).await?;
    if Reflect::get(&chunk, &"done".into())?.is_truthy() {
        return Ok(None);
    }
    Ok(Some(Uint8Array::from(Reflect::get(
        &chunk,
        &"value".into(),
    )?)))
}

fn text(problem: JsValue) -> String {
    let said = problem.as_string();
    said.unwrap_or_else(|| js_sys::Error::from(problem).message().into())
}
