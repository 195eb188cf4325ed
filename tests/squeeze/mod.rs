//! Bytes and answers of squeezed networks, computed natively and in a browser and recorded once.

use crate::released::networks;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use threadcount::classifier::Classifier;
use threadcount::dataset::{gunzip, parse_images, sha256};
use threadcount::engine::{Arithmetic, Engine};
use threadcount::image::GrayImage;
use threadcount::preprocess::normalize;
use threadcount::squeeze::{Scale, Setting, Source, pack, squeeze, unpack};

/// Test images that squeezed networks answer.
const IMAGES: usize = 20;
const TEST_SAMPLE: &[u8] = include_bytes!("../../www/data/t1k-images-idx3-ubyte.gz");

/// Stops of the dials.
const STOPS: [(u8, u8, Scale); 5] = [
    (8, 0, Scale::Channel),
    (4, 0, Scale::Channel),
    (4, 30, Scale::Layer),
    (2, 80, Scale::Channel),
    (16, 50, Scale::Channel),
];

/// The first images of the page's sample of test images.
pub fn images() -> Vec<GrayImage> {
    let mut images = parse_images("images", &gunzip("images", TEST_SAMPLE).unwrap()).unwrap();
    images.truncate(IMAGES);
    images
}

/// One stop of one network.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Stop {
    /// Length and sum of the packed bytes.
    size_bytes: usize,
    sha256: String,
    /// The class of each of [`images`], as a digit.
    answers: String,
}

/// Every stop by the network and its words.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded(BTreeMap<String, Stop>);

impl Recorded {
    /// Squeeze every network and let it answer.
    pub fn compute() -> Self {
        let mut stops = BTreeMap::new();
        for (name, file) in networks() {
            let source = Source::parse(file).unwrap();
            for (bits, cut, scale) in STOPS {
                let setting = Setting::new(bits, cut, scale).unwrap();
                let packed = pack(&squeeze(&source, setting).unwrap().network);
                let model = unpack(&packed).unwrap().to_model_file();
                let mut engine = Engine::from_bytes(&model, Arithmetic::Quantized, 1).unwrap();
                let answer = |image| {
                    let prediction = engine.predict_proba(&normalize(image)).unwrap();
                    prediction.label().index().to_string()
                };
                let stop = Stop {
                    size_bytes: packed.len(),
                    sha256: sha256(&packed),
                    answers: images().iter().map(answer).collect(),
                };
                stops.insert(format!("{name}, {}", setting.words()), stop);
            }
        }
        Self(stops)
    }

    /// Compare with what was recorded.
    pub fn assert_equal(&self, recorded: &str) {
        let recorded: Self = serde_json::from_str(recorded).unwrap();
        assert_eq!(*self, recorded);
    }
}
