//! Pictures from outside: the file button, drag and drop, paste.

use super::{body, by_id, document, listen, set};
use js_sys::Uint8Array;
use std::rc::Rc;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ClipboardEvent, DragEvent, File, FileList, HtmlInputElement};

/// Larger files are refused before they are read, in bytes.
const MOST_BYTES: f64 = 100e6;

/// What the panel found.
pub enum Upload {
    /// The bytes of a file, and something to tell the visitor beside it; empty for nothing.
    File(Vec<u8>, String),
    /// Why there is no file.
    Refusal(String),
}

/// Wire the file button, dropping and pasting; `found` gets files and refusals.
pub fn start(found: impl Fn(Upload) + 'static) {
    let found: Rc<dyn Fn(Upload)> = Rc::new(found);
    let input: HtmlInputElement = by_id("upload");
    let (handler, field) = (Rc::clone(&found), input.clone());
    listen(&input, "change", move |_: web_sys::Event| {
        take(field.files(), &handler);
        // The same file can be chosen again.
        field.set_value("");
    });
    let body = body();
    for event in ["dragenter", "dragover"] {
        let area = body.clone();
        listen(&body, event, move |event: DragEvent| {
            event.prevent_default();
            set(&area, "data-drag", "over");
        });
    }
    let area = body.clone();
    listen(&body, "dragleave", move |_: DragEvent| {
        set(&area, "data-drag", "none");
    });
    let (handler, area) = (Rc::clone(&found), body.clone());
    listen(&body, "drop", move |event: DragEvent| {
        event.prevent_default();
        set(&area, "data-drag", "none");
        take(event.data_transfer().and_then(|d| d.files()), &handler);
    });
    listen(&document(), "paste", move |event: ClipboardEvent| {
        let files = event.clipboard_data().and_then(|d| d.files());
        if files.as_ref().is_some_and(|f| f.length() > 0) {
            event.prevent_default();
            take(files, &found);
        } else {
            found(Upload::Refusal(String::from(
                "The clipboard holds no picture. Copy an image, not its address, and paste again.",
            )));
        }
    });
}

fn take(files: Option<FileList>, found: &Rc<dyn Fn(Upload)>) {
    let Some(files) = files else { return };
    let Some(file) = files.get(0) else { return };
    let note = match files.length() {
        1 => String::new(),
        count => format!(
            "{count} files were given; the first, {}, was taken.",
            file.name()
        ),
    };
    if file.size() > MOST_BYTES {
        let size = file.size() / 1e6;
        return found(Upload::Refusal(format!(
            "{} has {size:.0} MB. Choose a picture below {:.0} MB.",
            file.name(),
            MOST_BYTES / 1e6
        )));
    }
    let found = Rc::clone(found);
    spawn_local(async move {
        match read(&file).await {
            Some(bytes) => found(Upload::File(bytes, note)),
            None => found(Upload::Refusal(format!(
                "{} could not be read. Choose it again.",
                file.name()
            ))),
        }
    });
}

async fn read(file: &File) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
