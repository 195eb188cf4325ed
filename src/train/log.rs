//! The log of a run: one line for each step, with the validation accuracy at the end of an epoch.

use super::checkpoint::CheckpointError;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const HEADER: &str = "step,learning_rate,loss,validation,drawn_validation\n";

/// One step of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogLine {
    /// Steps done.
    pub step: usize,
    /// Learning rate of the step.
    pub learning_rate: f64,
    /// Mean loss of the step's images, in nats.
    pub loss: f64,
    /// Validation accuracy, 0 to 1, when the step ended an epoch.
    pub validation: Option<f64>,
    /// The same of the held-out drawn pictures, where the run has some.
    pub drawn_validation: Option<f64>,
}

impl LogLine {
    fn parse(line: &str) -> Option<Self> {
        let mut cells = line.split(',');
        Some(Self {
            step: cells.next()?.parse().ok()?,
            learning_rate: cells.next()?.parse().ok()?,
            loss: cells.next()?.parse().ok()?,
            validation: cells.next()?.parse().ok(),
            // Logs of runs without drawn pictures end here.
            drawn_validation: cells.next().and_then(|cell| cell.parse().ok()),
        })
    }

    fn write(&self, text: &mut String) {
        let cell = |accuracy: Option<f64>| accuracy.map(|a| a.to_string()).unwrap_or_default();
        writeln!(
            text,
            "{},{:.6},{:.5},{},{}",
            self.step,
            self.learning_rate,
            self.loss,
            cell(self.validation),
            cell(self.drawn_validation),
        )
        .expect("writing to a string");
    }
}

/// Read a log; lines that are not whole are left out.
///
/// # Errors
/// When the file cannot be read; the message names it.
pub fn read(path: &Path) -> Result<Vec<LogLine>, CheckpointError> {
    let text = std::fs::read_to_string(path).map_err(|source| file_error(path, source))?;
    Ok(text.lines().filter_map(LogLine::parse).collect())
}

/// Write a log with one line for every `every` steps, with their mean loss, and one for the end of each epoch.
///
/// # Errors
/// When the file cannot be written; the message names it.
pub fn write_thinned(lines: &[LogLine], every: usize, path: &Path) -> Result<(), CheckpointError> {
    let mut text = String::from(HEADER);
    let (mut loss, mut count) = (0.0, 0);
    for line in lines {
        loss += line.loss;
        count += 1;
        if count == every || line.validation.is_some() {
            let mean = loss / f64::from(count as u32);
            LogLine {
                loss: mean,
                ..*line
            }
            .write(&mut text);
            (loss, count) = (0.0, 0);
        }
    }
    std::fs::write(path, text).map_err(|source| file_error(path, source))
}

/// A log that grows with its run.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    pending: String,
}

impl Log {
    /// Continue the log at `path` after `step`; lines beyond that step, which are not in the checkpoint, are dropped.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(path: PathBuf, step: usize) -> Result<Self, CheckpointError> {
        let kept = read(&path).unwrap_or_default();
        let mut text = String::from(HEADER);
        kept.iter()
            .take_while(|line| line.step <= step)
            .for_each(|line| line.write(&mut text));
        std::fs::write(&path, text).map_err(|source| file_error(&path, source))?;
        Ok(Self {
            path,
            pending: String::new(),
        })
    }

    /// Remember a step.
    pub fn push(&mut self, line: LogLine) {
        line.write(&mut self.pending);
    }

    /// Write what was remembered.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn flush(&mut self) -> Result<(), CheckpointError> {
        std::fs::OpenOptions::new()
            .append(true)
            .open(&self.path)
            .and_then(|mut file| file.write_all(self.pending.as_bytes()))
            .map_err(|source| file_error(&self.path, source))?;
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
