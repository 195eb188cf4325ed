//! Fits a network: epochs of augmented batches, validation after each, the best weights kept.
//!
//! Order, augmentation and dropout of a step follow from the seed and the step's number, so a run
//! that was interrupted and resumed ends with the same weights; `tests/training.rs` holds it to that.

use super::augment::{augment, mix_seed};
use super::checkpoint::{CheckpointError, CheckpointFolder, RunState};
use super::fused::FusedKernels;
use super::schedule::one_cycle;
use crate::card::Recipe;
use crate::dataset::{Samples, shuffle};
use crate::image::{GrayImage, SIDE};
use crate::label::{CLASSES, Label};
use crate::metrics::Evaluation;
use crate::network::weights::{StorageType, Weights};
use crate::network::{Network, device as reference_device};
use crate::prediction::Prediction;
use crate::preprocess::normalize;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};
use std::time::{Duration, Instant};

/// A checkpoint is written at least this often.
const CHECKPOINT_EVERY: Duration = Duration::from_mins(4);
/// Images that evaluation sends through the network at once.
const EVALUATION_BATCH: usize = 100;

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
        /// Validation accuracy, 0 to 1.
        validation: f64,
        /// Whether it is the best so far.
        best: bool,
    },
}

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// All epochs were made; the weights are the best on validation.
    Finished {
        /// The best weights.
        weights: Weights,
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
}

impl Run<'_> {
    /// Train `N` until the recipe's last epoch or until `report` returns false.
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
        let (mut network, mut optimizer, mut state) = self.start::<N>()?;
        let per_epoch = train.len() / self.recipe.batch_size;
        let steps = per_epoch * self.recipe.epochs;
        let started = Instant::now();
        let (wall_before, mut last_save) = (state.wall_time_s, Instant::now());
        let mut epoch_steps = (0, 0.0);
        let mut order = self.order(train.len(), state.step / per_epoch);
        while state.step < steps {
            let (epoch, at) = (state.step / per_epoch, state.step % per_epoch);
            let begin = Instant::now();
            if at == 0 {
                order = self.order(train.len(), epoch);
            }
            let size = self.recipe.batch_size;
            let batch = self.batch(train, epoch, &order[at * size..(at + 1) * size]);
            let rate = one_cycle(
                state.step,
                steps,
                self.recipe.warm_up,
                self.recipe.learning_rate,
            );
            device().seed(mix_seed(&[self.seed, state.step as u64]));
            let loss;
            (network, loss) = step(
                network,
                &mut optimizer,
                batch,
                rate,
                self.recipe.label_smoothing,
            );
            let spent = begin.elapsed().as_secs_f64();
            state.step += 1;
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
            let mut go_on = report(Progress::Step {
                step: state.step,
                steps,
                loss: mean_loss,
                images_per_s,
            });
            if at + 1 == per_epoch {
                let validation = accuracy(&network.valid(), validation);
                let best = validation > state.best_validation;
                if best {
                    (state.best_validation, state.best_epoch) = (validation, epoch + 1);
                    let weights = Weights::of(&network.valid());
                    self.folder.save_best(&weights.to_bytes(StorageType::F32))?;
                }
                go_on &= report(Progress::Epoch {
                    epoch: epoch + 1,
                    loss: mean_loss,
                    validation,
                    best,
                });
                state.epoch_loss = 0.0;
            }
            if !go_on || state.step == steps || last_save.elapsed() > CHECKPOINT_EVERY {
                self.folder.save(&network, &optimizer, &state)?;
                last_save = Instant::now();
            }
            if !go_on && state.step < steps {
                return Ok(Outcome::Stopped(state));
            }
        }
        let weights = Weights::from_bytes(&self.folder.best()?).expect("written by this run");
        Ok(Outcome::Finished { weights, state })
    }

    fn start<N: Network>(&self) -> Result<(N, ModuleOptimizer, RunState), CheckpointError> {
        let device = device();
        device.seed(self.seed);
        let mut network = N::init(&device);
        if let Some(weights) = self.initial {
            network = weights.apply(network).map_err(CheckpointError::Initial)?;
        }
        let optimizer = AdamWConfig::new()
            .with_weight_decay(self.recipe.weight_decay as f32)
            .init();
        let fresh = RunState {
            recipe: self.recipe.clone(),
            seed: self.seed,
            step: 0,
            epoch_loss: 0.0,
            best_validation: 0.0,
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
        Ok((network, optimizer, fresh))
    }

    /// The order of the training images in an epoch.
    fn order(&self, images: usize, epoch: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..images).collect();
        shuffle(&mut order, mix_seed(&[self.seed, epoch as u64]));
        order
    }

    /// Augmented images and their labels.
    fn batch(
        &self,
        train: &Samples,
        epoch: usize,
        indices: &[usize],
    ) -> (Vec<GrayImage>, Vec<Label>) {
        indices
            .iter()
            .map(|&i| {
                let seed = mix_seed(&[self.seed, epoch as u64, i as u64]);
                (
                    augment(&train.images[i], self.recipe.max_shift, seed),
                    train.labels[i],
                )
            })
            .unzip()
    }
}

/// The reference device with gradients.
fn device() -> Device {
    reference_device().autodiff()
}

/// One gradient step; returns the network and the batch's mean loss.
fn step<N: Network>(
    network: N,
    optimizer: &mut ModuleOptimizer,
    (images, labels): (Vec<GrayImage>, Vec<Label>),
    rate: f64,
    smoothing: f32,
) -> (N, f64) {
    let device = device();
    let logits = network.forward_with::<FusedKernels>(to_tensor(&images, &device));
    let loss = cross_entropy(logits, &labels, smoothing, &device);
    let gradients = GradientsParams::from_grads(loss.backward(), &network);
    let value = loss.into_scalar::<f32>();
    (optimizer.step(rate, network, gradients), f64::from(value))
}

/// Mean cross-entropy against targets of which `smoothing` is spread over all classes.
///
/// **Source**: Szegedy et al., "Rethinking the inception architecture", 2016, section 7
/// (<https://arxiv.org/abs/1512.00567>).
fn cross_entropy(
    logits: Tensor<2>,
    labels: &[Label],
    smoothing: f32,
    device: &Device,
) -> Tensor<1> {
    let mut targets = vec![smoothing / CLASSES as f32; labels.len() * CLASSES];
    for (row, label) in targets.chunks_exact_mut(CLASSES).zip(labels) {
        row[label.index()] += 1.0 - smoothing;
    }
    let targets = Tensor::from_data(TensorData::new(targets, [labels.len(), CLASSES]), device);
    (log_softmax(logits, 1) * targets)
        .sum()
        .neg()
        .div_scalar(labels.len() as f32)
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

/// The predictions of a network that is not in training, in the order of the images.
///
/// # Panics
/// When a logit is not finite: trained weights are, and pixels are.
pub fn predict<N: Network>(network: &N, images: &[GrayImage]) -> Vec<Prediction> {
    let device = reference_device();
    images
        .chunks(EVALUATION_BATCH)
        .flat_map(|batch| {
            let logits = network.forward_with::<FusedKernels>(to_tensor(batch, &device));
            let values: Vec<f32> = logits.into_data().try_to_vec().expect("networks are f32");
            let rows = values.as_chunks::<CLASSES>().0.to_vec();
            rows.into_iter()
                .map(|row| Prediction::from_logits(&row).expect("finite logits"))
        })
        .collect()
}

/// The share of samples that a network classifies correctly.
pub fn accuracy<N: Network>(network: &N, samples: &Samples) -> f64 {
    Evaluation::new(&predict(network, &samples.images), &samples.labels).accuracy
}
