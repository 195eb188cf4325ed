//! What a training run reports to its caller, which shows it.

use super::validation::ValidationMetrics;

/// A step or the end of an epoch.
#[derive(Clone, Copy, Debug)]
pub enum Progress {
    /// A step was made.
    Step {
        /// Steps done.
        step: usize,
        /// Steps in all.
        steps: usize,
        /// Mean loss of this epoch so far, in nats.
        loss: f64,
        /// Training images a second in this epoch.
        images_per_s: f64,
    },
    /// An epoch was validated.
    Epoch {
        /// The epoch, from 1.
        epoch: usize,
        /// Mean training loss, in nats.
        loss: f64,
        /// How the network does on the validation images.
        validation: ValidationMetrics,
        /// Whether it is the best so far.
        best: bool,
    },
}
