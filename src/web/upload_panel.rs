//! Pictures from outside: the file button, drag and drop, paste. What is taken is decided by `decode::offered`.

use super::{body, by_id, document, listen, set};
use crate::decode::offered::{Offered, choose, nothing_dropped, short_name};
use js_sys::{Array, Uint8Array};
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, File, FileList, HtmlInputElement};

const NOTHING_PASTED: &str =
    "The clipboard holds no picture. Copy an image, not its address, and paste again.";

/// What the panel found.
pub enum Upload {
    /// A file, not read yet, and something to tell the visitor beside it; empty for nothing.
    File(File, String),
    /// A weights file.
    Weights(File),
    /// Why there is no file.
    Refusal(String),
}

/// Wire the file button, dropping and pasting; `found` gets files and refusals.
pub fn start(found: impl Fn(Upload) + 'static) {
    let found: Rc<dyn Fn(Upload)> = Rc::new(found);
    let input: HtmlInputElement = by_id("upload");
    let (handler, field) = (Rc::clone(&found), input.clone());
    listen(&input, "change", move |_: web_sys::Event| {
        // Without a file the dialog was left.
        if let Some(files) = field.files().filter(|f| f.length() > 0) {
            handler(take(&files));
        }
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
        handler(given(event.data_transfer(), |dropped| {
            let types = dropped.types();
            let types: Vec<_> = Array::from(&types)
                .iter()
                .filter_map(|t| t.as_string())
                .collect();
            nothing_dropped(&types)
        }));
    });
    listen(&document(), "paste", move |event: ClipboardEvent| {
        let pasted = event.clipboard_data();
        if pasted
            .as_ref()
            .and_then(DataTransfer::files)
            .is_some_and(|f| f.length() > 0)
        {
            event.prevent_default();
        }
        found(given(pasted, |_| NOTHING_PASTED));
    });
}

/// What a drop or a paste holds, `without_files` saying what it is when there is no file.
fn given(
    data: Option<DataTransfer>,
    without_files: impl Fn(&DataTransfer) -> &'static str,
) -> Upload {
    let Some(data) = data else {
        return Upload::Refusal(NOTHING_PASTED.to_owned());
    };
    match data.files().filter(|f| f.length() > 0) {
        Some(files) => take(&files),
        None => Upload::Refusal(without_files(&data).to_owned()),
    }
}

fn take(files: &FileList) -> Upload {
    let files: Vec<File> = (0..files.length()).filter_map(|i| files.get(i)).collect();
    let is_weights = |file: &&File| {
        let name = file.name();
        [".safetensors", ".thrd", ".threads"]
            .iter()
            .any(|ending| name.ends_with(ending))
    };
    if let Some(file) = files.iter().find(is_weights) {
        return Upload::Weights(file.clone());
    }
    let offered: Vec<Offered> = files
        .iter()
        .map(|file| Offered {
            name: file.name(),
            media_type: file.type_(),
            size_bytes: file.size() as u64,
        })
        .collect();
    match choose(&offered) {
        Ok(chosen) => Upload::File(files[chosen.index].clone(), chosen.note),
        Err(refusal) => Upload::Refusal(refusal),
    }
}

/// Read a file.
///
/// # Errors
/// What to tell the visitor when that fails, as with a folder or a file that is gone.
pub async fn read(file: &File) -> Result<Vec<u8>, String> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| {
        format!(
            "{} could not be read. Choose a file, not a folder, and choose it again if it has moved or changed.",
            short_name(&file.name())
        )
    })?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
