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

/// The validation accuracy after an epoch, counted from 1.
pub fn validation_after(name: &str, epoch: usize) -> Result<Option<f64>> {
    let lines = log::read(&training_log(name))?;
    let mut validations = lines.iter().filter_map(|line| line.validation);
    Ok(epoch
        .checked_sub(1)
        .and_then(|index| validations.nth(index)))
}
