//! `threadcount readme`: the generated parts of README and of the page, and the figure of the frontier.

use crate::compare::{self, Format};
use crate::experiments::ORDINARY_STEM;
use crate::{MODELS, RESULTS, Result, bench, frontier, search, step_time};
use flate2::{Compression, write::GzEncoder};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use threadcount::card::{Accuracy, Card, ClaimExperiment, EvaluationReport};
use threadcount::catalog;
use threadcount::format::{kilobytes, percent, thousands};
use threadcount::network::{Lightweight, Network};
use threadcount::report::read_card;

/// Accuracies that the study of the two reproduced networks reports, in percent.
///
/// **Source**: Mukhamediev, "State-of-the-art results with the Fashion-MNIST dataset", 2024, and the study
/// that compares CNN-3-128 with a depthwise-separable network.
const PUBLISHED: [(&str, f64); 2] = [("baseline", 99.67), ("lightweight", 98.98)];

/// Write README, the page and the figure, or with `check` only say whether they are up to date.
pub fn write(check: bool) -> Result<()> {
    let cards: Vec<Card> = catalog::networks()
        .map(|name| read_card(Path::new(MODELS), name))
        .collect::<std::result::Result<_, _>>()?;
    let experiment = read_experiment()?;
    let in_words = |code: [&str; 2]| experiment.as_ref().map(|found| sentence(found, code));
    let claims =
        claims_table(&cards) + &in_words(["`", "`"]).map_or(String::new(), |s| format!("\n{s}\n"));
    replace_parts(
        check,
        "README.md",
        &[
            ("networks", network_table(&cards)?),
            ("models", compare::table(Format::Markdown)?),
            ("stem", stem_table(&cards)?),
            ("training", step_time::table()?),
            ("calibration", calibration_table(&cards)?),
            ("claims", claims),
            ("speed", bench::table()?),
        ],
    )?;
    let paragraph = |s| format!("      <p>{s}</p>\n");
    replace_parts(
        check,
        "www/index.html",
        &[
            ("claims", claims_rows(&cards)),
            (
                "experiment",
                in_words(["<code>", "</code>"]).map_or(String::new(), paragraph),
            ),
        ],
    )?;
    let figure = frontier::draw(&cards, Path::new(RESULTS))?;
    keep(check, &Path::new(RESULTS).join("frontier.svg"), &figure)
}

/// Write a file's generated parts, each a name and its content.
fn replace_parts(check: bool, file: &str, parts: &[(&str, String)]) -> Result<()> {
    let mut text = std::fs::read_to_string(file)?;
    for (name, content) in parts {
        text = replace_part(&text, name, content).ok_or_else(|| {
            format!("{file} lacks the part between <!-- generated: {name} --> and <!-- end -->")
        })?;
    }
    keep(check, Path::new(file), &text)
}

fn keep(check: bool, path: &Path, new: &str) -> Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|old| old == new) {
        return Ok(());
    }
    if check {
        let path = path.display();
        return Err(format!("{path} is out of date; run `threadcount readme`").into());
    }
    Ok(std::fs::write(path, new)?)
}

/// Replace what stands between the lines `<!-- generated: NAME -->` and `<!-- end -->`; none without them.
fn replace_part(text: &str, name: &str, content: &str) -> Option<String> {
    let marker = format!("<!-- generated: {name} -->\n");
    let start = text.find(&marker)? + marker.len();
    let end = start + text[start..].find("<!-- end -->")?;
    Some([&text[..start], content, &text[end..]].concat())
}

/// A test figure, or that there is none yet.
pub fn measured(share: Option<f64>) -> String {
    share.map_or_else(|| String::from("not evaluated"), percent)
}

/// The size of a file as a web server sends it.
pub fn gzipped(path: &Path) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&std::fs::read(path)?)?;
    Ok(encoder.finish()?.len())
}

fn network_table(cards: &[Card]) -> Result<String> {
    let mut table = String::from(
        "| model | parameters | MACs | weights file | test accuracy (95 % interval) | validation | training images | epochs | training speed |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for card in cards {
        let interval = card
            .accuracy
            .test_interval
            .map(|[low, high]| format!(" ({:.2} to {:.2})", low * 100.0, high * 100.0));
        let Some(run) = card.training.run() else {
            return Err(format!("{} was not trained as a network", card.name).into());
        };
        let epochs = match &run.recipe.initial_weights {
            Some(sha256) => format!(
                "{} from weights {}…",
                run.epochs,
                &sha256[..sha256.len().min(8)]
            ),
            None => run.epochs.to_string(),
        };
        writeln!(
            table,
            "| `{}` | {} | {} | {} ({}), gzipped {} | {}{} | {} | {} | {} | {:.0} images/s |",
            card.name,
            thousands(card.parameters),
            thousands(card.macs),
            kilobytes(card.weights.size_bytes),
            card.weights.dtype,
            kilobytes(gzipped(&Path::new(MODELS).join(&card.weights.file))?),
            measured(card.accuracy.test),
            interval.unwrap_or_default(),
            percent(card.accuracy.validation),
            percent(card.accuracy.train),
            epochs,
            run.images_per_s,
        )
        .expect("writing to a string");
    }
    for card in cards {
        if let Some(Accuracy {
            validation, test, ..
        }) = card.integer_accuracy
        {
            writeln!(
                table,
                "\nThe page computes the pointwise layers of `{}` in integers: test {}, validation {}.",
                card.name,
                measured(test),
                percent(validation),
            )
            .expect("writing to a string");
        }
        let spread = card
            .training
            .run()
            .and_then(|run| Some((run, run.seed_spread()?)));
        if let Some((run, [mean, deviation])) = spread {
            let mut seeds: Vec<String> = Vec::new();
            for run in &run.seeds {
                seeds.push(format!("{} ({})", run.seed, percent(run.validation)));
            }
            writeln!(
                table,
                "\n`{}` was trained with seeds {}: mean {}, standard deviation {:.2} points on validation.",
                card.name,
                seeds.join(", "),
                percent(mean),
                deviation * 100.0
            )
            .expect("writing to a string");
        }
    }
    Ok(table)
}

fn calibration_table(cards: &[Card]) -> Result<String> {
    let mut table = String::from(
        "| model | temperature | validation NLL | validation ECE | test NLL | test ECE | errors among upper-body garments |\n\
         |---|---:|---:|---:|---:|---:|---:|\n",
    );
    let nats = |[before, after]: [f64; 2]| format!("{before:.4} → {after:.4}");
    let ece = |pair: [f64; 2]| pair.map(percent).join(" → ");
    for card in cards {
        let path = Path::new(RESULTS).join(format!("{}.json", card.name));
        let report: EvaluationReport = serde_json::from_slice(&std::fs::read(path)?)?;
        if report.weights_sha256 != card.weights.sha256 {
            let name = &card.name;
            return Err(format!(
                "results/{name}.json is of other weights; run `threadcount evaluate {name}`"
            )
            .into());
        }
        let Some(calibration) = &card.calibration else {
            return Err(format!(
                "{} has no temperature; run `threadcount calibrate`",
                card.name
            )
            .into());
        };
        writeln!(
            table,
            "| `{}` | {:.3} | {} | {} | {} | {} | {:.0} % |",
            card.name,
            card.temperature,
            nats(calibration.validation_nll),
            ece(calibration.validation_ece),
            calibration.test_nll.map(nats).unwrap_or_default(),
            calibration.test_ece.map(ece).unwrap_or_default(),
            report.evaluation.upper_body_errors * 100.0,
        )
        .expect("writing to a string");
    }
    Ok(table)
}

/// What the released network and the one with another stem reach on validation, by the same recipe.
fn stem_table(cards: &[Card]) -> Result<String> {
    let attempts = search::read()?;
    let ordinary = attempts.iter().rfind(|a| a.model == ORDINARY_STEM);
    let ordinary = ordinary.ok_or("results/search.csv lacks the experiment with the stem")?;
    let separable = cards.iter().find(|card| card.name == Lightweight::NAME);
    let separable = separable.ok_or("a network has no card")?;
    let mut table = String::from(
        "| stem of `lightweight` | parameters | MACs | validation |\n|---|---:|---:|---:|\n",
    );
    for (stem, parameters, macs, validation) in [
        (
            "one 3x3 filter, then 1x1, as published",
            separable.parameters,
            separable.macs,
            separable.accuracy.validation,
        ),
        (
            "ordinary 3x3 convolution",
            ordinary.parameters,
            ordinary.macs,
            ordinary.validation,
        ),
    ] {
        writeln!(
            table,
            "| {stem} | {} | {} | {} |",
            thousands(parameters),
            thousands(macs),
            percent(validation),
        )?;
    }
    Ok(table)
}

/// Each reproduced network's card, with the accuracy that its study reports, in percent.
fn claimed(cards: &[Card]) -> impl Iterator<Item = (&Card, f64)> {
    PUBLISHED.iter().flat_map(move |(name, published)| {
        let named = cards.iter().filter(move |card| card.name == *name);
        named.map(|card| (card, *published))
    })
}

fn claims_table(cards: &[Card]) -> String {
    let mut table = String::from(
        "| model | published | ours, on the training images | ours, on the clean test images |\n|---|---:|---:|---:|\n",
    );
    for (card, published) in claimed(cards) {
        table += &format!(
            "| `{}` | {published:.2} % | {} | {} |\n",
            card.name,
            percent(card.accuracy.train),
            measured(card.accuracy.test),
        );
    }
    table
}

/// The same for the page, with the accuracies of what computes there.
fn claims_rows(cards: &[Card]) -> String {
    let mut rows = String::new();
    for (card, published) in claimed(cards) {
        let accuracy = card.integer_accuracy.as_ref().unwrap_or(&card.accuracy);
        rows += &format!(
            "          <tr><th scope=\"row\">{}</th><td>{published:.2} %</td><td>{}</td><td>{}</td></tr>\n",
            card.name,
            percent(accuracy.train),
            measured(accuracy.test),
        );
    }
    rows
}

/// What `threadcount experiment claims` found; none before it was run.
fn read_experiment() -> Result<Option<ClaimExperiment>> {
    let path = Path::new(RESULTS).join("claims.json");
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&std::fs::read(path)?)?))
}

/// The same in a sentence, with what stands around a network's name.
fn sentence(found: &ClaimExperiment, [open, close]: [&str; 2]) -> String {
    format!(
        "An experiment that is consistent with such figures, and proves nothing about how they came about: \
         {open}{}{close}, trained for {} epochs on training and test images alike, without augmentation, label smoothing, \
         weight decay or teacher, gets {} of those training images right, {} of the test images, and {} of the \
         validation images, which it has not seen.",
        found.network,
        found.epochs,
        percent(found.training_images),
        percent(found.test_images_trained_on),
        percent(found.validation_images),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_marked_part_is_replaced() {
        let text = "a\n<!-- generated: t -->\nold\n<!-- end -->\nb";
        assert_eq!(
            replace_part(text, "t", "new\n").unwrap(),
            text.replace("old", "new")
        );
        assert!(replace_part(text, "other", "").is_none());
    }
}
