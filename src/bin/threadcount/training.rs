//! `threadcount train`, `threadcount plot`: runs, the models they release, and pictures of their logs.

use crate::evaluation::fit_temperature_of;
use crate::{MODELS, RESULTS, Result, any_model, search, write_card};
use indicatif::{ProgressBar, ProgressStyle};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use threadcount::card::{
    Accuracy, Card, Data, Origin, Recipe, SeedRun, TeacherFile, Training, WeightsFile,
};
use threadcount::catalog::{self, Model};
use threadcount::dataset::{Dataset, SOURCE_FILES, Samples, SourceFile, sha256};
use threadcount::for_network;
use threadcount::network::weights::{StorageType, Weights};
use threadcount::network::{Network, device};
use threadcount::report::read_card;
use threadcount::train::checkpoint::{CheckpointFolder, RunState};
use threadcount::train::fit::{Outcome, Run};
use threadcount::train::inference::{accuracy, logits};
use threadcount::train::progress::Progress;
use threadcount::train::teacher::Teacher;
use threadcount::train::views::AugmentedViews;
use threadcount::train::{log, plot};

/// Weights are rounded unless that loses more validation accuracy than this.
const MOST_STORAGE_LOSS: f64 = 0.0005;
/// Steps whose mean is one line of a released log.
const LOG_STEPS: usize = 50;

#[derive(clap::Args)]
pub struct Arguments {
    /// The model
    #[arg(value_parser = any_model())]
    pub model: &'static Model,
    /// Continue the saved runs
    #[arg(long)]
    resume: bool,
    /// The run's choices (default: models/recipes/NAME.toml)
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// Train with this seed alone instead of the recipe's; its run is added to those of the released model
    #[arg(long)]
    seed: Option<u64>,
    /// Passes over the training images instead of the recipe's
    #[arg(long)]
    epochs: Option<usize>,
    /// Start from the released weights instead of random ones
    #[arg(long)]
    from_released: bool,
    /// Train on so many images only, to try a recipe; releases nothing and adds a line to results/search.csv
    #[arg(long, value_name = "IMAGES")]
    try_on: Option<usize>,
    /// What the run tries, for results/search.csv
    #[arg(long, default_value = "")]
    note: String,
    /// Where runs are kept
    #[arg(long, default_value = "checkpoints")]
    checkpoints: PathBuf,
}

impl Arguments {
    pub fn resume(&self) -> bool {
        self.resume
    }

    pub fn checkpoints(&self) -> &Path {
        &self.checkpoints
    }

    fn recipe(&self) -> Result<Recipe> {
        let name = format!("recipes/{}.toml", self.model.name);
        let path = self.recipe.clone().unwrap_or(Path::new(MODELS).join(name));
        let mut recipe = read_recipe(&path)?;
        if let Some(seed) = self.seed {
            recipe.seeds = vec![seed];
        }
        recipe.epochs = self.epochs.unwrap_or(recipe.epochs);
        Ok(recipe)
    }
}

/// Read the choices of a run.
pub fn read_recipe(path: &Path) -> Result<Recipe> {
    read_toml(path)
}

/// Read a TOML file; the message of an error names it.
pub fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let named = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let text = std::fs::read_to_string(path).map_err(|e| named(&e))?;
    Ok(toml::from_str(&text).map_err(|e| named(&e))?)
}

/// The sums of the four files that every model stands on.
pub fn data_sums() -> Data {
    let name = |f: &SourceFile| f.name.trim_end_matches(".gz").to_owned();
    Data {
        sha256: SOURCE_FILES
            .iter()
            .map(|f| (name(f), f.sha256.to_owned()))
            .collect(),
    }
}

pub fn train<N: Network>(arguments: &Arguments, mut data: Dataset) -> Result<()> {
    let mut recipe = arguments.recipe()?;
    let mut initial = None;
    if arguments.from_released {
        let bytes = std::fs::read(Path::new(MODELS).join(format!("{}.safetensors", N::NAME)))?;
        initial = Some(Weights::from_bytes(&bytes)?);
        recipe.initial_weights = Some(sha256(&bytes));
    }
    if let Some(images) = arguments.try_on {
        data.train.images.truncate(images);
        data.train.labels.truncate(images);
    }
    if recipe.final_fit && !recipe.teachers.is_empty() {
        return Err("a recipe with final_fit takes no teachers".into());
    }
    let teacher = ask_teachers(&mut recipe, &data, &arguments.checkpoints)?;
    let stop = stop_on_interrupt()?;
    let run = |name: String, seed, last_epoch, samples: &Samples| -> Result<_> {
        let folder = CheckpointFolder::create(&arguments.checkpoints, &name)?;
        let run = Run {
            recipe: &recipe,
            seed,
            folder: &folder,
            resume: arguments.resume,
            initial: initial.as_ref(),
            teacher: teacher.as_ref(),
            last_epoch,
        };
        let outcome = fit::<N>(&run, samples, &data.validation, &stop)?;
        Ok((outcome, folder))
    };
    let (mut runs, mut bar) = runs_behind_release(N::NAME, &recipe);
    let mut best: Option<Judged> = None;
    for &seed in &recipe.seeds {
        let name = format!("{}-seed-{seed}", N::NAME);
        let (outcome, folder) = run(name, seed, recipe.epochs, &data.train)?;
        match outcome {
            Outcome::Stopped(state) => {
                let step = state.step;
                println!("seed {seed} stopped after step {step}; continue with --resume");
                return Ok(());
            }
            Outcome::Finished { state, .. } if arguments.try_on.is_some() => {
                search::note::<N>(&arguments.note, &state, data.train.len())?;
                let validation = state.best_validation * 100.0;
                println!("best validation {validation:.2} %, no model written");
            }
            Outcome::Finished { weights, state, .. } => {
                let validation = state.best_validation;
                runs.push(SeedRun { seed, validation });
                runs.sort_by_key(|run| run.seed);
                if bar.is_none_or(|bar| validation > bar) {
                    let lines = log::read(&folder.log_path())?;
                    let path = training_log(N::NAME);
                    std::fs::create_dir_all(RESULTS)?;
                    log::write_thinned(&lines, LOG_STEPS, &path)?;
                    bar = Some(validation);
                    best = Some(Judged { weights, state });
                }
                match &best {
                    Some(judged) => release::<N>(judged, None, &runs, &data)?,
                    None => add_to_release(N::NAME, &runs)?,
                }
            }
        }
    }
    let Some(judged) = best.filter(|_| recipe.final_fit) else {
        return Ok(());
    };
    let (seed, epochs) = (judged.state.seed, judged.state.best_epoch);
    println!("seed {seed} once more, on all images, for {epochs} epochs");
    let all = data.train.with(&data.validation);
    match run(format!("{}-final", N::NAME), seed, epochs, &all)?.0 {
        Outcome::Stopped(_) => println!("stopped; continue with --resume"),
        Outcome::Finished { last, .. } => {
            release::<N>(&judged, Some((&last, all.len())), &runs, &data)?;
        }
    }
    Ok(())
}

/// The runs behind the released model that are not made again now, when they had the same choices, and the
/// validation accuracy that a better one has to exceed.
fn runs_behind_release(name: &str, recipe: &Recipe) -> (Vec<SeedRun>, Option<f64>) {
    let card = read_card(Path::new(MODELS), name).ok();
    let Some(training) = card.as_ref().and_then(|card| card.training.run()) else {
        return (Vec::new(), None);
    };
    let choices = Recipe {
        seeds: recipe.seeds.clone(),
        ..training.recipe.clone()
    };
    if choices != *recipe {
        return (Vec::new(), None);
    }
    let mut runs = training.seeds.clone();
    runs.retain(|run| !recipe.seeds.contains(&run.seed));
    let released = runs.iter().find(|run| run.seed == training.seed);
    let bar = released.map(|run| run.validation);
    (runs, bar)
}

/// Write down the runs that the released weights were better than.
fn add_to_release(name: &str, runs: &[SeedRun]) -> Result<()> {
    let mut card = read_card(Path::new(MODELS), name)?;
    if let Origin::Trained(training) = &mut card.training {
        training.recipe.seeds = runs.iter().map(|run| run.seed).collect();
        training.seeds = runs.to_vec();
        let seed = training.seed;
        println!("the released weights, of seed {seed}, are better on validation and stay");
    }
    write_card(&card)
}

/// The weights that validation picked, and the run that they are from.
struct Judged {
    weights: Weights,
    state: RunState,
}

/// Ask the recipe's teachers about the augmented views. Their answers are kept in `folder` for the next run
/// that asks the same.
fn ask_teachers(recipe: &mut Recipe, data: &Dataset, folder: &Path) -> Result<Option<Teacher>> {
    if recipe.teachers.is_empty() {
        return Ok(None);
    }
    if recipe.mixup > 0.0 && recipe.augmented_views == 0 {
        let why = "a recipe with teachers and mixup needs augmented_views, which the teachers are asked about";
        return Err(why.into());
    }
    let teachers = read_teachers(recipe)?;
    let as_they_are = Recipe {
        augmented_views: 0,
        ..recipe.clone()
    };
    let together = ask(&teachers, &data.validation, &as_they_are)?;
    let right = together.accuracy(0, &data.validation.labels) * 100.0;
    println!("the teachers together get {right:.2} % of validation right");
    let views = AugmentedViews::new(&data.train, recipe);
    let path = folder.join(format!("teacher-{}.f32", views.fingerprint()));
    let kept = std::fs::read(&path).ok();
    let kept = kept.and_then(|bytes| Teacher::from_bytes(&bytes, &views));
    if let Some(teacher) = kept {
        println!("their answers are in {}", path.display());
        return Ok(Some(teacher));
    }
    let teacher = ask(&teachers, &data.train, recipe)?;
    std::fs::create_dir_all(folder)?;
    std::fs::write(&path, teacher.to_bytes())?;
    Ok(Some(teacher))
}

/// Read the recipe's teachers, and write down their files' sums.
fn read_teachers(recipe: &mut Recipe) -> Result<Vec<(&'static Model, Weights)>> {
    let read = |file: &mut TeacherFile| -> Result<_> {
        let bytes = std::fs::read(&file.weights).map_err(|e| {
            let TeacherFile { weights, model, .. } = file;
            format!("{weights}: {e}; train the teacher first, with `threadcount train {model}`")
        })?;
        file.sha256 = Some(sha256(&bytes));
        let unknown = || format!("there is no model {}", file.model);
        let model = catalog::find(&file.model).ok_or_else(unknown)?;
        Ok((model, Weights::from_bytes(&bytes)?))
    };
    recipe.teachers.iter_mut().map(read).collect()
}

fn ask(
    teachers: &[(&'static Model, Weights)],
    samples: &Samples,
    recipe: &Recipe,
) -> Result<Teacher> {
    let views = AugmentedViews::new(samples, recipe);
    let mut answers = Teacher::new(&views);
    for (model, weights) in teachers {
        let (name, per_image, images) = (model.name, views.views_per_image(), samples.len());
        println!("asking the teacher {name} about {per_image} views of {images} images");
        for_network!(name, N => add_teacher::<N>(&mut answers, weights, &views)?)
            .ok_or_else(|| format!("{name} is not a network"))?;
    }
    Ok(answers)
}

fn add_teacher<N: Network>(
    teacher: &mut Teacher,
    weights: &Weights,
    views: &AugmentedViews,
) -> Result<()> {
    let network: N = weights.apply(N::init(&device()))?;
    teacher.add(&network, views);
    Ok(())
}

/// A flag that Ctrl-C sets.
pub fn stop_on_interrupt() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&stop);
    ctrlc::set_handler(move || handler.store(true, Ordering::SeqCst))?;
    Ok(stop)
}

/// Run, and draw the progress.
pub fn fit<N: Network>(
    run: &Run,
    train: &Samples,
    validation: &Samples,
    stop: &AtomicBool,
) -> Result<Outcome> {
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(
        "{bar:30} {pos}/{len} steps  {msg}  {eta} left",
    )?);
    let mut last_validation = String::from("-");
    let mut speed = 0.0;
    let outcome = run.fit::<N>(train, validation, |progress| {
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
                last_validation = format!("{:.2} %, NLL {:.4}", validation.accuracy * 100.0, validation.nll);
                let mark = if best { "  best so far" } else { "" };
                let line = format!(
                    "epoch {epoch}/{}  loss {loss:.4}  validation {last_validation}  {speed:.0} images/s{mark}",
                    run.recipe.epochs,
                );
                bar.suspend(|| println!("{line}"));
            }
        }
        !stop.load(Ordering::SeqCst)
    })?;
    bar.finish_and_clear();
    Ok(outcome)
}

fn training_log(name: &str) -> PathBuf {
    Path::new(RESULTS).join(format!("{name}-training.csv"))
}

/// Draw the log of a run.
pub fn plot(name: &str) -> Result<()> {
    let lines = log::read(&training_log(name))?;
    let path = Path::new(RESULTS).join(format!("{name}-training.svg"));
    Ok(std::fs::write(path, plot::training(name, &lines)?)?)
}

/// The bytes of a weights file, and the network that is read from them.
fn stored<N: Network>(weights: &Weights, dtype: StorageType) -> Result<(N, Vec<u8>)> {
    let network = N::init(&device());
    let bytes = weights.to_model_file(dtype, &network.layers());
    Ok((Weights::from_bytes(&bytes)?.apply(network)?, bytes))
}

/// The number type that makes the file smallest without losing validation accuracy, and what it makes of the
/// weights, as [`stored`] does.
pub fn smallest<N: Network>(
    weights: &Weights,
    data: &Dataset,
) -> Result<(StorageType, N, Vec<u8>)> {
    let (exact, bytes) = stored::<N>(weights, StorageType::F32)?;
    let best = accuracy(&exact, &data.validation);
    for dtype in [StorageType::ShortF16, StorageType::F16] {
        let (rounded, bytes) = stored::<N>(weights, dtype)?;
        let loss = best - accuracy(&rounded, &data.validation);
        let points = loss * 100.0;
        println!("{} loses {points:.2} points on validation", dtype.name());
        if loss <= MOST_STORAGE_LOSS {
            return Ok((dtype, rounded, bytes));
        }
    }
    Ok((StorageType::F32, exact, bytes))
}

/// Write weights and card.
///
/// The weights are those that were judged, or of a last run on so many images; what validation says is always
/// about those that were judged, which have not seen its images.
fn release<N: Network>(
    judged: &Judged,
    last_run: Option<(&Weights, usize)>,
    runs: &[SeedRun],
    data: &Dataset,
) -> Result<()> {
    let Judged { weights, state } = judged;
    let (released, images) = last_run.unwrap_or((weights, data.train.len()));
    let seen = state.step * state.recipe.batch_size;
    let training = Training {
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
    };
    let (dtype, network, _) = smallest::<N>(weights, data)?;
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
        test_nll: None,
        test_ece: None,
        temperature: 1.0,
        calibration: None,
    };
    fit_temperature_of(&logits(&network, &data.validation.images), &mut card, data);
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
