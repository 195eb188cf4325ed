//! Fits a network: epochs of augmented batches, validation after each, the best weights kept.
//!
//! Order, augmentation and dropout of a step follow from the seed and the step's number, so a run
//! that was interrupted and resumed ends with the same weights; `tests/training.rs` holds it to that.

use super::augment::mix_seed;
use super::average::Average;
use super::checkpoint::{CheckpointError, CheckpointFolder, RunState, Saved};
use super::fused::FusedKernels;
use super::log::{Log, LogLine};
use super::optimizer::optimizer;
use super::pictures::{Pictures, smoothed};
use super::schedule::{early_dropout, one_cycle};
use super::teacher::{Target, Teacher};
use crate::calibration::{fit_temperature, predictions};
use crate::card::Recipe;
use crate::dataset::{Samples, shuffle};
use crate::image::{GrayImage, SIDE};
use crate::label::{CLASSES, Label};
use crate::metrics::Evaluation;
use crate::network::weights::{StorageType, Weights};
use crate::network::{Kernels, Network, device as reference_device};
use crate::prediction::Logits;
use crate::preprocess::normalize;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

/// A checkpoint is written at least this often.
const CHECKPOINT_EVERY: Duration = Duration::from_mins(4);
/// Images that evaluation sends through the network at once.
const EVALUATION_BATCH: usize = 100;
/// Batches that are augmented while a step is computed.
const BATCHES_AHEAD: usize = 2;

/// What the loop tells its caller; the caller draws it.
#[derive(Clone, Copy, Debug)]
pub enum Progress {
    /// A step was made.
    Step {
        /// Steps done.
        step: usize,
        /// Steps in all.
        steps: usize,
        /// Mean loss of this epoch so far.
        loss: f64,
        /// Training images a second of this epoch.
        images_per_s: f64,
    },
    /// An epoch was validated.
    Epoch {
        /// The epoch, from 1.
        epoch: usize,
        /// Mean training loss.
        loss: f64,
        /// How the network does on the validation images.
        validation: Judgement,
        /// Whether it is the best so far.
        best: bool,
    },
}

/// How a network does on some images.
#[derive(Clone, Copy, Debug)]
pub struct Judgement {
    /// The share that it classifies correctly, 0 to 1.
    pub accuracy: f64,
    /// Mean negative log-likelihood in nats, at the temperature that is best on these images.
    pub nll: f64,
}

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// All epochs were made; the weights are the best on validation.
    Finished {
        /// The best weights on validation.
        weights: Weights,
        /// The weights after the last step, averaged where the recipe asks for it.
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
    /// The teacher of the training images, with the recipe's `teacher_share`.
    pub teacher: Option<&'a Teacher>,
    /// The epoch after which to stop, at most the recipe's last one, which the schedule goes by.
    pub last_epoch: usize,
}

impl Run<'_> {
    /// Train `N` until the run's last epoch or until `report` returns false.
    ///
    /// # Errors
    /// [`CheckpointError`] when a checkpoint cannot be written or read.
    ///
    /// # Panics
    /// When the file of the best weights was damaged while the run went on.
    pub fn fit<N: Network>(
        &self,
        train: &Samples,
        validation: &Samples,
        mut report: impl FnMut(Progress) -> bool,
    ) -> Result<Outcome, CheckpointError> {
        let Saved {
            module: mut network,
            mut optimizer,
            mut average,
            mut state,
        } = self.start::<N>()?;
        let mut log = Log::open(self.folder.log_path(), state.step)?;
        let per_epoch = train.len() / self.recipe.batch_size;
        let steps = per_epoch * self.last_epoch.min(self.recipe.epochs);
        let started = Instant::now();
        let (wall_before, mut last_save) = (state.wall_time_s, Instant::now());
        let mut epoch_steps = (0, 0.0);
        let (network, stopped) = std::thread::scope(|scope| {
            let (sender, batches) = sync_channel(BATCHES_AHEAD);
            let first = state.step;
            scope.spawn(move || {
                let mut order = Vec::new();
                for step in first..steps {
                    let (epoch, at) = (step / per_epoch, step % per_epoch);
                    if order.is_empty() || at == 0 {
                        order = self.order(train.len(), epoch);
                    }
                    let batch = self.batch(train, epoch, self.part(&order, at));
                    if sender.send(batch).is_err() {
                        return; // The run was stopped.
                    }
                }
            });
            while state.step < steps {
                let (epoch, at) = (state.step / per_epoch, state.step % per_epoch);
                let begin = Instant::now();
                let batch = batches.recv().expect("one batch a step");
                let rate = self.prepare(&mut network, state.step, per_epoch);
                device().seed(mix_seed(&[self.seed, state.step as u64]));
                let loss;
                (network, loss) = step::<N, FusedKernels>(network, &mut optimizer, batch, rate);
                state.step += 1;
                if let Some(average) = &mut average {
                    average.update(&network, state.step);
                }
                let spent = begin.elapsed().as_secs_f64();
                state.epoch_loss += loss;
                state.step_time_s += spent;
                state.wall_time_s = wall_before + started.elapsed().as_secs_f64();
                epoch_steps = if at == 0 {
                    (1, spent)
                } else {
                    (epoch_steps.0 + 1, epoch_steps.1 + spent)
                };
                let images_per_s = (epoch_steps.0 * self.recipe.batch_size) as f64 / epoch_steps.1;
                let mean_loss = state.epoch_loss / (at + 1) as f64;
                let mut line = LogLine {
                    step: state.step,
                    learning_rate: rate,
                    loss,
                    validation: None,
                };
                let mut go_on = report(Progress::Step {
                    step: state.step,
                    steps,
                    loss: mean_loss,
                    images_per_s,
                });
                if at + 1 == per_epoch {
                    let candidate = self.candidate(&network, average.as_ref(), train, state.step);
                    let validation = judge(&candidate, validation);
                    line.validation = Some(validation.accuracy);
                    let best = self.keep_best(&candidate, validation, epoch + 1, &mut state)?;
                    go_on &= report(Progress::Epoch {
                        epoch: epoch + 1,
                        loss: mean_loss,
                        validation,
                        best,
                    });
                    state.epoch_loss = 0.0;
                }
                log.push(line);
                if !go_on || state.step == steps || last_save.elapsed() > CHECKPOINT_EVERY {
                    self.folder
                        .save(&network, &optimizer, average.as_ref(), &state)?;
                    log.flush()?;
                    last_save = Instant::now();
                }
                if !go_on && state.step < steps {
                    return Ok((network, true));
                }
            }
            Ok((network, false))
        })?;
        if stopped {
            return Ok(Outcome::Stopped(state));
        }
        let weights = Weights::from_bytes(&self.folder.best()?).expect("written by this run");
        let last = Weights::of(&self.candidate(&network, average.as_ref(), train, state.step));
        Ok(Outcome::Finished {
            weights,
            last,
            state,
        })
    }

    /// Give the network the dropout of a step; returns the step's learning rate.
    fn prepare<N: Network>(&self, network: &mut N, step: usize, per_epoch: usize) -> f64 {
        let steps = per_epoch * self.recipe.epochs;
        if let Some(early) = self.recipe.early_dropout {
            network.scale_dropout(early_dropout(step, steps, early));
        }
        one_cycle(step, steps, self.recipe.warm_up, self.recipe.learning_rate)
    }

    /// Keep the weights when they are the best so far, and say whether they are.
    fn keep_best<N: Network>(
        &self,
        network: &N,
        validation: Judgement,
        epoch: usize,
        state: &mut RunState,
    ) -> Result<bool, CheckpointError> {
        let best = state.best_epoch == 0 || validation.accuracy > state.best_validation;
        if best {
            (state.best_validation, state.best_epoch) = (validation.accuracy, epoch);
            state.best_nll = Some(validation.nll);
            let weights = Weights::of(network);
            self.folder.save_best(&weights.to_bytes(StorageType::F32))?;
        }
        Ok(best)
    }

    /// The network that is validated: the averaged one where the recipe asks for it.
    fn candidate<N: Network>(
        &self,
        network: &N,
        average: Option<&Average>,
        train: &Samples,
        step: usize,
    ) -> N {
        let Some(average) = average else {
            return network.valid();
        };
        // The batches of an epoch that never comes, so that they are nobody's training batches.
        let epoch = self.recipe.epochs + step;
        let order = self.order(train.len(), epoch);
        let per_epoch = train.len() / self.recipe.batch_size;
        average.network(&device(), |i| {
            let batch = self.batch(train, epoch, self.part(&order, i % per_epoch));
            to_tensor(&batch.0, &device())
        })
    }

    fn start<N: Network>(&self) -> Result<Saved<N>, CheckpointError> {
        let device = device();
        device.seed(self.seed);
        let mut network = N::init(&device);
        if let Some(weights) = self.initial {
            network = weights.apply(network).map_err(CheckpointError::Initial)?;
        }
        let weights = Weights::of(&network.valid());
        let optimizer = optimizer(&network, self.recipe);
        let fresh = RunState {
            recipe: self.recipe.clone(),
            seed: self.seed,
            step: 0,
            epoch_loss: 0.0,
            best_validation: 0.0,
            best_nll: None,
            best_epoch: 0,
            wall_time_s: 0.0,
            step_time_s: 0.0,
        };
        if self.resume
            && let Some(saved) =
                self.folder
                    .load(network.clone(), optimizer.clone(), self.recipe, self.seed)?
        {
            return Ok(saved);
        }
        let average = self.recipe.average_decay;
        let average = average.map(|decay| Average::new(weights, decay));
        Ok(Saved {
            module: network,
            optimizer,
            average,
            state: fresh,
        })
    }

    /// The order of the training images in an epoch.
    fn order(&self, images: usize, epoch: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..images).collect();
        shuffle(&mut order, mix_seed(&[self.seed, epoch as u64]));
        order
    }

    /// Which images of an epoch's order are those of its step number `at`.
    fn part<'a>(&self, order: &'a [usize], at: usize) -> &'a [usize] {
        let size = self.recipe.batch_size;
        &order[at * size..][..size]
    }

    /// The augmented pictures of some images in an epoch, and their targets.
    fn batch(&self, train: &Samples, epoch: usize, images: &[usize]) -> Batch {
        let pictures = Pictures::new(train, self.recipe);
        images
            .iter()
            .map(|&i| pictures.get(self.seed, epoch, i, self.teacher))
            .unzip()
    }
}

/// Images and their targets.
type Batch = (Vec<GrayImage>, Vec<Target>);

/// The reference device with gradients.
fn device() -> Device {
    reference_device().autodiff()
}

/// Seconds of each of `count` steps on one batch of images as they are, with the kernels `K`.
///
/// # Panics
/// When there are fewer samples than a batch holds.
pub fn step_times<N: Network, K: Kernels>(
    recipe: &Recipe,
    samples: &Samples,
    count: usize,
) -> Vec<f64> {
    let size = recipe.batch_size;
    let images = samples.images[..size].to_vec();
    let target = |label: &Label| smoothed(*label, recipe.label_smoothing);
    let targets: Vec<Target> = samples.labels[..size].iter().map(target).collect();
    let mut network = N::init(&device());
    let mut optimizer = optimizer(&network, recipe);
    let mut times = Vec::new();
    for _ in 0..count {
        let batch = (images.clone(), targets.clone());
        let begin = Instant::now();
        (network, _) = step::<N, K>(network, &mut optimizer, batch, recipe.learning_rate);
        times.push(begin.elapsed().as_secs_f64());
    }
    times
}

/// One gradient step; returns the network and the batch's mean loss.
fn step<N: Network, K: Kernels>(
    network: N,
    optimizer: &mut ModuleOptimizer,
    (images, targets): Batch,
    rate: f64,
) -> (N, f64) {
    let device = device();
    let logits = network.forward_with::<K>(to_tensor(&images, &device));
    let loss = cross_entropy(logits, &targets, &device);
    let gradients = GradientsParams::from_grads(loss.backward(), &network);
    let value = loss.into_scalar::<f32>();
    (optimizer.step(rate, network, gradients), f64::from(value))
}

/// Mean cross-entropy against targets.
fn cross_entropy(logits: Tensor<2>, targets: &[Target], device: &Device) -> Tensor<1> {
    let shape = [targets.len(), CLASSES];
    let data = TensorData::new(targets.as_flattened().to_vec(), shape);
    (log_softmax(logits, 1) * Tensor::from_data(data, device))
        .sum()
        .neg()
        .div_scalar(targets.len() as f32)
}

/// Images as `[n, 1, 28, 28]`, normalized as everywhere.
fn to_tensor(images: &[GrayImage], device: &Device) -> Tensor<4> {
    let values: Vec<f32> = images
        .iter()
        .flat_map(|image| normalize(image).values().to_vec())
        .collect();
    Tensor::from_data(
        TensorData::new(values, [images.len(), 1, SIDE, SIDE]),
        device,
    )
}

/// The logits of a network that is not in training, in the order of the images.
///
/// # Panics
/// Never: networks are `f32`.
pub fn logits<N: Network>(network: &N, images: &[GrayImage]) -> Vec<Logits> {
    let device = reference_device();
    images
        .chunks(EVALUATION_BATCH)
        .flat_map(|batch| {
            let logits = network.forward_with::<FusedKernels>(to_tensor(batch, &device));
            let values: Vec<f32> = logits.into_data().try_to_vec().expect("networks are f32");
            values.as_chunks::<CLASSES>().0.to_vec()
        })
        .collect()
}

fn judge<N: Network>(network: &N, samples: &Samples) -> Judgement {
    let logits = logits(network, &samples.images);
    let temperature = fit_temperature(&logits, &samples.labels);
    let found = Evaluation::new(&predictions(&logits, temperature), &samples.labels);
    Judgement {
        accuracy: found.accuracy,
        nll: found.nll,
    }
}

/// The share of samples that a network classifies correctly.
pub fn accuracy<N: Network>(network: &N, samples: &Samples) -> f64 {
    let predictions = predictions(&logits(network, &samples.images), 1.0);
    Evaluation::new(&predictions, &samples.labels).accuracy
}
