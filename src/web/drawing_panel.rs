//! The canvas and its tools: pointer and keyboard to strokes on our own buffer.

use super::{by_id, document, listen, set};
use crate::drawing::{DRAWING_SIDE, Drawing, Levels};
use crate::image::RgbaImage;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{
    CanvasRenderingContext2d, HtmlButtonElement, HtmlCanvasElement, HtmlInputElement, ImageData,
    KeyboardEvent, PointerEvent,
};

/// How far an arrow key moves the keyboard's pen, in drawing pixels.
const KEY_STEP: f64 = 7.0;

#[derive(Clone, Copy, PartialEq)]
enum Tool {
    Pen,
    Eraser,
    Fill,
}

/// A stroke that goes on.
#[derive(Clone, Copy)]
struct Stroke {
    /// Which pointer draws it.
    pointer: i32,
    /// Where the canvas was when it began: left, top, width and height in the window. A stroke keeps it, so that
    /// nothing that moves below a pointer bends it.
    area: [f64; 4],
    /// Where it has come to, in drawing pixels.
    at: (f64, f64),
}

struct State {
    drawing: Drawing,
    /// The stroke that a pointer is drawing.
    stroke: Option<Stroke>,
    /// The keyboard's pen, once arrow keys were used.
    cursor: Option<(f64, f64)>,
}

/// The drawing panel.
#[derive(Clone)]
pub struct DrawingPanel {
    state: Rc<RefCell<State>>,
    canvas: HtmlCanvasElement,
    changed: Rc<dyn Fn(Levels)>,
}

impl DrawingPanel {
    /// Wire the canvas and tools; `changed` gets the drawing after each change.
    pub fn start(changed: impl Fn(Levels) + 'static) {
        let panel = Self {
            state: Rc::new(RefCell::new(State {
                drawing: Drawing::default(),
                stroke: None,
                cursor: None,
            })),
            canvas: by_id("drawing"),
            changed: Rc::new(changed),
        };
        panel.listen_to_pointer();
        panel.listen_to_keys();
        panel.listen_to_buttons();
        panel.show();
    }

    fn listen_to_pointer(&self) {
        let panel = self.clone();
        listen(&self.canvas, "pointerdown", move |event: PointerEvent| {
            if event.button() == 0 {
                event.prevent_default();
                // A synthetic pointer cannot be captured; drawing works without.
                let _ = panel.canvas.set_pointer_capture(event.pointer_id());
                panel.press(&event);
            }
        });
        let panel = self.clone();
        listen(&self.canvas, "pointermove", move |event: PointerEvent| {
            panel.drag(&event);
        });
        for end in ["pointerup", "pointercancel", "lostpointercapture"] {
            let panel = self.clone();
            listen(&self.canvas, end, move |event: PointerEvent| {
                let stroke = &mut panel.state.borrow_mut().stroke;
                stroke.take_if(|stroke| stroke.pointer == event.pointer_id());
            });
        }
    }

    fn press(&self, event: &PointerEvent) {
        let area = self.area();
        let at = position(event, area);
        {
            let state = &mut *self.state.borrow_mut();
            if state
                .stroke
                .is_some_and(|s| s.pointer != event.pointer_id())
            {
                return; // A second finger does not draw.
            }
            state.drawing.begin();
            state.cursor = None;
            if tool() == Tool::Fill {
                state.drawing.fill(at, level());
            } else {
                let pointer = event.pointer_id();
                state.stroke = Some(Stroke { pointer, area, at });
                state.drawing.stroke(at, at, radius(), level());
            }
        }
        self.update();
    }

    fn drag(&self, event: &PointerEvent) {
        {
            let state = &mut *self.state.borrow_mut();
            let Some(mut stroke) = state.stroke else {
                return;
            };
            if stroke.pointer != event.pointer_id() {
                return;
            }
            if event.buttons() & 1 == 0 {
                // The release was lost, outside the window for instance.
                state.stroke = None;
                return;
            }
            event.prevent_default();
            // The browser may have gathered several positions into one event.
            let gathered = event.get_coalesced_events();
            let events = gathered.iter().map(JsCast::unchecked_into::<PointerEvent>);
            let end = position(event, stroke.area);
            for at in events.map(|e| position(&e, stroke.area)).chain([end]) {
                state.drawing.stroke(stroke.at, at, radius(), level());
                stroke.at = at;
            }
            state.stroke = Some(stroke);
        }
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
            if panel.key(&event) {
                event.prevent_default();
            }
        });
        let panel = self.clone();
        listen(&document(), "keydown", move |event: KeyboardEvent| {
            if !(event.ctrl_key() || event.meta_key()) {
                return;
            }
            let acted = match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
                ("z", false) => panel.undo(),
                ("z", true) | ("y", _) => panel.redo(),
                _ => return,
            };
            if acted {
                event.prevent_default();
            }
        });
    }

    /// Arrows move the pen, with Shift they draw; Space and Enter put a dab; letters choose tools.
    fn key(&self, event: &KeyboardEvent) -> bool {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return false;
        }
        let step = match event.key().as_str() {
            "ArrowLeft" => (-KEY_STEP, 0.0),
            "ArrowRight" => (KEY_STEP, 0.0),
            "ArrowUp" => (0.0, -KEY_STEP),
            "ArrowDown" => (0.0, KEY_STEP),
            " " | "Enter" => (0.0, 0.0),
            letter @ ("p" | "e" | "f") => {
                let id = match letter {
                    "p" => "tool-pen",
                    "e" => "tool-eraser",
                    _ => "tool-fill",
                };
                by_id::<HtmlInputElement>(id).set_checked(true);
                return true;
            }
            _ => return false,
        };
        let draws = event.shift_key() || step == (0.0, 0.0);
        {
            let state = &mut *self.state.borrow_mut();
            let middle = DRAWING_SIDE as f64 / 2.0;
            let from = state.cursor.unwrap_or((middle, middle));
            let limit = |v: f64| v.clamp(0.0, DRAWING_SIDE as f64 - 1.0);
            let to = (limit(from.0 + step.0), limit(from.1 + step.1));
            state.cursor = Some(to);
            if draws {
                state.drawing.begin();
                if tool() == Tool::Fill {
                    state.drawing.fill(to, level());
                } else {
                    state.drawing.stroke(from, to, radius(), level());
                }
            }
        }
        if draws {
            self.update();
        } else {
            self.show();
        }
        true
    }

    fn listen_to_buttons(&self) {
        let panel = self.clone();
        listen(&by_id("clear"), "click", move |_: web_sys::Event| {
            panel.clear();
        });
        let panel = self.clone();
        listen(&by_id("undo"), "click", move |_: web_sys::Event| {
            panel.undo();
        });
        let panel = self.clone();
        listen(&by_id("redo"), "click", move |_: web_sys::Event| {
            panel.redo();
        });
    }

    fn clear(&self) {
        {
            let state = &mut *self.state.borrow_mut();
            state.drawing.begin();
            state.drawing.clear();
        }
        self.update();
    }

    fn undo(&self) -> bool {
        let acted = self.state.borrow_mut().drawing.undo();
        if acted {
            self.update();
        }
        acted
    }

    fn redo(&self) -> bool {
        let acted = self.state.borrow_mut().drawing.redo();
        if acted {
            self.update();
        }
        acted
    }

    fn update(&self) {
        self.show();
        let levels = self.state.borrow().drawing.levels();
        (self.changed)(levels);
    }

    /// Put the buffer on the canvas, and the keyboard's pen over it.
    fn show(&self) {
        let state = self.state.borrow();
        let pixels = state.drawing.levels().to_rgba();
        let context = paint(&self.canvas, &pixels);
        if let Some((x, y)) = state.cursor {
            context.set_stroke_style_str("#e8590c");
            context.set_line_width(2.0);
            let r = radius();
            context.stroke_rect(x - r, y - r, 2.0 * r, 2.0 * r);
        }
        by_id::<HtmlButtonElement>("undo").set_disabled(!state.drawing.can_undo());
        by_id::<HtmlButtonElement>("redo").set_disabled(!state.drawing.can_redo());
        set(
            &self.canvas,
            "data-undo",
            if state.drawing.can_undo() {
                "true"
            } else {
                "false"
            },
        );
    }
}

/// The event's place in drawing pixels, with the canvas in `area`.
fn position(event: &PointerEvent, [left, top, width, height]: [f64; 4]) -> (f64, f64) {
    let scale = |v: f64, length: f64| v * DRAWING_SIDE as f64 / length.max(1.0);
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    (scale(x - left, width), scale(y - top, height))
}

/// Put a picture on a canvas of its size; canvases are only written, never read.
///
/// # Panics
/// Never in a browser that has a 2D canvas.
pub fn paint(canvas: &HtmlCanvasElement, picture: &RgbaImage) -> CanvasRenderingContext2d {
    canvas.set_width(picture.width() as u32);
    canvas.set_height(picture.height() as u32);
    let context: CanvasRenderingContext2d = canvas
        .get_context("2d")
        .ok()
        .flatten()
        .expect("a 2D canvas")
        .unchecked_into();
    let data =
        ImageData::new_with_u8_clamped_array(Clamped(picture.pixels()), picture.width() as u32)
            .expect("whole rows of pixels");
    context
        .put_image_data(&data, 0.0, 0.0)
        .expect("finite coordinates");
    context
}

/// The value of the checked radio button of a group.
fn checked(group: &str) -> String {
    let selector = format!("input[name={group}]:checked");
    let found = document().query_selector(&selector).ok().flatten();
    found
        .and_then(|e| e.dyn_into::<HtmlInputElement>().ok())
        .map(|e| e.value())
        .unwrap_or_default()
}

fn tool() -> Tool {
    match checked("tool").as_str() {
        "eraser" => Tool::Eraser,
        "fill" => Tool::Fill,
        _ => Tool::Pen,
    }
}

/// Radius of the chosen brush in drawing pixels.
fn radius() -> f64 {
    checked("brush").parse().unwrap_or(8.0)
}

/// The chosen gray level; the eraser draws black.
fn level() -> u8 {
    if tool() == Tool::Eraser {
        0
    } else {
        checked("level").parse().unwrap_or(255)
    }
}
