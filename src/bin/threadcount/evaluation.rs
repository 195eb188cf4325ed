//! `threadcount evaluate`, `threadcount calibrate`: what validation and test images say of a released model.

use crate::training::smallest;
use crate::{MODELS, RESULTS, Result, classical, write_card};
use image::{GrayImage as Picture, imageops};
use rayon::prelude::*;
use std::path::Path;
use threadcount::calibration::{fit_temperature, predictions};
use threadcount::card::{Accuracy, Calibration, Card, ConfidentError, EvaluationReport};
use threadcount::catalog;
use threadcount::classical::ClassicalModel;
use threadcount::classifier::Classifier;
use threadcount::dataset::{Dataset, Samples, sha256};
use threadcount::engine::{Arithmetic, Engine};
use threadcount::image::SIDE;
use threadcount::label::Label;
use threadcount::metrics::Evaluation;
use threadcount::network::weights::Weights;
use threadcount::network::{Network, device};
use threadcount::prediction::{Logits, Prediction};
use threadcount::preprocess::normalize;
use threadcount::report;
use threadcount::train::inference::{accuracy, logits};

/// Errors that are listed and shown for each network.
const CONFIDENT_ERRORS: usize = 10;
/// Images of one task of the engine, and of one run.
const BLOCK: usize = 1000;
const BATCH: usize = 16;
/// Width of a pixel of the contact sheet, and of the gap between its pictures.
const ZOOM: usize = 3;

/// A released model's file and its card, after the file's sum was checked.
fn released_file(name: &str) -> Result<(Vec<u8>, Card)> {
    let card = report::read_card(Path::new(MODELS), name)?;
    let bytes = std::fs::read(Path::new(MODELS).join(&card.weights.file))?;
    let (file, found, expected) = (&card.weights.file, sha256(&bytes), &card.weights.sha256);
    if found != *expected {
        return Err(format!("{file} has sha256 {found}, its card says {expected}").into());
    }
    Ok((bytes, card))
}

fn released<N: Network>() -> Result<(N, Card, Vec<u8>)> {
    let (bytes, card) = released_file(N::NAME)?;
    let network = Weights::from_bytes(&bytes)?.apply(N::init(&device()))?;
    Ok((network, card, bytes))
}

/// Refuse what needs validation images that the weights have not seen.
fn needs_unseen_validation(card: &Card, data: &Dataset) -> Result<()> {
    match card.training.run() {
        Some(run) if run.images > data.train.len() => Err(format!(
            "the weights of {} have seen the validation images; run `threadcount train {}`",
            card.name, card.name
        )
        .into()),
        _ => Ok(()),
    }
}

/// Write a released model's file anew: as small as validation allows, with the layers of the network as it is
/// now, and a card that has yet to see the test images.
pub fn pack<N: Network>(data: &Dataset) -> Result<()> {
    let (network, mut card, _) = released::<N>()?;
    needs_unseen_validation(&card, data)?;
    let (dtype, network, bytes) = smallest::<N>(&Weights::of(&network), data)?;
    dtype.name().clone_into(&mut card.weights.dtype);
    card.weights.sha256 = sha256(&bytes);
    card.weights.size_bytes = bytes.len();
    card.accuracy = Accuracy {
        train: accuracy(&network, &data.train),
        validation: accuracy(&network, &data.validation),
        test: None,
        test_interval: None,
    };
    (card.integer_accuracy, card.test_nll, card.test_ece) = (None, None, None);
    fit_temperature_of(&logits(&network, &data.validation.images), &mut card, data);
    std::fs::write(Path::new(MODELS).join(&card.weights.file), bytes)?;
    write_card(&card)
}

/// NLL and ECE before and after a temperature.
fn before_and_after(logits: &[Logits], labels: &[Label], temperature: f64) -> [[f64; 2]; 2] {
    let [before, after] =
        [1.0, temperature].map(|t| Evaluation::new(&predictions(logits, t), labels));
    [[before.nll, after.nll], [before.ece, after.ece]]
}

/// Fit the temperature on the logits of the validation images and put it on the card.
pub fn fit_temperature_of(logits: &[Logits], card: &mut Card, data: &Dataset) {
    let labels = &data.validation.labels;
    card.temperature = fit_temperature(logits, labels);
    let [validation_nll, validation_ece] = before_and_after(logits, labels, card.temperature);
    card.calibration = Some(Calibration {
        validation_nll,
        validation_ece,
        test_nll: None,
        test_ece: None,
    });
}

pub fn calibrate<N: Network>(data: &Dataset) -> Result<()> {
    let (network, mut card, _) = released::<N>()?;
    needs_unseen_validation(&card, data)?;
    fit_temperature_of(&logits(&network, &data.validation.images), &mut card, data);
    write_card(&card)?;
    println!(
        "{}: temperature {:.3}; run `threadcount evaluate {}`",
        N::NAME,
        card.temperature,
        N::NAME
    );
    Ok(())
}

pub fn evaluate<N: Network>(data: &Dataset) -> Result<()> {
    let (network, mut card, bytes) = released::<N>()?;
    card.integer_accuracy = integer_accuracy(&bytes, data)?;
    judge(card, &logits(&network, &data.test.images), data)
}

pub fn evaluate_classical<M: ClassicalModel>(name: &str, data: &Dataset) -> Result<()> {
    let (bytes, card) = released_file(name)?;
    let model = M::from_bytes(name, &bytes)?;
    judge(card, &classical::logits(&model, &data.test.images), data)
}

/// What the engine gets right with pointwise layers in integers; none where there are no such layers.
fn integer_accuracy(bytes: &[u8], data: &Dataset) -> Result<Option<Accuracy>> {
    let engine = || Engine::from_bytes(bytes, Arithmetic::Quantized, BATCH);
    if engine()?.arithmetic() == Arithmetic::Float {
        return Ok(None);
    }
    let evaluate = |samples: &Samples| {
        let blocks = samples.images.par_chunks(BLOCK).flat_map_iter(|images| {
            let features: Vec<_> = images.iter().map(normalize).collect();
            engine().expect("compiled before").logits_of_many(&features)
        });
        let logits: Vec<Logits> = blocks.collect();
        Evaluation::new(&predictions(&logits, 1.0), &samples.labels)
    };
    let test = evaluate(&data.test);
    Ok(Some(Accuracy {
        train: evaluate(&data.train).accuracy,
        validation: evaluate(&data.validation).accuracy,
        test: Some(test.accuracy),
        test_interval: Some(test.interval),
    }))
}

/// Put what the test images say on a model's card and in its report.
fn judge(mut card: Card, logits: &[Logits], data: &Dataset) -> Result<()> {
    let labels = &data.test.labels;
    let answers = predictions(logits, card.temperature);
    let evaluation = Evaluation::new(&answers, labels);
    print!("{}", report::evaluation_text(&card.name, &evaluation));
    card.accuracy.test = Some(evaluation.accuracy);
    card.accuracy.test_interval = Some(evaluation.interval);
    card.test_nll = Some(evaluation.nll);
    card.test_ece = Some(evaluation.ece);
    if let Some(calibration) = &mut card.calibration {
        let [nll, ece] = before_and_after(logits, labels, card.temperature);
        (calibration.test_nll, calibration.test_ece) = (Some(nll), Some(ece));
    }
    write_card(&card)?;
    let report = EvaluationReport {
        name: card.name,
        weights_sha256: card.weights.sha256,
        evaluation,
        confident_errors: confident_errors(&answers, labels),
        predictions: answers
            .iter()
            .map(|p| p.label().index().to_string())
            .collect(),
    };
    std::fs::create_dir_all(RESULTS)?;
    let path = Path::new(RESULTS).join(format!("{}.json", report.name));
    let json = serde_json::to_string_pretty(&report)? + "\n";
    Ok(std::fs::write(path, json)?)
}

fn confident_errors(answers: &[Prediction], labels: &[Label]) -> Vec<ConfidentError> {
    let mut errors: Vec<usize> = (0..labels.len())
        .filter(|&i| answers[i].label() != labels[i])
        .collect();
    errors.sort_by(|&a, &b| answers[b].confidence().total_cmp(&answers[a].confidence()));
    errors
        .into_iter()
        .take(CONFIDENT_ERRORS)
        .map(|image| ConfidentError {
            image,
            label: labels[image].name().to_owned(),
            prediction: answers[image].label().name().to_owned(),
            confidence: answers[image].confidence(),
        })
        .collect()
}

/// Draw results/errors.png: a row a network, its most confident errors from left to right.
pub fn write_contact_sheet(data: &Dataset) -> Result<()> {
    let cell = (SIDE + 1) * ZOOM;
    let (width, height) = (CONFIDENT_ERRORS * cell, catalog::networks().count() * cell);
    let mut sheet = Picture::from_pixel(width as u32, height as u32, image::Luma([128]));
    for (row, name) in catalog::networks().enumerate() {
        let path = Path::new(RESULTS).join(format!("{name}.json"));
        let report: EvaluationReport = serde_json::from_slice(&std::fs::read(path)?)?;
        for (column, error) in report.confident_errors.iter().enumerate() {
            let pixels = data.test.images[error.image].pixels().to_vec();
            let side = SIDE as u32;
            let picture = Picture::from_raw(side, side, pixels).ok_or("28 x 28 pixels")?;
            let large = side * ZOOM as u32;
            let picture = imageops::resize(&picture, large, large, imageops::FilterType::Nearest);
            imageops::replace(
                &mut sheet,
                &picture,
                (column * cell) as i64,
                (row * cell) as i64,
            );
        }
    }
    Ok(sheet.save(Path::new(RESULTS).join("errors.png"))?)
}
