//! What pointer and keyboard do to the drawing.

use super::first_drawing::Hand;
use super::tools::{self, Tool, level, radius, tool};
use crate::drawing::{DRAWING_SIDE, Drawing};
use crate::session::{Cloth, Placed};

/// How far an arrow key moves the keyboard's chalk, in drawing pixels.
const KEY_STEP: f64 = 7.0;

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

/// What a key did.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum KeyDid {
    /// Nothing: it is no key of ours.
    Nothing,
    /// It moved the keyboard's chalk, or chose a tool.
    Moved,
    /// It drew.
    Drew,
}

/// The cloth and who draws on it.
#[derive(Clone, Default)]
pub struct Strokes {
    /// The cloth.
    pub cloth: Cloth,
    /// The stroke that a pointer is drawing.
    stroke: Option<Stroke>,
    /// A key that draws is down.
    key_is_down: bool,
    /// The keyboard's chalk, once arrow keys were used, in drawing pixels.
    pub cursor: Option<(f64, f64)>,
    /// What is there is our own drawing, which the first touch clears.
    pub is_ours: bool,
    /// The hand that draws it, until it is done.
    hand: Option<Hand>,
}

impl Strokes {
    /// The same with nobody drawing, to come back to.
    pub fn at_rest(&self) -> Self {
        Self {
            stroke: None,
            key_is_down: false,
            hand: None,
            ..self.clone()
        }
    }

    /// Whether a pointer, a key or our own hand is drawing.
    pub fn is_held(&self) -> bool {
        self.stroke.is_some() || self.key_is_down || self.hand.is_some()
    }

    /// The visitor acts; returns whether our own drawing was there.
    fn take_over(&mut self) -> bool {
        self.hand = None;
        std::mem::take(&mut self.is_ours)
    }

    /// Begin a change by the visitor.
    fn begin(&mut self) -> &mut Drawing {
        let was_ours = self.take_over();
        let drawing = self.cloth.begin();
        if was_ours {
            drawing.clear();
        }
        drawing
    }

    /// A pointer is pressed at a place of the window; false when it does not draw.
    pub fn press(&mut self, pointer: i32, at: (f64, f64), area: [f64; 4]) -> bool {
        if self.stroke.is_some_and(|s| s.pointer != pointer) {
            return false; // A second finger.
        }
        let at = position(at, area);
        self.cursor = None;
        let drawing = self.begin();
        if tool() == Tool::Fill {
            drawing.fill(at, level());
        } else {
            drawing.stroke(at, at, radius(), level());
            self.stroke = Some(Stroke { pointer, area, at });
        }
        true
    }

    /// Whether a pointer draws.
    pub fn is_drawing(&self, pointer: i32) -> bool {
        self.stroke.is_some_and(|stroke| stroke.pointer == pointer)
    }

    /// The pointer that draws went to places of the window.
    pub fn drag(&mut self, places: impl Iterator<Item = (f64, f64)>) {
        let Some(mut stroke) = self.stroke else {
            return;
        };
        for place in places {
            let at = position(place, stroke.area);
            let drawing = self.cloth.go_on();
            drawing.stroke(stroke.at, at, radius(), level());
            stroke.at = at;
        }
        self.stroke = Some(stroke);
    }

    /// A pointer was released.
    pub fn release(&mut self, pointer: i32) {
        self.stroke.take_if(|stroke| stroke.pointer == pointer);
    }

    /// A key was released, or is no longer ours to hear.
    pub fn release_key(&mut self) {
        self.key_is_down = false;
    }

    /// Arrows move the chalk, with Shift they draw; Space and Enter put a dab; letters choose tools.
    pub fn key(&mut self, key: &str, shift: bool) -> KeyDid {
        let step = match key {
            "ArrowLeft" => (-KEY_STEP, 0.0),
            "ArrowRight" => (KEY_STEP, 0.0),
            "ArrowUp" => (0.0, -KEY_STEP),
            "ArrowDown" => (0.0, KEY_STEP),
            " " | "Enter" => (0.0, 0.0),
            letter if tools::choose(letter) => return KeyDid::Moved,
            _ => return KeyDid::Nothing,
        };
        let middle = DRAWING_SIDE as f64 / 2.0;
        let from = self.cursor.unwrap_or((middle, middle));
        let limit = |v: f64| v.clamp(0.0, DRAWING_SIDE as f64 - 1.0);
        let to = (limit(from.0 + step.0), limit(from.1 + step.1));
        self.cursor = Some(to);
        if !shift && step != (0.0, 0.0) {
            return KeyDid::Moved;
        }
        self.key_is_down = true;
        let drawing = self.begin();
        if tool() == Tool::Fill {
            drawing.fill(to, level());
        } else {
            drawing.stroke(from, to, radius(), level());
        }
        KeyDid::Drew
    }

    /// Make the cloth blank.
    pub fn clear(&mut self) {
        self.take_over();
        self.cloth.clear();
    }

    /// Lay a picture on the cloth.
    pub fn put(&mut self, placed: Placed) {
        self.take_over();
        self.cloth.put(placed);
    }

    /// Begin our own drawing.
    pub fn begin_ours(&mut self) {
        self.cloth.begin();
        self.is_ours = true;
        self.hand = Some(Hand::default());
    }

    /// Draw on at our own drawing; false when that is done or the visitor has acted.
    pub fn draw_on(&mut self, elapsed_ms: f64) -> bool {
        let Some(hand) = &mut self.hand else {
            return false;
        };
        if !hand.draw(self.cloth.go_on(), elapsed_ms) {
            self.hand = None;
        }
        true
    }

    /// Go back one state; false when there is none.
    pub fn undo(&mut self) -> bool {
        self.take_over();
        self.cloth.undo()
    }

    /// Take back an undo; false when there is none.
    pub fn redo(&mut self) -> bool {
        self.take_over();
        self.cloth.redo()
    }
}

/// A place of the window in drawing pixels, with the canvas in `area`.
fn position((x, y): (f64, f64), [left, top, width, height]: [f64; 4]) -> (f64, f64) {
    let scale = |v: f64, length: f64| v * DRAWING_SIDE as f64 / length.max(1.0);
    (scale(x - left, width), scale(y - top, height))
}
