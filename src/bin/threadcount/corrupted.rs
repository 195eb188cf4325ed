//! `threadcount evaluate --corrupted`: how much of its accuracy each model keeps on spoiled pictures.
//!
//! Two figures for each: of the page, where a spoiled picture is uploaded and so preprocessed, and of the model
//! alone, which sees the spoiled pixels.

use crate::answers::{Released, uploaded};
use crate::corrupted_report::{
    FILE, Figures, ModelReport, Report, Rows, markdown, merged, read, sums,
};
use crate::corruption::{Corruption, SEVERITIES};
use crate::files::{Result, result_path, write_json};
use rayon::prelude::*;
use threadcount::card::WeightSet;
use threadcount::dataset::{Dataset, Samples};
use threadcount::image::GrayImage;
use threadcount::label::Label;
use threadcount::prediction::Prediction;
use threadcount::preprocess::Preprocessed;
use threadcount::train::seed::mix_seed;

/// What all random changes follow from.
const SEED: u64 = 1;

/// A model with the weights that answer each view of a picture.
struct Both {
    alone: Released,
    uploaded: Released,
}

impl Both {
    fn read(name: &str) -> Result<Self> {
        Ok(Self {
            alone: Released::read(name, WeightSet::Photographs)?,
            uploaded: Released::read(name, WeightSet::Drawings)?,
        })
    }
}

/// Pictures as a model sees them: alone, and after they were uploaded.
struct Views {
    alone: Vec<Preprocessed>,
    uploaded: Vec<Preprocessed>,
}

impl Views {
    fn of(images: &[GrayImage]) -> Self {
        let garment = |image: &GrayImage| Preprocessed::Garment {
            image: image.clone(),
            filled: false,
        };
        Self {
            alone: images.iter().map(garment).collect(),
            uploaded: uploaded(images),
        }
    }

    fn spoiled(images: &[GrayImage], corruption: Corruption, severity: usize) -> Self {
        let spoil = |(number, image): (usize, &GrayImage)| {
            let seed = mix_seed(&[SEED, corruption as u64, severity as u64, number as u64]);
            corruption.apply(image, severity, seed)
        };
        let images: Vec<_> = images.par_iter().enumerate().map(spoil).collect();
        Self::of(&images)
    }

    /// A model's accuracy on the pictures that were uploaded, and alone.
    fn accuracies(&self, model: &Both, labels: &[Label]) -> Result<[f64; 2]> {
        let uploaded = model.uploaded.answers(&self.uploaded)?;
        let alone = model.alone.answers(&self.alone)?;
        Ok([uploaded, alone].map(|answers| accuracy(&answers, labels)))
    }
}

fn accuracy(answers: &[Option<Prediction>], labels: &[Label]) -> f64 {
    let pairs = answers.iter().zip(labels);
    let right = pairs.filter(|(answer, label)| answer.is_some_and(|a| a.label() == **label));
    right.count() as f64 / labels.len() as f64
}

/// Let models answer every image in every state.
fn measure(models: &[Both], samples: &Samples) -> Result<Vec<ModelReport>> {
    let of_all = |views: &Views| -> Result<Vec<[f64; 2]>> {
        let accuracies = |model| views.accuracies(model, &samples.labels);
        models.iter().map(accuracies).collect()
    };
    let clean = of_all(&Views::of(&samples.images))?;
    let mut found = vec![[const { Rows::new() }; 2]; models.len()];
    for corruption in Corruption::ALL {
        for severity in 0..SEVERITIES {
            let views = Views::spoiled(&samples.images, corruption, severity);
            for (maps, accuracies) in found.iter_mut().zip(of_all(&views)?) {
                for (map, accuracy) in maps.iter_mut().zip(accuracies) {
                    let row: &mut [f64; SEVERITIES] = map.entry(corruption).or_default();
                    row[severity] = accuracy;
                }
            }
            eprintln!("{}, severity {}", corruption.name(), severity + 1);
        }
    }
    let models = models.iter().zip(clean).zip(found);
    let report =
        |((model, clean), [uploaded, alone]): ((&Both, [f64; 2]), [Rows; 2])| ModelReport {
            name: model.alone.card.name.clone(),
            weights_sha256: sums(&model.alone.card),
            uploaded: Figures::new(clean[0], uploaded),
            alone: Figures::new(clean[1], alone),
        };
    Ok(models.map(report).collect())
}

/// Measure models on the test images and write results/corrupted.json; or only print what so many validation images
/// say, with `validation_images`.
pub fn evaluate(
    names: &[&'static str],
    data: &Dataset,
    validation_images: Option<usize>,
) -> Result<()> {
    let models: Vec<_> = names
        .iter()
        .map(|name| Both::read(name))
        .collect::<Result<_>>()?;
    let samples = if validation_images.is_some() {
        &data.validation
    } else {
        &data.test
    };
    let count = validation_images.map_or(samples.len(), |count| count.min(samples.len()));
    let samples = Samples {
        images: samples.images[..count].to_vec(),
        labels: samples.labels[..count].to_vec(),
    };
    let new = Report {
        images: count,
        seed: SEED,
        strengths: Corruption::ALL.map(|c| (c, c.strengths())).into(),
        models: measure(&models, &samples)?,
    };
    if validation_images.is_some() {
        print!("{}", markdown(&new));
        return Ok(());
    }
    let report = merged(read()?, new);
    print!("{}", markdown(&report));
    write_json(&result_path(FILE), &report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corrupted_report::stale_models;

    /// Light rectangles, upright ones of class 1 and lying ones of class 5.
    fn samples(count: usize) -> Samples {
        let image = |i: usize| {
            let mut image = GrayImage::black();
            let (width, height) = if i.is_multiple_of(2) {
                (8, 24)
            } else {
                (24, 8)
            };
            for y in 14 - height / 2..14 + height / 2 {
                image.pixels_mut()[y * 28 + 14 - width / 2..y * 28 + 14 + width / 2].fill(180);
            }
            image
        };
        let label = |i: usize| Label::new(if i.is_multiple_of(2) { 1 } else { 5 }).unwrap();
        Samples {
            images: (0..count).map(image).collect(),
            labels: (0..count).map(label).collect(),
        }
    }

    fn report() -> Report {
        let names = ["pocket", "logistic-regression"];
        let models = names.map(|name| Both::read(name).unwrap());
        Report {
            images: 4,
            seed: SEED,
            strengths: Corruption::ALL.map(|c| (c, c.strengths())).into(),
            models: measure(&models, &samples(4)).unwrap(),
        }
    }

    #[test]
    fn a_report_has_every_corruption_and_its_table_a_column_for_each() {
        let report = report();
        for model in &report.models {
            for figures in [&model.uploaded, &model.alone] {
                assert_eq!(figures.corruptions.len(), Corruption::ALL.len());
                assert!((0.0..=1.0).contains(&figures.mean), "{figures:?}");
            }
        }
        let table = markdown(&report);
        assert_eq!(table.lines().count(), 2 + report.models.len());
        for row in table.lines() {
            assert_eq!(row.matches('|').count(), Corruption::ALL.len() + 6, "{row}");
        }
        let json = serde_json::to_string(&report).unwrap();
        let parsed: Report = serde_json::from_str(&json).unwrap();
        assert_eq!(markdown(&parsed), table);
    }

    #[test]
    fn an_inverted_picture_is_uploaded_as_the_clean_one() {
        let clean = Views::of(&samples(2).images);
        let inverted = Views::spoiled(&samples(2).images, Corruption::Inversion, 0);
        assert_ne!(inverted.alone, clean.alone);
        for (a, b) in inverted.uploaded.iter().zip(&clean.uploaded) {
            let pixels = |seen: &Preprocessed| match seen {
                Preprocessed::Garment { image, .. } => image.pixels().map(|v| v > 90),
                Preprocessed::Blank => panic!("a garment is there"),
            };
            let same = pixels(a)
                .iter()
                .zip(pixels(b))
                .filter(|(a, b)| **a == *b)
                .count();
            assert!(same > 600, "{same} pixels are the same");
        }
    }

    #[test]
    fn older_models_stay_only_beside_the_same_pictures() {
        let full = report();
        let [first, second] = [0, 1].map(|i| full.models[i].clone());
        let with = |models: &[&ModelReport], images| Report {
            models: models.iter().map(|m| (*m).clone()).collect(),
            images,
            ..full.clone()
        };
        let names = |report: &Report| -> Vec<String> {
            report.models.iter().map(|m| m.name.clone()).collect()
        };
        let both = merged(Some(with(&[&second], 4)), with(&[&first], 4));
        assert_eq!(names(&both), ["pocket", "logistic-regression"]);
        let one = merged(Some(with(&[&second], 9)), with(&[&first], 4));
        assert_eq!(names(&one), ["pocket"]);
    }

    #[test]
    fn figures_are_of_the_released_weights_or_stale() {
        let report = report();
        let mut card = Both::read("pocket").unwrap().alone.card;
        assert_eq!(stale_models(&report, std::slice::from_ref(&card)), [""; 0]);
        card.weights.sha256 = String::from("0");
        assert!(stale_models(&report, &[card])[0].contains("pocket"));
    }
}
