//! What may replace released weights, and what is written when something does.
//!
//! Validation accuracy decides alone. A run with the same choices as the released one adds a seed to its card; a
//! run with other choices that is not better leaves everything as it is.

use crate::files::{Result, write_weights};
use crate::released::{card, card_if_any, data_sums, network, write_card};
use crate::temperature::fit_temperature_of;
use threadcount::calibration::fit_temperature;
use threadcount::card::{
    Accuracy, Card, DrawingWeights, Origin, Recipe, SeedRun, TeacherFile, Training, WeightSet,
    WeightsFile,
};
use threadcount::dataset::{Dataset, Samples, sha256};
use threadcount::format::percent;
use threadcount::network::weights::{StorageType, Weights};
use threadcount::network::{Network, device};
use threadcount::train::checkpoint::RunState;
use threadcount::train::inference::{accuracy, logits};

/// Weights are quantized unless that loses more validation accuracy than this.
const MOST_STORAGE_LOSS: f64 = 0.0005;

/// What becomes of a finished run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its weights are released.
    Release,
    /// The weights stay, and its seed is added to their card.
    AddSeed,
    /// Nothing changes.
    Keep,
}

/// The runs that a new one is compared with.
#[derive(Debug, Default, PartialEq)]
pub struct Contest {
    /// The runs with the same choices, sorted by seed.
    pub runs: Vec<SeedRun>,
    /// The validation accuracy to exceed.
    bar: Option<f64>,
    /// Whether the released weights come of the same choices.
    is_same_recipe: bool,
}

impl Contest {
    /// The runs behind a released set of weights; none when there is no card yet.
    ///
    /// A card that is there and cannot be read is an error: what it says of may be better than what is trained.
    pub fn with_released(name: &str, set: WeightSet, recipe: &Recipe) -> Result<Self> {
        let Some(card) = card_if_any(name)? else {
            return Ok(Self::default());
        };
        let training = match set {
            WeightSet::Photographs => card.training.run(),
            WeightSet::Drawings => card.drawings.as_ref().map(|drawings| &*drawings.training),
        };
        Ok(training.map_or_else(Self::default, |training| Self::with(training, recipe)))
    }

    /// The runs behind a training, of which those that the recipe makes again do not count.
    fn with(training: &Training, recipe: &Recipe) -> Self {
        let released = training.seeds.iter().find(|run| run.seed == training.seed);
        if !same_choices(&training.recipe, recipe) {
            return Self {
                bar: released.map(|run| run.validation),
                ..Self::default()
            };
        }
        let is_other = |run: &&SeedRun| !recipe.seeds.contains(&run.seed);
        Self {
            runs: training.seeds.iter().filter(is_other).cloned().collect(),
            bar: released.filter(is_other).map(|run| run.validation),
            is_same_recipe: true,
        }
    }

    /// Take a finished run in and say what becomes of it.
    pub fn enter(&mut self, run: SeedRun) -> Verdict {
        let is_better = self.bar.is_none_or(|bar| run.validation > bar);
        if is_better {
            self.bar = Some(run.validation);
            // From here on, what is released comes of these choices.
            self.is_same_recipe = true;
        }
        self.runs.push(run);
        self.runs.sort_by_key(|run| run.seed);
        match (is_better, self.is_same_recipe) {
            (true, _) => Verdict::Release,
            (false, true) => Verdict::AddSeed,
            (false, false) => Verdict::Keep,
        }
    }

    /// The validation accuracy to exceed, for a message.
    pub fn bar(&self) -> f64 {
        self.bar.unwrap_or_default()
    }
}

/// Whether two recipes differ in nothing but their seeds and the places of weights files, which are compared by their
/// sums.
fn same_choices(released: &Recipe, new: &Recipe) -> bool {
    let initial_sum = |recipe: &Recipe| recipe.initial.as_ref().map(|file| file.sha256.clone());
    if initial_sum(released) != initial_sum(new) {
        return false;
    }
    let others = |recipe: &Recipe| Recipe {
        seeds: Vec::new(),
        teachers: Vec::new(),
        initial: None,
        ..recipe.clone()
    };
    let same_file = |(a, b): (&TeacherFile, &TeacherFile)| {
        (&a.model, a.drawn) == (&b.model, b.drawn) && a.sha256.is_some() && a.sha256 == b.sha256
    };
    others(released) == others(new)
        && released.teachers.len() == new.teachers.len()
        && released.teachers.iter().zip(&new.teachers).all(same_file)
}

/// Refuse what needs validation images that the weights have not seen.
pub fn needs_unseen_validation(card: &Card, data: &Dataset) -> Result<()> {
    match card.training.run() {
        Some(run) if run.images > data.train.len() => Err(format!(
            "the weights of {} have seen the validation images; run `threadcount train {}`",
            card.name, card.name
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

/// The bytes of a weights file, and the network that is read from them.
fn stored<N: Network>(weights: &Weights, dtype: StorageType) -> Result<(N, Vec<u8>)> {
    let network = N::init(&device());
    let bytes = weights.to_model_file(dtype, &network.layers());
    Ok((Weights::from_bytes(&bytes)?.apply(network)?, bytes))
}

/// The number type that makes the file smallest without losing accuracy on `validation`, and what it makes of the
/// weights, as [`stored`] does.
fn smallest<N: Network>(
    weights: &Weights,
    validation: &Samples,
) -> Result<(StorageType, N, Vec<u8>)> {
    let (exact, bytes) = stored::<N>(weights, StorageType::F32)?;
    let best = accuracy(&exact, validation);
    for dtype in [StorageType::ShortF16, StorageType::F16] {
        let (quantized, bytes) = stored::<N>(weights, dtype)?;
        let loss = best - accuracy(&quantized, validation);
        let points = loss * 100.0;
        println!("{} loses {points:.2} points on validation", dtype.name());
        if loss <= MOST_STORAGE_LOSS {
            return Ok((dtype, quantized, bytes));
        }
    }
    Ok((StorageType::F32, exact, bytes))
}

/// Write a released model's file again: as small as validation allows, with the layers of the network as it is
/// now, and a card that has yet to see the test images.
pub fn pack<N: Network>(data: &Dataset) -> Result<()> {
    let (network, mut card, _) = network::<N>()?;
    needs_unseen_validation(&card, data)?;
    let (dtype, network, bytes) = smallest::<N>(&Weights::of(&network), &data.validation)?;
    dtype.name().clone_into(&mut card.weights.dtype);
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
    write_card(&card)
}

/// Write weights and card.
///
/// The weights are those that validation picked, or of a last run on so many images; what validation says is always
/// about those that it picked, which have not seen its images.
pub fn release<N: Network>(
    picked: &Picked,
    last_run: Option<(&Weights, usize)>,
    runs: &[SeedRun],
    data: &Dataset,
) -> Result<()> {
    let weights = &picked.weights;
    let (released, images) = last_run.unwrap_or((weights, data.train.len()));
    let training = picked.training(runs, images);
    let (dtype, network, _) = smallest::<N>(weights, &data.validation)?;
    let (shipped, bytes) = stored::<N>(released, dtype)?;
    let file = format!("{}.safetensors", N::NAME);
    let mut card = Card {
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
        drawings: card_if_any(N::NAME)?.and_then(|older| older.drawings),
        familiarity: None,
    };
    fit_temperature_of(&logits(&network, &data.validation.images), &mut card, data);
    write_weights(&file, &bytes)?;
    write_card(&card)?;
    println!(
        "{}: train {}, validation {}; run `threadcount evaluate {}` for the test images",
        N::NAME,
        percent(card.accuracy.train),
        percent(card.accuracy.validation),
        N::NAME,
    );
    Ok(())
}

/// Write the weights that answer drawings, and put them on the card of the model.
pub fn release_drawings<N: Network>(
    picked: &Picked,
    runs: &[SeedRun],
    data: &Dataset,
    drawn: &Samples,
) -> Result<()> {
    let mut card = card(N::NAME)?;
    let (dtype, network, bytes) = smallest::<N>(&picked.weights, drawn)?;
    let found = DrawingWeights {
        weights: WeightsFile {
            file: format!("{}-drawings.safetensors", N::NAME),
            sha256: sha256(&bytes),
            size_bytes: bytes.len(),
            dtype: dtype.name().to_owned(),
        },
        training: Box::new(picked.training(runs, data.train.len())),
        validation: accuracy(&network, &data.validation),
        drawn_validation: accuracy(&network, drawn),
        temperature: fit_temperature(&logits(&network, &drawn.images), &drawn.labels),
        familiarity: None,
    };
    println!(
        "{} on drawings: {} of unseen constructions, {} of validation photographs; run `threadcount evaluate --drawn {0}`",
        N::NAME,
        percent(found.drawn_validation),
        percent(found.validation),
    );
    write_weights(&found.weights.file, &bytes)?;
    card.drawings = Some(found);
    card.drawn_accuracy = None;
    write_card(&card)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(epochs: usize, seeds: &[u64], teacher: Option<(&str, Option<&str>)>) -> Recipe {
        let teachers = teacher.into_iter().map(|(path, sum)| TeacherFile {
            model: String::from("compact"),
            weights: path.to_owned(),
            drawn: false,
            sha256: sum.map(String::from),
        });
        let toml = format!(
            "epochs = {epochs}\nbatch_size = 64\nlearning_rate = 0.1\nwarm_up = 0.1\nweight_decay = 0.0\n\
             label_smoothing = 0.0\nmax_shift = 0\nseeds = {seeds:?}"
        );
        Recipe {
            teachers: teachers.collect(),
            ..toml::from_str(&toml).unwrap()
        }
    }

    fn run(seed: u64, validation: f64) -> SeedRun {
        SeedRun { seed, validation }
    }

    fn training(recipe: Recipe, seed: u64, seeds: &[SeedRun]) -> Training {
        Training {
            recipe,
            seed,
            epochs: 1,
            best_epoch: 1,
            images: 55_000,
            wall_time_s: 1.0,
            images_per_s: 1.0,
            seeds: seeds.to_vec(),
        }
    }

    #[test]
    fn teachers_are_compared_by_their_sums() {
        let of = |path, sum| recipe(1, &[1], Some((path, sum)));
        let released = of("models/compact.safetensors", Some("a"));
        assert!(same_choices(
            &released,
            &of("results/teachers/seed-1.safetensors", Some("a"))
        ));
        assert!(!same_choices(
            &released,
            &of("models/compact.safetensors", Some("b"))
        ));
        assert!(!same_choices(
            &released,
            &of("models/compact.safetensors", None)
        ));
        assert!(!same_choices(&released, &recipe(1, &[1], None)));
        assert!(same_choices(
            &recipe(1, &[1], None),
            &recipe(1, &[2, 3], None)
        ));
        assert!(!same_choices(
            &recipe(1, &[1], None),
            &recipe(2, &[1], None)
        ));
    }

    #[test]
    fn a_further_seed_replaces_the_weights_only_when_it_is_better() {
        let released = training(recipe(1, &[1, 2], None), 2, &[run(1, 0.90), run(2, 0.92)]);
        let mut contest = Contest::with(&released, &recipe(1, &[3], None));
        assert_eq!(contest.enter(run(3, 0.92)), Verdict::AddSeed, "not better");
        assert_eq!(contest.runs.len(), 3);
        let mut contest = Contest::with(&released, &recipe(1, &[0], None));
        assert_eq!(contest.enter(run(0, 0.93)), Verdict::Release);
        assert_eq!(contest.runs[0].seed, 0, "sorted");
        assert_eq!(contest.enter(run(5, 0.925)), Verdict::AddSeed);
    }

    #[test]
    fn the_released_seed_made_again_replaces_itself() {
        let released = training(recipe(1, &[1], None), 1, &[run(1, 0.92)]);
        let mut contest = Contest::with(&released, &recipe(1, &[1], None));
        assert_eq!(contest.enter(run(1, 0.91)), Verdict::Release);
        assert_eq!(contest.runs, [run(1, 0.91)]);
    }

    #[test]
    fn other_choices_replace_the_weights_only_when_they_are_better() {
        let released = training(recipe(1, &[1], None), 1, &[run(1, 0.92)]);
        let mut contest = Contest::with(&released, &recipe(9, &[1, 2, 3], None));
        assert_eq!(contest.enter(run(1, 0.91)), Verdict::Keep);
        assert_eq!(contest.enter(run(2, 0.93)), Verdict::Release);
        assert_eq!(contest.enter(run(3, 0.90)), Verdict::AddSeed);
        assert_eq!(
            contest.runs.len(),
            3,
            "all of the new choices, none of the old"
        );
    }

    #[test]
    fn without_a_release_the_first_run_is_released() {
        assert_eq!(Contest::default().enter(run(1, 0.1)), Verdict::Release);
    }
}
