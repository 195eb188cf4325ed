//! The engine natively: its kernels, its agreement with Burn, and what it refuses.
#![cfg(not(target_arch = "wasm32"))]

#[path = "engine/activations.rs"]
mod activations;
mod kernels;
#[path = "engine/refusals.rs"]
mod refusals;

use std::path::Path;
use std::sync::OnceLock;
use threadcount::catalog;
use threadcount::classifier::Classifier;
use threadcount::dataset::Dataset;
use threadcount::engine::{Arithmetic, Engine, InstructionSet};
use threadcount::image::GrayImage;
use threadcount::label::Label;
use threadcount::layer::Layer;
use threadcount::loader;
use threadcount::network::ReferenceClassifier;
use threadcount::prediction::{Logits, Prediction};
use threadcount::preprocess::{Features, normalize};
use threadcount::report::read_card;
use threadcount::results::EvaluationReport;
use threadcount::squeeze::model_file;
use threadcount::weights::ModelFile;

/// How many test images there are.
const TEST_IMAGES: usize = 10_000;
/// Images at once in an evaluation.
const BATCH: usize = 16;
/// Largest difference of a logit of `lightweight` in integers, of any test image.
const MOST_INTEGER_DIFFERENCE: f32 = 0.35;
/// Of the 10,000 test images, so many may get another answer than Burn's because of rounding.
const MOST_OTHER_ANSWERS: usize = 5;

#[test]
fn fast_kernels_are_their_scalar_twins() {
    kernels::all_agree();
}

#[test]
fn kernels_refuse_what_does_not_fit() {
    for (what, message, call) in kernels::REFUSED {
        let panic = std::panic::catch_unwind(call).expect_err(what);
        let found = panic.downcast::<String>().map_or_else(
            |other| other.downcast::<&str>().map_or("", |text| *text).to_owned(),
            |text| *text,
        );
        assert!(found.contains(message), "{what}: {found}");
    }
}

#[test]
fn labels_name_what_computes() {
    let engine = || Engine::from_bytes(&file("lightweight"), Arithmetic::Float, 1).unwrap();
    let label = |engine: Engine| engine.instruction_set().label();
    assert_eq!(label(engine()), "native vectors");
    let scalar = engine().with_instruction_set(InstructionSet::Scalar);
    assert_eq!(label(scalar), "scalar");
    for (name, label) in [("mlp", "native vectors"), ("decision-tree", "scalar")] {
        assert_eq!(
            loader::load(name, &file(name), 1, || Arithmetic::Quantized)
                .unwrap()
                .path,
            label,
            "{name}"
        );
    }
}

#[test]
fn weights_files_keep_the_stored_names_of_layers() {
    // Training wrote this file. The released one holds packed codes, in which the kind of a layer is a number.
    let bytes = as_trained("compact");
    let layers = ModelFile::parse(&bytes).unwrap().layers().to_vec();
    let count = |layer: &Layer| layers.iter().filter(|other| *other == layer).count();
    assert_eq!(count(&Layer::ResidualStart), 3);
    assert_eq!(count(&Layer::ResidualAdd), 3);
    assert_eq!(count(&Layer::GlobalAveragePool), 1);
    // What is written now has the same list of layers.
    let header = String::from_utf8_lossy(&bytes[..8_000]).replace('\\', "");
    let stored = serde_json::to_string(&layers).unwrap();
    assert!(header.contains(&stored), "{stored}");
    for name in ["fork", "join", "average_pool"] {
        assert!(stored.contains(&format!("{{\"op\":\"{name}\"}}")), "{name}");
    }
}

fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn file(name: &str) -> Vec<u8> {
    let file = catalog::find(name).unwrap().file;
    model_file(std::fs::read(root("models").join(file)).unwrap()).unwrap()
}

/// The file of a network as it was trained: where codes are released, which have no batch norms and no names of layers,
/// the one that their training started from.
fn as_trained(name: &str) -> Vec<u8> {
    let numbers = root(&format!("results/teachers/{name}-float.safetensors"));
    std::fs::read(numbers).unwrap_or_else(|_| file(name))
}

/// The test images, read once for all tests.
fn test_samples() -> &'static (Vec<Features>, Vec<Label>) {
    static SAMPLES: OnceLock<(Vec<Features>, Vec<Label>)> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let test = Dataset::load(None).unwrap().test;
        (test.images.iter().map(normalize).collect(), test.labels)
    })
}

fn logits(name: &str, arithmetic: Arithmetic, images: usize) -> Vec<Logits> {
    let mut engine = Engine::from_bytes(&file(name), arithmetic, BATCH).unwrap();
    engine.logits_of_many(&test_samples().0[..images])
}

fn answers(logits: &[Logits]) -> impl Iterator<Item = Label> {
    let answer = |z| Prediction::from_logits(z).unwrap().label();
    logits.iter().map(answer)
}

/// What `lightweight` makes of the test images in single precision, computed once for all tests.
fn float_logits() -> &'static [Logits] {
    static LOGITS: OnceLock<Vec<Logits>> = OnceLock::new();
    LOGITS.get_or_init(|| logits("lightweight", Arithmetic::Float, TEST_IMAGES))
}

#[test]
fn the_scalar_path_and_batches_agree_with_burn() {
    let features = &test_samples().0[..200];
    for name in catalog::networks() {
        // Plain loops are slow on the large network.
        let scalar = if name == "baseline" { 2 } else { 20 };
        agrees(name, features, scalar);
    }
}

/// Compare all ways of the engine with Burn; plain loops are slow and run on the first images only.
fn agrees(name: &str, features: &[Features], scalar: usize) {
    let bytes = file(name);
    let architecture = catalog::architecture(name).unwrap();
    let mut burn = ReferenceClassifier::from_bytes(&architecture, &bytes).unwrap();
    let expected = burn.logits_of_many(features);
    let engine = |batch| Engine::from_bytes(&bytes, Arithmetic::Float, batch).unwrap();
    let mut loops = engine(1).with_instruction_set(InstructionSet::Scalar);
    for (found, path) in [
        (engine(1).logits_of_many(features), "one at a time"),
        (engine(7).logits_of_many(features), "seven at once"),
        (loops.logits_of_many(&features[..scalar]), "plain loops"),
    ] {
        for (image, (a, b)) in expected.iter().zip(&found).enumerate() {
            for (a, b) in a.iter().zip(b) {
                assert!(
                    (a - b).abs() <= 1e-4,
                    "{name}, {path}, image {image}: {a} by Burn, {b}"
                );
            }
        }
    }
}

/// What the evaluation recorded: an answer to every test image; none in integers where a network has none.
fn recorded_answers(name: &str, arithmetic: Arithmetic) -> Option<Vec<usize>> {
    let report = std::fs::read(root("results").join(format!("{name}.json"))).unwrap();
    let report: EvaluationReport = serde_json::from_slice(&report).unwrap();
    let digits = match arithmetic {
        Arithmetic::Float => Some(report.predictions),
        Arithmetic::Quantized => report.integer_predictions,
    };
    digits.map(|digits| {
        digits
            .bytes()
            .map(|digit| usize::from(digit - b'0'))
            .collect()
    })
}

/// How many answers are not the recorded ones.
fn others(recorded: &[usize], logits: &[Logits]) -> usize {
    let pairs = answers(logits).zip(recorded);
    pairs
        .filter(|(answer, recorded)| answer.index() != **recorded)
        .count()
}

/// Nearly all answers are those that the evaluation recorded.
fn are_recorded(name: &str, recorded: &[usize], logits: &[Logits]) {
    let others = others(recorded, logits);
    assert!(
        others <= MOST_OTHER_ANSWERS,
        "{name}: {others} other answers"
    );
}

#[test]
fn the_answers_to_all_test_images_are_those_of_the_evaluation() {
    for name in catalog::networks() {
        let recorded = recorded_answers(name, Arithmetic::Float).unwrap();
        let logits = if name == "lightweight" {
            float_logits()
        } else {
            &logits(name, Arithmetic::Float, TEST_IMAGES)
        };
        assert_eq!(recorded.len(), logits.len(), "{name}");
        are_recorded(name, &recorded, logits);
    }
}

#[test]
fn numbers_that_are_none_are_no_prediction() {
    // Features cannot be built from anything but pixels, so the values go in directly.
    for arithmetic in [Arithmetic::Float, Arithmetic::Quantized] {
        let mut engine = Engine::from_bytes(&file("lightweight"), arithmetic, 2).unwrap();
        let black = *normalize(&GrayImage::black()).values();
        for (bad, at) in [(f32::NAN, 783), (f32::INFINITY, 0), (f32::NAN, 400)] {
            let mut image = black;
            image[at] = bad;
            let mut logits = [[0.0; 10]; 2];
            engine.run([&black, &image].into_iter(), &mut logits, |_| ());
            assert!(Prediction::from_logits(&logits[0]).is_ok());
            assert!(
                Prediction::from_logits(&logits[1]).is_err(),
                "{bad} at {at}"
            );
        }
    }
}

#[test]
fn integers_lose_at_most_a_tenth_of_a_point() {
    let labels = &test_samples().1;
    let integer = &logits("lightweight", Arithmetic::Quantized, TEST_IMAGES)[..];
    let float = float_logits();
    let pairs = || float.as_flattened().iter().zip(integer.as_flattened());
    let largest = pairs().fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
    assert!(
        0.0 < largest && largest <= MOST_INTEGER_DIFFERENCE,
        "{largest}"
    );
    let [float, integer] = [float, integer].map(|logits| right(logits, labels));
    let lost = float as f64 - integer as f64;
    assert!(lost <= 1e-3 * labels.len() as f64, "{lost} answers");
    is_on_the_card("lightweight", integer);
}

/// How many answers are right.
fn right(logits: &[Logits], labels: &[Label]) -> usize {
    let pairs = answers(logits).zip(labels);
    pairs.filter(|(answer, label)| answer == *label).count()
}

/// So many test images are answered right in integers, says the card.
fn is_on_the_card(name: &str, right: usize) {
    let card = read_card(&root("models"), name).unwrap();
    let recorded = card.integer_accuracy.unwrap().test.unwrap() * TEST_IMAGES as f64;
    assert!(
        (right as f64 - recorded).abs() <= MOST_OTHER_ANSWERS as f64,
        "{name}: {right} right, {recorded} on the card"
    );
}

#[test]
fn what_is_right_in_integers_is_on_the_cards() {
    let mut compared = 0;
    for name in catalog::networks().filter(|name| *name != "lightweight") {
        let card = read_card(&root("models"), name).unwrap();
        let Some(integer) = &card.integer_accuracy else {
            continue;
        };
        let lost = card.accuracy.validation - integer.validation;
        assert!(lost <= 1e-3, "{name}: {lost} lost on validation");
        compared += 1;
        let recorded = recorded_answers(name, Arithmetic::Quantized).unwrap();
        if name == "baseline" {
            // All images would take a minute. One in a hundred may get another answer than in single precision.
            let logits = logits(name, Arithmetic::Quantized, 1_000);
            let others = others(&recorded_answers(name, Arithmetic::Float).unwrap(), &logits);
            assert!(others <= 10, "{name}: {others} other answers");
            are_recorded(name, &recorded, &logits);
        } else {
            let logits = logits(name, Arithmetic::Quantized, TEST_IMAGES);
            is_on_the_card(name, right(&logits, &test_samples().1));
            are_recorded(name, &recorded, &logits);
        }
    }
    assert!(compared > 0);
}
