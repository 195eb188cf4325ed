//! The log of a released network's run, and its picture.

use crate::files::{Result, result_path};
use std::path::PathBuf;
use threadcount::train::{log, plot};

/// results/NAME-training.csv.
pub fn training_log(name: &str) -> PathBuf {
    result_path(&format!("{name}-training.csv"))
}

/// results/NAME-training.svg.
pub fn picture_path(name: &str) -> PathBuf {
    result_path(&format!("{name}-training.svg"))
}

/// Draw the log of a run.
pub fn picture(name: &str) -> Result<String> {
    plot::training(name, &log::read(&training_log(name))?)
}

/// The best validation accuracy of a run, which is that of the released weights.
pub fn best_validation(name: &str) -> Result<Option<f64>> {
    let lines = log::read(&training_log(name))?;
    Ok(lines
        .iter()
        .filter_map(|line| line.validation)
        .reduce(f64::max))
}
