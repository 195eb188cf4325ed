//! The engine: a trained network compiled into a plan of fused steps, for one image at a time or many.
//!
//! ```text
//! weights file --compile--> Plan --run--> Logits
//!                             |
//!            kernels: scalar (the definition) or vector (over lanes: simd128, native arrays)
//! ```
//! `tests/parity.rs` holds it to Burn's logits, `tests/engine.rs` every fast kernel to its scalar twin.

mod compile;
pub mod integer;
pub mod kernels;
pub mod lanes;
mod pack;
mod plan;
pub mod scalar;
#[cfg(target_arch = "wasm32")]
pub mod simd128;
pub mod vector;
pub mod winograd;
mod winograd_vector;

pub use compile::CompileError;
pub use plan::Plan;

use crate::classifier::Classifier;
use crate::image::PIXELS;
use crate::label::CLASSES;
use crate::prediction::Logits;
use crate::preprocess::Features;
use crate::weights::ModelFile;
use scalar::Scalar;
use vector::Vectorized;

/// Which kernels a plan runs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// Plain loops.
    Scalar,
    /// The build's vectors.
    Vector,
}

impl Path {
    /// The name of what really runs in this build.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Vector if cfg!(target_feature = "relaxed-simd") => "relaxed SIMD",
            Self::Vector if cfg!(target_arch = "wasm32") => "SIMD",
            Self::Vector => "native vectors",
        }
    }
}

/// What the pointwise layers, which make most of a separable network's products, are computed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// Single precision, as in training.
    Float,
    /// Weights of eight bits and activations of seven, see [`integer`].
    Integer,
}

/// A network that is ready to answer.
#[derive(Debug)]
pub struct Engine {
    plan: Plan,
    path: Path,
}

impl Engine {
    /// Compile the bytes of a weights file for at most `batch` images at once, with pointwise layers in an
    /// arithmetic.
    ///
    /// # Errors
    /// [`CompileError`] naming the tensor or the layer, what was expected and what was found.
    pub fn from_bytes(
        bytes: &[u8],
        arithmetic: Arithmetic,
        batch: usize,
    ) -> Result<Self, CompileError> {
        let file = ModelFile::parse(bytes)?;
        let plan = compile::Compiler::new(&file, arithmetic).run(batch)?;
        Ok(Self {
            plan,
            path: Path::Vector,
        })
    }

    /// Run with other kernels.
    pub fn with_path(self, path: Path) -> Self {
        Self { path, ..self }
    }

    /// What the pointwise layers are computed in: floats where there are none.
    pub fn arithmetic(&self) -> Arithmetic {
        if self.plan.has_integers() {
            Arithmetic::Integer
        } else {
            Arithmetic::Float
        }
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Run, and hear of the end of every step. The logits of an image that is not finite are NaN.
    ///
    /// # Panics
    /// When there are more images than the batch holds, or not one result an image.
    pub fn run<'a>(
        &mut self,
        images: impl ExactSizeIterator<Item = &'a [f32; PIXELS]> + Clone,
        logits: &mut [Logits],
        after_step: impl FnMut(usize),
    ) {
        let inputs = images.clone();
        self.run_path(images, logits, after_step);
        // A maximum may lose a NaN on the way, so the input decides.
        for (image, logits) in inputs.zip(logits) {
            if image.iter().any(|value| !value.is_finite()) {
                *logits = [f32::NAN; CLASSES];
            }
        }
    }

    fn run_path<'a>(
        &mut self,
        images: impl ExactSizeIterator<Item = &'a [f32; PIXELS]>,
        logits: &mut [Logits],
        after_step: impl FnMut(usize),
    ) {
        match self.path {
            Path::Scalar => self.plan.run::<Scalar>(images, logits, after_step),
            #[cfg(feature = "cli")]
            Path::Vector => pulp::Arch::new().dispatch(
                #[inline(always)]
                || self.plan.run::<Vectorized>(images, logits, after_step),
            ),
            #[cfg(not(feature = "cli"))]
            Path::Vector => self.plan.run::<Vectorized>(images, logits, after_step),
        }
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
}
