//! `threadcount bench-data`: what `scripts/bench` measures with. `images.safetensors` has the images that converters
//! calibrate on and contenders are judged on, `models/NAME.safetensors` the networks, unpacked where they are released as
//! packed bytes, and `models.json` the sums of the files.

use crate::files::{MODELS, Result, read, write, write_json};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use threadcount::catalog::Model;
use threadcount::dataset::{Dataset, Samples, balanced, sha256};
use threadcount::image::SIDE;
use threadcount::preprocess::normalize;
use threadcount::squeeze::model_file;
use threadcount::tensor_file::TensorFileBuilder;

/// Training images on which the converters measure ranges of activations.
const CALIBRATION_IMAGES: usize = 200;
/// Validation images on which contenders are judged. No test image decides which of them counts.
const VALIDATION_IMAGES: usize = 2000;

/// The sums of a network's files.
#[derive(Serialize)]
struct Sums {
    /// The released file's name.
    file: &'static str,
    /// Its sha256.
    released: String,
    /// The sha256 of the file that contenders read.
    measured: String,
}

/// Write everything into a folder.
pub fn export(data: &Dataset, models: &[&Model], folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder.join("models"))?;
    images(data, &folder.join("images.safetensors"))?;
    let mut sums = BTreeMap::new();
    for Model { name, file, .. } in models {
        let released = read(&Path::new(MODELS).join(file))?;
        let measured = model_file(released.clone())?;
        write(
            &folder.join("models").join(format!("{name}.safetensors")),
            &measured,
        )?;
        let found = Sums {
            file,
            released: sha256(&released),
            measured: sha256(&measured),
        };
        sums.insert(*name, found);
    }
    write_json(&folder.join("models.json"), &sums)
}

/// Write the normalized images, as many of each class, and the labels of those that contenders are judged on.
fn images(data: &Dataset, path: &Path) -> Result<()> {
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

fn features<'a>(
    file: TensorFileBuilder<'a>,
    name: &str,
    samples: &Samples,
) -> TensorFileBuilder<'a> {
    let values: Vec<f32> = samples
        .images
        .iter()
        .flat_map(|image| *normalize(image).values())
        .collect();
    file.tensor(name, &[samples.len(), SIDE, SIDE], &values)
}
