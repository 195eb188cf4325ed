//! From a model's name and the bytes of its weights file to a model that answers.

use crate::catalog;
use crate::classical::ClassicalModel;
use crate::classifier::Classifier;
use crate::engine::{Arithmetic, Engine, InstructionSet};
use crate::for_classical;

/// A model that is ready to answer.
pub struct Loaded {
    /// The model.
    pub classifier: Box<dyn Classifier>,
    /// The name of what computes.
    pub path: &'static str,
    /// Whether any of its layers is computed in integers.
    pub integers: bool,
}

/// Build the model of a name from the bytes of its weights file: the engine, for up to `batch` pictures at once, or
/// a classical model. What has layers for integers asks for what is `fastest` here.
///
/// # Errors
/// What is wrong with the bytes.
pub fn load(
    name: &str,
    bytes: &[u8],
    batch: usize,
    fastest: impl FnOnce() -> Arithmetic,
) -> Result<Loaded, String> {
    match (
        for_classical!(name, M => load_classical::<M>(name, bytes)),
        catalog::find(name),
    ) {
        (Some(loaded), _) => loaded,
        (None, Some(_)) => load_network(bytes, batch, fastest),
        (None, None) => Err(format!("there is no model {name}")),
    }
}

fn load_network(
    bytes: &[u8],
    batch: usize,
    fastest: impl FnOnce() -> Arithmetic,
) -> Result<Loaded, String> {
    let compile =
        |arithmetic| Engine::from_bytes(bytes, arithmetic, batch).map_err(|e| e.to_string());
    let mut engine = compile(Arithmetic::Quantized)?;
    if engine.arithmetic() == Arithmetic::Quantized && fastest() == Arithmetic::Float {
        engine = compile(Arithmetic::Float)?;
    }
    Ok(Loaded {
        integers: engine.arithmetic() == Arithmetic::Quantized,
        path: engine.instruction_set().label(),
        classifier: Box::new(engine),
    })
}

fn load_classical<M: ClassicalModel>(name: &str, bytes: &[u8]) -> Result<Loaded, String> {
    let model = M::from_bytes(name, bytes).map_err(|e| e.to_string())?;
    Ok(Loaded {
        classifier: Box::new(model),
        path: InstructionSet::Scalar.label(),
        integers: false,
    })
}
