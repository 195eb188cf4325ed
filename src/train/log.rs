//! The log of a run: one line for each step, with the validation accuracy at the end of an epoch.

use super::checkpoint::CheckpointError;
use serde::{Deserialize, Serialize};
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

/// The fields of [`LogLine`].
const COLUMNS: [&str; 5] = [
    "step",
    "learning_rate",
    "loss",
    "validation",
    "drawn_validation",
];

/// One step of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogLine {
    /// Steps done.
    pub step: usize,
    /// Learning rate of the step.
    pub learning_rate: f64,
    /// Mean loss of the step's images, in nats.
    pub loss: f64,
    /// Validation accuracy, 0 to 1, when the step ended an epoch.
    pub validation: Option<f64>,
    /// The same of the held-out drawn pictures, where the run has some; older logs lack the column.
    #[serde(default)]
    pub drawn_validation: Option<f64>,
}

impl LogLine {
    /// The line with as many digits as tell anything.
    fn shortened(self) -> Self {
        let round = |value: f64, unit: f64| (value * unit).round() / unit;
        Self {
            learning_rate: round(self.learning_rate, 1e6),
            loss: round(self.loss, 1e5),
            ..self
        }
    }
}

/// Read a log; lines that are not whole are left out.
///
/// # Errors
/// When the file cannot be read; the message names it.
pub fn read(path: &Path) -> Result<Vec<LogLine>, CheckpointError> {
    let reader = csv::Reader::from_path(path).map_err(|error| csv_error(path, error))?;
    Ok(reader.into_deserialize().filter_map(Result::ok).collect())
}

/// Write a log with one line for every `every` steps, with their mean loss, and one for the end of each epoch.
///
/// # Errors
/// When the file cannot be written; the message names it.
pub fn write_thinned(lines: &[LogLine], every: usize, path: &Path) -> Result<(), CheckpointError> {
    let (mut loss, mut count) = (0.0, 0);
    let mut thinned = Vec::new();
    for line in lines {
        loss += line.loss;
        count += 1;
        if count == every || line.validation.is_some() {
            let mean = loss / f64::from(count as u32);
            thinned.push(LogLine {
                loss: mean,
                ..*line
            });
            (loss, count) = (0.0, 0);
        }
    }
    write(path, &thinned, false)
}

/// Write lines with their header, or append them without one.
fn write(path: &Path, lines: &[LogLine], append: bool) -> Result<(), CheckpointError> {
    let file = OpenOptions::new()
        .create(!append)
        .write(true)
        .append(append)
        .truncate(!append)
        .open(path)
        .map_err(|source| file_error(path, source))?;
    // Serde would write no header before there is a line.
    let mut writer = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(file);
    if !append {
        let written = writer.write_record(COLUMNS);
        written.map_err(|error| csv_error(path, error))?;
    }
    for line in lines {
        let written = writer.serialize(line.shortened());
        written.map_err(|error| csv_error(path, error))?;
    }
    writer.flush().map_err(|source| file_error(path, source))
}

/// A log that grows with its run.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    pending: Vec<LogLine>,
}

impl Log {
    /// Continue the log at `path` after `step`; lines beyond that step, which are not in the checkpoint, are dropped.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(path: PathBuf, step: usize) -> Result<Self, CheckpointError> {
        let kept = read(&path).unwrap_or_default();
        let done = kept.partition_point(|line| line.step <= step);
        write(&path, &kept[..done], false)?;
        Ok(Self {
            path,
            pending: Vec::new(),
        })
    }

    /// Remember a step.
    pub fn push(&mut self, line: LogLine) {
        self.pending.push(line);
    }

    /// Write what was remembered.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn flush(&mut self) -> Result<(), CheckpointError> {
        write(&self.path, &self.pending, true)?;
        self.pending.clear();
        Ok(())
    }
}

fn file_error(path: &Path, source: std::io::Error) -> CheckpointError {
    CheckpointError::File {
        path: path.to_owned(),
        source,
    }
}

fn csv_error(path: &Path, error: csv::Error) -> CheckpointError {
    file_error(path, error.into())
}
