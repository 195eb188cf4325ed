//! The logits of 20 test images, shared by the native and the browser's test.

use serde::{Deserialize, Serialize};
use threadcount::classifier::Classifier;
use threadcount::dataset::{gunzip, parse_images};
use threadcount::engine::{Arithmetic, Engine};
use threadcount::image::GrayImage;
#[cfg(feature = "burn")]
use threadcount::network::{Baseline, Compact, Lightweight, Network, Pocket, ReferenceClassifier};
use threadcount::preprocess::normalize;

/// Images that are compared.
pub const IMAGES: usize = 20;
/// Largest difference of a logit.
pub const TOLERANCE: f32 = 1e-4;
/// Largest difference of a logit when pointwise layers are computed in integers.
pub const INTEGER_TOLERANCE: f32 = 0.35;

const TEST_IMAGES: &[u8] = include_bytes!("../../www/data/t10k-images-idx3-ubyte.gz");
const BASELINE: &[u8] = include_bytes!("../../models/baseline.safetensors");
/// The weights of the small model.
pub const LIGHTWEIGHT: &[u8] = include_bytes!("../../models/lightweight.safetensors");
const COMPACT: &[u8] = include_bytes!("../../models/compact.safetensors");
const POCKET: &[u8] = include_bytes!("../../models/pocket.safetensors");

/// The logits of each image.
#[derive(Debug, Deserialize, Serialize)]
pub struct Logits {
    baseline: Vec<[f32; 10]>,
    lightweight: Vec<[f32; 10]>,
    compact: Vec<[f32; 10]>,
    pocket: Vec<[f32; 10]>,
}

/// The first test images.
pub fn images() -> Vec<GrayImage> {
    let mut images = parse_images("images", &gunzip("images", TEST_IMAGES).unwrap()).unwrap();
    images.truncate(IMAGES);
    images
}

impl Logits {
    /// Compute them here by Burn.
    #[cfg(feature = "burn")]
    pub fn compute() -> Self {
        Self {
            baseline: run::<Baseline>(BASELINE),
            lightweight: run::<Lightweight>(LIGHTWEIGHT),
            compact: run::<Compact>(COMPACT),
            pocket: run::<Pocket>(POCKET),
        }
    }

    /// Compute them here by the engine.
    pub fn compute_by_engine(arithmetic: Arithmetic) -> Self {
        let run = |weights| {
            let mut engine = Engine::from_bytes(weights, arithmetic, IMAGES).unwrap();
            let features: Vec<_> = images().iter().map(normalize).collect();
            engine.logits_of_many(&features)
        };
        Self {
            baseline: run(BASELINE),
            lightweight: run(LIGHTWEIGHT),
            compact: run(COMPACT),
            pocket: run(POCKET),
        }
    }

    /// Compare with logits that another machine computed.
    pub fn assert_equal(&self, other: &Self, tolerance: f32) {
        for (name, ours, theirs) in [
            ("baseline", &self.baseline, &other.baseline),
            ("lightweight", &self.lightweight, &other.lightweight),
            ("compact", &self.compact, &other.compact),
            ("pocket", &self.pocket, &other.pocket),
        ] {
            assert_eq!((ours.len(), theirs.len()), (IMAGES, IMAGES), "{name}");
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
fn run<N: Network>(weights: &[u8]) -> Vec<[f32; 10]> {
    let mut classifier = ReferenceClassifier::<N>::from_bytes(weights).unwrap();
    images()
        .iter()
        .map(|image| classifier.logits(&normalize(image)))
        .collect()
}
