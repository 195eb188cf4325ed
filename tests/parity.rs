//! Native logits against `tests/parity/logits.json`, which `tests/web.rs` compares the browser's with.
//!
//! `UPDATE_GOLDEN=1 cargo test --release --features cli --test parity` writes the file after new weights.
#![cfg(not(target_arch = "wasm32"))]

#[path = "released/mod.rs"]
mod released;
#[path = "parity/mod.rs"]
mod logits;

use logits::{INTEGER_TOLERANCE, Logits, TOLERANCE};
use threadcount::engine::Arithmetic;

/// One test, so that the engine is compared with what was written anew.
#[test]
fn the_recorded_logits_are_those_of_burn_and_of_the_engine() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parity/logits.json");
    let ours = Logits::compute();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, serde_json::to_string(&ours).unwrap() + "\n").unwrap();
    }
    let recorded = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    ours.assert_equal(&recorded, TOLERANCE);
    Logits::compute_by_engine(Arithmetic::Float).assert_equal(&recorded, TOLERANCE);
    Logits::compute_by_engine(Arithmetic::Quantized).assert_equal(&recorded, INTEGER_TOLERANCE);
}
