//! `threadcount bench-data`: the images that `scripts/bench` calibrates and judges on, as one safetensors file.

use crate::files::{Result, write};
use std::path::Path;
use threadcount::dataset::{Dataset, Samples, balanced};
use threadcount::image::SIDE;
use threadcount::preprocess::normalize;
use threadcount::tensor_file::TensorFileBuilder;

/// Training images on which the converters measure ranges of activations.
const CALIBRATION_IMAGES: usize = 200;
/// Validation images on which contenders are judged. No test image decides which of them counts.
const VALIDATION_IMAGES: usize = 2000;

/// Write the normalized images, as many of each class, and the labels of those that contenders are judged on.
pub fn export(data: &Dataset, path: &Path) -> Result<()> {
    let calibration = data
        .train
        .select(&balanced(&data.train, CALIBRATION_IMAGES));
    let positions = balanced(&data.validation, VALIDATION_IMAGES);
    let validation = data.validation.select(&positions);
    let labels: Vec<u8> = validation
        .labels
        .iter()
        .map(|label| label.index() as u8)
        .collect();
    let file = TensorFileBuilder::default();
    let file = features(file, "calibration.features", &calibration);
    let file = features(file, "validation.features", &validation);
    let file = file.tensor("validation.labels", &[labels.len()], &labels);
    write(path, file.to_bytes())
}

fn features(file: TensorFileBuilder, name: &str, samples: &Samples) -> TensorFileBuilder {
    let values: Vec<f32> = samples
        .images
        .iter()
        .flat_map(|image| *normalize(image).values())
        .collect();
    file.tensor(name, &[samples.len(), SIDE, SIDE], &values)
}
