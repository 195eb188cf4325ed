//! k nearest neighbors: the model keeps every training image, as a few quantized principal components.

use super::decomposition::{principal_components, project};
use super::{Fit, check};
use crate::classical::k_nearest_neighbors::KNearestNeighbors;
use crate::classical::projection::quantize;
use crate::dataset::Samples;
use crate::image::PIXELS;
use itertools::iproduct;
use serde::{Deserialize, Serialize};

/// The recipe of `knn`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    dimensions: Vec<usize>,
    whitening: Vec<f64>,
    neighbors: Vec<u8>,
}

/// A choice for `knn`.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    dimensions: usize,
    /// 0 keeps the distances between images; 1 gives all components the same variance.
    whitening: f64,
    neighbors: u8,
}

impl Fit for Recipe {
    type Choice = Choice;
    type Model = KNearestNeighbors;

    fn choices(&self) -> Vec<Choice> {
        iproduct!(&self.dimensions, &self.whitening, &self.neighbors)
            .map(|(&dimensions, &whitening, &neighbors)| Choice {
                dimensions,
                whitening,
                neighbors,
            })
            .collect()
    }

    fn fit(&self, choice: &Choice, samples: &Samples) -> Result<KNearestNeighbors, String> {
        let &Choice {
            dimensions,
            whitening,
            neighbors,
        } = choice;
        let range = "1 to 784";
        check(
            (1..=PIXELS).contains(&dimensions),
            "dimensions",
            dimensions,
            range,
        )?;
        check(
            (0.0..=1.0).contains(&whitening),
            "whitening",
            whitening,
            "0 to 1",
        )?;
        let (mut projection, _) = principal_components(samples, dimensions, whitening)?;
        let coordinates = project(&mut projection, samples);
        let mut prototypes = vec![0; coordinates.len()];
        quantize(&coordinates, &mut prototypes);
        let labels = samples.labels.iter().map(|l| l.index() as u8).collect();
        KNearestNeighbors::new(projection, prototypes, labels, neighbors).map_err(|e| e.to_string())
    }
}
