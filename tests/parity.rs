//! Native logits against `tests/parity/logits.json`, which `tests/web.rs` compares the browser's with.
//!
//! `UPDATE_GOLDEN=1 cargo test --release --features cli --test parity` writes the file after new weights.
#![cfg(not(target_arch = "wasm32"))]

#[path = "released/mod.rs"]
mod released;
#[path = "parity/mod.rs"]
mod logits;

use logits::{BURN_IMAGES, IMAGES, INTEGER_TOLERANCE, Logits, TOLERANCE};
use threadcount::engine::Arithmetic;

/// One test, so that the engine is compared with what was written anew.
#[test]
fn the_recorded_logits_are_those_of_burn_and_of_the_engine() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parity/logits.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let all = Logits::compute(IMAGES);
        std::fs::write(path, serde_json::to_string(&all).unwrap() + "\n").unwrap();
    }
    let recorded = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let assert_equal = |ours: Logits, images, tolerance| {
        ours.assert_equal(&recorded, images, tolerance);
    };
    assert_equal(Logits::compute(BURN_IMAGES), BURN_IMAGES, TOLERANCE);
    let by_engine = Logits::compute_by_engine;
    assert_equal(by_engine(Arithmetic::Float), IMAGES, TOLERANCE);
    assert_equal(by_engine(Arithmetic::Quantized), IMAGES, INTEGER_TOLERANCE);
}
