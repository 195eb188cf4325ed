//! Augmented views: training images changed at random, each with its soft target.
//!
//! A view follows from seeds, the epoch and the image's index alone, so a resumed run sees the same ones. With a
//! recipe's `augmented_views` there are so many of each image, the same for every run, and a teacher is asked about
//! each; without, they are new in every epoch, and a teacher is asked about the image and its mirror image.

use super::augment::{augment, mirrored};
use super::seed::mix_seed;
use super::targets::{NONE_OF_THESE, SoftTarget, blend, smoothed};
use crate::card::{Recipe, TeacherFile};
use crate::dataset::{Samples, sha256};
use crate::image::GrayImage;
use chacha20::ChaCha12Rng;
use rand::{RngExt, SeedableRng};

/// Views that a teacher is asked about without `augmented_views`: the image and its mirror image.
const MIRROR_VIEWS: usize = 2;

/// The training images and how they are augmented.
#[derive(Clone, Copy, Debug)]
pub struct AugmentedViews<'a> {
    samples: &'a Samples,
    recipe: &'a Recipe,
}

/// One augmented view.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The image.
    pub image: GrayImage,
    /// The label's part of the target.
    pub target: SoftTarget,
    /// Its number among the views that a teacher is asked about.
    pub number: usize,
}

impl<'a> AugmentedViews<'a> {
    /// The views of `samples` by the choices of `recipe`. Images without labels show none of the classes.
    ///
    /// # Panics
    /// When some of the images have labels and others have none.
    pub fn new(samples: &'a Samples, recipe: &'a Recipe) -> Self {
        assert!(samples.are_labeled() || samples.labels.is_empty(), "labels");
        Self { samples, recipe }
    }

    /// The view of an image in an epoch of the run with `seed`.
    pub fn get(&self, seed: u64, epoch: usize, image: usize) -> View {
        match self.recipe.augmented_views {
            0 => self.augmented(&[seed, epoch as u64, image as u64], image),
            views => self.numbered(epoch % views, image),
        }
    }

    /// How many images there are.
    pub fn images(&self) -> usize {
        self.samples.len()
    }

    /// How many views of each image a teacher is asked about.
    pub fn views_per_image(&self) -> usize {
        match self.recipe.augmented_views {
            0 => MIRROR_VIEWS,
            views => views,
        }
    }

    /// The image that a teacher is shown as a view of an image.
    pub fn shown(&self, view: usize, image: usize) -> GrayImage {
        match self.recipe.augmented_views {
            0 if view == 1 => mirrored(&self.samples.images[image]),
            0 => self.samples.images[image].clone(),
            _ => self.numbered(view, image).image,
        }
    }

    /// Sixteen hexadecimal digits that stand for some teachers and for the views that they are shown.
    ///
    /// # Panics
    /// Never: choices are plain data.
    pub fn fingerprint(&self, teachers: &[TeacherFile]) -> String {
        let Recipe {
            flip,
            max_shift,
            max_scale,
            max_shear,
            erase,
            mixup,
            augmented_views: views,
            ..
        } = self.recipe;
        let changes = (flip, max_shift, max_scale, max_shear, erase, mixup);
        let shown = (*views > 0).then_some((views, changes));
        let networks: Vec<_> = teachers
            .iter()
            .map(|file| (&file.model, &file.sha256))
            .collect();
        let pixels: Vec<u8> = self
            .samples
            .images
            .iter()
            .flat_map(|i| *i.pixels())
            .collect();
        let asked = (networks, sha256(&pixels), shown);
        let json = serde_json::to_vec(&asked).expect("plain data");
        sha256(&json)[..16].to_owned()
    }

    fn numbered(&self, number: usize, image: usize) -> View {
        let view = self.augmented(&[number as u64, image as u64], image);
        View { number, ..view }
    }

    /// Augment an image and, as often as the recipe says, mix it with another augmented one.
    ///
    /// **Source**: Zhang et al., "mixup: beyond empirical risk minimization", 2018, equation 1 with alpha = 1
    /// (<https://arxiv.org/abs/1710.09412>).
    fn augmented(&self, seed_parts: &[u64], index: usize) -> View {
        let seed = mix_seed(seed_parts);
        let (image, mirrored) = augment(&self.samples.images[index], self.recipe, seed);
        let view = View {
            image,
            target: self.smoothed(index),
            number: usize::from(mirrored),
        };
        let mut rng = ChaCha12Rng::seed_from_u64(mix_seed(&[seed, 1]));
        if !rng.random_bool(self.recipe.mixup) {
            return view;
        }
        let other = rng.random_range(0..self.samples.len());
        let share: f32 = rng.random();
        let (mut image, _) = augment(&self.samples.images[other], self.recipe, rng.random());
        for (a, b) in image.pixels_mut().iter_mut().zip(view.image.pixels()) {
            let (from, to) = (f32::from(*a), f32::from(*b));
            *a = (from + (to - from) * share).round() as u8;
        }
        let mut target = self.smoothed(other);
        blend(&mut target, &view.target, share);
        View {
            image,
            target,
            ..view
        }
    }

    /// The label's target; none of the classes where an image has no label.
    fn smoothed(&self, image: usize) -> SoftTarget {
        let label = self.samples.labels.get(image);
        label.map_or(NONE_OF_THESE, |label| {
            smoothed(*label, self.recipe.label_smoothing)
        })
    }
}
