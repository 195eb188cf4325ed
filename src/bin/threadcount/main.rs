//! The native command line: data, training, evaluation and the files made from them.

/// Call a function that is generic over the network with the one that a name stands for.
macro_rules! for_network {
    ($model:expr, $module:tt :: $function:ident ( $($argument:expr),* )) => {
        match $model {
            crate::ModelName::Baseline => $module::$function::<threadcount::network::Baseline>($($argument),*),
            crate::ModelName::Lightweight => $module::$function::<threadcount::network::Lightweight>($($argument),*),
            crate::ModelName::Compact => $module::$function::<threadcount::network::Compact>($($argument),*),
            crate::ModelName::Pocket => $module::$function::<threadcount::network::Pocket>($($argument),*),
            crate::ModelName::LogisticRegression => $module::$function::<threadcount::network::LogisticRegression>($($argument),*),
            crate::ModelName::Mlp => $module::$function::<threadcount::network::Mlp>($($argument),*),
            other => Err(format!("{} is not a network", other.name()).into()),
        }
    };
}

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

use clap::{Parser, Subcommand, ValueEnum};
use std::error::Error;
use std::path::{Path, PathBuf};
use threadcount::card::Card;
use threadcount::dataset::Dataset;
use threadcount::label::NAMES;
use threadcount::network::{
    Baseline, Compact, Lightweight, LogisticRegression, Mlp, Network, Pocket,
};
use threadcount::report;

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
        /// The network; all when left out
        model: Option<ModelName>,
        /// Every network, which is also the default
        #[arg(long, conflicts_with = "model")]
        all: bool,
    },
    /// Fit a released model's temperature on the validation images again
    Calibrate {
        /// The network
        model: ModelName,
    },
    /// Write a released model's weights file anew, as small as validation allows, with the list of layers
    Pack {
        /// The network
        model: ModelName,
    },
    /// Print a row of figures for every released model
    Compare {
        /// How the table is written
        #[arg(long, value_enum, default_value = "text")]
        format: compare::Format,
    },
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
        model: ModelName,
        /// With Burn's own operations instead of the trainer's kernels
        #[arg(long)]
        burn: bool,
    },
    /// Draw the log of a model's training run as results/NAME-training.svg
    Plot {
        /// The network
        model: ModelName,
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

#[derive(Clone, Copy, ValueEnum)]
enum ModelName {
    Baseline,
    Lightweight,
    Compact,
    Pocket,
    LogisticRegression,
    Mlp,
    DecisionTree,
    RandomForest,
    Svm,
    Knn,
    NaiveBayes,
    NaiveBayesLda,
}

impl ModelName {
    fn name(self) -> &'static str {
        match self {
            Self::Baseline => Baseline::NAME,
            Self::Lightweight => Lightweight::NAME,
            Self::Compact => Compact::NAME,
            Self::Pocket => Pocket::NAME,
            Self::LogisticRegression => LogisticRegression::NAME,
            Self::Mlp => Mlp::NAME,
            Self::DecisionTree => "decision-tree",
            Self::RandomForest => "random-forest",
            Self::Svm => "svm",
            Self::Knn => "knn",
            Self::NaiveBayes => "naive-bayes",
            Self::NaiveBayesLda => "naive-bayes-lda",
        }
    }

    fn is_network(self) -> bool {
        !threadcount::classical::NAMES.contains(&self.name())
    }
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
        Command::Train(arguments) if !arguments.model.is_network() => {
            classical::train(arguments.model.name(), &data()?)?;
        }
        Command::Train(arguments) => {
            for_network!(arguments.model, training::train(&arguments, data()?))?;
        }
        Command::Calibrate { model } => for_network!(model, evaluation::calibrate(&data()?))?,
        Command::Compare { format } => print!("{}", compare::table(format)?),
        Command::Pack { model } => for_network!(model, evaluation::pack(&data()?))?,
        Command::Experiment {
            experiment,
            arguments,
        } => experiments::run(experiment, &arguments, data()?)?,
        Command::StepTime { model, burn } => {
            for_network!(model, step_time::print(&data()?, burn))?;
        }
        Command::Plot { model } => training::plot(model.name())?,
        Command::Evaluate { model, all: _ } => {
            let data = data()?;
            let models = model.map_or(ModelName::value_variants().to_vec(), |model| vec![model]);
            for model in models {
                if model.is_network() {
                    for_network!(model, evaluation::evaluate(&data))?;
                } else {
                    evaluation::evaluate_classical(model.name(), &data)?;
                }
            }
            evaluation::write_contact_sheet(&data)?;
        }
        Command::Readme { check } => readme::write(check)?,
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

fn write_card(card: &Card) -> Result<()> {
    let path = Path::new(MODELS).join(format!("{}.json", card.name));
    let json = serde_json::to_string_pretty(card)? + "\n";
    Ok(std::fs::write(path, json)?)
}
