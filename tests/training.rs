//! A run that is stopped and resumed ends with the weights of one that was not.
#![cfg(feature = "cli")]

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use threadcount::calibration::predictions;
use threadcount::card::{OptimizerName, Recipe};
use threadcount::dataset::{Dataset, Samples};
use threadcount::image::GrayImage;
use threadcount::label::Label;
use threadcount::network::weights::Weights;
use threadcount::network::{Baseline, Lightweight, Network, device};
use threadcount::train::batch::{Batch, BatchBuilder, Source};
use threadcount::train::checkpoint::CheckpointFolder;
use threadcount::train::fit::{DrawnRun, Outcome, Run};
use threadcount::train::inference::{accuracy, logits};
use threadcount::train::log::LogLine;
use threadcount::train::progress::Progress;
use threadcount::train::targets::blend;
use threadcount::train::teacher::Teacher;
use threadcount::train::views::{AugmentedViews, View};
use threadcount::train::{log, plot};

/// Dropout draws from a generator of the whole process: one run at a time.
static GENERATOR: Mutex<()> = Mutex::new(());

fn recipe() -> Recipe {
    Recipe {
        epochs: 2,
        batch_size: 16,
        optimizer: OptimizerName::Muon,
        learning_rate: 3e-3,
        matrix_learning_rate: None,
        warm_up: 0.3,
        weight_decay: 0.01,
        max_grad_norm: Some(10.0),
        ema_decay: Some(0.9),
        early_dropout: Some(0.75),
        label_smoothing: 0.05,
        flip: true,
        max_shift: 2,
        max_scale: 0.1,
        max_shear: 0.1,
        erase: 0.3,
        mixup: 0.0,
        augmented_views: 0,
        drawn_share: 0.0,
        drawn_pictures: 0,
        drawn_from_photographs: 0.0,
        seeds: vec![1],
        final_fit: false,
        teachers: Vec::new(),
        distillation_weight: 0.0,
        initial_weights: None,
    }
}

fn some(samples: &Samples, count: usize) -> Samples {
    Samples {
        images: samples.images[..count].to_vec(),
        labels: samples.labels[..count].to_vec(),
    }
}

/// Train on few images, some of them as drawn pictures; stop once after `stop_at` steps and resume.
fn train<N: Network>(name: &str, stop_at: Option<usize>, drawn_share: f64) -> (Weights, usize) {
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let data = Dataset::load(None).unwrap();
    let (train, validation) = (some(&data.train, 96), some(&data.validation, 100));
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&root);
    let folder = CheckpointFolder::create(&root, N::NAME).unwrap();
    let recipe = Recipe {
        drawn_share,
        ..recipe()
    };
    // Few enough to be shuffled anew in the middle of an epoch.
    let (drawn, drawn_validation) = (some(&data.validation, 10), some(&data.validation, 20));
    let drawn = DrawnRun {
        train: Source {
            samples: &drawn,
            teacher: None,
        },
        validation: &drawn_validation,
    };
    let drawn = (drawn_share > 0.0).then_some(drawn);
    let mut steps = 0;
    let mut fit = |resume: bool, stop_at: Option<usize>| {
        let run = Run {
            recipe: &recipe,
            seed: 5,
            folder: &folder,
            resume,
            initial: None,
            teacher: None,
            drawn,
            last_epoch: recipe.epochs,
        };
        run.fit::<N>(&train, &validation, |progress| {
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
    // Six steps an epoch of 96 photographs in batches of 16; eight of 12 photographs and 4 drawn pictures.
    for (name, steps, whole, interrupted) in [
        (
            "lightweight",
            16,
            train::<Lightweight>("whole-l", None, 0.25),
            train::<Lightweight>("cut-l", Some(4), 0.25),
        ),
        (
            "baseline",
            12,
            train::<Baseline>("whole-b", None, 0.0),
            train::<Baseline>("cut-b", Some(7), 0.0),
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

/// Pictures of one brightness each, from `first` on, all of one class.
fn flat(first: u8, count: u8, label: u8) -> Samples {
    let image = |brightness| {
        let mut image = GrayImage::black();
        image.pixels_mut().fill(brightness);
        image
    };
    Samples {
        images: (first..first + count).map(image).collect(),
        labels: vec![Label::new(label).unwrap(); usize::from(count)],
    }
}

#[test]
fn a_share_of_every_batch_is_drawn_and_an_epoch_is_one_pass_over_the_photographs() {
    let (photographs, drawn) = (flat(0, 24, 2), flat(100, 10, 8));
    let recipe = Recipe {
        label_smoothing: 0.1,
        max_shift: 0,
        max_scale: 0.0,
        max_shear: 0.0,
        erase: 0.0,
        drawn_share: 0.25,
        distillation_weight: 0.5,
        ..recipe()
    };
    let views = AugmentedViews::new(&photographs, &recipe);
    let mut teacher = Teacher::new(&views);
    device().seed(1);
    teacher.add(&Lightweight::init(&device()), &views);
    let source = |samples, teacher| Source { samples, teacher };
    let builder = |seed| {
        let photographs = source(&photographs, Some(&teacher));
        BatchBuilder::new(photographs, Some(source(&drawn, None)), &recipe, seed)
    };
    assert_eq!(builder(1).per_epoch(), 2, "24 photographs, 12 a batch");
    let batches: Vec<Batch> = builder(1).batches_from(0).take(10).collect();
    let brightness = |batch: &Batch| -> Vec<u8> {
        let first = |image: &GrayImage| image.pixels()[0];
        batch.images.iter().map(first).collect()
    };
    let (mut photographs_seen, mut drawn_seen) = (Vec::new(), Vec::new());
    for batch in &batches {
        assert_eq!((batch.images.len(), batch.targets.len()), (16, 16));
        for (brightness, target) in brightness(batch).into_iter().zip(&batch.targets) {
            // Smoothing leaves 0.91 for the label; the teacher has a part of the photographs' targets alone.
            if brightness < 100 {
                photographs_seen.push(brightness);
                assert!(target[2] < 0.9, "{target:?}");
            } else {
                drawn_seen.push(brightness);
                assert!((target[8] - 0.91).abs() < 1e-6, "{target:?}");
            }
        }
    }
    for epoch in photographs_seen.chunks_mut(24) {
        epoch.sort_unstable();
        assert!(epoch.iter().copied().eq(0..24), "{epoch:?}");
    }
    assert_eq!((photographs_seen.len(), drawn_seen.len()), (120, 40));
    drawn_seen.sort_unstable();
    drawn_seen.dedup();
    assert_eq!(drawn_seen.len(), 10, "all of them are taken");
    let resumed: Vec<Batch> = builder(1).batches_from(7).take(3).collect();
    for (batch, again) in batches[7..].iter().zip(&resumed) {
        assert_eq!(brightness(batch), brightness(again));
        assert_eq!(batch.targets, again.targets);
    }
    let other = builder(2).batches_from(0).next().unwrap();
    assert_ne!(brightness(&other), brightness(&batches[0]));
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
        teacher: None,
        drawn: None,
        last_epoch: recipe.epochs,
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
            teacher: None,
            drawn: None,
            last_epoch: recipe.epochs,
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
    let more_seeds = Recipe {
        seeds: vec![1, 2],
        ..recipe()
    };
    let Outcome::Stopped(state) = fit(&more_seeds, true).unwrap() else {
        panic!("there are steps left");
    };
    assert_eq!((state.step, state.recipe.seeds), (2, vec![1, 2]));
}

#[test]
fn a_teacher_says_what_its_networks_say_on_average() {
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let data = Dataset::load(None).unwrap();
    let samples = some(&data.train, 3);
    let networks = [3, 4].map(|seed| {
        device().seed(seed);
        Lightweight::init(&device())
    });
    let views = Recipe {
        mixup: 0.5,
        augmented_views: 4,
        ..recipe()
    };
    for recipe in [recipe(), views] {
        let recipe = Recipe {
            distillation_weight: 0.25,
            ..recipe
        };
        let views = AugmentedViews::new(&samples, &recipe);
        let mut teacher = Teacher::new(&views);
        for network in &networks {
            teacher.add(network, &views);
        }
        let bytes = teacher.to_bytes();
        let read = Teacher::from_bytes(&bytes, &views).unwrap();
        assert!(Teacher::from_bytes(&bytes[1..], &views).is_none());
        for image in 0..samples.len() {
            for view in 0..views.views_per_image() {
                let shown = views.shown(view, image);
                let answers = networks.each_ref().map(|network| {
                    let logits = logits(network, std::slice::from_ref(&shown));
                    predictions(&logits, 1.0)[0].probabilities
                });
                for teacher in [&teacher, &read] {
                    let mut target = [0.0; 10];
                    target[4] = 1.0;
                    blend(&mut target, &teacher.target(view, image), 0.25);
                    for class in 0..10 {
                        let said = f32::midpoint(answers[0][class], answers[1][class]);
                        let expected = 0.25 * said + if class == 4 { 0.75 } else { 0.0 };
                        assert!((target[class] - expected).abs() < 1e-5, "{target:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn views_are_the_same_for_every_run_and_come_again() {
    let data = Dataset::load(None).unwrap();
    let samples = some(&data.train, 40);
    let recipe = Recipe {
        label_smoothing: 0.0,
        mixup: 0.5,
        augmented_views: 3,
        ..recipe()
    };
    let views = AugmentedViews::new(&samples, &recipe);
    let mut mixed = 0;
    for image in 0..samples.len() {
        let view = views.get(1, 0, image);
        assert_eq!(view, views.get(2, 3, image));
        assert_ne!(view.image, views.get(1, 1, image).image, "another view");
        assert_eq!(view.image, views.shown(0, image), "a teacher sees the same");
        assert!((view.target.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        mixed += usize::from(view.target[samples.labels[image].index()] < 1.0);
    }
    // Half of 40 are mixed, of which a tenth with their own class.
    assert!((8..=28).contains(&mixed), "{mixed}");
}

#[test]
fn a_mixed_target_has_the_share_of_its_pixels() {
    // One white image among black ones, a class each: brightness tells the share of white.
    let mut white = GrayImage::black();
    white.pixels_mut().fill(255);
    let samples = Samples {
        images: vec![white, GrayImage::black()],
        labels: [3, 7].map(|i| Label::new(i).unwrap()).to_vec(),
    };
    let recipe = Recipe {
        label_smoothing: 0.0,
        max_shift: 0,
        max_scale: 0.0,
        max_shear: 0.0,
        erase: 0.0,
        mixup: 1.0,
        ..recipe()
    };
    let views = AugmentedViews::new(&samples, &recipe);
    let shares: Vec<f32> = (0..100)
        .map(|epoch| {
            let View { image, target, .. } = views.get(1, epoch, 0);
            let brightness = f32::from(image.pixels()[0]) / 255.0;
            assert!((target[3] - brightness).abs() < 0.003, "{target:?}");
            assert!((target[7] - (1.0 - brightness)).abs() < 0.003, "{target:?}");
            target[3]
        })
        .collect();
    assert!(shares.iter().any(|s| *s < 0.3) && shares.contains(&1.0));
}

#[test]
fn a_log_is_thinned_and_drawn() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("thin.csv");
    let lines: Vec<LogLine> = (1..=10)
        .map(|step| LogLine {
            step,
            learning_rate: 0.5,
            loss: step as f64,
            validation: (step == 5).then_some(0.75),
            drawn_validation: (step == 5).then_some(0.5),
        })
        .collect();
    log::write_thinned(&lines, 4, &path).unwrap();
    let thin = log::read(&path).unwrap();
    // Means of steps 1 to 4, of 5, which ends an epoch, and of 6 to 9; 10 is not enough for a line.
    let found: Vec<(usize, f64)> = thin.iter().map(|line| (line.step, line.loss)).collect();
    assert_eq!(found, [(4, 2.5), (5, 5.0), (9, 7.5)]);
    assert_eq!(
        (thin[1].validation, thin[1].drawn_validation),
        (Some(0.75), Some(0.5))
    );
    let svg = plot::training("a run", &thin).unwrap();
    assert!(
        svg.contains("a run") && svg.contains("validation accuracy"),
        "{svg}"
    );
    assert!(plot::training("nothing", &[]).is_err());
}
