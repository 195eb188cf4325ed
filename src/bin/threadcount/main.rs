//! The native command line: data, training, evaluation and the files made from them.

mod bench;
mod classical;
mod compare;
mod evaluation;
mod experiments;
mod frontier;
mod readme;
mod search;
mod step_time;
mod training;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use std::error::Error;
use std::path::{Path, PathBuf};
use threadcount::card::Card;
use threadcount::catalog::{self, Model};
use threadcount::dataset::Dataset;
use threadcount::label::NAMES;
use threadcount::network::Network;
use threadcount::report;
use threadcount::{for_classical, for_network};

/// Cards and weights.
const MODELS: &str = "models";
/// What the figures in README are generated from.
const RESULTS: &str = "results";

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
    /// Train a model; Ctrl-C saves a network, --resume continues
    Train(training::Arguments),
    /// Read the test images once and write results/NAME.json
    Evaluate {
        /// The model; all when left out
        #[arg(value_parser = any_model())]
        model: Option<&'static Model>,
        /// Every model, which is also the default
        #[arg(long, conflicts_with = "model")]
        all: bool,
    },
    /// Fit a released model's temperature on the validation images again
    Calibrate {
        /// The network
        #[arg(value_parser = burn_model())]
        model: &'static Model,
    },
    /// Write a released model's weights file anew, as small as validation allows, with the list of layers
    Pack {
        /// The network
        #[arg(value_parser = burn_model())]
        model: &'static Model,
    },
    /// Print a row of figures for every released model
    Compare {
        /// How the table is written
        #[arg(long, value_enum, default_value = "text")]
        format: compare::Format,
    },
    /// Print each model's name, kind and title
    Models,
    /// Run what explains a figure: release nothing, write to results/
    Experiment {
        /// The question
        experiment: experiments::Experiment,
        #[command(flatten)]
        arguments: training::Arguments,
    },
    /// Print the median time of a training step in seconds; scripts/compare-training puts it beside Keras
    StepTime {
        /// The network
        #[arg(value_parser = burn_model())]
        model: &'static Model,
        /// With Burn's own operations instead of the trainer's kernels
        #[arg(long)]
        burn: bool,
    },
    /// Draw the log of a model's training run as results/NAME-training.svg
    Plot {
        /// The network
        #[arg(value_parser = burn_model())]
        model: &'static Model,
    },
    /// Write README's generated tables and results/frontier.svg from models/ and results/
    Readme {
        /// Only say whether README is up to date
        #[arg(long)]
        check: bool,
    },
    /// Write the sample garments and test files that the page ships
    PageData,
}

/// Read the name of a model.
fn any_model() -> impl TypedValueParser<Value = &'static Model> {
    named(catalog::MODELS.iter().map(|model| model.name))
}

/// Read the name of a model that Burn defines.
fn burn_model() -> impl TypedValueParser<Value = &'static Model> {
    let is_burn = |name: &&str| for_network!(*name, N => N::NAME).is_some();
    named(
        catalog::MODELS
            .iter()
            .map(|model| model.name)
            .filter(is_burn),
    )
}

fn named(
    names: impl Iterator<Item = &'static str>,
) -> impl TypedValueParser<Value = &'static Model> {
    let names: Vec<_> = names.collect();
    PossibleValuesParser::new(names).map(|name| catalog::find(&name).expect("a name of the list"))
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
        Command::Train(arguments) => {
            let name = arguments.model.name;
            match for_network!(name, N => training::train::<N>(&arguments, data()?)) {
                Some(done) => done?,
                None => classical::train(name, &data()?)?,
            }
        }
        Command::Calibrate { model } => {
            for_network!(model.name, N => evaluation::calibrate::<N>(&data()?)?);
        }
        Command::Compare { format } => print!("{}", compare::table(format)?),
        Command::Models => catalog::MODELS.iter().for_each(print_model),
        Command::Pack { model } => {
            for_network!(model.name, N => evaluation::pack::<N>(&data()?)?);
        }
        Command::Experiment {
            experiment,
            arguments,
        } => experiments::run(experiment, &arguments, data()?)?,
        Command::StepTime { model, burn } => {
            for_network!(model.name, N => step_time::print::<N>(&data()?, burn)?);
        }
        Command::Plot { model } => training::plot(model.name)?,
        Command::Evaluate { model, all: _ } => {
            let data = data()?;
            let models = model.map_or(catalog::MODELS.iter().collect(), |model| vec![model]);
            for Model { name, .. } in models {
                for_network!(*name, N => evaluation::evaluate::<N>(&data)?);
                for_classical!(*name, M => evaluation::evaluate_classical::<M>(name, &data)?);
            }
            evaluation::write_contact_sheet(&data)?;
        }
        Command::Readme { check } => readme::write(check)?,
        Command::PageData => report::write_page_data(&data()?, Path::new("www/data"))?,
    }
    Ok(())
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

fn write_card(card: &Card) -> Result<()> {
    let path = Path::new(MODELS).join(format!("{}.json", card.name));
    let json = serde_json::to_string_pretty(card)? + "\n";
    Ok(std::fs::write(path, json)?)
}
