//! What the programs of a [`crate::world::World`] reply: each answer is one that only this picture gets, from this model and
//! setting, so that a test sees where it came from.

use serde_bytes::ByteBuf;
use threadcount::card::Summary;
use threadcount::drawing::{DRAWING_SIDE, Levels};
use threadcount::image::{GrayImage, PIXELS};
use threadcount::occlusion::PLACES;
use threadcount::prediction::Prediction;
use threadcount::protocol::{
    Activations, Finding, Inspected, PictureNumber, Ready, Response, Seen, SqueezedNetwork,
    StopNumber,
};
use threadcount::squeeze::{ImageSet, Loupe, Score, Setting};
use threadcount::timing::{Latency, Thoroughness};
use threadcount::weave::Weave;

/// What tells pictures apart; zero is a blank one.
pub type Tag = u8;

/// A drawing whose first pixel is its tag.
pub fn drawing(tag: Tag) -> Levels {
    let mut bytes = vec![0; DRAWING_SIDE * DRAWING_SIDE];
    bytes[0] = tag;
    Levels::try_from(serde_bytes::ByteBuf::from(bytes)).unwrap()
}

pub fn image(tag: Tag) -> GrayImage {
    GrayImage::from_pixels(&[tag; PIXELS]).unwrap()
}

pub fn seen(number: PictureNumber, tag: Tag) -> Response {
    let garment = Seen::Garment {
        image: image(tag),
        filled: false,
    };
    Response::Preprocessed {
        number,
        seen: if tag == 0 { Seen::Blank } else { garment },
        shots: Vec::new(),
        duration_ms: 1.0,
    }
}

/// An answer that only this picture gets.
pub fn prediction(tag: Tag) -> Prediction {
    let mut probabilities = [0.0; 10];
    probabilities[usize::from(tag % 10)] = 0.7 + f32::from(tag / 10) * 0.01;
    Prediction {
        probabilities,
        log_sum_exp: 0.0,
    }
}

/// What only this picture's look into this model finds, part by part.
pub fn findings(inspected: Inspected, model: &str, tag: Tag) -> Vec<Finding> {
    let answer = prediction(tag);
    let mark = f32::from(tag) + model.len() as f32 / 16.0;
    match inspected {
        Inspected::Activations => {
            let activations = Activations {
                steps: Vec::new(),
                logits: [mark; 10],
                answer,
            };
            vec![
                Finding::Activations(Box::new(activations)),
                Finding::TimeShares(vec![1.0]),
            ]
        }
        Inspected::Occlusion => {
            let part = |places: usize| Finding::Occlusion {
                answer,
                costs: vec![mark; places],
            };
            vec![part(0), part(300), part(PLACES - 300)]
        }
    }
}

/// Bytes that only this setting has.
pub fn squeezed_bytes(setting: Setting) -> usize {
    usize::from(setting.bits()) * 1000 + 90 - usize::from(setting.cut())
}

pub fn squeezed(stop: StopNumber, setting: Setting) -> Response {
    let network = SqueezedNetwork {
        size_bytes: squeezed_bytes(setting),
        weights: 1,
        threads: 1,
        // Up to 3 bits a code holds it.
        code: (setting.bits() <= 3).then(|| ByteBuf::from(vec![setting.bits()])),
        weave: Weave::default(),
        loupe: Loupe::default(),
    };
    Response::Squeezed {
        stop,
        network: Box::new(network),
    }
}

/// An answer that only this picture gets from this setting; from 3 bits down it is another class.
pub fn squeezed_prediction(tag: Tag, setting: Setting) -> Prediction {
    let mut answer = prediction(tag);
    if setting.bits() <= 3 {
        answer.probabilities.rotate_right(1);
    }
    answer.probabilities[0] += f32::from(setting.bits()) * 1e-3 + f32::from(setting.cut()) * 1e-5;
    answer
}

/// Times of a squeezed network and the same as trained that agree.
pub fn squeezed_timed(stop: StopNumber) -> Response {
    let latency = |median_ms| Latency {
        median_ms,
        p95_ms: 3.0,
        min_ms: 1.0,
        runs: 200,
        batch: 1,
    };
    Response::SqueezedTimed {
        stop,
        latencies: [latency(2.0), latency(2.5)],
    }
}

/// What only this setting gets right: of 1,000 images 5 bits lose 9 and 4 bits lose 30.
pub fn score(setting: Setting, on: ImageSet, done: usize) -> Score {
    let lost = match setting.bits() {
        16 => 0,
        5.. => 14 - usize::from(setting.bits()),
        bits => 150 - 30 * usize::from(bits),
    };
    let lost = (lost + usize::from(setting.cut())) * done / 1000;
    let as_trained = done * 95 / 100;
    Score {
        on,
        done,
        correct: as_trained - lost,
        as_trained,
    }
}

pub fn measured(number: PictureNumber, model: &str, thoroughness: Thoroughness) -> Response {
    Response::Measured {
        number,
        model: model.to_owned(),
        latency: Latency {
            median_ms: 1.0,
            p95_ms: 2.0,
            min_ms: 0.5,
            runs: 3,
            batch: 1,
        },
        thoroughness,
    }
}

pub fn loaded(name: &str) -> Response {
    let card: Summary = serde_json::from_value(serde_json::json!({
        "name": name, "parameters": 1, "macs": 1, "temperature": 1.0,
        "weights": { "file": "", "sha256": "", "size_bytes": 1, "dtype": "f16" },
        "accuracy": { "train": 0.9, "validation": 0.9, "test": 0.9, "test_interval": null },
    }))
    .unwrap();
    Response::Loaded(Box::new(Ready {
        card,
        cold_ms: 1.0,
        path: "scalar code".to_owned(),
        integers: false,
        probe: None,
        memory_bytes: 1,
        weave: Weave::default(),
    }))
}
