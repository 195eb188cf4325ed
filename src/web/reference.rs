//! The networks in Burn, for the visitor who wants to see what a general framework takes.

use crate::classifier::Classifier;
use crate::for_network;
use crate::loader::Loaded;
use crate::network::{Network, ReferenceClassifier};

/// Build a network in Burn from the bytes of its weights file.
///
/// # Errors
/// What is wrong with the bytes.
pub fn load(name: &str, bytes: &[u8]) -> Result<Loaded, String> {
    let Some(network) = for_network!(name, N => reference::<N>(bytes)) else {
        // What is no network has one implementation.
        return super::worker::compile(name, bytes);
    };
    Ok(Loaded {
        classifier: network?,
        path: "Burn (ndarray)",
        integers: false,
    })
}

fn reference<N: Network>(bytes: &[u8]) -> Result<Box<dyn Classifier>, String> {
    let network = ReferenceClassifier::<N>::from_bytes(bytes).map_err(|e| e.to_string())?;
    Ok(Box::new(network))
}
