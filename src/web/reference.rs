//! The networks in Burn, for the visitor who wants to see what a general framework takes.

use super::worker::Loaded;
use crate::classifier::Classifier;
use crate::network::{
    Baseline, Compact, Lightweight, LogisticRegression, Mlp, Network, Pocket, ReferenceClassifier,
};

/// Build a network in Burn from the bytes of its weights file.
///
/// # Errors
/// What is wrong with the bytes.
pub fn load(name: &str, bytes: &[u8]) -> Result<Loaded, String> {
    let classifier = match name {
        "baseline" => reference::<Baseline>(bytes),
        "lightweight" => reference::<Lightweight>(bytes),
        "compact" => reference::<Compact>(bytes),
        "pocket" => reference::<Pocket>(bytes),
        "logistic-regression" => reference::<LogisticRegression>(bytes),
        "mlp" => reference::<Mlp>(bytes),
        // What is no network has one implementation.
        other => super::worker::compile(other, bytes).map(|loaded| loaded.classifier),
    }?;
    Ok(Loaded {
        classifier,
        path: "Burn (ndarray)",
        integers: false,
    })
}

fn reference<N: Network>(bytes: &[u8]) -> Result<Box<dyn Classifier>, String> {
    let network = ReferenceClassifier::<N>::from_bytes(bytes).map_err(|e| e.to_string())?;
    Ok(Box::new(network))
}
