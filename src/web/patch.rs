//! A network's cloth, laid on that of a classical model, at the same scale.

use super::cloth::{self, Dye};
use super::{create_canvas, document, part, set, theme};
use crate::catalog;
use crate::session::Session;
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

/// Lay it once both are loaded; once, unless it has to be drawn anew.
pub fn draw(session: &Session, anew: bool) {
    let ready = |name| session.models().iter().find(|m| m.name == name)?.ready();
    let (name, under) = catalog::PATCH;
    let (Some(laid), Some(_)) = (ready(name), ready(under)) else {
        return;
    };
    let query = |selectors: String| document().query_selector(&selectors).ok().flatten();
    let swatch = format!("#rack [data-model={under}]");
    let there = query(format!("{swatch} .patch"));
    if there.is_some() && !anew {
        return;
    }
    let canvas: HtmlCanvasElement = match (there, query(swatch)) {
        (Some(canvas), _) => canvas.unchecked_into(),
        (None, Some(swatch)) => {
            let canvas = create_canvas();
            canvas.set_class_name("patch");
            set(&canvas, "role", "img");
            let label = format!("On it, at the same scale: {name}");
            set(&canvas, "aria-label", &label);
            // An element takes a child.
            let _ = part(&swatch, "cut").append_child(&canvas);
            canvas
        }
        (None, None) => return,
    };
    let side = (laid.card.weights.size_bytes as f64).sqrt() * theme::scale();
    let threads = laid.weave.cloth(cloth::threads_of(side));
    cloth::draw(&canvas, &threads, [side, side], Dye::Dyed);
}
