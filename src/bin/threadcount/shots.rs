//! Pictures of the page itself, which scripts/pictures takes in a browser: whether they are of the released weights.

use crate::files::{Result, read, read_json, result_path};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use threadcount::card::Card;
use threadcount::catalog;
use threadcount::dataset::sha256;

/// results/pictures.json.
#[derive(Deserialize)]
struct Shots {
    /// Each file with its sha256.
    files: BTreeMap<String, String>,
    /// Each network of the first screen with the sha256 of the weights that it had.
    weights: BTreeMap<String, String>,
}

/// What is not of the released weights, a sentence each.
pub fn stale(cards: &[Card]) -> Result<Vec<String>> {
    let shots: Shots = read_json(&result_path("pictures.json"))?;
    let mut found = of_other_weights(&shots, cards);
    for (file, sum) in &shots.files {
        if sha256(&read(Path::new(file))?) != *sum {
            found.push(format!(
                "{file} is not what scripts/pictures took; run it again"
            ));
        }
    }
    Ok(found)
}

fn of_other_weights(shots: &Shots, cards: &[Card]) -> Vec<String> {
    let in_book = cards.iter().filter(|card| catalog::is_in_book(&card.name));
    in_book
        .filter(|card| shots.weights.get(&card.name) != Some(&card.weights.sha256))
        .map(|card| {
            format!(
                "the pictures of the page show other weights of {}; run scripts/pictures",
                card.name
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_other_weights_are_stale() {
        let card = crate::released::card("pocket").unwrap();
        let of = |sum: &str| Shots {
            files: BTreeMap::new(),
            weights: [(String::from("pocket"), sum.to_owned())].into(),
        };
        let cards = std::slice::from_ref(&card);
        assert!(of_other_weights(&of(&card.weights.sha256), cards).is_empty());
        assert!(of_other_weights(&of("0"), cards)[0].contains("pocket"));
    }
}
