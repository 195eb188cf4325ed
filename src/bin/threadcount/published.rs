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

impl Published {
    /// The accuracy from 0 to 1, with the digits of the published percentage and no more.
    pub fn share(&self) -> f64 {
        (self.accuracy * 1e4).round() / 1e6
    }
}

/// All rows.
pub fn read() -> Result<Vec<Published>> {
    read_csv(&result_path("published.csv"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_the_digits_of_its_percentage() {
        let share = |accuracy| {
            let row = Published {
                name: String::new(),
                network: String::new(),
                parameters: 0.0,
                accuracy,
                said_by: String::new(),
            };
            row.share().to_string()
        };
        assert_eq!(
            [93.6, 95.2, 95.55, 99.67].map(share),
            ["0.936", "0.952", "0.9555", "0.9967"]
        );
    }
}
