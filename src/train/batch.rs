//! Batches: which images each step of a run trains on, as augmented views with soft targets.
//!
//! A batch follows from the run's seed, the epoch and the images' indices, so a resumed run makes the same ones.

use super::seed::mix_seed;
use super::targets::{SoftTarget, blend};
use super::teacher::Teacher;
use super::views::AugmentedViews;
use crate::card::Recipe;
use crate::dataset::{Samples, shuffle};
use crate::image::GrayImage;

/// Images and their targets, in equal number.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The images.
    pub images: Vec<GrayImage>,
    /// What the network should answer.
    pub targets: Vec<SoftTarget>,
}

/// Builds the batches of a run.
#[derive(Clone, Copy, Debug)]
pub struct BatchBuilder<'a> {
    views: AugmentedViews<'a>,
    recipe: &'a Recipe,
    seed: u64,
    teacher: Option<&'a Teacher>,
}

impl<'a> BatchBuilder<'a> {
    /// The batches of the run with `seed`, whose targets are partly the teacher's where there is one.
    pub fn new(
        samples: &'a Samples,
        recipe: &'a Recipe,
        seed: u64,
        teacher: Option<&'a Teacher>,
    ) -> Self {
        Self {
            views: AugmentedViews::new(samples, recipe),
            recipe,
            seed,
            teacher,
        }
    }

    /// Batches of an epoch; images that do not fill one are left out.
    pub fn per_epoch(&self) -> usize {
        self.views.images() / self.recipe.batch_size
    }

    /// The batches from step `first` on, epoch after epoch without end.
    pub fn from_step(self, first: usize) -> impl Iterator<Item = Batch> + use<'a> {
        let per_epoch = self.per_epoch();
        let mut order = Vec::new();
        (first..).map(move |step| {
            let (epoch, at) = (step / per_epoch, step % per_epoch);
            if order.is_empty() || at == 0 {
                order = self.order(epoch);
            }
            let size = self.recipe.batch_size;
            self.batch(epoch, &order[at * size..][..size])
        })
    }

    /// The order of the training images in an epoch.
    fn order(&self, epoch: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.views.images()).collect();
        shuffle(&mut order, mix_seed(&[self.seed, epoch as u64]));
        order
    }

    fn batch(&self, epoch: usize, images: &[usize]) -> Batch {
        let (images, targets) = images.iter().map(|&i| self.view(epoch, i)).unzip();
        Batch { images, targets }
    }

    /// A view of an image, and its target with the teacher's part.
    fn view(&self, epoch: usize, image: usize) -> (GrayImage, SoftTarget) {
        let mut view = self.views.get(self.seed, epoch, image);
        if let Some(teacher) = self.teacher {
            let taught = teacher.target(view.number, image);
            blend(&mut view.target, &taught, self.recipe.distillation_weight);
        }
        (view.image, view.target)
    }
}
