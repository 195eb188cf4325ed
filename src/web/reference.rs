//! The networks in Burn, for the visitor who wants to see what a general framework takes.

use crate::arithmetic::Arithmetic;
use crate::catalog;
use crate::loader::Loaded;
use crate::network::ReferenceClassifier;

/// Build a network in Burn from the bytes of its weights file.
///
/// # Errors
/// What is wrong with the bytes.
pub fn load(name: &str, bytes: &[u8], fastest: &dyn Fn() -> Arithmetic) -> Result<Loaded, String> {
    let Some(architecture) = catalog::architecture(name) else {
        // What is no network has one implementation.
        return super::worker::compile(name, bytes, fastest);
    };
    let network = ReferenceClassifier::from_bytes(&architecture, bytes);
    Ok(Loaded {
        classifier: Box::new(network.map_err(|e| e.to_string())?),
        path: "Burn (ndarray)",
        integers: false,
    })
}
