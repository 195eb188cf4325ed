//! Texts and files made from cards and evaluations: for the terminal, the page, and the page's data.

use crate::card::{Card, Summary};
use crate::catalog::{self, Operation};
use crate::dataset::{BALANCED_IMAGES, Dataset, SOURCE_FILES, Samples, balanced};
use crate::format::{counted, interval, milliseconds, percent, thousands};
use crate::image::PIXELS;
use crate::label::{CLASSES, Label, NAMES};
use crate::metrics::Evaluation;
use flate2::{Compression, write::GzEncoder};
use std::fmt::Write as _;
use std::io::{Error, Write as _};
use std::path::Path;

/// The files with one test image of each class that the page offers as samples.
pub const SAMPLE_FILE: &str = "samples-images-idx3-ubyte.gz";

/// The files with 1,000 test images, as many of each class, and their labels.
pub const TEST_SAMPLE_FILES: [&str; 2] = ["t1k-images-idx3-ubyte.gz", "t1k-labels-idx1-ubyte.gz"];
/// The same of validation images.
pub const VALIDATION_SAMPLE_FILES: [&str; 2] =
    ["v1k-images-idx3-ubyte.gz", "v1k-labels-idx1-ubyte.gz"];

/// Read the card of a model.
///
/// # Errors
/// When the file is missing or is not a card; the message names it.
pub fn read_card(folder: &Path, name: &str) -> Result<Card, Error> {
    let path = folder.join(format!("{name}.json"));
    let named = |e: &dyn std::fmt::Display| Error::other(format!("{}: {e}", path.display()));
    let json = std::fs::read(&path).map_err(|e| named(&e))?;
    serde_json::from_slice(&json).map_err(|e| named(&e))
}

/// Accuracy, calibration, recalls and the confusion matrix, for a terminal.
pub fn evaluation_text(name: &str, evaluation: &Evaluation) -> String {
    let mut text = String::new();
    let mut line = |content: String| writeln!(text, "{content}").expect("writing to a string");
    line(format!(
        "{name}: {} of {} test images (95 % interval {})",
        percent(evaluation.accuracy),
        thousands(evaluation.images),
        interval(evaluation.interval),
    ));
    line(format!(
        "NLL {:.4} nats, ECE {}",
        evaluation.nll,
        percent(evaluation.ece)
    ));
    line(format!("{:<12} {:>7}  predicted as", "class", "recall"));
    for (label, class) in NAMES.iter().enumerate() {
        let row: String = evaluation.confusion[label]
            .iter()
            .map(|n| format!("{n:>5}"))
            .collect();
        line(format!(
            "{class:<12} {:>5.1} % {row}",
            evaluation.recall[label] * 100.0
        ));
    }
    text
}

/// The position of the sample garment of each class: the first of its class among the test images.
///
/// # Panics
/// When a class has no image; each has 1,000.
pub fn sample_indices(labels: &[Label]) -> [usize; CLASSES] {
    std::array::from_fn(|class| {
        labels
            .iter()
            .position(|l| l.index() == class)
            .expect("the test images have every class")
    })
}

/// Write the sample garments, the two test files, and the samples that squeezed networks are judged on.
///
/// # Errors
/// When a file cannot be written.
pub fn write_page_data(data: &Dataset, folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder)?;
    let garments = data.test.select(&sample_indices(&data.test.labels));
    write_images(&folder.join(SAMPLE_FILE), &garments)?;
    let of = |samples: &Samples| samples.select(&balanced(samples, BALANCED_IMAGES));
    for (samples, [images, labels]) in [
        (&data.test, [SOURCE_FILES[2].name, SOURCE_FILES[3].name]),
        (&of(&data.test), TEST_SAMPLE_FILES),
        (&of(&data.validation), VALIDATION_SAMPLE_FILES),
    ] {
        write_images(&folder.join(images), samples)?;
        write_labels(&folder.join(labels), samples)?;
    }
    Ok(())
}

fn write_images(path: &Path, samples: &Samples) -> Result<(), Error> {
    let pixels = samples.images.iter().flat_map(|image| *image.pixels());
    write_idx(path, 0x0803, &pixels.collect::<Vec<u8>>(), PIXELS)
}

fn write_labels(path: &Path, samples: &Samples) -> Result<(), Error> {
    let labels = samples.labels.iter().map(|label| label.index() as u8);
    write_idx(path, 0x0801, &labels.collect::<Vec<u8>>(), 1)
}

fn write_idx(path: &Path, magic: u32, items: &[u8], item: usize) -> Result<(), Error> {
    let mut file = GzEncoder::new(std::fs::File::create(path)?, Compression::best());
    file.write_all(&magic.to_be_bytes())?;
    file.write_all(&((items.len() / item) as u32).to_be_bytes())?;
    if item > 1 {
        let side = item.isqrt() as u32;
        file.write_all(&side.to_be_bytes())?;
        file.write_all(&side.to_be_bytes())?;
    }
    file.write_all(items)?;
    file.finish()?.sync_all()
}

/// What an answer of a model takes: millions of multiply-adds, or comparisons of trees.
pub fn operations(card: &Summary) -> String {
    match catalog::find(&card.name).map(|model| model.operation) {
        Some(Operation::Comparison) => format!("{} comparisons", thousands(card.macs)),
        _ => counted(card.macs),
    }
}

/// One sentence on how many of the models that answered agree, and on what the others say.
///
/// Answers are pairs of a model's name and the class that it names; empty when there are fewer than two.
pub fn agreement(answers: &[(&str, &str)]) -> String {
    let votes = |class: &str| answers.iter().filter(|(_, said)| *said == class).count();
    let Some(most) = answers.iter().map(|(_, class)| votes(class)).max() else {
        return String::new();
    };
    let Some((_, winner)) = answers.iter().find(|(_, class)| votes(class) == most) else {
        return String::new();
    };
    let others: Vec<String> = answers
        .iter()
        .filter(|(_, class)| class != winner)
        .map(|(name, class)| format!("{name} says {class}"))
        .collect();
    match (answers.len(), others.is_empty()) {
        (0 | 1, _) => String::new(),
        (all, true) => format!("All {all} models say {winner}."),
        (all, false) => format!(
            "{most} of {all} models say {winner}; {}.",
            others.join(", ")
        ),
    }
}

/// One sentence that compares a small with a large network, each with its median time in milliseconds.
pub fn comparison(
    (large, large_ms): (&Summary, f64),
    (small, small_ms): (&Summary, f64),
) -> String {
    let fewer = large.parameters as f64 / small.parameters as f64;
    let ratio = large_ms / small_ms;
    let speed = match ratio {
        r if r >= 1.0 => format!("{r:.1} times faster"),
        r => format!("{:.1} times slower", 1.0 / r),
    };
    let accuracy = match (large.accuracy.test, small.accuracy.test) {
        (Some(large), Some(small)) => {
            let word = if small > large { "more" } else { "less" };
            let points = (large - small).abs() * 100.0;
            format!(", and {points:.1} points {word} accurate on the test images")
        }
        _ => String::new(),
    };
    format!(
        "Compared with {}, {} has {fewer:.1} times fewer parameters and is {speed} in this browser ({} against {}){accuracy}.",
        large.name,
        small.name,
        milliseconds(small_ms),
        milliseconds(large_ms),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_names_those_who_differ() {
        let answers = [("a", "Coat"), ("b", "Bag"), ("c", "Coat")];
        assert_eq!(agreement(&answers), "2 of 3 models say Coat; b says Bag.");
        assert_eq!(agreement(&answers[..1]), "");
        assert_eq!(
            agreement(&[("a", "Bag"), ("b", "Bag")]),
            "All 2 models say Bag."
        );
    }

    #[test]
    fn comparisons_follow_the_figures() {
        let card = |name: &str, parameters, test| -> Summary {
            serde_json::from_value(serde_json::json!({
                "name": name, "parameters": parameters, "macs": 1, "temperature": 1.0,
                "weights": { "file": "", "sha256": "", "size_bytes": 1, "dtype": "f16" },
                "accuracy": { "train": 0.9, "validation": 0.9, "test": test, "test_interval": null },
            }))
            .unwrap()
        };
        let (large, small) = (card("l", 1000, 0.93), card("s", 100, 0.915));
        assert_eq!(
            comparison((&large, 80.0), (&small, 20.0)),
            "Compared with l, s has 10.0 times fewer parameters and is 4.0 times faster in this browser (20.0 ms against 80.0 ms), \
             and 1.5 points less accurate on the test images."
        );
        let slower = comparison((&small, 20.0), (&large, 0.0004));
        assert!(
            slower.contains("1 µs") && slower.contains("1.5 points more"),
            "{slower}"
        );
        assert!(comparison((&large, 10.0), (&small, 20.0)).contains("2.0 times slower"));
    }
}
