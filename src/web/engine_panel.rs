//! Which program computes: the engine, with relaxed SIMD where the browser has it, or Burn.

use super::{by_id, listen, set};
use js_sys::{Uint8Array, WebAssembly};
use web_sys::{Event, HtmlElement, HtmlSelectElement};

/// The engine for every browser with SIMD.
const ENGINE: &str = "./worker_loader.js";
/// The engine with fused multiply-add; `scripts/build-relaxed` makes it.
const RELAXED: &str = "./worker-relaxed_loader.js";
/// Burn.
const REFERENCE: &str = "./reference_loader.js";

/// A module with one `f32x4.relaxed_madd`.
///
/// **Source**: <https://github.com/WebAssembly/relaxed-simd>, opcode 0x105.
const PROBE: [u8; 40] = [
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // magic number, version
    1, 5, 1, 0x60, 0, 1, 0x7b, // type: nothing to v128
    3, 2, 1, 0, // one function of that type
    10, 19, 1, 17, 0, // its body, without locals
    0x41, 0, 0xfd, 0x11, 0x41, 0, 0xfd, 0x11, 0x41, 0, 0xfd,
    0x11, // three times `i32.const 0`, `i32x4.splat`
    0xfd, 0x85, 2, 11, // `f32x4.relaxed_madd`, `end`
];

/// The loader of the program that the visitor has chosen.
pub fn chosen_loader() -> &'static str {
    let choice: HtmlSelectElement = by_id("engine");
    match choice.value().as_str() {
        "burn" => REFERENCE,
        _ if has_relaxed_simd() => RELAXED,
        _ => ENGINE,
    }
}

fn has_relaxed_simd() -> bool {
    WebAssembly::validate(&Uint8Array::from(PROBE.as_slice())).unwrap_or(false)
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
