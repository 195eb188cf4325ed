//! Random changes of training images.
//!
//! Each change follows from a seed alone, so a resumed run makes the same ones.

use crate::card::Recipe;
use crate::image::{GrayImage, SIDE};
use chacha20::ChaCha12Rng;
use rand::{RngExt, SeedableRng};

/// Change a training image as `recipe` says: mirror half of them, scale, shear, shift, erase.
///
/// Returns also whether it was mirrored.
pub fn augment(image: &GrayImage, recipe: &Recipe, seed: u64) -> (GrayImage, bool) {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let mirror = rng.random_bool(0.5) && recipe.flip;
    let limit = recipe.max_shift as i32;
    let (right, down) = (
        rng.random_range(-limit..=limit),
        rng.random_range(-limit..=limit),
    );
    let mut up_to = |limit: f32| rng.random_range(-limit..=limit);
    let change = Affine {
        scale_x: if mirror { -1.0 } else { 1.0 } * (1.0 + up_to(recipe.max_scale)),
        scale_y: 1.0 + up_to(recipe.max_scale),
        shear: up_to(recipe.max_shear),
        right: right as f32,
        down: down as f32,
    };
    let mut out = change.apply(image);
    if rng.random_bool(recipe.erase) {
        erase(&mut out, &mut rng);
    }
    (out, mirror)
}

/// The mirror image.
pub fn mirrored(image: &GrayImage) -> GrayImage {
    let mut out = image.clone();
    out.pixels_mut().chunks_mut(SIDE).for_each(<[u8]>::reverse);
    out
}

/// Where a pixel of the new picture comes from, around the middle.
struct Affine {
    scale_x: f32,
    scale_y: f32,
    shear: f32,
    right: f32,
    down: f32,
}

impl Affine {
    /// Sample the picture bilinearly, black outside.
    fn apply(&self, image: &GrayImage) -> GrayImage {
        let middle = (SIDE - 1) as f32 / 2.0;
        let pixel = |x: i32, y: i32| {
            let inside = (0..SIDE as i32).contains(&x) && (0..SIDE as i32).contains(&y);
            let at = (y * SIDE as i32 + x) as usize;
            f32::from(if inside { image.pixels()[at] } else { 0 })
        };
        let mut out = GrayImage::black();
        for (i, value) in out.pixels_mut().iter_mut().enumerate() {
            let x = (i % SIDE) as f32 - middle - self.right;
            let y = (i / SIDE) as f32 - middle - self.down;
            let from_x = x * self.scale_x + y * self.shear + middle;
            let from_y = y * self.scale_y + middle;
            let (left, top) = (from_x.floor(), from_y.floor());
            let (dx, dy) = (from_x - left, from_y - top);
            let (left, top) = (left as i32, top as i32);
            let upper = pixel(left, top) * (1.0 - dx) + pixel(left + 1, top) * dx;
            let lower = pixel(left, top + 1) * (1.0 - dx) + pixel(left + 1, top + 1) * dx;
            *value = (upper * (1.0 - dy) + lower * dy).round() as u8;
        }
        out
    }
}

/// Fill a random rectangle, 2 to 33 % of the area and 0.3 to 3.3 times as wide as high, with noise.
///
/// **Source**: Zhong et al., "Random erasing data augmentation", 2017, section 3.1
/// (<https://arxiv.org/abs/1708.04896>).
fn erase(image: &mut GrayImage, rng: &mut ChaCha12Rng) {
    let area = rng.random_range(0.02..0.33_f32) * (SIDE * SIDE) as f32;
    let aspect = rng.random_range(0.3..3.3_f32);
    let side = |length: f32| (length.round() as usize).clamp(1, SIDE);
    let (width, height) = (side((area * aspect).sqrt()), side((area / aspect).sqrt()));
    let left = rng.random_range(0..=SIDE - width);
    let top = rng.random_range(0..=SIDE - height);
    for row in image.pixels_mut().chunks_mut(SIDE).skip(top).take(height) {
        for value in &mut row[left..left + width] {
            *value = rng.random();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::OptimizerName;

    fn recipe() -> Recipe {
        Recipe {
            epochs: 1,
            batch_size: 1,
            optimizer: OptimizerName::AdamW,
            learning_rate: 1.0,
            matrix_learning_rate: None,
            warm_up: 0.0,
            weight_decay: 0.0,
            max_grad_norm: None,
            ema_decay: None,
            early_dropout: None,
            label_smoothing: 0.0,
            flip: true,
            max_shift: 2,
            max_scale: 0.1,
            max_shear: 0.1,
            erase: 0.0,
            mixup: 0.0,
            augmented_views: 0,
            drawn_share: 0.0,
            other_share: 0.0,
            other_pictures: 0,
            drawn_pictures: 0,
            drawn_from_photographs: 0.0,
            seeds: vec![1],
            final_fit: false,
            teachers: Vec::new(),
            distillation_weight: 0.0,
            initial: None,
            trained: Vec::new(),
            weight_bits: None,
            scale_digits: None,
            most_bytes: None,
        }
    }

    #[test]
    fn a_flip_and_a_shift_move_the_pixel_they_should() {
        let mut image = GrayImage::black();
        image.pixels_mut()[3 * SIDE + 5] = 200;
        let change = Affine {
            scale_x: -1.0,
            scale_y: 1.0,
            shear: 0.0,
            right: 2.0,
            down: -1.0,
        };
        let moved = change.apply(&image);
        let lit: Vec<usize> = (0..moved.pixels().len())
            .filter(|&i| moved.pixels()[i] > 0)
            .collect();
        assert_eq!(lit, [2 * SIDE + (SIDE - 1 - 5) + 2]);
        assert_eq!(moved.pixels()[lit[0]], 200);
    }

    #[test]
    fn a_mirrored_picture_is_the_mirror_image() {
        let mut image = GrayImage::black();
        let mut rng = ChaCha12Rng::seed_from_u64(1);
        image
            .pixels_mut()
            .iter_mut()
            .for_each(|v| *v = rng.random());
        let still = Recipe {
            max_shift: 0,
            max_scale: 0.0,
            max_shear: 0.0,
            ..recipe()
        };
        let pictures = (0..20).map(|seed| augment(&image, &still, seed));
        let (mirrors, plain): (Vec<_>, Vec<_>) = pictures.partition(|p| p.1);
        assert!(!mirrors.is_empty() && !plain.is_empty());
        assert!(mirrors.iter().all(|p| p.0 == mirrored(&image)));
        assert!(plain.iter().all(|p| p.0 == image));
    }

    #[test]
    fn half_a_pixel_is_shared_by_two() {
        let mut image = GrayImage::black();
        image.pixels_mut()[10 * SIDE + 10] = 100;
        let change = Affine {
            scale_x: 1.0,
            scale_y: 1.0,
            shear: 0.0,
            right: 0.5,
            down: 0.0,
        };
        let moved = change.apply(&image);
        assert_eq!(moved.pixels()[10 * SIDE + 10], 50);
        assert_eq!(moved.pixels()[10 * SIDE + 11], 50);
    }

    #[test]
    fn the_same_seed_gives_the_same_picture() {
        let mut image = GrayImage::black();
        image.pixels_mut()[400] = 9;
        let pictures: Vec<GrayImage> = (0..32)
            .map(|seed| augment(&image, &recipe(), seed).0)
            .collect();
        assert_eq!(pictures[7], augment(&image, &recipe(), 7).0);
        assert!(
            pictures.iter().any(|p| *p != pictures[0]),
            "augmentation does something"
        );
    }

    #[test]
    fn erasing_changes_one_rectangle_of_the_published_size() {
        for seed in 0..200 {
            let mut image = GrayImage::black();
            erase(&mut image, &mut ChaCha12Rng::seed_from_u64(seed));
            let lit: Vec<(usize, usize)> = (0..SIDE * SIDE)
                .filter(|&i| image.pixels()[i] > 0)
                .map(|i| (i % SIDE, i / SIDE))
                .collect();
            let span = |values: Vec<usize>| {
                values.iter().max().unwrap() - values.iter().min().unwrap() + 1
            };
            let width = span(lit.iter().map(|p| p.0).collect());
            let height = span(lit.iter().map(|p| p.1).collect());
            let share = (width * height) as f32 / (SIDE * SIDE) as f32;
            assert!(share < 0.37, "seed {seed}: {share}");
            assert!(lit.len() * 10 > width * height * 9, "noise fills it");
        }
    }
}
