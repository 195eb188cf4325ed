//! `threadcount bits`: every network's packed bytes and validation accuracy at every number of bits, as
//! results/bits.csv and README's table.

use crate::files::{Result, read_csv, result_path, write};
use crate::released::file_and_card;
use crate::squeeze::right;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::PathBuf;
use threadcount::card::Card;
use threadcount::catalog;
use threadcount::dataset::{Dataset, Samples};
use threadcount::format::{kilobytes, percent};
use threadcount::squeeze::{AS_TRAINED_BITS, BITS, Scale, Setting, Source, pack, squeeze, unpack};

/// A network may lose so much validation accuracy and still be called as accurate as trained.
const MOST_LOSS: f64 = 0.001;

/// Bits that networks are asked about in a sentence of README: more than those of any released codes.
const MORE_BITS: u8 = 6;

/// A row of results/bits.csv.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Row {
    network: String,
    /// 16 for the released file itself.
    bits: u8,
    bytes: usize,
    /// Share of the validation images, in integers as on the page.
    validation: f64,
    /// sha256 of the released file.
    weights_sha256: String,
}

fn path() -> PathBuf {
    result_path("bits.csv")
}

/// All rows of the last run.
pub fn rows() -> Result<Vec<Row>> {
    read_csv(&path())
}

/// Measure the networks whose rows are not of their released weights, or all of them.
pub fn run(all: bool, data: &Dataset) -> Result<()> {
    let known = if all {
        Vec::new()
    } else {
        rows().unwrap_or_default()
    };
    let mut found = Vec::new();
    for name in catalog::networks() {
        let (file, card) = file_and_card(name)?;
        let kept: Vec<Row> = known
            .iter()
            .filter(|row| row.is_of(&card))
            .cloned()
            .collect();
        let rows = if kept.len() == BITS.len() {
            kept
        } else {
            measure(&card, &file, &data.validation)?
        };
        for row in &rows {
            println!("{}", row.in_words());
        }
        found.extend(rows);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in &found {
        writer.serialize(row)?;
    }
    write(&path(), writer.into_inner()?)
}

fn measure(card: &Card, file: &[u8], validation: &Samples) -> Result<Vec<Row>> {
    let source = Source::parse(file)?;
    let row = |bits: u8| -> Result<Row> {
        let (model, bytes) = if bits == AS_TRAINED_BITS {
            (file.to_vec(), card.weights.size_bytes)
        } else {
            let setting = Setting::new(bits, 0, Scale::Channel)?;
            let packed = pack(&squeeze(&source, setting)?.network);
            (unpack(&packed)?.to_model_file(), packed.len())
        };
        Ok(Row {
            network: card.name.clone(),
            bits,
            bytes,
            validation: right(&model, validation)? as f64 / validation.len() as f64,
            weights_sha256: card.weights.sha256.clone(),
        })
    };
    BITS.into_iter().map(row).collect()
}

impl Row {
    fn is_of(&self, card: &Card) -> bool {
        self.network == card.name && self.weights_sha256 == card.weights.sha256
    }

    fn in_words(&self) -> String {
        let Self {
            network,
            bits,
            bytes,
            validation,
            ..
        } = self;
        format!(
            "{network} {bits} bits: {bytes} bytes, {}",
            percent(*validation)
        )
    }
}

/// What is not of the released weights, or not of the engine that the card's accuracy in the page is of.
pub fn stale(cards: &[Card], rows: &[Row]) -> Vec<String> {
    let networks = cards.iter().filter(|card| catalog::is_network(&card.name));
    let text = |card: &Card| {
        let name = &card.name;
        let of_card: Vec<&Row> = rows.iter().filter(|row| row.is_of(card)).collect();
        if of_card.len() != BITS.len() {
            return Some(format!(
                "results/bits.csv has other weights of {name}; run `threadcount bits`"
            ));
        }
        let released = of_card.iter().find(|row| row.bits == AS_TRAINED_BITS)?;
        let in_the_page = card.integer_accuracy.as_ref().unwrap_or(&card.accuracy);
        // What is computed in single precision is on the card by Burn, which may answer an image in a thousand differently.
        let most = if card.integer_accuracy.is_some() {
            0.0
        } else {
            1e-3
        };
        ((released.validation - in_the_page.validation).abs() > most).then(|| {
            format!(
                "results/bits.csv and the card of {name} differ in validation accuracy; run `threadcount bits --all` and `threadcount evaluate {name}`"
            )
        })
    };
    networks.filter_map(text).collect()
}

/// README's table: bytes and accuracy at each number of bits; the smallest that loses at most a tenth of a point is bold.
pub fn table(cards: &[Card], rows: &[Row]) -> String {
    let header = BITS.map(|bits| match bits {
        AS_TRAINED_BITS => " as released |".to_owned(),
        bits => format!(" {bits} bits |"),
    });
    let mut text = format!(
        "| network |{}\n|---|{}\n",
        header.concat(),
        "---:|".repeat(BITS.len())
    );
    for card in cards {
        let of_card: Vec<&Row> = rows.iter().filter(|row| row.network == card.name).collect();
        let Some(released) = of_card.iter().find(|row| row.bits == AS_TRAINED_BITS) else {
            continue;
        };
        let good = |row: &&&Row| released.validation - row.validation <= MOST_LOSS + 1e-9;
        let smallest = of_card.iter().filter(good).map(|row| row.bytes).min();
        let cell = |row: &&Row| {
            let cell = format!("{}, {}", kilobytes(row.bytes), percent(row.validation));
            if Some(row.bytes) == smallest {
                format!(" **{cell}** |")
            } else {
                format!(" {cell} |")
            }
        };
        let cells: String = of_card.iter().map(cell).collect();
        let _ = writeln!(text, "| `{}` |{cells}", card.name);
    }
    text + &with_more_bits(cards, rows).unwrap_or_default()
}

/// What networks that are released as codes lose when these are rounded to more bits; none without such networks.
fn with_more_bits(cards: &[Card], rows: &[Row]) -> Option<String> {
    let lost = |card: &Card| {
        let validation = |bits: u8| {
            let row = rows
                .iter()
                .find(|row| row.network == card.name && row.bits == bits);
            row.map(|row| row.validation)
        };
        let is_of_fewer = card.weights.bits.is_some_and(|bits| bits < MORE_BITS);
        let lost = validation(AS_TRAINED_BITS)? - validation(MORE_BITS)?;
        is_of_fewer.then_some(lost * 100.0)
    };
    let lost = || cards.iter().filter_map(lost);
    let (least, most) = (lost().reduce(f64::min)?, lost().reduce(f64::max)?);
    Some(format!(
        "\nAt {MORE_BITS} bits, the networks that are released as codes of fewer bits lose {least:.2} to {most:.2} points.\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(card: &Card, bits: u8, bytes: usize, validation: f64) -> Row {
        Row {
            network: card.name.clone(),
            bits,
            bytes,
            validation,
            weights_sha256: card.weights.sha256.clone(),
        }
    }

    #[test]
    fn the_smallest_file_that_loses_little_is_marked_and_other_weights_are_stale() {
        let card = crate::released::card("pocket").unwrap();
        let cards = std::slice::from_ref(&card);
        let mut rows: Vec<Row> = BITS
            .into_iter()
            .map(|bits| row(&card, bits, 1000 * usize::from(bits), 0.8))
            .collect();
        rows[0].validation = 0.9;
        rows[1].validation = 0.899;
        let text = table(cards, &rows);
        assert_eq!(text.matches("**").count(), 2, "{text}");
        let marked = format!("**{}, {}**", kilobytes(8000), percent(0.899));
        assert!(text.contains(&marked), "{text}");
        // The engine computes the card's accuracy, or another one by now.
        assert!(stale(cards, &rows)[0].contains("validation accuracy"));
        let in_the_page = card.integer_accuracy.as_ref().unwrap_or(&card.accuracy);
        rows[0].validation = in_the_page.validation;
        assert!(stale(cards, &rows).is_empty());
        rows.pop();
        assert!(stale(cards, &rows)[0].contains("pocket"));
    }
}
