//! k nearest neighbours: every training image is kept, as a few rounded principal components.

use super::decomposition::{principal_components, project};
use super::{Fit, check};
use crate::classical::k_nearest_neighbors::round;
use crate::classical::{Classical, KNearestNeighbors};
use crate::dataset::Samples;
use crate::image::PIXELS;
use serde::{Deserialize, Serialize};

/// The recipe of `knn`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    dimensions: Vec<usize>,
    neighbors: Vec<u8>,
}

/// A choice for `knn`.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    dimensions: usize,
    neighbors: u8,
}

impl Fit for Recipe {
    type Choice = Choice;

    fn choices(&self) -> Vec<Choice> {
        let of = |&dimensions: &usize| {
            let choice = move |&neighbors: &u8| Choice {
                dimensions,
                neighbors,
            };
            self.neighbors.iter().map(choice)
        };
        self.dimensions.iter().flat_map(of).collect()
    }

    fn fit(&self, choice: &Choice, samples: &Samples) -> Result<Classical, String> {
        let dimensions = choice.dimensions;
        check(
            (1..=PIXELS).contains(&dimensions),
            "dimensions",
            dimensions,
            "1 to 784",
        )?;
        let (mut projection, _) = principal_components(samples, dimensions)?;
        let coordinates = project(&mut projection, samples);
        let mut prototypes = vec![0; coordinates.len()];
        round(&coordinates, &mut prototypes);
        let labels = samples.labels.iter().map(|l| l.index() as u8).collect();
        KNearestNeighbors::new(projection, prototypes, labels, choice.neighbors)
            .map(Classical::KNearestNeighbors)
            .map_err(|e| e.to_string())
    }
}
