//! A training run in the terminal: its progress, and Ctrl-C.

use crate::files::Result;
use burn::tensor::Device;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use threadcount::dataset::Samples;
use threadcount::format::percent;
use threadcount::network::Network;
use threadcount::train::fit::{Outcome, Run};
use threadcount::train::progress::Progress;

/// A flag that Ctrl-C sets.
pub fn stop_on_interrupt() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&stop);
    ctrlc::set_handler(move || handler.store(true, Ordering::SeqCst))?;
    Ok(stop)
}

/// Run, and draw the progress.
pub fn fit<N: Network>(
    run: &Run,
    init: impl FnOnce(&Device) -> N,
    train: &Samples,
    validation: &Samples,
    stop: &AtomicBool,
) -> Result<Outcome> {
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(
        "{bar:30} {pos}/{len} steps  {msg}  {eta} left",
    )?);
    let mut last_validation = String::from("-");
    let mut speed = 0.0;
    let outcome = run.fit(init, train, validation, |progress| {
        match progress {
            Progress::Step { step, steps, loss, images_per_s } => {
                speed = images_per_s;
                bar.set_length(steps as u64);
                bar.set_position(step as u64);
                bar.set_message(format!(
                    "loss {loss:.4}  validation {last_validation}  {images_per_s:.0} images/s"
                ));
            }
            Progress::Epoch { epoch, loss, validation, best } => {
                last_validation = format!("{}, NLL {:.4}", percent(validation.accuracy), validation.nll);
                if let Some(accuracy) = validation.drawn_accuracy {
                    last_validation += &format!(", drawn {}", percent(accuracy));
                }
                let mark = if best { "  best so far" } else { "" };
                let line = format!(
                    "epoch {epoch}/{}  loss {loss:.4}  validation {last_validation}  {speed:.0} images/s{mark}",
                    run.recipe.epochs,
                );
                bar.suspend(|| println!("{line}"));
            }
        }
        !stop.load(Ordering::SeqCst)
    })?;
    bar.finish_and_clear();
    Ok(outcome)
}
