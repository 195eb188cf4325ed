//! A run that is stopped and resumed ends with the weights of one that was not.
#![cfg(feature = "cli")]

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use threadcount::card::Recipe;
use threadcount::dataset::{Dataset, Samples};
use threadcount::network::weights::Weights;
use threadcount::network::{Baseline, Lightweight, Network, device};
use threadcount::train::checkpoint::CheckpointFolder;
use threadcount::train::fit::{Outcome, Progress, Run, accuracy};

/// Dropout draws from a generator of the whole process: one run at a time.
static GENERATOR: Mutex<()> = Mutex::new(());

fn recipe() -> Recipe {
    Recipe {
        epochs: 2,
        batch_size: 16,
        learning_rate: 3e-3,
        warm_up: 0.3,
        weight_decay: 0.01,
        label_smoothing: 0.05,
        max_shift: 2,
        initial_weights: None,
    }
}

fn some(samples: &Samples, count: usize) -> Samples {
    Samples {
        images: samples.images[..count].to_vec(),
        labels: samples.labels[..count].to_vec(),
    }
}

/// Train on few images; stop once after `stop_at` steps and resume.
fn train<N: Network>(name: &str, stop_at: Option<usize>) -> (Weights, usize) {
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let data = Dataset::load(None).unwrap();
    let (train, validation) = (some(&data.train, 96), some(&data.validation, 100));
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&root);
    let folder = CheckpointFolder::create(&root, N::NAME).unwrap();
    let recipe = recipe();
    let mut steps = 0;
    let mut fit = |resume: bool, stop_at: Option<usize>| {
        let run = Run {
            recipe: &recipe,
            seed: 5,
            folder: &folder,
            resume,
            initial: None,
        };
        run.fit::<N>(&train, &validation, |progress| {
            if let Progress::Step { step, .. } = progress {
                steps = step;
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
    match fit(stop_at.is_some(), None) {
        Outcome::Finished { weights, .. } => (weights, steps),
        Outcome::Stopped(_) => panic!("{name} was not to be stopped"),
    }
}

#[test]
fn resuming_gives_the_same_weights() {
    for (name, whole, interrupted) in [
        (
            "lightweight",
            train::<Lightweight>("whole-l", None),
            train::<Lightweight>("cut-l", Some(4)),
        ),
        (
            "baseline",
            train::<Baseline>("whole-b", None),
            train::<Baseline>("cut-b", Some(7)),
        ),
    ] {
        assert_eq!(whole.1, 12, "{name}: six steps an epoch");
        for (path, tensor) in whole.0.iter() {
            assert!(
                interrupted.0.get(path) == Some(tensor),
                "{name}: {path} differs"
            );
        }
    }
}

#[test]
fn training_learns() {
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let data = Dataset::load(None).unwrap();
    let train = some(&data.train, 1200);
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("learns");
    let folder = CheckpointFolder::create(&root, Lightweight::NAME).unwrap();
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
    };
    let Outcome::Finished { weights, .. } = run
        .fit::<Lightweight>(&train, &some(&data.validation, 300), |_| true)
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
    let folder = CheckpointFolder::create(&root, Lightweight::NAME).unwrap();
    let fit = |recipe: &Recipe, resume| {
        Run {
            recipe,
            seed: 1,
            folder: &folder,
            resume,
            initial: None,
        }
        .fit::<Lightweight>(&train, &validation, |_| false)
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
}
