//! The native command line: data, training, evaluation and the files made from them.

mod answers;
mod bench;
mod bench_data;
mod bench_tables;
mod bits;
mod claims;
mod classical;
mod compare;
mod contest;
mod contact_sheet;
mod corrupted;
mod corrupted_report;
mod corruption;
mod drawn;
mod drawn_report;
mod drawn_table;
mod evaluation;
mod experiments;
mod familiarity;
mod files;
mod frontier;
mod generated;
mod icon;
mod model_name;
mod page_parts;
mod pictures;
mod progress;
mod published;
mod qr;
mod readme;
mod release;
mod released;
mod search;
mod separable;
mod shots;
mod squashed;
mod squeeze;
mod stale;
mod step_time;
mod tables;
mod teachers;
mod temperature;
mod training;
mod training_log;
mod verdict_report;
mod widths_search;

use clap::{Parser, Subcommand};
use files::Result;
use generated::Mode;
use model_name::{any_model, burn_model, network};
use std::path::{Path, PathBuf};
use threadcount::catalog::{self, BOOK, MODELS, Model};
use threadcount::dataset::{Dataset, Samples};
use threadcount::for_classical;
use threadcount::label::NAMES;
use threadcount::report;

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
    /// Show where the data set was found and how many images each class has
    Data,
    /// Train a model by its recipe; Ctrl-C saves a network's run, --resume continues it
    Train(training::Arguments),
    /// Keep a run's best weights in half precision, for other runs to start from
    Keep {
        /// The weights, RUN/best.safetensors in the folder for checkpoints
        weights: PathBuf,
        /// The file that a recipe names as its initial weights, in results/teachers/
        file: PathBuf,
    },
    /// Search for the widths of a network of the ladder that has at most so many parameters; adds lines to
    /// results/search.csv and releases nothing
    Search(widths_search::Arguments),
    /// Evaluate released models on the test images and write results/NAME.json
    Evaluate {
        /// The models; without one, all
        #[arg(value_name = "MODEL", value_parser = any_model())]
        models: Vec<&'static Model>,
        /// All models, which is the default
        #[arg(long, conflicts_with = "models")]
        all: bool,
        /// Use the development drawings instead, and write results/drawn.json
        #[arg(long)]
        drawn: bool,
        /// Spoil the test images in eight ways, and write results/corrupted.json
        #[arg(long, conflicts_with = "drawn")]
        corrupted: bool,
        /// Spoil so many validation images instead, and write nothing
        #[arg(long, value_name = "IMAGES", requires = "corrupted", value_parser = squeeze::counted())]
        validation: Option<usize>,
    },
    /// Fit a released network's temperature on the validation images again, and what tells clothing from other things
    Calibrate {
        /// The network
        #[arg(value_parser = burn_model())]
        model: &'static Model,
    },
    /// Write a released network's weights file again, as small as validation allows
    Pack {
        /// The network
        #[arg(value_parser = burn_model())]
        model: &'static Model,
    },
    /// Squeeze a released network after training: bytes, and accuracy beside the network as trained
    Squeeze(squeeze::Arguments),
    /// Pack every network with 16 to 2 bits for each weight: bytes and validation accuracy, as results/bits.csv
    Bits {
        /// Measure networks anew whose rows are of the released weights
        #[arg(long)]
        all: bool,
    },
    /// Draw a network's packed bytes as a QR code, or say what network is in a code
    Qr(qr::Arguments),
    /// Print a table of all released models
    Compare {
        /// Format of the table
        #[arg(long, value_enum, default_value = "text")]
        format: compare::Format,
    },
    /// List the models: name, kind and title, separated by tabs
    Models {
        /// Only the names of the networks of the page's first screen
        #[arg(long)]
        book: bool,
    },
    /// Run an experiment that explains a figure; it releases no model and writes to results/
    Experiment {
        /// The experiment
        experiment: experiments::Experiment,
        #[command(flatten)]
        arguments: experiments::Arguments,
    },
    /// Print the median time of a training step in seconds, for scripts/compare-training
    StepTime {
        /// The network
        #[arg(value_parser = burn_model())]
        model: &'static Model,
        /// Use Burn's own operations instead of the trainer's kernels
        #[arg(long)]
        burn: bool,
    },
    /// Draw the log of a network's training run as results/NAME-training.svg
    Plot {
        /// The network
        #[arg(value_parser = network())]
        model: &'static Model,
    },
    /// Write the generated parts of README and of the page, and the pictures in results/
    Readme {
        /// Write nothing; fail when a part is out of date or a figure does not belong to the released weights
        #[arg(long)]
        check: bool,
    },
    /// Write the sample garments and test files that ship with the page
    PageData,
    /// Write what scripts/bench measures with: images, and networks as safetensors
    BenchData {
        /// The folder
        folder: PathBuf,
        /// The networks
        #[arg(required = true, value_parser = burn_model())]
        models: Vec<&'static Model>,
    },
}

fn main() {
    // `threadcount ... | head` ends without a panic.
    sigpipe::reset();
    if let Err(error) = run(Cli::parse()) {
        eprintln!("threadcount: {error}");
        std::process::exit(1);
    }
}

fn run(cli: Cli) -> Result<()> {
    if !matches!(cli.command, Command::Data | Command::Models { .. }) {
        files::in_repository()?;
    }
    let data = || Dataset::load(cli.data.as_deref());
    match cli.command {
        Command::Data => describe(&data()?),
        Command::Train(arguments) => {
            let name = arguments.model.name;
            if catalog::architecture(name).is_some() {
                training::train(&arguments, data()?)?;
            } else {
                arguments.refuse_options()?;
                classical::train(name, &data()?)?;
            }
        }
        Command::Keep { weights, file } => training::keep(&weights, &file)?,
        Command::Search(arguments) => widths_search::run(&arguments, &data()?)?,
        Command::Calibrate { model } => {
            let data = data()?;
            evaluation::calibrate(model.name, &data)?;
            familiarity::fit(model.name, &data)?;
        }
        Command::Bits { all } => bits::run(all, &data()?)?,
        Command::Compare { format } => print!("{}", compare::table(format)?),
        Command::Models { book: false } => MODELS.iter().for_each(print_model),
        Command::Models { book: true } => BOOK.iter().for_each(|name| println!("{name}")),
        Command::Pack { model } => {
            release::pack(model.name, &data()?)?;
        }
        Command::Experiment {
            experiment,
            arguments,
        } => experiments::run(experiment, &arguments, &data()?)?,
        Command::StepTime { model, burn } => {
            step_time::print(model.name, &data()?, burn)?;
        }
        Command::Squeeze(arguments) => squeeze::run(&arguments, &data()?)?,
        Command::Qr(arguments) => qr::run(&arguments, || Ok(data()?))?,
        Command::Plot { model } => plot(model.name)?,
        Command::Evaluate {
            mut models,
            all: _,
            drawn,
            corrupted,
            validation,
        } => {
            let data = data()?;
            if models.is_empty() {
                models = MODELS.iter().collect();
            }
            let names: Vec<_> = models.iter().map(|model| model.name).collect();
            if drawn {
                return drawn::evaluate(&names, &data);
            }
            if corrupted {
                return corrupted::evaluate(&names, &data, validation);
            }
            for Model { name, .. } in models {
                let classical =
                    for_classical!(*name, M => evaluation::evaluate_classical::<M>(name, &data)?);
                if classical.is_none() {
                    evaluation::evaluate(name, &data)?;
                }
            }
            println!("run `threadcount readme` for the tables and results/errors.png");
        }
        Command::Readme { check: true } => readme::generate(Mode::Check)?,
        Command::Readme { check: false } => readme::generate(Mode::Write)?,
        Command::PageData => report::write_page_data(&data()?, Path::new("www/data"))?,
        Command::BenchData { folder, models } => bench_data::export(&data()?, &models, &folder)?,
    }
    Ok(())
}

/// Draw the log of a model's run.
fn plot(name: &str) -> Result<()> {
    let picture = training_log::picture(name)?;
    files::write(&training_log::picture_path(name), picture.as_bytes())
}

fn print_model(model: &Model) {
    let Model {
        name, kind, title, ..
    } = model;
    println!("{name}\t{kind}\t{title}");
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
    let counts = [&data.train, &data.validation, &data.test].map(Samples::class_counts);
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
