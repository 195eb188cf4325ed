//! What is written when a run's weights are released, or its seed is added to a card. `contest` decides which.

use crate::files::{Result, write_weights};
use crate::released::{architecture, card, card_if_any, data_sums, network, write_card};
use crate::temperature::fit_temperature_of;
use burn::module::Module;
use threadcount::calibration::fit_temperature;
use threadcount::card::{
    Accuracy, Card, DrawingWeights, Origin, Recipe, SeedRun, Training, WeightSet, WeightsFile,
};
use threadcount::catalog;
use threadcount::dataset::{Dataset, Samples, sha256};
use threadcount::format::{percent, thousands};
use threadcount::network::weights::{StorageType, Weights};
use threadcount::network::{AnyNetwork, Network, device};
use threadcount::squeeze::{Scale, Setting, Source, model_file, squeeze};
use threadcount::train::checkpoint::RunState;
use threadcount::train::inference::{accuracy, logits};

/// Weights are quantized unless that loses more validation accuracy than this.
const MOST_STORAGE_LOSS: f64 = 0.0005;

/// Refuse what needs validation images that the weights have not seen.
pub fn needs_unseen_validation(card: &Card, data: &Dataset) -> Result<()> {
    match card.training.run() {
        Some(run) if run.images > data.train.len() => Err(format!(
            "the weights of {} have seen the validation images, so nothing can be chosen by those",
            card.name
        )
        .into()),
        _ => Ok(()),
    }
}

/// Write down the runs that the released weights were better than.
pub fn add_seeds(name: &str, runs: &[SeedRun]) -> Result<()> {
    let mut card = card(name)?;
    if let Origin::Trained(training) = &mut card.training {
        training.recipe.seeds = runs.iter().map(|run| run.seed).collect();
        training.seeds = runs.to_vec();
        let seed = training.seed;
        println!("the released weights, of seed {seed}, are better on validation and stay");
    }
    write_card(&card)
}

/// The weights that validation picked, and the run that they are from.
pub struct Picked {
    pub weights: Weights,
    pub state: RunState,
}

impl Picked {
    /// What the card says of the run.
    fn training(&self, runs: &[SeedRun], images: usize) -> Training {
        let state = &self.state;
        let seen = state.step * state.recipe.batch_size;
        Training {
            recipe: Recipe {
                seeds: runs.iter().map(|run| run.seed).collect(),
                ..state.recipe.clone()
            },
            seed: state.seed,
            epochs: state.recipe.epochs,
            best_epoch: state.best_epoch,
            images,
            wall_time_s: state.wall_time_s.round(),
            images_per_s: (seen as f64 / state.step_time_s).round(),
            seeds: runs.to_vec(),
        }
    }
}

/// What a released file holds.
#[derive(Clone, Copy)]
enum Storage {
    /// A number for each weight.
    Numbers(StorageType),
    /// Codes of so many bits, packed into at most so many bytes.
    Codes { bits: u8, most_bytes: usize },
}

impl Storage {
    /// What the card says of it.
    fn name(self) -> String {
        match self {
            Self::Numbers(dtype) => dtype.name().to_owned(),
            Self::Codes { bits, .. } => format!("packed codes of {bits} bits"),
        }
    }

    /// Bits of a weight's code.
    fn bits(self) -> Option<u8> {
        match self {
            Self::Numbers(_) => None,
            Self::Codes { bits, .. } => Some(bits),
        }
    }

    /// The ending of the file's name.
    fn ending(self) -> &'static str {
        match self {
            Self::Numbers(_) => "safetensors",
            Self::Codes { .. } => "thrd",
        }
    }

    /// The network as it is read from the released file, and the file's bytes.
    fn stored(self, name: &str, weights: &Weights) -> Result<(AnyNetwork, Vec<u8>)> {
        let network = architecture(name)?.init(&device());
        let file = |dtype| weights.to_model_file(dtype, &network.layers());
        let (model, bytes) = match self {
            Self::Numbers(dtype) => {
                let bytes = file(dtype);
                (bytes.clone(), bytes)
            }
            Self::Codes { bits, most_bytes } => {
                let source = Source::parse(&file(StorageType::F32))?;
                let setting = Setting::new(bits, 0, Scale::Channel)?;
                let packed = squeeze(&source, setting)?.network.fit(most_bytes)?;
                (model_file(packed.clone())?, packed)
            }
        };
        let weights = Weights::of_file(&model, &network.layers())?;
        Ok((weights.apply(network)?, bytes))
    }

    /// What a recipe asks for, or the number type that makes the file smallest without losing accuracy on `validation`.
    fn of(
        name: &str,
        recipe: Option<&Recipe>,
        weights: &Weights,
        validation: &Samples,
    ) -> Result<Self> {
        let exact = Self::Numbers(StorageType::F32);
        let best = accuracy(&exact.stored(name, weights)?.0, validation);
        let loss = |storage: Self| -> Result<f64> {
            let (network, bytes) = storage.stored(name, weights)?;
            let loss = best - accuracy(&network, validation);
            let (numbers, size) = (storage.name(), thousands(bytes.len()));
            println!(
                "{numbers}, {size} bytes: {:.2} points less on validation",
                loss * 100.0
            );
            Ok(loss)
        };
        if let Some((bits, most_bytes)) = recipe.and_then(|r| r.weight_bits.zip(r.most_bytes)) {
            let codes = Self::Codes { bits, most_bytes };
            loss(codes)?;
            return Ok(codes);
        }
        for dtype in [StorageType::ShortF16, StorageType::F16] {
            let numbers = Self::Numbers(dtype);
            if loss(numbers)? <= MOST_STORAGE_LOSS {
                return Ok(numbers);
            }
        }
        Ok(exact)
    }
}

/// Write a released model's file again: as small as validation allows, with the layers of the network as it is
/// now, and a card that has yet to see the test images.
pub fn pack(name: &str, data: &Dataset) -> Result<()> {
    let (network, mut card, _) = network(name)?;
    needs_unseen_validation(&card, data)?;
    let recipe = card.training.run().map(|run| &run.recipe);
    let weights = Weights::of(&network);
    let storage = Storage::of(name, recipe, &weights, &data.validation)?;
    let (network, bytes) = storage.stored(name, &weights)?;
    if sha256(&bytes) == card.weights.sha256 {
        println!(
            "{} is as small as validation allows already",
            card.weights.file
        );
        return Ok(());
    }
    card.weights.file = format!("{}.{}", card.name, storage.ending());
    card.weights.dtype = storage.name();
    card.weights.bits = storage.bits();
    card.weights.sha256 = sha256(&bytes);
    card.weights.size_bytes = bytes.len();
    card.accuracy = Accuracy {
        train: accuracy(&network, &data.train),
        validation: accuracy(&network, &data.validation),
        test: None,
        test_interval: None,
    };
    (card.integer_accuracy, card.drawn_accuracy) = (None, None);
    card.familiarity = None;
    (card.test_nll, card.test_ece) = (None, None);
    fit_temperature_of(&logits(&network, &data.validation.images), &mut card, data);
    write_weights(&card.weights.file, &bytes)?;
    write_card(&card)?;
    println!("{}", to_measure(name, WeightSet::Photographs));
    Ok(())
}

/// What is to be measured of new weights.
fn to_measure(name: &str, set: WeightSet) -> String {
    let mut commands = Vec::new();
    if catalog::is_judge(name) {
        commands.push(format!("calibrate {name}"));
    }
    if set == WeightSet::Photographs {
        commands.push(format!("evaluate {name}"));
    }
    commands.push(format!("evaluate --drawn {name}"));
    commands.push(format!("evaluate --corrupted {name}"));
    if set == WeightSet::Photographs && catalog::is_network(name) {
        commands.push("bits".to_owned());
    }
    let commands = commands.join("`, `threadcount ");
    format!("{name}: now run `threadcount {commands}`")
}

/// Write weights and card.
///
/// The weights are those that validation picked, or of a last run on so many images; what validation says is always
/// about those that it picked, which have not seen its images.
pub fn release(
    name: &str,
    picked: &Picked,
    last_run: Option<(&Weights, usize)>,
    runs: &[SeedRun],
    data: &Dataset,
) -> Result<()> {
    let weights = &picked.weights;
    let (released, images) = last_run.unwrap_or((weights, data.train.len()));
    let training = picked.training(runs, images);
    let storage = Storage::of(name, Some(&training.recipe), weights, &data.validation)?;
    let (network, _) = storage.stored(name, weights)?;
    let (shipped, bytes) = storage.stored(name, released)?;
    let file = format!("{name}.{}", storage.ending());
    let mut card = Card {
        name: name.to_owned(),
        parameters: network.num_params(),
        trainable_parameters: network.trainable_parameters(),
        macs: network.macs(),
        weights: WeightsFile {
            sha256: sha256(&bytes),
            size_bytes: bytes.len(),
            dtype: storage.name(),
            bits: storage.bits(),
            file: file.clone(),
        },
        training: Origin::Trained(Box::new(training)),
        data: data_sums(),
        accuracy: Accuracy {
            train: accuracy(&shipped, &data.train),
            validation: accuracy(&network, &data.validation),
            test: None,
            test_interval: None,
        },
        integer_accuracy: None,
        drawn_accuracy: None,
        test_nll: None,
        test_ece: None,
        temperature: 1.0,
        calibration: None,
        drawings: card_if_any(name)?.and_then(|older| older.drawings),
        familiarity: None,
    };
    fit_temperature_of(&logits(&network, &data.validation.images), &mut card, data);
    write_weights(&file, &bytes)?;
    write_card(&card)?;
    println!(
        "{name}: train {}, validation {}",
        percent(card.accuracy.train),
        percent(card.accuracy.validation),
    );
    println!("{}", to_measure(name, WeightSet::Photographs));
    Ok(())
}

/// Write the weights that answer drawings, and put them on the card of the model.
pub fn release_drawings(
    name: &str,
    picked: &Picked,
    runs: &[SeedRun],
    data: &Dataset,
    drawn: &Samples,
) -> Result<()> {
    let mut card = card(name)?;
    let recipe = &picked.state.recipe;
    let storage = Storage::of(name, Some(recipe), &picked.weights, drawn)?;
    let (network, bytes) = storage.stored(name, &picked.weights)?;
    let found = DrawingWeights {
        weights: WeightsFile {
            file: format!("{name}-drawings.{}", storage.ending()),
            sha256: sha256(&bytes),
            size_bytes: bytes.len(),
            dtype: storage.name(),
            bits: storage.bits(),
        },
        training: Box::new(picked.training(runs, data.train.len())),
        validation: accuracy(&network, &data.validation),
        drawn_validation: accuracy(&network, drawn),
        temperature: fit_temperature(&logits(&network, &drawn.images), &drawn.labels),
        familiarity: None,
    };
    println!(
        "{name} on drawings: {} of unseen constructions, {} of validation photographs",
        percent(found.drawn_validation),
        percent(found.validation),
    );
    write_weights(&found.weights.file, &bytes)?;
    card.drawings = Some(found);
    card.drawn_accuracy = None;
    write_card(&card)?;
    println!("{}", to_measure(name, WeightSet::Drawings));
    Ok(())
}
