//! `threadcount calibrate`, second half: how a network's answers tell clothing from other things.
//!
//! A logistic regression over the scores of `threadcount::familiarity`, fitted on training photographs, drawn garments
//! and drawn other things of the families for training. Weights that were trained on other things know those better than
//! any that a visitor draws, so there the fit trusts the answer too much. Where clothing ends is chosen on validation
//! photographs. What comes of it is measured on drawings of families that are held out. Nothing here reads a test image.

use crate::answers::{Released, garment, uploaded};
use crate::files::Result;
use crate::released::{card, write_card};
use rayon::prelude::*;
use threadcount::card::WeightSet;
use threadcount::dataset::Dataset;
use threadcount::familiarity::{Familiarity, SCORES, scores};
use threadcount::image::GrayImage;
use threadcount::label::Label;
use threadcount::prediction::Prediction;
use threadcount::preprocess::Preprocessed;
use threadcount::train::drawn::{FamilySplit, drawn, non_garment};

/// Training photographs, and drawn garments; of other things there are as many as of both together.
const EXAMPLES: u64 = 4_000;
/// Drawn pictures of each kind that the result is measured on.
const HELD_OUT: u64 = 2_000;
/// The first seed; training begins at zero and never gets so far.
const FIRST_SEED: u64 = 1 << 40;
/// Share of the rightly answered validation photographs that a network holds for clothing: more than is asked of all
/// networks together, since what one of them doubts the others may not make up for.
pub const KEPT: f64 = 0.985;
/// Weight of the sum of squares against the mean loss.
const RIDGE: f64 = 1e-4;
/// Newton steps; the loss is convex and has settled by then.
const STEPS: usize = 12;
/// A score and a one.
const TERMS: usize = SCORES + 1;

/// The scores of a picture and its answer, and whether that is right.
type Example = ([f32; SCORES], bool);

/// Fit the familiarity of a released network, of each set of its weights, and put it on its card.
///
/// # Errors
/// When a file is missing or the weights are not those of the card.
pub fn fit(name: &str, data: &Dataset) -> Result<()> {
    let mut card = card(name)?;
    card.familiarity = Some(fit_set(name, WeightSet::Photographs, data)?);
    if let Some(drawings) = &mut card.drawings {
        drawings.familiarity = Some(fit_set(name, WeightSet::Drawings, data)?);
    }
    write_card(&card)
}

/// Fit the familiarity of one set of a network's weights.
///
/// # Errors
/// When a file is missing or the weights are not those of the card.
fn fit_set(name: &str, set: WeightSet, data: &Dataset) -> Result<Familiarity> {
    let model = Released::read(name, set)?;
    let photographs = |images: &[_], labels: &[Label]| -> Result<Vec<Example>> {
        let labels: Vec<_> = labels.iter().copied().map(Some).collect();
        examples(&model, &uploaded(images), &labels)
    };
    let drawings = |split, count| garments(&model, split, count);
    let others = |split, count| other_things(&model, split, count);
    let count = EXAMPLES as usize;
    let mut clothing = photographs(&data.train.images[..count], &data.train.labels[..count])?;
    clothing.extend(drawings(FamilySplit::Training, EXAMPLES)?);
    let strange = others(FamilySplit::Training, 2 * EXAMPLES)?;
    let seen = photographs(&data.validation.images, &data.validation.labels)?;
    let (drawn, other) = (
        drawings(FamilySplit::Development, HELD_OUT)?,
        others(FamilySplit::Development, HELD_OUT)?,
    );
    let mut found = regression(&right(&clothing), &strange);
    found.bias -= quantile(&found, &right(&seen), 1.0 - KEPT);
    found.photographs = held(&found, &right(&seen));
    found.drawings = held(&found, &right(&drawn));
    found.others = 1.0 - held(&found, &other);
    let weights = match set {
        WeightSet::Photographs => "photographs",
        WeightSet::Drawings => "drawings",
    };
    println!(
        "{name}, weights for {weights}: held for clothing {:.1} % of validation photographs and {:.1} % of held-out drawings that are \
         answered rightly, not so {:.1} % of held-out other things",
        100.0 * found.photographs,
        100.0 * found.drawings,
        100.0 * found.others
    );
    Ok(found)
}

/// The scores of a model's answers, and whether they name the label; no answer is right without one.
fn examples(
    model: &Released,
    seen: &[Preprocessed],
    labels: &[Option<Label>],
) -> Result<Vec<Example>> {
    let answered = seen.iter().zip(model.answers(seen)?).zip(labels);
    let example =
        |((picture, answer), label): ((&Preprocessed, Option<Prediction>), &Option<Label>)| {
            let answer = answer?;
            let is_right = Some(answer.label()) == *label;
            Some((scores(&answer, garment(picture)?), is_right))
        };
    Ok(answered.filter_map(example).collect())
}

fn garments(model: &Released, split: FamilySplit, count: u64) -> Result<Vec<Example>> {
    let pictures = (0..count)
        .into_par_iter()
        .map(|i| drawn(split, FIRST_SEED + i));
    let (images, labels): (Vec<_>, Vec<_>) = pictures.map(|d| (d.image, Some(d.label))).unzip();
    examples(model, &seen(images), &labels)
}

fn other_things(model: &Released, split: FamilySplit, count: u64) -> Result<Vec<Example>> {
    let pictures = (0..count)
        .into_par_iter()
        .map(|i| non_garment(split, FIRST_SEED + i));
    let images: Vec<_> = pictures.map(|other| other.image).collect();
    let labels = vec![None; images.len()];
    examples(model, &seen(images), &labels)
}

/// Pictures of the generator are preprocessed already.
fn seen(images: Vec<GrayImage>) -> Vec<Preprocessed> {
    let garment = |image| Preprocessed::Garment {
        image,
        filled: false,
    };
    images.into_iter().map(garment).collect()
}

/// Those that are answered rightly.
fn right(examples: &[Example]) -> Vec<Example> {
    examples
        .iter()
        .filter(|example| example.1)
        .copied()
        .collect()
}

/// The share that is held for clothing, 0 to 1.
fn held(familiarity: &Familiarity, examples: &[Example]) -> f64 {
    let held = examples
        .iter()
        .filter(|(scores, _)| familiarity.weigh(scores) >= 0.0);
    held.count() as f64 / examples.len().max(1) as f64
}

/// The log-odds below which such a share of examples lies.
fn quantile(familiarity: &Familiarity, examples: &[Example], share: f64) -> f32 {
    let log_odds = examples.iter().map(|(scores, _)| familiarity.weigh(scores));
    let mut values: Vec<f32> = log_odds.collect();
    values.sort_by(f32::total_cmp);
    values
        .get((share * values.len() as f64) as usize)
        .copied()
        .unwrap_or(0.0)
}

/// Logistic regression by Newton's method; both sides weigh the same.
fn regression(clothing: &[Example], strange: &[Example]) -> Familiarity {
    let terms = |(scores, _): &Example| -> [f64; TERMS] {
        std::array::from_fn(|i| scores.get(i).map_or(1.0, |s| f64::from(*s)))
    };
    let side = |examples: &[Example], target: f64| -> Vec<([f64; TERMS], f64, f64)> {
        let weight = 0.5 / examples.len().max(1) as f64;
        examples
            .iter()
            .map(|e| (terms(e), target, weight))
            .collect()
    };
    let examples = [side(clothing, 1.0), side(strange, 0.0)].concat();
    let mut fitted = [0.0; TERMS];
    for _ in 0..STEPS {
        let mut gradient: [f64; TERMS] = std::array::from_fn(|i| RIDGE * fitted[i]);
        let mut curvature = vec![[0.0; TERMS]; TERMS];
        for (terms, target, weight) in &examples {
            let sum: f64 = terms.iter().zip(&fitted).map(|(x, w)| x * w).sum();
            let p = 1.0 / (1.0 + (-sum).exp());
            for i in 0..TERMS {
                gradient[i] += weight * (p - target) * terms[i];
                for j in 0..=i {
                    curvature[i][j] += weight * (p * (1.0 - p)).max(1e-6) * terms[i] * terms[j];
                }
            }
        }
        for (i, row) in curvature.iter_mut().enumerate() {
            row[i] += RIDGE;
        }
        let step = solve(curvature, gradient);
        for (w, step) in fitted.iter_mut().zip(step) {
            *w -= step;
        }
    }
    Familiarity {
        weights: fitted[..SCORES].iter().map(|w| *w as f32).collect(),
        bias: fitted[SCORES] as f32,
        photographs: 0.0,
        drawings: 0.0,
        others: 0.0,
    }
}

/// Linear equations with a symmetric positive matrix, of which the lower half is read, by Cholesky's method.
fn solve(mut matrix: Vec<[f64; TERMS]>, mut right: [f64; TERMS]) -> [f64; TERMS] {
    for i in 0..TERMS {
        for j in 0..=i {
            let done: f64 = (0..j).map(|k| matrix[i][k] * matrix[j][k]).sum();
            let rest = matrix[i][j] - done;
            matrix[i][j] = if i == j {
                rest.sqrt()
            } else {
                rest / matrix[j][j]
            };
        }
        let done: f64 = (0..i).map(|k| matrix[i][k] * right[k]).sum();
        right[i] = (right[i] - done) / matrix[i][i];
    }
    for i in (0..TERMS).rev() {
        let done: f64 = (i + 1..TERMS).map(|k| matrix[k][i] * right[k]).sum();
        right[i] = (right[i] - done) / matrix[i][i];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;
    use threadcount::label::CLASSES;

    fn example(z: f32) -> Example {
        let mut logits = [0.0; CLASSES];
        logits[3] = z;
        let prediction = Prediction::from_logits(&logits).unwrap();
        (scores(&prediction, &GrayImage::black()), true)
    }

    #[test]
    fn confident_answers_are_told_from_hesitant_ones() {
        let many = |from: f32| -> Vec<Example> {
            (0..200).map(|i| example(from + 0.01 * i as f32)).collect()
        };
        let (clothing, strange) = (many(6.0), many(1.0));
        let mut found = regression(&clothing, &strange);
        assert!(held(&found, &clothing) > 0.99 && held(&found, &strange) < 0.01);
        found.bias -= quantile(&found, &clothing, 0.25);
        assert!((held(&found, &clothing) - 0.75).abs() < 0.02);
    }

    #[test]
    fn equations_are_solved() {
        let mut matrix = vec![[0.0; TERMS]; TERMS];
        for i in 0..TERMS {
            for j in 0..=i {
                matrix[i][j] = if i == j {
                    4.0
                } else {
                    1.0 / (1 + i - j) as f64
                };
            }
        }
        let expected: [f64; TERMS] = std::array::from_fn(|i| i as f64 - 3.0);
        let right = std::array::from_fn(|i| {
            (0..TERMS)
                .map(|j| matrix[i.max(j)][i.min(j)] * expected[j])
                .sum()
        });
        for (found, expected) in solve(matrix, right).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }
}
