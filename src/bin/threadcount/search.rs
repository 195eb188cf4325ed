//! results/search.csv: what was tried, one line a run that released no model.

use crate::files::{RESULTS, Result, read_csv, result_path};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use threadcount::network::Network;
use threadcount::train::checkpoint::RunState;

/// `lightweight` as `threadcount experiment stem` trains it.
pub const SEPARABLE_STEM: &str = "lightweight";
/// The same with an ordinary stem.
pub const ORDINARY_STEM: &str = "lightweight-ordinary-stem";

/// A line of the log.
#[derive(Deserialize, Serialize)]
pub struct Attempt {
    /// The network's name.
    pub model: String,
    /// Numbers it holds.
    pub parameters: usize,
    /// Multiply-accumulate operations for one image.
    pub macs: usize,
    /// Training images.
    pub images: usize,
    /// Best validation accuracy, 0 to 1.
    pub validation: f64,
    /// Mean negative log-likelihood of the same weights on validation, at its best temperature, in nats; not
    /// measured in older lines.
    pub validation_nll: Option<f64>,
    /// Accuracy of the same weights on the held-out drawn pictures, 0 to 1, where the run trained on drawn ones.
    pub drawn_validation: Option<f64>,
    /// Time spent, in seconds.
    pub wall_time_s: f64,
    /// What was tried.
    pub note: String,
    /// The run's choices, as JSON.
    pub recipe: String,
}

fn path() -> PathBuf {
    result_path("search.csv")
}

/// All lines.
pub fn read() -> Result<Vec<Attempt>> {
    read_csv(&path())
}

/// The newest run of `lightweight` with an ordinary stem, and the one before it as it is, by the same recipe on as many
/// images.
pub fn stems() -> Result<[Attempt; 2]> {
    let mut attempts = read()?;
    let lacks = |name| format!("results/search.csv lacks {name} of the experiment with the stem");
    let at = attempts.iter().rposition(|a| a.model == ORDINARY_STEM);
    let ordinary = attempts.remove(at.ok_or_else(|| lacks(ORDINARY_STEM))?);
    attempts.truncate(at.unwrap_or_default());
    let separable = attempts.into_iter().rfind(|a| {
        let choices = (&a.recipe, a.images);
        a.model == SEPARABLE_STEM && choices == (&ordinary.recipe, ordinary.images)
    });
    Ok([separable.ok_or_else(|| lacks(SEPARABLE_STEM))?, ordinary])
}

/// Add a line about a run of a network, given as it would be released.
pub fn note<N: Network>(
    name: &str,
    network: &N,
    note: &str,
    state: &RunState,
    images: usize,
) -> Result<()> {
    std::fs::create_dir_all(RESULTS)?;
    let file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path())?;
    let is_new = file.metadata()?.len() == 0;
    let mut writer = csv::WriterBuilder::new()
        .has_headers(is_new)
        .from_writer(file);
    writer.serialize(Attempt {
        model: name.to_owned(),
        parameters: network.num_params(),
        macs: network.macs(),
        images,
        validation: state.best_validation,
        validation_nll: state.best_nll.map(|nll| (nll * 1e4).round() / 1e4),
        drawn_validation: state.best_drawn,
        wall_time_s: state.wall_time_s.round(),
        note: note.to_owned(),
        recipe: serde_json::to_string(&state.recipe)?,
    })?;
    Ok(writer.flush()?)
}
