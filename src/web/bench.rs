//! What `scripts/bench` calls from its page: one network run by the engine or by Burn, and the peak.

use crate::classifier::Classifier;
use crate::engine::{Arithmetic, Engine, InstructionSet, peak as engine_peak};
use crate::image::GrayImage;
use crate::prediction::Logits;
use crate::preprocess::{Features, normalize};
use wasm_bindgen::prelude::*;

/// Make faults errors of the page; the program's `main` calls it once.
pub fn start() {
    std::panic::set_hook(Box::new(|info| wasm_bindgen::throw_str(&info.to_string())));
}

/// A network with its input.
#[wasm_bindgen]
pub struct Contender {
    kind: Kind,
    features: Features,
}

enum Kind {
    Engine(Engine),
    #[cfg(feature = "burn")]
    Burn(Box<dyn Classifier>),
}

#[wasm_bindgen]
impl Contender {
    /// Load a network: `kind` is `scalar`, `vector`, `integer` or `burn`, the pixels are 784 of 0 to 255.
    ///
    /// # Errors
    /// What is wrong with the bytes, the kind or the pixels.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, weights: &[u8], kind: &str, pixels: &[u8]) -> Result<Self, String> {
        let features = normalize(&GrayImage::from_pixels(pixels)?);
        let engine = |arithmetic, instruction_set| -> Result<Kind, String> {
            let engine = Engine::from_bytes(weights, arithmetic, 1).map_err(|e| e.to_string())?;
            Ok(Kind::Engine(engine.with_instruction_set(instruction_set)))
        };
        let kind = match kind {
            "scalar" => engine(Arithmetic::Float, InstructionSet::Scalar)?,
            "vector" => engine(Arithmetic::Float, InstructionSet::Simd)?,
            "integer" => engine(Arithmetic::Quantized, InstructionSet::Simd)?,
            #[cfg(feature = "burn")]
            "burn" => Kind::Burn(super::reference::load(name, weights)?.classifier),
            other => return Err(format!("{name} cannot be run by {other} in this build")),
        };
        Ok(Self { kind, features })
    }

    /// The features, for the peers.
    pub fn features(&self) -> Vec<f32> {
        self.features.values().to_vec()
    }

    /// Compute the logits once.
    pub fn run(&mut self) -> Vec<f32> {
        let logits = match &mut self.kind {
            Kind::Engine(engine) => engine.logits(&self.features),
            #[cfg(feature = "burn")]
            Kind::Burn(network) => network.logits(&self.features),
        };
        logits.to_vec()
    }

    /// Run once and call `after_step` after each step with its number.
    pub fn run_steps(&mut self, after_step: &js_sys::Function) {
        let mut logits: [Logits; 1] = [[0.0; 10]];
        match &mut self.kind {
            Kind::Engine(engine) => {
                engine.run([self.features.values()].into_iter(), &mut logits, |step| {
                    // The page's function returns nothing and throws nothing.
                    let _ = after_step.call1(&JsValue::NULL, &JsValue::from(step as u32));
                });
            }
            #[cfg(feature = "burn")]
            Kind::Burn(_) => {}
        }
    }

    /// Whether a step computes in integers.
    pub fn has_integers(&self) -> bool {
        match &self.kind {
            Kind::Engine(engine) => engine.arithmetic() == Arithmetic::Quantized,
            #[cfg(feature = "burn")]
            Kind::Burn(_) => false,
        }
    }

    /// Title and multiply-adds of each step by the direct method, as JSON.
    pub fn steps(&self) -> String {
        match &self.kind {
            Kind::Engine(engine) => engine.plan().steps_json(),
            #[cfg(feature = "burn")]
            Kind::Burn(_) => String::from("[]"),
        }
    }
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
