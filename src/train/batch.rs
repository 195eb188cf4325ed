//! Batches: which images each step of a run trains on, as augmented views with soft targets.
//!
//! A batch holds photographs, drawn garments with a recipe's `drawn_share`, and drawn other things with its
//! `other_share`. It follows from the run's seed, the epoch and the images' indices, so a resumed run makes the same ones.

use super::seed::mix_seed;
use super::targets::{SoftTarget, blend};
use super::teacher::Teacher;
use super::views::AugmentedViews;
use crate::card::Recipe;
use crate::dataset::{Samples, shuffle};
use crate::image::GrayImage;

/// Sets the random numbers of drawn pictures apart from those of photographs.
const DRAWN: u64 = 0x6472_6177_6e00;
/// The same for pictures of other things.
const OTHERS: u64 = 0x6f74_6865_7200;

/// Images and their targets, in equal number.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The images.
    pub images: Vec<GrayImage>,
    /// What the network should answer.
    pub targets: Vec<SoftTarget>,
    /// Whether it is trained with a class more, for what shows none of the others.
    pub has_others: bool,
}

/// Images of one kind, and their teacher's soft targets.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The images with their labels.
    pub samples: &'a Samples,
    /// The soft targets that the recipe's `distillation_weight` is the weight of.
    pub teacher: Option<&'a Teacher>,
}

/// The drawn pictures of a run.
#[derive(Clone, Copy, Debug)]
pub struct DrawnRun<'a> {
    /// The garments that are trained on.
    pub train: Source<'a>,
    /// Other things that are trained on, without labels.
    pub others: &'a Samples,
    /// Garments of other construction families.
    pub validation: &'a Samples,
}

/// Builds the batches of a run.
#[derive(Clone, Copy, Debug)]
pub struct BatchBuilder<'a> {
    photographs: Stream<'a>,
    drawn: Option<Stream<'a>>,
    others: Option<Stream<'a>>,
}

/// The images of one kind in a run's batches: shuffled anew whenever all of them were taken.
#[derive(Clone, Copy, Debug)]
struct Stream<'a> {
    views: AugmentedViews<'a>,
    teacher: Option<&'a Teacher>,
    distillation_weight: f32,
    seed: u64,
    /// Images in a batch.
    per_batch: usize,
}

impl<'a> Stream<'a> {
    /// Panics when there are fewer images than a batch takes.
    fn new(source: Source<'a>, recipe: &'a Recipe, seed: u64, per_batch: usize) -> Self {
        assert!(source.samples.len() >= per_batch, "images for a batch");
        Self {
            views: AugmentedViews::new(source.samples, recipe),
            teacher: source.teacher,
            distillation_weight: recipe.distillation_weight,
            seed,
            per_batch,
        }
    }

    /// Batches that one pass over the images fills; images that do not fill one are left out.
    fn batches_per_pass(&self) -> usize {
        self.views.images() / self.per_batch
    }

    /// The order of the images in a pass.
    fn order(&self, pass: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.views.images()).collect();
        shuffle(&mut order, mix_seed(&[self.seed, pass as u64]));
        order
    }

    /// An image's view in a pass, and its target with the teacher's part.
    fn view(&self, pass: usize, image: usize) -> (GrayImage, SoftTarget) {
        let mut view = self.views.get(self.seed, pass, image);
        if let Some(teacher) = self.teacher {
            let taught = teacher.target(view.number, image);
            blend(&mut view.target, &taught, self.distillation_weight);
        }
        (view.image, view.target)
    }

    /// This kind's part of each batch from step `first` on.
    fn batches_from(self, first: usize) -> impl Iterator<Item = Batch> + use<'a> {
        let per_pass = self.batches_per_pass();
        let mut order = Vec::new();
        (first..).map(move |step| {
            let (pass, at) = (step / per_pass, step % per_pass);
            if order.is_empty() || at == 0 {
                order = self.order(pass);
            }
            let taken = &order[at * self.per_batch..][..self.per_batch];
            let (images, targets) = taken.iter().map(|&i| self.view(pass, i)).unzip();
            Batch {
                images,
                targets,
                has_others: false,
            }
        })
    }
}

impl<'a> BatchBuilder<'a> {
    /// The batches of the run with `seed`.
    ///
    /// # Panics
    /// When there are fewer images of a kind than a batch takes.
    pub fn new(
        photographs: Source<'a>,
        drawn: Option<DrawnRun<'a>>,
        recipe: &'a Recipe,
        seed: u64,
    ) -> Self {
        let stream = |source: Option<Source<'a>>, kind, in_batch| {
            let source = source.filter(|_| in_batch > 0)?;
            let seed = mix_seed(&[seed, kind]);
            Some(Stream::new(source, recipe, seed, in_batch))
        };
        let garments = drawn.map(|drawn| drawn.train);
        let others = drawn.map(|drawn| Source {
            samples: drawn.others,
            teacher: None,
        });
        let drawn = stream(garments, DRAWN, recipe.drawn_in_batch());
        let others = stream(others, OTHERS, recipe.others_in_batch());
        let taken = [&drawn, &others].map(|s| s.as_ref().map_or(0, |s| s.per_batch));
        let left = recipe.batch_size - taken.iter().sum::<usize>();
        Self {
            photographs: Stream::new(photographs, recipe, seed, left),
            drawn,
            others,
        }
    }

    /// Batches of an epoch, which is one pass over the photographs.
    pub fn per_epoch(&self) -> usize {
        self.photographs.batches_per_pass()
    }

    /// The batches from step `first` on, epoch after epoch without end.
    pub fn batches_from(self, first: usize) -> impl Iterator<Item = Batch> + use<'a> {
        let has_others = self.others.is_some();
        let drawn = [self.drawn, self.others].into_iter().flatten();
        let mut drawn: Vec<_> = drawn.map(|stream| stream.batches_from(first)).collect();
        self.photographs.batches_from(first).map(move |mut batch| {
            for more in drawn.iter_mut().filter_map(Iterator::next) {
                batch.images.extend(more.images);
                batch.targets.extend(more.targets);
            }
            batch.has_others = has_others;
            batch
        })
    }
}
