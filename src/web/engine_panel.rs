//! Which program computes: the engine, with relaxed SIMD where the browser has it, or Burn.

use super::{by_id, document, listen, set};
use web_sys::{Event, HtmlElement, HtmlSelectElement};

/// Burn.
const REFERENCE: &str = "./reference_loader.js";

/// The loader of the program that the visitor has chosen; that of the engine is named by the page's first script,
/// which knows the browser's kind of SIMD.
pub fn chosen_loader() -> String {
    let choice: HtmlSelectElement = by_id("engine");
    if choice.value() == "burn" {
        return String::from(REFERENCE);
    }
    let page = document().document_element();
    page.and_then(|page| page.get_attribute("data-loader"))
        .unwrap_or_default()
}

/// Call back when the visitor chooses another program.
pub fn start(on_change: impl Fn() + 'static) {
    listen(&by_id("engine"), "change", move |_: Event| on_change());
}

/// Show what really runs, and the memory that it takes.
pub fn show(path: &str, memory_bytes: usize) {
    let megabytes = memory_bytes as f64 / 1e6;
    let text = format!("Running: {path}, {megabytes:.1} MB of memory");
    let place: HtmlElement = by_id("engine-path");
    place.set_inner_text(&text);
    set(&place, "data-memory-bytes", &memory_bytes.to_string());
}
