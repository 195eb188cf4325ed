//! Occlusion: which places of a picture speak for a model's answer.
//!
//! A square of the picture is set to black and the model is asked again. What the probability of its answer loses is
//! the cost of that place. Places come from coarse to fine, so that a part of them is a map already; the worker and
//! `tests/page/inside.rs` compute by the same `Classifier::occlude_next`.
//!
//! **Source**: Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014, section 4.2
//! (<https://arxiv.org/abs/1311.2901>).

use crate::image::{GrayImage, PIXELS, SIDE};
use crate::label::Label;
use crate::prediction::Prediction;

/// Side of the square that is covered, in pixels.
pub const SQUARE: usize = 5;
/// How many places there are: the square's middle is at every pixel once.
pub const PLACES: usize = PIXELS;
/// Distance of two places while only the coarse ones are known, from coarse to fine.
const STRIDES: [usize; 3] = [4, 2, 1];

/// Row and column of every place, from coarse to fine.
pub fn places() -> Vec<[usize; 2]> {
    let mut places = Vec::with_capacity(PLACES);
    for stride in STRIDES {
        for at in 0..PIXELS {
            let place = [at / SIDE, at % SIDE];
            if coarse(place, stride) == place && !places.contains(&place) {
                places.push(place);
            }
        }
    }
    places
}

/// The place that stands for another one while only places so far apart are known.
fn coarse(place: [usize; 2], stride: usize) -> [usize; 2] {
    place.map(|v| v / stride * stride + usize::from(stride > 1))
}

/// Rows or columns of the square with its middle at one, from the first to behind the last.
pub fn covered(middle: usize) -> std::ops::Range<usize> {
    middle.saturating_sub(SQUARE / 2)..(middle + SQUARE / 2 + 1).min(SIDE)
}

/// The picture with the square around a place set to black.
///
/// # Panics
/// When the place lies outside of the picture.
pub fn cover(image: &GrayImage, [row, column]: [usize; 2]) -> GrayImage {
    assert!(row < SIDE && column < SIDE, "a place in the picture");
    let mut image = image.clone();
    for row in covered(row) {
        for column in covered(column) {
            image.pixels_mut()[row * SIDE + column] = 0;
        }
    }
    image
}

/// What every place costs, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Occlusion {
    answer: Prediction,
    /// In the order of [`places`].
    costs: Vec<f32>,
    places: Vec<[usize; 2]>,
}

impl Occlusion {
    /// Begin with what a model answers to the whole picture.
    pub fn new(answer: Prediction) -> Self {
        Self {
            answer,
            costs: Vec::new(),
            places: places(),
        }
    }

    /// The picture with the next place covered; none when all are known.
    pub fn next_picture(&self, image: &GrayImage) -> Option<GrayImage> {
        let place = self.places.get(self.costs.len())?;
        Some(cover(image, *place))
    }

    /// Take in the answer to the picture with the next place covered.
    pub fn push(&mut self, answer: &Prediction) {
        let left = answer.probabilities[self.label().index()];
        self.extend(&[self.confidence() - left]);
    }

    /// Take in what the next places cost, in the order of [`places`].
    pub fn extend(&mut self, costs: &[f32]) {
        self.costs.extend(costs);
        self.costs.truncate(PLACES);
    }

    /// What is known, in the order of [`places`].
    pub fn costs(&self) -> &[f32] {
        &self.costs
    }

    /// Whether every place is known.
    pub fn is_complete(&self) -> bool {
        self.costs.len() == PLACES
    }

    /// The answer to the whole picture.
    pub fn label(&self) -> Label {
        self.answer.label()
    }

    /// The probability of that answer, 0 to 1.
    pub fn confidence(&self) -> f32 {
        self.answer.confidence()
    }

    /// How much of that probability is lost when a place is covered, -1 to 1: below zero, it rises. Until the place is
    /// known, what a coarser one nearby costs.
    pub fn cost(&self, place: [usize; 2]) -> Option<f32> {
        let known = |place: [usize; 2]| {
            let at = self.places.iter().position(|other| *other == place)?;
            self.costs.get(at).copied()
        };
        let mut strides = STRIDES.into_iter().rev();
        strides.find_map(|stride| known(coarse(place, stride)))
    }

    /// The costs of all places row by row, as [`Self::cost`] gives each.
    pub fn map(&self) -> Vec<Option<f32>> {
        let mut map = vec![None; PIXELS];
        for stride in STRIDES {
            // Every place of a grid comes before those of the next finer one.
            let known = (SIDE / stride).pow(2);
            let mut costs = vec![None; PIXELS];
            for (place, cost) in self.places.iter().zip(&self.costs).take(known) {
                costs[place[0] * SIDE + place[1]] = Some(*cost);
            }
            for at in 0..PIXELS {
                let [row, column] = coarse([at / SIDE, at % SIDE], stride);
                map[at] = costs[row * SIDE + column].or(map[at]);
            }
        }
        map
    }

    /// The largest cost and the smallest, once a place is known.
    pub fn extremes(&self) -> Option<[f32; 2]> {
        let largest = self.costs.iter().copied().reduce(f32::max)?;
        let smallest = self.costs.iter().copied().reduce(f32::min)?;
        Some([largest, smallest])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classifier::Classifier;
    use crate::label::CLASSES;
    use crate::prediction::Logits;
    use crate::preprocess::{Features, normalize};

    /// Sees one pixel: the brighter it is, the surer it is of the last class.
    struct OnePixel(usize);

    impl Classifier for OnePixel {
        fn logits(&mut self, features: &Features) -> Logits {
            let mut logits = [0.0; CLASSES];
            logits[CLASSES - 1] = features.values()[self.0];
            logits
        }
    }

    fn white() -> GrayImage {
        GrayImage::from_pixels(&[255; PIXELS]).unwrap()
    }

    fn complete(classifier: &mut impl Classifier, image: &GrayImage) -> Occlusion {
        let mut occlusion = Occlusion::new(classifier.predict_proba(&normalize(image)).unwrap());
        while !occlusion.is_complete() {
            classifier.occlude_next(&mut occlusion, image).unwrap();
        }
        occlusion
    }

    #[test]
    fn every_place_comes_once_and_the_coarse_ones_first() {
        let places = places();
        assert_eq!(places.len(), PLACES);
        let distinct: std::collections::BTreeSet<_> = places.iter().collect();
        assert_eq!(distinct.len(), PLACES);
        assert!(places[..49].iter().all(|[y, x]| y % 4 == 1 && x % 4 == 1));
        assert!(places[..196].iter().all(|[y, x]| y % 2 == 1 && x % 2 == 1));
    }

    #[test]
    fn a_square_is_covered_and_cut_off_at_the_border() {
        let dark = |image: &GrayImage| image.pixels().iter().filter(|v| **v == 0).count();
        assert_eq!(dark(&cover(&white(), [10, 10])), SQUARE * SQUARE);
        assert_eq!(dark(&cover(&white(), [0, 27])), 9);
        assert_eq!(cover(&GrayImage::black(), [3, 3]), GrayImage::black());
    }

    #[test]
    fn only_squares_over_what_the_model_sees_cost_something() {
        let occlusion = complete(&mut OnePixel(12 * SIDE + 9), &white());
        for at in 0..PIXELS {
            let (row, column) = (at / SIDE, at % SIDE);
            let covers = covered(row).contains(&12) && covered(column).contains(&9);
            let cost = occlusion.cost([row, column]).unwrap();
            assert_eq!(cost > 0.1, covers, "{row} {column}: {cost}");
            assert_eq!(occlusion.map()[at], Some(cost));
        }
        assert_eq!(occlusion.extremes().unwrap()[1], 0.0);
    }

    #[test]
    fn a_part_of_the_places_is_a_map_already() {
        let all = complete(&mut OnePixel(5 * SIDE + 5), &white());
        let mut part = Occlusion::new(all.answer);
        assert_eq!(part.cost([0, 0]), None);
        assert_eq!(part.extremes(), None);
        for (from, to) in [(0, 30), (30, 49), (49, 120), (120, PLACES)] {
            part.extend(&all.costs()[from..to]);
            for at in 0..PIXELS {
                assert_eq!(
                    part.map()[at],
                    part.cost([at / SIDE, at % SIDE]),
                    "{to} {at}"
                );
            }
        }
        assert_eq!(part, all);
        assert_eq!(part.map().iter().filter(|cost| cost.is_none()).count(), 0);
    }
}
