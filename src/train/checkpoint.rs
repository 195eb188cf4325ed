//! A training run on disk, so that it survives the end of the process.
//!
//! Folder `checkpoints/NAME/`: the network and the optimizer as Burn records, the EMA and the best weights so far as
//! safetensors, the log, and `run.json`, which is written last and names the step of the others.

use super::ema::Ema;
use crate::card::Recipe;
use crate::network::weights::{StorageType, Weights, WeightsError};
use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::RecordError;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Where a run stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunState {
    /// The choices of the run.
    pub recipe: Recipe,
    /// Its seed.
    pub seed: u64,
    /// Steps done.
    pub step: usize,
    /// Sum of the losses of this epoch's steps.
    pub epoch_loss: f64,
    /// Validation accuracy of the best epoch so far, 0 to 1.
    pub best_validation: f64,
    /// Mean negative log-likelihood on validation in the same epoch, at its best temperature, in nats.
    #[serde(default)]
    pub best_nll: Option<f64>,
    /// Accuracy on the held-out drawn pictures in the same epoch, 0 to 1.
    #[serde(default)]
    pub best_drawn: Option<f64>,
    /// The best epoch, from 1; 0 before the first.
    pub best_epoch: usize,
    /// Seconds spent in all.
    pub wall_time_s: f64,
    /// Seconds spent in training steps.
    pub step_time_s: f64,
}

impl RunState {
    /// A run before its first step.
    pub fn new(recipe: &Recipe, seed: u64) -> Self {
        Self {
            recipe: recipe.clone(),
            seed,
            step: 0,
            epoch_loss: 0.0,
            best_validation: 0.0,
            best_nll: None,
            best_drawn: None,
            best_epoch: 0,
            wall_time_s: 0.0,
            step_time_s: 0.0,
        }
    }
}

/// Everything that a run continues from.
pub struct Checkpoint<N> {
    /// The network in training.
    pub network: N,
    /// Its optimizer.
    pub optimizer: ModuleOptimizer,
    /// The EMA of the weights, where the recipe asks for one.
    pub ema: Option<Ema>,
    /// Where the run stands.
    pub state: RunState,
}

/// Why a checkpoint could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// A file of the folder.
    #[error("{}: {source}", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// The underlying error.
        source: std::io::Error,
    },
    /// `run.json` is damaged.
    #[error("{} is damaged ({source}); start again without --resume", path.display())]
    State {
        /// Its path.
        path: PathBuf,
        /// The underlying error.
        source: serde_json::Error,
    },
    /// A Burn record is damaged or belongs to another network.
    #[error("the records in {} cannot be read ({message}); start again without --resume", folder.display())]
    Record {
        /// The folder.
        folder: PathBuf,
        /// What Burn says.
        message: String,
    },
    /// The weights to start from are those of another network.
    #[error("training cannot start from these weights: {0}")]
    Initial(WeightsError),
    /// The run was started with other choices.
    #[error("the run in {} was started with another recipe or seed; start again without --resume", .0.display())]
    OtherRun(PathBuf),
}

/// The folder of one run.
#[derive(Clone, Debug)]
pub struct CheckpointFolder(PathBuf);

impl CheckpointFolder {
    /// Use `root/name`, creating it.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn create(root: &Path, name: &str) -> Result<Self, CheckpointError> {
        let folder = root.join(name);
        std::fs::create_dir_all(&folder).map_err(|source| CheckpointError::File {
            path: folder.clone(),
            source,
        })?;
        Ok(Self(folder))
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    /// Save a run. Older files are replaced only by complete ones.
    ///
    /// # Errors
    /// When a file cannot be written.
    ///
    /// # Panics
    /// Never: a run's state is plain data.
    pub fn save<N: Module>(&self, checkpoint: &Checkpoint<N>) -> Result<(), CheckpointError> {
        let Checkpoint {
            network,
            optimizer,
            ema,
            state,
        } = checkpoint;
        // Batch norm keeps new running statistics aside until they are read; a record would miss them.
        let _ = network.valid();
        let record = |e: RecordError| self.record_error(&e);
        let stem = |name: &str| format!("{name}-{}.bpk", state.step);
        network
            .clone()
            .save_file(self.path(&stem("network")))
            .map_err(record)?;
        optimizer
            .save(self.path(&stem("optimizer")))
            .map_err(record)?;
        if let Some(ema) = ema {
            let bytes = ema.weights().to_bytes(StorageType::F32);
            self.replace(&format!("ema-{}.safetensors", state.step), &bytes)?;
        }
        let json = serde_json::to_vec_pretty(state).expect("plain data");
        let previous = self.state().ok().flatten();
        self.replace("run.json", &json)?;
        if let Some(previous) = previous.filter(|p| p.step != state.step) {
            for (name, kind) in [
                ("network", "bpk"),
                ("optimizer", "bpk"),
                ("ema", "safetensors"),
            ] {
                // Left over when it fails, harmless: run.json names the newer step.
                let file = format!("{name}-{}.{kind}", previous.step);
                let _ = std::fs::remove_file(self.path(&file));
            }
        }
        Ok(())
    }

    /// Load the run that was saved, or `None` when there is none. Which other seeds its recipe names does not
    /// matter to a run, so seeds that were trained one by one can be gathered.
    ///
    /// # Errors
    /// When files are damaged or belong to a run with another recipe or seed.
    pub fn load<N: Module>(
        &self,
        network: N,
        optimizer: ModuleOptimizer,
        recipe: &Recipe,
        seed: u64,
    ) -> Result<Option<Checkpoint<N>>, CheckpointError> {
        let Some(mut state) = self.state()? else {
            return Ok(None);
        };
        state.recipe.seeds.clone_from(&recipe.seeds);
        if state.recipe != *recipe || state.seed != seed {
            return Err(CheckpointError::OtherRun(self.0.clone()));
        }
        let record = |e: RecordError| self.record_error(&e);
        let stem = |name: &str| self.path(&format!("{name}-{}.bpk", state.step));
        let network = network.try_load_file(stem("network")).map_err(record)?;
        let optimizer = optimizer.load(stem("optimizer")).map_err(record)?;
        let ema = match recipe.ema_decay {
            Some(decay) => {
                let bytes = self.read(&format!("ema-{}.safetensors", state.step))?;
                let weights = Weights::from_bytes(&bytes).map_err(CheckpointError::Initial)?;
                Some(Ema::new(weights, decay))
            }
            None => None,
        };
        Ok(Some(Checkpoint {
            network,
            optimizer,
            ema,
            state,
        }))
    }

    /// Keep the best weights so far.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save_best(&self, bytes: &[u8]) -> Result<(), CheckpointError> {
        self.replace("best.safetensors", bytes)
    }

    /// The best weights so far.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn best(&self) -> Result<Vec<u8>, CheckpointError> {
        self.read("best.safetensors")
    }

    /// Where the run's log is.
    pub fn log_path(&self) -> PathBuf {
        self.path("log.csv")
    }

    fn read(&self, file: &str) -> Result<Vec<u8>, CheckpointError> {
        let path = self.path(file);
        std::fs::read(&path).map_err(|source| CheckpointError::File { path, source })
    }

    fn state(&self) -> Result<Option<RunState>, CheckpointError> {
        let path = self.path("run.json");
        match std::fs::read(&path) {
            Ok(json) => serde_json::from_slice(&json)
                .map(Some)
                .map_err(|source| CheckpointError::State { path, source }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(CheckpointError::File { path, source }),
        }
    }

    fn replace(&self, file: &str, bytes: &[u8]) -> Result<(), CheckpointError> {
        let (path, partial) = (self.path(file), self.path(&format!("{file}.partial")));
        std::fs::write(&partial, bytes)
            .and_then(|()| std::fs::rename(&partial, &path))
            .map_err(|source| CheckpointError::File { path, source })
    }

    fn record_error(&self, error: &RecordError) -> CheckpointError {
        CheckpointError::Record {
            folder: self.0.clone(),
            message: error.to_string(),
        }
    }
}
