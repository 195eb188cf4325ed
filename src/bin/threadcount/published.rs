//! results/published.csv: accuracies that others published, each with its source.

use crate::files::{Result, read_csv, result_path};
use serde::Deserialize;

/// A row.
#[derive(Deserialize)]
pub struct Published {
    /// What it is called in the figure.
    pub name: String,
    /// Our network of the same architecture; empty when there is none.
    pub network: String,
    /// Numbers it holds.
    pub parameters: f64,
    /// In percent.
    pub accuracy: f64,
    /// Who says so, in a word or two.
    pub said_by: String,
}

/// All rows.
pub fn read() -> Result<Vec<Published>> {
    read_csv(&result_path("published.csv"))
}
