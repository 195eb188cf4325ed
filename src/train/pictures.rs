//! The pictures that a run trains on, changed at random, and what a network is to say of each.
//!
//! A picture is drawn from seeds, the epoch and the image's index alone, so a resumed run sees the same ones.
//! With a recipe's `views` there are so many of each image, the same for every run, and a teacher is asked about
//! each; without, they are new in every epoch, and it is asked about the image and its mirror image.

use super::augment::{augment, mirrored, mix_seed};
use super::teacher::{Target, Teacher};
use crate::card::Recipe;
use crate::dataset::{Samples, sha256};
use crate::image::GrayImage;
use crate::label::{CLASSES, Label};
use rand::{RngExt, SeedableRng, rngs::StdRng};

/// What an image and its mirror image are to a teacher when there are no views.
const SIDES: usize = 2;

/// The training images and how they are changed.
#[derive(Clone, Copy, Debug)]
pub struct Pictures<'a> {
    samples: &'a Samples,
    recipe: &'a Recipe,
}

/// One picture, before a teacher is asked.
struct Picture {
    image: GrayImage,
    target: Target,
    /// Among those that a teacher was shown.
    version: usize,
}

impl<'a> Pictures<'a> {
    /// The pictures of `samples` by the choices of `recipe`.
    pub fn new(samples: &'a Samples, recipe: &'a Recipe) -> Self {
        Self { samples, recipe }
    }

    /// The picture of an image in an epoch of the run with `seed`, and what is to be said of it.
    pub fn get(
        &self,
        seed: u64,
        epoch: usize,
        image: usize,
        teacher: Option<&Teacher>,
    ) -> (GrayImage, Target) {
        let mut picture = match self.recipe.views {
            0 => self.changed(&[seed, epoch as u64, image as u64], image),
            views => self.view(epoch % views, image),
        };
        if let Some(teacher) = teacher {
            let share = self.recipe.teacher_share;
            teacher.blend(&mut picture.target, image, picture.version, share);
        }
        (picture.image, picture.target)
    }

    /// How many images there are.
    pub fn images(&self) -> usize {
        self.samples.len()
    }

    /// How many pictures of each image a teacher is shown.
    pub fn versions(&self) -> usize {
        match self.recipe.views {
            0 => SIDES,
            views => views,
        }
    }

    /// What the teachers of the recipe are and what they are shown, as sixteen hexadecimal digits.
    ///
    /// # Panics
    /// Never: choices are plain data.
    pub fn fingerprint(&self) -> String {
        let Recipe {
            teachers,
            flip,
            max_shift,
            max_scale,
            max_shear,
            erase,
            mixup,
            views,
            ..
        } = self.recipe;
        let changes = (flip, max_shift, max_scale, max_shear, erase, mixup);
        let shown = (*views > 0).then_some((views, changes));
        let networks: Vec<_> = teachers
            .iter()
            .map(|file| (&file.model, &file.sha256))
            .collect();
        let asked = (networks, self.samples.len(), shown);
        let json = serde_json::to_vec(&asked).expect("plain data");
        sha256(&json)[..16].to_owned()
    }

    /// What a teacher is shown of an image.
    pub fn shown(&self, version: usize, image: usize) -> GrayImage {
        match self.recipe.views {
            0 if version == 1 => mirrored(&self.samples.images[image]),
            0 => self.samples.images[image].clone(),
            _ => self.view(version, image).image,
        }
    }

    fn view(&self, version: usize, image: usize) -> Picture {
        let picture = self.changed(&[version as u64, image as u64], image);
        Picture { version, ..picture }
    }

    /// Change an image and, as often as the recipe says, mix it with another that was changed.
    ///
    /// **Source**: Zhang et al., "mixup: beyond empirical risk minimization", 2018, equation 1 with alpha = 1
    /// (<https://arxiv.org/abs/1710.09412>).
    fn changed(&self, parts: &[u64], index: usize) -> Picture {
        let seed = mix_seed(parts);
        let (image, mirrored) = augment(&self.samples.images[index], self.recipe, seed);
        let picture = Picture {
            image,
            target: self.smoothed(index),
            version: usize::from(mirrored),
        };
        let mut rng = StdRng::seed_from_u64(mix_seed(&[seed, 1]));
        if !rng.random_bool(self.recipe.mixup) {
            return picture;
        }
        let other = rng.random_range(0..self.samples.len());
        let share: f32 = rng.random();
        let (mut image, _) = augment(&self.samples.images[other], self.recipe, rng.random());
        for (a, b) in image.pixels_mut().iter_mut().zip(picture.image.pixels()) {
            *a = mixed(f32::from(*a), f32::from(*b), share).round() as u8;
        }
        let mut target = self.smoothed(other);
        for (a, b) in target.iter_mut().zip(picture.target) {
            *a = mixed(*a, b, share);
        }
        Picture {
            image,
            target,
            ..picture
        }
    }

    fn smoothed(&self, image: usize) -> Target {
        smoothed(self.samples.labels[image], self.recipe.label_smoothing)
    }
}

fn mixed(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

/// A label as probabilities, of which `smoothing` is spread over all classes.
///
/// **Source**: Szegedy et al., "Rethinking the inception architecture", 2016, section 7
/// (<https://arxiv.org/abs/1512.00567>).
pub(super) fn smoothed(label: Label, smoothing: f32) -> Target {
    let mut target = [smoothing / CLASSES as f32; CLASSES];
    target[label.index()] += 1.0 - smoothing;
    target
}
