//! Training runs on few images: they learn, and one that is stopped and resumed ends with the weights of one that
//! was not. What a run is fed with and what it writes down have files of their own.
#![cfg(feature = "cli")]

#[path = "training/batches.rs"]
mod batches;
#[path = "training/log.rs"]
mod log_files;
#[path = "training/targets.rs"]
mod targets;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use threadcount::card::Recipe;
use threadcount::catalog;
use threadcount::dataset::{Dataset, Samples};
use threadcount::network::weights::{StorageType, Weights};
use threadcount::network::{Architecture, Lightweight, Network, device};
use threadcount::squeeze::{Scale, Setting, Source, squeeze};
use threadcount::train::batch;
use threadcount::train::checkpoint::CheckpointFolder;
use threadcount::train::fit::{Outcome, Run, init_of};
use threadcount::train::inference::accuracy;
use threadcount::train::log;
use threadcount::train::progress::Progress;

/// Dropout draws from a generator of the whole process: one run at a time.
static GENERATOR: Mutex<()> = Mutex::new(());

fn recipe() -> Recipe {
    let toml = r#"
        epochs = 2
        batch_size = 16
        optimizer = "muon"
        learning_rate = 3e-3
        warm_up = 0.3
        weight_decay = 0.01
        max_grad_norm = 10.0
        ema_decay = 0.9
        early_dropout = 0.75
        label_smoothing = 0.05
        max_shift = 2
        max_scale = 0.1
        max_shear = 0.1
        erase = 0.3
    "#;
    toml::from_str(toml).unwrap()
}

fn tiny() -> Architecture {
    catalog::architecture("tiny-500").unwrap()
}

fn some(samples: &Samples, count: usize) -> Samples {
    Samples {
        images: samples.images[..count].to_vec(),
        labels: samples.labels[..count].to_vec(),
    }
}

/// Train on few images, some of them as drawn pictures; stop once after `stop_at` steps and resume.
fn train(model: &str, name: &str, stop_at: Option<usize>, drawn_share: f64) -> (Weights, usize) {
    let other_share = if drawn_share > 0.0 { 0.125 } else { 0.0 };
    let recipe = Recipe {
        drawn_share,
        other_share,
        ..recipe()
    };
    train_by(model, name, stop_at, &recipe)
}

/// As `train`, by a recipe.
fn train_by(model: &str, name: &str, stop_at: Option<usize>, recipe: &Recipe) -> (Weights, usize) {
    let architecture = catalog::architecture(model).unwrap();
    let drawn_share = recipe.drawn_share;
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let data = Dataset::load(None).unwrap();
    let (train, validation) = (some(&data.train, 96), some(&data.validation, 100));
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&root);
    let folder = CheckpointFolder::create(&root, model).unwrap();
    // Few enough to be shuffled anew in the middle of an epoch.
    let (drawn, drawn_validation) = (some(&data.validation, 10), some(&data.validation, 20));
    let others = Samples {
        labels: Vec::new(),
        ..some(&data.validation, 10)
    };
    let drawn = batch::DrawnRun {
        train: batch::Source {
            samples: &drawn,
            teacher: None,
        },
        others: &others,
        validation: &drawn_validation,
    };
    let drawn = (drawn_share > 0.0).then_some(drawn);
    let mut steps = 0;
    let mut fit = |resume: bool, stop_at: Option<usize>| {
        let run = Run {
            recipe,
            seed: 5,
            folder: &folder,
            resume,
            initial: None,
            teacher: None,
            drawn,
            last_epoch: recipe.epochs,
        };
        let init = init_of(&architecture, recipe);
        run.fit(init, &train, &validation, |progress| {
            match progress {
                Progress::Step { step, .. } => steps = step,
                Progress::Epoch { validation, .. } => {
                    assert_eq!(validation.drawn_accuracy.is_some(), drawn.is_some());
                }
            }
            stop_at != Some(steps)
        })
        .unwrap()
    };
    if let Some(step) = stop_at {
        let Outcome::Stopped(state) = fit(false, Some(step)) else {
            panic!("{name} was to be stopped")
        };
        assert_eq!(state.step, step);
    }
    let Outcome::Finished { weights, .. } = fit(stop_at.is_some(), None) else {
        panic!("{name} was not to be stopped")
    };
    let log = log::read(&folder.log_path()).unwrap();
    let logged: Vec<usize> = log.iter().map(|line| line.step).collect();
    assert_eq!(
        logged,
        (1..=steps).collect::<Vec<_>>(),
        "each step is logged once"
    );
    let last = log.last().unwrap();
    assert_eq!(last.drawn_validation.is_some(), drawn.is_some());
    (weights, steps)
}

#[test]
fn resuming_gives_the_same_weights() {
    // Six steps an epoch of 96 photographs in batches of 16; nine of 10 photographs, 4 drawn garments and 2 other things.
    for (name, steps, whole, interrupted) in [
        (
            "lightweight",
            18,
            train("lightweight", "whole-l", None, 0.25),
            train("lightweight", "cut-l", Some(4), 0.25),
        ),
        (
            "baseline",
            12,
            train("baseline", "whole-b", None, 0.0),
            train("baseline", "cut-b", Some(7), 0.0),
        ),
    ] {
        assert_eq!(whole.1, steps, "{name}");
        for (path, tensor) in whole.0.iter() {
            assert!(
                interrupted.0.get(path) == Some(tensor),
                "{name}: {path} differs"
            );
        }
    }
}

#[test]
fn rounded_weights_are_released_as_the_codes_that_were_trained() {
    for bits in [2_u8, 4] {
        let recipe = Recipe {
            weight_bits: Some(bits),
            ..recipe()
        };
        let whole = train_by("tiny-500", &format!("whole-{bits}"), None, &recipe);
        let interrupted = train_by("tiny-500", &format!("cut-{bits}"), Some(3), &recipe);
        assert!(whole.0 == interrupted.0, "{bits} bits, resumed");
        let network = whole.0.apply(tiny().init(&device())).unwrap();
        let file = whole.0.to_model_file(StorageType::F32, &network.layers());
        let source = Source::parse(&file).unwrap();
        let squeezed = squeeze(&source, Setting::new(bits, 0, Scale::Channel).unwrap()).unwrap();
        let mut codes = BTreeSet::new();
        for (matrix, coded) in source.matrices.iter().zip(&squeezed.network.matrices) {
            codes.extend(coded.codes.iter().copied());
            let step = |row: usize| coded.scale(row);
            for (i, (weight, code)) in matrix.weights.iter().zip(&coded.codes).enumerate() {
                let row = i / matrix.columns;
                let trained = weight * matrix.factors[row];
                // A scale is half precision, of 11 bits.
                let off = (trained - f32::from(*code) * step(row)).abs();
                let most = step(row).abs() / 1024.0 * f32::from(code.unsigned_abs());
                assert!(
                    off <= most + 1e-6,
                    "{}: {trained} is code {code}",
                    matrix.name
                );
            }
        }
        let largest = (1 << (bits - 1)) - 1;
        assert_eq!(
            codes,
            (-largest..=largest).collect(),
            "{bits} bits use every code"
        );
    }
}

#[test]
fn rounded_scales_and_biases_are_released_as_they_were_trained() {
    let recipe = Recipe {
        weight_bits: Some(4),
        scale_digits: Some(3),
        ..recipe()
    };
    let whole = train_by("tiny-500", "whole-digits", None, &recipe);
    let interrupted = train_by("tiny-500", "cut-digits", Some(3), &recipe);
    assert!(whole.0 == interrupted.0, "resumed");
    let network = whole.0.apply(tiny().init(&device())).unwrap();
    let file = whole.0.to_model_file(StorageType::F32, &network.layers());
    let setting = Setting::new(4, 0, Scale::Channel).unwrap();
    let squeezed = squeeze(&Source::parse(&file).unwrap(), setting).unwrap();
    // Nothing is lost when it is packed, and nothing could be left out.
    let weights = Weights::from_bytes(&squeezed.network.to_model_file()).unwrap();
    for (path, tensor) in whole.0.iter() {
        assert!(weights.get(path) == Some(tensor), "{path}");
    }
    let digits = squeezed.network.matrices.iter().flat_map(|m| &m.scales);
    let lacking = digits.map(|scale| scale.to_bits().trailing_zeros()).min();
    assert_eq!(lacking, Some(7), "3 of 10 digits, all of them used");
    let biases = squeezed
        .network
        .matrices
        .iter()
        .any(|m| !m.offsets.is_empty());
    assert!(biases, "there are biases");
}

#[test]
fn training_learns() {
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let data = Dataset::load(None).unwrap();
    let train = some(&data.train, 1200);
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("learns");
    let folder = CheckpointFolder::create(&root, "lightweight").unwrap();
    let recipe = Recipe {
        epochs: 4,
        max_shift: 0,
        ..recipe()
    };
    let run = Run {
        recipe: &recipe,
        seed: 1,
        folder: &folder,
        resume: false,
        initial: None,
        teacher: None,
        drawn: None,
        last_epoch: recipe.epochs,
    };
    let Outcome::Finished { weights, .. } = run
        .fit(
            Lightweight::init,
            &train,
            &some(&data.validation, 300),
            |_| true,
        )
        .unwrap()
    else {
        panic!("nobody stopped it")
    };
    let network = weights.apply(Lightweight::init(&device())).unwrap();
    let reached = accuracy(&network, &some(&data.validation, 500));
    // Chance is 0.1; a wrong gradient or a wrong label order stays near it.
    assert!(reached > 0.5, "{reached}");
}

#[test]
fn another_recipe_is_not_resumed() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("other");
    let _ = std::fs::remove_dir_all(&root);
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let data = Dataset::load(None).unwrap();
    let (train, validation) = (some(&data.train, 32), some(&data.validation, 20));
    let folder = CheckpointFolder::create(&root, "lightweight").unwrap();
    let fit = |recipe: &Recipe, resume| {
        Run {
            recipe,
            seed: 1,
            folder: &folder,
            resume,
            initial: None,
            teacher: None,
            drawn: None,
            last_epoch: recipe.epochs,
        }
        .fit(Lightweight::init, &train, &validation, |_| false)
    };
    fit(&recipe(), false).unwrap();
    let text = fit(
        &Recipe {
            learning_rate: 1.0,
            ..recipe()
        },
        true,
    )
    .unwrap_err()
    .to_string();
    assert!(
        text.contains("another recipe") && text.contains("--resume"),
        "{text}"
    );
    let more_seeds = Recipe {
        seeds: vec![1, 2],
        ..recipe()
    };
    let Outcome::Stopped(state) = fit(&more_seeds, true).unwrap() else {
        panic!("there are steps left");
    };
    assert_eq!((state.step, state.recipe.seeds), (2, vec![1, 2]));
}
