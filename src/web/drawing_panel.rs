//! The drawing cloth and its tools: events of pointer, keyboard and buttons to strokes, and strokes to the canvas.

use super::chalk::Board;
use super::strokes::{KeyDid, Strokes};
use super::tools::radius;
use super::{after, by_id, document, listen, now_ms, say, set, theme};
use crate::drawing::Levels;
use crate::session::{Picture, Placed};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlButtonElement, HtmlCanvasElement, KeyboardEvent, PointerEvent};

/// How often our own drawing goes on, in milliseconds.
const FRAME_MS: i32 = 16;

/// What the panel reports.
pub enum Change {
    /// Something drawn is on the cloth.
    Drawn(Levels),
    /// A picture lies on the cloth.
    Picture(Rc<Picture>),
    /// A pointer, a key or our own hand draws; or it has let go.
    Held(bool),
}

/// The drawing panel.
#[derive(Clone)]
pub struct DrawingPanel {
    strokes: Rc<RefCell<Strokes>>,
    board: Rc<RefCell<Board>>,
    canvas: HtmlCanvasElement,
    /// Whether it was last reported that somebody draws.
    is_held: Rc<Cell<bool>>,
    changed: Rc<dyn Fn(Change)>,
}

impl DrawingPanel {
    /// Wire the canvas and tools; `changed` gets what is on the cloth after each change, and who draws.
    pub fn start(changed: impl Fn(Change) + 'static) -> Self {
        let canvas: HtmlCanvasElement = by_id("drawing");
        let panel = Self {
            strokes: Rc::default(),
            board: Rc::new(RefCell::new(Board::new(canvas.clone()))),
            canvas,
            is_held: Rc::default(),
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
        self.draw_on(begin_ms);
    }

    fn draw_on(&self, begin_ms: f64) {
        let elapsed_ms = now_ms() - begin_ms;
        if self.strokes.borrow_mut().draw_on(elapsed_ms) {
            self.update();
            let panel = self.clone();
            after(FRAME_MS, move || panel.draw_on(begin_ms));
        }
    }

    /// Lay a picture on the cloth that the session has already.
    pub fn put(&self, picture: Picture, caption: &'static str) {
        let picture = Rc::new(picture);
        let placed = Placed { picture, caption };
        self.strokes.borrow_mut().put(placed);
        self.show();
        self.report_hold();
    }

    /// Lay a picture on the cloth and report it.
    pub fn choose(&self, picture: Picture, caption: &'static str) {
        let picture = Rc::new(picture);
        let placed = Placed { picture, caption };
        self.strokes.borrow_mut().put(placed);
        self.update();
    }

    /// The cloth as it is now, to come back to.
    pub fn kept(&self) -> Strokes {
        self.strokes.borrow().at_rest()
    }

    /// Go back to a cloth as it was.
    pub fn come_back(&self, kept: Strokes) {
        self.strokes.replace(kept);
        self.update();
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
                panel.report_hold();
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
            self.report_hold();
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
        // A key that is released elsewhere is not heard.
        for end in ["keyup", "blur"] {
            let panel = self.clone();
            listen(&self.canvas, end, move |_: Event| {
                panel.strokes.borrow_mut().release_key();
                panel.report_hold();
            });
        }
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
        let strokes = self.strokes.borrow();
        let change = match strokes.cloth.placed() {
            Some(placed) => Change::Picture(Rc::clone(&placed.picture)),
            None => Change::Drawn(strokes.cloth.levels()),
        };
        let is_held = strokes.is_held();
        drop(strokes);
        // Somebody begins to draw before something is drawn, and lets go after it.
        if is_held {
            self.report_hold();
        }
        (self.changed)(change);
        self.report_hold();
    }

    /// Report when somebody begins to draw, or lets go.
    fn report_hold(&self) {
        let is_held = self.strokes.borrow().is_held();
        if self.is_held.replace(is_held) != is_held {
            (self.changed)(Change::Held(is_held));
        }
    }

    /// Draw what is there anew, for another size of the window or other colors.
    pub fn show(&self) {
        let strokes = self.strokes.borrow();
        let cloth = &strokes.cloth;
        let mut board = self.board.borrow_mut();
        board.show(cloth.levels());
        if let Some(at) = strokes.cursor {
            board.mark(at, radius());
        }
        let can_undo = cloth.can_undo();
        by_id::<HtmlButtonElement>("undo").set_disabled(!can_undo);
        by_id::<HtmlButtonElement>("redo").set_disabled(!cloth.can_redo());
        let can_undo = if can_undo { "true" } else { "false" };
        set(&self.canvas, "data-undo", can_undo);
        let caption = match cloth.placed() {
            _ if strokes.is_ours => "Our drawing. Yours next.",
            Some(placed) => placed.caption,
            None if cloth.is_blank() => "Draw here.",
            None => "",
        };
        say("caption", caption);
    }
}

/// The event's place in the window.
fn place(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}
