//! The drawn pictures of a run: made once, on all cores, and kept in the checkpoints' folder for the next run.
//!
//! Training pictures and validation pictures show different construction families, so the accuracy on the latter says
//! how a network does on shapes that it has never seen.

use super::checkpoint::CheckpointError;
use super::drawn::{Drawn, FamilySplit, drawn, drawn_from, non_garment};
use crate::card::Recipe;
use crate::dataset::{Samples, sha256};
use crate::image::{GrayImage, PIXELS};
use crate::label::Label;
use chacha20::ChaCha12Rng;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;
use std::path::Path;

/// Held-out pictures that each epoch is validated on.
const VALIDATION_PICTURES: usize = 2_000;
/// Pictures whose sum tells one version of the generator from another: so many that each family is among them.
const FINGERPRINT_PICTURES: usize = 2_000;
/// Bytes of a picture in a file: its label, then its pixels.
const RECORD: usize = 1 + PIXELS;
/// Stands for the label of a picture that has none.
const NO_LABEL: u8 = u8::MAX;

/// A drawn picture as it is kept; other things than clothing have no label.
type Kept = (GrayImage, Option<Label>);

/// Drawn pictures to train on, and others to validate on.
#[derive(Clone, Debug)]
pub struct DrawnPictures {
    /// Garments of the construction families that networks are trained on.
    pub train: Samples,
    /// Other things of the families that networks are trained on, without labels.
    pub others: Samples,
    /// Garments of the construction families that are held out.
    pub validation: Samples,
}

impl DrawnPictures {
    /// The pictures that a recipe asks for; none when it trains on photographs alone.
    ///
    /// # Errors
    /// When a file that keeps them cannot be written.
    pub fn of(
        recipe: &Recipe,
        photographs: &Samples,
        folder: &Path,
    ) -> Result<Option<Self>, CheckpointError> {
        if recipe.drawn_in_batch() == 0 {
            return Ok(None);
        }
        let train = |seed| {
            let mut rng = ChaCha12Rng::seed_from_u64(seed);
            if !rng.random_bool(recipe.drawn_from_photographs) {
                return labeled(drawn(FamilySplit::Training, seed));
            }
            let index = rng.random_range(0..photographs.len());
            let (image, label) = (&photographs.images[index], photographs.labels[index]);
            labeled(drawn_from(image, label, seed))
        };
        let others = if recipe.others_in_batch() > 0 {
            recipe.other_pictures
        } else {
            0
        };
        let other = |seed| (non_garment(FamilySplit::Training, seed).image, None);
        let held_out = |seed| labeled(drawn(FamilySplit::Development, seed));
        Ok(Some(Self {
            train: kept(folder, "train", recipe.drawn_pictures, train)?,
            others: kept(folder, "others", others, other)?,
            validation: kept(folder, "validation", VALIDATION_PICTURES, held_out)?,
        }))
    }
}

/// The pictures of the seeds from 0 on, from the folder if it keeps those of the same generator.
///
/// # Errors
/// When their file cannot be written.
fn kept(
    folder: &Path,
    name: &str,
    count: usize,
    draw: impl Fn(u64) -> Kept + Sync,
) -> Result<Samples, CheckpointError> {
    if count == 0 {
        return Ok(Samples::default());
    }
    let make = |count: usize| -> Vec<[u8; RECORD]> {
        let seeds = (0..count as u64).into_par_iter();
        seeds.map(|seed| record(&draw(seed))).collect()
    };
    let sum = sha256(make(count.min(FINGERPRINT_PICTURES)).as_flattened());
    let path = folder.join(format!("drawn-{name}-{count}-{}.bin", &sum[..16]));
    let read = std::fs::read(&path).ok();
    if let Some(samples) = read.and_then(|bytes| samples(&bytes, count)) {
        return Ok(samples);
    }
    let bytes = make(count).into_flattened();
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&path, &bytes))
        .map_err(|source| CheckpointError::File { path, source })?;
    Ok(samples(&bytes, count).expect("made above"))
}

fn labeled(drawn: Drawn) -> Kept {
    (drawn.image, Some(drawn.label))
}

fn record((image, label): &Kept) -> [u8; RECORD] {
    let mut bytes = [label.map_or(NO_LABEL, |label| label.index() as u8); RECORD];
    bytes[1..].copy_from_slice(image.pixels());
    bytes
}

/// Read `count` records; `None` when they are not whole.
fn samples(bytes: &[u8], count: usize) -> Option<Samples> {
    let (records, rest) = bytes.as_chunks::<RECORD>();
    if records.len() != count || !rest.is_empty() {
        return None;
    }
    let mut samples = Samples::default();
    for [label, pixels @ ..] in records {
        if *label != NO_LABEL {
            samples.labels.push(Label::try_from(*label).ok()?);
        }
        samples.images.push(GrayImage::from_pixels(pixels).ok()?);
    }
    let labels = samples.labels.len();
    (labels == 0 || labels == count).then_some(samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Fewer than tell one generator from another, so all of them are drawn to see what the folder keeps.
    const COUNT: usize = 210;

    fn recipe(other_share: f64) -> Recipe {
        let json = format!(
            r#"{{"epochs": 1, "batch_size": 10, "learning_rate": 0.1, "warm_up": 0.1, "weight_decay": 0.0,
                "label_smoothing": 0.0, "max_shift": 0, "drawn_share": 0.5, "drawn_pictures": 12,
                "other_share": {other_share}, "other_pictures": 15}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn other_things_are_of_the_families_for_training_and_have_no_labels() {
        let folder = std::env::temp_dir().join(format!("drawn-others-{}", std::process::id()));
        let photographs = Samples::default();
        let of = |share| DrawnPictures::of(&recipe(share), &photographs, &folder);
        for _ in ["drawn", "read"] {
            let found = of(0.2).unwrap().unwrap();
            assert_eq!((found.train.len(), found.train.labels.len()), (12, 12));
            assert_eq!((found.others.len(), found.others.labels.len()), (15, 0));
            for (seed, image) in (0..).zip(&found.others.images) {
                assert_eq!(*image, non_garment(FamilySplit::Training, seed).image);
            }
        }
        assert!(of(0.0).unwrap().unwrap().others.is_empty());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_that_lacks_a_label_is_drawn_again() {
        let record = |label| (GrayImage::black(), label);
        let labeled = record(Label::new(3));
        let bytes = [&labeled, &record(None)].map(self::record).concat();
        assert!(samples(&bytes, 2).is_none());
        let bytes = [&labeled, &labeled].map(self::record).concat();
        assert_eq!(samples(&bytes, 2).unwrap().labels.len(), 2);
    }

    #[test]
    fn pictures_are_drawn_once_for_each_generator() {
        let folder = std::env::temp_dir().join(format!("drawn-pictures-{}", std::process::id()));
        let calls = AtomicUsize::new(0);
        let kept = |split| {
            let draw = |seed| {
                calls.fetch_add(1, Ordering::Relaxed);
                labeled(drawn(split, seed))
            };
            kept(&folder, "test", COUNT, draw).unwrap()
        };
        let first = kept(FamilySplit::Training);
        let last = drawn(FamilySplit::Training, COUNT as u64 - 1);
        assert_eq!(
            (&first.images[COUNT - 1], first.labels[COUNT - 1]),
            (&last.image, last.label)
        );
        let made = calls.swap(0, Ordering::Relaxed);
        let again = kept(FamilySplit::Training);
        assert_eq!(
            (&again.images, &again.labels),
            (&first.images, &first.labels)
        );
        let checked = calls.swap(0, Ordering::Relaxed);
        assert_eq!((made, checked), (2 * COUNT, COUNT));
        let other = kept(FamilySplit::Development);
        assert_ne!(other.images, first.images, "another generator");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
