//! Fetch a file of this build, within a length, with progress in bytes.
//!
//! The one place that knows where files are. Their addresses end in the build's version, by which caches and the
//! service worker tell builds apart. The page in one file (`scripts/one-file.mjs`) carries them in itself, packed.

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use std::path::Path;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Blob, ReadableStreamDefaultReader, RequestCache, RequestInit, Response as Answer,
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

/// What the address of a file ends in: `?v=` and the build's version; nothing in the page in one file.
///
/// The page's first script puts it on the page, and a worker was started by an address that ends so.
pub fn version() -> String {
    if let Some(window) = web_sys::window() {
        let page = window.document().and_then(|page| page.document_element());
        return page
            .and_then(|page| page.get_attribute("data-version"))
            .unwrap_or_default();
    }
    let search = global("location").and_then(|own| get(&own, "search")?.as_string());
    search.unwrap_or_default()
}

/// The address of a worker's program, named by its loader.
pub fn program(loader: &str) -> String {
    let carried = global("threadcountPrograms").and_then(|programs| get(&programs, loader));
    carried
        .and_then(|address| address.as_string())
        .unwrap_or_else(|| address(loader))
}

/// All files that the page carries in itself, which a worker has to be sent; none in a page that is served.
pub fn carried_files() -> Option<JsValue> {
    global("threadcountFiles")
}

/// The address of a file, named by its path in the folder of the page.
fn address(file: &str) -> String {
    format!("./{file}{}", version())
}

fn carried(file: &str) -> Option<Blob> {
    carried_files().and_then(|files| get(&files, file)?.dyn_into().ok())
}

/// A global object of the page in one file.
fn global(name: &str) -> Option<JsValue> {
    get(&js_sys::global(), name).filter(JsValue::is_object)
}

fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok()
}

/// A file to fetch.
pub struct Fetch<'a> {
    file: &'a str,
    init: RequestInit,
}

impl<'a> Fetch<'a> {
    /// The file of a path in the folder of the page.
    pub fn new(file: &'a str) -> Self {
        Self {
            file,
            init: RequestInit::new(),
        }
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

    /// Ask for it now; [`Sent::bytes`] waits for what comes.
    pub fn send(self) -> Sent<'a> {
        Sent {
            answer: self.ask().map(JsFuture::from),
            file: self.file,
            most_bytes: MOST_BYTES,
        }
    }

    /// Ask for it and wait for it, as [`Sent::bytes`] says.
    ///
    /// # Errors
    /// [`FetchError`], a sentence that names the file and what to do.
    pub async fn bytes(self, progress: impl FnMut(usize)) -> Result<Vec<u8>, FetchError> {
        Ok(self.send().bytes(progress).await?.to_vec())
    }

    fn ask(&self) -> Result<Promise, JsValue> {
        if let Some(blob) = carried(self.file) {
            let answer = Answer::new_with_opt_blob(Some(&blob))?;
            return Ok(Promise::resolve(&JsValue::from(answer)));
        }
        let global = js_sys::global();
        let fetch: Function = Reflect::get(&global, &"fetch".into())?.dyn_into()?;
        let promise = fetch.call2(&global, &address(self.file).into(), &self.init)?;
        promise.dyn_into()
    }
}

/// A file that was asked for.
pub struct Sent<'a> {
    file: &'a str,
    most_bytes: usize,
    answer: Result<JsFuture, JsValue>,
}

impl Sent<'_> {
    /// Give up when more bytes come.
    pub fn most_bytes(self, bytes: usize) -> Self {
        Self {
            most_bytes: bytes,
            ..self
        }
    }

    /// Wait for the bytes, calling `progress` with the number that has arrived. They stay outside of this program's
    /// memory, which never shrinks.
    ///
    /// What is in a `.gz` file, or in one that the page carries, comes unpacked. Works on the page and in a worker.
    ///
    /// # Errors
    /// [`FetchError`], a sentence that names the file and what to do.
    pub async fn bytes(self, mut progress: impl FnMut(usize)) -> Result<Uint8Array, FetchError> {
        let name = self.file.rsplit('/').next();
        let name = name.unwrap_or(self.file).to_owned();
        let most = self.most_bytes;
        let connection = |problem| FetchError::Connection {
            name: name.clone(),
            problem: text(problem),
        };
        let (answer, reader) = self.open().await.map_err(connection)?;
        if !answer.ok() {
            let status = answer.status();
            return Err(FetchError::Status { name, status });
        }
        let (mut chunks, mut length) = (Vec::new(), 0);
        while let Some(chunk) = read(&reader).await.map_err(connection)? {
            length += chunk.length();
            if length as usize > most {
                // Nobody waits for the rest.
                let _ = reader.cancel();
                return Err(FetchError::TooLong { name, most });
            }
            chunks.push(chunk);
            progress(length as usize);
        }
        Ok(joined(&chunks, length))
    }

    async fn open(self) -> Result<(Answer, ReadableStreamDefaultReader), JsValue> {
        let answer: Answer = self.answer?.await?.dyn_into()?;
        let mut body = answer.body().ok_or("the answer is empty")?;
        // A server may have sent the file as gzip of what is inside; then the browser has unpacked it already.
        let encoding = answer.headers().get("content-encoding")?;
        let packed = carried(self.file).is_some()
            || Path::new(self.file).extension().is_some_and(|e| e == "gz");
        if answer.ok() && packed && encoding.is_none() {
            // web-sys has this class among its unstable parts alone.
            let global = js_sys::global();
            let class: Function =
                Reflect::get(&global, &"DecompressionStream".into())?.dyn_into()?;
            let unpack = Reflect::construct(&class, &Array::of1(&"gzip".into()))?;
            body = body.pipe_through(unpack.unchecked_ref());
        }
        let reader = body.get_reader().dyn_into()?;
        Ok((answer, reader))
    }
}

/// The bytes of some chunks, which are so many.
fn joined(chunks: &[Uint8Array], length: u32) -> Uint8Array {
    if let [only] = chunks {
        return only.clone();
    }
    let whole = Uint8Array::new_with_length(length);
    let mut offset = 0;
    for chunk in chunks {
        whole.set(chunk, offset);
        offset += chunk.length();
    }
    whole
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
