//! The drawing cloth and its tools: events of pointer, keyboard and buttons to strokes, and strokes to the canvas.

use super::chalk::Board;
use super::first_drawing::Hand;
use super::strokes::{KeyDid, Strokes};
use super::tools::radius;
use super::{after, by_id, document, listen, now_ms, set, theme};
use crate::drawing::Levels;
use crate::image::GrayImage;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{
    Event, HtmlButtonElement, HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent,
};

/// How often our own drawing goes on, in milliseconds.
const FRAME_MS: i32 = 16;

/// What is on the cloth after a change.
pub enum Change {
    /// Something drawn.
    Drawn(Levels),
    /// A picture in the models' form, as it is.
    Picture(GrayImage),
}

/// The drawing panel.
#[derive(Clone)]
pub struct DrawingPanel {
    strokes: Rc<RefCell<Strokes>>,
    board: Rc<RefCell<Board>>,
    canvas: HtmlCanvasElement,
    changed: Rc<dyn Fn(Change)>,
}

impl DrawingPanel {
    /// Wire the canvas and tools; `changed` gets what is on the cloth after each change.
    pub fn start(changed: impl Fn(Change) + 'static) -> Self {
        let canvas: HtmlCanvasElement = by_id("drawing");
        let panel = Self {
            strokes: Rc::default(),
            board: Rc::new(RefCell::new(Board::new(canvas.clone()))),
            canvas,
            changed: Rc::new(changed),
        };
        panel.listen_to_pointer();
        panel.listen_to_keys();
        panel.listen_to_buttons();
        panel.show();
        panel
    }

    /// Draw a garment, as a visitor's hand would; at once where little motion is wanted, or on a touch screen.
    pub fn draw_first(&self) {
        self.strokes.borrow_mut().begin_ours();
        let begin_ms = if theme::is_still() || theme::is_touched() {
            f64::NEG_INFINITY
        } else {
            now_ms()
        };
        self.draw_on(Hand::default(), begin_ms);
    }

    fn draw_on(&self, mut hand: Hand, begin_ms: f64) {
        if !self.strokes.borrow().is_ours {
            return; // The visitor draws.
        }
        let elapsed_ms = now_ms() - begin_ms;
        let goes_on = self.strokes.borrow_mut().draw_on(&mut hand, elapsed_ms);
        self.update();
        if goes_on {
            let panel = self.clone();
            after(FRAME_MS, move || panel.draw_on(hand, begin_ms));
        }
    }

    /// Put a picture on the cloth that the session has already.
    pub fn put(&self, picture: &GrayImage) {
        self.strokes.borrow_mut().put(picture);
        self.show();
        caption("Your picture, as they see it.");
    }

    /// Put a picture on the cloth and say what it is.
    pub fn choose(&self, picture: &GrayImage, text: &str) {
        self.strokes.borrow_mut().put(picture);
        self.update();
        caption(text);
    }

    /// Make the cloth blank.
    pub fn clear(&self) {
        self.strokes.borrow_mut().clear();
        self.update();
    }

    fn listen_to_pointer(&self) {
        let panel = self.clone();
        listen(&self.canvas, "pointerdown", move |event: PointerEvent| {
            if event.button() == 0 {
                event.prevent_default();
                // A synthetic pointer cannot be captured; drawing works without.
                let _ = panel.canvas.set_pointer_capture(event.pointer_id());
                let (pointer, area) = (event.pointer_id(), panel.area());
                let drew = panel
                    .strokes
                    .borrow_mut()
                    .press(pointer, place(&event), area);
                if drew {
                    panel.update();
                }
            }
        });
        let panel = self.clone();
        listen(&self.canvas, "pointermove", move |event: PointerEvent| {
            panel.drag(&event);
        });
        for end in ["pointerup", "pointercancel", "lostpointercapture"] {
            let panel = self.clone();
            listen(&self.canvas, end, move |event: PointerEvent| {
                panel.strokes.borrow_mut().release(event.pointer_id());
            });
        }
    }

    fn drag(&self, event: &PointerEvent) {
        let pointer = event.pointer_id();
        if !self.strokes.borrow().is_drawing(pointer) {
            return;
        }
        if event.buttons() & 1 == 0 {
            // The release was lost, outside the window for instance.
            self.strokes.borrow_mut().release(pointer);
            return;
        }
        event.prevent_default();
        // The browser may have gathered several positions into one event.
        let gathered = event.get_coalesced_events();
        let places = gathered
            .iter()
            .map(|e| place(&e.unchecked_into::<PointerEvent>()));
        self.strokes.borrow_mut().drag(places.chain([place(event)]));
        self.update();
    }

    /// Where the canvas is in the window: left, top, width, height.
    fn area(&self) -> [f64; 4] {
        let area = self.canvas.get_bounding_client_rect();
        [area.left(), area.top(), area.width(), area.height()]
    }

    fn listen_to_keys(&self) {
        let panel = self.clone();
        listen(&self.canvas, "keydown", move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let did = panel
                .strokes
                .borrow_mut()
                .key(&event.key(), event.shift_key());
            match did {
                KeyDid::Nothing => return,
                KeyDid::Moved => panel.show(),
                KeyDid::Drew => panel.update(),
            }
            event.prevent_default();
        });
        let panel = self.clone();
        listen(&document(), "keydown", move |event: KeyboardEvent| {
            if !(event.ctrl_key() || event.meta_key()) {
                return;
            }
            let acted = match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
                ("z", false) => panel.change(Strokes::undo),
                ("z", true) | ("y", _) => panel.change(Strokes::redo),
                _ => return,
            };
            if acted {
                event.prevent_default();
            }
        });
    }

    fn listen_to_buttons(&self) {
        let panel = self.clone();
        listen(&by_id("undo"), "click", move |_: Event| {
            panel.change(Strokes::undo);
        });
        let panel = self.clone();
        listen(&by_id("redo"), "click", move |_: Event| {
            panel.change(Strokes::redo);
        });
        let panel = self.clone();
        listen(&by_id("clear"), "click", move |_: Event| panel.clear());
    }

    /// Change the drawing; returns whether there was something to change.
    fn change(&self, change: impl FnOnce(&mut Strokes) -> bool) -> bool {
        let acted = change(&mut self.strokes.borrow_mut());
        if acted {
            self.update();
        }
        acted
    }

    fn update(&self) {
        self.show();
        let (change, text) = {
            let strokes = self.strokes.borrow();
            let picture = strokes.drawing.picture().cloned();
            let levels = strokes.drawing.levels();
            let blank = levels.values().iter().all(|level| *level == 0);
            let text = match (&picture, blank) {
                _ if strokes.is_ours => "Our drawing. Yours next.",
                (Some(_), _) => "A picture, seen as it is.",
                (None, true) => "Draw here.",
                (None, false) => "",
            };
            (picture.map_or(Change::Drawn(levels), Change::Picture), text)
        };
        caption(text);
        (self.changed)(change);
    }

    /// Draw what is there anew, for another size of the window or other colors.
    pub fn show(&self) {
        let strokes = self.strokes.borrow();
        let mut board = self.board.borrow_mut();
        board.show(strokes.drawing.levels());
        if let Some(at) = strokes.cursor {
            board.mark(at, radius());
        }
        let can_undo = strokes.drawing.can_undo();
        by_id::<HtmlButtonElement>("undo").set_disabled(!can_undo);
        by_id::<HtmlButtonElement>("redo").set_disabled(!strokes.drawing.can_redo());
        let can_undo = if can_undo { "true" } else { "false" };
        set(&self.canvas, "data-undo", can_undo);
    }
}

/// The event's place in the window.
fn place(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

fn caption(text: &str) {
    let place: HtmlElement = by_id("caption");
    if place.text_content().as_deref() != Some(text) {
        place.set_text_content(Some(text));
    }
}
