//! The drawing tools that are chosen.

use super::{by_id, document};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// What a pointer does on the cloth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// It draws.
    Chalk,
    /// It takes chalk away.
    Eraser,
    /// It fills an area.
    Fill,
}

/// The chosen tool.
pub fn tool() -> Tool {
    match checked("tool").as_str() {
        "eraser" => Tool::Eraser,
        "fill" => Tool::Fill,
        _ => Tool::Chalk,
    }
}

/// Choose the tool of a letter; false when there is none.
pub fn choose(letter: &str) -> bool {
    let id = match letter {
        "p" => "tool-pen",
        "e" => "tool-eraser",
        "f" => "tool-fill",
        _ => return false,
    };
    by_id::<HtmlInputElement>(id).set_checked(true);
    true
}

/// Radius of the chosen chalk in pixels of the drawing.
pub fn radius() -> f64 {
    checked("brush").parse().unwrap_or(4.0)
}

/// The chosen gray level; the eraser draws black.
pub fn level() -> u8 {
    if tool() == Tool::Eraser {
        0
    } else {
        checked("level").parse().unwrap_or(255)
    }
}

/// The value of the checked radio button of a group.
pub fn checked(group: &str) -> String {
    let selector = format!("input[name={group}]:checked");
    let found = document().query_selector(&selector).ok().flatten();
    found
        .and_then(|e| e.dyn_into::<HtmlInputElement>().ok())
        .map(|e| e.value())
        .unwrap_or_default()
}
