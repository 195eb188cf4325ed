//! `threadcount train` for the networks: a run for each seed of the recipe, of which the best is released.

use crate::contest::{Contest, Verdict};
use crate::files::{RESULTS, Result, read, read_recipe, recipe_path, write};
use crate::model_name::any_model;
use crate::progress::{fit, stop_on_interrupt};
use crate::release::{Picked, add_seeds, release, release_drawings};
use crate::released::architecture;
use crate::search;
use crate::teachers::ask_teachers;
use crate::training_log::training_log;
use std::path::{Path, PathBuf};
use threadcount::card::{Recipe, SeedRun, WeightSet};
use threadcount::catalog::Model;
use threadcount::dataset::{Dataset, Samples, sha256};
use threadcount::format::percent;
use threadcount::network::device;
use threadcount::network::weights::{StorageType, Weights};
use threadcount::train::batch::{DrawnRun, Source};
use threadcount::train::checkpoint::CheckpointFolder;
use threadcount::train::drawn_pictures::DrawnPictures;
use threadcount::train::fit::{Outcome, Run, init_of};
use threadcount::train::log;

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
    /// Train the weights that answer drawings and uploaded pictures, by models/recipes/NAME-drawings.toml
    #[arg(long)]
    drawings: bool,
    /// Read this recipe instead
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// Train with this seed only; the run is added to those on the model's card
    #[arg(long)]
    seed: Option<u64>,
    /// Train for this many epochs instead of the recipe's
    #[arg(long)]
    epochs: Option<usize>,
    /// Try the recipe on the first IMAGES training images; adds a line to results/search.csv and releases nothing
    #[arg(long, value_name = "IMAGES")]
    try_on: Option<usize>,
    /// Describe what is tried, for results/search.csv
    #[arg(long, default_value = "", requires = "try_on")]
    note: String,
    /// Folder for checkpoints
    #[arg(long, default_value = "checkpoints")]
    checkpoints: PathBuf,
}

impl Arguments {
    /// Refuse what a classical model has no use for: it is fitted as its recipe says, in one go.
    pub fn refuse_options(&self) -> Result<()> {
        let given = [
            ("--resume", self.resume),
            ("--drawings", self.drawings),
            ("--recipe", self.recipe.is_some()),
            ("--seed", self.seed.is_some()),
            ("--epochs", self.epochs.is_some()),
            ("--try-on", self.try_on.is_some()),
        ];
        let name = self.model.name;
        match given.iter().find(|(_, given)| *given) {
            Some((option, _)) => {
                Err(format!("{option} is for networks; {name} is a classical model").into())
            }
            None => Ok(()),
        }
    }

    /// The weights that are trained.
    fn set(&self) -> WeightSet {
        if self.drawings {
            WeightSet::Drawings
        } else {
            WeightSet::Photographs
        }
    }

    /// The name of the run in file names.
    fn run_name(&self) -> String {
        let name = self.model.name;
        match self.set() {
            WeightSet::Photographs => name.to_owned(),
            WeightSet::Drawings => format!("{name}-drawings"),
        }
    }

    fn recipe(&self) -> Result<Recipe> {
        let path = self.recipe.clone();
        let mut recipe = read_recipe(&path.unwrap_or_else(|| recipe_path(&self.run_name())))?;
        if let Some(seed) = self.seed {
            recipe.seeds = vec![seed];
        }
        recipe.epochs = self.epochs.unwrap_or(recipe.epochs);
        recipe.validate()?;
        Ok(recipe)
    }
}

/// The drawn pictures of a recipe, where it trains on some.
fn draw_pictures(
    recipe: &Recipe,
    photographs: &Samples,
    folder: &Path,
) -> Result<Option<DrawnPictures>> {
    let count = recipe.drawn_pictures + recipe.other_pictures;
    if recipe.drawn_in_batch() > 0 {
        println!(
            "drawing {count} pictures to train on, unless {} keeps them",
            folder.display()
        );
    }
    Ok(DrawnPictures::of(recipe, photographs, folder)?)
}

/// Release weights for drawings when they are better on the held-out drawn pictures.
fn enter_drawings(
    name: &str,
    contest: &mut Contest,
    picked: &Picked,
    data: &Dataset,
    drawn: &Samples,
) -> Result<()> {
    let seed = picked.state.seed;
    let validation = picked.state.best_drawn.unwrap_or_default();
    if contest.enter(SeedRun { seed, validation }) == Verdict::Release {
        return release_drawings(name, picked, &contest.runs, data, drawn);
    }
    println!("seed {seed} is not better on drawn pictures; the weights stay");
    Ok(())
}

/// Release weights for photographs when they are the best so far, and keep them in `best`.
fn enter_photographs(
    name: &str,
    contest: &mut Contest,
    best: &mut Option<Picked>,
    picked: Picked,
    folder: &CheckpointFolder,
    data: &Dataset,
) -> Result<()> {
    let (seed, validation) = (picked.state.seed, picked.state.best_validation);
    match contest.enter(SeedRun { seed, validation }) {
        Verdict::Release => {
            release_log(name, folder)?;
            *best = Some(picked);
        }
        Verdict::AddSeed => {}
        Verdict::Keep => {
            let (found, bar) = (percent(validation), percent(contest.bar()));
            println!(
                "seed {seed} gets {found} on validation, the released weights {bar}: they stay"
            );
            return Ok(());
        }
    }
    match best {
        Some(picked) => release(name, picked, None, &contest.runs, data),
        None => add_seeds(name, &contest.runs),
    }
}

/// Read the weights that a recipe starts from, and write down their file's sum.
fn read_initial(recipe: &mut Recipe) -> Result<Option<Weights>> {
    let Some(file) = &mut recipe.initial else {
        return Ok(None);
    };
    let bytes = read(Path::new(&file.weights))?;
    file.sha256 = Some(sha256(&bytes));
    Ok(Some(Weights::from_bytes(&bytes)?))
}

/// Keep weights in half precision.
pub fn keep(weights: &Path, file: &Path) -> Result<()> {
    let weights = Weights::from_bytes(&read(weights)?)?;
    write(file, weights.to_bytes(StorageType::F16))
}

/// Keep the first so many training images, at least a batch.
fn shorten(train: &mut Samples, images: usize, batch: usize) -> Result<()> {
    if images < batch {
        return Err(format!("--try-on {images} is less than a batch of {batch} images").into());
    }
    train.images.truncate(images);
    train.labels.truncate(images);
    Ok(())
}

/// Keep the log of a run whose weights are released.
fn release_log(name: &str, folder: &CheckpointFolder) -> Result<()> {
    let lines = log::read(&folder.log_path())?;
    std::fs::create_dir_all(RESULTS)?;
    Ok(log::write_thinned(&lines, LOG_STEPS, &training_log(name))?)
}

/// Train a network with every seed of its recipe, and release the best.
pub fn train(arguments: &Arguments, mut data: Dataset) -> Result<()> {
    let model = arguments.model.name;
    let architecture = architecture(model)?;
    let mut recipe = arguments.recipe()?;
    let initial = read_initial(&mut recipe)?;
    if let Some(images) = arguments.try_on {
        shorten(&mut data.train, images, recipe.batch_size)?;
    }
    if recipe.final_fit && !recipe.teachers.is_empty() {
        return Err("a recipe with final_fit takes no teachers".into());
    }
    let drawn = draw_pictures(&recipe, &data.train, &arguments.checkpoints)?;
    let taught = ask_teachers(&mut recipe, &data, drawn.as_ref(), &arguments.checkpoints)?;
    let drawn = drawn.as_ref().map(|drawn| DrawnRun {
        train: Source {
            samples: &drawn.train,
            teacher: taught.drawn.as_ref(),
        },
        others: &drawn.others,
        validation: &drawn.validation,
    });
    let stop = stop_on_interrupt()?;
    let run = |name: String, seed, last_epoch, samples: &Samples| -> Result<_> {
        let folder = CheckpointFolder::create(&arguments.checkpoints, &name)?;
        let run = Run {
            recipe: &recipe,
            seed,
            folder: &folder,
            resume: arguments.resume,
            initial: initial.as_ref(),
            teacher: taught.photographs.as_ref(),
            drawn,
            last_epoch,
        };
        let init = init_of(&architecture, &recipe);
        let outcome = fit(&run, init, samples, &data.validation, &stop)?;
        Ok((outcome, folder))
    };
    let mut contest = Contest::with_released(model, arguments.set(), &recipe)?;
    let mut best: Option<Picked> = None;
    for &seed in &recipe.seeds {
        let name = format!("{}-seed-{seed}", arguments.run_name());
        let (outcome, folder) = run(name, seed, recipe.epochs, &data.train)?;
        match outcome {
            Outcome::Stopped(state) => {
                let step = state.step;
                println!("seed {seed} stopped after step {step}; continue with --resume");
                return Ok(());
            }
            Outcome::Finished { state, .. } if arguments.try_on.is_some() => {
                let released = architecture.init(&device());
                search::note(model, &released, &arguments.note, &state, data.train.len())?;
                println!(
                    "best validation {}, no model written",
                    percent(state.best_validation)
                );
            }
            Outcome::Finished { weights, state, .. } if arguments.drawings => {
                let samples = drawn
                    .ok_or("a recipe for drawings has a drawn_share")?
                    .validation;
                enter_drawings(
                    model,
                    &mut contest,
                    &Picked { weights, state },
                    &data,
                    samples,
                )?;
            }
            Outcome::Finished { weights, state, .. } => {
                let picked = Picked { weights, state };
                enter_photographs(model, &mut contest, &mut best, picked, &folder, &data)?;
            }
        }
    }
    let Some(picked) = best.filter(|_| recipe.final_fit) else {
        return Ok(());
    };
    let (seed, epochs) = (picked.state.seed, picked.state.best_epoch);
    println!("seed {seed} once more, on all images, for {epochs} epochs");
    let all = data.train.with(&data.validation);
    match run(format!("{model}-final"), seed, epochs, &all)?.0 {
        Outcome::Stopped(_) => println!("stopped; continue with --resume"),
        Outcome::Finished { last, .. } => {
            release(
                model,
                &picked,
                Some((&last, all.len())),
                &contest.runs,
                &data,
            )?;
        }
    }
    Ok(())
}
