//! The probabilities of the classical models for 200 test images, shared by the native and the browser's test.

use threadcount::catalog;
use threadcount::classifier::Classifier;
use threadcount::dataset::{gunzip, parse_images};
use threadcount::engine::Arithmetic;
use threadcount::loader;
use threadcount::prediction::Prediction;
use threadcount::preprocess::normalize;
use threadcount::tensor_file::TensorFile;

/// Images that are compared.
pub const IMAGES: usize = 200;
/// Largest difference of a probability.
const TOLERANCE: f32 = 1e-4;

const TEST_IMAGES: &[u8] = include_bytes!("../../www/data/t10k-images-idx3-ubyte.gz");

macro_rules! files {
    (() $($name:literal { file: $file:literal, $($facts:tt)* } = $implementation:ident $types:tt)*) => {
        [$(($name, include_bytes!(concat!("../../models/", $file)).as_slice())),*]
    };
}

/// Each classical model's name and file.
pub fn models() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let classical = |(name, _): &(&str, _)| !catalog::is_network(name);
    threadcount::catalog!(files).into_iter().filter(classical)
}

/// The probabilities of the first test images, computed here.
pub fn compute(name: &str, bytes: &[u8]) -> Vec<f32> {
    let mut model = loader::load(name, bytes, 1, || Arithmetic::Quantized)
        .unwrap()
        .classifier;
    let images = parse_images("images", &gunzip("images", TEST_IMAGES).unwrap()).unwrap();
    let probabilities = |image| {
        model
            .predict_proba(&normalize(image))
            .unwrap()
            .probabilities
    };
    images[..IMAGES].iter().flat_map(probabilities).collect()
}

/// Compare with what was recorded.
pub fn assert_recorded(recorded: &[u8]) {
    let recorded = TensorFile::parse(recorded).unwrap();
    let answer = |probabilities: &[f32]| {
        let probabilities = probabilities.try_into().unwrap();
        let prediction = Prediction {
            probabilities,
            log_sum_exp: 0.0,
        };
        prediction.label()
    };
    for (name, bytes) in models() {
        let there = recorded.floats(name, &[IMAGES, 10]).unwrap();
        let here = compute(name, bytes);
        let rows = here.chunks_exact(10).zip(there.chunks_exact(10));
        for (image, (here, there)) in rows.enumerate() {
            for (a, b) in here.iter().zip(there) {
                assert!(
                    (a - b).abs() <= TOLERANCE,
                    "{name}, image {image}: {a} here, {b} there"
                );
            }
            assert_eq!(answer(here), answer(there), "{name}, image {image}");
        }
    }
    recorded.refuse_unread().unwrap();
}
