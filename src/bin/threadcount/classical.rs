//! `threadcount train` for the classical models: every choice of the recipe, then the best one on all images.

use crate::files::{Result, read_toml, recipe_path, write_weights};
use crate::released::{data_sums, write_card};
use crate::temperature::fit_temperature_of;
use rayon::prelude::*;
use std::time::Instant;
use threadcount::card::{Accuracy, Candidate, Card, Fitting, Origin, WeightsFile};
use threadcount::classical::ClassicalModel;
use threadcount::dataset::{Dataset, Samples, sha256};
use threadcount::format::{percent, thousands};
use threadcount::image::GrayImage;
use threadcount::prediction::{Logits, Prediction};
use threadcount::preprocess::normalize;
use threadcount::train::classical::{self as fit, Fit};

/// Images that one task classifies.
const BLOCK: usize = 250;

/// The logits of many pictures, on all cores.
pub fn logits<M: ClassicalModel>(model: &M, images: &[GrayImage]) -> Vec<Logits> {
    let block = |images: &[GrayImage]| {
        let mut model = model.clone();
        let features: Vec<_> = images.iter().map(normalize).collect();
        model.logits_of_many(&features)
    };
    images.par_chunks(BLOCK).flat_map_iter(block).collect()
}

fn accuracy<M: ClassicalModel>(model: &M, samples: &Samples) -> f64 {
    let right = |(logits, label): &(Logits, _)| {
        let answer = Prediction::from_logits(logits);
        answer.is_ok_and(|answer| answer.label() == *label)
    };
    let logits = logits(model, &samples.images);
    let pairs = logits.into_iter().zip(samples.labels.iter().copied());
    pairs.filter(right).count() as f64 / samples.len() as f64
}

macro_rules! search_arms {
    (
        ($name:ident, $data:ident)
        $($model:literal $facts:tt = $(network $types:tt)? $(classical($($type:ident)::+, $($fit:ident)::+))?)*
    ) => {
        match $name {
            $($($model => search::<fit::$($fit)::+>($name, $data),)?)*
            other => Err(format!("{other} is not a classical model").into()),
        }
    };
}

/// Fit the model of a name.
pub fn train(name: &str, data: &Dataset) -> Result<()> {
    threadcount::catalog!(search_arms, name, data)
}

fn search<F: Fit>(name: &str, data: &Dataset) -> Result<()> {
    let recipe: F = read_toml(&recipe_path(name))?;
    let begin = Instant::now();
    let mut candidates = Vec::new();
    let mut best: Option<(f64, F::Choice, F::Model)> = None;
    let choices = recipe.choices();
    for (number, choice) in choices.iter().enumerate() {
        let model = recipe.fit(choice, &data.train)?;
        let validation = accuracy(&model, &data.validation);
        let choice_json = serde_json::to_value(choice)?;
        println!(
            "{name} {} of {}: {choice_json}  validation {}  {} parameters  {:.0} s",
            number + 1,
            choices.len(),
            percent(validation),
            thousands(model.parameters()),
            begin.elapsed().as_secs_f64(),
        );
        candidates.push(Candidate {
            choice: choice_json,
            validation,
        });
        if best.as_ref().is_none_or(|(most, ..)| validation > *most) {
            best = Some((validation, choice.clone(), model));
        }
    }
    let (validation, choice, picked) = best.ok_or("the recipe has no choice")?;
    let all = data.train.with(&data.validation);
    println!(
        "{name}: fitting the best choice on all {} images",
        all.len()
    );
    let bytes = recipe.fit(&choice, &all)?.to_bytes(name);
    // The file is what is released, so the file is what is measured.
    let model = F::Model::from_bytes(name, &bytes)?;
    let file = format!("{name}.safetensors");
    let work = |image: &GrayImage| model.operations(&normalize(image));
    let operations: usize = data.validation.images.par_iter().map(work).sum();
    let mut card = Card {
        name: name.to_owned(),
        parameters: model.parameters(),
        trainable_parameters: model.parameters(),
        macs: operations / data.validation.len(),
        weights: WeightsFile {
            sha256: sha256(&bytes),
            size_bytes: bytes.len(),
            dtype: String::from("integers and f16"),
            bits: None,
            file: file.clone(),
        },
        training: Origin::Fitted(Fitting {
            choice: serde_json::to_value(&choice)?,
            candidates,
            images: all.len(),
            wall_time_s: begin.elapsed().as_secs_f64().round(),
        }),
        data: data_sums(),
        accuracy: Accuracy {
            train: accuracy(&model, &data.train),
            validation,
            test: None,
            test_interval: None,
        },
        integer_accuracy: None,
        drawn_accuracy: None,
        test_nll: None,
        test_ece: None,
        temperature: 1.0,
        calibration: None,
        drawings: None,
        familiarity: None,
    };
    // The released model has seen the validation images; the one that was picked has not.
    fit_temperature_of(&logits(&picked, &data.validation.images), &mut card, data);
    write_weights(&file, &bytes)?;
    write_card(&card)?;
    println!(
        "{name}: {choice}, validation {}; run `threadcount evaluate {name}` for the test images",
        percent(validation),
        choice = serde_json::to_value(&choice)?,
    );
    Ok(())
}
