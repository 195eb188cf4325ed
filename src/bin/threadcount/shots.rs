//! Pictures of the page itself, which scripts/pictures takes in a browser: whether they are of the released weights.

use crate::corrupted_report::sums;
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
    /// Each network of the first screen with the sums of its weights for photographs and for drawings.
    weights: BTreeMap<String, [String; 2]>,
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
        .filter(|card| shots.weights.get(&card.name) != Some(&sums(card)))
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
        let of = |sums: [String; 2]| Shots {
            files: BTreeMap::new(),
            weights: [(String::from("pocket"), sums)].into(),
        };
        let cards = std::slice::from_ref(&card);
        let [photographs, drawings] = sums(&card);
        let both = [photographs.clone(), drawings.clone()];
        assert!(of_other_weights(&of(both), cards).is_empty());
        for other in [[photographs, "0".to_owned()], ["0".to_owned(), drawings]] {
            assert!(of_other_weights(&of(other), cards)[0].contains("pocket"));
        }
    }
}
