//! The published accuracies of the reproduced networks beside ours, in README and on the page.

use crate::files::{Result, read_json, result_path};
use crate::published::Published;
use crate::tables::measured;
use threadcount::card::Card;
use threadcount::format::percent;
use threadcount::results::ClaimExperiment;

/// What is said of a network, each figure with who says it: `99.67 % (source repository), 99.65 % (paper)`.
fn said_of(name: &str, published: &[Published]) -> Option<String> {
    let rows = published.iter().filter(|row| row.network == name);
    let figures = rows.map(|row| format!("{:.2} % ({})", row.accuracy, row.said_by));
    figures.reduce(|all, figure| all + ", " + &figure)
}

/// Each reproduced network's card with what is said of it.
fn claimed<'a>(cards: &'a [Card], published: &[Published]) -> Vec<(&'a Card, String)> {
    let pair = |card: &'a Card| Some((card, said_of(&card.name, published)?));
    cards.iter().filter_map(pair).collect()
}

/// README's table.
pub fn table(cards: &[Card], published: &[Published]) -> String {
    let mut table = String::from(
        "| model | published | ours, on the training images | ours, on the clean test images |\n|---|---:|---:|---:|\n",
    );
    for (card, said) in claimed(cards, published) {
        table += &format!(
            "| `{}` | {said} | {} | {} |\n",
            card.name,
            percent(card.accuracy.train),
            measured(card.accuracy.test),
        );
    }
    table
}

/// The page's rows, with the accuracies of what computes there.
pub fn page_rows(cards: &[Card], published: &[Published]) -> String {
    let mut rows = String::new();
    for (card, said) in claimed(cards, published) {
        let accuracy = card.integer_accuracy.as_ref().unwrap_or(&card.accuracy);
        rows += &format!(
            "          <tr><th scope=\"row\">{}</th><td>{said}</td><td>{}</td><td>{}</td></tr>\n",
            card.name,
            percent(accuracy.train),
            measured(accuracy.test),
        );
    }
    rows
}

/// What `threadcount experiment claims` found, in a sentence with `open` and `close` around a network's name.
pub fn experiment([open, close]: [&str; 2]) -> Result<String> {
    let found: ClaimExperiment = read_json(&result_path("claims.json"))?;
    Ok(format!(
        "An experiment shows how such figures can arise; it does not show that these did. {open}{}{close} was trained for {} \
         epochs on the training and the test images, without augmentation, label smoothing, weight decay or teacher. It \
         then classifies {} of the training images correctly, {} of the test images it was trained on, and {} of the \
         validation images, which it has not seen.",
        found.network,
        found.epochs,
        percent(found.training_images),
        percent(found.test_images_trained_on),
        percent(found.validation_images),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_figure_names_who_says_it() {
        let row = |network: &str, accuracy, said_by: &str| Published {
            name: String::new(),
            network: network.to_owned(),
            parameters: 1.0,
            accuracy,
            said_by: said_by.to_owned(),
        };
        let rows = [
            row("a", 99.67, "repository"),
            row("b", 98.0, "x"),
            row("a", 99.65, "paper"),
        ];
        assert_eq!(
            said_of("a", &rows).unwrap(),
            "99.67 % (repository), 99.65 % (paper)"
        );
        assert_eq!(said_of("c", &rows), None);
    }
}
