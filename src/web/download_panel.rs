//! All the numbers as files: the figures of the cards and what was measured here.

use super::save::save;
use super::{by_id, listen};
use crate::session::{Model, Session};
use serde::Serialize;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::Event;

/// A model's figures.
#[derive(Serialize)]
struct Row<'a> {
    model: &'a str,
    network: bool,
    parameters: usize,
    file_bytes: usize,
    operations: usize,
    test_accuracy: Option<f64>,
    test_interval_low: Option<f64>,
    test_interval_high: Option<f64>,
    validation_accuracy: f64,
    training_accuracy: f64,
    drawn_accuracy: Option<f64>,
    median_ms: Option<f64>,
    p95_ms: Option<f64>,
    runs: Option<usize>,
}

/// Wire both buttons; `ask` gives the session to the function that it gets.
pub fn start(ask: impl Fn(&mut dyn FnMut(&Session)) + 'static) {
    let ask = Rc::new(ask);
    for (id, name, write) in [
        (
            "download-csv",
            "threadcount.csv",
            csv as fn(&[Row]) -> String,
        ),
        ("download-json", "threadcount.json", json),
    ] {
        let ask = Rc::clone(&ask);
        listen(&by_id(id), "click", move |_: Event| {
            let text = RefCell::new(String::new());
            ask(&mut |session| {
                let rows: Vec<Row> = session.models().iter().filter_map(row).collect();
                text.replace(write(&rows));
            });
            save(name, text.borrow().as_bytes());
        });
    }
}

fn row(model: &Model) -> Option<Row<'_>> {
    let card = model.card()?;
    let latency = model.timed.map(|timed| timed.latency);
    let interval = card.accuracy.test_interval;
    Some(Row {
        model: model.name,
        network: model.is_network,
        parameters: card.parameters,
        file_bytes: card.weights.size_bytes,
        operations: card.macs,
        test_accuracy: card.accuracy.test,
        test_interval_low: interval.map(|[low, _]| low),
        test_interval_high: interval.map(|[_, high]| high),
        validation_accuracy: card.accuracy.validation,
        training_accuracy: card.accuracy.train,
        drawn_accuracy: card.drawn_accuracy,
        median_ms: latency.map(|l| l.median_ms),
        p95_ms: latency.map(|l| l.p95_ms),
        runs: latency.map(|l| l.runs),
    })
}

fn json(rows: &[Row]) -> String {
    serde_json::to_string_pretty(rows).unwrap_or_default()
}

/// No value has a comma or a quote in it: names are the catalog's, the rest are numbers.
fn csv(rows: &[Row]) -> String {
    const COLUMNS: [&str; 14] = [
        "model",
        "network",
        "parameters",
        "file_bytes",
        "operations",
        "test_accuracy",
        "test_interval_low",
        "test_interval_high",
        "validation_accuracy",
        "training_accuracy",
        "drawn_accuracy",
        "median_ms",
        "p95_ms",
        "runs",
    ];
    let line = |row: &Row| {
        let value = serde_json::to_value(row).unwrap_or_default();
        let cells = COLUMNS.map(|name| match &value[name] {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        cells.join(",") + "\n"
    };
    COLUMNS.join(",") + "\n" + &rows.iter().map(line).collect::<String>()
}
