//! What `scripts/bench` calls from its page: one network run by the engine or by Burn, and the peak.

#[cfg(feature = "burn")]
use crate::classifier::Classifier;
use crate::engine::{Arithmetic, Engine, InstructionSet, peak as engine_peak};
use crate::image::PIXELS;
use crate::prediction::Logits;
#[cfg(feature = "burn")]
use crate::preprocess::Features;
use wasm_bindgen::prelude::*;

/// Make faults errors of the page; the program's `main` calls it once.
pub fn start() {
    std::panic::set_hook(Box::new(|info| wasm_bindgen::throw_str(&info.to_string())));
}

/// A network. Like its peers it is given features from JavaScript and gives logits back.
#[wasm_bindgen]
pub struct Contender(Kind);

enum Kind {
    Engine(Engine),
    #[cfg(feature = "burn")]
    Burn(Box<dyn Classifier>),
}

#[wasm_bindgen]
impl Contender {
    /// Load a network: `kind` is `scalar`, `vector`, `integer` or `burn`.
    ///
    /// # Errors
    /// What is wrong with the bytes or the kind.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, weights: &[u8], kind: &str) -> Result<Self, String> {
        let engine = |arithmetic, instruction_set| -> Result<Kind, String> {
            let engine = Engine::from_bytes(weights, arithmetic, 1).map_err(|e| e.to_string())?;
            Ok(Kind::Engine(engine.with_instruction_set(instruction_set)))
        };
        let kind = match kind {
            "scalar" => engine(Arithmetic::Float, InstructionSet::Scalar)?,
            "vector" => engine(Arithmetic::Float, InstructionSet::Simd)?,
            "integer" => engine(Arithmetic::Quantized, InstructionSet::Simd)?,
            #[cfg(feature = "burn")]
            "burn" => {
                Kind::Burn(super::reference::load(name, weights, &|| Arithmetic::Float)?.classifier)
            }
            other => return Err(format!("{name} cannot be run by {other} in this build")),
        };
        Ok(Self(kind))
    }

    /// Compute the logits of one picture's features.
    ///
    /// # Errors
    /// When there are not 784 features.
    pub fn run(&mut self, features: &[f32]) -> Result<Vec<f32>, String> {
        let logits = match &mut self.0 {
            Kind::Engine(engine) => {
                let mut logits: [Logits; 1] = [[0.0; 10]];
                engine.run([values(features)?].into_iter(), &mut logits, |_| {});
                logits[0]
            }
            #[cfg(feature = "burn")]
            Kind::Burn(network) => network.logits(&Features::from_values(*values(features)?)),
        };
        Ok(logits.to_vec())
    }

    /// Run once and call `after_step` after each step with its number.
    ///
    /// # Errors
    /// When there are not 784 features.
    pub fn run_steps(
        &mut self,
        features: &[f32],
        after_step: &js_sys::Function,
    ) -> Result<(), String> {
        let mut logits: [Logits; 1] = [[0.0; 10]];
        match &mut self.0 {
            Kind::Engine(engine) => {
                engine.run([values(features)?].into_iter(), &mut logits, |step| {
                    // The page's function returns nothing and throws nothing.
                    let _ = after_step.call1(&JsValue::NULL, &JsValue::from(step as u32));
                });
            }
            #[cfg(feature = "burn")]
            Kind::Burn(_) => {}
        }
        Ok(())
    }

    /// Whether a step computes in integers.
    pub fn has_integers(&self) -> bool {
        match &self.0 {
            Kind::Engine(engine) => engine.arithmetic() == Arithmetic::Quantized,
            #[cfg(feature = "burn")]
            Kind::Burn(_) => false,
        }
    }

    /// Title and multiply-adds of each step by the direct method, as JSON.
    pub fn steps(&self) -> String {
        match &self.0 {
            Kind::Engine(engine) => engine.plan().steps_json(),
            #[cfg(feature = "burn")]
            Kind::Burn(_) => String::from("[]"),
        }
    }
}

fn values(features: &[f32]) -> Result<&[f32; PIXELS], String> {
    let found = features.len();
    features
        .try_into()
        .map_err(|_| format!("expected {PIXELS} features, got {found}"))
}

/// Multiply-adds of one call of [`peak`] for each repetition.
#[wasm_bindgen]
pub fn peak_macs() -> u32 {
    engine_peak::PEAK_MACS as u32
}

/// Multiply and add in registers only.
#[wasm_bindgen]
pub fn peak(repetitions: u32, factor: f32) -> f32 {
    engine_peak::peak(repetitions, factor)
}
