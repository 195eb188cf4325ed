//! Fixed samples with as many images of every class, on which squeezed networks are judged.

use super::samples::Samples;
use super::split::shuffle;
use crate::label::CLASSES;

/// Images of a sample that the page fetches.
pub const BALANCED_IMAGES: usize = 1000;
/// Seed of the shuffle from which the first images of each class are taken.
const BALANCED_SEED: u64 = 1000;

/// The positions of `count` images: the classes take turns, so every ten that follow one another have each class once,
/// and the first 200 of a sample are a sample too. Fewer when a class has no more images.
pub fn balanced(samples: &Samples, count: usize) -> Vec<usize> {
    let mut shuffled: Vec<usize> = (0..samples.len()).collect();
    shuffle(&mut shuffled, BALANCED_SEED);
    let mut classes: [Vec<usize>; CLASSES] = std::array::from_fn(|class| {
        let of_class = |i: &&usize| samples.labels[**i].index() == class;
        shuffled.iter().rev().filter(of_class).copied().collect()
    });
    (0..count)
        .map_while(|turn| classes[turn % CLASSES].pop())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::GrayImage;
    use crate::label::Label;

    #[test]
    fn every_class_takes_its_turn_and_a_shorter_sample_is_the_start_of_a_longer_one() {
        let samples = Samples {
            images: vec![GrayImage::black(); 100],
            labels: (0..100).map(|i| Label::new(i / 10).unwrap()).collect(),
        };
        let positions = balanced(&samples, 70);
        for (turn, position) in positions.iter().enumerate() {
            assert_eq!(samples.labels[*position].index(), turn % CLASSES);
        }
        assert_eq!(balanced(&samples, 20), positions[..20]);
        let mut all = balanced(&samples, 1000);
        all.sort_unstable();
        assert_eq!(all, (0..100).collect::<Vec<_>>(), "each image once");
    }
}
