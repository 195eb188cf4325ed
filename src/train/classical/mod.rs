//! Fits the classical models: one file for each algorithm, with its recipe, its hyper-parameters and `fit`.
//!
//! A recipe in `models/recipes/` lists values for each hyper-parameter. Every combination is fitted on the
//! training images and compared on the validation images; the best is fitted again on both.

mod cart;
mod decomposition;
pub mod gaussian_nb;
mod impurity;
pub mod k_nearest_neighbors;
pub mod svm;
pub mod trees;

use crate::classical::ClassicalModel;
use crate::dataset::Samples;
use crate::image::PIXELS;
use crate::preprocess::normalize;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A model's recipe: the values of each hyper-parameter that are tried.
pub trait Fit: DeserializeOwned {
    /// One value for each hyper-parameter.
    type Choice: Clone + Serialize;
    /// What is fitted.
    type Model: ClassicalModel;

    /// Every combination of the recipe's values.
    fn choices(&self) -> Vec<Self::Choice>;

    /// Fit a model.
    ///
    /// # Errors
    /// A message when a hyper-parameter is out of its range.
    fn fit(&self, choice: &Self::Choice, samples: &Samples) -> Result<Self::Model, String>;
}

/// Refuse a hyper-parameter that is out of its range.
fn check(
    valid: bool,
    name: &str,
    value: impl std::fmt::Display,
    range: &str,
) -> Result<(), String> {
    if valid {
        return Ok(());
    }
    Err(format!("{name} is {value}, expected {range}"))
}

/// The features of all images, one after the other.
fn features(samples: &Samples) -> Vec<f32> {
    let mut rows = Vec::with_capacity(samples.len() * PIXELS);
    for image in &samples.images {
        rows.extend_from_slice(normalize(image).values());
    }
    rows
}
