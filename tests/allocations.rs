//! A prediction allocates nothing: a global allocator counts. A program of its own, because other tests
//! would be counted too.
#![cfg(not(target_arch = "wasm32"))]
// A global allocator is unsafe by its trait.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use threadcount::catalog;
use threadcount::classifier::Classifier;
use threadcount::engine::{Arithmetic, Engine};
use threadcount::image::GrayImage;
use threadcount::preprocess::normalize;
use threadcount::squeeze::model_file;

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_prediction_allocates_nothing() {
    let features = normalize(&GrayImage::black());
    let mut counted = 0;
    for name in catalog::networks() {
        let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let file = catalog::find(name).unwrap().file;
        let bytes = model_file(std::fs::read(models.join(file)).unwrap()).unwrap();
        let mut engine = Engine::from_bytes(&bytes, Arithmetic::Quantized, 1).unwrap();
        // The first call may detect the processor's features.
        engine.predict_proba(&features).unwrap();
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        for _ in 0..3 {
            engine.predict_proba(&features).unwrap();
        }
        assert_eq!(ALLOCATIONS.load(Ordering::Relaxed), before, "{name}");
        counted += before;
    }
    assert!(counted > 0, "the allocator counts");
}
