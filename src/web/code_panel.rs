//! The squeezed network in a QR code: shown in a dialog, saved as a picture, copied as a link.

use super::canvas::paint;
use super::link_panel::copy_and_say;
use super::save::save_blob;
use super::{by_id, listen, say, set};
use crate::format::thousands;
use crate::link::network_to_fragment;
use crate::qr::{Code, MOST_BYTES, QUIET_ZONE};
use crate::session::{Event, Squeeze};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Blob, HtmlButtonElement, HtmlCanvasElement, HtmlDialogElement, HtmlElement};

/// Pixels of a square: more are no easier to read, and a screen shows fewer.
const SCALE: usize = 4;
/// The widest that a code is shown, in px.
const WIDTH: usize = 410;

/// The panel; it keeps the packed bytes that its code shows.
#[derive(Default)]
pub struct CodePanel {
    shown: Rc<RefCell<Option<Shown>>>,
}

struct Shown {
    packed: Vec<u8>,
    file_name: String,
}

impl CodePanel {
    /// Wire the buttons; `tell` hears what the visitor does.
    ///
    /// # Panics
    /// When `www/index.html` lacks one of them.
    pub fn start(&self, tell: &Rc<impl Fn(Event) + 'static>) {
        for (id, event, closes) in [
            ("squeeze-code", "click", false),
            ("code-close", "click", true),
            ("code", "close", true),
        ] {
            let tell = Rc::clone(tell);
            listen(
                &by_id::<HtmlElement>(id),
                event,
                move |_: web_sys::Event| {
                    tell(if closes {
                        Event::CodeClosed
                    } else {
                        Event::CodePressed
                    });
                },
            );
        }
        let shown = Rc::clone(&self.shown);
        listen(
            &by_id::<HtmlElement>("code-save"),
            "click",
            move |_: web_sys::Event| {
                let Some(name) = shown.borrow().as_ref().map(|shown| shown.file_name.clone())
                else {
                    return;
                };
                let taken = Closure::once_into_js(move |blob: JsValue| {
                    if let Ok(blob) = blob.dyn_into::<Blob>() {
                        save_blob(&name, &blob);
                    }
                });
                // A canvas that only has our own pixels may be read.
                let _ = by_id::<HtmlCanvasElement>("code-picture").to_blob(taken.unchecked_ref());
            },
        );
        let shown = Rc::clone(&self.shown);
        let button: HtmlElement = by_id("code-link");
        let pressed = button.clone();
        listen(&button, "click", move |_: web_sys::Event| {
            if let Some(shown) = &*shown.borrow() {
                copy_and_say(&network_to_fragment(&shown.packed), &pressed);
            }
        });
    }

    /// Show the code of a squeezed network, or close it.
    pub fn show(&self, squeeze: &Squeeze) {
        let button: HtmlButtonElement = by_id("squeeze-code");
        button.set_disabled(squeeze.code().is_none());
        let dialog: HtmlDialogElement = by_id("code");
        let Some(packed) = squeeze.code().filter(|_| squeeze.shows_code) else {
            if dialog.open() {
                dialog.close();
            }
            return;
        };
        if dialog.open() {
            return;
        }
        let Ok(code) = Code::of_bytes(packed) else {
            return;
        };
        let canvas: HtmlCanvasElement = by_id("code-picture");
        paint(&canvas, &code.to_picture(SCALE));
        // Whole pixels a square, so that a screenshot can be read.
        let side = code.side() + 2 * QUIET_ZONE;
        let width = (WIDTH / side).max(1) * side;
        let _ = canvas.style().set_property("width", &format!("{width}px"));
        let name = format!("{}, {}", squeeze.network, squeeze.setting.words());
        set(&canvas, "aria-label", &format!("QR code of {name}"));
        say("code-title", &name);
        say(
            "code-note",
            &format!(
                "The whole network in {} of {} bytes. Drop this picture on the page to load the network from it.",
                thousands(packed.len()),
                thousands(MOST_BYTES)
            ),
        );
        self.shown.replace(Some(Shown {
            packed: packed.to_vec(),
            file_name: format!("{}-qr.png", squeeze.setting.file_stem(squeeze.network)),
        }));
        // It is closed, so it can be opened.
        let _ = dialog.show_modal();
    }
}
