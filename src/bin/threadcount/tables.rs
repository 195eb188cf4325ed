//! README's tables of the networks: sizes and accuracies, calibration, and what a stem costs.

use crate::files::{MODELS, Result, read};
use crate::released::find_weights;
use crate::search;
use crate::stale::evaluation;
use flate2::{Compression, write::GzEncoder};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use threadcount::card::{Accuracy, Card, InitialWeights, Recipe, SeedRun, TeacherFile};
use threadcount::format::{interval, kilobytes, percent, thousands};

/// A test figure, or that there is none yet.
pub fn measured(share: Option<f64>) -> String {
    share.map_or_else(|| String::from("not evaluated"), percent)
}

/// The size of a model's weights file as a web server sends it.
pub fn gzipped(card: &Card) -> Result<usize> {
    let bytes = read(&Path::new(MODELS).join(&card.weights.file))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    Ok(encoder.finish()?.len())
}

/// Sizes, accuracies and training of the networks.
pub fn networks(cards: &[Card]) -> Result<String> {
    let mut table = String::from(
        "| model | parameters | MACs | weights file | test accuracy (95 % interval) | validation | training images | epochs | training speed |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for card in cards {
        let range = card.accuracy.test_interval.map(interval);
        let range = range.map(|range| format!(" ({range})"));
        let Some(run) = card.training.run() else {
            return Err(format!("{} was not trained as a network", card.name).into());
        };
        let epochs = match &run.recipe.initial {
            Some(initial) => format!("{} from `{}`", run.epochs, initial.weights),
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
            kilobytes(gzipped(card)?),
            measured(card.accuracy.test),
            range.unwrap_or_default(),
            percent(card.accuracy.validation),
            percent(card.accuracy.train),
            epochs,
            run.images_per_s,
        )
        .expect("writing to a string");
    }
    for card in cards {
        table += &notes(card)?;
    }
    Ok(table)
}

/// What a row has no room for: integers, seeds and teachers, a paragraph each.
fn notes(card: &Card) -> Result<String> {
    let name = &card.name;
    let mut text = String::new();
    if let Some(Accuracy {
        validation, test, ..
    }) = card.integer_accuracy
    {
        text += &format!(
            "\n`{name}` in integers, as the page computes it: test {}, validation {}.\n",
            measured(test),
            percent(validation),
        );
    }
    let Some(run) = card.training.run() else {
        return Ok(text);
    };
    if let Some([mean, deviation]) = run.seed_spread() {
        let seed = |run: &SeedRun| format!("{} ({})", run.seed, percent(run.validation));
        let seeds: Vec<String> = run.seeds.iter().map(seed).collect();
        text += &format!(
            "\n`{name}` was trained with seeds {}: mean {}, standard deviation {:.2} points on validation.\n",
            seeds.join(", "),
            percent(mean),
            deviation * 100.0
        );
    }
    if !run.recipe.teachers.is_empty() {
        let teachers = run.recipe.teachers.iter().map(teacher);
        let teachers: Vec<String> = teachers.collect::<Result<_>>()?;
        text += &format!("\n`{name}` was taught by {}.\n", teachers.join(" and "));
    }
    Ok(text)
}

/// A sentence for each teacher of a model, and for the weights that its training began with, where they are not found
/// by their sum; of the weights for drawings too.
pub fn lost_weights(card: &Card) -> Result<Vec<String>> {
    let name = &card.name;
    let drawings = card.drawings.as_ref().map(|drawings| &*drawings.training);
    let mut sentences = Vec::new();
    for (who, training) in [
        (name.clone(), card.training.run()),
        (format!("{name} for drawings"), drawings),
    ] {
        let Some(Recipe {
            teachers, initial, ..
        }) = training.map(|training| &training.recipe)
        else {
            continue;
        };
        for file in teachers {
            if find_weights(file.sha256.as_deref())?.is_none() {
                sentences.push(format!("{who} was taught by {}", teacher(file)?));
            }
        }
        if let Some(InitialWeights { weights, sha256 }) = initial
            && find_weights(sha256.as_deref())?.is_none()
        {
            let lost = lost(sha256.as_deref());
            sentences.push(format!("{who} was trained from `{weights}` {lost}"));
        }
    }
    Ok(sentences)
}

/// Where a teacher's weights are, found by their sum.
fn teacher(file: &TeacherFile) -> Result<String> {
    let sum = file.sha256.as_deref();
    Ok(match find_weights(sum)? {
        Some(path) => format!("`{}`", path.display()),
        None => format!("a `{}` {}", file.model, lost(sum)),
    })
}

/// What is said of weights that are not found.
fn lost(sum: Option<&str>) -> String {
    match sum {
        Some(sum) => format!(
            "whose weights (sha256 {}…) are not kept",
            &sum[..sum.len().min(8)]
        ),
        None => String::from("whose weights were not recorded"),
    }
}

/// Temperatures and what they change.
pub fn calibration(cards: &[Card]) -> Result<String> {
    let mut table = String::from(
        "| model | temperature | validation NLL | validation ECE | test NLL | test ECE | errors among upper-body garments |\n\
         |---|---:|---:|---:|---:|---:|---:|\n",
    );
    let nats = |[before, after]: [f64; 2]| format!("{before:.4} → {after:.4}");
    let ece = |pair: [f64; 2]| pair.map(percent).join(" → ");
    for card in cards {
        let upper_body = evaluation(card)?.map_or_else(
            || String::from("not measured on the released weights yet"),
            |report| format!("{:.0} %", report.evaluation.upper_body_errors * 100.0),
        );
        let Some(calibration) = &card.calibration else {
            return Err(format!(
                "{} has no temperature; run `threadcount calibrate`",
                card.name
            )
            .into());
        };
        writeln!(
            table,
            "| `{}` | {:.3} | {} | {} | {} | {} | {upper_body} |",
            card.name,
            card.temperature,
            nats(calibration.validation_nll),
            ece(calibration.validation_ece),
            calibration.test_nll.map(nats).unwrap_or_default(),
            calibration.test_ece.map(ece).unwrap_or_default(),
        )
        .expect("writing to a string");
    }
    Ok(table)
}

/// What `lightweight` reaches on validation in single precision as it is and with another stem, by one recipe.
pub fn stem() -> Result<String> {
    let mut table = String::from(
        "| stem of `lightweight` | parameters | MACs | validation |\n|---|---:|---:|---:|\n",
    );
    let stems = [
        "one 3x3 filter, then 1x1, as published",
        "ordinary 3x3 convolution",
    ];
    for (stem, attempt) in stems.iter().zip(search::stems()?) {
        writeln!(
            table,
            "| {stem} | {} | {} | {} |",
            thousands(attempt.parameters),
            thousands(attempt.macs),
            percent(attempt.validation),
        )?;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use threadcount::card::Origin;

    #[test]
    fn weights_of_earlier_runs_are_found_by_their_sums_or_told_to_be_lost() {
        let mut card = crate::released::card("pocket").unwrap();
        assert_eq!(lost_weights(&card).unwrap(), [""; 0]);
        let Origin::Trained(training) = &mut card.training else {
            panic!("a network is trained")
        };
        // The files are still at the places that the recipe names, but their sums are others.
        let no_file = || Some("0".repeat(64));
        training.recipe.teachers[0].sha256 = no_file();
        training.recipe.teachers[1].sha256 = None;
        training.recipe.initial.as_mut().unwrap().sha256 = no_file();
        let drawings = &mut card.drawings.as_mut().unwrap().training.recipe;
        drawings.teachers[0].sha256 = no_file();
        let initial = drawings.initial.as_mut().unwrap();
        initial.sha256 = None;
        initial.weights = String::from("a.safetensors");
        assert_eq!(
            lost_weights(&card).unwrap(),
            [
                "pocket was taught by a `compact` whose weights (sha256 00000000…) are not kept",
                "pocket was taught by a `compact` whose weights were not recorded",
                "pocket was trained from `results/teachers/pocket-float.safetensors` whose weights (sha256 00000000…) \
                 are not kept",
                "pocket for drawings was taught by a `compact` whose weights (sha256 00000000…) are not kept",
                "pocket for drawings was trained from `a.safetensors` whose weights were not recorded",
            ]
        );
        let knn = crate::released::card("knn").unwrap();
        assert_eq!(lost_weights(&knn).unwrap(), [""; 0]);
    }
}
