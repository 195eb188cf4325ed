//! Fits a network: epochs of augmented batches, validation after each, the weights of the best epoch kept.
//!
//! Order, augmentation and dropout of a step follow from the seed and the step's number, so a run that was
//! interrupted and resumed ends with the same weights; `tests/training.rs` holds it to that.

use super::batch::{Batch, BatchBuilder, DrawnRun, Source};
use super::checkpoint::{Checkpoint, CheckpointError, CheckpointFolder, RunState};
use super::ema::{Ema, with_statistics};
use super::fused::FusedOps;
use super::inference::image_tensor;
use super::log::{Log, LogLine};
use super::optimizer::optimizer;
use super::progress::Progress;
use super::quantization::quantized;
use super::schedule::{early_dropout, one_cycle};
use super::seed::mix_seed;
use super::step::{step, training_device};
use super::teacher::Teacher;
use super::validation::{ValidationMetrics, validate};
use crate::card::Recipe;
use crate::dataset::Samples;
use crate::network::weights::{StorageType, Weights, freeze};
use crate::network::{AnyNetwork, Architecture, Network};
use burn::tensor::Device;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

/// A checkpoint is written at least this often.
const CHECKPOINT_EVERY: Duration = Duration::from_mins(4);
/// Batches that are prepared while a step is computed.
const BATCHES_AHEAD: usize = 2;

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// All epochs were made; the weights are the best on validation.
    Finished {
        /// The best weights on validation.
        weights: Weights,
        /// The weights after the last step: the EMA where the recipe asks for one.
        last: Weights,
        /// Where the run stands.
        state: RunState,
    },
    /// The caller asked to stop; the checkpoint is written.
    Stopped(RunState),
}

/// A run's choices and where it is kept.
#[derive(Debug)]
pub struct Run<'a> {
    /// The choices.
    pub recipe: &'a Recipe,
    /// The seed of everything random.
    pub seed: u64,
    /// Where checkpoints go.
    pub folder: &'a CheckpointFolder,
    /// Continue the run in `folder`.
    pub resume: bool,
    /// Start from these weights instead of random ones.
    pub initial: Option<&'a Weights>,
    /// The soft targets of the training images, weighted by the recipe's `distillation_weight`.
    pub teacher: Option<&'a Teacher>,
    /// The drawn pictures, which take the recipe's `drawn_share` and `other_share` of each batch.
    pub drawn: Option<DrawnRun<'a>>,
    /// The epoch after which to stop, at most the recipe's last one, which the schedule goes by.
    pub last_epoch: usize,
}

/// What a run by a recipe starts from: with rounded scales, the network as it is released.
pub fn init_of(architecture: &Architecture, recipe: &Recipe) -> impl Fn(&Device) -> AnyNetwork {
    let rounds_scales = recipe.scale_digits.is_some();
    move |device| {
        if rounds_scales {
            architecture.init(device)
        } else {
            architecture.init_for_training(device)
        }
    }
}

/// A run in progress.
struct Fit<'a, R> {
    run: &'a Run<'a>,
    batches: BatchBuilder<'a>,
    validation: &'a Samples,
    steps: usize,
    report: R,
}

impl<'a> Run<'a> {
    /// A run by a recipe with its first seed, on photographs alone. Panics when the recipe has no seed.
    pub fn of(recipe: &'a Recipe, folder: &'a CheckpointFolder, resume: bool) -> Self {
        Self {
            recipe,
            seed: recipe.seeds[0],
            folder,
            resume,
            initial: None,
            teacher: None,
            drawn: None,
            last_epoch: recipe.epochs,
        }
    }

    /// Train the network of `init` until the run's last epoch or until `report` returns false.
    ///
    /// # Errors
    /// [`CheckpointError`] when a checkpoint cannot be written or read.
    ///
    /// # Panics
    /// When there are fewer images of a kind than a batch takes, or the file of the best weights was damaged while the
    /// run went on.
    pub fn fit<N: Network>(
        &self,
        init: impl FnOnce(&Device) -> N,
        train: &Samples,
        validation: &Samples,
        report: impl FnMut(Progress) -> bool,
    ) -> Result<Outcome, CheckpointError> {
        let checkpoint = self.start(init)?;
        let photographs = Source {
            samples: train,
            teacher: self.teacher,
        };
        let batches = BatchBuilder::new(photographs, self.drawn, self.recipe, self.seed);
        let steps = batches.per_epoch() * self.last_epoch.min(self.recipe.epochs);
        let mut fit = Fit {
            run: self,
            batches,
            validation,
            steps,
            report,
        };
        let checkpoint = std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel(BATCHES_AHEAD);
            let first = checkpoint.state.step;
            scope.spawn(move || {
                for batch in batches
                    .batches_from(first)
                    .take(steps.saturating_sub(first))
                {
                    if sender.send(batch).is_err() {
                        return; // The run was stopped.
                    }
                }
            });
            fit.steps(checkpoint, &receiver)
        })?;
        if checkpoint.state.step < steps {
            return Ok(Outcome::Stopped(checkpoint.state));
        }
        let best = Weights::from_bytes(&self.folder.best()?).expect("written by this run");
        let best = best.apply(checkpoint.network.valid());
        Ok(Outcome::Finished {
            weights: Weights::of(&best.expect("written by this run").folded()),
            last: Weights::of(&fit.candidate(&checkpoint).folded()),
            state: checkpoint.state,
        })
    }

    /// The run in the folder, or a new one.
    fn start<N: Network>(
        &self,
        init: impl FnOnce(&Device) -> N,
    ) -> Result<Checkpoint<N>, CheckpointError> {
        let device = training_device();
        device.seed(self.seed);
        let mut network = init(&device);
        if let Some(weights) = self.initial {
            network = weights.apply(network).map_err(CheckpointError::Initial)?;
        }
        if !self.recipe.trained.is_empty() {
            network = freeze(network, |path| {
                !self.recipe.trained.iter().any(|part| path.contains(part))
            });
        }
        let weights = Weights::of(&network.valid());
        let optimizer = optimizer(&network, self.recipe);
        if self.resume {
            let (network, optimizer) = (network.clone(), optimizer.clone());
            let saved = self
                .folder
                .load(network, optimizer, self.recipe, self.seed)?;
            if let Some(checkpoint) = saved {
                return Ok(checkpoint);
            }
        }
        Ok(Checkpoint {
            network,
            optimizer,
            ema: self.recipe.ema_decay.map(|decay| Ema::new(weights, decay)),
            state: RunState::new(self.recipe, self.seed),
        })
    }
}

impl<R: FnMut(Progress) -> bool> Fit<'_, R> {
    /// Make the steps that are left, or as many as the caller wants.
    fn steps<N: Network>(
        &mut self,
        mut checkpoint: Checkpoint<N>,
        batches: &Receiver<Batch>,
    ) -> Result<Checkpoint<N>, CheckpointError> {
        let run = self.run;
        let per_epoch = self.batches.per_epoch();
        let mut log = Log::open(run.folder.log_path(), checkpoint.state.step)?;
        let (started, mut last_save) = (Instant::now(), Instant::now());
        let wall_time_before = checkpoint.state.wall_time_s;
        let (mut epoch_steps, mut epoch_time) = (0, 0.0);
        while checkpoint.state.step < self.steps {
            let (epoch, at) = (
                checkpoint.state.step / per_epoch,
                checkpoint.state.step % per_epoch,
            );
            if at == 0 {
                (epoch_steps, epoch_time) = (0, 0.0);
            }
            let begin = Instant::now();
            let batch = batches.recv().expect("one batch a step");
            let mut line;
            (checkpoint, line) = self.step(checkpoint, &batch);
            let spent = begin.elapsed().as_secs_f64();
            (epoch_steps, epoch_time) = (epoch_steps + 1, epoch_time + spent);
            let state = &mut checkpoint.state;
            state.epoch_loss += line.loss;
            state.step_time_s += spent;
            state.wall_time_s = wall_time_before + started.elapsed().as_secs_f64();
            let loss = state.epoch_loss / (at + 1) as f64;
            let mut go_on = (self.report)(Progress::Step {
                step: state.step,
                steps: self.steps,
                loss,
                images_per_s: (epoch_steps * run.recipe.batch_size) as f64 / epoch_time,
            });
            if at + 1 == per_epoch {
                let (validation, best) = self.validate(&mut checkpoint, epoch + 1)?;
                line.validation = Some(validation.accuracy);
                line.drawn_validation = validation.drawn_accuracy;
                go_on &= (self.report)(Progress::Epoch {
                    epoch: epoch + 1,
                    loss,
                    validation,
                    best,
                });
                checkpoint.state.epoch_loss = 0.0;
            }
            log.push(line);
            let done = !go_on || checkpoint.state.step == self.steps;
            if done || last_save.elapsed() > CHECKPOINT_EVERY {
                run.folder.save(&checkpoint)?;
                log.flush()?;
                last_save = Instant::now();
            }
            if !go_on {
                break;
            }
        }
        Ok(checkpoint)
    }

    /// Make one step; returns its line of the log.
    fn step<N: Network>(
        &self,
        mut checkpoint: Checkpoint<N>,
        batch: &Batch,
    ) -> (Checkpoint<N>, LogLine) {
        let Run { recipe, seed, .. } = *self.run;
        let at = checkpoint.state.step;
        let steps = self.batches.per_epoch() * recipe.epochs;
        if let Some(early) = recipe.early_dropout {
            let share = early_dropout(at, steps, early);
            checkpoint.network.scale_dropout(share);
        }
        let learning_rate = one_cycle(at, steps, recipe.warm_up, recipe.learning_rate);
        training_device().seed(mix_seed(&[seed, at as u64]));
        let optimizer = &mut checkpoint.optimizer;
        let loss;
        (checkpoint.network, loss) =
            step::<N, FusedOps>(checkpoint.network, recipe, optimizer, batch, learning_rate);
        checkpoint.state.step += 1;
        if let Some(ema) = &mut checkpoint.ema {
            ema.update(&checkpoint.network, checkpoint.state.step);
        }
        let line = LogLine {
            step: checkpoint.state.step,
            learning_rate,
            loss,
            validation: None,
            drawn_validation: None,
        };
        (checkpoint, line)
    }

    /// Validate after an epoch, and keep the weights when they are the best so far: by the mean of both accuracies, in
    /// which drawn garments have the weight of their share of a batch. What becomes of other things does not count.
    fn validate<N: Network>(
        &self,
        checkpoint: &mut Checkpoint<N>,
        epoch: usize,
    ) -> Result<(ValidationMetrics, bool), CheckpointError> {
        let candidate = self.candidate(checkpoint);
        let drawn = self.run.drawn.map(|drawn| drawn.validation);
        let metrics = validate(&candidate, self.validation, drawn);
        let state = &mut checkpoint.state;
        let share = state.recipe.drawn_share;
        let score = |photographs: f64, drawn: Option<f64>| {
            drawn.map_or(photographs, |drawn| {
                photographs + (drawn - photographs) * share
            })
        };
        let best = state.best_epoch == 0
            || score(metrics.accuracy, metrics.drawn_accuracy)
                > score(state.best_validation, state.best_drawn);
        if best {
            (state.best_validation, state.best_epoch) = (metrics.accuracy, epoch);
            state.best_nll = Some(metrics.nll);
            state.best_drawn = metrics.drawn_accuracy;
            let bytes = Weights::of(&candidate).to_bytes(StorageType::F32);
            self.run.folder.save_best(&bytes)?;
        }
        Ok((metrics, best))
    }

    /// The network that is validated: the EMA where the recipe asks for one.
    fn candidate<N: Network>(&self, checkpoint: &Checkpoint<N>) -> N {
        let recipe = &self.run.recipe;
        let network = checkpoint.network.clone();
        let Some(ema) = &checkpoint.ema else {
            return quantized(network, recipe).valid();
        };
        let network = quantized(ema.apply(network), recipe);
        // Batch norm's statistics come from an epoch beyond the last one, which no step trains on.
        let epoch = recipe.epochs + checkpoint.state.step;
        let device = training_device();
        let batches = self.batches.batches_from(epoch * self.batches.per_epoch());
        let batches = batches.map(|batch| image_tensor(&batch.images, &device));
        with_statistics(network, batches).valid()
    }
}
