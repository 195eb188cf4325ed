//! What `results/corrupted.json` says of spoiled pictures: its figures, README's table, and what in it is stale.

use crate::corruption::{Corruption, SEVERITIES};
use crate::files::{Result, read_json, read_json_if_any, result_path};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use threadcount::card::{Card, WeightSet};
use threadcount::catalog;
use threadcount::format::thousands;

/// What `results/corrupted.json` holds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Report {
    /// Number of test images, each spoiled in every way.
    pub images: usize,
    /// What all random changes follow from.
    pub seed: u64,
    /// What the severities stand for.
    pub strengths: BTreeMap<Corruption, [f32; SEVERITIES]>,
    /// In the order of display.
    pub models: Vec<ModelReport>,
}

/// How one model does.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct ModelReport {
    /// The model's name.
    pub name: String,
    /// sha256 of the weights that answered.
    pub weights_sha256: [String; 2],
    /// On pictures that are uploaded.
    pub uploaded: Figures,
    /// On the spoiled pixels.
    pub alone: Figures,
}

/// The accuracies on each corruption, by severity.
pub type Rows = BTreeMap<Corruption, [f64; SEVERITIES]>;

/// Accuracies, 0 to 1.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Figures {
    /// On clean pictures.
    pub clean: f64,
    /// On each corruption, by severity.
    pub corruptions: Rows,
    /// Mean over all corruptions and severities.
    pub mean: f64,
    /// The mean relative to the accuracy on clean pictures.
    pub kept: f64,
}

impl Figures {
    pub fn new(clean: f64, corruptions: Rows) -> Self {
        let sum: f64 = corruptions.values().map(mean).sum();
        let mean = sum / corruptions.len() as f64;
        Self {
            clean,
            mean,
            kept: if clean > 0.0 { mean / clean } else { 0.0 },
            corruptions,
        }
    }
}

fn mean(accuracies: &[f64; SEVERITIES]) -> f64 {
    accuracies.iter().sum::<f64>() / SEVERITIES as f64
}

/// The sums of the weights that answer photographs and drawings.
pub fn sums(card: &Card) -> [String; 2] {
    [WeightSet::Photographs, WeightSet::Drawings].map(|set| card.weights_of(set).sha256.clone())
}

/// The report's file in `results/`.
pub const FILE: &str = "corrupted.json";

/// The report; none before the test images were read for it.
pub fn read() -> Result<Option<Report>> {
    read_json_if_any(&result_path(FILE))
}

fn released() -> Result<Report> {
    read_json(&result_path(FILE))
}

/// Add the models of an older report that were not measured again, where they saw the same pictures.
pub fn merged(older: Option<Report>, mut new: Report) -> Report {
    let is_same = |older: &Report| {
        (older.images, older.seed, &older.strengths) == (new.images, new.seed, &new.strengths)
    };
    for model in older
        .filter(is_same)
        .map_or(Vec::new(), |older| older.models)
    {
        if new.models.iter().all(|other| other.name != model.name) {
            new.models.push(model);
        }
    }
    let place = |model: &ModelReport| catalog::MODELS.iter().position(|m| m.name == model.name);
    new.models.sort_by_key(place);
    new
}

/// README's table: each model's mean accuracy on each corruption, and what it keeps of its clean accuracy.
pub fn markdown(report: &Report) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let mut table = String::from("| model | clean |");
    for corruption in Corruption::ALL {
        table += &format!(" {} |", corruption.name());
    }
    table += " mean | kept of clean | kept, without preprocessing |\n|---|";
    table += &"---:|".repeat(Corruption::ALL.len() + 4);
    table.push('\n');
    for model in &report.models {
        let Figures {
            clean,
            corruptions,
            mean: all,
            kept,
        } = &model.uploaded;
        table += &format!("| `{}` | {} |", model.name, percent(*clean));
        for corruption in Corruption::ALL {
            table += &format!(" {} |", percent(mean(&corruptions[&corruption])));
        }
        let (all, kept, alone) = (percent(*all), percent(*kept), percent(model.alone.kept));
        table += &format!(" {all} | {kept} | {alone} |\n");
    }
    table
}

/// README's generated part.
pub fn readme() -> Result<String> {
    let report = released()?;
    Ok(format!(
        "**Spoiled pictures.** `threadcount evaluate --corrupted` spoils the {} test images in eight ways and five \
             severities ([`src/bin/threadcount/corruption.rs`](src/bin/threadcount/corruption.rs)) and uploads them. Each \
             column is the mean over the severities; the last one is of models that see the spoiled pixels without \
             `preprocess`.\n\n{}",
        thousands(report.images),
        markdown(&report)
    ))
}

/// What in the report is not of the released weights, a sentence each.
pub fn stale(cards: &[Card]) -> Result<Vec<String>> {
    let report = released()?;
    let mut found = stale_models(&report, cards);
    found.extend(stale_arithmetic(&report, cards));
    Ok(found)
}

/// Models whose accuracy on clean test images is not that of what the page computes them in.
fn stale_arithmetic(report: &Report, cards: &[Card]) -> Vec<String> {
    let is_other = |card: &&Card| {
        let accuracy = card.integer_accuracy.as_ref().unwrap_or(&card.accuracy);
        let mut models = report.models.iter();
        let model = models.find(|m| m.name == card.name && m.weights_sha256 == sums(card));
        model.is_some_and(|model| Some(model.alone.clean) != accuracy.test)
    };
    let sentence = |card: &Card| {
        let name = &card.name;
        format!(
            "results/corrupted.json and the card of {name} differ on clean test images; run `threadcount evaluate \
             --corrupted {name}`"
        )
    };
    cards.iter().filter(is_other).map(sentence).collect()
}

pub fn stale_models(report: &Report, cards: &[Card]) -> Vec<String> {
    let is_missing = |card: &&Card| {
        let is_of = |m: &ModelReport| m.name == card.name && m.weights_sha256 == sums(card);
        !report.models.iter().any(is_of)
    };
    let sentence = |card: &Card| {
        let name = &card.name;
        format!(
            "results/corrupted.json has no figures of the released weights of {name}; run `threadcount evaluate --corrupted \
             {name}`"
        )
    };
    cards.iter().filter(is_missing).map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_computed_otherwise_than_the_card_says_is_stale() {
        let card = crate::released::card("pocket").unwrap();
        let accuracy = card.integer_accuracy.as_ref().unwrap();
        let figures = |clean| Figures::new(clean, Rows::new());
        let report = |clean| Report {
            models: vec![ModelReport {
                name: card.name.clone(),
                weights_sha256: sums(&card),
                uploaded: figures(clean),
                alone: figures(clean),
            }],
            ..Report::default()
        };
        let cards = std::slice::from_ref(&card);
        assert!(stale_arithmetic(&report(accuracy.test.unwrap()), cards).is_empty());
        assert_eq!(stale_arithmetic(&report(0.5), cards).len(), 1);
    }

    #[test]
    fn means_are_over_corruptions_and_severities() {
        let rows = [
            (Corruption::Noise, [0.8, 0.6, 0.4, 0.2, 0.0]),
            (Corruption::Blur, [0.8; SEVERITIES]),
        ];
        let figures = Figures::new(0.8, rows.into());
        assert!((figures.mean - 0.6).abs() < 1e-12);
        assert!((figures.kept - 0.75).abs() < 1e-12);
    }
}
