//! Temperatures: fitted on validation images, and what they change.

use threadcount::calibration::{fit_temperature, predictions};
use threadcount::card::{Calibration, Card};
use threadcount::dataset::Dataset;
use threadcount::label::Label;
use threadcount::metrics::Evaluation;
use threadcount::prediction::Logits;

/// Fit the temperature on the logits of the validation images and put it on the card.
pub fn fit_temperature_of(logits: &[Logits], card: &mut Card, data: &Dataset) {
    let labels = &data.validation.labels;
    card.temperature = fit_temperature(logits, labels);
    let [validation_nll, validation_ece] = before_and_after(logits, labels, card.temperature);
    card.calibration = Some(Calibration {
        validation_nll,
        validation_ece,
        test_nll: None,
        test_ece: None,
    });
}

/// NLL and ECE before and after a temperature.
pub fn before_and_after(logits: &[Logits], labels: &[Label], temperature: f64) -> [[f64; 2]; 2] {
    let [before, after] =
        [1.0, temperature].map(|t| Evaluation::new(&predictions(logits, t), labels));
    [[before.nll, after.nll], [before.ece, after.ece]]
}
