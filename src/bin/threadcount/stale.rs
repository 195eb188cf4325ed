//! Stale figures: those measured on weights that are no longer released. `threadcount readme --check` fails on each.

use crate::bench::Bench;
use crate::files::{Result, read_json, result_path};
use crate::training_log::validation_after;
use crate::{bits, corrupted_report, drawn, shots};
use threadcount::card::Card;
use threadcount::catalog;
use threadcount::format::percent;
use threadcount::results::EvaluationReport;

/// A model's evaluation; none when it is of other weights.
pub fn evaluation(card: &Card) -> Result<Option<EvaluationReport>> {
    let report: EvaluationReport = read_json(&result_path(&format!("{}.json", card.name)))?;
    Ok((report.weights_sha256 == card.weights.sha256).then_some(report))
}

/// Every stale figure, each as a sentence that says what to do.
pub fn figures(cards: &[Card], bench: &Bench) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for card in cards {
        let name = &card.name;
        found.extend(stale_evaluation(card, evaluation(card)?.as_ref()));
        found.extend(without_familiarity(card));
        if catalog::is_network(name) {
            if catalog::is_in_book(name) {
                found.extend(stale_speed(card, bench));
            }
            if let Some(run) = card.training.run() {
                let released = run.seeds.iter().find(|other| other.seed == run.seed);
                let logged = validation_after(name, run.best_epoch)?;
                found.extend(stale_log(name, released.map(|run| run.validation), logged));
            }
        }
    }
    for other in Bench::on_other_processors()? {
        found.extend(
            cards
                .iter()
                .filter_map(|card| stale_elsewhere(card, &other)),
        );
    }
    found.extend(bits::stale(cards, &bits::rows()?));
    found.extend(drawn::stale(cards)?);
    found.extend(corrupted_report::stale(cards)?);
    found.extend(shots::stale(cards)?);
    Ok(found)
}

fn stale_evaluation(card: &Card, report: Option<&EvaluationReport>) -> Option<String> {
    let name = &card.name;
    match report {
        Some(report) if report.integer_predictions.is_some() != card.integer_accuracy.is_some() => {
            Some(format!(
                "only one of results/{name}.json and models/{name}.json knows {name} in integers; run `threadcount evaluate {name}`"
            ))
        }
        Some(report) if card.accuracy.test == Some(report.evaluation.accuracy) => None,
        Some(_) => Some(format!(
            "results/{name}.json and models/{name}.json differ in test accuracy; run `threadcount evaluate {name}`"
        )),
        None => Some(format!(
            "results/{name}.json is of other weights; run `threadcount evaluate {name}`"
        )),
    }
}

/// Training and packing take away what tells clothing from other things, which is of the weights before.
fn without_familiarity(card: &Card) -> Option<String> {
    let name = &card.name;
    let of_drawings = card.drawings.as_ref();
    let lacks = card.familiarity.is_none()
        || of_drawings.is_some_and(|drawings| drawings.familiarity.is_none());
    (catalog::is_judge(name) && lacks).then(|| {
        format!("models/{name}.json does not tell clothing from other things; run `threadcount calibrate {name}`")
    })
}

fn stale_speed(card: &Card, bench: &Bench) -> Option<String> {
    let name = &card.name;
    (!bench.is_of(card)).then(|| {
        format!(
            "results/bench.json has no speed of the released weights of {name}; run scripts/bench"
        )
    })
}

/// Runs on other processors need not have every network.
fn stale_elsewhere(card: &Card, bench: &Bench) -> Option<String> {
    let name = &card.name;
    (bench.networks.contains_key(name) && !bench.is_of(card)).then(|| {
        format!(
            "a results/bench-*.json, of the engine {}, has speeds of other weights of {name}; measure anew there, or remove it",
            bench.commit
        )
    })
}

/// A log names no weights, but has the validation accuracy of the epoch that the released weights are from.
fn stale_log(name: &str, released: Option<f64>, logged: Option<f64>) -> Option<String> {
    if released.is_some() && released == logged {
        return None;
    }
    let words = |share: Option<f64>| share.map_or_else(|| String::from("none"), percent);
    Some(format!(
        "results/{name}-training.csv is of another run: validation {} in the released epoch, {} on the card",
        words(logged),
        words(released)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bench(weights: &str, exported: &str) -> Bench {
        serde_json::from_value(serde_json::json!({
            "browser": "", "processor": "", "runs": 0, "rounds": 0, "validation_images": 0, "peers": {},
            "commit": "0000000", "peak_gflops": {}, "cold_start_ms": {}, "cold_start_gzipped_bytes": {},
            "networks": { "pocket": { "cells": {}, "steps": {} } },
            "weights": { "pocket": weights, "compact": weights },
            "exported": { "onnx": { "pocket": weights }, "tflite": { "pocket": exported } },
        }))
        .unwrap()
    }

    #[test]
    fn a_speed_is_of_the_released_weights_or_stale() {
        let mut card = crate::released::card("pocket").unwrap();
        let sum = card.weights.sha256.clone();
        assert_eq!(stale_speed(&card, &bench(&sum, &sum)), None);
        let stale = stale_speed(&card, &bench("0", "0"));
        assert!(stale.unwrap().contains("pocket"));
        // The peers' files may have been made from other weights.
        assert!(stale_speed(&card, &bench(&sum, "0")).is_some());
        assert!(stale_elsewhere(&card, &bench("0", "0")).is_some());
        assert_eq!(stale_elsewhere(&card, &bench(&sum, &sum)), None);
        // A sum without figures is no measurement.
        card.name = String::from("compact");
        assert!(stale_speed(&card, &bench(&sum, &sum)).is_some());
        card.name = String::from("baseline");
        assert!(stale_speed(&card, &bench(&sum, &sum)).is_some());
    }

    #[test]
    fn those_that_give_the_verdict_tell_clothing_from_other_things() {
        let card = crate::released::card("pocket").unwrap();
        assert_eq!(without_familiarity(&card), None);
        let mut lacks = card.clone();
        lacks.familiarity = None;
        assert!(without_familiarity(&lacks).is_some());
        let mut lacks = card;
        lacks.drawings.as_mut().unwrap().familiarity = None;
        assert!(without_familiarity(&lacks).is_some());
        lacks.name = String::from("tiny-500");
        assert_eq!(without_familiarity(&lacks), None);
    }

    #[test]
    fn a_log_is_of_the_released_run_or_stale() {
        assert_eq!(stale_log("n", Some(0.94), Some(0.94)), None);
        let text = stale_log("n", Some(0.94), Some(0.93)).unwrap();
        assert!(
            text.contains("93.00 %") && text.contains("94.00 %"),
            "{text}"
        );
        assert!(stale_log("n", None, None).is_some());
    }

    #[test]
    fn an_evaluation_is_of_the_released_weights_or_stale() {
        let card = crate::released::card("pocket").unwrap();
        let report = evaluation(&card).unwrap();
        assert!(report.is_some(), "the released weights are evaluated");
        assert_eq!(stale_evaluation(&card, report.as_ref()), None);
        assert!(stale_evaluation(&card, None).is_some());
        let mut other = card.clone();
        other.accuracy.test = Some(0.5);
        assert!(stale_evaluation(&other, report.as_ref()).is_some());
        let mut other = card;
        other.integer_accuracy = None;
        assert!(stale_evaluation(&other, report.as_ref()).is_some());
    }
}
