//! In a browser: from strokes to predictions, messages through a worker, and the native logits.
#![cfg(target_arch = "wasm32")]

#[path = "released/mod.rs"]
mod released;
#[path = "parity/classical.rs"]
mod classical;
mod kernels;
#[path = "parity/mod.rs"]
mod logits;
#[path = "squeeze/mod.rs"]
mod squeezed;

#[cfg(feature = "burn")]
use logits::BURN_IMAGES;
use logits::{IMAGES, INTEGER_TOLERANCE, Logits, TOLERANCE};
use threadcount::classifier::Classifier;
use threadcount::drawing::Drawing;
use threadcount::engine::{Arithmetic, Engine};
use threadcount::label::NAMES;
use threadcount::preprocess::{Preprocessed, normalize, preprocess};
use threadcount::protocol::Request;
use threadcount::timing::{Stopwatch, Thoroughness, clock_grain_ms};
use threadcount::web::wire;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Blob, MessageEvent, Url, Worker};

wasm_bindgen_test_configure!(run_in_browser);

#[cfg(feature = "burn")]
#[wasm_bindgen_test]
fn wasm_logits_are_the_native_ones() {
    let native = serde_json::from_str(include_str!("parity/logits.json")).unwrap();
    Logits::compute(BURN_IMAGES).assert_equal(&native, BURN_IMAGES, TOLERANCE);
}

#[wasm_bindgen_test]
fn the_engines_logits_are_burns_too() {
    let native = serde_json::from_str(include_str!("parity/logits.json")).unwrap();
    let by_engine = Logits::compute_by_engine;
    by_engine(Arithmetic::Float).assert_equal(&native, IMAGES, TOLERANCE);
    by_engine(Arithmetic::Quantized).assert_equal(&native, IMAGES, INTEGER_TOLERANCE);
}

#[wasm_bindgen_test]
fn classical_models_answer_as_they_do_natively() {
    classical::assert_recorded(include_bytes!("parity/classical.safetensors"));
}

#[wasm_bindgen_test]
fn squeezed_networks_have_the_native_bytes_and_answers() {
    squeezed::Recorded::compute().assert_equal(include_str!("squeeze/recorded.json"));
}

#[wasm_bindgen_test]
fn fast_kernels_are_their_scalar_twins() {
    kernels::all_agree();
}

/// A test of each call that a kernel must refuse: a panic ends a test here.
macro_rules! refused {
    ($($name:ident: $number:literal,)*) => {
        $(
            #[wasm_bindgen_test]
            #[should_panic]
            fn $name() {
                kernels::REFUSED[$number].2();
            }
        )*
    };
}

refused! {
    depthwise_refuses_three_channels: 0,
    expansion_refuses_three_channels: 1,
    max_pooling_refuses_a_channel_too_few: 2,
    max_pooling_refuses_half_a_panel: 3,
    average_refuses_a_channel_too_many: 4,
    winograd_refuses_three_input_channels: 5,
    winograd_refuses_three_output_channels: 6,
    filters_refuse_missing_tiles: 7,
    filters_refuse_a_scale_too_many: 8,
    filters_refuse_a_missing_scale: 9,
    rounding_refuses_half_a_panel: 10,
    integers_refuse_half_a_panel: 11,
    stem_refuses_a_short_bias: 12,
    quantization_refuses_rows_of_three: 13,
    product_refuses_missing_results: 14,
    product_refuses_a_short_bias: 15,
    product_refuses_a_short_residual: 16,
    quantized_product_refuses_missing_rows: 17,
}
const _: () = assert!(kernels::REFUSED.len() == 18, "a test of each");

fn lightweight() -> impl Classifier {
    let (_, bytes) = released::networks()
        .find(|(name, _)| *name == "lightweight")
        .unwrap();
    Engine::from_bytes(bytes, Arithmetic::Quantized, 1).unwrap()
}

/// Trousers: two legs under a waist.
fn trousers() -> Drawing {
    let mut drawing = Drawing::default();
    drawing.stroke((100.0, 30.0), (180.0, 30.0), 18.0, 210);
    for x in [105.0, 175.0] {
        drawing.stroke((x, 30.0), (x, 260.0), 24.0, 210);
    }
    drawing
}

#[wasm_bindgen_test]
fn a_drawing_becomes_a_prediction() {
    let Preprocessed::Garment { image, .. } = preprocess(&trousers().levels().to_rgba()) else {
        panic!("trousers are not blank")
    };
    let prediction = lightweight().predict_proba(&normalize(&image)).unwrap();
    let sum: f32 = prediction.probabilities.iter().sum();
    assert!((sum - 1.0).abs() < 1e-5, "{sum}");
    assert_eq!(prediction.label().name(), NAMES[1], "{prediction:?}");
    assert_eq!(
        preprocess(&Drawing::default().levels().to_rgba()),
        Preprocessed::Blank
    );
}

#[wasm_bindgen_test]
async fn messages_survive_a_worker() {
    // A worker that sends every message back, so each passes the structured clone twice.
    let parts = js_sys::Array::of1(&"onmessage = e => postMessage(e.data)".into());
    let blob = Blob::new_with_str_sequence(&parts).unwrap();
    let worker = Worker::new(&Url::create_object_url_with_blob(&blob).unwrap()).unwrap();
    let drawing = trousers().levels();
    let request = Request::Draw {
        number: 1 << 40,
        drawing,
    };
    let message = wire::encode(&request);
    let sent = js_sys::Reflect::get(&message, &"Draw".into()).unwrap();
    let bytes = js_sys::Reflect::get(&sent, &"drawing".into()).unwrap();
    assert!(bytes.is_instance_of::<js_sys::Uint8Array>(), "{bytes:?}");
    let reply = js_sys::Promise::new(&mut |resolve, _| {
        let handler = Closure::once_into_js(move |event: MessageEvent| {
            resolve.call1(&JsValue::NULL, &event.data())
        });
        worker.set_onmessage(Some(handler.unchecked_ref()));
        worker.post_message(&message).unwrap();
    });
    let reply: Request = wire::decode(JsFuture::from(reply).await.unwrap()).expect("a request");
    assert_eq!(reply, request);
    assert!(wire::decode::<Request>("something else".into()).is_none());
}

#[wasm_bindgen_test]
fn the_browsers_clock_gives_positive_figures() {
    let clock = web_sys::window().unwrap().performance().unwrap();
    let now = || clock.now();
    let grain = clock_grain_ms(now);
    assert!(grain > 0.0 && grain < 100.0, "{grain}");
    let mut stopwatch = Stopwatch::new(Thoroughness::Quick, grain);
    let mut model = lightweight();
    let features = normalize(&logits::images()[0]);
    while !stopwatch.time(now, || drop(model.predict_proba(&features))) {}
    let latency = stopwatch.latency().unwrap();
    assert!(
        latency.min_ms > 0.0
            && latency.min_ms <= latency.median_ms
            && latency.median_ms <= latency.p95_ms
    );
}
