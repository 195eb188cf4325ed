//! The logits of 200 test images, shared by the native and the browser's test.

use crate::released::networks;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use threadcount::classifier::Classifier;
use threadcount::dataset::{gunzip, parse_images};
use threadcount::engine::{Arithmetic, Engine};
use threadcount::image::GrayImage;
#[cfg(feature = "burn")]
use threadcount::network::ReferenceClassifier;
use threadcount::preprocess::normalize;

/// Images that the engine is compared on.
pub const IMAGES: usize = 200;
/// The first of them, which Burn, much slower, computes again in each test.
#[cfg(feature = "burn")]
pub const BURN_IMAGES: usize = 20;
/// Largest difference of a logit.
pub const TOLERANCE: f32 = 1e-4;
/// Largest difference of a logit in integers.
pub const INTEGER_TOLERANCE: f32 = 0.35;

const TEST_IMAGES: &[u8] = include_bytes!("../../www/data/t10k-images-idx3-ubyte.gz");

/// The logits of each image, by network.
#[derive(Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Logits(BTreeMap<String, Vec<[f32; 10]>>);

/// The first test images.
pub fn images() -> Vec<GrayImage> {
    let mut images = parse_images("images", &gunzip("images", TEST_IMAGES).unwrap()).unwrap();
    images.truncate(IMAGES);
    images
}

impl Logits {
    /// Compute the first of them here by Burn.
    #[cfg(feature = "burn")]
    pub fn compute(images: usize) -> Self {
        Self::of(|name, weights| run(name, weights, images))
    }

    /// Compute them here by the engine.
    pub fn compute_by_engine(arithmetic: Arithmetic) -> Self {
        let features: Vec<_> = images().iter().map(normalize).collect();
        Self::of(|_, bytes| {
            let mut engine = Engine::from_bytes(bytes, arithmetic, IMAGES).unwrap();
            engine.logits_of_many(&features)
        })
    }

    fn of(compute: impl Fn(&str, &[u8]) -> Vec<[f32; 10]>) -> Self {
        let row = |(name, bytes): (&str, &[u8])| (name.to_owned(), compute(name, bytes));
        Self(networks().map(row).collect())
    }

    /// Compare those of the first `images` with logits that another machine computed.
    pub fn assert_equal(&self, other: &Self, images: usize, tolerance: f32) {
        assert!(self.0.keys().eq(other.0.keys()), "the same networks");
        for ((name, ours), theirs) in self.0.iter().zip(other.0.values()) {
            assert_eq!((ours.len(), theirs.len()), (images, IMAGES), "{name}");
            for (image, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                for (a, b) in ours.iter().zip(theirs) {
                    assert!(
                        (a - b).abs() <= tolerance,
                        "{name}, image {image}: {a} here, {b} there"
                    );
                }
            }
        }
    }
}

#[cfg(feature = "burn")]
fn run(name: &str, weights: &[u8], count: usize) -> Vec<[f32; 10]> {
    let architecture = threadcount::catalog::architecture(name).expect("a network");
    let mut classifier = ReferenceClassifier::from_bytes(&architecture, weights).unwrap();
    images()
        .iter()
        .take(count)
        .map(|image| classifier.logits(&normalize(image)))
        .collect()
}
