//! The native command line: data, training, evaluation and the files made from them.

use clap::{Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use threadcount::card::{Accuracy, Card, Data, EvaluationReport, Recipe, Training, WeightsFile};
use threadcount::dataset::{Dataset, SOURCE_FILES, sha256};
use threadcount::label::NAMES;
use threadcount::metrics::Evaluation;
use threadcount::network::weights::{StorageType, Weights};
use threadcount::network::{Baseline, Lightweight, Network, device};
use threadcount::report;
use threadcount::train::checkpoint::CheckpointFolder;
use threadcount::train::fit::{Outcome, Progress, Run, accuracy, predict};

/// Cards and weights.
const MODELS: &str = "models";
/// What the figures in README are generated from.
const RESULTS: &str = "results";
/// Half precision is kept unless it loses more validation accuracy than this.
const MOST_F16_LOSS: f64 = 0.0005;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[derive(Parser)]
#[command(version, about = "How small can a clothing classifier get?")]
struct Cli {
    /// Folder with the four Fashion-MNIST files (default: `FASHION_MNIST_DIR`, then the system's, then download)
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say where the data were found and count the classes
    Data,
    /// Train a network; Ctrl-C saves, --resume continues
    Train(TrainArguments),
    /// Read the test images once and write results/NAME.json
    Evaluate {
        /// The network; all when left out
        model: Option<ModelName>,
    },
    /// Write README's generated tables from models/ and results/
    Readme {
        /// Only say whether README is up to date
        #[arg(long)]
        check: bool,
    },
    /// Write the sample garments and test files that the page ships
    PageData,
}

#[derive(clap::Args)]
struct TrainArguments {
    model: ModelName,
    /// Continue the saved run
    #[arg(long)]
    resume: bool,
    /// Seed of weights, order, augmentation and dropout
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Passes over the training images
    #[arg(long)]
    epochs: Option<usize>,
    /// Images a step
    #[arg(long)]
    batch_size: Option<usize>,
    /// Highest learning rate of the one-cycle schedule
    #[arg(long)]
    learning_rate: Option<f64>,
    /// Start from the released weights instead of random ones
    #[arg(long)]
    from_released: bool,
    /// Train on so many images only, to try a recipe; writes no model
    #[arg(long, value_name = "IMAGES")]
    try_on: Option<usize>,
    /// Where runs are kept
    #[arg(long, default_value = "checkpoints")]
    checkpoints: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum ModelName {
    Baseline,
    Lightweight,
}

fn main() {
    if let Err(error) = run(Cli::parse()) {
        eprintln!("threadcount: {error}");
        std::process::exit(1);
    }
}

fn run(cli: Cli) -> Result<()> {
    let data = || Dataset::load(cli.data.as_deref());
    match cli.command {
        Command::Data => describe(&data()?),
        Command::Train(arguments) => match arguments.model {
            ModelName::Baseline => train::<Baseline>(&arguments, data()?)?,
            ModelName::Lightweight => train::<Lightweight>(&arguments, data()?)?,
        },
        Command::Evaluate { model } => {
            let data = data()?;
            if !matches!(model, Some(ModelName::Lightweight)) {
                evaluate::<Baseline>(&data)?;
            }
            if !matches!(model, Some(ModelName::Baseline)) {
                evaluate::<Lightweight>(&data)?;
            }
        }
        Command::Readme { check } => readme(check)?,
        Command::PageData => report::write_page_data(&data()?, Path::new("www/data"))?,
    }
    Ok(())
}

fn describe(data: &Dataset) {
    println!(
        "Fashion-MNIST from {}, all four sha256 sums as published",
        data.found_in
    );
    println!(
        "{:<12} {:>7} {:>11} {:>6}",
        "class", "train", "validation", "test"
    );
    let counts = [&data.train, &data.validation, &data.test]
        .map(threadcount::dataset::Samples::class_counts);
    for (i, name) in NAMES.iter().enumerate() {
        println!(
            "{name:<12} {:>7} {:>11} {:>6}",
            counts[0][i], counts[1][i], counts[2][i]
        );
    }
    let totals = [data.train.len(), data.validation.len(), data.test.len()];
    println!(
        "{:<12} {:>7} {:>11} {:>6}",
        "all", totals[0], totals[1], totals[2]
    );
}

fn recipe(arguments: &TrainArguments) -> Recipe {
    // The large network overfits, the small one does not.
    let (epochs, learning_rate, label_smoothing, max_shift) = match arguments.model {
        ModelName::Baseline => (5, 1e-3, 0.0, 1),
        ModelName::Lightweight => (10, 4e-3, 0.0, 1),
    };
    Recipe {
        epochs: arguments.epochs.unwrap_or(epochs),
        batch_size: arguments.batch_size.unwrap_or(64),
        learning_rate: arguments.learning_rate.unwrap_or(learning_rate),
        warm_up: 0.2,
        weight_decay: 0.02,
        label_smoothing,
        max_shift,
        initial_weights: None,
    }
}

fn train<N: Network>(arguments: &TrainArguments, mut data: Dataset) -> Result<()> {
    let mut recipe = recipe(arguments);
    let mut initial = None;
    if arguments.from_released {
        let bytes = std::fs::read(Path::new(MODELS).join(format!("{}.safetensors", N::NAME)))?;
        initial = Some(Weights::from_bytes(&bytes)?);
        recipe.initial_weights = Some(sha256(&bytes));
    }
    let folder = CheckpointFolder::create(&arguments.checkpoints, N::NAME)?;
    if let Some(images) = arguments.try_on {
        data.train.images.truncate(images);
        data.train.labels.truncate(images);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&stop);
    ctrlc::set_handler(move || handler.store(true, Ordering::SeqCst))?;
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(
        "{bar:30} {pos}/{len} steps  {msg}  {eta} left",
    )?);
    let mut last_validation = String::from("-");
    let mut speed = 0.0;
    let run = Run {
        recipe: &recipe,
        seed: arguments.seed,
        folder: &folder,
        resume: arguments.resume,
        initial: initial.as_ref(),
    };
    let outcome = run.fit::<N>(&data.train, &data.validation, |progress| {
        match progress {
            Progress::Step { step, steps, loss, images_per_s } => {
                speed = images_per_s;
                bar.set_length(steps as u64);
                bar.set_position(step as u64);
                bar.set_message(format!(
                    "loss {loss:.4}  validation {last_validation}  {images_per_s:.0} images/s"
                ));
            }
            Progress::Epoch { epoch, loss, validation, best } => {
                last_validation = format!("{:.2} %", validation * 100.0);
                let mark = if best { "  best so far" } else { "" };
                let line = format!(
                    "epoch {epoch}/{}  loss {loss:.4}  validation {last_validation}  {speed:.0} images/s{mark}",
                    recipe.epochs,
                );
                bar.suspend(|| println!("{line}"));
            }
        }
        !stop.load(Ordering::SeqCst)
    })?;
    bar.finish_and_clear();
    match outcome {
        Outcome::Stopped(state) => {
            println!("stopped after step {}; continue with --resume", state.step);
        }
        Outcome::Finished { state, .. } if arguments.try_on.is_some() => {
            println!(
                "best validation {:.2} %, no model written",
                state.best_validation * 100.0
            );
        }
        Outcome::Finished { weights, state } => {
            let seen = state.step * recipe.batch_size;
            let training = Training {
                seed: arguments.seed,
                epochs: recipe.epochs,
                best_epoch: state.best_epoch,
                wall_time_s: state.wall_time_s.round(),
                images_per_s: (seen as f64 / state.step_time_s).round(),
                recipe,
            };
            release::<N>(&weights, training, &data)?;
        }
    }
    Ok(())
}

/// Write weights and card, in half precision unless that loses validation accuracy.
fn release<N: Network>(weights: &Weights, training: Training, data: &Dataset) -> Result<()> {
    let load =
        |bytes: &[u8]| -> Result<N> { Ok(Weights::from_bytes(bytes)?.apply(N::init(&device()))?) };
    let (full, half) = (
        weights.to_bytes(StorageType::F32),
        weights.to_bytes(StorageType::F16),
    );
    let (exact, rounded) = (load(&full)?, load(&half)?);
    let loss = accuracy(&exact, &data.validation) - accuracy(&rounded, &data.validation);
    println!(
        "half precision loses {:.2} points on validation",
        loss * 100.0
    );
    let (network, bytes, dtype) = if loss <= MOST_F16_LOSS {
        (rounded, half, StorageType::F16)
    } else {
        (exact, full, StorageType::F32)
    };
    let file = format!("{}.safetensors", N::NAME);
    let card = Card {
        name: N::NAME.to_owned(),
        parameters: network.num_params(),
        trainable_parameters: network.trainable_parameters(),
        macs: network.macs(),
        weights: WeightsFile {
            sha256: sha256(&bytes),
            size_bytes: bytes.len(),
            dtype: dtype.name().to_owned(),
            file: file.clone(),
        },
        training,
        data: Data {
            sha256: SOURCE_FILES
                .iter()
                .map(|f| {
                    (
                        f.name.trim_end_matches(".gz").to_owned(),
                        f.sha256.to_owned(),
                    )
                })
                .collect(),
        },
        accuracy: Accuracy {
            train: accuracy(&network, &data.train),
            validation: accuracy(&network, &data.validation),
            test: None,
            test_interval: None,
        },
        test_nll: None,
        test_ece: None,
        temperature: 1.0,
    };
    std::fs::create_dir_all(MODELS)?;
    std::fs::write(Path::new(MODELS).join(file), bytes)?;
    write_card(&card)?;
    println!(
        "{}: train {:.2} %, validation {:.2} %; run `threadcount evaluate {}` for the test images",
        N::NAME,
        card.accuracy.train * 100.0,
        card.accuracy.validation * 100.0,
        N::NAME,
    );
    Ok(())
}

fn write_card(card: &Card) -> Result<()> {
    let path = Path::new(MODELS).join(format!("{}.json", card.name));
    Ok(std::fs::write(
        path,
        serde_json::to_string_pretty(card)? + "\n",
    )?)
}

fn evaluate<N: Network>(data: &Dataset) -> Result<()> {
    let mut card = report::read_card(Path::new(MODELS), N::NAME)?;
    let bytes = std::fs::read(Path::new(MODELS).join(&card.weights.file))?;
    let found = sha256(&bytes);
    if found != card.weights.sha256 {
        return Err(format!(
            "{} has sha256 {found}, its card says {}",
            card.weights.file, card.weights.sha256
        )
        .into());
    }
    let network = Weights::from_bytes(&bytes)?.apply(N::init(&device()))?;
    let predictions = predict(&network, &data.test.images);
    let evaluation = Evaluation::new(&predictions, &data.test.labels);
    print!("{}", report::evaluation_text(N::NAME, &evaluation));
    card.accuracy.test = Some(evaluation.accuracy);
    card.accuracy.test_interval = Some(evaluation.interval);
    card.test_nll = Some(evaluation.nll);
    card.test_ece = Some(evaluation.ece);
    write_card(&card)?;
    let report = EvaluationReport {
        name: card.name,
        weights_sha256: found,
        evaluation,
        predictions: predictions
            .iter()
            .map(|p| p.label().index().to_string())
            .collect(),
    };
    std::fs::create_dir_all(RESULTS)?;
    let path = Path::new(RESULTS).join(format!("{}.json", N::NAME));
    Ok(std::fs::write(
        path,
        serde_json::to_string_pretty(&report)? + "\n",
    )?)
}

fn readme(check: bool) -> Result<()> {
    let path = Path::new("README.md");
    let old = std::fs::read_to_string(path)?;
    let new = report::fill_readme(&old, Path::new(MODELS))?;
    match (check, old == new) {
        (true, false) => Err("README.md is out of date; run `threadcount readme`".into()),
        (true, true) => Ok(()),
        (false, _) => Ok(std::fs::write(path, new)?),
    }
}
