//! Random horizontal flips and small shifts of training images.
//!
//! Each image's change is drawn from the run's seed, the epoch and the image's index alone, so a
//! resumed run sees the same pictures.

use crate::image::{GrayImage, SIDE};
use rand::{RngExt, SeedableRng, rngs::StdRng};

/// Flip with probability one half and shift by up to `max_shift` pixels each way, black moving in.
pub fn augment(image: &GrayImage, max_shift: usize, seed: u64) -> GrayImage {
    let mut rng = StdRng::seed_from_u64(seed);
    let flip = rng.random_bool(0.5);
    let limit = max_shift as i32;
    let (right, down) = (
        rng.random_range(-limit..=limit),
        rng.random_range(-limit..=limit),
    );
    transform(image, flip, right, down)
}

/// Move the picture `right` and `down` after an optional flip.
fn transform(image: &GrayImage, flip: bool, right: i32, down: i32) -> GrayImage {
    let side = SIDE as i32;
    let mut out = GrayImage::black();
    for y in 0..side {
        for x in 0..side {
            let (from_x, from_y) = (x - right, y - down);
            if (0..side).contains(&from_x) && (0..side).contains(&from_y) {
                let from_x = if flip { side - 1 - from_x } else { from_x };
                out.pixels_mut()[(y * side + x) as usize] =
                    image.pixels()[(from_y * side + from_x) as usize];
            }
        }
    }
    out
}

/// Mix several numbers into one seed.
///
/// **Source**: the finalizer of `SplitMix64`, Steele et al., OOPSLA 2014.
pub fn mix_seed(parts: &[u64]) -> u64 {
    parts.iter().fold(0, |state, part| {
        let mut z = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flip_and_a_shift_move_the_pixel_they_should() {
        let mut image = GrayImage::black();
        image.pixels_mut()[3 * SIDE + 5] = 200;
        let moved = transform(&image, true, 2, -1);
        let lit: Vec<usize> = (0..moved.pixels().len())
            .filter(|&i| moved.pixels()[i] > 0)
            .collect();
        assert_eq!(lit, [2 * SIDE + (SIDE - 1 - 5) + 2]);
    }

    #[test]
    fn the_same_seed_gives_the_same_picture() {
        let mut image = GrayImage::black();
        image.pixels_mut()[400] = 9;
        let pictures: Vec<GrayImage> = (0..32).map(|seed| augment(&image, 2, seed)).collect();
        assert_eq!(pictures[7], augment(&image, 2, 7));
        assert!(
            pictures.iter().any(|p| *p != pictures[0]),
            "augmentation does something"
        );
    }
}
