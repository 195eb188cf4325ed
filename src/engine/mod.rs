//! The engine: a trained network compiled into a plan of fused steps, for one image at a time or many.
//!
//! ```text
//! weights file --compile--> Plan --run--> Logits
//!                             |
//!              kernels: scalar (the definition) or vector (written once over lanes:
//!                       simd128 in the browser, native arrays elsewhere)
//! ```
//! **Use it**: [`Engine::from_bytes`] compiles a file, [`Classifier::predict_proba`] answers one image and
//! [`Classifier::logits_of_many`] several. Pages import the same as `engine.js`: `src/bin/engine.rs` exports it, and
//! `www/example.js` is a page of under 40 lines that answers a picture.
//!
//! **Add a layer**:
//! 1. [`Layer`](crate::layer::Layer) gets a variant, with its cost, its title and its words. Files name it by its serde name.
//! 2. `compile.rs` turns the variant into one or more steps: it reads the tensors, checks their shapes, and folds what
//!    follows (batch norm, `ReLU`, pooling, a residual) into the step's epilogue.
//! 3. An operation in `step.rs` says what a step needs, and `plan.rs` calls its kernel with the buffers.
//! 4. [`kernels::InferenceKernels`] gets a method. `scalar.rs` defines what it computes, in plain loops; `vector/` does the
//!    same over lanes. Every precondition of an unsafe block is asserted in the function that has it.
//! 5. The network's Burn module calls the layer in `network/layers.rs` and lists it in `Network::layers`.
//! 6. `tests/kernels` compares the vector kernel with the scalar one at every remainder of rows and channels, and
//!    `tests/parity.rs` the network with Burn. Add a case to each; both run natively and in the browser.
//!
//! `tests/parity.rs` holds the engine to Burn's logits, `tests/kernels` every fast kernel to its scalar twin.

pub mod batch_norm;
mod buffers;
mod builder;
mod compile;
mod compile_error;
pub mod im2col;
pub mod instruction_set;
pub mod kernels;
pub mod lanes;
pub mod layout;
mod matmul_step;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
mod pack;
pub mod peak;
mod plan;
pub mod quantization;
pub mod scalar;
pub mod short;
#[cfg(target_arch = "wasm32")]
pub mod simd128;
pub mod single_channel;
mod step;
pub mod vector;
pub mod winograd;
mod winograd_step;

pub use compile::has_wide_pointwise;
pub use compile_error::CompileError;
pub use instruction_set::InstructionSet;
pub use plan::Plan;

pub use crate::arithmetic::Arithmetic;

use crate::activation::{Activation, Layered};
use crate::classifier::Classifier;
use crate::image::PIXELS;
use crate::label::CLASSES;
use crate::prediction::Logits;
use crate::preprocess::Features;
use crate::weights::ModelFile;
use scalar::ScalarKernels;
use std::ops::Range;
use vector::VectorKernels;

/// A network that is ready to answer.
#[derive(Debug)]
pub struct Engine {
    plan: Plan,
    instruction_set: InstructionSet,
}

impl Engine {
    /// Compile the bytes of a weights file for at most `batch` images at once.
    ///
    /// # Errors
    /// [`CompileError`] naming the tensor or the layer, what was expected and what was found.
    ///
    /// # Panics
    /// When `batch` is zero.
    pub fn from_bytes(
        bytes: &[u8],
        arithmetic: Arithmetic,
        batch: usize,
    ) -> Result<Self, CompileError> {
        assert!(batch > 0, "a batch holds at least one image");
        let file = ModelFile::parse(bytes)?;
        let plan = compile::Compiler::new(&file, arithmetic).run(batch)?;
        Ok(Self {
            plan,
            instruction_set: InstructionSet::Simd,
        })
    }

    /// Compute with another instruction set.
    pub fn with_instruction_set(self, instruction_set: InstructionSet) -> Self {
        Self {
            instruction_set,
            ..self
        }
    }

    /// What computes; its [label](InstructionSet::label) names it for a visitor.
    pub fn instruction_set(&self) -> InstructionSet {
        self.instruction_set
    }

    /// What layers are computed in; [`Arithmetic::Float`] where none takes integers.
    pub fn arithmetic(&self) -> Arithmetic {
        if self.plan.is_quantized() {
            Arithmetic::Quantized
        } else {
            Arithmetic::Float
        }
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Compute the logits of some images, and call `after_step` with the number of every step that ends. The
    /// logits of an image that is not finite are NaN.
    ///
    /// # Panics
    /// When there are more images than the batch holds, or not one result per image.
    pub fn run<'a>(
        &mut self,
        images: impl ExactSizeIterator<Item = &'a [f32; PIXELS]> + Clone,
        logits: &mut [Logits],
        mut after_step: impl FnMut(usize),
    ) {
        let n = images.len();
        assert_eq!(n, logits.len(), "one result per image");
        self.plan.load(images.clone());
        self.dispatch(0..self.plan.len(), n, &mut after_step);
        self.plan.read(logits);
        // A maximum may lose a NaN on the way, so the input decides.
        for (image, logits) in images.zip(logits) {
            if image.iter().any(|value| !value.is_finite()) {
                *logits = [f32::NAN; CLASSES];
            }
        }
    }

    /// Run steps of the plan on `n` images with the kernels of the instruction set. The native build compiles them once
    /// for each generation of vectors, and picks one when it runs. Nothing here is generic, so that it is once only.
    fn dispatch(&mut self, steps: Range<usize>, n: usize, after_step: &mut dyn FnMut(usize)) {
        match self.instruction_set {
            InstructionSet::Scalar => self.plan.run::<ScalarKernels>(steps, n, after_step),
            #[cfg(feature = "cli")]
            InstructionSet::Simd => pulp::Arch::new().dispatch(
                #[inline(always)]
                || self.plan.run::<VectorKernels>(steps, n, after_step),
            ),
            #[cfg(not(feature = "cli"))]
            InstructionSet::Simd => self.plan.run::<VectorKernels>(steps, n, after_step),
        }
    }
}

impl Layered for Engine {
    fn steps(&self) -> usize {
        self.plan.len()
    }

    fn begin(&mut self, features: &Features) {
        self.plan.load([features.values()].into_iter());
    }

    fn step(&mut self, number: usize) {
        self.dispatch(number..number + 1, 1, &mut |_| ());
    }

    fn activation(&self, number: usize) -> Activation {
        self.plan.activation(number)
    }
}

impl Classifier for Engine {
    fn logits(&mut self, features: &Features) -> Logits {
        let mut logits = [[0.0; CLASSES]];
        self.run([features.values()].into_iter(), &mut logits, |_| ());
        logits[0]
    }

    fn logits_of_many(&mut self, features: &[Features]) -> Vec<Logits> {
        let mut logits = vec![[0.0; CLASSES]; features.len()];
        let blocks = logits.chunks_mut(self.plan.batch());
        for (features, logits) in features.chunks(self.plan.batch()).zip(blocks) {
            self.run(features.iter().map(Features::values), logits, |_| ());
        }
        logits
    }

    fn layered(&mut self) -> Option<&mut dyn Layered> {
        Some(self)
    }
}
