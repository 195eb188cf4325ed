//! `threadcount evaluate`, `threadcount calibrate`: what validation and test images say of a released model.

use crate::classical;
use crate::files::{RESULTS, Result, result_path, write_json};
use crate::release::needs_unseen_validation;
use crate::released::{file_and_card, network, write_card};
use crate::temperature::{before_and_after, fit_temperature_of};
use rayon::prelude::*;
use threadcount::calibration::predictions;
use threadcount::card::{Accuracy, Card};
use threadcount::classical::ClassicalModel;
use threadcount::classifier::Classifier;
use threadcount::dataset::{Dataset, Samples};
use threadcount::engine::{Arithmetic, Engine};
use threadcount::label::Label;
use threadcount::metrics::Evaluation;
use threadcount::prediction::{Logits, Prediction};
use threadcount::preprocess::normalize;
use threadcount::report;
use threadcount::results::{ConfidentError, EvaluationReport};
use threadcount::train::inference::logits;

/// Errors that are listed for each model.
const CONFIDENT_ERRORS: usize = 10;
/// Images of one task of the engine, and of one run.
const BLOCK: usize = 1000;
const BATCH: usize = 16;

/// Fit a released network's temperature again.
pub fn calibrate(name: &str, data: &Dataset) -> Result<()> {
    let (network, mut card, _) = network(name)?;
    needs_unseen_validation(&card, data)?;
    fit_temperature_of(&logits(&network, &data.validation.images), &mut card, data);
    write_card(&card)?;
    println!(
        "{name}: temperature {:.3}; run `threadcount evaluate {name}`",
        card.temperature,
    );
    Ok(())
}

/// Evaluate a released network on the test images.
pub fn evaluate(name: &str, data: &Dataset) -> Result<()> {
    let (network, mut card, bytes) = network(name)?;
    let in_integers = evaluate_in_integers(&bytes, data)?;
    let (accuracy, answers) = in_integers.unzip();
    card.integer_accuracy = accuracy;
    let logits = logits(&network, &data.test.images);
    record(card, &logits, answers.map(|a| classes(&a)), data)
}

/// Evaluate a released classical model on the test images.
pub fn evaluate_classical<M: ClassicalModel>(name: &str, data: &Dataset) -> Result<()> {
    let (bytes, card) = file_and_card(name)?;
    let model = M::from_bytes(name, &bytes)?;
    let logits = classical::logits(&model, &data.test.images);
    record(card, &logits, None, data)
}

/// What the engine gets right in integers, and its answers to the test images; none where no layer takes integers.
fn evaluate_in_integers(
    bytes: &[u8],
    data: &Dataset,
) -> Result<Option<(Accuracy, Vec<Prediction>)>> {
    let engine = || Engine::from_bytes(bytes, Arithmetic::Quantized, BATCH);
    if engine()?.arithmetic() == Arithmetic::Float {
        return Ok(None);
    }
    let answers = |samples: &Samples| {
        let blocks = samples.images.par_chunks(BLOCK).flat_map_iter(|images| {
            let features: Vec<_> = images.iter().map(normalize).collect();
            engine().expect("compiled before").logits_of_many(&features)
        });
        let logits: Vec<Logits> = blocks.collect();
        predictions(&logits, 1.0)
    };
    let accuracy = |samples: &Samples| Evaluation::new(&answers(samples), &samples.labels).accuracy;
    let answers_to_test = answers(&data.test);
    let test = Evaluation::new(&answers_to_test, &data.test.labels);
    let accuracy = Accuracy {
        train: accuracy(&data.train),
        validation: accuracy(&data.validation),
        test: Some(test.accuracy),
        test_interval: Some(test.interval),
    };
    Ok(Some((accuracy, answers_to_test)))
}

/// One digit for each answer.
fn classes(answers: &[Prediction]) -> String {
    let digits = answers.iter().map(|p| p.label().index().to_string());
    digits.collect()
}

/// Put what the test images say on a model's card and in its report.
fn record(
    mut card: Card,
    logits: &[Logits],
    integer_predictions: Option<String>,
    data: &Dataset,
) -> Result<()> {
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
        predictions: classes(&answers),
        integer_predictions,
    };
    std::fs::create_dir_all(RESULTS)?;
    write_json(&result_path(&format!("{}.json", report.name)), &report)
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
