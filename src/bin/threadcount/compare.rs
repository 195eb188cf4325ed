//! `threadcount compare`: one row for every released model.

use crate::files::Result;
use crate::released;
use crate::tables::{gzipped, lost_weights, measured};
use serde::Serialize;
use std::fmt::Write as _;
use threadcount::catalog;
use threadcount::format::{interval, kilobytes, percent, thousands};
use threadcount::report::operations;

/// How the table is written.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Format {
    /// Columns for a terminal
    Text,
    /// A table for a README
    Markdown,
    /// Comma-separated values
    Csv,
    /// A list of objects
    Json,
}

/// A model's figures, from its card and its file.
#[derive(Serialize)]
struct Row {
    model: String,
    parameters: usize,
    operations: usize,
    bytes: usize,
    gzipped_bytes: usize,
    validation_accuracy: f64,
    test_accuracy: Option<f64>,
    test_interval: Option<[f64; 2]>,
    #[serde(skip)]
    operations_text: String,
    /// What is said of it below a terminal's table.
    #[serde(skip)]
    remarks: Vec<String>,
}

fn row(name: &str) -> Result<Row> {
    let card = released::card(name)?;
    Ok(Row {
        model: name.to_owned(),
        parameters: card.parameters,
        operations: card.macs,
        bytes: card.weights.size_bytes,
        gzipped_bytes: gzipped(&card)?,
        validation_accuracy: card.accuracy.validation,
        test_accuracy: card.accuracy.test,
        test_interval: card.accuracy.test_interval,
        operations_text: operations(&card.summary()),
        remarks: lost_weights(&card)?,
    })
}

/// The same without the interval, which has two numbers.
#[derive(Serialize)]
struct CsvRow {
    model: String,
    parameters: usize,
    operations: usize,
    bytes: usize,
    gzipped_bytes: usize,
    validation_accuracy: f64,
    test_accuracy: Option<f64>,
}

impl From<Row> for CsvRow {
    fn from(row: Row) -> Self {
        Self {
            model: row.model,
            parameters: row.parameters,
            operations: row.operations,
            bytes: row.bytes,
            gzipped_bytes: row.gzipped_bytes,
            validation_accuracy: row.validation_accuracy,
            test_accuracy: row.test_accuracy,
        }
    }
}

const HEADER: [&str; 7] = [
    "model",
    "test accuracy",
    "95 % interval",
    "validation",
    "parameters",
    "multiply-adds",
    "file, gzipped",
];

fn cells(row: &Row) -> [String; 7] {
    [
        row.model.clone(),
        measured(row.test_accuracy),
        row.test_interval.map(interval).unwrap_or_default(),
        percent(row.validation_accuracy),
        thousands(row.parameters),
        row.operations_text.clone(),
        kilobytes(row.gzipped_bytes),
    ]
}

/// The table of all models, networks first.
pub fn table(format: Format) -> Result<String> {
    let rows: Vec<Row> = catalog::MODELS
        .iter()
        .map(|model| row(model.name))
        .collect::<Result<_>>()?;
    let mut text = String::new();
    match format {
        Format::Json => text = serde_json::to_string_pretty(&rows)? + "\n",
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in rows {
                writer.serialize(CsvRow::from(row))?;
            }
            text = String::from_utf8(writer.into_inner()?)?;
        }
        Format::Markdown => {
            writeln!(
                text,
                "| {} |\n|---|---:|---:|---:|---:|---:|---:|",
                HEADER.join(" | ")
            )?;
            for row in rows {
                let [name, figures @ ..] = cells(&row);
                writeln!(text, "| `{name}` | {} |", figures.join(" | "))?;
            }
        }
        Format::Text => {
            for cells in std::iter::once(HEADER.map(String::from)).chain(rows.iter().map(cells)) {
                let [name, figures @ ..] = cells;
                write!(text, "{name:<20}")?;
                for figure in figures {
                    write!(text, " {figure:>19}")?;
                }
                writeln!(text)?;
            }
            for remark in rows.iter().flat_map(|row| &row.remarks) {
                writeln!(text, "{remark}")?;
            }
        }
    }
    Ok(text)
}
