//! From a model's name and the bytes of its weights file to a model that answers.

use crate::arithmetic::Arithmetic;
use crate::catalog;
use crate::classical::ClassicalModel;
use crate::classifier::Classifier;
use crate::engine::{Engine, InstructionSet, has_wide_pointwise};
use crate::for_classical;
use crate::weights::ModelFile;

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
/// a classical model. `fastest` is asked where pointwise layers can take 8-bit integers, which not every processor
/// multiplies fast.
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
    let file = ModelFile::parse(bytes).map_err(|e| e.to_string())?;
    let arithmetic = if has_wide_pointwise(file.layers()) {
        fastest()
    } else {
        Arithmetic::Quantized
    };
    let engine = Engine::from_bytes(bytes, arithmetic, batch).map_err(|e| e.to_string())?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::squeeze::model_file;
    use std::cell::Cell;

    /// Load a released network; returns whether it computes in integers and whether it asked.
    fn loaded(name: &str, fastest: Arithmetic) -> (bool, bool) {
        let file = catalog::find(name).unwrap().file;
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("models")
            .join(file);
        let bytes = model_file(std::fs::read(path).unwrap()).unwrap();
        let has_asked = Cell::new(false);
        let fastest = || {
            has_asked.set(true);
            fastest
        };
        let loaded = load(name, &bytes, 1, fastest).unwrap();
        (loaded.integers, has_asked.get())
    }

    #[test]
    fn only_wide_pointwise_layers_ask_what_is_fastest() {
        assert_eq!(loaded("lightweight", Arithmetic::Quantized), (true, true));
        assert_eq!(loaded("lightweight", Arithmetic::Float), (false, true));
        assert_eq!(loaded("pocket", Arithmetic::Float), (true, false));
        assert_eq!(loaded("stitch", Arithmetic::Float), (false, false));
    }
}
